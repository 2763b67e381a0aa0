import { type Book, Strategy } from '../core/strategy/strategy.ts';
import { SECOND_US } from '../model/civil-date.ts';
import type { ParameterDescriptors } from '../model/parameters.ts';
import { assertTradable } from './stated-quantity.ts';

const parameters = {
  minEdge: {
    type: 'number',
    default: 0.0015,
    min: 0,
    max: 1,
    description: 'Least gain of selling at one venue what is bought at the other, as a share of the price; more than the fees of both.',
  },
  quantity: { type: 'decimal', default: '0.01', description: 'Most that is traded at once, in units of the instruments.' },
  maxPosition: { type: 'decimal', default: '0.1', description: 'Most that is held at either venue, long or short.' },
  pause: { type: 'number', default: 0.05, min: 0, max: 3600, description: 'Seconds between two trades, at least.' },
} as const satisfies ParameterDescriptors;

/**
 * Buys where a thing is cheap and sells where it is dear at the same time: two instruments of the same thing at two venues, or two contracts on it. Both
 * orders are immediate-or-cancel at the prices that were seen, so that neither trades at a worse one. What one venue fills and the other does not
 * stays open; `maxPosition` bounds each leg, not the difference. What is held comes back when the prices cross the other way.
 */
export class CrossVenueArbitrage extends Strategy<typeof parameters> {
  static override readonly parameters = parameters;

  private tradedTs = Number.NEGATIVE_INFINITY;

  override onStart(): void {
    if (this.instruments.length !== 2)
      throw new RangeError(`cross-venue-arbitrage trades exactly two instruments, and the run file gives it ${this.instruments.length}`);
    for (const instrument of this.instruments) {
      assertTradable('quantity', this.parameters.quantity, this.instrument(instrument));
      assertTradable('maxPosition', this.parameters.maxPosition, this.instrument(instrument));
      this.subscribeBook(instrument);
    }
  }

  override onBook(): void {
    if (this.now - this.tradedTs < this.parameters.pause * SECOND_US) return;
    const [first, second] = this.instruments.map((instrument) => this.book(instrument)) as [Book, Book];
    if (!first.isUsable || !second.isUsable || this.openOrders().length > 0) return;
    this.tryWays(first, second);
  }

  private tryWays(first: Book, second: Book): void {
    if (this.isWorth(first, second)) this.trade(first, second);
    else if (this.isWorth(second, first)) this.trade(second, first);
  }

  private isWorth(cheap: Book, dear: Book): boolean {
    // NaN where a side is absent: not worth it.
    return dear.bidPrice - cheap.askPrice >= this.parameters.minEdge * cheap.askPrice;
  }

  private trade(cheap: Book, dear: Book): void {
    const { quantity, maxPosition } = this.parameters;
    const room = Math.min(Number(maxPosition) - this.position(cheap.instrument), Number(maxPosition) + this.position(dear.instrument));
    const wanted = Math.min(Number(quantity), room, cheap.askSize, dear.bidSize);
    // A multiple of both lots, as far as the coarser one is a multiple of the finer.
    const traded = this.roundQuantity(cheap.instrument, this.roundQuantity(dear.instrument, wanted));
    if (traded <= 0) return;
    this.tradedTs = this.now;
    this.limitOrder(cheap.instrument, 'BUY', traded, cheap.askPrice, { timeInForce: 'IOC', tag: 'arbitrage' });
    this.limitOrder(dear.instrument, 'SELL', traded, dear.bidPrice, { timeInForce: 'IOC', tag: 'arbitrage' });
  }
}
