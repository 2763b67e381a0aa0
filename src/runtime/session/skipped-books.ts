import { bookSnapshot } from '../book-start.ts';
import { BookState, OrderBook } from '../../book/order-book.ts';
import { type BookDeltaBlock, makeBookDeltaBlock, setBookDelta } from '../../model/blocks.ts';
import { BookAction, BookFlag } from '../../model/book-delta.ts';
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

/** The stream itself waits for a snapshot: so does whoever follows it. */
function unknownBook(instrument: InstrumentIndex, ts: number): BookDeltaBlock {
  const block = makeBookDeltaBlock(instrument, 1);
  setBookDelta(block, 0, { ts, action: BookAction.GAP, side: 0, price: 0, quantity: 0, orderId: 0, flags: BookFlag.LAST });
  block.length = 1;
  return block;
}
