import { type ParameterDescriptors, Strategy } from 'quanthybrid';

const parameters = {
  quantity: { type: 'decimal', default: '1', description: 'Units of each order.' },
  every: { type: 'number', default: 0.1, min: 0.001, max: 60, description: 'Seconds between two rounds of orders.' },
  orders: { type: 'integer', default: 2, min: 1, max: 100, description: 'Market orders of a round and instrument.' },
} as const satisfies ParameterDescriptors;

/** Trades all the time, so that a session has much to tell: takes the market to and fro, and lets one order rest until the next round. */
export class Busy extends Strategy<typeof parameters> {
  static override readonly parameters = parameters;

  override onStart(): void {
    for (const instrument of this.instruments) this.subscribeQuotes(instrument);
    this.setInterval('round', this.parameters.every * 1e6);
  }

  override onTimer(): void {
    if (this.isWarmingUp) return;
    for (const instrument of this.instruments) this.trade(instrument);
  }

  private trade(instrument: number): void {
    const { quantity, orders } = this.parameters;
    const bid = this.bestBid(instrument);
    if (!(bid > 0)) return;
    this.cancelAllOrders(instrument);
    const side = this.position(instrument) > 0 ? 'SELL' : 'BUY';
    for (let count = 0; count < orders; count += 1) this.marketOrder(instrument, side, quantity);
    this.limitOrder(instrument, 'BUY', quantity, this.roundPrice(instrument, bid * 0.9), { postOnly: true });
  }
}
