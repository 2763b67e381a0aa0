import { checkedPeriod } from './indicator.ts';
import type { Indicator, IndicatorState } from './indicator.ts';
import { SlidingMoments } from './sliding-moments.ts';
import { StateReader, StateWriter } from './state.ts';

/** Divide the squared deviations by the count (`population`) or by the count less one (`sample`). */
export type DeviationKind = 'population' | 'sample';

/**
 * Z-score: how many standard deviations the newest value lies from the mean of the last `period` values, itself included.
 * A window without deviation gives 0: a constant series is exactly at its mean. Ready after `period` values.
 */
export class ZScore implements Indicator {
  readonly period: number;
  readonly deviationKind: DeviationKind;
  value = Number.NaN;
  mean = Number.NaN;
  deviation = Number.NaN;
  isReady = false;
  private readonly divisor: number;
  private readonly moments: SlidingMoments;

  /** @param period 2 to {@link INDICATOR_PERIOD_MAX} updates */
  constructor(period: number, options: { readonly deviation?: DeviationKind } = {}) {
    const kind = options.deviation ?? 'population';
    if (kind !== 'population' && kind !== 'sample') {
      throw new RangeError(`ZScore deviation is ${String(kind)}: give 'population' or 'sample'.`);
    }
    this.period = checkedPeriod('ZScore period', period, 2);
    this.deviationKind = kind;
    this.divisor = kind === 'sample' ? period - 1 : period;
    this.moments = new SlidingMoments(period);
  }

  update(value: number): number {
    this.mean = this.moments.update(value);
    this.deviation = Math.sqrt(this.moments.squaredDeviations / this.divisor);
    this.value = this.deviation === 0 ? 0 : (value - this.mean) / this.deviation;
    this.isReady = this.moments.isReady;
    return this.value;
  }

  reset(): void {
    this.moments.reset();
    this.value = Number.NaN;
    this.mean = Number.NaN;
    this.deviation = Number.NaN;
    this.isReady = false;
  }

  save(): IndicatorState {
    const writer = new StateWriter('ZScore').number(this.period).number(this.divisor).number(this.value).number(this.mean);
    return writer.number(this.deviation).boolean(this.isReady).part(this.moments).finish();
  }

  load(state: IndicatorState): void {
    const reader = new StateReader('ZScore', state).argument('period', this.period).argument('divisor of the deviation', this.divisor);
    this.value = reader.number();
    this.mean = reader.number();
    this.deviation = reader.number();
    this.isReady = reader.boolean();
    reader.part(this.moments).finish();
  }
}
