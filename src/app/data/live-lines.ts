import { formatDecimal } from '../../base/decimal.ts';
import { BookState, OrderBook } from '../../book/order-book.ts';
import { makeBookDeltaBlock, setBookDelta } from '../../model/blocks.ts';
import { BookFlag, type BookAction, type BookSide } from '../../model/book-delta.ts';
import { instantText } from '../../model/instant.ts';
import type { DeltaRows } from '../../sim/agents/delta-rows.ts';
import type { LiveMarketListener } from '../../sim/agents/live-market.ts';

/** Where lines go. */
export interface LineSink {
  /** @returns false where it has as much as it can hold: it calls {@link LiveLines.drained} when it has room again */
  write(line: string): boolean;
}

const TAKERS = new Map([
  [1, 'buy'],
  [-1, 'sell'],
]);

/**
 * Writes a line whenever the best prices of a live market change, and for each trade: time, bid, ask, last trade and who took. The book is that which the
 * rows make: in a gap there is none.
 *
 * A reader that is slow gets the newest line once it has room; those in between are counted as passed over.
 */
export class LiveLines implements LiveMarketListener {
  lines = 0;
  trades = 0;
  passedOver = 0;
  private readonly sink: LineSink;
  private readonly priceDecimals: number;
  private readonly quantityDecimals: number;
  private readonly book = new OrderBook();
  private readonly block = makeBookDeltaBlock(0, 1);
  private last = '—';
  /** What the last line says after its time. */
  private said = '';
  private isFull = false;
  /** The newest line, where the sink had no room for it. */
  private waiting: string | null = null;

  constructor(sink: LineSink, decimals: { readonly price: number; readonly quantity: number }) {
    this.sink = sink;
    this.priceDecimals = decimals.price;
    this.quantityDecimals = decimals.quantity;
  }

  onReport(): void {
    // Nobody but agents trades here.
  }

  onTrade(ts: number, price: number, quantity: number, aggressorSide: number): void {
    this.trades += 1;
    this.last = `${this.at(price, quantity)} ${TAKERS.get(aggressorSide) ?? 'auction'}`;
    this.put(ts, this.text());
  }

  onBook(ts: number, rows: DeltaRows): void {
    for (let row = 0; row < rows.length; row += 1) {
      setBookDelta(this.block, 0, {
        ts,
        action: rows.action[row]! as BookAction,
        side: rows.side[row]! as BookSide,
        price: rows.price[row]!,
        quantity: rows.quantity[row]!,
        orderId: rows.orderId[row]!,
        flags: rows.flags | (row + 1 === rows.length ? BookFlag.LAST : 0),
      });
      this.book.apply(this.block, 0);
    }
    const text = this.text();
    if (text !== this.said) this.put(ts, text);
  }

  /** The sink has room again. */
  drained(): void {
    this.isFull = false;
    const { waiting } = this;
    this.waiting = null;
    if (waiting !== null) this.write(waiting);
  }

  private text(): string {
    const { book } = this;
    const best = (price: number, size: number): string => (price === 0 ? '—' : this.at(price, size));
    const top =
      book.state === BookState.VALID ? `bid ${best(book.bestBid, book.bidSize)}  ask ${best(book.bestAsk, book.askSize)}` : 'no book';
    return `${top}  last ${this.last}`;
  }

  private at(price: number, quantity: number): string {
    return `${formatDecimal(price, this.priceDecimals)} x ${formatDecimal(quantity, this.quantityDecimals)}`;
  }

  private put(ts: number, text: string): void {
    this.said = text;
    const line = `${instantText(ts)}  ${text}\n`;
    if (!this.isFull) return this.write(line);
    if (this.waiting !== null) this.passedOver += 1;
    this.waiting = line;
  }

  private write(line: string): void {
    this.lines += 1;
    this.isFull = !this.sink.write(line);
  }
}
