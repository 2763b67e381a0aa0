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

interface OpenStream {
  readonly reader: BlockReader<FeedBlock>;
  block: FeedBlock | null;
  row: number;
  /** What orders the rows of all streams: `tsInit` where the delay is stated, else the venue's time. Does not fall; Infinity at the end. */
  key: number;
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
  private ts = Number.NEGATIVE_INFINITY;

  constructor(readers: readonly BlockReader<FeedBlock>[], delay: FeedDelay) {
    this.latency = delay.kind === 'stated' ? new Latency(delay.latency, 'feed') : null;
    this.clockAheadUs = delay.kind === 'recorded' ? delay.clockAheadUs : 0;
    this.streams = readers.map((reader) => ({ reader, block: null, row: 0, key: Number.NEGATIVE_INFINITY }));
    for (const stream of this.streams) this.load(stream);
    this.choose();
  }

  /** When the venue makes what comes next; Infinity at the end. */
  get nextTs(): number {
    return this.ts;
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
    if (best === null) this.ts = Number.POSITIVE_INFINITY;
    else if (best.key !== this.key) this.setTime(best.key);
  }

  private setTime(key: number): void {
    const { latency } = this;
    this.key = key;
    this.ts = latency === null ? key : Math.max(this.ts, key - latency.at(key));
  }

  private load(stream: OpenStream): void {
    let block = stream.reader.next();
    while (block !== null && block.length === 0) block = stream.reader.next();
    stream.block = block;
    stream.row = 0;
    if (block === null) stream.key = Number.POSITIVE_INFINITY;
    else this.place(stream, block);
  }

  private place(stream: OpenStream, block: FeedBlock): void {
    const tsInit = block.tsInit[stream.row]!;
    const key = this.latency === null ? Math.min(tsInit, block.tsEvent[stream.row]! + this.clockAheadUs) : tsInit;
    if (key > stream.key) stream.key = key;
  }
}

function isTradesBefore(stream: OpenStream, other: OpenStream): boolean {
  return stream.block!.kind === BlockKind.TRADES && other.block!.kind !== BlockKind.TRADES;
}
