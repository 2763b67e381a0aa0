import { checkedPeriod } from './indicator.ts';
import type { Indicator, IndicatorState } from './indicator.ts';
import { SlidingMaximum } from './sliding-maximum.ts';
import { StateReader, StateWriter } from './state.ts';

/**
 * Donchian channel: `upper` = highest high and `lower` = lowest low of the last `period` bars, the newest included; `middle` is halfway and
 * is the `value`. A breakout is judged against the channel of the bar before: read it before the update. Ready after `period` bars.
 *
 * Source: Richard Donchian's four-week rule, as in The Turtle Trading Rules, 2003.
 */
export class DonchianChannel implements Indicator {
  readonly period: number;
  value = Number.NaN;
  upper = Number.NaN;
  middle = Number.NaN;
  lower = Number.NaN;
  isReady = false;
  private readonly highs: SlidingMaximum;
  /** Lows with their sign turned. */
  private readonly lows: SlidingMaximum;

  /** @param period 1 to {@link INDICATOR_PERIOD_MAX} bars */
  constructor(period = 20) {
    this.period = checkedPeriod('DonchianChannel period', period);
    this.highs = new SlidingMaximum(period);
    this.lows = new SlidingMaximum(period);
  }

  update(high: number, low: number): number {
    const upper = this.highs.update(high);
    const lower = -this.lows.update(-low);
    this.upper = upper;
    this.lower = lower;
    this.middle = (upper + lower) / 2;
    this.value = this.middle;
    this.isReady = this.highs.isReady;
    return this.middle;
  }

  reset(): void {
    this.highs.reset();
    this.lows.reset();
    this.value = Number.NaN;
    this.upper = Number.NaN;
    this.middle = Number.NaN;
    this.lower = Number.NaN;
    this.isReady = false;
  }

  save(): IndicatorState {
    const writer = new StateWriter('DonchianChannel').number(this.period).number(this.upper).number(this.middle).number(this.lower);
    return writer.boolean(this.isReady).part(this.highs).part(this.lows).finish();
  }

  load(state: IndicatorState): void {
    const reader = new StateReader('DonchianChannel', state).argument('period', this.period);
    this.upper = reader.number();
    this.middle = reader.number();
    this.value = this.middle;
    this.lower = reader.number();
    this.isReady = reader.boolean();
    reader.part(this.highs).part(this.lows).finish();
  }
}
