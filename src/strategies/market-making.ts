import { type Book, Strategy } from '../core/strategy/strategy.ts';
import { OrderStatus } from '../model/order-status.ts';
import { SECOND_US } from '../model/civil-date.ts';
import type { OrderEvent } from '../model/events.ts';
import type { ParameterDescriptors } from '../model/parameters.ts';
import { resumesAt } from './refused-orders.ts';
import { assertOrderable, assertTradable, largestOf, leastWorth } from './stated-quantity.ts';

/** Share of equity that a quote is worth where nothing is said, and how many quotes may be held: together a twentieth of equity. */
const QUOTE_SHARE = 0.01;
const QUOTES_HELD = 5;
/** Where nothing is said a quote is worth so many of the smallest order in value: the price may fall by half before it would be denied. */
const SMALLEST_WORTHS = 2;
/** Where nothing is said quotes lean by this share of what the middle moves in the horizon, for each quote that is held: by half of it when all are. */
const LEAN_SHARE = 0.1;
/** Where nothing is said quotes are moved when they are off by this share of their distance. */
const REQUOTE_SHARE = 0.25;

type Side = 'BUY' | 'SELL';

const parameters = {
  quantity: {
    type: 'decimal',
    default: '0',
    description:
      'Quantity of each quote, in units of the instrument; 0: a hundredth of equity in value when quoting begins, at least the smallest order and twice the smallest in value, at most the largest order and maxPosition.',
  },
  maxPosition: {
    type: 'decimal',
    default: '0',
    description: 'Position, long or short, beyond which the side that adds is not quoted; 0: five quotes.',
  },
  riskAversion: {
    type: 'number',
    default: 0,
    min: 0,
    max: 1000,
    description:
      'γ, per unit of the quote currency: the larger, the further quotes lean away from what is held. 0: by a tenth of what the middle moves in the horizon (σ √T) for each quote that is held.',
  },
  liquidity: {
    type: 'number',
    default: 0,
    min: 0,
    max: 10000,
    description:
      'k, per unit of price: how fast fills thin out with the distance from the middle. 0: 2 ÷ the mean spread of the book, so that 2 ÷ k is that spread.',
  },
  horizon: { type: 'number', default: 30, min: 0.1, max: 86400, description: 'Seconds for which what is held is at risk: T − t.' },
  volatilityHalfLife: {
    type: 'number',
    default: 30,
    min: 0.1,
    max: 86400,
    description: 'Seconds after which a move of the middle counts half in the volatility, and a spread in the mean spread.',
  },
  minSpreadTicks: { type: 'integer', default: 1, min: 1, max: 100000, description: 'Least distance of bid and ask, in price increments.' },
  requoteTicks: {
    type: 'integer',
    default: 0,
    min: 0,
    max: 100000,
    description:
      'Price increments from where it should be at which a quote is moved, and loses its place; 0: a quarter of the distance of bid and ask.',
  },
  refresh: { type: 'number', default: 0.1, min: 0.001, max: 3600, description: 'Seconds between two looks at the quotes, at least.' },
} as const satisfies ParameterDescriptors;

/**
 * Quotes both sides around a price that leans away from what is held, after Avellaneda and Stoikov with a horizon that does not end. Their orders have
 * the quantity 1; here a quote is the unit, so that with quotes of Q units and γ' = γ Q the reservation price is r = s − (q ÷ Q) γ' σ² (T − t) and the
 * spread δ = γ' σ² (T − t) + (2 ÷ γ') ln(1 + γ' ÷ k), with s the middle of the book, q the position in units and σ² the variance of s per second. Quotes
 * are post-only and stay behind the best price of the other side.
 *
 * What γ and k are in money says nothing that holds for another instrument. Where they are not stated they are taken from the book: γ' from σ, k from the
 * spread. γ' is then at most k, so that a calm market does not bring the quotes together.
 *
 * Source: M. Avellaneda and S. Stoikov, High-frequency trading in a limit order book, Quantitative Finance 8, 2008.
 */
export class MarketMaking extends Strategy<typeof parameters> {
  static override readonly parameters = parameters;

  /** Per instrument: middle and time of the last look, and the variance per second; 0 before there is one. */
  private readonly middle: number[] = this.instruments.map(() => Number.NaN);
  private readonly lookedTs: number[] = this.instruments.map(() => 0);
  private readonly variance: number[] = this.instruments.map(() => 0);
  /** Mean spread, and the quantity of a quote in units; NaN before there is one. */
  private readonly spread: number[] = this.instruments.map(() => Number.NaN);
  private readonly quantity: number[] = this.instruments.map(() => Number.NaN);
  /** Per instrument and side: the price that was last asked for; NaN before. An order that waits for an answer stands there or where it stood. */
  private readonly asked: Record<Side, number[]> = {
    BUY: this.instruments.map(() => Number.NaN),
    SELL: this.instruments.map(() => Number.NaN),
  };

  /** Per instrument and side: nothing is placed or moved before this time. */
  private readonly waitsUntil: Record<Side, number[]> = {
    BUY: this.instruments.map(() => 0),
    SELL: this.instruments.map(() => 0),
  };

  override onStart(): void {
    const { quantity, maxPosition } = this.parameters;
    for (const instrument of this.instruments) {
      if (Number(quantity) !== 0) assertOrderable('quantity', quantity, this.instrument(instrument));
      if (Number(maxPosition) !== 0) assertTradable('maxPosition', maxPosition, this.instrument(instrument));
      this.subscribeBook(instrument);
    }
    if (Number(maxPosition) !== 0 && Number(maxPosition) < Number(quantity))
      throw new RangeError(
        `maxPosition is ${maxPosition}, less than the quantity of a quote: write ${quantity} or more, or 0 for five quotes`,
      );
  }

  override onBook(book: Book): void {
    const place = this.instruments.indexOf(book.instrument);
    const elapsed = (this.now - this.lookedTs[place]!) / SECOND_US;
    const middle = book.midPrice;
    if (elapsed < this.parameters.refresh || Number.isNaN(middle)) return;
    this.learn(place, middle - this.middle[place]!, book.spread, elapsed);
    this.middle[place] = middle;
    this.lookedTs[place] = this.now;
    if (this.variance[place] !== 0) this.quote(book, place);
  }

  /** Takes a move of the middle into its variance per second, and a spread into the mean; the first look has no move. */
  private learn(place: number, move: number, spread: number, elapsed: number): void {
    if (Number.isNaN(move)) {
      this.spread[place] = spread;
      return;
    }
    const weight = 1 - 2 ** (-elapsed / this.parameters.volatilityHalfLife);
    const before = this.variance[place]!;
    const seen = (move * move) / elapsed;
    this.variance[place] = before === 0 ? seen : before + weight * (seen - before);
    this.spread[place] = this.spread[place]! + weight * (spread - this.spread[place]!);
  }

  private quote(book: Book, place: number): void {
    const { riskAversion, liquidity, horizon, maxPosition, minSpreadTicks, requoteTicks } = this.parameters;
    const { instrument } = book;
    if (Number.isNaN(this.quantity[place]!)) this.quantity[place] = this.quantityOf(instrument, book.midPrice);
    const quantity = this.quantity[place]!;
    const most = Number(maxPosition) === 0 ? QUOTES_HELD * quantity : Number(maxPosition);
    const held = this.position(instrument);
    const variance = this.variance[place]! * horizon;
    const thinning = liquidity === 0 ? 2 / this.spread[place]! : liquidity;
    const aversion = riskAversion === 0 ? Math.min(LEAN_SHARE / Math.sqrt(variance), thinning) : riskAversion * quantity;
    const atRisk = aversion * variance;
    const reservation = book.midPrice - (held / quantity) * atRisk;
    const tick = this.tickOf(instrument);
    const distance = Math.max(minSpreadTicks * tick, atRisk + (2 / aversion) * Math.log(1 + aversion / thinning));
    // Behind the other side, so that neither quote would take.
    const bid = Math.min(this.roundPrice(instrument, reservation - distance / 2, 'down'), book.askPrice - tick);
    const ask = Math.max(this.roundPrice(instrument, reservation + distance / 2, 'up'), book.bidPrice + tick);
    const slack = requoteTicks === 0 ? Math.max(tick, REQUOTE_SHARE * distance) : requoteTicks * tick;
    // In whole lots: 0.1 beside 0.2 of at most 0.3 is allowed.
    const room = (signed: number): number => this.roundQuantity(instrument, most - signed, 'nearest');
    this.keep(place, 'BUY', bid, room(held) >= quantity ? quantity : null, slack);
    this.keep(place, 'SELL', ask, room(-held) >= quantity ? quantity : null, slack);
  }

  /**
   * Units of a quote: as stated, else by equity, which is taken to be in the settlement currency; without a known equity the smallest order. What is not
   * stated is no more than may be held or ordered at once, and no less than may be ordered.
   *
   * @throws RangeError where what is stated is worth less than any order may be
   */
  private quantityOf(instrument: number, price: number): number {
    const { quantity, maxPosition } = this.parameters;
    const definition = this.instrument(instrument);
    const worth = leastWorth(definition, price);
    const stated = Number(quantity);
    if (stated !== 0) {
      if (stated < worth) throw this.worthless('quantity', quantity, instrument, price);
      return stated;
    }
    const { isInverse, multiplier, multiplierDecimals, lotSize, quantityMin, quantityScale, venue } = definition;
    const factor = multiplier / 10 ** multiplierDecimals;
    const value = isInverse ? factor / price : factor * price;
    const least = Math.max(lotSize, quantityMin) / quantityScale;
    const bound = Number(maxPosition) === 0 ? Number.POSITIVE_INFINITY : Number(maxPosition);
    if (bound < worth) throw this.worthless('maxPosition', maxPosition, instrument, price);
    const byEquity = (this.equity(venue) * QUOTE_SHARE) / value;
    const wanted = Math.max(Number.isNaN(byEquity) ? 0 : byEquity, SMALLEST_WORTHS * worth);
    return Math.max(least, this.roundQuantity(instrument, Math.min(wanted, bound, largestOf(definition))));
  }

  private worthless(name: string, text: string, instrument: number, price: number): RangeError {
    const definition = this.instrument(instrument);
    const least = this.roundQuantity(instrument, leastWorth(definition, price), 'up');
    return new RangeError(
      `${name} is ${text}, worth less at ${price} than the smallest order of ${definition.id} in value: write ${least} or more`,
    );
  }

  /**
   * Brings the quote of a side to its price: places or moves it; without a quantity cancels it. One that waits for an answer is left alone. After a refusal
   * nothing is placed or moved for a while, and what should move goes.
   */
  private keep(place: number, side: Side, wanted: number, quantity: number | null, slack: number): void {
    const instrument = this.instruments[place]!;
    const sign = side === 'BUY' ? 1 : -1;
    const quote = this.openOrders(instrument).find((order) => order.side === sign);
    const rounded = this.roundPrice(instrument, this.shortOfOwn(place, side, wanted));
    const isWaiting = this.now < this.waitsUntil[side][place]!;
    if (quote === undefined) {
      if (quantity === null || rounded <= 0 || isWaiting) return;
      this.asked[side][place] = rounded;
      this.limitOrder(instrument, side, quantity, rounded, { postOnly: true, tag: 'quote' });
      return;
    }
    if (quote.status !== OrderStatus.ACCEPTED && quote.status !== OrderStatus.PARTIALLY_FILLED) return;
    const distance = Math.abs(quote.limitPrice / this.instrument(instrument).priceScale - rounded);
    const isOff = distance > slack - 0.5 * this.tickOf(instrument);
    if (quantity === null || (isOff && isWaiting)) this.cancelOrder(quote.clientOrderId);
    else if (isOff) {
      this.asked[side][place] = rounded;
      this.modifyOrder(quote.clientOrderId, { limitPrice: rounded });
    }
  }

  /**
   * The price, or one increment short of where our order of the other side may stand: a venue ends an order that would meet one of the same account. What
   * is in the way is moved in the same look, so that this side follows when that is answered.
   */
  private shortOfOwn(place: number, side: Side, price: number): number {
    const instrument = this.instruments[place]!;
    const sign = side === 'BUY' ? 1 : -1;
    const other = this.openOrders(instrument).find((order) => order.side !== sign);
    if (other === undefined) return price;
    const tick = this.tickOf(instrument);
    const stands = other.limitPrice / this.instrument(instrument).priceScale;
    const isAnswered = other.status === OrderStatus.ACCEPTED || other.status === OrderStatus.PARTIALLY_FILLED;
    const asked = isAnswered ? stands : this.asked[side === 'BUY' ? 'SELL' : 'BUY'][place]!;
    return side === 'BUY' ? Math.min(price, stands - tick, asked - tick) : Math.max(price, stands + tick, asked + tick);
  }

  private tickOf(instrument: number): number {
    const { priceIncrement, priceScale } = this.instrument(instrument);
    return priceIncrement / priceScale;
  }

  override onOrderEvent(event: OrderEvent): void {
    const resumesTs = resumesAt(event, this.now);
    if (resumesTs === this.now) return;
    const waits = this.waitsUntil[this.order(event.clientOrderId).side > 0 ? 'BUY' : 'SELL'];
    waits[this.instruments.indexOf(event.instrument)] = resumesTs;
  }

  override onStop(): void {
    this.cancelAllOrders();
  }
}
