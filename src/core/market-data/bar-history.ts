import { type BarBlock, BlockKind, makeBarBlock, makeQuoteBarBlock, type QuoteBarBlock } from '../../model/blocks.ts';
import type { Instrument, Price, Quantity } from '../../model/instrument.ts';
import { checkAgo, copyColumn, RingPosition, type RowCursor } from './ring-position.ts';

/** Takes rows [from, to) into a history: for the cache, when rows leave its cursor. */
let appendBars: (history: BarHistory, block: BarBlock, from: number, to: number) => void;

/**
 * Finished bars of one series, newest first: `close(0)` is the bar being handled, `close(1)` the one before.
 *
 * Decimal getters return the nearest double, `…Exact` the integer count. `length` bars can be asked for, at most `rowsMax`.
 *
 * Strategies hold these, so all but the getters is `#private` and the object is frozen: neither the rows behind the cursor nor another
 * strategy can be reached through it.
 *
 * @throws InvariantError for a bar that is not there: a negative number would be the future
 */
export class BarHistory {
  readonly series: number;
  readonly #cursor: RowCursor;
  readonly #position: RingPosition;
  readonly #ring: BarBlock;
  readonly #priceScale: number;
  readonly #quantityScale: number;
  #row = 0;

  static {
    appendBars = (history, block, from, to) => history.#append(block, from, to);
  }

  constructor(cursor: RowCursor, instrument: Instrument, series: number, rowsMax: number) {
    this.#cursor = cursor;
    this.series = series;
    this.#position = new RingPosition(rowsMax);
    this.#ring = makeBarBlock(instrument.index, series, rowsMax);
    this.#priceScale = instrument.priceScale;
    this.#quantityScale = instrument.quantityScale;
    Object.freeze(this);
  }

  /** Most bars kept. */
  get rowsMax(): number {
    return this.#position.capacity;
  }

  /** Bars that can be asked for. */
  get length(): number {
    return Math.min(this.#position.capacity, this.#position.count + this.#pendingRows());
  }

  open(ago: number): number {
    return this.#locate(ago).open[this.#row]! / this.#priceScale;
  }
  high(ago: number): number {
    return this.#locate(ago).high[this.#row]! / this.#priceScale;
  }
  low(ago: number): number {
    return this.#locate(ago).low[this.#row]! / this.#priceScale;
  }
  close(ago: number): number {
    return this.#locate(ago).close[this.#row]! / this.#priceScale;
  }
  volume(ago: number): number {
    return this.#locate(ago).volume[this.#row]! / this.#quantityScale;
  }
  openExact(ago: number): Price {
    return this.#locate(ago).open[this.#row]!;
  }
  highExact(ago: number): Price {
    return this.#locate(ago).high[this.#row]!;
  }
  lowExact(ago: number): Price {
    return this.#locate(ago).low[this.#row]!;
  }
  closeExact(ago: number): Price {
    return this.#locate(ago).close[this.#row]!;
  }
  volumeExact(ago: number): Quantity {
    return this.#locate(ago).volume[this.#row]!;
  }
  /** Start of the bar's interval. */
  tsOpen(ago: number): number {
    return this.#locate(ago).tsOpen[this.#row]!;
  }
  /** Close of the bar's interval. */
  tsEvent(ago: number): number {
    return this.#locate(ago).tsEvent[this.#row]!;
  }
  tsInit(ago: number): number {
    return this.#locate(ago).tsInit[this.#row]!;
  }

  #append(block: BarBlock, fromRow: number, to: number): void {
    const ring = this.#ring;
    const position = this.#position;
    const { capacity } = position;
    const from = Math.max(fromRow, to - capacity);
    const at = position.next;
    copyColumn(block.tsEvent, from, to, ring.tsEvent, at, capacity);
    copyColumn(block.tsInit, from, to, ring.tsInit, at, capacity);
    copyColumn(block.tsOpen, from, to, ring.tsOpen, at, capacity);
    copyColumn(block.open, from, to, ring.open, at, capacity);
    copyColumn(block.high, from, to, ring.high, at, capacity);
    copyColumn(block.low, from, to, ring.low, at, capacity);
    copyColumn(block.close, from, to, ring.close, at, capacity);
    copyColumn(block.volume, from, to, ring.volume, at, capacity);
    position.advance(to - from);
  }

  #pendingRows(): number {
    const block = this.#cursor.cursorBlock;
    if (block === null || block.kind !== BlockKind.BARS || block.series !== this.series) return 0;
    return Math.max(0, this.#cursor.cursorRow - this.#cursor.cursorFrom + 1);
  }

  #locate(ago: number): BarBlock {
    const pending = this.#pendingRows();
    checkAgo(ago, Math.min(this.#position.capacity, this.#position.count + pending));
    if (ago < pending) {
      this.#row = this.#cursor.cursorRow - ago;
      return this.#cursor.cursorBlock as BarBlock;
    }
    this.#row = this.#position.slot(ago - pending);
    return this.#ring;
  }
}

/** Bid and ask bars of one series, newest first; exact counts, 0 for an absent side. Same rules as {@link BarHistory}. */
export class QuoteBarHistory {
  readonly series: number;
  private readonly cursor: RowCursor;
  private readonly position: RingPosition;
  private readonly ring: QuoteBarBlock;
  private row = 0;

  constructor(cursor: RowCursor, instrument: Instrument, series: number, rowsMax: number) {
    this.cursor = cursor;
    this.series = series;
    this.position = new RingPosition(rowsMax);
    this.ring = makeQuoteBarBlock(instrument.index, series, rowsMax);
  }

  get rowsMax(): number {
    return this.position.capacity;
  }
  get length(): number {
    return Math.min(this.position.capacity, this.position.count + this.pendingRows());
  }
  bidOpenExact(ago: number): Price {
    return this.locate(ago).bidOpen[this.row]!;
  }
  bidHighExact(ago: number): Price {
    return this.locate(ago).bidHigh[this.row]!;
  }
  bidLowExact(ago: number): Price {
    return this.locate(ago).bidLow[this.row]!;
  }
  bidCloseExact(ago: number): Price {
    return this.locate(ago).bidClose[this.row]!;
  }
  askOpenExact(ago: number): Price {
    return this.locate(ago).askOpen[this.row]!;
  }
  askHighExact(ago: number): Price {
    return this.locate(ago).askHigh[this.row]!;
  }
  askLowExact(ago: number): Price {
    return this.locate(ago).askLow[this.row]!;
  }
  askCloseExact(ago: number): Price {
    return this.locate(ago).askClose[this.row]!;
  }
  tsEvent(ago: number): number {
    return this.locate(ago).tsEvent[this.row]!;
  }

  append(block: QuoteBarBlock, fromRow: number, to: number): void {
    const { ring, position } = this;
    const { capacity } = position;
    const from = Math.max(fromRow, to - capacity);
    const at = position.next;
    copyColumn(block.tsEvent, from, to, ring.tsEvent, at, capacity);
    copyColumn(block.tsInit, from, to, ring.tsInit, at, capacity);
    copyColumn(block.tsOpen, from, to, ring.tsOpen, at, capacity);
    copyColumn(block.bidOpen, from, to, ring.bidOpen, at, capacity);
    copyColumn(block.bidHigh, from, to, ring.bidHigh, at, capacity);
    copyColumn(block.bidLow, from, to, ring.bidLow, at, capacity);
    copyColumn(block.bidClose, from, to, ring.bidClose, at, capacity);
    copyColumn(block.askOpen, from, to, ring.askOpen, at, capacity);
    copyColumn(block.askHigh, from, to, ring.askHigh, at, capacity);
    copyColumn(block.askLow, from, to, ring.askLow, at, capacity);
    copyColumn(block.askClose, from, to, ring.askClose, at, capacity);
    copyColumn(block.bidSize, from, to, ring.bidSize, at, capacity);
    copyColumn(block.askSize, from, to, ring.askSize, at, capacity);
    position.advance(to - from);
  }

  private pendingRows(): number {
    const block = this.cursor.cursorBlock;
    if (block === null || block.kind !== BlockKind.QUOTE_BARS || block.series !== this.series) return 0;
    return Math.max(0, this.cursor.cursorRow - this.cursor.cursorFrom + 1);
  }

  private locate(ago: number): QuoteBarBlock {
    const pending = this.pendingRows();
    checkAgo(ago, Math.min(this.position.capacity, this.position.count + pending));
    if (ago < pending) {
      this.row = this.cursor.cursorRow - ago;
      return this.cursor.cursorBlock as QuoteBarBlock;
    }
    this.row = this.position.slot(ago - pending);
    return this.ring;
  }
}

export { appendBars };
