import { formatDecimalShort } from '../../base/decimal.ts';
import type { Currency, Money } from '../../model/currency.ts';
import type { TradingScope } from '../../model/trading-state.ts';
import type { EquityLimits, MoneyLimit } from './limits.ts';

const MILLION = 1_000_000n;
/** A part per million is so many decimals of a percent. */
const PERCENT_DECIMALS = 4;

/** The highest equity of one day. */
interface DayPeak {
  readonly dayTs: number;
  amount: Money;
}

export interface LossMeterState {
  /** null until the equity is known. */
  readonly dayStart: Money | null;
  readonly peaks: readonly Readonly<DayPeak>[];
  readonly isDayTripped: boolean;
  readonly isDrawdownTripped: boolean;
  readonly isStateOfDay: boolean;
}

/** A limit that is passed: what it says and what was seen, as people write it. */
export interface LossBreach {
  readonly limit: string;
  readonly observed: string;
  readonly unit: string;
}

/** What the sums of a meter are asked of. */
export interface LossSource {
  readonly scope: TradingScope;
  /** What the amounts are in. */
  readonly currency: Currency;
  /** Of the firm and accounts their equity, of a strategy its profit; throws MissingValue where a price or rate is missing. */
  readonly read: () => Money;
  /** An amount in another currency; throws MissingValue. */
  readonly convert: (amount: Money, to: Currency) => Money;
  readonly written: (amount: Money, currency: Currency) => string;
}

/** What the firm, an account or a strategy has lost since its day began and since its equity stood highest (C-22, C-23). Exact. */
export class LossMeter {
  readonly source: LossSource;
  #dayStart: Money | null = null;
  /** Of the days that count, oldest first; without a window of one entry. */
  #peaks: DayPeak[] = [];
  isDayTripped = false;
  isDrawdownTripped = false;
  /** The scope's trading state is what the daily loss has set: it ends with the day. */
  isStateOfDay = false;

  constructor(source: LossSource) {
    this.source = source;
  }

  /** A day begins with what there is now; null where that is not known. */
  beginDay(dayTs: number, now: Money | null, windowDays: number | undefined): void {
    this.#dayStart = now;
    this.isDayTripped = false;
    if (windowDays === undefined) return this.notePeak(dayTs, now);
    if (now !== null) this.#peaks.push({ dayTs, amount: now });
    while (this.#peaks.length > windowDays) this.#peaks.shift();
  }

  /** What there is now, outside the beginning of a day. */
  note(dayTs: number, now: Money): void {
    this.#dayStart ??= now;
    this.notePeak(dayTs, now);
  }

  /** The drawdown counts from here: a person has let the scope trade again. */
  restartPeak(dayTs: number, now: Money | null): void {
    this.isDrawdownTripped = false;
    this.#peaks = now === null ? [] : [{ dayTs, amount: now }];
  }

  dailyBreach(limits: EquityLimits, now: Money): LossBreach | null {
    const start = this.#dayStart;
    if (start === null || start <= now) return null;
    const loss = start - now;
    return this.#amountBreach(limits.maxDailyLoss, loss) ?? shareBreach(limits.maxDailyLossPpm, loss, start);
  }

  drawdownBreach(limits: EquityLimits, now: Money): LossBreach | null {
    const peak = this.peak;
    return peak === null || peak <= now ? null : shareBreach(limits.maxDrawdownPpm, peak - now, peak);
  }

  /** The highest equity of the days that count; null before the first. */
  get peak(): Money | null {
    let highest: Money | null = null;
    for (const { amount } of this.#peaks) if (highest === null || amount > highest) highest = amount;
    return highest;
  }

  saveState(): LossMeterState {
    return {
      dayStart: this.#dayStart,
      peaks: this.#peaks.map((peak) => ({ ...peak })),
      isDayTripped: this.isDayTripped,
      isDrawdownTripped: this.isDrawdownTripped,
      isStateOfDay: this.isStateOfDay,
    };
  }

  loadState({ dayStart, peaks, isDayTripped, isDrawdownTripped, isStateOfDay }: LossMeterState): void {
    this.#dayStart = dayStart;
    this.#peaks = peaks.map((peak) => ({ ...peak }));
    this.isDayTripped = isDayTripped;
    this.isDrawdownTripped = isDrawdownTripped;
    this.isStateOfDay = isStateOfDay;
  }

  private notePeak(dayTs: number, now: Money | null): void {
    if (now === null) return;
    const newest = this.#peaks.at(-1);
    if (newest === undefined) this.#peaks.push({ dayTs, amount: now });
    else if (now > newest.amount) newest.amount = now;
  }

  #amountBreach(limit: MoneyLimit | undefined, loss: Money): LossBreach | null {
    if (limit === undefined) return null;
    const { convert, written } = this.source;
    const observed = convert(loss, limit.currency);
    if (observed <= limit.amount) return null;
    return { limit: written(limit.amount, limit.currency), observed: written(observed, limit.currency), unit: limit.currency.code };
  }
}

/** A share of nothing or of a debt is passed by any loss. */
function shareBreach(limitPpm: number | undefined, loss: Money, of: Money): LossBreach | null {
  if (limitPpm === undefined || (of > 0n && loss * MILLION <= of * BigInt(limitPpm))) return null;
  // Rounded up: what is written as seen is above the limit as written.
  const observedPpm = of > 0n ? (loss * MILLION + of - 1n) / of : null;
  return { limit: percentText(limitPpm), observed: observedPpm === null ? 'all' : percentText(observedPpm), unit: '%' };
}

/** Parts per million as percent. */
function percentText(ppm: bigint | number): string {
  return formatDecimalShort(ppm, PERCENT_DECIMALS);
}
