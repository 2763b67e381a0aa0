import { DepthVerdict, NO_BOOK } from './depth-sequence.ts';

/** A message with this update id is a snapshot whatever it calls itself: the venue has restarted. */
const RESTART_ID = 1;

/**
 * Bybit sends a snapshot first, on the same connection, and deltas whose `u` rises by one; a new snapshot replaces all. Nothing waits for a
 * snapshot: deltas before it are passed over.
 *
 * `seq` rises with time: a delta that is older than the book is passed over, whatever its `u`, and one from after a restart whose snapshot was
 * lost is a gap. That `u` rises by one is not stated by the venue; a jump is taken for a gap.
 *
 * Source: orderbook topic of Bybit's v5 WebSocket documentation.
 */
export class BybitSequence {
  /** `u` of the last message in the book; {@link NO_BOOK} while there is none. */
  bookId = NO_BOOK;
  private seq = NO_BOOK;

  /** @param isSnapshot the message's type is `snapshot` */
  isWhole(isSnapshot: boolean, updateId: number): boolean {
    return isSnapshot || updateId === RESTART_ID;
  }

  /** A message that is whole: always APPLY. */
  onSnapshot(updateId: number, seq: number): DepthVerdict {
    this.bookId = updateId;
    this.seq = seq;
    return DepthVerdict.APPLY;
  }

  onDelta(updateId: number, seq: number): DepthVerdict {
    const isOlder = seq < this.seq || (seq === this.seq && updateId <= this.bookId);
    if (this.bookId === NO_BOOK || isOlder) return DepthVerdict.IGNORE;
    if (updateId !== this.bookId + 1) {
      this.bookId = NO_BOOK;
      return DepthVerdict.GAP;
    }
    this.bookId = updateId;
    this.seq = seq;
    return DepthVerdict.APPLY;
  }
}
