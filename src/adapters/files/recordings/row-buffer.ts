import { unreachable } from '../../../base/assert.ts';
import { BookAction, BookFlag, BookSide } from '../../../model/book-delta.ts';
import {
  type BookDeltaBlock,
  BlockKind,
  makeBookDeltaBlock,
  makeQuoteBlock,
  makeTradeBlock,
  type QuoteBlock,
  type TradeBlock,
} from '../../../model/blocks.ts';
import type { InstrumentIndex, Price, Quantity } from '../../../model/instrument.ts';
import type { LoadCounters } from '../csv-format.ts';

/** Kinds of rows that recordings hold. */
export type RecordedBlock = BookDeltaBlock | TradeBlock | QuoteBlock;
export type RecordedKind = RecordedBlock['kind'];

/** Rows that the first record may bring without growing. */
const ROWS_FIRST = 16_384;

/** When something happened at the venue, and when it was known here: microseconds since the epoch. */
interface EventTimes {
  readonly tsEvent: number;
  readonly tsInit: number;
}

/**
 * Rows that a decoder has made and nobody has taken yet: one message of a venue may bring thousands (a snapshot) or none. Prices and quantities are
 * counts in the decimals of the instrument.
 *
 * A decoder starts an event, which gives its rows their times, adds them, and ends it where they are deltas. It asks `kind` first: only rows of that
 * kind are wanted, and the methods of the others must not be called. Hot: it copies scalars into columns and makes nothing
 * per row (bench row depth/million-per-second).
 */
export class RowBuffer {
  readonly kind: RecordedKind;
  length = 0;
  private block: RecordedBlock;
  private readonly instrument: InstrumentIndex;
  private readonly counters: LoadCounters;
  private tsEvent = Number.NaN;
  private tsInit = Number.NaN;

  /** @param counters where rows that are left out are counted */
  constructor(kind: RecordedKind, instrument: InstrumentIndex, counters: LoadCounters) {
    this.kind = kind;
    this.instrument = instrument;
    this.counters = counters;
    this.block = makeRecordedBlock(kind, instrument, ROWS_FIRST);
  }

  /** The rows that follow have these times, until the next event. */
  startEvent({ tsEvent, tsInit }: EventTimes): void {
    this.tsEvent = tsEvent;
    this.tsInit = tsInit;
  }

  /** The book is empty from here on. @param flags bits of BookFlag, as for all deltas */
  addClear(flags: number): void {
    this.addDelta(BookAction.CLEAR, BookSide.NONE, 0, 0, 0, flags);
  }

  /** Changes are missing: the book is worth nothing until the next clearing. It is an event of its own. */
  addGap(): void {
    this.addDelta(BookAction.GAP, BookSide.NONE, 0, 0, 0, BookFlag.LAST);
  }

  /** @param quantity what the level has now; 0 takes it away */
  addLevel(side: BookSide, price: Price, quantity: Quantity, flags: number): void {
    this.addDelta(BookAction.SET, side, price, quantity, 0, flags);
  }

  addOrder(action: BookAction, side: BookSide, price: Price, quantity: Quantity, orderId: number, flags: number): void {
    this.addDelta(action, side, price, quantity, orderId, flags);
  }

  /** The newest delta is the last of its event. */
  endEvent(): void {
    const { flags } = this.block as BookDeltaBlock;
    flags[this.length - 1]! |= BookFlag.LAST;
  }

  /** @param aggressorSide +1 the buyer crossed the spread, −1 the seller, 0 unknown */
  addTrade(price: Price, quantity: Quantity, aggressorSide: number): void {
    const block = this.room() as TradeBlock;
    const row = this.startRow(block);
    block.price[row] = price;
    block.quantity[row] = quantity;
    block.aggressorSide[row] = aggressorSide;
  }

  /** A side that is absent has price and size 0. */
  addQuote(bidPrice: Price, askPrice: Price, bidSize: Quantity, askSize: Quantity): void {
    const block = this.room() as QuoteBlock;
    const row = this.startRow(block);
    block.bidPrice[row] = bidPrice;
    block.askPrice[row] = askPrice;
    block.bidSize[row] = bidSize;
    block.askSize[row] = askSize;
  }

  /** What the recording has of this kind and is left out by choice, or belongs to no book. */
  countFiltered(): void {
    this.counters.filtered += 1;
  }

  tsInitAt(row: number): number {
    return this.block.tsInit[row]!;
  }

  /** Moves the first rows, as many as the block holds, into it, and drops them here. */
  takeInto(block: RecordedBlock): void {
    const rows = Math.min(this.length, block.tsInit.length);
    const from = columnsOf(this.block);
    const into = columnsOf(block);
    for (let at = 0; at < from.length; at += 1) {
      into[at]!.set(from[at]!.subarray(0, rows));
      from[at]!.copyWithin(0, rows, this.length);
    }
    block.length = rows;
    this.length -= rows;
  }

  /** Drops the rows from `row` on. */
  truncate(row: number): void {
    this.length = Math.min(this.length, row);
  }

  private addDelta(action: BookAction, side: BookSide, price: Price, quantity: Quantity, orderId: number, flags: number): void {
    const block = this.room() as BookDeltaBlock;
    const row = this.startRow(block);
    block.action[row] = action;
    block.side[row] = side;
    block.price[row] = price;
    block.quantity[row] = quantity;
    block.orderId[row] = orderId;
    block.flags[row] = flags;
  }

  private startRow(block: RecordedBlock): number {
    const row = this.length;
    block.tsEvent[row] = this.tsEvent;
    block.tsInit[row] = this.tsInit;
    this.length = row + 1;
    return row;
  }

  private room(): RecordedBlock {
    const { block, length } = this;
    if (length < block.tsInit.length) return block;
    const larger = makeRecordedBlock(this.kind, this.instrument, length * 2);
    const from = columnsOf(block);
    const into = columnsOf(larger);
    for (let at = 0; at < from.length; at += 1) into[at]!.set(from[at]!);
    this.block = larger;
    return larger;
  }
}

/** A block of a kind that recordings hold. */
export function makeRecordedBlock(kind: RecordedKind, instrument: InstrumentIndex, rows: number): RecordedBlock {
  switch (kind) {
    case BlockKind.BOOK_DELTAS:
      return makeBookDeltaBlock(instrument, rows);
    case BlockKind.TRADES:
      return makeTradeBlock(instrument, rows);
    case BlockKind.QUOTES:
      return makeQuoteBlock(instrument, rows);
    default:
      return unreachable(kind);
  }
}

function columnsOf(block: RecordedBlock): readonly (Float64Array | Int8Array)[] {
  return Object.values(block).filter((field) => field instanceof Float64Array || field instanceof Int8Array);
}
