import { BlockKind, makeQuoteBlock, makeTradeBlock, type QuoteBlock, type TradeBlock } from '../../model/blocks.ts';
import type { Instrument, Price, Quantity } from '../../model/instrument.ts';
import { checkAgo, copyColumn, copySides, RingPosition, type RowCursor } from './ring-position.ts';

/** The newest executions of one instrument, newest first; exact counts. Same rules as the bar histories. */
export class TradeHistory {
  private readonly cursor: RowCursor;
  private readonly position: RingPosition;
  private readonly ring: TradeBlock;
  private row = 0;

  constructor(cursor: RowCursor, instrument: Instrument, rowsMax: number) {
    this.cursor = cursor;
    this.position = new RingPosition(rowsMax);
    this.ring = makeTradeBlock(instrument.index, rowsMax);
  }

  get rowsMax(): number {
    return this.position.capacity;
  }
  get length(): number {
    return Math.min(this.position.capacity, this.position.count + this.pendingRows());
  }
  priceExact(ago: number): Price {
    return this.locate(ago).price[this.row]!;
  }
  quantityExact(ago: number): Quantity {
    return this.locate(ago).quantity[this.row]!;
  }
  aggressorSide(ago: number): number {
    return this.locate(ago).aggressorSide[this.row]!;
  }
  tsInit(ago: number): number {
    return this.locate(ago).tsInit[this.row]!;
  }

  append(block: TradeBlock, fromRow: number, to: number): void {
    const { ring, position } = this;
    const { capacity } = position;
    const from = Math.max(fromRow, to - capacity);
    const at = position.next;
    copyColumn(block.tsEvent, from, to, ring.tsEvent, at, capacity);
    copyColumn(block.tsInit, from, to, ring.tsInit, at, capacity);
    copyColumn(block.price, from, to, ring.price, at, capacity);
    copyColumn(block.quantity, from, to, ring.quantity, at, capacity);
    copySides(block.aggressorSide, from, to, ring.aggressorSide, at, capacity);
    position.advance(to - from);
  }

  private pendingRows(): number {
    const block = this.cursor.cursorBlock;
    if (block === null || block.kind !== BlockKind.TRADES || block.instrument !== this.ring.instrument) return 0;
    return Math.max(0, this.cursor.cursorRow - this.cursor.cursorFrom + 1);
  }

  private locate(ago: number): TradeBlock {
    const pending = this.pendingRows();
    checkAgo(ago, Math.min(this.position.capacity, this.position.count + pending));
    if (ago < pending) {
      this.row = this.cursor.cursorRow - ago;
      return this.cursor.cursorBlock as TradeBlock;
    }
    this.row = this.position.slot(ago - pending);
    return this.ring;
  }
}

/** The newest quotes of one instrument, newest first; exact counts, 0 for an absent side. Same rules as the bar histories. */
export class QuoteHistory {
  private readonly cursor: RowCursor;
  private readonly position: RingPosition;
  private readonly ring: QuoteBlock;
  private row = 0;

  constructor(cursor: RowCursor, instrument: Instrument, rowsMax: number) {
    this.cursor = cursor;
    this.position = new RingPosition(rowsMax);
    this.ring = makeQuoteBlock(instrument.index, rowsMax);
  }

  get rowsMax(): number {
    return this.position.capacity;
  }
  get length(): number {
    return Math.min(this.position.capacity, this.position.count + this.pendingRows());
  }
  bidPriceExact(ago: number): Price {
    return this.locate(ago).bidPrice[this.row]!;
  }
  askPriceExact(ago: number): Price {
    return this.locate(ago).askPrice[this.row]!;
  }
  bidSizeExact(ago: number): Quantity {
    return this.locate(ago).bidSize[this.row]!;
  }
  askSizeExact(ago: number): Quantity {
    return this.locate(ago).askSize[this.row]!;
  }
  tsInit(ago: number): number {
    return this.locate(ago).tsInit[this.row]!;
  }

  append(block: QuoteBlock, fromRow: number, to: number): void {
    const { ring, position } = this;
    const { capacity } = position;
    const from = Math.max(fromRow, to - capacity);
    const at = position.next;
    copyColumn(block.tsEvent, from, to, ring.tsEvent, at, capacity);
    copyColumn(block.tsInit, from, to, ring.tsInit, at, capacity);
    copyColumn(block.bidPrice, from, to, ring.bidPrice, at, capacity);
    copyColumn(block.askPrice, from, to, ring.askPrice, at, capacity);
    copyColumn(block.bidSize, from, to, ring.bidSize, at, capacity);
    copyColumn(block.askSize, from, to, ring.askSize, at, capacity);
    position.advance(to - from);
  }

  private pendingRows(): number {
    const block = this.cursor.cursorBlock;
    if (block === null || block.kind !== BlockKind.QUOTES || block.instrument !== this.ring.instrument) return 0;
    return Math.max(0, this.cursor.cursorRow - this.cursor.cursorFrom + 1);
  }

  private locate(ago: number): QuoteBlock {
    const pending = this.pendingRows();
    checkAgo(ago, Math.min(this.position.capacity, this.position.count + pending));
    if (ago < pending) {
      this.row = this.cursor.cursorRow - ago;
      return this.cursor.cursorBlock as QuoteBlock;
    }
    this.row = this.position.slot(ago - pending);
    return this.ring;
  }
}
