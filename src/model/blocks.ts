import type { BookAction } from './book-delta.ts';
import type { InstrumentIndex, Price, Quantity } from './instrument.ts';

/**
 * Market data moves in blocks: one typed-array column per field, a few thousand rows, one instrument and one kind per block.
 * A block is borrowed: its reader reuses the arrays for the next one. Times are microseconds since the epoch.
 * `tsInit` (when the data was known here) never falls within a stream; in recorded bars it is the bar's close.
 */
export const BlockKind = { BOOK_DELTAS: 3, QUOTES: 4, QUOTE_BARS: 5, TRADES: 6, BARS: 7 } as const;
export type BlockKind = (typeof BlockKind)[keyof typeof BlockKind];

/** What run files, commands and the store call the kinds. */
export const BLOCK_KIND_NAMES = ['bars', 'quote-bars', 'trades', 'quotes', 'book-deltas'] as const;
export type BlockKindName = (typeof BLOCK_KIND_NAMES)[number];

export const BLOCK_KIND_OF = {
  'book-deltas': BlockKind.BOOK_DELTAS,
  quotes: BlockKind.QUOTES,
  'quote-bars': BlockKind.QUOTE_BARS,
  trades: BlockKind.TRADES,
  bars: BlockKind.BARS,
} as const satisfies Record<BlockKindName, BlockKind>;

/** True for bars of executions and of the best bid and ask. */
export function isBarKind(kind: BlockKind): kind is typeof BlockKind.BARS | typeof BlockKind.QUOTE_BARS {
  return kind === BlockKind.BARS || kind === BlockKind.QUOTE_BARS;
}

/** `book-deltas`, `quotes`, `quote-bars`, `trades` or `bars`. */
export function kindName(kind: BlockKind): BlockKindName {
  return BLOCK_KIND_NAMES.find((name) => BLOCK_KIND_OF[name] === kind)!;
}

/** The kind of a name, or null. */
export function kindOfName(name: string): BlockKind | null {
  return (Object.entries(BLOCK_KIND_OF) as readonly (readonly [string, BlockKind])[]).find(([each]) => each === name)?.[1] ?? null;
}

interface BlockBase {
  readonly instrument: InstrumentIndex;
  /** Rows in use, 0 to the columns' length. */
  length: number;
  /**
   * Set by a reader of trades or changes of books whose rows were checked one by one when they were stored, by the rules that MarketDataManager has for
   * them, with checksums since: then only the order between blocks is looked at again. Source: docs/decisions/0005-validated-blocks.md
   */
  isValidated: boolean;
  readonly tsEvent: Float64Array;
  readonly tsInit: Float64Array;
}

/**
 * Changes of an order book. Columns: action (BookAction), side (+1 bid, −1 ask), price (Price), quantity (Quantity), orderId (the venue's number, at
 * most 2^53 − 1; 0 where the book is made of levels), flags (bits of BookFlag).
 */
export interface BookDeltaBlock extends BlockBase {
  readonly kind: typeof BlockKind.BOOK_DELTAS;
  readonly action: Int8Array;
  readonly side: Int8Array;
  readonly price: Float64Array;
  readonly quantity: Float64Array;
  readonly orderId: Float64Array;
  readonly flags: Int8Array;
}

/** Executions. Columns: price (Price), quantity (Quantity), aggressorSide (+1 buyer, −1 seller, 0 unknown). */
export interface TradeBlock extends BlockBase {
  readonly kind: typeof BlockKind.TRADES;
  readonly price: Float64Array;
  readonly quantity: Float64Array;
  readonly aggressorSide: Int8Array;
}

/** Best bid and ask. 0 stands for an absent side. */
export interface QuoteBlock extends BlockBase {
  readonly kind: typeof BlockKind.QUOTES;
  readonly bidPrice: Float64Array;
  readonly askPrice: Float64Array;
  readonly bidSize: Float64Array;
  readonly askSize: Float64Array;
}

/** Bars of executions. `tsOpen` is the start of the interval, `tsEvent` its close whatever the file stamps. */
export interface BarBlock extends BlockBase {
  readonly kind: typeof BlockKind.BARS;
  /** Of the one bar that a builder hands out: data is missing within it. Never set for recorded bars. */
  isGapped: boolean;
  /** Position in the run's list of bar series (one per instrument and bar specification). */
  readonly series: number;
  readonly tsOpen: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
}

/** Bars of the best bid and ask. A side whose four prices are 0 is absent. */
export interface QuoteBarBlock extends BlockBase {
  readonly kind: typeof BlockKind.QUOTE_BARS;
  readonly series: number;
  readonly tsOpen: Float64Array;
  readonly bidOpen: Float64Array;
  readonly bidHigh: Float64Array;
  readonly bidLow: Float64Array;
  readonly bidClose: Float64Array;
  readonly askOpen: Float64Array;
  readonly askHigh: Float64Array;
  readonly askLow: Float64Array;
  readonly askClose: Float64Array;
  readonly bidSize: Float64Array;
  readonly askSize: Float64Array;
}

/** Blocks whose rows are complete in themselves: each has a price of its own, or of each side. */
export type PricedBlock = TradeBlock | QuoteBlock | BarBlock | QuoteBarBlock;
export type MarketBlock = BookDeltaBlock | PricedBlock;

/** Rows that readers put into a block unless told otherwise: large enough to amortise, small enough to stay in cache (specs: 4 to 8 thousand). */
export const BLOCK_ROWS = 8192;

function column(rows: number, shared: boolean): Float64Array {
  return new Float64Array(shared ? new SharedArrayBuffer(rows * 8) : new ArrayBuffer(rows * 8));
}

function byteColumn(rows: number, shared: boolean): Int8Array {
  return new Int8Array(shared ? new SharedArrayBuffer(rows) : new ArrayBuffer(rows));
}

/** One row of book deltas; its time is that of the venue and of the recording. */
export interface BookDelta {
  readonly ts: number;
  readonly action: BookAction;
  readonly side: number;
  readonly price: Price;
  readonly quantity: Quantity;
  readonly orderId: number;
  readonly flags: number;
}

/** Writes a row. Readers of recordings write their columns themselves: an object a row is dear. */
export function setBookDelta(block: BookDeltaBlock, row: number, delta: BookDelta): void {
  block.tsEvent[row] = delta.ts;
  block.tsInit[row] = delta.ts;
  block.action[row] = delta.action;
  block.side[row] = delta.side;
  block.price[row] = delta.price;
  block.quantity[row] = delta.quantity;
  block.orderId[row] = delta.orderId;
  block.flags[row] = delta.flags;
}

/** Allocates an empty block of book deltas. */
export function makeBookDeltaBlock(instrument: InstrumentIndex, rows = BLOCK_ROWS, shared = false): BookDeltaBlock {
  return {
    kind: BlockKind.BOOK_DELTAS,
    instrument,
    length: 0,
    isValidated: false,
    tsEvent: column(rows, shared),
    tsInit: column(rows, shared),
    action: byteColumn(rows, shared),
    side: byteColumn(rows, shared),
    price: column(rows, shared),
    quantity: column(rows, shared),
    orderId: column(rows, shared),
    flags: byteColumn(rows, shared),
  };
}

/** Allocates an empty trade block. `shared` puts the columns into shared memory, for workers. */
export function makeTradeBlock(instrument: InstrumentIndex, rows = BLOCK_ROWS, shared = false): TradeBlock {
  return {
    kind: BlockKind.TRADES,
    instrument,
    length: 0,
    isValidated: false,
    tsEvent: column(rows, shared),
    tsInit: column(rows, shared),
    price: column(rows, shared),
    quantity: column(rows, shared),
    aggressorSide: byteColumn(rows, shared),
  };
}

/** Allocates an empty quote block. */
export function makeQuoteBlock(instrument: InstrumentIndex, rows = BLOCK_ROWS, shared = false): QuoteBlock {
  return {
    kind: BlockKind.QUOTES,
    instrument,
    length: 0,
    isValidated: false,
    tsEvent: column(rows, shared),
    tsInit: column(rows, shared),
    bidPrice: column(rows, shared),
    askPrice: column(rows, shared),
    bidSize: column(rows, shared),
    askSize: column(rows, shared),
  };
}

/** Allocates an empty bar block. */
export function makeBarBlock(instrument: InstrumentIndex, series: number, rows = BLOCK_ROWS, shared = false): BarBlock {
  return {
    kind: BlockKind.BARS,
    instrument,
    series,
    length: 0,
    isValidated: false,
    isGapped: false,
    tsEvent: column(rows, shared),
    tsInit: column(rows, shared),
    tsOpen: column(rows, shared),
    open: column(rows, shared),
    high: column(rows, shared),
    low: column(rows, shared),
    close: column(rows, shared),
    volume: column(rows, shared),
  };
}

/** Allocates an empty block of bid and ask bars. */
export function makeQuoteBarBlock(instrument: InstrumentIndex, series: number, rows = BLOCK_ROWS, shared = false): QuoteBarBlock {
  return {
    kind: BlockKind.QUOTE_BARS,
    instrument,
    series,
    length: 0,
    isValidated: false,
    tsEvent: column(rows, shared),
    tsInit: column(rows, shared),
    tsOpen: column(rows, shared),
    bidOpen: column(rows, shared),
    bidHigh: column(rows, shared),
    bidLow: column(rows, shared),
    bidClose: column(rows, shared),
    askOpen: column(rows, shared),
    askHigh: column(rows, shared),
    askLow: column(rows, shared),
    askClose: column(rows, shared),
    bidSize: column(rows, shared),
    askSize: column(rows, shared),
  };
}
