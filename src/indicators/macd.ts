import { Ema } from './ema.ts';
import type { EmaSeed } from './ema.ts';
import { checkedPeriod } from './indicator.ts';
import type { Indicator, IndicatorState } from './indicator.ts';
import { StateReader, StateWriter } from './state.ts';

export interface MacdOptions {
  readonly fastPeriod?: number;
  readonly slowPeriod?: number;
  readonly signalPeriod?: number;
  /** Seed of all three averages, see {@link Ema}. */
  readonly seed?: EmaSeed;
}

/**
 * Moving average convergence divergence: `macd` = EMA(fast) − EMA(slow); `signal` = EMA of macd; `histogram` = macd − signal.
 * macd shows from the slow period on; the signal's average is fed from there, so all three are ready after slow + signal − 1 values.
 * `value` is macd.
 *
 * Source: Gerald Appel, Technical Analysis: Power Tools for Active Investors, 2005.
 */
export class Macd implements Indicator {
  readonly fastPeriod: number;
  readonly slowPeriod: number;
  readonly signalPeriod: number;
  value = Number.NaN;
  macd = Number.NaN;
  signal = Number.NaN;
  histogram = Number.NaN;
  isReady = false;
  private readonly fast: Ema;
  private readonly slow: Ema;
  private readonly signalAverage: Ema;

  /** Defaults 12, 26, 9; the fast period must be shorter than the slow one. */
  constructor(options: MacdOptions = {}) {
    this.fastPeriod = checkedPeriod('Macd fastPeriod', options.fastPeriod ?? 12);
    this.slowPeriod = checkedPeriod('Macd slowPeriod', options.slowPeriod ?? 26);
    this.signalPeriod = checkedPeriod('Macd signalPeriod', options.signalPeriod ?? 9);
    if (this.fastPeriod >= this.slowPeriod) {
      throw new RangeError(
        `Macd fastPeriod is ${this.fastPeriod} and slowPeriod ${this.slowPeriod}: give a fast period below the slow one.`,
      );
    }
    const seed = { seed: options.seed ?? 'first' };
    this.fast = new Ema(this.fastPeriod, seed);
    this.slow = new Ema(this.slowPeriod, seed);
    this.signalAverage = new Ema(this.signalPeriod, seed);
  }

  update(value: number): number {
    const macd = this.fast.update(value) - this.slow.update(value);
    this.macd = macd;
    this.value = macd;
    if (this.slow.isReady) {
      this.signal = this.signalAverage.update(macd);
      this.histogram = macd - this.signal;
      this.isReady = this.signalAverage.isReady;
    }
    return macd;
  }

  reset(): void {
    this.fast.reset();
    this.slow.reset();
    this.signalAverage.reset();
    this.value = Number.NaN;
    this.macd = Number.NaN;
    this.signal = Number.NaN;
    this.histogram = Number.NaN;
    this.isReady = false;
  }

  save(): IndicatorState {
    const writer = new StateWriter('Macd').number(this.fastPeriod).number(this.slowPeriod).number(this.signalPeriod);
    writer.number(this.macd).number(this.signal).number(this.histogram).boolean(this.isReady);
    return writer.part(this.fast).part(this.slow).part(this.signalAverage).finish();
  }

  load(state: IndicatorState): void {
    const reader = new StateReader('Macd', state).argument('fastPeriod', this.fastPeriod).argument('slowPeriod', this.slowPeriod);
    reader.argument('signalPeriod', this.signalPeriod);
    this.macd = reader.number();
    this.value = this.macd;
    this.signal = reader.number();
    this.histogram = reader.number();
    this.isReady = reader.boolean();
    reader.part(this.fast).part(this.slow).part(this.signalAverage).finish();
  }
}
