import { checkedPeriod } from './indicator.ts';
import type { Indicator, IndicatorState } from './indicator.ts';
import { StateReader, StateWriter } from './state.ts';
import { WilderAverage } from './wilder-average.ts';

/**
 * Average directional index, 0 to 100, with `plusDi` (+DI) and `minusDi` (−DI), all smoothed by Wilder's rule.
 *
 * Of the rise of the high and the fall of the low, the larger counts if it is above zero, the other is 0 (both 0 when equal).
 * ±DI = 100 × smoothed movement / smoothed true range; DX = 100 × |+DI − −DI| / (+DI + −DI); ADX = smoothed DX. A division by zero (no
 * range, no movement) gives 0. The first bar only serves as the one before; ±DI show after period + 1 bars, ADX after 2 × period.
 *
 * Source: J. Welles Wilder, New Concepts in Technical Trading Systems, 1978.
 */
export class Adx implements Indicator {
  readonly period: number;
  value = Number.NaN;
  plusDi = Number.NaN;
  minusDi = Number.NaN;
  isReady = false;
  private readonly range: WilderAverage;
  private readonly plusMovement: WilderAverage;
  private readonly minusMovement: WilderAverage;
  private readonly index: WilderAverage;
  private previousHigh = Number.NaN;
  private previousLow = Number.NaN;
  private previousClose = Number.NaN;
  private hasPrevious = false;

  /** @param period 1 to {@link INDICATOR_PERIOD_MAX} bars */
  constructor(period = 14) {
    this.period = checkedPeriod('Adx period', period);
    this.range = new WilderAverage(period);
    this.plusMovement = new WilderAverage(period);
    this.minusMovement = new WilderAverage(period);
    this.index = new WilderAverage(period);
  }

  update(high: number, low: number, close: number): number {
    const rise = high - this.previousHigh;
    const fall = this.previousLow - low;
    const trueRange = Math.max(high, this.previousClose) - Math.min(low, this.previousClose);
    this.previousHigh = high;
    this.previousLow = low;
    this.previousClose = close;
    if (!this.hasPrevious) {
      this.hasPrevious = true;
      return this.value;
    }
    const range = this.range.update(trueRange);
    const plus = this.plusMovement.update(rise > fall && rise > 0 ? rise : 0);
    const minus = this.minusMovement.update(fall > rise && fall > 0 ? fall : 0);
    if (this.range.isReady) this.updateIndex(range, plus, minus);
    return this.value;
  }

  reset(): void {
    for (const average of [this.range, this.plusMovement, this.minusMovement, this.index]) average.reset();
    this.value = Number.NaN;
    this.plusDi = Number.NaN;
    this.minusDi = Number.NaN;
    this.isReady = false;
    this.previousHigh = Number.NaN;
    this.previousLow = Number.NaN;
    this.previousClose = Number.NaN;
    this.hasPrevious = false;
  }

  save(): IndicatorState {
    const writer = new StateWriter('Adx').number(this.period).number(this.value).number(this.plusDi).number(this.minusDi);
    writer.boolean(this.isReady).number(this.previousHigh).number(this.previousLow).number(this.previousClose).boolean(this.hasPrevious);
    return writer.part(this.range).part(this.plusMovement).part(this.minusMovement).part(this.index).finish();
  }

  load(state: IndicatorState): void {
    const reader = new StateReader('Adx', state).argument('period', this.period);
    this.value = reader.number();
    this.plusDi = reader.number();
    this.minusDi = reader.number();
    this.isReady = reader.boolean();
    this.previousHigh = reader.number();
    this.previousLow = reader.number();
    this.previousClose = reader.number();
    this.hasPrevious = reader.boolean();
    reader.part(this.range).part(this.plusMovement).part(this.minusMovement).part(this.index).finish();
  }

  private updateIndex(range: number, plus: number, minus: number): void {
    this.plusDi = range === 0 ? 0 : (100 * plus) / range;
    this.minusDi = range === 0 ? 0 : (100 * minus) / range;
    const movement = plus + minus;
    this.value = this.index.update(movement === 0 ? 0 : (100 * Math.abs(plus - minus)) / movement);
    this.isReady = this.index.isReady;
  }
}
