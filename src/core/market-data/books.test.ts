import { describe, expect, it } from 'vitest';
import { BookState } from '../../book/order-book.ts';
import { makeBookDeltaBlock, setBookDelta } from '../../model/blocks.ts';
import { BookAction, BookFlag } from '../../model/book-delta.ts';
import { Books } from './books.ts';
import { testInstrument } from './market-data.fixture.ts';

const [BID, ASK] = [1, -1];
const block = makeBookDeltaBlock(0, 1);

/** Books of one instrument at which somebody looks, and a way to change its book. */
function watched() {
  const books = new Books([testInstrument()]);
  const book = books.watch(0);
  const put = (ts: number, action: BookAction, side = 0, price = 0, flags: number = BookFlag.LAST) => {
    setBookDelta(block, 0, { ts, action, side, price, quantity: 1, orderId: 0, flags });
    return { ...books.apply(book, block, 0) };
  };
  return { books, book, put };
}

describe('no decision hangs on a book', () => {
  it('from when it has been crossed or locked as long as it may', () => {
    const { books, put } = watched();
    put(10, BookAction.CLEAR);
    put(10, BookAction.SET, BID, 100);
    put(20, BookAction.SET, ASK, 100);
    const reasons = [20, 24, 25, 26].map((now) => books.unfitReason(0, now, 5, false));
    expect(reasons).toEqual([null, null, 'is crossed or locked', 'is crossed or locked']);
    expect(books.unfitReason(0, 20, 0, false)).toBe('is crossed or locked');
    put(30, BookAction.SET, ASK, 99, 0);
    expect(books.unfitReason(0, 1e15, Infinity, false)).toBe(null);
  });

  it('whose last change is longer ago than it may be, which is told after what is worse', () => {
    const { books, put } = watched();
    put(10, BookAction.CLEAR);
    put(12, BookAction.SET, BID, 100);
    const reasons = [books.unfitReason(0, 18, 0, false), books.unfitReason(0, 18, 0, true)];
    put(20, BookAction.SET, ASK, 100);
    reasons.push(books.unfitReason(0, 20, 0, true));
    expect(reasons).toEqual([null, 'has not changed for longer than marketData.ageMax', 'is crossed or locked']);
  });

  it('before its first snapshot, and from missing changes to the end of the next', () => {
    const { books, put } = watched();
    const reasons = [books.unfitReason(0, 10, 0, false)];
    for (const [action, flags] of [
      [BookAction.CLEAR, BookFlag.LAST],
      [BookAction.GAP, BookFlag.LAST],
      [BookAction.CLEAR, BookFlag.SNAPSHOT],
      [BookAction.SET, BookFlag.SNAPSHOT | BookFlag.LAST],
    ] as const) {
      put(10, action, BID, 100, flags);
      reasons.push(books.unfitReason(0, 10, 0, false));
    }
    const waits = 'waits for a snapshot after missing changes';
    expect(reasons).toEqual(['has had no snapshot yet', null, waits, waits, null]);
  });
});

describe('a row that is refused', () => {
  it('breaks a book that has begun, and no other', () => {
    const { books, book, put } = watched();
    const { UNKNOWN, GAPPED } = BookState;
    const broken = (): unknown[] => [books.markGapped(0), book.state];
    expect(broken()).toEqual([false, UNKNOWN]);
    put(10, BookAction.CLEAR);
    expect(broken()).toEqual([true, GAPPED]);
    expect(broken()).toEqual([false, GAPPED]);
    put(20, BookAction.CLEAR, 0, 0, BookFlag.SNAPSHOT);
    expect(broken()).toEqual([true, GAPPED]);
  });
});

describe('missing changes', () => {
  it('break a book once', () => {
    const { put } = watched();
    put(10, BookAction.CLEAR);
    expect(put(20, BookAction.GAP)).toEqual({ fault: null, hasBroken: true });
    expect(put(30, BookAction.GAP)).toEqual({ fault: 'MARKET_DATA_BOOK_WAITING', hasBroken: false });
  });
});
