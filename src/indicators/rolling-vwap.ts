import { checkedPeriod } from './indicator.ts';
import type { Indicator, IndicatorState } from './indicator.ts';
import { Sma } from './sma.ts';
import { StateReader, StateWriter } from './state.ts';

/**
 * Volume-weighted average price of the last `period` updates. Ready after `period` updates; NaN while the window holds no quantity.
 */
export class RollingVwap implements Indicator {
  readonly period: number;
  value = Number.NaN;
  isReady = false;
  private readonly turnover: Sma;
  private readonly quantity: Sma;

  /** @param period 1 to {@link INDICATOR_PERIOD_MAX} updates */
  constructor(period: number) {
    this.period = checkedPeriod('RollingVwap period', period);
    this.turnover = new Sma(period);
    this.quantity = new Sma(period);
  }

  update(price: number, quantity: number): number {
    this.value = this.turnover.update(price * quantity) / this.quantity.update(quantity);
    this.isReady = this.turnover.isReady;
    return this.value;
  }

  reset(): void {
    this.turnover.reset();
    this.quantity.reset();
    this.value = Number.NaN;
    this.isReady = false;
  }

  save(): IndicatorState {
    const writer = new StateWriter('RollingVwap').number(this.period).number(this.value).boolean(this.isReady);
    return writer.part(this.turnover).part(this.quantity).finish();
  }

  load(state: IndicatorState): void {
    const reader = new StateReader('RollingVwap', state).argument('period', this.period);
    this.value = reader.number();
    this.isReady = reader.boolean();
    reader.part(this.turnover).part(this.quantity).finish();
  }
}
