import { assert } from '../../base/assert.ts';
import { type BookDeltaBlock, BlockKind, type TradeBlock } from '../../model/blocks.ts';
import type { BlockReader } from '../../ports/block-reader.ts';
import type { Latency } from '../latency.ts';

export type FeedBlock = BookDeltaBlock | TradeBlock;

/** One recorded stream as the venue sees it, and how long its rows took to the house. */
export interface FeedStream {
  readonly reader: BlockReader<FeedBlock>;
  readonly delay: FeedDelay;
}

/** How much earlier than `tsInit` the venue had a row. */
export type FeedDelay =
  /** What is stated, whatever the recording says. */
  | { readonly kind: 'stated'; readonly latency: Latency }
  /** `tsInit` less `tsEvent`, corrected by how far the recording's clock stood ahead of the venue's; never below 0. */
  | { readonly kind: 'recorded'; readonly clockAheadUs: number };

/** Who is shown what the venue made. */
export interface FeedListener {
  onDelta(block: BookDeltaBlock, row: number, ts: number): void;
  onTrade(block: TradeBlock, row: number, ts: number): void;
}

/** Who waits for rows of a kind. */
export interface FeedWatch {
  /** First row of [from, to) that could matter, else `to`; −1 where no row of the instrument does before something else happens. Changes nothing. */
  firstToSee(block: FeedBlock, from: number, to: number): number;
  /** Changes when what was told may hold no more, other than by rows that were told. */
  readonly version: number;
}

/** No row of the instrument matters while its orders are as they are. */
export const NEVER = -1;
/** Nothing that was found holds. */
const UNSEEN = -2;

/** Rows of a stream looked at beforehand at a time: what is found out is worth nothing once an order comes. */
const LOOK_AHEAD_ROWS = 256;

/** A class, so that the streams of all runs have one layout. */
class OpenStream {
  readonly reader: BlockReader<FeedBlock>;
  readonly delay: FeedDelay;
  block: FeedBlock | null = null;
  row = 0;
  /** What {@link FeedWatch.firstToSee} found in the block last, for orders of a version. */
  seenRow = UNSEEN;
  seenVersion = -1;
  /** tsInit of the row at hand: rows that came together were made together. */
  tsInit = Number.NaN;
  /** The venue's time of the row at hand; within a stream it does not fall. Infinity at the end. */
  ts = Number.NEGATIVE_INFINITY;

  constructor({ reader, delay }: FeedStream) {
    this.reader = reader;
    this.delay = delay;
  }
}

/**
 * Recorded changes of books and trades in the order and at the time at which the venue made them, which is before the house had them: the matching
 * runs ahead of what strategies know, by the latency of the feed. At one time trades come before changes, which tell what the trades left.
 */
export class VenueFeed {
  private readonly streams: OpenStream[];
  private next: OpenStream | null = null;

  constructor(streams: readonly FeedStream[]) {
    this.streams = streams.map((stream) => new OpenStream(stream));
    for (const stream of this.streams) load(stream);
    this.choose();
  }

  /** When the venue makes what comes next; Infinity at the end. */
  get nextTs(): number {
    return this.next === null ? Number.POSITIVE_INFINITY : this.next.ts;
  }

  /**
   * When a row comes that could matter to who watches; sooner where none is in sight. Nothing between now and then need be shown before something
   * else happens. Infinity where nobody watches.
   */
  nextToSeeTs(watch: FeedWatch): number {
    let next = Number.POSITIVE_INFINITY;
    for (const stream of this.streams) {
      const { block, row } = stream;
      if (block === null) continue;
      const holds = stream.seenVersion === watch.version && (stream.seenRow >= row || stream.seenRow === NEVER);
      if (!holds) {
        stream.seenRow = watch.firstToSee(block, row, Math.min(block.length, row + LOOK_AHEAD_ROWS));
        stream.seenVersion = watch.version;
      }
      const { seenRow } = stream;
      if (seenRow !== NEVER) next = Math.min(next, timeAhead(stream, block, Math.min(seenRow, block.length - 1)));
    }
    return Math.max(next, this.nextTs);
  }

  /** Shows the rows of the next stream in line that are of {@link nextTs}. */
  show(listener: FeedListener): void {
    const stream = this.next;
    assert(stream !== null && stream.block !== null, 'there is a row to show');
    const { ts } = stream;
    while (stream.ts === ts && stream.block !== null) {
      if (stream.block.kind === BlockKind.TRADES) listener.onTrade(stream.block, stream.row, ts);
      else listener.onDelta(stream.block, stream.row, ts);
      stream.row += 1;
      if (stream.row === stream.block.length) load(stream);
      else setTime(stream, stream.block);
    }
    this.choose();
  }

  close(): void {
    for (const stream of this.streams) stream.reader.close();
  }

  private choose(): void {
    let best: OpenStream | null = null;
    for (const stream of this.streams) {
      if (stream.block === null) continue;
      if (best === null || stream.ts < best.ts || (stream.ts === best.ts && isTradesBefore(stream, best))) best = stream;
    }
    this.next = best;
  }
}

function isTradesBefore(stream: OpenStream, other: OpenStream): boolean {
  return stream.block!.kind === BlockKind.TRADES && other.block!.kind !== BlockKind.TRADES;
}

function load(stream: OpenStream): void {
  let block = stream.reader.next();
  while (block !== null && block.length === 0) block = stream.reader.next();
  stream.block = block;
  stream.row = 0;
  stream.seenRow = UNSEEN;
  if (block === null) stream.ts = Number.POSITIVE_INFINITY;
  else setTime(stream, block);
}

/** The venue's time of a row that is not at hand yet, or an earlier one. Draws nothing. */
function timeAhead(stream: OpenStream, block: FeedBlock, row: number): number {
  const { delay } = stream;
  if (row === stream.row || (delay.kind === 'stated' && !delay.latency.isPure)) return stream.ts;
  return Math.max(stream.ts, timeOf(delay, block, row));
}

function timeOf(delay: FeedDelay, block: FeedBlock, row: number): number {
  const tsInit = block.tsInit[row]!;
  return delay.kind === 'stated' ? tsInit - delay.latency.at(tsInit) : Math.min(tsInit, block.tsEvent[row]! + delay.clockAheadUs);
}

function setTime(stream: OpenStream, block: FeedBlock): void {
  const { delay, row } = stream;
  const tsInit = block.tsInit[row]!;
  if (tsInit === stream.tsInit && delay.kind === 'stated') return;
  stream.tsInit = tsInit;
  const ts = timeOf(delay, block, row);
  if (ts > stream.ts) stream.ts = ts;
}
