import { marginAccount } from './margin-account.ts';
import { Cross, Watch } from './cross-strategy.ts';
import { TICK_INSTRUMENT_ID } from './ticks.ts';
import type { StrategySlot } from '../src/core/host/strategy-host.ts';
import { BlockKind, type TradeBlock } from '../src/model/blocks.ts';
import { makeCurrency } from '../src/model/currency.ts';
import type { FeeSchedule } from '../src/model/fees.ts';
import { instrumentWith } from '../src/model/instrument.fixture.ts';
import type { Instrument } from '../src/model/instrument.ts';
import type { BlockReader } from '../src/ports/block-reader.ts';
import { Backtest } from '../src/runtime/backtest.ts';
import { DEFAULT_FILL_RULES, type FillRules } from '../src/sim/matching/fill-rules.ts';

const USD = makeCurrency('USD');
const FEES: FeeSchedule = { kind: 'percentage', ratePpb: 100_000, on: 'both', rounding: { to: 'exact' } };
const RULES: FillRules = { ...DEFAULT_FILL_RULES, market: 'last' };
/** Enough for the fees of 100 million ticks; as money below 2^53, so that controls can count it in doubles. */
const OPENING_USD = 10_000_000n;
const SAMPLE_US = 60_000_000;
/** Rows between two looks of the caller, as the command line has it for its progress bar. */
const ADVANCE_ROWS = 1_000_000;

function tickInstrument(): Instrument {
  return instrumentWith({ id: TICK_INSTRUMENT_ID, kind: 'PERPETUAL', base: makeCurrency('BTC'), quantityDecimals: 3 });
}

/** The strategy of the rows, as the run file would name it. */
export const CROSS: StrategySlot = { name: 'cross', strategyClass: Cross, parameters: {}, instruments: [0] };

export const WATCH: StrategySlot = { ...CROSS, strategyClass: Watch };

/** A whole backtest as the command line builds it: market data, risk, orders, simulated venue with fees, margin account, recorder, equity each minute. */
export function tickBacktest(reader: BlockReader<TradeBlock>, strategies: readonly StrategySlot[] = [CROSS]): Backtest {
  const instrument = tickInstrument();
  return new Backtest({
    name: 'bench',
    identity: ['bench'],
    engine: {
      instruments: [instrument],
      calendars: [null],
      accounts: [marginAccount(USD, OPENING_USD * 10n ** BigInt(USD.decimals))],
      conversions: [],
      series: [],
      hasTrades: () => true,
      hasQuotes: () => false,
      hasBookDeltas: () => false,
      strategies,
      limits: {},
      weightBufferPpb: [0],
      startTs: 0,
      tradingFromTs: 0,
      historyRows: 1024,
    },
    venues: [
      {
        venue: 'SIM',
        instruments: [{ instrument, rules: RULES, fees: FEES, matchOn: [BlockKind.TRADES], matchSeries: -1 }],
        orderEntryUs: 0,
        responseUs: 0,
      },
    ],
    fees: [FEES],
    streams: [reader],
    accountEvents: [],
    sampling: { kind: 'interval', everyUs: SAMPLE_US },
    atEnd: 'leaveOpen',
    stepRowsMax: 8192,
  });
}

/** Runs to the end of the data. */
export function runThrough(backtest: Backtest): Backtest {
  while (!backtest.advance(ADVANCE_ROWS));
  backtest.finish();
  refuseDisturbed(backtest);
  return backtest;
}

/** @throws Error where orders were denied or alerts raised: then the run was another one than the row is about */
export function refuseDisturbed(backtest: Backtest): void {
  const { denialCount, alertCount, denials, alerts } = backtest.recorder;
  if (denialCount + alertCount === 0) return;
  throw new Error(`${denialCount} denials, ${alertCount} alerts: ${JSON.stringify([denials[0]?.code, alerts[0]?.code])}`);
}
