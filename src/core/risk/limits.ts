import { assert } from '../../base/assert.ts';
import type { Currency, Money } from '../../model/currency.ts';
import type { Instrument, InstrumentIndex, Quantity } from '../../model/instrument.ts';
import { RATE_COUNT_MAX } from './limit-text.ts';
import type { RiskDay } from './risk-day.ts';

/** An amount with its currency. */
export interface MoneyLimit {
  readonly amount: Money;
  readonly currency: Currency;
}

/** At most so many messages within any span of this length. */
export interface RateLimit {
  readonly count: number;
  /** Microseconds, > 0. */
  readonly windowUs: number;
}

/** Largest {@link EquityLimits.drawdownDays}: as many peaks are remembered. */
export const DRAWDOWN_DAYS_MAX = 366;

/** Limits on one instrument, for everybody together or for one strategy. Absent: no limit. Quantities are counts of the instrument. */
export interface InstrumentLimits {
  /** C-03 */
  readonly maxOrderQty?: Quantity;
  /** C-04 */
  readonly maxOrderValue?: MoneyLimit;
  /** C-12, net: position plus everything that may still be bought. */
  readonly maxLongQty?: Quantity;
  /** C-12, net: the short position with everything that may still be sold, as a positive number. */
  readonly maxShortQty?: Quantity;
  /** C-12, gross: sum over the strategies of the larger of worst long and worst short. */
  readonly maxGrossQty?: Quantity;
  readonly maxLongValue?: MoneyLimit;
  readonly maxShortValue?: MoneyLimit;
  readonly maxGrossValue?: MoneyLimit;
  /** C-21: orders that open or add are denied while data is missing. */
  readonly denyOnGap?: boolean;
  /** C-21: the same while the newest row is older than the run permits. */
  readonly denyOnStale?: boolean;
  /** C-21: the same while the newest row is older than this, microseconds of open market. */
  readonly maxDataAgeUs?: number;
  /** C-21: the same while the newest quote is crossed or locked. */
  readonly denyOnCrossed?: boolean;
  /** C-20: orders are denied while the instrument's calendar is closed. */
  readonly denyWhenClosed?: boolean;
  /** C-20: orders are denied while the venue holds an auction. */
  readonly denyInAuction?: boolean;
}

/** Limits on everything that a strategy, an account or the firm does. Absent: no limit. */
export interface ScopeLimits {
  /** C-04 */
  readonly maxOrderValue?: MoneyLimit;
  /** C-13: sum over the instruments of the value of the worst position that open orders could lead to. */
  readonly maxExposure?: MoneyLimit;
  /** C-17 */
  readonly maxOpenOrders?: number;
  /** C-17: instruments with a position or an open order. */
  readonly maxOpenPositions?: number;
  /** C-07 */
  readonly maxNewOrders?: RateLimit;
  /** C-07 */
  readonly maxModifies?: RateLimit;
  /** C-07: of cancels that a strategy asks for again. */
  readonly maxCancels?: RateLimit;
  /** C-22 */
  readonly maxDailyLoss?: MoneyLimit;
}

/** What has equity: the firm and accounts. */
export interface EquityLimits extends ScopeLimits {
  /** C-22: share of the equity at the day's start, parts per million. */
  readonly maxDailyLossPpm?: number;
  /** C-23: share of the highest equity, parts per million. */
  readonly maxDrawdownPpm?: number;
  /** C-23: the highest equity of so many days, today among them; absent: of the whole run. */
  readonly drawdownDays?: number;
}

export interface AccountLimits extends EquityLimits {
  /** C-14: what an order needs is taken as this many parts per million more than computed. */
  readonly balanceBufferPpm?: number;
}

export interface StrategyLimits extends ScopeLimits {
  /** By instrument id; judged on the strategy's own position and orders. */
  readonly instruments?: Readonly<Record<string, InstrumentLimits>>;
}

/** What is done where a loss is above its limit (C-22, C-23). */
export interface OnLoss {
  readonly state: 'REDUCING' | 'HALTED';
  /** `CANCEL`: what is open is canceled, with REDUCING all but reduce-only orders, which protect what is held. */
  readonly openOrders: 'CANCEL' | 'KEEP';
}

export const ON_LOSS_DEFAULT: OnLoss = Object.freeze({ state: 'REDUCING', openOrders: 'CANCEL' });

/** All limits of a run, plain data. Every part is optional. */
export interface RiskLimits {
  readonly firm?: EquityLimits;
  /** By venue. */
  readonly accounts?: Readonly<Record<string, AccountLimits>>;
  /** By strategy number. */
  readonly strategies?: Readonly<Record<number, StrategyLimits>>;
  /** For every instrument; a field under `instruments` takes the place of the same field here. */
  readonly everyInstrument?: InstrumentLimits;
  /** By instrument id; judged on the account's position and all orders. */
  readonly instruments?: Readonly<Record<string, InstrumentLimits>>;
  /** When the day of C-22 and C-23 begins; absent: at midnight UTC. */
  readonly day?: RiskDay;
  /** Absent: {@link ON_LOSS_DEFAULT}. */
  readonly onLoss?: OnLoss;
}

/** What a limit is called, whoever it is set for. */
export type LimitName = keyof InstrumentLimits | keyof Omit<AccountLimits, 'balanceBufferPpm'>;

/** The limits without any of which nobody's messages are counted. */
export const RATE_LIMITS = ['maxNewOrders', 'maxModifies', 'maxCancels'] as const;
/** The limits without any of which nobody's equity is watched. */
export const LOSS_LIMITS = ['maxDailyLoss', 'maxDailyLossPpm', 'maxDrawdownPpm'] as const;

const NO_LIMITS = Object.freeze({});

/** The limits as arrays, so that a decision looks nothing up by text. */
export class LimitTable {
  readonly firm: EquityLimits;
  readonly #accounts: readonly AccountLimits[];
  readonly #strategies: readonly StrategyLimits[];
  readonly #instruments: readonly InstrumentLimits[];
  readonly #strategyInstruments: readonly InstrumentLimits[];
  readonly #instrumentCount: number;
  readonly strategyCount: number;
  /** Names of all limits that somebody has set. */
  readonly #names = new Set<string>();

  /** @throws InvariantError on a limit below zero, or on an id that is not in the run: the run file's reader has validated user input */
  constructor(limits: RiskLimits, instruments: readonly Instrument[], strategyCount: number) {
    checkIds(limits, instruments, strategyCount);
    this.firm = limits.firm ?? NO_LIMITS;
    this.#instrumentCount = instruments.length;
    this.strategyCount = strategyCount;
    this.#accounts = instruments.map((instrument) => limits.accounts?.[instrument.venue] ?? NO_LIMITS);
    this.#instruments = instruments.map((instrument) => ({ ...limits.everyInstrument, ...limits.instruments?.[instrument.id] }));
    const strategies = Array.from({ length: strategyCount }, (_, strategy): StrategyLimits => limits.strategies?.[strategy] ?? NO_LIMITS);
    this.#strategies = strategies;
    this.#strategyInstruments = strategies.flatMap((own) => instruments.map((instrument) => own.instruments?.[instrument.id] ?? NO_LIMITS));
    const all = [this.firm, ...this.#accounts, ...strategies, ...this.#instruments, ...this.#strategyInstruments];
    for (const scope of all) {
      checkScope(scope);
      for (const name of Object.keys(scope)) this.#names.add(name);
    }
  }

  /** True where any of these limits is set for anybody. */
  hasAny(names: readonly LimitName[]): boolean {
    return names.some((name) => this.#names.has(name));
  }

  account(instrument: InstrumentIndex): AccountLimits {
    return this.#accounts[instrument]!;
  }

  strategy(strategy: number): StrategyLimits {
    return this.#strategies[strategy]!;
  }

  instrument(instrument: InstrumentIndex): InstrumentLimits {
    return this.#instruments[instrument]!;
  }

  strategyInstrument(strategy: number, instrument: InstrumentIndex): InstrumentLimits {
    return this.#strategyInstruments[strategy * this.#instrumentCount + instrument]!;
  }
}

/** A limit that is said of something that does not exist would protect nothing. */
function checkIds(limits: RiskLimits, instruments: readonly Instrument[], strategyCount: number): void {
  const ids = new Set(instruments.map((instrument) => instrument.id));
  const venues = new Set(instruments.map((instrument) => instrument.venue));
  for (const id of Object.keys(limits.instruments ?? {})) assert(ids.has(id), `risk limits name ${id}, which is not in this run`);
  for (const venue of Object.keys(limits.accounts ?? {})) assert(venues.has(venue), `risk limits name ${venue}, which is not in this run`);
  for (const [strategy, own] of Object.entries(limits.strategies ?? {})) {
    assert(Number(strategy) >= 0 && Number(strategy) < strategyCount, `risk limits name strategy ${strategy}, which is not in this run`);
    for (const id of Object.keys(own.instruments ?? {})) assert(ids.has(id), `risk limits name ${id}, which is not in this run`);
  }
}

function checkScope(scope: object): void {
  for (const [name, limit] of Object.entries(scope)) {
    if (name === 'instruments' || typeof limit === 'boolean') continue;
    if (name === 'drawdownDays') assert(limit >= 1 && limit <= DRAWDOWN_DAYS_MAX, `drawdownDays is 1 to ${DRAWDOWN_DAYS_MAX}`);
    if (typeof limit === 'number') assert(Number.isSafeInteger(limit) && limit >= 0, `risk limit ${name} is a whole number, 0 or more`);
    else if ('windowUs' in limit) checkRate(name, limit as RateLimit);
    else assert((limit as MoneyLimit).amount >= 0n, `risk limit ${name} is 0 or more`);
  }
}

function checkRate(name: string, { count, windowUs }: RateLimit): void {
  assert(Number.isSafeInteger(count) && count >= 0 && count <= RATE_COUNT_MAX, `risk limit ${name} counts from 0 to ${RATE_COUNT_MAX}`);
  assert(Number.isSafeInteger(windowUs) && windowUs > 0, `the window of risk limit ${name} is a whole number of microseconds above 0`);
}
