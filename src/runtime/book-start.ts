import { assert } from '../base/assert.ts';
import { BookState, OrderBook } from '../book/order-book.ts';
import { type BookDeltaBlock, makeBookDeltaBlock, setBookDelta } from '../model/blocks.ts';
import { BookAction, BookFlag, BookSide } from '../model/book-delta.ts';
import type { InstrumentIndex } from '../model/instrument.ts';
import type { BlockReader } from '../ports/block-reader.ts';

/**
 * Begins a recording of a book in its middle: what lies before `fromTs` is built into a book, which comes first as one snapshot of that time. A book that
 * may not be used there is left out, so that it stays unknown until the recording has a snapshot.
 */
export class BookStart implements BlockReader<BookDeltaBlock> {
  private readonly reader: BlockReader<BookDeltaBlock>;
  private readonly fromTs: number;
  private isStarted = false;
  /** The block in which `fromTs` lies, from its first row at or after it, until it has been handed out. */
  private rest: BookDeltaBlock | null = null;

  constructor(reader: BlockReader<BookDeltaBlock>, fromTs: number) {
    this.reader = reader;
    this.fromTs = fromTs;
  }

  /** Of the reader behind it, where it tells: how much of the input has been read. */
  get progress(): number {
    return (this.reader as { progress?: number }).progress ?? 0;
  }

  next(): BookDeltaBlock | null {
    if (!this.isStarted) {
      this.isStarted = true;
      const snapshot = this.begin();
      if (snapshot !== null) return snapshot;
    }
    const { rest } = this;
    if (rest === null) return this.reader.next();
    this.rest = null;
    return rest;
  }

  close(): void {
    this.reader.close();
  }

  private begin(): BookDeltaBlock | null {
    const book = new OrderBook();
    let block = this.reader.next();
    for (; block !== null; block = this.reader.next()) {
      let row = 0;
      while (row < block.length && block.tsInit[row]! < this.fromTs) {
        book.apply(block, row);
        row += 1;
      }
      if (row === block.length) continue;
      this.rest = row === 0 ? block : tailOf(block, row);
      break;
    }
    if (block === null || book.state !== BookState.VALID) return null;
    return bookSnapshot(book, block, this.fromTs);
  }
}

function tailOf(block: BookDeltaBlock, from: number): BookDeltaBlock {
  const tail = makeBookDeltaBlock(block.instrument, block.length - from);
  tail.length = block.length - from;
  tail.isValidated = block.isValidated;
  for (const name of ['tsEvent', 'tsInit', 'action', 'side', 'price', 'quantity', 'orderId', 'flags'] as const)
    tail[name].set(block[name].subarray(from, block.length));
  return tail;
}

/** The whole book as rows of one event: levels, or orders in the order of their queues. */
export function bookSnapshot(
  book: OrderBook,
  { instrument, isValidated }: Pick<BookDeltaBlock, 'instrument' | 'isValidated'>,
  ts: number,
): BookDeltaBlock {
  const block = makeBookDeltaBlock(instrument, book.count + 1);
  block.isValidated = isValidated;
  const put = (action: BookAction, side: number, price: number, quantity: number, orderId: number): void => {
    setBookDelta(block, block.length, { ts, action, side, price, quantity, orderId, flags: BookFlag.SNAPSHOT });
    block.length += 1;
  };
  put(BookAction.CLEAR, 0, 0, 0, 0);
  for (const side of [1, -1]) {
    for (let price = book.best(side); price !== 0; price = book.priceAfter(side, price)) {
      if (!book.isByOrder) put(BookAction.SET, side, price, book.quantityAt(side, price), 0);
      else for (const id of book.orderIdsAt(side, price)) put(BookAction.ADD, side, price, book.quantityOf(id), id);
    }
  }
  assert(block.length === book.count + 1, 'a snapshot has every level or order of the book');
  block.flags[block.length - 1]! |= BookFlag.LAST;
  return block;
}

/** A book that is worth nothing until a snapshot comes: its stream waits for one, and so does whoever follows it. */
export function unknownBook(instrument: InstrumentIndex, ts: number): BookDeltaBlock {
  const block = makeBookDeltaBlock(instrument, 1);
  setBookDelta(block, 0, { ts, action: BookAction.GAP, side: BookSide.NONE, price: 0, quantity: 0, orderId: 0, flags: BookFlag.LAST });
  block.length = 1;
  return block;
}
