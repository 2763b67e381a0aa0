import { checkedPeriod } from './indicator.ts';
import type { Indicator, IndicatorState } from './indicator.ts';
import { StateReader, StateWriter } from './state.ts';
import { WilderAverage } from './wilder-average.ts';

/**
 * Relative strength index, 0 to 100: 100 × average gain / (average gain + average loss), both smoothed by Wilder's rule.
 * Ready after period + 1 values (`period` changes). Where nothing moved at all the definition is 0/0; the value is then 50, the middle,
 * so that a dead market is neither overbought nor oversold.
 *
 * Source: J. Welles Wilder, New Concepts in Technical Trading Systems, 1978.
 */
export class Rsi implements Indicator {
  readonly period: number;
  value = Number.NaN;
  isReady = false;
  private readonly gain: WilderAverage;
  private readonly loss: WilderAverage;
  private previous = Number.NaN;
  private hasPrevious = false;

  /** @param period changes averaged, 1 to {@link INDICATOR_PERIOD_MAX} */
  constructor(period = 14) {
    this.period = checkedPeriod('Rsi period', period);
    this.gain = new WilderAverage(period);
    this.loss = new WilderAverage(period);
  }

  update(value: number): number {
    const change = value - this.previous;
    this.previous = value;
    if (!this.hasPrevious) {
      this.hasPrevious = true;
      return this.value;
    }
    const gained = Math.max(change, 0);
    const gain = this.gain.update(gained);
    const moved = gain + this.loss.update(gained - change);
    this.isReady = this.gain.isReady;
    this.value = moved === 0 ? 50 : (100 * gain) / moved;
    return this.value;
  }

  reset(): void {
    this.gain.reset();
    this.loss.reset();
    this.value = Number.NaN;
    this.isReady = false;
    this.previous = Number.NaN;
    this.hasPrevious = false;
  }

  save(): IndicatorState {
    const writer = new StateWriter('Rsi').number(this.period).number(this.value).boolean(this.isReady);
    return writer.number(this.previous).boolean(this.hasPrevious).part(this.gain).part(this.loss).finish();
  }

  load(state: IndicatorState): void {
    const reader = new StateReader('Rsi', state).argument('period', this.period);
    this.value = reader.number();
    this.isReady = reader.boolean();
    this.previous = reader.number();
    this.hasPrevious = reader.boolean();
    reader.part(this.gain).part(this.loss).finish();
  }
}
