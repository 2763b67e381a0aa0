import { unreachable } from '../../../base/assert.ts';
import type { BookAction } from '../../../model/book-delta.ts';
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

/** Kinds of rows that recordings hold. */
export type RecordedBlock = BookDeltaBlock | TradeBlock | QuoteBlock;
export type RecordedKind = RecordedBlock['kind'];

/** Rows that the first record may bring without growing. */
const ROWS_FIRST = 16_384;

/**
 * Rows that a decoder has made and nobody has taken yet: one message of a venue may bring thousands (a snapshot) or none. Prices and quantities are
 * counts in the decimals of the instrument, times microseconds since the epoch.
 *
 * A decoder asks `kind` first: only rows of that kind are wanted, and the methods of the others must not be called.
 */
export class RowBuffer {
  readonly kind: RecordedKind;
  length = 0;
  private block: RecordedBlock;
  private readonly instrument: InstrumentIndex;

  constructor(kind: RecordedKind, instrument: InstrumentIndex) {
    this.kind = kind;
    this.instrument = instrument;
    this.block = makeRecordedBlock(kind, instrument, ROWS_FIRST);
  }

  /** @param flags bits of BookFlag: `LAST` on the last row of what happened at one instant, `SNAPSHOT` on those of a snapshot */
  addDelta(
    tsEvent: number,
    tsInit: number,
    action: BookAction,
    side: number,
    price: Price,
    quantity: Quantity,
    orderId: number,
    flags: number,
  ): void {
    const block = this.room() as BookDeltaBlock;
    const row = this.length;
    block.tsEvent[row] = tsEvent;
    block.tsInit[row] = tsInit;
    block.action[row] = action;
    block.side[row] = side;
    block.price[row] = price;
    block.quantity[row] = quantity;
    block.orderId[row] = orderId;
    block.flags[row] = flags;
    this.length = row + 1;
  }

  /** @param aggressorSide +1 the buyer crossed the spread, −1 the seller, 0 unknown */
  addTrade(tsEvent: number, tsInit: number, price: Price, quantity: Quantity, aggressorSide: number): void {
    const block = this.room() as TradeBlock;
    const row = this.length;
    block.tsEvent[row] = tsEvent;
    block.tsInit[row] = tsInit;
    block.price[row] = price;
    block.quantity[row] = quantity;
    block.aggressorSide[row] = aggressorSide;
    this.length = row + 1;
  }

  /** A side that is absent has price and size 0. */
  addQuote(tsEvent: number, tsInit: number, bidPrice: Price, askPrice: Price, bidSize: Quantity, askSize: Quantity): void {
    const block = this.room() as QuoteBlock;
    const row = this.length;
    block.tsEvent[row] = tsEvent;
    block.tsInit[row] = tsInit;
    block.bidPrice[row] = bidPrice;
    block.askPrice[row] = askPrice;
    block.bidSize[row] = bidSize;
    block.askSize[row] = askSize;
    this.length = row + 1;
  }

  /** The flags of the newest delta get these bits too: a venue's event ends where the next begins. */
  markLast(flags: number): void {
    const { flags: column } = this.block as BookDeltaBlock;
    column[this.length - 1]! |= flags;
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
