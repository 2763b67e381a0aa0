import { checkedPeriod } from './indicator.ts';
import type { Indicator, IndicatorState } from './indicator.ts';
import { SlidingMaximum } from './sliding-maximum.ts';
import { Sma } from './sma.ts';
import { StateReader, StateWriter } from './state.ts';

export interface StochasticOptions {
  /** Bars whose range the close is placed in. */
  readonly period?: number;
  /** Moving average that turns raw %K into %K; 1 gives the fast stochastic. */
  readonly smoothingPeriod?: number;
  /** Moving average that turns %K into %D. */
  readonly signalPeriod?: number;
}

/**
 * Stochastic oscillator, 0 to 100: raw %K = 100 × (close − lowest low) / (highest high − lowest low) over `period` bars; `k` = its simple
 * moving average over `smoothingPeriod`; `d` = that of `k` over `signalPeriod`. `value` is `k`. A range of zero is 0/0 and counts as 50,
 * the middle. `k` shows after period + smoothing − 1 bars; ready when `d` shows, signal − 1 bars later.
 *
 * Source: George C. Lane, Technical Analysis of Stocks & Commodities 2:3 (1984).
 */
export class Stochastic implements Indicator {
  readonly period: number;
  readonly smoothingPeriod: number;
  readonly signalPeriod: number;
  value = Number.NaN;
  k = Number.NaN;
  d = Number.NaN;
  isReady = false;
  private readonly highs: SlidingMaximum;
  /** Lows with their sign turned. */
  private readonly lows: SlidingMaximum;
  private readonly smoothing: Sma;
  private readonly signal: Sma;

  /** Defaults 14, 3, 3 (the slow stochastic). */
  constructor(options: StochasticOptions = {}) {
    this.period = checkedPeriod('Stochastic period', options.period ?? 14);
    this.smoothingPeriod = checkedPeriod('Stochastic smoothingPeriod', options.smoothingPeriod ?? 3);
    this.signalPeriod = checkedPeriod('Stochastic signalPeriod', options.signalPeriod ?? 3);
    this.highs = new SlidingMaximum(this.period);
    this.lows = new SlidingMaximum(this.period);
    this.smoothing = new Sma(this.smoothingPeriod);
    this.signal = new Sma(this.signalPeriod);
  }

  update(high: number, low: number, close: number): number {
    const highest = this.highs.update(high);
    const lowest = -this.lows.update(-low);
    if (!this.highs.isReady) return this.value;
    const range = highest - lowest;
    this.k = this.smoothing.update(range === 0 ? 50 : (100 * (close - lowest)) / range);
    this.value = this.k;
    if (this.smoothing.isReady) {
      this.d = this.signal.update(this.k);
      this.isReady = this.signal.isReady;
    }
    return this.value;
  }

  reset(): void {
    this.highs.reset();
    this.lows.reset();
    this.smoothing.reset();
    this.signal.reset();
    this.value = Number.NaN;
    this.k = Number.NaN;
    this.d = Number.NaN;
    this.isReady = false;
  }

  save(): IndicatorState {
    const writer = new StateWriter('Stochastic').number(this.period).number(this.smoothingPeriod).number(this.signalPeriod);
    writer.number(this.k).number(this.d).boolean(this.isReady);
    return writer.part(this.highs).part(this.lows).part(this.smoothing).part(this.signal).finish();
  }

  load(state: IndicatorState): void {
    const reader = new StateReader('Stochastic', state).argument('period', this.period);
    reader.argument('smoothingPeriod', this.smoothingPeriod).argument('signalPeriod', this.signalPeriod);
    this.k = reader.number();
    this.value = this.k;
    this.d = reader.number();
    this.isReady = reader.boolean();
    reader.part(this.highs).part(this.lows).part(this.smoothing).part(this.signal).finish();
  }
}
