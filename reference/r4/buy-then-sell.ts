import { type Bar, type ParameterDescriptors, type QuoteTick, Strategy } from 'quanthybrid';

const parameters = {
  on: { type: 'choice', default: 'bars', choices: ['bars', 'quotes'], description: 'What is counted.' },
  buyAt: { type: 'integer', default: 1, min: 1, max: 1_000_000, description: 'Number of the bar or quote, from 1, at which to buy.' },
  sellAt: { type: 'integer', default: 2, min: 1, max: 1_000_000, description: 'Number of the bar or quote at which to sell.' },
  quantity: { type: 'decimal', default: '1', description: 'What is bought and sold.' },
} as const satisfies ParameterDescriptors;

/** Buys at one event and sells at a later one. */
export class BuyThenSell extends Strategy<typeof parameters> {
  static override readonly parameters = parameters;
  private count = 0;

  override onStart(): void {
    for (const instrument of this.instruments) {
      if (this.parameters.on === 'bars') this.subscribeBars(instrument, '1m');
      else this.subscribeQuotes(instrument);
    }
  }

  override onBar(bar: Bar): void {
    this.next(bar.instrument);
  }

  override onQuote(quote: QuoteTick): void {
    this.next(quote.instrument);
  }

  private next(instrument: number): void {
    const { buyAt, sellAt, quantity } = this.parameters;
    this.count += 1;
    if (this.count === buyAt) this.marketOrder(instrument, 'BUY', quantity);
    else if (this.count === sellAt) this.marketOrder(instrument, 'SELL', quantity);
  }
}
