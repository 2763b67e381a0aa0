import type { OrderBook } from '../../book/order-book.ts';
import type { Instrument, InstrumentIndex, Price } from '../../model/instrument.ts';

/** Price and quantity of one level of a book, in units of the instrument. */
export interface BookLevel {
  readonly price: number;
  readonly size: number;
}

export type BookSideName = 'bid' | 'ask';

/**
 * The order book of an instrument as a strategy sees it: always as of now. While nothing may be decided by it (no snapshot yet, changes missing,
 * crossed or locked) prices and sizes read NaN, levels are empty.
 *
 * Everything else is `#private`, and the object frozen: a strategy can neither change the book nor leave word in it.
 */
export class Book {
  readonly #book: OrderBook;
  readonly #instrument: Instrument;

  constructor(book: OrderBook, instrument: Instrument) {
    this.#book = book;
    this.#instrument = instrument;
    Object.freeze(this);
  }

  get instrument(): InstrumentIndex {
    return this.#instrument.index;
  }

  /** False while no decision may hang on it. */
  get isUsable(): boolean {
    return this.#book.isUsable;
  }

  /** When it changed last, microseconds since the epoch; −Infinity before it ever did. */
  get updatedTs(): number {
    return this.#book.updatedTs;
  }

  /** Highest bid; NaN where there is none. */
  get bidPrice(): number {
    return this.#price(this.#book.topBid);
  }

  /** Lowest ask; NaN where there is none. */
  get askPrice(): number {
    return this.#price(this.#book.topAsk);
  }

  /** Quantity at the highest bid. */
  get bidSize(): number {
    return this.#book.isUsable ? this.#book.bidSize / this.#instrument.quantityScale : Number.NaN;
  }

  /** Quantity at the lowest ask. */
  get askSize(): number {
    return this.#book.isUsable ? this.#book.askSize / this.#instrument.quantityScale : Number.NaN;
  }

  /** Middle of bid and ask; NaN where a side is absent. */
  get midPrice(): number {
    return (this.bidPrice + this.askPrice) / 2;
  }

  /** Lowest ask less highest bid; NaN where a side is absent. */
  get spread(): number {
    const { topBid, topAsk } = this.#book;
    return topBid === 0 || topAsk === 0 ? Number.NaN : this.#price(topAsk - topBid);
  }

  /** Exact highest bid: count of 10^-priceDecimals; 0 where there is none. */
  get bidPriceExact(): Price {
    return this.#book.isUsable ? this.#book.topBid : 0;
  }

  /** Exact lowest ask, as {@link bidPriceExact}. */
  get askPriceExact(): Price {
    return this.#book.isUsable ? this.#book.topAsk : 0;
  }

  /** The best levels of a side, the best first: at most `count`. */
  levels(side: BookSideName, count: number): readonly BookLevel[] {
    const { priceScale, quantityScale } = this.#instrument;
    const levels: BookLevel[] = [];
    const sign = signOf(side);
    for (let price = this.#best(sign); price !== 0 && levels.length < count; price = this.#book.priceAfter(sign, price))
      levels.push({ price: price / priceScale, size: this.#book.quantityAt(sign, price) / quantityScale });
    return levels;
  }

  /** Quantity at the best `count` levels of a side together. */
  depth(side: BookSideName, count: number): number {
    const sign = signOf(side);
    let sum = 0;
    let price = this.#best(sign);
    for (let level = 0; level < count && price !== 0; level += 1) {
      sum += this.#book.quantityAt(sign, price);
      price = this.#book.priceAfter(sign, price);
    }
    return this.#book.isUsable ? sum / this.#instrument.quantityScale : Number.NaN;
  }

  /** Quantity at a price of a side; 0 where nothing is. A price between two increments has none. */
  sizeAt(side: BookSideName, price: number): number {
    if (!this.#book.isUsable) return Number.NaN;
    const count = price * this.#instrument.priceScale;
    const exact = Math.round(count);
    if (Math.abs(count - exact) > 1e-6 * Math.max(1, exact)) return 0;
    return this.#book.quantityAt(signOf(side), exact) / this.#instrument.quantityScale;
  }

  /**
   * How far bids outweigh asks at the best `count` levels of each side: (bids − asks) ÷ (bids + asks), from −1 to 1; NaN where both are empty.
   */
  imbalance(count = 1): number {
    const bids = this.depth('bid', count);
    const asks = this.depth('ask', count);
    return (bids - asks) / (bids + asks);
  }

  /**
   * Average price at which a market order of this quantity would trade now, were it the only one; NaN where the book does not hold as much.
   *
   * @param side `ask`: what a purchase would pay; `bid`: what a sale would get
   */
  averagePriceFor(side: BookSideName, quantity: number): number {
    const { priceScale, quantityScale } = this.#instrument;
    const sign = signOf(side);
    let left = quantity * quantityScale;
    let value = 0;
    for (let price = this.#best(sign); price !== 0 && left > 0; price = this.#book.priceAfter(sign, price)) {
      const taken = Math.min(left, this.#book.quantityAt(sign, price));
      value += taken * price;
      left -= taken;
    }
    return left > 0 ? Number.NaN : value / (quantity * quantityScale) / priceScale;
  }

  #best(sign: number): Price {
    if (!this.#book.isUsable) return 0;
    return sign > 0 ? this.#book.topBid : this.#book.topAsk;
  }

  #price(price: Price): number {
    return price !== 0 && this.#book.isUsable ? price / this.#instrument.priceScale : Number.NaN;
  }
}

function signOf(side: BookSideName): number {
  return side === 'bid' ? 1 : -1;
}
