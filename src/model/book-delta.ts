/**
 * What a row of book deltas does to the book of its instrument. A book is built from levels (`SET`) or order by order (`ADD`, `MODIFY`, `REDUCE`),
 * not from both.
 */
export const BookAction = {
  /** The book is empty from here on; a snapshot, or the orders of a venue that starts anew, may follow. */
  CLEAR: 0,
  /** The level at `price` holds `quantity` from now on; 0 removes it, and is nothing where there is none. */
  SET: 1,
  /** Order `orderId` joins the end of the queue at `price`. */
  ADD: 2,
  /** Order `orderId` has this price and quantity now. It keeps its place only where the price stays and the quantity does not grow. */
  MODIFY: 3,
  /** Order `orderId` has `quantity` less: canceled in part or filled. With nothing left it has gone. 0 of an order from before the recording. */
  REDUCE: 4,
  /** Deltas are missing: the book is worth nothing until the snapshot that follows a `CLEAR` is complete. */
  GAP: 5,
} as const;
export type BookAction = (typeof BookAction)[keyof typeof BookAction];

/** Bits of a delta's `flags`. */
export const BookFlag = {
  /** Last row of what happened at one instant: only after it may anyone look at the book. */
  LAST: 1,
  /** The row belongs to a snapshot. */
  SNAPSHOT: 2,
} as const;

/** Side of the book: bids are +1, asks −1, as {@link Side} of an order that would rest there. 0 of CLEAR and GAP. */
export const BookSide = { BID: 1, ASK: -1, NONE: 0 } as const;
export type BookSide = (typeof BookSide)[keyof typeof BookSide];
