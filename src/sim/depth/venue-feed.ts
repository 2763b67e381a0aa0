import { assert } from '../../base/assert.ts';
import { type BookDeltaBlock, BlockKind, type TradeBlock } from '../../model/blocks.ts';
import type { BlockReader } from '../../ports/block-reader.ts';
import { Latency, type LatencyModel } from '../latency.ts';

export type FeedBlock = BookDeltaBlock | TradeBlock;

/** How much earlier than `tsInit` the venue had a row. */
export type FeedDelay =
  /** What is stated, whatever the recording says: rows keep the order in which the house had them, and those that came together were made together. */
  | { readonly kind: 'stated'; readonly latency: LatencyModel }
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
  block: FeedBlock | null = null;
  row = 0;
  /** What {@link FeedWatch.firstToSee} found in the block last, for orders of a version. */
  seenRow = UNSEEN;
  seenVersion = -1;
  /** What orders the rows of all streams: `tsInit` where the delay is stated, else the venue's time. Does not fall; Infinity at the end. */
  key = Number.NEGATIVE_INFINITY;

  constructor(reader: BlockReader<FeedBlock>) {
    this.reader = reader;
  }
}

/**
 * Recorded changes of books and trades in the order and at the time at which the venue made them, which is before the house had them: the matching
 * runs ahead of what strategies know, by the latency of the feed. At one time trades come before changes, which tell what the trades left.
 */
export class VenueFeed {
  private readonly streams: OpenStream[];
  /** How long rows took to the house, where that is stated. */
  private readonly latency: Latency | null;
  private readonly clockAheadUs: number;
  private next: OpenStream | null = null;
  /** Key of the rows in line, and when the venue made them. */
  private key = Number.NEGATIVE_INFINITY;
  private madeTs = Number.NEGATIVE_INFINITY;
  /** `madeTs` while there are rows in line; Infinity while there are none. */
  private ts = Number.NEGATIVE_INFINITY;

  constructor(readers: readonly BlockReader<FeedBlock>[], delay: FeedDelay) {
    this.latency = delay.kind === 'stated' ? new Latency(delay.latency, 'feed') : null;
    this.clockAheadUs = delay.kind === 'recorded' ? delay.clockAheadUs : 0;
    this.streams = readers.map((reader) => new OpenStream(reader));
    for (const stream of this.streams) this.load(stream);
    this.choose();
  }

  /** One more stream. */
  add(reader: BlockReader<FeedBlock>): void {
    this.streams.push(new OpenStream(reader));
  }

  /** Readers that had come to their end have more. */
  wake(): void {
    for (const stream of this.streams) {
      if (stream.block !== null) continue;
      stream.key = Number.NEGATIVE_INFINITY;
      this.load(stream);
    }
    this.choose();
  }

  /** When the venue makes what comes next; Infinity at the end. */
  get nextTs(): number {
    return this.ts;
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
      if (seenRow !== NEVER) next = Math.min(next, this.timeAhead(stream, block, Math.min(seenRow, block.length - 1)));
    }
    return Math.max(next, this.nextTs);
  }

  /** Shows the rows of the next stream in line that were made together. */
  show(listener: FeedListener): void {
    const stream = this.next;
    assert(stream !== null && stream.block !== null, 'there is a row to show');
    const { key, ts } = this;
    while (stream.key === key && stream.block !== null) {
      if (stream.block.kind === BlockKind.TRADES) listener.onTrade(stream.block, stream.row, ts);
      else listener.onDelta(stream.block, stream.row, ts);
      stream.row += 1;
      if (stream.row === stream.block.length) this.load(stream);
      else this.place(stream, stream.block);
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
      if (best === null || stream.key < best.key || (stream.key === best.key && isTradesBefore(stream, best))) best = stream;
    }
    this.next = best;
    if (best !== null && best.key !== this.key) this.setTime(best.key);
    this.ts = best === null ? Number.POSITIVE_INFINITY : this.madeTs;
  }

  private setTime(key: number): void {
    const { latency } = this;
    this.key = key;
    this.madeTs = latency === null ? key : Math.max(this.madeTs, key - latency.at(key));
  }

  private load(stream: OpenStream): void {
    let block = stream.reader.next();
    while (block !== null && block.length === 0) block = stream.reader.next();
    stream.block = block;
    stream.row = 0;
    stream.seenRow = UNSEEN;
    if (block === null) stream.key = Number.POSITIVE_INFINITY;
    else this.place(stream, block);
  }

  private place(stream: OpenStream, block: FeedBlock): void {
    const key = this.keyOf(block, stream.row);
    if (key > stream.key) stream.key = key;
  }

  private keyOf(block: FeedBlock, row: number): number {
    const tsInit = block.tsInit[row]!;
    return this.latency === null ? Math.min(tsInit, block.tsEvent[row]! + this.clockAheadUs) : tsInit;
  }

  /** The venue's time of a row that is not at hand yet, or an earlier one. Draws nothing. */
  private timeAhead(stream: OpenStream, block: FeedBlock, row: number): number {
    const { latency } = this;
    const key = Math.max(stream.key, this.keyOf(block, row));
    if (latency === null) return key;
    return latency.isPure ? key - latency.at(key) : this.ts;
  }
}

function isTradesBefore(stream: OpenStream, other: OpenStream): boolean {
  return stream.block!.kind === BlockKind.TRADES && other.block!.kind !== BlockKind.TRADES;
}
