import { checkedPeriod } from './indicator.ts';
import type { Indicator, IndicatorState } from './indicator.ts';
import { StateReader, StateWriter } from './state.ts';

/** What an EMA starts from: the first value, or the mean of the first `period` values. */
export type EmaSeed = 'first' | 'sma';

/**
 * Exponential moving average: value = alpha × input + (1 − alpha) × value, alpha = 2 / (period + 1).
 *
 * Seed `first` (the default, NautilusTrader's rule) starts the average at the first value and lets it run; seed `sma` (TA-Lib's rule)
 * starts it at the mean of the first `period` values. Either way the value shows from the `period`-th update on.
 * Two products instead of value + alpha × (input − value): the chain from one update to the next is a multiplication and an addition,
 * and results agree to the last bit with engines that write it so, which decides ties of two averages.
 * Hot: guarded by the engine's benchmark.
 */
export class Ema implements Indicator {
  readonly period: number;
  readonly alpha: number;
  readonly seed: EmaSeed;
  value = Number.NaN;
  private readonly complement: number;
  /** During warm-up: the running average (seed `first`) or the sum (seed `sma`). */
  private warmUp = Number.NaN;
  private count = 0;

  /** @param period 1 to {@link INDICATOR_PERIOD_MAX} updates */
  constructor(period: number, options: { readonly seed?: EmaSeed } = {}) {
    const seed = options.seed ?? 'first';
    if (seed !== 'first' && seed !== 'sma') throw new RangeError(`Ema seed is ${String(seed)}: give 'first' or 'sma'.`);
    this.period = checkedPeriod('Ema period', period);
    this.alpha = 2 / (period + 1);
    this.complement = 1 - this.alpha;
    this.seed = seed;
    this.reset();
  }

  /** Counted rather than kept: a comparison of two integers is half as dear in a handler as the truth of a field. */
  get isReady(): boolean {
    return this.count === this.period;
  }

  update(value: number): number {
    const average = this.alpha * value + this.complement * this.value;
    // NaN means warming up (or a NaN input, which stays). Asking the number itself is 1.5 times as fast as asking `isReady`.
    if (average !== average) return +this.start(value);
    this.value = average;
    return average;
  }

  reset(): void {
    this.value = Number.NaN;
    this.warmUp = 0;
    this.count = 0;
  }

  save(): IndicatorState {
    return new StateWriter('Ema')
      .number(this.period)
      .boolean(this.seed === 'sma')
      .number(this.value)
      .number(this.warmUp)
      .number(this.count)
      .finish();
  }

  load(state: IndicatorState): void {
    const reader = new StateReader('Ema', state)
      .argument('period', this.period)
      .argument('seed (0 first, 1 sma)', this.seed === 'sma' ? 1 : 0);
    this.value = reader.number();
    this.warmUp = reader.number();
    this.count = reader.count(this.period);
    reader.finish();
  }

  private start(value: number): number {
    if (this.isReady) {
      this.value = Number.NaN;
      return Number.NaN;
    }
    this.count += 1;
    if (this.seed === 'sma') this.warmUp += value;
    else this.warmUp = this.count === 1 ? value : this.alpha * value + this.complement * this.warmUp;
    if (this.count === this.period) {
      this.value = this.seed === 'sma' ? this.warmUp / this.period : this.warmUp;
    }
    return this.value;
  }
}
