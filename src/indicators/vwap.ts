import type { Indicator, IndicatorState } from './indicator.ts';
import { StateReader, StateWriter } from './state.ts';

/**
 * Volume-weighted average price since the last {@link reset} (call it when the session opens): Σ price × quantity / Σ quantity.
 * For bars give the typical price, (high + low + close) / 3. Ready from the first quantity above zero.
 *
 * Both sums carry their rounding errors along (Knuth's two-sum), so a session of 50 million updates is as accurate as one of a hundred.
 * Source: D. E. Knuth, The Art of Computer Programming, volume 2, section 4.2.2, theorem B.
 */
export class Vwap implements Indicator {
  value = Number.NaN;
  isReady = false;
  /** Σ quantity since the reset. */
  quantity = Number.NaN;
  private quantityError = Number.NaN;
  private turnover = Number.NaN;
  private turnoverError = Number.NaN;

  constructor() {
    this.reset();
  }

  update(price: number, quantity: number): number {
    const product = price * quantity;
    const turnover = this.turnover + product;
    const turnoverPart = turnover - this.turnover;
    this.turnoverError += this.turnover - (turnover - turnoverPart) + (product - turnoverPart);
    this.turnover = turnover;
    const total = this.quantity + quantity;
    const totalPart = total - this.quantity;
    this.quantityError += this.quantity - (total - totalPart) + (quantity - totalPart);
    this.quantity = total;
    this.isReady = total > 0;
    this.value = (turnover + this.turnoverError) / (total + this.quantityError);
    return this.value;
  }

  reset(): void {
    this.value = Number.NaN;
    this.isReady = false;
    this.quantity = 0;
    this.quantityError = 0;
    this.turnover = 0;
    this.turnoverError = 0;
  }

  save(): IndicatorState {
    const writer = new StateWriter('Vwap').number(this.value).boolean(this.isReady).number(this.quantity).number(this.quantityError);
    return writer.number(this.turnover).number(this.turnoverError).finish();
  }

  load(state: IndicatorState): void {
    const reader = new StateReader('Vwap', state);
    this.value = reader.number();
    this.isReady = reader.boolean();
    this.quantity = reader.number();
    this.quantityError = reader.number();
    this.turnover = reader.number();
    this.turnoverError = reader.number();
    reader.finish();
  }
}
