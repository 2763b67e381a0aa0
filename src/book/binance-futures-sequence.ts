import { type DepthSequence, DepthVerdict, NO_BOOK, WaitingDiffs } from './depth-sequence.ts';

/**
 * Binance USD-M and COIN-M futures: ids are shared by many books, so those of one have holes, and a diff names the `u` of the diff before as `pu`.
 * A snapshot with id L is continued by the diff with `U` <= L <= `u`, or with `pu` = L; from then on `pu` is the `u` of the diff before.
 *
 * A diff with `u` = L is the first one (on Spot it is passed over): it sets what the snapshot has. Where L lies between `pu` and `U` it is the id
 * of no change of this book, and what the snapshot has is not known: a gap, though by the ids alone nothing is missing.
 *
 * Source: "How to manage a local order book correctly", Binance USD-M futures WebSocket streams. That `pu` = L is right too is known from
 * captured messages in which no diff contains L.
 */
export class BinanceFuturesSequence implements DepthSequence {
  bookId = NO_BOOK;
  /** A diff was applied to the snapshot. */
  private isContinued = false;
  private readonly waiting = new WaitingDiffs();

  onDiff(firstId: number, lastId: number, previousId: number, levels: number): DepthVerdict {
    if (this.bookId === NO_BOOK) return this.waiting.add(firstId, previousId, levels);
    if (lastId < this.bookId || (this.isContinued && lastId === this.bookId)) return DepthVerdict.IGNORE;
    if (previousId !== this.bookId && (this.isContinued || firstId > this.bookId)) {
      this.bookId = NO_BOOK;
      this.waiting.begin(firstId, previousId, levels);
      return DepthVerdict.GAP;
    }
    this.isContinued = true;
    this.bookId = lastId;
    return DepthVerdict.APPLY;
  }

  onSnapshot(lastId: number): DepthVerdict {
    if (lastId < this.bookId) return DepthVerdict.IGNORE;
    const { firstId, previousId } = this.waiting;
    if (firstId !== NO_BOOK && lastId < firstId && lastId !== previousId) return DepthVerdict.STALE;
    this.waiting.clear();
    this.bookId = lastId;
    this.isContinued = false;
    return DepthVerdict.APPLY;
  }
}
