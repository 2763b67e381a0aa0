/** What becomes of a diff of a book, or of a snapshot of it. */
export const DepthVerdict = {
  /** Diffs: no snapshot has come yet. Keep the diff; once a snapshot applies, hand it in again. */
  BUFFER: 0,
  /** The book has what it tells already: pass it over. */
  IGNORE: 1,
  /** Diffs: set its levels. Snapshots: the book is this one from here on; then hand in again what is buffered, in its order. */
  APPLY: 2,
  /**
   * Diffs: some before this one are missing. The book is worth nothing until a snapshot applies; forget what is buffered and keep this diff as the
   * first that waits.
   */
  GAP: 3,
  /** Snapshots: older than the first diff that waits. Fetch another; what is buffered stays. */
  STALE: 4,
} as const;
export type DepthVerdict = (typeof DepthVerdict)[keyof typeof DepthVerdict];

/** The update id of a book that there is none of. */
export const NO_BOOK = -1;

/** Levels that diffs without a snapshot may hold together, each diff counting one more; the diff that would pass it is a GAP and waits alone. */
export const DEPTH_LEVELS_BUFFERED_MAX = 1 << 20;

/**
 * The rule of a venue that numbers its diffs and has snapshots fetched apart from them: which diffs belong on which snapshot. It is told the ids
 * only; whoever asks keeps the messages. Ids are whole numbers, at least 0.
 */
export interface DepthSequence {
  /** Id of the last update that is in the book; {@link NO_BOOK} while there is none. */
  readonly bookId: number;
  /**
   * @param firstId id of the first update in the diff
   * @param lastId id of the last, not below `firstId`
   * @param previousId `lastId` of the diff before, where the venue tells it
   * @param levels how many levels it sets: what buffering it costs
   */
  onDiff(firstId: number, lastId: number, previousId: number, levels: number): DepthVerdict;
  /** @param lastId id of the last update that is in the snapshot */
  onSnapshot(lastId: number): DepthVerdict;
}

/** The ids of the diffs that wait for a snapshot. */
export class WaitingDiffs {
  /** Of the first one; {@link NO_BOOK} while none waits. */
  firstId = NO_BOOK;
  previousId = NO_BOOK;
  private levels = 0;

  /** BUFFER, or GAP where the bound is reached: then this diff alone waits. */
  add(firstId: number, previousId: number, levels: number): DepthVerdict {
    const isFull = this.levels + levels + 1 > DEPTH_LEVELS_BUFFERED_MAX;
    if (this.firstId === NO_BOOK || isFull) this.begin(firstId, previousId, levels);
    else this.levels += levels + 1;
    return isFull ? DepthVerdict.GAP : DepthVerdict.BUFFER;
  }

  begin(firstId: number, previousId: number, levels: number): void {
    this.firstId = firstId;
    this.previousId = previousId;
    this.levels = levels + 1;
  }

  clear(): void {
    this.firstId = NO_BOOK;
    this.previousId = NO_BOOK;
    this.levels = 0;
  }
}
