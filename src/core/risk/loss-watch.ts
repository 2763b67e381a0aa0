import { assert } from '../../base/assert.ts';
import { formatDecimalShort } from '../../base/decimal.ts';
import type { TradingCalendar } from '../../model/calendar.ts';
import { SECOND_US } from '../../model/civil-date.ts';
import type { Currency, Money } from '../../model/currency.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { TradingScope } from '../../model/trading-state.ts';
import { type EquityLimits, LOSS_LIMITS, type LimitTable } from './limits.ts';
import { type LossBreach, LossMeter, type LossMeterState, type LossSource } from './loss-meter.ts';
import { converted, MissingValue, type PortfolioView } from './portfolio-view.ts';
import { MIDNIGHT_UTC, nextDayStart, type RiskDay } from './risk-day.ts';
import { isSameScope } from './trading-state.ts';

/** While data comes, what was lost is looked at this often, and after every fill; each order is judged by what is lost at that moment. */
export const LOSS_LOOK_US = SECOND_US;

const NEVER = Number.POSITIVE_INFINITY;

interface MeterState extends LossMeterState {
  readonly scope: TradingScope;
}

export interface LossWatchState {
  readonly isBegun: boolean;
  readonly dayTs: number;
  readonly dayEndTs: number;
  readonly lookTs: number;
  readonly meters: readonly MeterState[];
}

export type LossKind = 'DAY' | 'DRAWDOWN';

/** Who acts where a limit is passed. */
export interface LossListener {
  onBreach(kind: LossKind, meter: LossMeter, breach: LossBreach, ts: number): void;
  /** The day is over in which a daily loss has set the scope's trading state. */
  onDayEnd(meter: LossMeter, ts: number): void;
}

interface LossWatchOptions {
  readonly instruments: readonly Instrument[];
  readonly calendars: readonly (TradingCalendar | null)[];
  readonly strategyCount: number;
  readonly portfolio: PortfolioView;
  readonly listener: LossListener;
}

/**
 * Looks at what the firm, accounts and strategies have lost (C-22, C-23): at grid times while data comes, after fills and account events, and where a
 * day begins. Nothing is done per row: rows up to `dueTs` go by as they are.
 */
export class LossWatch {
  /** When it wants to look: before whatever else comes at that time. Infinity for not before there is data. */
  dueTs = NEVER;
  /** Data that comes makes a look due. */
  wantsData = false;
  readonly #options: LossWatchOptions;
  #limits: LimitTable;
  #day: RiskDay;
  #meters: readonly LossMeter[] = [];
  #isBegun = false;
  #dayTs = Number.NEGATIVE_INFINITY;
  #dayEndTs = NEVER;
  #lookTs = NEVER;

  constructor(options: LossWatchOptions, limits: LimitTable, day: RiskDay = MIDNIGHT_UTC) {
    this.#options = options;
    this.#limits = limits;
    this.#day = day;
    this.#makeMeters();
  }

  /** What is known of scopes that had limits stays. A scope that has its first limit counts from now. */
  setLimits(limits: LimitTable, day: RiskDay = MIDNIGHT_UTC): void {
    this.#limits = limits;
    this.#day = day;
    this.#makeMeters();
    this.#plan();
  }

  /** The run begins, or its first limit was set. */
  begin(ts: number): void {
    if (this.#meters.length === 0) return;
    if (!this.#isBegun) {
      this.#isBegun = true;
      this.#beginDay(ts);
    }
    this.#plan();
  }

  /** Data of this time is about to come. @returns when the look at it is due */
  noteData(ts: number): number {
    this.#lookTs = Math.floor(ts / LOSS_LOOK_US) * LOSS_LOOK_US + LOSS_LOOK_US;
    this.#plan();
    return this.dueTs;
  }

  /** `dueTs` has come. */
  settle(ts: number): void {
    if (ts >= this.#lookTs) {
      this.#lookTs = NEVER;
      this.look(ts);
    }
    if (ts >= this.#dayEndTs) this.#beginDay(this.#dayEndTs);
    this.#plan();
  }

  /** Money or positions have changed. */
  look(ts: number): void {
    for (const meter of this.#meters) {
      const now = readOrNull(meter);
      if (now === null) continue;
      meter.note(this.#dayTs, now);
      const limits = this.#limitsOf(meter.source.scope);
      if (!meter.isDayTripped) {
        const breach = breachOf(() => meter.dailyBreach(limits, now));
        if (breach !== null) {
          meter.isDayTripped = true;
          this.#options.listener.onBreach('DAY', meter, breach, ts);
        }
      }
      if (meter.isDrawdownTripped) continue;
      const breach = breachOf(() => meter.drawdownBreach(limits, now));
      if (breach === null) continue;
      meter.isDrawdownTripped = true;
      this.#options.listener.onBreach('DRAWDOWN', meter, breach, ts);
    }
  }

  /** The scope's trading state was set by other than a loss: it is theirs now. Where it is free again the drawdown counts from here. */
  noteByHand(scope: TradingScope, isFree: boolean): void {
    const meter = this.#meters.find(({ source }) => isSameScope(source.scope, scope));
    if (meter === undefined) return;
    meter.isStateOfDay = false;
    if (isFree && meter.isDrawdownTripped) meter.restartPeak(this.#dayTs, readOrNull(meter));
  }

  /** The first limit that is passed now in a scope that an order lies in; null for none. @throws MissingValue */
  breach(kind: LossKind, strategy: number, instrument: Instrument): { readonly scope: TradingScope; readonly breach: LossBreach } | null {
    for (const meter of this.#meters) {
      const { scope, read } = meter.source;
      if (scope.kind === 'STRATEGY' ? scope.strategy !== strategy : scope.kind === 'ACCOUNT' && scope.venue !== instrument.venue) continue;
      const limits = this.#limitsOf(scope);
      if (kind === 'DAY' ? limits.maxDailyLoss === undefined && limits.maxDailyLossPpm === undefined : limits.maxDrawdownPpm === undefined)
        continue;
      const now = read();
      const breach = kind === 'DAY' ? meter.dailyBreach(limits, now) : meter.drawdownBreach(limits, now);
      if (breach !== null) return { scope, breach };
    }
    return null;
  }

  saveState(): LossWatchState {
    return {
      isBegun: this.#isBegun,
      dayTs: this.#dayTs,
      dayEndTs: this.#dayEndTs,
      lookTs: this.#lookTs,
      meters: this.#meters.map((meter) => ({ scope: { ...meter.source.scope }, ...meter.saveState() })),
    };
  }

  /** After the limits. */
  loadState({ isBegun, dayTs, dayEndTs, lookTs, meters }: LossWatchState): void {
    this.#isBegun = isBegun;
    this.#dayTs = dayTs;
    this.#dayEndTs = dayEndTs;
    this.#lookTs = lookTs;
    for (const state of meters) {
      const meter = this.#meters.find(({ source }) => isSameScope(source.scope, state.scope));
      if (meter === undefined) assert(false, 'what was lost is remembered of scopes that have a limit');
      meter.loadState(state);
    }
    this.#plan();
  }

  #plan(): void {
    this.wantsData = this.#isBegun && this.#meters.length > 0 && this.#lookTs === NEVER;
    this.dueTs = this.#meters.length === 0 ? NEVER : Math.min(this.#lookTs, this.#dayEndTs);
  }

  #beginDay(ts: number): void {
    this.#dayTs = ts;
    this.#dayEndTs = nextDayStart(this.#day, this.#options.calendars, ts);
    for (const meter of this.#meters) {
      const isOver = meter.isStateOfDay;
      meter.isStateOfDay = false;
      meter.beginDay(ts, readOrNull(meter), this.#limitsOf(meter.source.scope).drawdownDays);
      if (isOver) this.#options.listener.onDayEnd(meter, ts);
    }
  }

  #makeMeters(): void {
    const former = this.#meters;
    const sources = this.#sources().filter(({ scope }) => {
      const limits = this.#limitsOf(scope);
      return LOSS_LIMITS.some((name) => limits[name] !== undefined);
    });
    this.#meters = sources.map((source) => {
      const known = former.find((meter) => isSameScope(meter.source.scope, source.scope));
      if (known !== undefined) return known;
      const meter = new LossMeter(source);
      if (this.#isBegun) meter.beginDay(this.#dayTs, readOrNull(meter), this.#limitsOf(source.scope).drawdownDays);
      return meter;
    });
  }

  #limitsOf(scope: TradingScope): EquityLimits {
    if (scope.kind === 'STRATEGY') return this.#limits.strategy(scope.strategy);
    if (scope.kind !== 'ACCOUNT') return this.#limits.firm;
    return this.#limits.account(this.#options.instruments.find(({ venue }) => venue === scope.venue)!.index);
  }

  /** Everything that could have a limit, the narrowest first. */
  #sources(): readonly LossSource[] {
    const { instruments, portfolio, strategyCount } = this.#options;
    const venues = [...new Set(instruments.map(({ venue }) => venue))];
    const base = portfolio.accountCurrency(venues[0]!);
    const sourceOf = (scope: TradingScope, currency: Currency, read: () => Money): LossSource => ({
      scope,
      currency,
      read,
      convert: (amount, to) => converted(portfolio, amount, currency, to),
      written: (amount, { decimals, displayDecimals }) => formatDecimalShort(amount, decimals, displayDecimals),
    });
    const equityOf = (venue: string): Money => converted(portfolio, portfolio.equity(venue), portfolio.accountCurrency(venue), base);
    return [
      ...Array.from({ length: strategyCount }, (_, strategy) =>
        sourceOf({ kind: 'STRATEGY', strategy }, base, () => portfolio.strategyProfit(strategy, base)),
      ),
      ...venues.map((venue) => sourceOf({ kind: 'ACCOUNT', venue }, portfolio.accountCurrency(venue), () => portfolio.equity(venue))),
      sourceOf({ kind: 'FIRM' }, base, () => venues.reduce((sum, venue) => sum + equityOf(venue), 0n)),
    ];
  }
}

/** What cannot be valued now is looked at again; orders that open are denied as long. */
function readOrNull({ source }: LossMeter): Money | null {
  return breachOf(source.read);
}

function breachOf<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof MissingValue) return null;
    throw error;
  }
}
