/**
 * An indicator's state as plain JSON data. Numbers that JSON cannot write (NaN, the infinities, −0) are the texts `NaN`, `Infinity`,
 * `-Infinity` and `-0`; every other number survives `JSON.stringify` and `JSON.parse` to the bit.
 */
export interface IndicatorState {
  /** Class name; {@link Indicator.load} refuses another class's state. */
  readonly indicator: string;
  /** Constructor arguments first, then what the indicator remembers, in an order that belongs to the class. */
  readonly values: readonly (number | string)[];
  /** States of the indicators inside (MACD holds three EMAs). */
  readonly parts: readonly IndicatorState[];
}

/**
 * What every indicator offers besides its own `update`: one value in, one value out, O(1) amortized, nothing allocated, no clock and no
 * chance. Inputs are finite numbers: market data has been validated before it gets here, and the hot path does not check again.
 *
 * Fields that hold doubles are declared as NaN and then reset, because V8 would keep a field declared as 0 for small integers and change
 * the class's shape at the first fraction.
 */
export interface Indicator {
  /** The newest result; NaN until {@link isReady}. */
  readonly value: number;
  /** True once as many inputs have come as the definition needs. */
  readonly isReady: boolean;
  /** Back to the state after construction. */
  reset(): void;
  save(): IndicatorState;
  /** @throws RangeError when the state is of another class, of other arguments, or damaged; reset before using the indicator further */
  load(state: IndicatorState): void;
}

/** Longest window: a window is allocated in full, so this bounds one indicator to a few times 80 MB. */
export const INDICATOR_PERIOD_MAX = 10_000_000;

/**
 * Checks a count of updates given to a constructor.
 *
 * @param what the class and argument as the user knows them, `Sma period`
 * @returns the period
 * @throws RangeError with a sentence for the user
 */
export function checkedPeriod(what: string, period: number, periodMin = 1): number {
  if (Number.isSafeInteger(period) && period >= periodMin && period <= INDICATOR_PERIOD_MAX) return period;
  throw new RangeError(`${what} is ${period}: give a whole number from ${periodMin} to ${INDICATOR_PERIOD_MAX}.`);
}

/**
 * Checks a factor given to a constructor: finite and above zero.
 *
 * @throws RangeError with a sentence for the user
 */
export function checkedFactor(what: string, factor: number): number {
  if (Number.isFinite(factor) && factor > 0) return factor;
  throw new RangeError(`${what} is ${factor}: give a finite number above 0.`);
}
