import { describe, expect, it } from 'vitest';
import { stream } from '../base/random.ts';
import { type BookDelta, makeBookDeltaBlock, setBookDelta } from '../model/blocks.ts';
import { BookAction, BookFlag } from '../model/book-delta.ts';
import { OrderBook } from './order-book.ts';

const random = stream(7, 'book state');
const pick = <T>(values: readonly T[]): T => values[random.nextBelow(values.length)]!;
/** Near the best, and further from it than a ladder's window. */
const price = (): number => 1_000_000 + pick([0, 0, 0, 200_000, -200_000]) + random.nextBelow(6);

function drawn(ts: number, isByOrder: boolean): BookDelta {
  const actions = isByOrder ? [BookAction.ADD, BookAction.ADD, BookAction.MODIFY, BookAction.REDUCE] : [BookAction.SET];
  const action = ts === 0 || random.nextBelow(150) === 0 ? BookAction.CLEAR : pick(actions);
  const side = pick([1, -1]);
  const orderId = random.nextBelow(60) * 4_000_000_019;
  return { ts, action, side, price: price(), quantity: random.nextBelow(9), orderId, flags: pick([BookFlag.LAST, BookFlag.LAST, 0]) };
}

function apply(book: OrderBook, delta: BookDelta): number {
  const block = makeBookDeltaBlock(0, 1);
  block.length = 1;
  setBookDelta(block, 0, delta);
  return book.apply(block, 0);
}

describe('a book that is saved at any row, and loaded into a fresh one', () => {
  it.each([true, false])('takes what comes as the first does, row by row; order by order: %s', (isByOrder) => {
    for (let round = 0; round < 8; round += 1) {
      const book = new OrderBook();
      let other: OrderBook | null = null;
      for (let ts = 0; ts < 200; ts += 1) {
        const delta = drawn(ts, isByOrder);
        const fault = apply(book, delta);
        if (other !== null) {
          expect(apply(other, delta)).toBe(fault);
          expect(other.saveState()).toEqual(book.saveState());
        }
        if (random.nextBelow(40) !== 0) continue;
        other = new OrderBook();
        other.loadState(structuredClone(book.saveState()));
      }
      expect(other?.isByOrder).toBe(book.isByOrder);
    }
  });

  it('keeps the queue of a price in its order, and who joined after whom', () => {
    const book = new OrderBook();
    const rest = (orderId: number, quantity: number): BookDelta => ({
      ts: 1,
      action: BookAction.ADD,
      side: 1,
      price: 100,
      quantity,
      orderId,
      flags: BookFlag.LAST,
    });
    apply(book, { ...rest(0, 0), action: BookAction.CLEAR, side: 0 });
    for (const [id, quantity] of [
      [5, 10],
      [9, 20],
      [7, 30],
    ] as const)
      apply(book, rest(id, quantity));
    const other = new OrderBook();
    other.loadState(book.saveState());
    expect(other.orderIdsAt(1, 100)).toEqual([5, 9, 7]);
    expect(other.quantityBefore(1, 100, 2)).toBe(30);
    expect([other.bestBid, other.bidSize, other.count]).toEqual([100, 60, 3]);
  });
});
