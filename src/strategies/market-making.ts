import { type Book, Strategy } from '../core/strategy/strategy.ts';
import { OrderStatus } from '../model/order-status.ts';
import { SECOND_US } from '../model/civil-date.ts';
import type { ParameterDescriptors } from '../model/parameters.ts';

const parameters = {
  quantity: { type: 'decimal', default: '0.01', description: 'Quantity of each quote, in units of the instrument.' },
  maxPosition: { type: 'decimal', default: '0.05', description: 'Position, long or short, beyond which the side that adds is not quoted.' },
  riskAversion: {
    type: 'number',
    default: 0.1,
    min: 0.000001,
    max: 1000,
    description: 'γ, per unit of the quote currency: the larger, the further quotes lean away from what is held.',
  },
  liquidity: {
    type: 'number',
    default: 1,
    min: 0.0001,
    max: 10000,
    description: 'k, per unit of price: how fast fills thin out with the distance from the middle.',
  },
  horizon: { type: 'number', default: 30, min: 0.1, max: 86400, description: 'T − t, seconds for which what is held is at risk.' },
  volatilityHalfLife: {
    type: 'number',
    default: 30,
    min: 0.1,
    max: 86400,
    description: 'Seconds after which a move of the middle counts half in the volatility.',
  },
  minSpreadTicks: { type: 'integer', default: 1, min: 1, max: 100000, description: 'Least distance of bid and ask, in price increments.' },
  requoteTicks: {
    type: 'integer',
    default: 1,
    min: 1,
    max: 100000,
    description: 'Quotes move when they are this far from where they should be.',
  },
  refresh: { type: 'number', default: 0.1, min: 0.001, max: 3600, description: 'Seconds between two looks at the quotes, at least.' },
} as const satisfies ParameterDescriptors;

/**
 * Quotes both sides around a price that leans away from what is held, after Avellaneda and Stoikov with a horizon that does not end:
 * reservation price r = s − q γ σ² (T − t), spread δ = γ σ² (T − t) + (2 ÷ γ) ln(1 + γ ÷ k), with s the middle of the book, q the position in
 * units and σ² the variance of s per second. Quotes are post-only and stay behind the best price of the other side.
 *
 * Source: M. Avellaneda and S. Stoikov, High-frequency trading in a limit order book, Quantitative Finance 8, 2008.
 */
export class MarketMaking extends Strategy<typeof parameters> {
  static override readonly parameters = parameters;

  /** Per instrument: middle and time of the last look, and the variance per second; 0 before there is one. */
  private readonly middle: number[] = this.instruments.map(() => Number.NaN);
  private readonly lookedTs: number[] = this.instruments.map(() => 0);
  private readonly variance: number[] = this.instruments.map(() => 0);

  override onStart(): void {
    for (const instrument of this.instruments) this.subscribeBook(instrument);
  }

  override onBook(book: Book): void {
    const place = this.instruments.indexOf(book.instrument);
    const elapsed = (this.now - this.lookedTs[place]!) / SECOND_US;
    const middle = book.midPrice;
    if (elapsed < this.parameters.refresh || Number.isNaN(middle)) return;
    if (!Number.isNaN(this.middle[place]!)) this.learn(place, middle - this.middle[place]!, elapsed);
    this.middle[place] = middle;
    this.lookedTs[place] = this.now;
    if (this.variance[place] !== 0) this.quote(book, this.variance[place]!);
  }

  /** Takes a move of the middle into its variance per second. */
  private learn(place: number, move: number, elapsed: number): void {
    const weight = 1 - 2 ** (-elapsed / this.parameters.volatilityHalfLife);
    const before = this.variance[place]!;
    const seen = (move * move) / elapsed;
    this.variance[place] = before === 0 ? seen : before + weight * (seen - before);
  }

  private quote(book: Book, variance: number): void {
    const { riskAversion, liquidity, horizon, quantity, maxPosition, minSpreadTicks } = this.parameters;
    const { instrument } = book;
    const held = this.position(instrument);
    const atRisk = riskAversion * variance * horizon;
    const reservation = book.midPrice - held * atRisk;
    const tick = this.tickOf(instrument);
    const half = Math.max(minSpreadTicks * tick, atRisk + (2 / riskAversion) * Math.log(1 + riskAversion / liquidity)) / 2;
    // Behind the other side, so that neither quote would take.
    const bid = Math.min(this.roundPrice(instrument, reservation - half, 'down'), book.askPrice - tick);
    const ask = Math.max(this.roundPrice(instrument, reservation + half, 'up'), book.bidPrice + tick);
    // In whole lots: 0.1 beside 0.2 of at most 0.3 is allowed.
    const room = (signed: number): number => this.roundQuantity(instrument, Number(maxPosition) - signed, 'nearest');
    this.keep(instrument, 'BUY', bid, room(held) >= Number(quantity) ? quantity : null);
    this.keep(instrument, 'SELL', ask, room(-held) >= Number(quantity) ? quantity : null);
  }

  /** Brings the quote of a side to its price: places or moves it; without a quantity cancels it. One that waits for an answer is left alone. */
  private keep(instrument: number, side: 'BUY' | 'SELL', price: number, quantity: string | null): void {
    const sign = side === 'BUY' ? 1 : -1;
    const quote = this.openOrders(instrument).find((order) => order.side === sign);
    const rounded = this.roundPrice(instrument, price);
    if (quote === undefined) {
      if (quantity !== null && rounded > 0) this.limitOrder(instrument, side, quantity, rounded, { postOnly: true, tag: 'quote' });
      return;
    }
    if (quote.status !== OrderStatus.ACCEPTED && quote.status !== OrderStatus.PARTIALLY_FILLED) return;
    const distance = Math.abs(quote.limitPrice / this.instrument(instrument).priceScale - rounded);
    if (quantity === null) this.cancelOrder(quote.clientOrderId);
    else if (distance > (this.parameters.requoteTicks - 0.5) * this.tickOf(instrument))
      this.modifyOrder(quote.clientOrderId, { limitPrice: rounded });
  }

  private tickOf(instrument: number): number {
    const { priceIncrement, priceScale } = this.instrument(instrument);
    return priceIncrement / priceScale;
  }

  override onStop(): void {
    this.cancelAllOrders();
  }
}
