import { checkedPeriod } from './indicator.ts';
import type { Indicator, IndicatorState } from './indicator.ts';
import { StateReader, StateWriter } from './state.ts';

/**
 * Simple moving average: the arithmetic mean of the last `period` values.
 *
 * The window's sum is never corrected by subtracting what leaves, so it cannot drift. `window[k]` holds the sum of the older half's values
 * from position k to the end (suffix sums); what came since the ring began anew is summed in `newerSum`. Their sum is the window's.
 * Once per `period` updates the ring is turned into suffix sums again: two additions per update on average.
 * Hot: guarded by src/indicators/accuracy.test.ts and the engine's benchmark.
 */
export class Sma implements Indicator {
  readonly period: number;
  value = Number.NaN;
  isReady = false;
  private readonly window: Float64Array;
  private newerSum = Number.NaN;
  private position = 0;

  /** @param period 1 to {@link INDICATOR_PERIOD_MAX} updates */
  constructor(period: number) {
    this.period = checkedPeriod('Sma period', period);
    this.window = new Float64Array(period + 1);
    this.reset();
  }

  update(value: number): number {
    const position = this.position;
    const next = position + 1;
    this.window[position] = value;
    const newerSum = this.newerSum + value;
    // Until the first turn the older half is NaN, which keeps the value NaN without a branch.
    const mean = (newerSum + this.window[next]!) / this.period;
    this.newerSum = newerSum;
    this.position = next;
    this.value = mean;
    if (next === this.period) this.turn();
    return mean;
  }

  reset(): void {
    this.window.fill(Number.NaN);
    this.window[this.period] = 0;
    this.newerSum = 0;
    this.position = 0;
    this.value = Number.NaN;
    this.isReady = false;
  }

  save(): IndicatorState {
    return new StateWriter('Sma')
      .number(this.period)
      .number(this.value)
      .boolean(this.isReady)
      .number(this.newerSum)
      .number(this.position)
      .array(this.window)
      .finish();
  }

  load(state: IndicatorState): void {
    const reader = new StateReader('Sma', state).argument('period', this.period);
    this.value = reader.number();
    this.isReady = reader.boolean();
    this.newerSum = reader.number();
    this.position = reader.count(this.period - 1);
    reader.array(this.window).finish();
  }

  private turn(): void {
    const window = this.window;
    let sum = 0.0;
    for (let index = this.period - 1; index >= 0; index -= 1) {
      sum += window[index]!;
      window[index] = sum;
    }
    this.newerSum = 0;
    this.position = 0;
    this.isReady = true;
  }
}
