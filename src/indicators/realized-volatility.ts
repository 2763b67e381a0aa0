import { portableLog } from '../base/elementary.ts';
import { checkedFactor, checkedPeriod } from './indicator.ts';
import type { Indicator, IndicatorState } from './indicator.ts';
import { SlidingMoments } from './sliding-moments.ts';
import { StateReader, StateWriter } from './state.ts';

export interface RealizedVolatilityOptions {
  /**
   * Deviations are taken from zero and divided by the count (`zero`, the default: the mean return of a short window is noise), or from the
   * window's mean and divided by the count less one (`mean`, the sample standard deviation).
   */
  readonly center?: 'zero' | 'mean';
  /** Updates in a year: 252 (default) for daily bars of a stock exchange, 1 for no annualization. */
  readonly periodsPerYear?: number;
}

/**
 * Realized volatility: standard deviation of the last `period` logarithmic returns × √periodsPerYear. Ready after period + 1 values.
 * The logarithm is the portable one, so that a decision that hangs on it is the same on every machine.
 *
 * Source: T. G. Andersen, T. Bollerslev, International Economic Review 39 (1998), for the zero-mean form.
 */
export class RealizedVolatility implements Indicator {
  readonly period: number;
  readonly center: 'zero' | 'mean';
  readonly periodsPerYear: number;
  value = Number.NaN;
  isReady = false;
  private readonly moments: SlidingMoments;
  private previous = Number.NaN;
  private hasPrevious = false;

  /** @param period returns in the window, 1 (or 2 with center `mean`) to {@link INDICATOR_PERIOD_MAX} */
  constructor(period: number, options: RealizedVolatilityOptions = {}) {
    const center = options.center ?? 'zero';
    if (center !== 'zero' && center !== 'mean') {
      throw new RangeError(`RealizedVolatility center is ${String(center)}: give 'zero' or 'mean'.`);
    }
    this.period = checkedPeriod('RealizedVolatility period', period, center === 'mean' ? 2 : 1);
    this.center = center;
    this.periodsPerYear = checkedFactor('RealizedVolatility periodsPerYear', options.periodsPerYear ?? 252);
    this.moments = new SlidingMoments(period);
  }

  /**
   * @param value a price above zero
   * @throws InvariantError when the ratio of two prices has no logarithm
   */
  update(value: number): number {
    const before = this.previous;
    this.previous = value;
    if (!this.hasPrevious) {
      this.hasPrevious = true;
      return this.value;
    }
    const mean = this.moments.update(portableLog(value / before));
    const squares = this.moments.squaredDeviations;
    const variance = this.center === 'zero' ? squares / this.period + mean * mean : squares / (this.period - 1);
    this.value = Math.sqrt(variance * this.periodsPerYear);
    this.isReady = this.moments.isReady;
    return this.value;
  }

  reset(): void {
    this.moments.reset();
    this.value = Number.NaN;
    this.isReady = false;
    this.previous = Number.NaN;
    this.hasPrevious = false;
  }

  save(): IndicatorState {
    const writer = new StateWriter('RealizedVolatility')
      .number(this.period)
      .boolean(this.center === 'mean')
      .number(this.periodsPerYear);
    writer.number(this.value).boolean(this.isReady).number(this.previous).boolean(this.hasPrevious);
    return writer.part(this.moments).finish();
  }

  load(state: IndicatorState): void {
    const reader = new StateReader('RealizedVolatility', state).argument('period', this.period);
    reader.argument('center (0 zero, 1 mean)', this.center === 'mean' ? 1 : 0).argument('periodsPerYear', this.periodsPerYear);
    this.value = reader.number();
    this.isReady = reader.boolean();
    this.previous = reader.number();
    this.hasPrevious = reader.boolean();
    reader.part(this.moments).finish();
  }
}
