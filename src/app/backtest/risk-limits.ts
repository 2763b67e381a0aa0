import type { RunCurrencies } from './run-currencies.ts';
import { moneyOf, type RunInstruments } from './run-instruments.ts';
import { parseDecimal } from '../../base/decimal.ts';
import { riskDay } from './risk-day.ts';
import type {
  AccountLimits,
  EquityLimits,
  InstrumentLimits,
  MoneyLimit,
  OnLoss,
  RiskLimits,
  ScopeLimits,
  StrategyLimits,
} from '../../core/risk/limits.ts';
import { ON_LOSS_DEFAULT } from '../../core/risk/limits.ts';
import type { StrategySlot } from '../../core/host/strategy-host.ts';
import type { Currency } from '../../model/currency.ts';
import type { Instrument } from '../../model/instrument.ts';
import { InputError, type InputProblem } from '../../ports/errors.ts';
import { suggestion } from '../run-file/closest-name.ts';
import type { LoadedRunFile } from '../run-file/read-run-file.ts';
import type { RunFileRisk } from '../run-file/schema.ts';
import type { PlainPath } from '../run-file/yaml-source.ts';

type InstrumentRules = NonNullable<RunFileRisk['everyInstrument']>;
type QuantityRule = 'maxOrderQuantity' | 'maxLong' | 'maxShort' | 'maxGross';
type EquityRules = NonNullable<RunFileRisk['firm']>;
type ScopeRules = Omit<EquityRules, 'maxDailyLossShare' | 'maxDrawdown' | 'drawdownDays'>;

/** Turns the limits of a run file, in people's units, into the risk manager's. */
class LimitReader {
  readonly problems: InputProblem[] = [];
  private readonly loaded: LoadedRunFile;
  private readonly known: RunInstruments;

  private readonly currencies: RunCurrencies;

  /** Instruments that strategies trade: no order in another will ever be asked about. */
  private readonly traded: readonly Instrument[];

  constructor(loaded: LoadedRunFile, known: RunInstruments, currencies: RunCurrencies, traded: readonly Instrument[]) {
    this.loaded = loaded;
    this.known = known;
    this.currencies = currencies;
    this.traded = traded;
  }

  /** @param instruments whose orders the limits are asked about */
  scope(rules: ScopeRules, path: PlainPath, instruments: readonly Instrument[]): ScopeLimits {
    return {
      ...this.money(rules, 'maxOrderValue', path, instruments),
      ...this.money(rules, 'maxExposure', path, instruments),
      ...(rules.maxOpenOrders === undefined ? {} : { maxOpenOrders: rules.maxOpenOrders }),
      ...(rules.maxOpenPositions === undefined ? {} : { maxOpenPositions: rules.maxOpenPositions }),
      ...(rules.maxNewOrders === undefined ? {} : { maxNewOrders: rules.maxNewOrders }),
      ...(rules.maxModifies === undefined ? {} : { maxModifies: rules.maxModifies }),
      ...(rules.maxCancels === undefined ? {} : { maxCancels: rules.maxCancels }),
      ...this.money(rules, 'maxDailyLoss', path, instruments),
    };
  }

  /** Of what has equity. */
  equity(rules: EquityRules, path: PlainPath, instruments: readonly Instrument[]): EquityLimits {
    return {
      ...this.scope(rules, path, instruments),
      ...this.ppm(rules, 'maxDailyLossShare', 'maxDailyLossPpm', path),
      ...this.ppm(rules, 'maxDrawdown', 'maxDrawdownPpm', path),
      ...(rules.drawdownDays === undefined ? {} : { drawdownDays: rules.drawdownDays }),
    };
  }

  ppm<K extends string, N extends string>(
    rules: { readonly [P in K]?: string | undefined },
    key: K,
    name: N,
    path: PlainPath,
  ): { readonly [P in N]?: number } {
    const text = rules[key];
    if (text === undefined) return {};
    const parsed = parseDecimal(text, 6);
    if (typeof parsed === 'number') return { [name]: parsed } as { readonly [P in N]?: number };
    this.refuse([...path, key], `${key} has more than 6 decimals.`, 'Round it.');
    return {};
  }

  ofInstrument(rules: InstrumentRules, instrument: Instrument, path: PlainPath): InstrumentLimits {
    const count = <K extends string>(key: QuantityRule, name: K): { readonly [P in K]?: number } => {
      const text = rules[key];
      if (text === undefined) return {};
      const parsed = parseDecimal(text, instrument.quantityDecimals);
      if (typeof parsed === 'number') return { [name]: parsed } as { readonly [P in K]?: number };
      this.refuse(
        [...path, key],
        `${key} has more decimals than quantities of ${instrument.id} (${instrument.quantityDecimals}).`,
        'Round it.',
      );
      return {};
    };
    return {
      ...count('maxOrderQuantity', 'maxOrderQty'),
      ...count('maxLong', 'maxLongQty'),
      ...count('maxShort', 'maxShortQty'),
      ...count('maxGross', 'maxGrossQty'),
      ...this.money(rules, 'maxOrderValue', path, [instrument]),
      ...this.money(rules, 'maxLongValue', path, [instrument]),
      ...this.money(rules, 'maxShortValue', path, [instrument]),
      ...this.money(rules, 'maxGrossValue', path, [instrument]),
      ...(rules.denyOnGap === undefined ? {} : { denyOnGap: rules.denyOnGap }),
      ...(rules.denyOnStale === undefined ? {} : { denyOnStale: rules.denyOnStale }),
      ...(rules.denyOnCrossed === undefined ? {} : { denyOnCrossed: rules.denyOnCrossed }),
      ...(rules.maxDataAge === undefined ? {} : { maxDataAgeUs: rules.maxDataAge }),
      ...(rules.denyWhenClosed === undefined ? {} : { denyWhenClosed: rules.denyWhenClosed }),
      ...(rules.denyInAuction === undefined ? {} : { denyInAuction: rules.denyInAuction }),
    };
  }

  /** Limits by instrument id; `every` holds where an instrument says nothing else. */
  byInstrument(
    named: Readonly<Record<string, InstrumentRules>>,
    path: PlainPath,
    every: InstrumentRules | undefined,
  ): Record<string, InstrumentLimits> {
    const limits: Record<string, InstrumentLimits> = {};
    if (every !== undefined)
      for (const instrument of this.known.instruments)
        limits[instrument.id] = this.ofInstrument(every, instrument, ['risk', 'everyInstrument']);
    for (const [id, rules] of Object.entries(named)) {
      const index = this.known.indexOf(id);
      if (index < 0)
        this.refuse(
          [...path, id],
          `The run file defines no instrument ${id}.`,
          suggestion(
            id,
            this.known.instruments.map((each) => each.id),
          ),
          'INSTRUMENT_UNKNOWN',
        );
      else limits[id] = { ...limits[id], ...this.ofInstrument(rules, this.known.instruments[index]!, [...path, id]) };
    }
    return limits;
  }

  refuse(
    path: PlainPath,
    rule: string,
    fix: string,
    code: 'RUN_FILE_INVALID' | 'INSTRUMENT_UNKNOWN' | 'VENUE_UNKNOWN' = 'RUN_FILE_INVALID',
  ): void {
    this.problems.push(this.loaded.problem(code, path, rule, fix));
  }

  private money<K extends string>(
    rules: { readonly [P in K]?: string | undefined },
    key: K,
    path: PlainPath,
    instruments: readonly Instrument[],
  ): { readonly [P in K]?: MoneyLimit } {
    const text = rules[key];
    if (text === undefined) return {};
    const [amountText, code] = text.split(' ') as [string, string];
    const currency = this.known.currencies.get(code);
    const amount = currency === undefined ? null : moneyOf(amountText, currency);
    if (currency !== undefined && amount !== null) {
      this.checkConversions(currency, instruments, [...path, key]);
      return { [key]: { amount, currency } } as { readonly [P in K]?: MoneyLimit };
    }
    this.refuse(
      [...path, key],
      currency === undefined ? `The run has no currency ${code}.` : `${code} carries ${currency.decimals} decimals.`,
      currency === undefined ? suggestion(code, [...this.known.currencies.keys()]) : 'Round the amount.',
    );
    return {};
  }

  /** What an order is worth must be known in the currency of the limit, or every order would be denied. */
  private checkConversions(limit: Currency, instruments: readonly Instrument[], path: PlainPath): void {
    const asked = instruments.filter((instrument) => this.traded.includes(instrument));
    for (const instrument of new Map(asked.map((instrument) => [instrument.quote.code, instrument])).values()) {
      const why = `Orders in ${instrument.id} are worth ${instrument.quote.code}`;
      const problem = this.currencies.problem(instrument.quote, limit, '', path, why);
      if (problem !== null) this.problems.push(problem);
    }
  }
}

/**
 * The risk limits of a run.
 *
 * @param slots the strategies, in the order of the run
 * @throws InputError with every problem
 */
export function riskLimits(
  loaded: LoadedRunFile,
  known: RunInstruments,
  slots: readonly Pick<StrategySlot, 'name' | 'instruments'>[],
  currencies: RunCurrencies,
): RiskLimits {
  const risk = loaded.run.risk ?? {};
  const strategyNames = slots.map((slot) => slot.name);
  const traded = known.instruments.filter((instrument) => slots.some((slot) => slot.instruments.includes(instrument.index)));
  const reader = new LimitReader(loaded, known, currencies, traded);
  const short = Object.fromEntries(Object.entries(risk.maxOrderQuantity ?? {}).map(([id, maxOrderQuantity]) => [id, { maxOrderQuantity }]));
  const instruments = reader.byInstrument(short, ['risk', 'maxOrderQuantity'], risk.everyInstrument);
  for (const [id, limits] of Object.entries(reader.byInstrument(risk.instruments ?? {}, ['risk', 'instruments'], undefined)))
    instruments[id] = { ...instruments[id], ...limits };
  const venues = new Set(known.instruments.map((instrument) => instrument.venue));
  const accounts: Record<string, AccountLimits> = {};
  for (const [venue, rules] of Object.entries(risk.accounts ?? {})) {
    const path = ['risk', 'accounts', venue];
    if (!venues.has(venue)) reader.refuse(path, `No instrument is at ${venue}.`, suggestion(venue, [...venues]), 'VENUE_UNKNOWN');
    accounts[venue] = {
      ...reader.equity(
        rules,
        path,
        traded.filter((instrument) => instrument.venue === venue),
      ),
      ...reader.ppm(rules, 'balanceBuffer', 'balanceBufferPpm', path),
    };
  }
  const strategies: Record<number, StrategyLimits> = {};
  for (const [name, rules] of Object.entries(risk.strategies ?? {})) {
    const path = ['risk', 'strategies', name];
    const index = strategyNames.indexOf(name);
    if (index < 0) reader.refuse(path, `No strategy is called ${name}.`, suggestion(name, strategyNames));
    else
      strategies[index] = {
        ...reader.scope(
          rules,
          path,
          traded.filter((instrument) => slots[index]!.instruments.includes(instrument.index)),
        ),
        instruments: reader.byInstrument(rules.instruments ?? {}, [...path, 'instruments'], undefined),
      };
  }
  const firm = risk.firm === undefined ? {} : { firm: reader.equity(risk.firm, ['risk', 'firm'], traded) };
  const day = riskDay(risk, known, (path, rule, fix, code) => reader.refuse(path, rule, fix, code));
  const onLoss = risk.onLoss === undefined ? {} : { onLoss: onLossOf(risk.onLoss) };
  if (reader.problems.length > 0) throw new InputError(reader.problems);
  return { ...firm, accounts, strategies, instruments, ...day, ...onLoss };
}

function onLossOf({ state, openOrders }: NonNullable<RunFileRisk['onLoss']>): OnLoss {
  return {
    state: state === 'halted' ? 'HALTED' : ON_LOSS_DEFAULT.state,
    openOrders: openOrders === 'keep' ? 'KEEP' : ON_LOSS_DEFAULT.openOrders,
  };
}
