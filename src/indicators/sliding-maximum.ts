import { checkedPeriod } from './indicator.ts';
import type { Indicator, IndicatorState } from './indicator.ts';
import { StateReader, StateWriter } from './state.ts';

/**
 * Largest of the last `period` values; the smallest is `-maximum.update(-value)`.
 *
 * Suffix maxima of the older half and one running maximum of the newer: two `Math.max` per update plus one on average for the turn. It
 * takes the place of a queue of falling values, whose length and branches depend on the data.
 */
export class SlidingMaximum implements Indicator {
  readonly period: number;
  value = Number.NaN;
  isReady = false;
  private readonly maxima: Float64Array;
  private newerMaximum = Number.NEGATIVE_INFINITY;
  private position = 0;

  /** @param period 1 to {@link INDICATOR_PERIOD_MAX} updates */
  constructor(period: number) {
    this.period = checkedPeriod('SlidingMaximum period', period);
    this.maxima = new Float64Array(period + 1);
    this.reset();
  }

  update(value: number): number {
    const next = this.position + 1;
    this.maxima[this.position] = value;
    const newerMaximum = Math.max(this.newerMaximum, value);
    const maximum = Math.max(newerMaximum, this.maxima[next]!);
    this.newerMaximum = newerMaximum;
    this.position = next;
    this.value = maximum;
    if (next === this.period) this.turn();
    return maximum;
  }

  reset(): void {
    this.maxima.fill(Number.NaN);
    this.maxima[this.period] = Number.NEGATIVE_INFINITY;
    this.newerMaximum = Number.NEGATIVE_INFINITY;
    this.position = 0;
    this.value = Number.NaN;
    this.isReady = false;
  }

  save(): IndicatorState {
    const writer = new StateWriter('SlidingMaximum').number(this.period).number(this.value).boolean(this.isReady);
    return writer.number(this.newerMaximum).number(this.position).array(this.maxima).finish();
  }

  load(state: IndicatorState): void {
    const reader = new StateReader('SlidingMaximum', state).argument('period', this.period);
    this.value = reader.number();
    this.isReady = reader.boolean();
    this.newerMaximum = reader.number();
    this.position = reader.count(this.period - 1);
    reader.array(this.maxima).finish();
  }

  private turn(): void {
    let maximum = Number.NEGATIVE_INFINITY;
    for (let index = this.period - 1; index >= 0; index -= 1) {
      maximum = Math.max(maximum, this.maxima[index]!);
      this.maxima[index] = maximum;
    }
    this.newerMaximum = Number.NEGATIVE_INFINITY;
    this.position = 0;
    this.isReady = true;
  }
}
