import { NEXT, type OrderPool, QUANTITY, ROW_BITS } from './order-pool.ts';
import type { PriceLadder } from './price-ladder.ts';
import { ORDER_ID } from './row-index.ts';

/** Field of {@link OrderPool.numbers}, of orders: the count of joinings when it joined the queue that it stands in. */
export const JOINING = 4;

/** The orders, or levels, of a book as columns: bids, then asks, the best price first, at one price the first in the queue first. */
export interface QueuedRows {
  /** +1 bid, −1 ask. */
  readonly side: Int8Array;
  readonly price: Float64Array;
  readonly quantity: Float64Array;
  /** This and the next of books of orders; else 0. */
  readonly orderId: Float64Array;
  readonly joining: Float64Array;
}

/** Reads a book out, queue by queue. Rare: for what is saved. */
export function queuedRows(pool: OrderPool, bids: PriceLadder, asks: PriceLadder, isByOrder: boolean): QueuedRows {
  const { count, numbers, links } = pool;
  const side = new Int8Array(count);
  const price = new Float64Array(count);
  const quantity = new Float64Array(count);
  const orderId = new Float64Array(count);
  const joining = new Float64Array(count);
  let at = 0;
  for (const ladder of [bids, asks]) {
    for (let key = ladder.bestKey; key !== Number.POSITIVE_INFINITY; key = ladder.keyAfter(key)) {
      for (let slot = ladder.headAt(key); slot !== 0; slot = links[(slot << ROW_BITS) | NEXT]!) {
        const row = slot << ROW_BITS;
        side[at] = ladder === bids ? 1 : -1;
        price[at] = Math.abs(key);
        quantity[at] = numbers[row | QUANTITY]!;
        orderId[at] = isByOrder ? numbers[row | ORDER_ID]! : 0;
        joining[at] = isByOrder ? numbers[row | JOINING]! : 0;
        at += 1;
      }
    }
  }
  return { side, price, quantity, orderId, joining };
}
