import { BookFault, BookState, OrderBook, type OrderBookState } from '../../book/order-book.ts';
import type { BookDeltaBlock } from '../../model/blocks.ts';
import type { MarketDataCode } from '../../model/codes/market-data.ts';
import type { DataGap } from '../../model/events.ts';
import type { Instrument, InstrumentIndex } from '../../model/instrument.ts';

/** What is counted of a delta that did not change the book, by its fault. */
const FAULT_CODES: Readonly<Record<BookFault, MarketDataCode | null>> = {
  [BookFault.NONE]: null,
  [BookFault.IGNORED]: 'MARKET_DATA_BOOK_WAITING',
  [BookFault.ORDER_UNKNOWN]: 'MARKET_DATA_ORDER_UNKNOWN',
  [BookFault.ORDER_DUPLICATE]: 'MARKET_DATA_BOOK_BROKEN',
  [BookFault.KIND_MIXED]: 'MARKET_DATA_BOOK_BROKEN',
  [BookFault.BOOK_FULL]: 'MARKET_DATA_BOOK_BROKEN',
};

export interface BooksState {
  /** By instrument; null where no book was made. */
  readonly books: readonly (OrderBookState | null)[];
  readonly isWatched: readonly boolean[];
}

/** Where a delta left the book that it was applied to. */
export interface DeltaOutcome {
  /** Why it did not change the book; null where it did. */
  fault: MarketDataCode | null;
  /** The book was worth something before it and is not now. */
  hasBroken: boolean;
}

/**
 * The order books of a run, one per instrument that has deltas or whose book a strategy asked for. A book is made at its first use and never
 * replaced, so that views may hold it.
 */
export class Books {
  private readonly books: (OrderBook | null)[];
  /** A strategy decides by this book: then no order that opens goes out while it is worth nothing. */
  private readonly isWatched: boolean[];
  private readonly outcome: DeltaOutcome = { fault: null, hasBroken: false };

  constructor(instruments: readonly Instrument[]) {
    this.books = instruments.map(() => null);
    this.isWatched = instruments.map(() => false);
  }

  of(instrument: InstrumentIndex): OrderBook {
    const book = this.books[instrument] ?? new OrderBook();
    this.books[instrument] = book;
    return book;
  }

  watch(instrument: InstrumentIndex): OrderBook {
    this.isWatched[instrument] = true;
    return this.of(instrument);
  }

  /** Applies one row. The same object is written anew at the next call. Hot (bench row path/cpp). */
  apply(book: OrderBook, block: BookDeltaBlock, row: number): DeltaOutcome {
    const { outcome } = this;
    const before = book.state;
    const fault = book.apply(block, row);
    outcome.fault = FAULT_CODES[fault];
    outcome.hasBroken = book.state === BookState.GAPPED && before !== BookState.GAPPED;
    return outcome;
  }

  /** End of the instrument's last whole event, microseconds since the epoch; −∞ before the first. */
  updatedTs(instrument: InstrumentIndex): number {
    return this.books[instrument]?.updatedTs ?? Number.NEGATIVE_INFINITY;
  }

  /** A row was refused, so that the book lacks it. @returns true where it was worth something before */
  markGapped(instrument: InstrumentIndex): boolean {
    const book = this.of(instrument);
    if (book.state === BookState.GAPPED || book.state === BookState.UNKNOWN) return false;
    book.state = BookState.GAPPED;
    return true;
  }

  /** What is missing of a book that is worth nothing from a row on: all since its last whole event. */
  gapAt(block: BookDeltaBlock, row: number): DataGap {
    const { instrument } = block;
    const tsInit = block.tsInit[row]!;
    const { updatedTs } = this.of(instrument);
    const tsFrom = updatedTs === Number.NEGATIVE_INFINITY ? tsInit : updatedTs;
    return { kind: 'DataGap', instrument, tsFrom, tsTo: tsInit, reason: 'SEQUENCE', tsEvent: block.tsEvent[row]!, tsInit };
  }

  /**
   * Why no decision may hang on the book now; null where one may, and where no strategy looks at it.
   *
   * @param now microseconds since the epoch
   * @param crossedMaxUs how long it may have been crossed or locked, in plain time
   * @param isTooOld its last change lies longer ago than it may
   */
  unfitReason(instrument: InstrumentIndex, now: number, crossedMaxUs: number, isTooOld: boolean): string | null {
    if (!this.isWatched[instrument]!) return null;
    const { state, crossedSinceTs } = this.of(instrument);
    if (state === BookState.UNKNOWN) return 'has had no snapshot yet';
    if (state !== BookState.VALID) return 'waits for a snapshot after missing changes';
    if (now - crossedSinceTs >= crossedMaxUs) return 'is crossed or locked';
    if (isTooOld) return 'has not changed for longer than marketData.ageMax';
    return null;
  }

  saveState(): BooksState {
    return { books: this.books.map((book) => book?.saveState() ?? null), isWatched: [...this.isWatched] };
  }

  /** A book that was made stays the same object: views hold it. */
  loadState({ books, isWatched }: BooksState): void {
    books.forEach((state, instrument) => {
      this.isWatched[instrument] = isWatched[instrument]!;
      if (state !== null) this.of(instrument).loadState(state);
    });
  }
}
