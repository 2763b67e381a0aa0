import { Atr } from './atr.ts';
import { Ema } from './ema.ts';
import type { EmaSeed } from './ema.ts';
import { checkedFactor, checkedPeriod } from './indicator.ts';
import type { Indicator, IndicatorState } from './indicator.ts';
import { StateReader, StateWriter } from './state.ts';

export interface KeltnerChannelOptions {
  /** Of the exponential average of the close. */
  readonly period?: number;
  readonly atrPeriod?: number;
  /** Average true ranges between the middle and a band. */
  readonly width?: number;
  readonly seed?: EmaSeed;
}

/**
 * Keltner channel: `middle` = EMA of the close, `upper` and `lower` = middle ± width × ATR (Wilder). `value` is the middle.
 * Ready when both averages are.
 *
 * Source: Chester Keltner, How to Make Money in Commodities, 1960, in Linda Bradford Raschke's form with EMA and ATR.
 */
export class KeltnerChannel implements Indicator {
  readonly period: number;
  readonly atrPeriod: number;
  readonly width: number;
  value = Number.NaN;
  middle = Number.NaN;
  upper = Number.NaN;
  lower = Number.NaN;
  isReady = false;
  private readonly average: Ema;
  private readonly atr: Atr;

  /** Defaults 20, 10, 2. */
  constructor(options: KeltnerChannelOptions = {}) {
    this.period = checkedPeriod('KeltnerChannel period', options.period ?? 20);
    this.atrPeriod = checkedPeriod('KeltnerChannel atrPeriod', options.atrPeriod ?? 10);
    this.width = checkedFactor('KeltnerChannel width', options.width ?? 2);
    this.average = new Ema(this.period, { seed: options.seed ?? 'first' });
    this.atr = new Atr(this.atrPeriod);
  }

  update(high: number, low: number, close: number): number {
    const middle = this.average.update(close);
    const distance = this.width * this.atr.update(high, low, close);
    this.upper = middle + distance;
    this.lower = middle - distance;
    this.isReady = this.average.isReady && this.atr.isReady;
    // All three lines appear together: the average of two bands that are not there yet is not shown.
    this.middle = this.isReady ? middle : Number.NaN;
    this.value = this.middle;
    return this.value;
  }

  reset(): void {
    this.average.reset();
    this.atr.reset();
    this.value = Number.NaN;
    this.middle = Number.NaN;
    this.upper = Number.NaN;
    this.lower = Number.NaN;
    this.isReady = false;
  }

  save(): IndicatorState {
    const writer = new StateWriter('KeltnerChannel').number(this.period).number(this.atrPeriod).number(this.width).number(this.middle);
    return writer.number(this.upper).number(this.lower).boolean(this.isReady).part(this.average).part(this.atr).finish();
  }

  load(state: IndicatorState): void {
    const reader = new StateReader('KeltnerChannel', state).argument('period', this.period).argument('atrPeriod', this.atrPeriod);
    reader.argument('width', this.width);
    this.middle = reader.number();
    this.value = this.middle;
    this.upper = reader.number();
    this.lower = reader.number();
    this.isReady = reader.boolean();
    reader.part(this.average).part(this.atr).finish();
  }
}
