import type { BookAction } from '../../model/book-delta.ts';

const ROWS_FIRST = 64;

/** Rows of book deltas of one event, in reused columns. Prices in increments, quantities in lots. */
export class DeltaRows {
  length = 0;
  /** Bits of BookFlag that every row of the event carries. */
  flags = 0;
  action = new Int8Array(ROWS_FIRST);
  side = new Int8Array(ROWS_FIRST);
  price = new Float64Array(ROWS_FIRST);
  quantity = new Float64Array(ROWS_FIRST);
  orderId = new Float64Array(ROWS_FIRST);
  /** Where the order of a MODIFY stood before; else 0. */
  priceBefore = new Float64Array(ROWS_FIRST);
  private from = 0;

  clear(): void {
    this.length = 0;
    this.flags = 0;
  }

  /** The next row is of an order that stood here. */
  movedFrom(price: number): void {
    this.from = price;
  }

  add(action: BookAction, side: number, price: number, quantity: number, orderId: number): void {
    const row = this.length;
    if (row === this.action.length) this.grow();
    this.action[row] = action;
    this.side[row] = side;
    this.price[row] = price;
    this.quantity[row] = quantity;
    this.orderId[row] = orderId;
    this.priceBefore[row] = this.from;
    this.from = 0;
    this.length = row + 1;
  }

  private grow(): void {
    const rows = this.action.length * 2;
    const { action, side, price, quantity, orderId, priceBefore } = this;
    this.action = new Int8Array(rows);
    this.action.set(action);
    this.side = new Int8Array(rows);
    this.side.set(side);
    this.price = new Float64Array(rows);
    this.price.set(price);
    this.quantity = new Float64Array(rows);
    this.quantity.set(quantity);
    this.orderId = new Float64Array(rows);
    this.orderId.set(orderId);
    this.priceBefore = new Float64Array(rows);
    this.priceBefore.set(priceBefore);
  }
}
