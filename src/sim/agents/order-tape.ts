import { IdIndex } from '../../book/id-index.ts';
import { QUANTITY, ROW_BITS } from '../../book/order-pool.ts';
import { BookAction, BookFlag } from '../../model/book-delta.ts';
import { CODES, DISPLAY_QTY, ICEBERG, LIMIT_PRICE, OrderPlace, placeOf, sideOf } from '../exchange/exchange-orders.ts';
import {
  REPORT_BITS,
  REPORT_KIND,
  REPORT_ORDER_ID,
  REPORT_OTHER_ID,
  REPORT_QUANTITY,
  REPORT_REASON,
  ReportKind,
} from '../exchange/exchange-reports.ts';
import type { MatchingEngine } from '../exchange/matching-engine.ts';
import { DeltaRows } from './delta-rows.ts';

/**
 * What an exchange publishes of its book, order by order: after each event {@link follow} turns the exchange's reports into rows of book deltas, which
 * bring a book that had everything before to what the exchange has. Only what is shown of icebergs is told.
 */
export class OrderTape {
  /** Rows of the last event. Prices in increments, quantities in lots. */
  readonly rows = new DeltaRows();
  private readonly engine: MatchingEngine;
  /** Published orders: row of the columns below. */
  private readonly index = new IdIndex();
  private prices = new Float64Array(1024);
  private shown = new Float64Array(1024);
  /** What is left of the order, hidden or not. */
  private leaves = new Float64Array(1024);
  private sides = new Int8Array(1024);
  private readonly free: number[] = [];
  private fresh = 1;
  /** Orders that will stand at the end of a queue when the event is over, in the order in which they joined. */
  private readonly joining: number[] = [];
  /** Of icebergs among them that have been hit since they joined: what they show; NaN for not known. */
  private readonly joiningShown: number[] = [];
  /** Published orders whose shown quantity may have changed. */
  private readonly touched: number[] = [];

  constructor(engine: MatchingEngine) {
    this.engine = engine;
  }

  /** Rows that make the book from nothing. */
  snapshot(): void {
    const { rows, engine } = this;
    const { orders } = engine.book;
    rows.clear();
    for (const id of this.index.sortedIds()) this.drop(id);
    rows.add(BookAction.CLEAR, 0, 0, 0, 0);
    for (const ladder of [engine.book.bids, engine.book.asks]) {
      for (let key = ladder.bestKey; key !== Number.POSITIVE_INFINITY; key = ladder.keyAfter(key)) {
        for (let slot = ladder.headAt(key); slot !== 0; slot = orders.next(slot)) this.publish(orders.id(slot), slot);
      }
    }
    rows.flags = BookFlag.SNAPSHOT;
  }

  /** Rows of what the exchange has just reported. */
  follow(): void {
    const { engine, rows } = this;
    rows.clear();
    const { reports } = engine;
    for (let report = 0; report < reports.length; report += 1) {
      const at = report << REPORT_BITS;
      const id = reports.rows[at | REPORT_ORDER_ID]!;
      switch (reports.rows[at | REPORT_KIND]) {
        case ReportKind.TRADE:
          if (reports.rows[at | REPORT_REASON] === 0) this.touched.push(id, reports.rows[at | REPORT_OTHER_ID]!);
          else this.traded(id, reports.rows[at | REPORT_OTHER_ID]!, reports.rows[at | REPORT_QUANTITY]!);
          break;
        case ReportKind.ACCEPTED:
        case ReportKind.TRIGGERED:
          this.joins(id);
          break;
        case ReportKind.MODIFIED:
          this.modified(id, reports.rows[at | REPORT_QUANTITY]!);
          break;
        case ReportKind.CANCELED:
        case ReportKind.EXPIRED:
        case ReportKind.REDUCED:
          this.touched.push(id);
          break;
        default:
      }
    }
    if (this.touched.length !== 0) this.reconcile();
    if (this.joining.length !== 0) this.join();
  }

  private traded(maker: number, taker: number, lots: number): void {
    const { engine } = this;
    // A modified order that trades on its way: what it showed goes when it is known where it ends.
    if (this.joining.at(-1) !== taker) this.joins(taker);
    const slot = engine.book.orders.index.get(maker);
    const isIceberg = slot !== 0 && (engine.book.orders.codes(slot) & ICEBERG) !== 0;
    if (isIceberg) this.hitIceberg(maker, slot, lots);
    else this.touched.push(maker);
  }

  /** An iceberg whose slice is gone joins the queue again. */
  private hitIceberg(id: number, slot: number, lots: number): void {
    const display = this.engine.book.orders.pool.numbers[(slot << ROW_BITS) | DISPLAY_QTY]!;
    const row = this.index.get(id);
    const place = this.joining.indexOf(id);
    // The last slice may be smaller; when that is gone the order is, and nothing joins.
    const before = place >= 0 ? this.joiningShown[place]! : row === 0 ? Number.NaN : this.shown[row]!;
    const left = (Number.isNaN(before) ? display : before) - lots;
    if (place < 0 && left > 0) {
      this.touched.push(id);
      this.shownNow(id, row, left);
      return;
    }
    if (row !== 0) this.remove(id, row);
    if (left <= 0) this.joins(id, display);
    else this.joiningShown[place] = left;
  }

  /** What a published iceberg shows is told at once, so that the next hit knows it. */
  private shownNow(id: number, row: number, left: number): void {
    this.rows.add(BookAction.REDUCE, this.sides[row]!, this.prices[row]!, this.shown[row]! - left, id);
    this.shown[row] = left;
  }

  private joins(id: number, shown = Number.NaN): void {
    const { joining, joiningShown } = this;
    const place = joining.length === 0 ? -1 : joining.indexOf(id);
    if (place >= 0) {
      joining.splice(place, 1);
      joiningShown.splice(place, 1);
    }
    joining.push(id);
    joiningShown.push(shown);
  }

  /** @param leaves lots that the modify left */
  private modified(id: number, leaves: number): void {
    const row = this.index.get(id);
    const { orders } = this.engine.book;
    const slot = orders.index.get(id);
    const keepsPlace =
      row !== 0 && slot !== 0 && orders.pool.numbers[(slot << ROW_BITS) | LIMIT_PRICE] === this.prices[row] && leaves <= this.leaves[row]!;
    if (keepsPlace) this.touched.push(id);
    else this.joins(id);
  }

  /** Orders that stay where they are show less, or are gone. */
  private reconcile(): void {
    const { touched, engine, index } = this;
    const { orders } = engine.book;
    for (let at = 0; at < touched.length; at += 1) {
      const id = touched[at]!;
      const row = index.get(id);
      if (row === 0) continue;
      const slot = orders.index.get(id);
      if (slot === 0 || placeOf(orders.codes(slot)) !== OrderPlace.BOOK) {
        this.remove(id, row);
        continue;
      }
      const now = orders.pool.numbers[(slot << ROW_BITS) | QUANTITY]!;
      const isHere = orders.pool.numbers[(slot << ROW_BITS) | LIMIT_PRICE] === this.prices[row];
      this.leaves[row] = orders.leavesQty(slot);
      if (isHere && now < this.shown[row]!) this.shownNow(id, row, now);
    }
    touched.length = 0;
  }

  /** Orders that joined a queue stand at its end, in the order in which they joined. */
  private join(): void {
    const { joining, engine, index } = this;
    const { orders } = engine.book;
    for (let at = 0; at < joining.length; at += 1) {
      const id = joining[at]!;
      const row = index.get(id);
      const slot = orders.index.get(id);
      const isThere = slot !== 0 && placeOf(orders.codes(slot)) === OrderPlace.BOOK;
      if (row === 0) {
        if (isThere) this.publish(id, slot);
      } else if (isThere) this.move(id, row, slot);
      else this.remove(id, row);
    }
    joining.length = 0;
    this.joiningShown.length = 0;
  }

  private publish(id: number, slot: number): void {
    const { numbers, links } = this.engine.book.orders.pool;
    const row = this.free.pop() ?? this.freshRow();
    const side = sideOf(links[(slot << ROW_BITS) | CODES]!);
    const price = numbers[(slot << ROW_BITS) | LIMIT_PRICE]!;
    const lots = numbers[(slot << ROW_BITS) | QUANTITY]!;
    this.index.add(id, row);
    this.sides[row] = side;
    this.prices[row] = price;
    this.shown[row] = lots;
    this.leaves[row] = this.engine.book.orders.leavesQty(slot);
    this.rows.add(BookAction.ADD, side, price, lots, id);
  }

  private move(id: number, row: number, slot: number): void {
    const { numbers } = this.engine.book.orders.pool;
    const price = numbers[(slot << ROW_BITS) | LIMIT_PRICE]!;
    const lots = numbers[(slot << ROW_BITS) | QUANTITY]!;
    if (price === this.prices[row] && lots <= this.shown[row]!) {
      // As a modify it would keep its place.
      this.remove(id, row);
      this.publish(id, slot);
      return;
    }
    this.rows.movedFrom(this.prices[row]!);
    this.rows.add(BookAction.MODIFY, this.sides[row]!, price, lots, id);
    this.prices[row] = price;
    this.shown[row] = lots;
    this.leaves[row] = this.engine.book.orders.leavesQty(slot);
  }

  private remove(id: number, row: number): void {
    this.rows.add(BookAction.REDUCE, this.sides[row]!, this.prices[row]!, this.shown[row]!, id);
    this.drop(id);
  }

  private drop(id: number): void {
    this.free.push(this.index.delete(id));
  }

  private freshRow(): number {
    const row = this.fresh;
    if (row === this.prices.length) {
      const { prices, shown, leaves, sides } = this;
      this.prices = new Float64Array(row * 2);
      this.prices.set(prices);
      this.shown = new Float64Array(row * 2);
      this.shown.set(shown);
      this.leaves = new Float64Array(row * 2);
      this.leaves.set(leaves);
      this.sides = new Int8Array(row * 2);
      this.sides.set(sides);
    }
    this.fresh = row + 1;
    return row;
  }
}
