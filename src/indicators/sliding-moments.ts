import { checkedPeriod } from './indicator.ts';
import type { Indicator, IndicatorState } from './indicator.ts';
import { StateReader, StateWriter } from './state.ts';

/**
 * Mean, sum of squared deviations and covariance with time of the last `period` values: what Bollinger bands, z-score, regression and
 * realized volatility are made of.
 *
 * The older half's moments are suffix results, the newer half's are updated by Welford's rule, and the two are merged by Chan's formula.
 * Nothing is ever subtracted from a sum, so there is neither drift nor cancellation, and a constant series has a deviation of exactly 0.
 *
 * Sources: B. P. Welford, Technometrics 4 (1962); T. F. Chan, G. H. Golub, R. J. LeVeque, The American Statistician 37 (1983).
 */
export class SlidingMoments implements Indicator {
  readonly period: number;
  /** The mean. */
  value = Number.NaN;
  /** Σ (value − mean)². */
  squaredDeviations = Number.NaN;
  /** Σ (position − mean position) × (value − mean), positions 0 (oldest) to period − 1. */
  timeCovariance = Number.NaN;
  isReady = false;
  private readonly means: Float64Array;
  private readonly squares: Float64Array;
  private readonly covariances: Float64Array;
  private newerMean = Number.NaN;
  private newerSquares = Number.NaN;
  private newerCovariance = Number.NaN;
  private position = 0;

  /** @param period 1 to {@link INDICATOR_PERIOD_MAX} updates */
  constructor(period: number) {
    this.period = checkedPeriod('SlidingMoments period', period);
    this.means = new Float64Array(period + 1);
    this.squares = new Float64Array(period + 1);
    this.covariances = new Float64Array(period + 1);
    this.reset();
  }

  update(value: number): number {
    const newer = this.position + 1;
    const older = this.period - newer;
    this.means[this.position] = value;
    const deviation = value - this.newerMean;
    const newerMean = this.newerMean + deviation / newer;
    const remaining = value - newerMean;
    this.newerMean = newerMean;
    this.newerSquares += deviation * remaining;
    this.newerCovariance += newer * 0.5 * remaining;
    const shift = newerMean - this.means[newer]!;
    const weight = newer * older;
    this.squaredDeviations = this.squares[newer]! + this.newerSquares + shift * shift * (weight / this.period);
    this.timeCovariance = this.covariances[newer]! + this.newerCovariance + shift * (weight * 0.5);
    const mean = newerMean - shift * (older / this.period);
    this.value = mean;
    this.position = newer;
    if (older === 0) this.turn();
    return mean;
  }

  reset(): void {
    for (const results of [this.means, this.squares, this.covariances]) {
      results.fill(Number.NaN);
      results[this.period] = 0;
    }
    this.restart();
    this.value = Number.NaN;
    this.squaredDeviations = Number.NaN;
    this.timeCovariance = Number.NaN;
    this.isReady = false;
  }

  save(): IndicatorState {
    const writer = new StateWriter('SlidingMoments').number(this.period).number(this.value).number(this.squaredDeviations);
    writer.number(this.timeCovariance).boolean(this.isReady).number(this.newerMean).number(this.newerSquares);
    writer.number(this.newerCovariance).number(this.position);
    return writer.array(this.means).array(this.squares).array(this.covariances).finish();
  }

  load(state: IndicatorState): void {
    const reader = new StateReader('SlidingMoments', state).argument('period', this.period);
    this.value = reader.number();
    this.squaredDeviations = reader.number();
    this.timeCovariance = reader.number();
    this.isReady = reader.boolean();
    this.newerMean = reader.number();
    this.newerSquares = reader.number();
    this.newerCovariance = reader.number();
    this.position = reader.count(this.period - 1);
    reader.array(this.means).array(this.squares).array(this.covariances).finish();
  }

  private turn(): void {
    let mean = 0.0;
    let squares = 0.0;
    let covariance = 0.0;
    for (let index = this.period - 1; index >= 0; index -= 1) {
      const value = this.means[index]!;
      const count = this.period - index;
      const deviation = value - mean;
      mean += deviation / count;
      squares += deviation * (value - mean);
      // The value goes in before the others, (count)/2 positions below their mean.
      covariance -= count * 0.5 * (value - mean);
      this.means[index] = mean;
      this.squares[index] = squares;
      this.covariances[index] = covariance;
    }
    this.restart();
    this.isReady = true;
  }

  private restart(): void {
    this.newerMean = 0;
    this.newerSquares = 0;
    this.newerCovariance = 0;
    this.position = 0;
  }
}
