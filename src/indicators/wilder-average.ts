import { checkedPeriod } from './indicator.ts';
import type { Indicator, IndicatorState } from './indicator.ts';
import { StateReader, StateWriter } from './state.ts';

/**
 * Wilder's smoothing: the mean of the first `period` values, then average += (value − average) / period. RSI, ATR and ADX stand on it.
 *
 * Source: J. Welles Wilder, New Concepts in Technical Trading Systems, 1978.
 */
export class WilderAverage implements Indicator {
  readonly period: number;
  value = Number.NaN;
  isReady = false;
  private sum = Number.NaN;
  private count = 0;

  /** @param period 1 to {@link INDICATOR_PERIOD_MAX} updates */
  constructor(period: number) {
    this.period = checkedPeriod('WilderAverage period', period);
    this.reset();
  }

  update(value: number): number {
    if (!this.isReady) return this.start(value);
    const average = this.value + (value - this.value) / this.period;
    this.value = average;
    return average;
  }

  reset(): void {
    this.value = Number.NaN;
    this.isReady = false;
    this.sum = 0;
    this.count = 0;
  }

  save(): IndicatorState {
    const writer = new StateWriter('WilderAverage').number(this.period).number(this.value).boolean(this.isReady);
    return writer.number(this.sum).number(this.count).finish();
  }

  load(state: IndicatorState): void {
    const reader = new StateReader('WilderAverage', state).argument('period', this.period);
    this.value = reader.number();
    this.isReady = reader.boolean();
    this.sum = reader.number();
    this.count = reader.count(this.period);
    reader.finish();
  }

  private start(value: number): number {
    this.count += 1;
    this.sum += value;
    if (this.count === this.period) {
      this.value = this.sum / this.period;
      this.isReady = true;
    }
    return this.value;
  }
}
