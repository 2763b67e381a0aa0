import { BookFlag, BookSide } from '../../../model/book-delta.ts';
import type { RowBuffer } from './row-buffer.ts';

/** Levels that the first message may have without growing. */
const LEVELS_FIRST = 4096;

/** The levels of one message, bids first, as counts of decimals. One object serves all messages of a reader. */
export class DepthLevels {
  length = 0;
  /** How many of them are bids. */
  bids = 0;
  price: Float64Array;
  quantity: Float64Array;

  constructor(levels = LEVELS_FIRST) {
    this.price = new Float64Array(levels);
    this.quantity = new Float64Array(levels);
  }

  clear(): void {
    this.length = 0;
    this.bids = 0;
  }

  add(price: number, quantity: number): void {
    const at = this.length;
    if (at === this.price.length) this.grow();
    this.price[at] = price;
    this.quantity[at] = quantity;
    this.length = at + 1;
  }

  /** What was added so far are the bids. */
  endBids(): void {
    this.bids = this.length;
  }

  copy(): DepthLevels {
    const copy = new DepthLevels(this.length);
    copy.price.set(this.price.subarray(0, this.length));
    copy.quantity.set(this.quantity.subarray(0, this.length));
    copy.length = this.length;
    copy.bids = this.bids;
    return copy;
  }

  /** Appends a SET per level; the last one ends the event. A diff without levels brings no row. */
  appendDiff(rows: RowBuffer): void {
    if (this.length === 0) return;
    this.appendSets(rows, 0);
    rows.endEvent();
  }

  /** Appends a CLEAR and a SET per level; the last one ends the snapshot. */
  appendSnapshot(rows: RowBuffer): void {
    rows.addClear(BookFlag.SNAPSHOT);
    this.appendSets(rows, BookFlag.SNAPSHOT);
    rows.endEvent();
  }

  /** Hot: a row per level of every message (bench row depth/million-per-second). */
  private appendSets(rows: RowBuffer, flags: number): void {
    const { length, bids, price, quantity } = this;
    for (let at = 0; at < length; at += 1) {
      const side = at < bids ? BookSide.BID : BookSide.ASK;
      rows.addLevel(side, price[at]!, quantity[at]!, flags);
    }
  }

  private grow(): void {
    const { price, quantity } = this;
    this.price = new Float64Array(Math.max(LEVELS_FIRST, price.length * 2));
    this.quantity = new Float64Array(this.price.length);
    this.price.set(price);
    this.quantity.set(quantity);
  }
}
