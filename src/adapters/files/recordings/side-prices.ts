import type { BookSide } from '../../../model/book-delta.ts';
import type { Price } from '../../../model/instrument.ts';
import { SeenKeys } from './seen-keys.ts';

/** Nobody can tell which of two quantities a level has: the book that follows would be a guess. */
export const PRICE_TWICE = 'A snapshot has each price of a side once, and this one comes again.';

/** The prices of a snapshot, by sides. */
export class SidePrices {
  private readonly bids = new SeenKeys();
  private readonly asks = new SeenKeys();

  clear(): void {
    this.bids.clear();
    this.asks.clear();
  }

  /** @returns false where the side has had the price since the last clearing */
  add(side: BookSide, price: Price): boolean {
    return (side > 0 ? this.bids : this.asks).add(price);
  }
}
