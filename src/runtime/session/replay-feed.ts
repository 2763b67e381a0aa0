import { copyRows } from './input-codec.ts';
import type { SessionClock } from './session-clock.ts';
import { StreamMerge } from '../stream-merge.ts';
import { upperBound } from '../../base/sorted-search.ts';
import type { MarketBlock } from '../../model/blocks.ts';
import type { BlockReader } from '../../ports/block-reader.ts';
import type { ClockCall } from '../../ports/clock.ts';

/** Rows that a feed hands over at once at most. */
export const FEED_ROWS_MAX = 4096;

export interface FeedListener {
  /** Rows of one stream, which are the listener's to keep. @returns false where it wants no more until {@link ReplayFeed.goOn} */
  onRows(block: MarketBlock): boolean;
  /** What it plays has ended. */
  onEnd(): void;
}

/**
 * Plays recorded or generated streams by a session's clock: rows come when they fall due, what is past already as fast as the listener takes it. The order
 * is the one total order.
 */
export class ReplayFeed {
  private readonly merge: StreamMerge;
  private readonly clock: SessionClock;
  private readonly listener: FeedListener;
  private call: ClockCall | null = null;
  private isStopped = false;
  private hasEnded = false;

  constructor(streams: readonly BlockReader[], clock: SessionClock, listener: FeedListener) {
    this.merge = new StreamMerge(streams);
    this.clock = clock;
    this.listener = listener;
  }

  /** When the next row comes; Infinity at the end. */
  get nextTs(): number {
    return this.merge.tsNext;
  }

  /** Passes over everything up to `ts`: it was taken before, or nobody was there. */
  skipTo(ts: number): void {
    const { merge } = this;
    while (merge.tsNext <= ts) merge.advanceTo(upperBound(merge.block!.tsInit, merge.row, merge.rowEnd, ts));
  }

  /** Goes on with what is due, then waits for the clock. */
  goOn(): void {
    if (this.isStopped || this.hasEnded) return;
    this.call?.cancel();
    this.call = null;
    const { merge } = this;
    const nowTs = this.clock.now();
    while (merge.tsNext <= nowTs) {
      if (!this.hand(nowTs)) return;
      if (this.isStopped) return;
    }
    if (merge.tsNext === Number.POSITIVE_INFINITY) {
      this.hasEnded = true;
      this.listener.onEnd();
      return;
    }
    this.call = this.clock.callAt(merge.tsNext, () => this.goOn());
  }

  stop(): void {
    this.isStopped = true;
    this.call?.cancel();
    this.call = null;
    this.merge.close();
  }

  /** Hands over the rows of the stream in turn that are due. */
  private hand(nowTs: number): boolean {
    const { merge } = this;
    const { row } = merge;
    const block = merge.block!;
    const most = Math.min(merge.rowEnd, row + FEED_ROWS_MAX);
    const end = block.tsInit[most - 1]! <= nowTs ? most : upperBound(block.tsInit, row, most, nowTs);
    const rows = copyRows(block, row, end);
    merge.advanceTo(end);
    return this.listener.onRows(rows);
  }
}
