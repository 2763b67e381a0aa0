import { divideRounded } from '../../../base/decimal.ts';
import { type Currency, type Money, moneyApprox } from '../../../model/currency.ts';
import type { Instrument, InstrumentIndex } from '../../../model/instrument.ts';
import {
  CANDLE_INTERVALS,
  type HistoricalRisk,
  type ScenarioRow,
  type ScenarioView,
  type SessionView,
} from '../../../ports/session-view.ts';
import { resolveConventions } from '../../../research/conventions.ts';
import { tailRisk } from '../../../research/tail-risk.ts';

/** By how much prices move in the stress table, parts per million. */
export const STRESS_SHOCKS_PPM = [-200_000, -100_000, -50_000, 50_000, 100_000, 200_000] as const;
const MILLION = 1_000_000n;

/** Length of the candles that history is looked at in, and the time over which a loss is asked for: windows begin at every candle. */
const STEP = '5m';
const STEP_US = CANDLE_INTERVALS[STEP];
const HORIZON_STEPS = 12;
/** Candles that are looked back over: a week. */
export const RISK_HISTORY_CANDLES_MAX = 2016;
/** Fewer windows say nothing of a loss that comes in one of a hundred. */
const WINDOWS_MIN = 100;

type Seen = Pick<SessionView, 'instruments' | 'positions' | 'candles' | 'now'>;

interface Held {
  readonly instrument: Instrument;
  /** Of all strategies, at the last price. */
  readonly value: Money;
}

/**
 * What is held now, under other prices: a stress table, and the losses of the past. By currency of settlement, for nothing converts them here.
 *
 * Stress: exact for linear instruments but for the last decimal of the currency, which is rounded half to even; an inverse contract of value v loses
 * or earns v × s / (1 + s). History: the value of each position times the change of its price over an hour, for every hour that began at a
 * candle of five minutes within the last week, summed over positions at the same time; quantiles by {@link tailRisk}. Doubles.
 */
export function riskScenarios(view: Seen): readonly ScenarioView[] {
  const byCurrency = new Map<string, { readonly currency: Currency; readonly held: Held[] }>();
  for (const held of heldOf(view)) {
    const { settlement } = held.instrument;
    const group = byCurrency.get(settlement.code) ?? { currency: settlement, held: [] };
    group.held.push(held);
    byCurrency.set(settlement.code, group);
  }
  return [...byCurrency.values()].map(({ currency, held }) => ({
    currency,
    rows: stressRows(held),
    historical: historical(view, currency, held),
  }));
}

/** What has no price yet cannot be valued, and is left out. */
function heldOf(view: Seen): readonly Held[] {
  const values = new Map<InstrumentIndex, Money>();
  for (const { snapshot, value } of view.positions())
    if (value !== null && snapshot.quantity !== 0) values.set(snapshot.instrument, (values.get(snapshot.instrument) ?? 0n) + value);
  return [...values].map(([index, value]) => ({ instrument: view.instruments[index]!, value }));
}

function stressRows(held: readonly Held[]): readonly ScenarioRow[] {
  const rows = held.map(
    (each): ScenarioRow => ({
      instrument: each.instrument.index,
      value: each.value,
      pnl: STRESS_SHOCKS_PPM.map((shock) => pnlUnder(each, BigInt(shock))),
    }),
  );
  if (rows.length < 2) return rows;
  const sum = (amounts: readonly Money[]): Money => amounts.reduce((total, amount) => total + amount, 0n);
  const all = { instrument: null, value: sum(rows.map(({ value }) => value)) };
  return [{ ...all, pnl: STRESS_SHOCKS_PPM.map((_, at) => sum(rows.map(({ pnl }) => pnl[at]!))) }, ...rows];
}

function pnlUnder({ instrument, value }: Held, shockPpm: bigint): Money {
  return divideRounded(value * shockPpm, instrument.isInverse ? MILLION + shockPpm : MILLION, 'half-even');
}

function historical(view: Seen, currency: Currency, held: readonly Held[]): HistoricalRisk | null {
  const end = Math.floor(view.now() / STEP_US) * STEP_US;
  const series = held.map(({ instrument, value }) => {
    const candles = view.candles(instrument.index, STEP, end, RISK_HISTORY_CANDLES_MAX);
    return { candles, worth: moneyApprox(value, currency) * (instrument.isInverse ? -1 : 1), isInverse: instrument.isInverse };
  });
  if (series.some(({ candles }) => candles.length === 0)) return null;
  const tsFrom = Math.max(...series.map(({ candles }) => candles[0]!.tsOpen));
  const steps = Math.round((end - tsFrom) / STEP_US);
  const windows = steps - HORIZON_STEPS;
  if (windows < WINDOWS_MIN) return null;
  const pnl = new Float64Array(windows);
  for (const { candles, worth, isInverse } of series) {
    const closes = filledCloses(candles, tsFrom, steps);
    for (let at = 0; at < windows; at += 1) {
      const ratio = closes[at + HORIZON_STEPS]! / closes[at]!;
      pnl[at] = pnl[at]! + worth * (isInverse ? 1 / ratio - 1 : ratio - 1);
    }
  }
  const conventions = { ...resolveConventions(), valueAtRisk: 'historical' } as const;
  const [at95, at99] = [tailRisk(pnl, 0.95, conventions), tailRisk(pnl, 0.99, conventions)];
  return {
    horizonUs: HORIZON_STEPS * STEP_US,
    stepUs: STEP_US,
    windows,
    tsFrom,
    valueAtRisk95: at95.valueAtRisk,
    valueAtRisk99: at99.valueAtRisk,
    expectedShortfall95: at95.expectedShortfall,
  };
}

/** The close of every step from `tsFrom`; where nothing traded, the one before it. */
function filledCloses(candles: ReturnType<Seen['candles']>, tsFrom: number, steps: number): Float64Array {
  const closes = new Float64Array(steps);
  let next = 0;
  let last = candles[0]!.close as number;
  for (let step = 0; step < steps; step += 1) {
    const ts = tsFrom + step * STEP_US;
    while (next < candles.length && candles[next]!.tsOpen <= ts) {
      last = candles[next]!.close;
      next += 1;
    }
    closes[step] = last;
  }
  return closes;
}
