import { bookSnapshot, unknownBook } from '../book-start.ts';
import { BookState, OrderBook } from '../../book/order-book.ts';
import type { BookDeltaBlock } from '../../model/blocks.ts';
import type { InstrumentIndex } from '../../model/instrument.ts';

/** Order books of streams that are passed over: whoever goes on in their middle is told what stands there. */
export class SkippedBooks {
  private readonly books = new Map<InstrumentIndex, OrderBook>();

  note(block: BookDeltaBlock, from: number, to: number): void {
    const known = this.books.get(block.instrument);
    const book = known ?? new OrderBook();
    if (known === undefined) this.books.set(block.instrument, book);
    for (let row = from; row < to; row += 1) book.apply(block, row);
  }

  /** @returns the books as snapshots of time `ts`, in order of instruments; they are forgotten here */
  take(ts: number): readonly BookDeltaBlock[] {
    const blocks = [...this.books]
      .sort(([a], [b]) => a - b)
      .map(([instrument, book]) =>
        book.state === BookState.VALID ? bookSnapshot(book, { instrument, isValidated: false }, ts) : unknownBook(instrument, ts),
      );
    this.books.clear();
    return blocks;
  }
}
