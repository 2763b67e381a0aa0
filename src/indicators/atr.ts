import { checkedPeriod } from './indicator.ts';
import type { Indicator, IndicatorState } from './indicator.ts';
import { StateReader, StateWriter } from './state.ts';
import { WilderAverage } from './wilder-average.ts';

/**
 * Average true range, smoothed by Wilder's rule. True range = max(high, previous close) − min(low, previous close); the first bar has no
 * previous close and counts high − low. Ready after `period` bars.
 *
 * Source: J. Welles Wilder, New Concepts in Technical Trading Systems, 1978.
 */
export class Atr implements Indicator {
  readonly period: number;
  value = Number.NaN;
  isReady = false;
  /** Range of the newest bar, gap included; NaN before the first. */
  trueRange = Number.NaN;
  private readonly average: WilderAverage;
  private previousClose = Number.NaN;
  private hasPrevious = false;

  /** @param period 1 to {@link INDICATOR_PERIOD_MAX} bars */
  constructor(period = 14) {
    this.period = checkedPeriod('Atr period', period);
    this.average = new WilderAverage(period);
  }

  update(high: number, low: number, close: number): number {
    if (this.hasPrevious) {
      this.trueRange = Math.max(high, this.previousClose) - Math.min(low, this.previousClose);
    } else {
      this.trueRange = high - low;
      this.hasPrevious = true;
    }
    this.previousClose = close;
    this.value = this.average.update(this.trueRange);
    this.isReady = this.average.isReady;
    return this.value;
  }

  reset(): void {
    this.average.reset();
    this.value = Number.NaN;
    this.isReady = false;
    this.trueRange = Number.NaN;
    this.previousClose = Number.NaN;
    this.hasPrevious = false;
  }

  save(): IndicatorState {
    const writer = new StateWriter('Atr').number(this.period).number(this.value).boolean(this.isReady).number(this.trueRange);
    return writer.number(this.previousClose).boolean(this.hasPrevious).part(this.average).finish();
  }

  load(state: IndicatorState): void {
    const reader = new StateReader('Atr', state).argument('period', this.period);
    this.value = reader.number();
    this.isReady = reader.boolean();
    this.trueRange = reader.number();
    this.previousClose = reader.number();
    this.hasPrevious = reader.boolean();
    reader.part(this.average).finish();
  }
}
