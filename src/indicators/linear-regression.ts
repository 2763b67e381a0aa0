import { checkedPeriod } from './indicator.ts';
import type { Indicator, IndicatorState } from './indicator.ts';
import { SlidingMoments } from './sliding-moments.ts';
import { StateReader, StateWriter } from './state.ts';

/**
 * Least-squares line through the last `period` values against their positions: `value` is the line at the newest value, `slope` its rise
 * per update, `rSquared` the share of the variance that the line explains (0 to 1; 0 where there is no variance to explain).
 * Ready after `period` values.
 */
export class LinearRegression implements Indicator {
  readonly period: number;
  value = Number.NaN;
  slope = Number.NaN;
  rSquared = Number.NaN;
  isReady = false;
  /** Σ (position − mean position)² = n (n² − 1) / 12. */
  private readonly positionSquares: number;
  private readonly moments: SlidingMoments;

  /** @param period 2 to {@link INDICATOR_PERIOD_MAX} updates: one point has no slope */
  constructor(period: number) {
    this.period = checkedPeriod('LinearRegression period', period, 2);
    this.positionSquares = (period * (period * period - 1)) / 12;
    this.moments = new SlidingMoments(period);
  }

  update(value: number): number {
    const mean = this.moments.update(value);
    const covariance = this.moments.timeCovariance;
    const variance = this.moments.squaredDeviations;
    const slope = covariance / this.positionSquares;
    this.slope = slope;
    this.rSquared = variance === 0 ? 0 : Math.min(1, slope * (covariance / variance));
    this.value = mean + slope * ((this.period - 1) * 0.5);
    this.isReady = this.moments.isReady;
    return this.value;
  }

  reset(): void {
    this.moments.reset();
    this.value = Number.NaN;
    this.slope = Number.NaN;
    this.rSquared = Number.NaN;
    this.isReady = false;
  }

  save(): IndicatorState {
    const writer = new StateWriter('LinearRegression').number(this.period).number(this.value).number(this.slope);
    return writer.number(this.rSquared).boolean(this.isReady).part(this.moments).finish();
  }

  load(state: IndicatorState): void {
    const reader = new StateReader('LinearRegression', state).argument('period', this.period);
    this.value = reader.number();
    this.slope = reader.number();
    this.rSquared = reader.number();
    this.isReady = reader.boolean();
    reader.part(this.moments).finish();
  }
}
