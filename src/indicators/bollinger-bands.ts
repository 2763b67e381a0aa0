import { checkedFactor, checkedPeriod } from './indicator.ts';
import type { Indicator, IndicatorState } from './indicator.ts';
import { SlidingMoments } from './sliding-moments.ts';
import { StateReader, StateWriter } from './state.ts';

/**
 * Bollinger bands: `middle` = mean of the last `period` values, `upper` and `lower` = middle ± width × population standard deviation.
 * `value` is the middle. Ready after `period` values.
 *
 * Source: John Bollinger, Bollinger on Bollinger Bands, 2001 (population deviation, 20 and 2).
 */
export class BollingerBands implements Indicator {
  readonly period: number;
  /** Standard deviations between the middle and a band. */
  readonly width: number;
  value = Number.NaN;
  middle = Number.NaN;
  upper = Number.NaN;
  lower = Number.NaN;
  /** Population standard deviation of the window. */
  deviation = Number.NaN;
  isReady = false;
  private readonly moments: SlidingMoments;

  constructor(period = 20, width = 2) {
    this.period = checkedPeriod('BollingerBands period', period);
    this.width = checkedFactor('BollingerBands width', width);
    this.moments = new SlidingMoments(period);
  }

  update(value: number): number {
    const middle = this.moments.update(value);
    const deviation = Math.sqrt(this.moments.squaredDeviations / this.period);
    const distance = this.width * deviation;
    this.deviation = deviation;
    this.middle = middle;
    this.upper = middle + distance;
    this.lower = middle - distance;
    this.value = middle;
    this.isReady = this.moments.isReady;
    return middle;
  }

  reset(): void {
    this.moments.reset();
    this.value = Number.NaN;
    this.middle = Number.NaN;
    this.upper = Number.NaN;
    this.lower = Number.NaN;
    this.deviation = Number.NaN;
    this.isReady = false;
  }

  save(): IndicatorState {
    const writer = new StateWriter('BollingerBands').number(this.period).number(this.width).number(this.middle).number(this.upper);
    return writer.number(this.lower).number(this.deviation).boolean(this.isReady).part(this.moments).finish();
  }

  load(state: IndicatorState): void {
    const reader = new StateReader('BollingerBands', state).argument('period', this.period).argument('width', this.width);
    this.middle = reader.number();
    this.value = this.middle;
    this.upper = reader.number();
    this.lower = reader.number();
    this.deviation = reader.number();
    this.isReady = reader.boolean();
    reader.part(this.moments).finish();
  }
}
