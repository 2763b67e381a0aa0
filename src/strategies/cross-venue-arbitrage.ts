import { type Book, Strategy } from '../core/strategy/strategy.ts';
import { SECOND_US } from '../model/civil-date.ts';
import type { OrderEvent } from '../model/events.ts';
import type { Instrument } from '../model/instrument.ts';
import type { ParameterDescriptors } from '../model/parameters.ts';
import { resumesAt } from './refused-orders.ts';
import { assertTradable, largestOf } from './stated-quantity.ts';

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
  pause: { type: 'number', default: 0.05, min: 0, max: 3600, description: 'Seconds between two looks that led to orders, at least.' },
} as const satisfies ParameterDescriptors;

/**
 * Buys where a thing is cheap and sells where it is dear at the same time: two instruments of the same thing at two venues, or two contracts on it. Both
 * orders are immediate-or-cancel at the prices that were seen, so that neither trades at a worse one. What is held comes back when the prices cross the
 * other way.
 *
 * Where one venue fills and the other does not, a leg is naked: the two positions do not sum to zero. Nothing else is traded then until they do. First
 * what lacks is bought (or sold) at the better price of the two books, at whichever venue shows it; where that got nothing, the leg that is in excess is
 * taken back by a market order. Only what is below a lot or the smallest order of both stays. `maxPosition` bounds each leg throughout: what evens
 * two legs within it leaves both within it.
 */
export class CrossVenueArbitrage extends Strategy<typeof parameters> {
  static override readonly parameters = parameters;

  /** No order before this time. */
  private waitsUntil = Number.NEGATIVE_INFINITY;
  /** Sum of the positions that the last order was to bring to zero; 0 where the last was a trade. */
  private triedNet = 0;

  override onStart(): void {
    if (this.instruments.length !== 2)
      throw new RangeError(`cross-venue-arbitrage trades exactly two instruments, and the run file gives it ${this.instruments.length}`);
    const [first, second] = this.instruments.map((instrument) => this.instrument(instrument)) as [Instrument, Instrument];
    const difference = differenceOf(first, second);
    if (difference !== null)
      throw new RangeError(`Cross-venue arbitrage trades one thing at two places; ${first.id} and ${second.id} ${difference}`);
    for (const instrument of this.instruments) {
      assertTradable('quantity', this.parameters.quantity, this.instrument(instrument));
      assertTradable('maxPosition', this.parameters.maxPosition, this.instrument(instrument));
      this.subscribeBook(instrument);
    }
  }

  override onOrderEvent(event: OrderEvent): void {
    this.waitsUntil = Math.max(this.waitsUntil, resumesAt(event, this.now));
  }

  override onBook(): void {
    if (this.now < this.waitsUntil) return;
    const [first, second] = this.instruments.map((instrument) => this.book(instrument)) as [Book, Book];
    if (!first.isUsable || !second.isUsable || this.openOrders().length > 0) return;
    if (!this.evensOut(first, second)) this.tryWays(first, second);
  }

  /** Orders what brings the sum of the positions to zero; false where nothing is to be ordered. */
  private evensOut(first: Book, second: Book): boolean {
    const net = this.position(first.instrument) + this.position(second.instrument);
    const side = net > 0 ? 'SELL' : 'BUY';
    const hasTried = net === this.triedNet;
    this.triedNet = net;
    if (hasTried && (this.takesBack(first, side, net) || this.takesBack(second, side, net))) return true;
    // Of two prices one may be NaN, which no comparison prefers.
    const better = side === 'BUY' ? first.askPrice <= second.askPrice : first.bidPrice >= second.bidPrice;
    const [best, other] = better ? [first, second] : [second, first];
    return this.completes(best, side, net) || this.completes(other, side, net);
  }

  private completes(book: Book, side: 'BUY' | 'SELL', net: number): boolean {
    const [price, size] = side === 'BUY' ? [book.askPrice, book.askSize] : [book.bidPrice, book.bidSize];
    const quantity = this.orderable(book.instrument, Math.min(Math.abs(net), size));
    if (!(quantity > 0)) return false;
    this.pauses();
    this.limitOrder(book.instrument, side, quantity, price, { timeInForce: 'IOC', tag: 'even' });
    return true;
  }

  private takesBack(book: Book, side: 'BUY' | 'SELL', net: number): boolean {
    const excess = Math.max(0, this.position(book.instrument) * Math.sign(net));
    const quantity = this.orderable(book.instrument, Math.min(Math.abs(net), excess));
    if (!(quantity > 0)) return false;
    this.pauses();
    this.marketOrder(book.instrument, side, quantity, { tag: 'even' });
    return true;
  }

  /** Whole lots of a quantity, no more than the largest order; 0 where they are less than the smallest. */
  private orderable(instrument: number, quantity: number): number {
    const definition = this.instrument(instrument);
    const rounded = this.roundQuantity(instrument, Math.min(quantity, largestOf(definition)));
    return rounded >= definition.quantityMin / definition.quantityScale ? rounded : 0;
  }

  /** Before an order, so that a refusal, which may come at once, can only lengthen it. */
  private pauses(): void {
    this.waitsUntil = this.now + this.parameters.pause * SECOND_US;
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
    const rounded = this.roundQuantity(cheap.instrument, this.roundQuantity(dear.instrument, wanted));
    const traded = Math.min(this.orderable(cheap.instrument, rounded), this.orderable(dear.instrument, rounded));
    if (traded <= 0) return;
    this.triedNet = 0;
    this.pauses();
    this.limitOrder(cheap.instrument, 'BUY', traded, cheap.askPrice, { timeInForce: 'IOC', tag: 'arbitrage' });
    this.limitOrder(dear.instrument, 'SELL', traded, dear.bidPrice, { timeInForce: 'IOC', tag: 'arbitrage' });
  }
}

/** How two instruments differ, for people, where a unit of one does not make up for a unit of the other; null where it does. */
function differenceOf(first: Instrument, second: Instrument): string | null {
  if (first.quote.code !== second.quote.code) return `are quoted in ${first.quote.code} and ${second.quote.code}`;
  if (first.isInverse !== second.isInverse) return 'are a linear and an inverse contract';
  const multipliers = [first, second].map(({ multiplier, multiplierDecimals }) => multiplier / 10 ** multiplierDecimals);
  return multipliers[0] === multipliers[1] ? null : `have the multipliers ${multipliers[0]} and ${multipliers[1]}`;
}
