import { copyRows } from './input-codec.ts';
import type { SessionClock } from './session-clock.ts';
import type { OpenSessionFeed, SessionFeed, SessionFeedListener } from './session-feed.ts';
import { StreamMerge } from '../stream-merge.ts';
import { lowerBound, upperBound } from '../../base/sorted-search.ts';
import type { AccountEvent } from '../../model/events.ts';
import { SkippedBooks } from './skipped-books.ts';
import { BlockKind, type BookDeltaBlock } from '../../model/blocks.ts';
import type { BlockReader } from '../../ports/block-reader.ts';

/** Rows that a feed hands over at once at most. */
export const FEED_ROWS_MAX = 4096;

/**
 * Plays streams, which are opened from their beginning.
 *
 * @param accountEvents that go with them, in order of time
 */
export function replayFeed(openStreams: () => readonly BlockReader[], accountEvents: readonly AccountEvent[] = []): OpenSessionFeed {
  return (clock, listener) => new ReplayFeed(openStreams(), accountEvents, clock, listener);
}

/**
 * Plays recorded or generated streams by a session's clock: rows come when they fall due, what is past already as fast as the listener takes it. The order
 * is the one total order.
 */
export class ReplayFeed implements SessionFeed {
  private readonly merge: StreamMerge;
  private readonly clock: SessionClock;
  private readonly listener: SessionFeedListener;
  private readonly accountEvents: readonly AccountEvent[];
  private accountEventNext = 0;
  private readonly skipped = new SkippedBooks();
  private isStopped = false;

  /** @param accountEvents in order of time; they come before rows of their time */
  constructor(streams: readonly BlockReader[], accountEvents: readonly AccountEvent[], clock: SessionClock, listener: SessionFeedListener) {
    this.merge = new StreamMerge(streams);
    this.accountEvents = accountEvents;
    this.clock = clock;
    this.listener = listener;
  }

  get nextTs(): number {
    return Math.min(this.merge.tsNext, this.accountTs);
  }

  /** When the next account event comes. The last row ends a recording: what comes after it nothing values any more. */
  private get accountTs(): number {
    if (this.merge.tsNext === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
    return this.accountEvents[this.accountEventNext]?.tsInit ?? Number.POSITIVE_INFINITY;
  }

  skipTaken(rows: number, accountEvents: number): void {
    const { merge } = this;
    this.accountEventNext += accountEvents;
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
    while (!this.isStopped && this.nextTs <= nowTs) {
      const wantsMore = this.accountTs <= merge.tsNext ? this.handAccountEvent() : this.hand(nowTs);
      if (!wantsMore) return;
    }
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

  private handAccountEvent(): boolean {
    const event = this.accountEvents[this.accountEventNext]!;
    this.accountEventNext += 1;
    return this.listener.onAccountEvent(event);
  }

  /** Hands over the rows of the stream in turn that are due, up to the next account event. */
  private hand(nowTs: number): boolean {
    const { merge } = this;
    const { row } = merge;
    const block = merge.block!;
    const most = Math.min(merge.rowEnd, row + FEED_ROWS_MAX);
    const due = block.tsInit[most - 1]! <= nowTs ? most : upperBound(block.tsInit, row, most, nowTs);
    const { accountTs } = this;
    const end = block.tsInit[due - 1]! < accountTs ? due : lowerBound(block.tsInit, row, due, accountTs);
    const rows = copyRows(block, row, end);
    merge.advanceTo(end);
    return this.listener.onRows(rows, merge.tsNext === rows.tsInit[rows.length - 1]!);
  }
}
