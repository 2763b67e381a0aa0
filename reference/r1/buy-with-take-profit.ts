import { type Bar, type ParameterDescriptors, Strategy, type StrategyFill } from 'quanthybrid';

const parameters = {
  bar: { type: 'integer', default: 1, min: 1, max: 1_000_000, description: 'Number of the bar, from 1, after which to buy.' },
  quantity: { type: 'number', default: 1, min: 0, max: 1_000_000, description: 'What to buy.' },
  takeProfit: { type: 'number', default: 1, min: 0, max: 1_000_000, description: 'Price of the order that takes the profit.' },
} as const satisfies ParameterDescriptors;

/** Buys once; when that is filled, offers what was bought at the take-profit. */
export class BuyWithTakeProfit extends Strategy<typeof parameters> {
  static override readonly parameters = parameters;
  private barCount = 0;
  private hasBought = false;

  override onStart(): void {
    for (const instrument of this.instruments) this.subscribeBars(instrument, '1d');
  }

  override onBar(bar: Bar): void {
    this.barCount += 1;
    if (this.barCount === this.parameters.bar) this.marketOrder(bar.instrument, 'BUY', this.parameters.quantity);
  }

  override onFill(fill: StrategyFill): void {
    if (this.hasBought) return;
    this.hasBought = true;
    this.limitOrder(fill.instrument, 'SELL', this.parameters.quantity, this.parameters.takeProfit, { reduceOnly: true });
  }
}
