import { type DepthSequence, DepthVerdict, NO_BOOK, WaitingDiffs } from './depth-sequence.ts';

/**
 * Binance Spot numbers every change: a diff holds the changes `U` to `u`, and the next begins at `u` + 1. A snapshot with id L is continued by the
 * diff with `U` <= L + 1 <= `u`.
 *
 * The venue's text names only `U` <= L <= `u`; on captured books the first diff follows the snapshot directly (`U` = L + 1). A diff that begins
 * within the book is applied: its quantities are absolute.
 *
 * Source: "How to manage a local order book correctly", Binance Spot WebSocket streams.
 */
export class BinanceSpotSequence implements DepthSequence {
  bookId = NO_BOOK;
  private readonly waiting = new WaitingDiffs();

  onDiff(firstId: number, lastId: number, previousId: number, levels: number): DepthVerdict {
    if (this.bookId === NO_BOOK) return this.waiting.add(firstId, previousId, levels);
    if (lastId <= this.bookId) return DepthVerdict.IGNORE;
    if (firstId > this.bookId + 1) {
      this.bookId = NO_BOOK;
      this.waiting.begin(firstId, previousId, levels);
      return DepthVerdict.GAP;
    }
    this.bookId = lastId;
    return DepthVerdict.APPLY;
  }

  onSnapshot(lastId: number): DepthVerdict {
    if (lastId < this.bookId) return DepthVerdict.IGNORE;
    if (this.waiting.firstId !== NO_BOOK && lastId + 1 < this.waiting.firstId) return DepthVerdict.STALE;
    this.waiting.clear();
    this.bookId = lastId;
    return DepthVerdict.APPLY;
  }
}
