import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BookState, OrderBook } from '../book/order-book.ts';
import { BookAction, BookFlag } from '../model/book-delta.ts';
import type { BookDeltaBlock } from '../model/blocks.ts';
import type { BlockReader } from '../ports/block-reader.ts';
import { deltasOf, type DeltaRow } from './backtest.fixture.ts';
import { BookStart } from './book-start.ts';

/** The book after everything that a reader has, with what it showed after each event of a time at or past `fromTs`. */
function playAll(reader: BlockReader<BookDeltaBlock>, fromTs: number): { readonly book: OrderBook; readonly seen: string[] } {
  const book = new OrderBook();
  const seen: string[] = [];
  for (let block = reader.next(); block !== null; block = reader.next()) {
    for (let row = 0; row < block.length; row += 1) {
      book.apply(block, row);
      const isSnapshotOfStart = block.tsInit[row] === fromTs && (block.flags[row]! & BookFlag.SNAPSHOT) !== 0;
      if ((block.flags[row]! & BookFlag.LAST) !== 0 && block.tsInit[row]! >= fromTs && !isSnapshotOfStart) seen.push(textOf(book));
    }
  }
  return { book, seen };
}

function textOf(book: OrderBook): string {
  const side = (of: 1 | -1): string[] => {
    const levels: string[] = [];
    for (let price = book.best(of); price !== 0; price = book.priceAfter(of, price)) {
      const ids = book.isByOrder ? book.orderIdsAt(of, price).map((id) => `${id}:${book.quantityOf(id)}`) : [];
      levels.push(`${price}x${book.quantityAt(of, price)} ${ids.join(' ')}`);
    }
    return levels;
  };
  return JSON.stringify([book.state, side(1), side(-1)]);
}

describe('a recording of a book that begins in its middle', () => {
  it.each(['levels', 'orders'] as const)('made of %s goes on as if it had been played from its start', (kind) => {
    const step = fc.record({
      side: fc.constantFrom(1, -1),
      price: fc.integer({ min: 1, max: 9 }),
      quantity: fc.integer({ min: 0, max: 4 }),
      pick: fc.nat(9),
      isReduce: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 40 }),
        fc.nat(45),
        fc.integer({ min: 1, max: 9 }),
        (steps, fromTs, rowsPerBlock) => {
          const rows: DeltaRow[] = [[0, BookAction.CLEAR]];
          steps.forEach(({ side, price, quantity, pick, isReduce }, at) => {
            if (kind === 'levels') rows.push([at + 1, BookAction.SET, side, price, quantity]);
            else if (isReduce) rows.push([at + 1, BookAction.REDUCE, side, price, 1 + quantity, BookFlag.LAST, 1 + pick]);
            else rows.push([at + 1, BookAction.ADD, side, price, 1 + quantity, BookFlag.LAST, at + 1]);
          });
          const whole = playAll(deltasOf(rows, 0, rowsPerBlock), fromTs);
          const begun = playAll(new BookStart(deltasOf(rows, 0, rowsPerBlock), fromTs), fromTs);
          expect(begun.seen).toEqual(whole.seen);
          if (fromTs <= steps.length) expect(textOf(begun.book)).toBe(textOf(whole.book));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('has no book where the recording has none to be used at that time', () => {
    const rows: readonly DeltaRow[] = [
      [1, BookAction.CLEAR],
      [2, BookAction.SET, 1, 9, 1],
      [3, BookAction.GAP],
      [9, BookAction.SET, 1, 8, 1],
    ];
    const { book } = playAll(new BookStart(deltasOf(rows), 5), 5);
    expect([book.state, book.count]).toEqual([BookState.UNKNOWN, 0]);
  });

  it('is empty where everything lies before', () => {
    expect(new BookStart(deltasOf([[1, BookAction.CLEAR]]), 5).next()).toBeNull();
  });
});
