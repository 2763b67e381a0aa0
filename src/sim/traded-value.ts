import { DAY_US } from '../model/civil-date.ts';
import type { Money } from '../model/currency.ts';

/** Days kept; a fee window is not longer. */
export const TRADED_VALUE_DAYS_MAX = 366;

export interface TradedDay {
  readonly currency: string;
  readonly day: number;
  value: Money;
}

/** Own traded value by settlement currency and UTC day: what fee tiers look at. Days come in order. */
export class TradedValue {
  private days: TradedDay[] = [];

  add(currency: string, ts: number, value: Money): void {
    const day = Math.floor(ts / DAY_US);
    // The present day is at the end, unless two currencies take turns.
    for (let at = this.days.length - 1; at >= 0; at -= 1) {
      const entry = this.days[at]!;
      if (entry.day !== day || entry.currency !== currency) continue;
      entry.value += value;
      return;
    }
    this.days = this.days.filter((entry) => entry.day > day - TRADED_VALUE_DAYS_MAX);
    this.days.push({ currency, day, value });
  }

  /** Sum of the last `windowDays` UTC days, the present one included. */
  within(currency: string, ts: number, windowDays: number): Money {
    const day = Math.floor(ts / DAY_US);
    let sum = 0n;
    for (const entry of this.days) if (entry.currency === currency && entry.day > day - windowDays && entry.day <= day) sum += entry.value;
    return sum;
  }

  saveState(): readonly TradedDay[] {
    return this.days.map((entry) => ({ ...entry }));
  }

  loadState(days: readonly TradedDay[]): void {
    this.days = days.map((entry) => ({ ...entry }));
  }
}
