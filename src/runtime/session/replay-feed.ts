import { copyRows } from './input-codec.ts';
import type { SessionClock } from './session-clock.ts';
import type { OpenSessionFeed, SessionFeed, SessionFeedListener } from './session-feed.ts';
import { StreamMerge } from '../stream-merge.ts';
import { upperBound } from '../../base/sorted-search.ts';
import { SkippedBooks } from './skipped-books.ts';
import { BlockKind, type BookDeltaBlock } from '../../model/blocks.ts';
import type { BlockReader } from '../../ports/block-reader.ts';

/** Rows that a feed hands over at once at most. */
export const FEED_ROWS_MAX = 4096;

/** Plays streams, which are opened from their beginning. */
export function replayFeed(openStreams: () => readonly BlockReader[]): OpenSessionFeed {
  return (clock, listener) => new ReplayFeed(openStreams(), clock, listener);
}

/**
 * Plays recorded or generated streams by a session's clock: rows come when they fall due, what is past already as fast as the listener takes it. The order
 * is the one total order.
 */
export class ReplayFeed implements SessionFeed {
  private readonly merge: StreamMerge;
  private readonly clock: SessionClock;
  private readonly listener: SessionFeedListener;
  private readonly skipped = new SkippedBooks();
  private isStopped = false;

  constructor(streams: readonly BlockReader[], clock: SessionClock, listener: SessionFeedListener) {
    this.merge = new StreamMerge(streams);
    this.clock = clock;
    this.listener = listener;
  }

  get nextTs(): number {
    return this.merge.tsNext;
  }

  skipRows(rows: number): void {
    const { merge } = this;
    for (let left = rows; left > 0 && merge.tsNext !== Number.POSITIVE_INFINITY; ) {
      const taken = Math.min(left, merge.rowEnd - merge.row);
      this.pass(merge.row + taken);
      left -= taken;
    }
  }

  skipTo(ts: number): readonly BookDeltaBlock[] {
    const { merge } = this;
    while (merge.tsNext <= ts) this.pass(upperBound(merge.block!.tsInit, merge.row, merge.rowEnd, ts));
    return this.skipped.take(ts);
  }

  goOn(): void {
    const { merge } = this;
    const nowTs = this.clock.now();
    while (!this.isStopped && merge.tsNext <= nowTs) if (!this.hand(nowTs)) return;
  }

  stop(): void {
    if (this.isStopped) return;
    this.isStopped = true;
    this.merge.close();
  }

  private pass(end: number): void {
    const { block, row } = this.merge;
    if (block?.kind === BlockKind.BOOK_DELTAS) this.skipped.note(block, row, end);
    this.merge.advanceTo(end);
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
    return this.listener.onRows(rows, merge.tsNext === rows.tsInit[rows.length - 1]!);
  }
}
