import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeBookDeltaBlock } from '../model/blocks.ts';
import { BookAction, BookFlag } from '../model/book-delta.ts';
import { BookFault, BookState, OrderBook } from './order-book.ts';

interface Delta {
  readonly action: BookAction;
  readonly side: 1 | -1;
  readonly price: number;
  readonly quantity: number;
  readonly orderId: number;
}

/** The slow twin: every order in a list, in order of arrival; a level of an L2 book is an order without an id. */
class OrderList {
  orders: Delta[] = [];

  apply(delta: Delta): void {
    const { action, side, price, quantity, orderId } = delta;
    const at = this.orders.findIndex((order) => order.orderId === orderId);
    const old = this.orders[at];
    switch (action) {
      case BookAction.CLEAR:
        this.orders = [];
        return;
      case BookAction.SET:
        this.orders = this.orders.filter((order) => order.side !== side || order.price !== price);
        if (quantity > 0) this.orders.push(delta);
        return;
      case BookAction.ADD:
        this.orders.push(delta);
        return;
      case BookAction.MODIFY:
        if (old === undefined) return;
        if (quantity > 0 && old.side === side && old.price === price && quantity <= old.quantity) this.orders[at] = delta;
        else {
          this.orders.splice(at, 1);
          if (quantity > 0) this.orders.push(delta);
        }
        return;
      default:
        if (old === undefined) return;
        if (quantity >= old.quantity) this.orders.splice(at, 1);
        else this.orders[at] = { ...old, quantity: old.quantity - quantity };
    }
  }

  levels(side: number): [number, number][] {
    const sums = new Map<number, number>();
    for (const order of this.orders) if (order.side === side) sums.set(order.price, (sums.get(order.price) ?? 0) + order.quantity);
    return [...sums].sort(([a], [b]) => side * (b - a));
  }
}

function levelsOf(book: OrderBook, side: number): [number, number][] {
  const levels: [number, number][] = [];
  for (let price = book.best(side); price !== 0; price = book.priceAfter(side, price)) levels.push([price, book.quantityAt(side, price)]);
  return levels;
}

const block = makeBookDeltaBlock(0, 1);

function put(book: OrderBook, delta: Partial<Delta> & { readonly action: BookAction }, flags: number = BookFlag.LAST, ts = 0): BookFault {
  block.tsInit[0] = ts;
  block.action[0] = delta.action;
  block.side[0] = delta.side ?? 0;
  block.price[0] = delta.price ?? 0;
  block.quantity[0] = delta.quantity ?? 0;
  block.orderId[0] = delta.orderId ?? 0;
  block.flags[0] = flags;
  return book.apply(block, 0);
}

const side = fc.constantFrom<1 | -1>(1, -1);
const price = fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 200_000 }));

describe('an order book', () => {
  it('made of levels holds what a list of the last quantities holds', () => {
    const level = fc.record({ side, price, quantity: fc.integer({ min: 0, max: 3 }) });
    fc.assert(
      fc.property(fc.array(level, { maxLength: 60, size: 'max' }), (levels) => {
        const book = new OrderBook();
        const twin = new OrderList();
        put(book, { action: BookAction.CLEAR });
        for (const each of levels) {
          const delta = { action: BookAction.SET, orderId: 0, ...each };
          expect(put(book, delta)).toBe(BookFault.NONE);
          twin.apply(delta);
          expect([levelsOf(book, 1), levelsOf(book, -1)]).toEqual([twin.levels(1), twin.levels(-1)]);
          expect(book.isCrossed).toBe(twin.levels(1).length > 0 && twin.levels(-1).length > 0 && book.bestBid >= book.bestAsk);
        }
        expect(book.count).toBe(twin.orders.length);
      }),
      { numRuns: 200 },
    );
  });

  it('made of orders holds each order where a list in order of arrival has it', () => {
    const step = fc.record({
      action: fc.constantFrom(BookAction.ADD, BookAction.ADD, BookAction.MODIFY, BookAction.REDUCE),
      side,
      price: fc.integer({ min: 1, max: 4 }),
      quantity: fc.integer({ min: 0, max: 4 }),
      pick: fc.nat(30),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80, size: 'max' }), (steps) => {
        const book = new OrderBook();
        const twin = new OrderList();
        put(book, { action: BookAction.CLEAR });
        let next = 2 ** 40;
        for (const { action, pick, ...rest } of steps) {
          const known = twin.orders[pick % Math.max(1, twin.orders.length)];
          const isAdd = action === BookAction.ADD || known === undefined;
          const orderId = isAdd ? (next += 1) : known.orderId;
          const quantity = isAdd || action === BookAction.REDUCE ? rest.quantity + 1 : rest.quantity;
          const delta = { ...rest, quantity, orderId, action: isAdd ? BookAction.ADD : action };
          const stood = { side: known?.side, price: known?.price };
          expect(put(book, delta)).toBe(BookFault.NONE);
          const left = book.departedSide === 0 ? [0] : [book.departedSide, book.departedPrice];
          twin.apply(delta);
          expect([levelsOf(book, 1), levelsOf(book, -1)]).toEqual([twin.levels(1), twin.levels(-1)]);
          for (let id = 2 ** 40 + 1; id <= next; id += 1) {
            expect(book.quantityOf(id)).toBe(twin.orders.find((order) => order.orderId === id)?.quantity ?? 0);
          }
          expect(left).toEqual(isAdd ? [0] : [stood.side, stood.price]);
        }
        const ids = (of: 1 | -1): number[][] => levelsOf(book, of).map(([at]) => book.orderIdsAt(of, at).filter((id) => id !== 0));
        const twinIds = (of: 1 | -1): number[][] =>
          twin
            .levels(of)
            .map(([at]) => twin.orders.filter((order) => order.side === of && order.price === at).map(({ orderId }) => orderId));
        expect([ids(1), ids(-1)]).toEqual([twinIds(1), twinIds(-1)]);
      }),
      { numRuns: 300 },
    );
  });

  it('is worth nothing before a snapshot is complete, nor from a gap to the end of the next snapshot', () => {
    const book = new OrderBook();
    const states: number[] = [book.state];
    const step = (delta: Partial<Delta> & { readonly action: BookAction }, flags: number = BookFlag.LAST): void => {
      put(book, delta, flags);
      states.push(book.state);
    };
    step({ action: BookAction.SET, side: 1, price: 5, quantity: 1 });
    step({ action: BookAction.CLEAR }, BookFlag.SNAPSHOT);
    step({ action: BookAction.SET, side: 1, price: 6, quantity: 1 }, BookFlag.SNAPSHOT | BookFlag.LAST);
    step({ action: BookAction.GAP });
    step({ action: BookAction.SET, side: 1, price: 7, quantity: 1 });
    step({ action: BookAction.CLEAR }, BookFlag.SNAPSHOT);
    step({ action: BookAction.SET, side: 1, price: 8, quantity: 2 }, BookFlag.SNAPSHOT | BookFlag.LAST);
    const { UNKNOWN, BUILDING, VALID, GAPPED } = BookState;
    expect(states).toEqual([UNKNOWN, UNKNOWN, BUILDING, VALID, GAPPED, GAPPED, BUILDING, VALID]);
    expect(levelsOf(book, 1)).toEqual([[8, 2]]);
  });

  it('S-55: removing a level that it has not is nothing', () => {
    const book = new OrderBook();
    put(book, { action: BookAction.CLEAR });
    expect(put(book, { action: BookAction.SET, side: -1, price: 9, quantity: 0 })).toBe(BookFault.NONE);
    expect([book.state, book.count]).toEqual([BookState.VALID, 0]);
  });

  it('S-58: says since when it is crossed or locked, and may be used again when it is not', () => {
    const book = new OrderBook();
    put(book, { action: BookAction.CLEAR });
    put(book, { action: BookAction.SET, side: 1, price: 10, quantity: 1 }, BookFlag.LAST, 5);
    put(book, { action: BookAction.SET, side: -1, price: 10, quantity: 1 }, BookFlag.LAST, 6);
    put(book, { action: BookAction.SET, side: -1, price: 9, quantity: 1 }, BookFlag.LAST, 7);
    expect([book.crossedSinceTs, book.isUsable]).toEqual([6, false]);
    put(book, { action: BookAction.SET, side: 1, price: 10, quantity: 0 }, BookFlag.LAST, 8);
    expect([book.crossedSinceTs, book.isUsable]).toEqual([Infinity, true]);
  });

  it.each([
    ['adds an order that is there', { action: BookAction.ADD, side: 1, price: 5, quantity: 1, orderId: 1 }, BookFault.ORDER_DUPLICATE],
    ['sets a level among orders', { action: BookAction.SET, side: 1, price: 5, quantity: 1 }, BookFault.KIND_MIXED],
    ['is one order too many', { action: BookAction.ADD, side: 1, price: 5, quantity: 1, orderId: 3 }, BookFault.BOOK_FULL],
  ] as const)('a delta that %s ends its worth', (_, delta, fault) => {
    const book = new OrderBook(2);
    put(book, { action: BookAction.CLEAR });
    put(book, { action: BookAction.ADD, side: 1, price: 5, quantity: 1, orderId: 1 });
    put(book, { action: BookAction.ADD, side: 1, price: 5, quantity: 1, orderId: 2 });
    expect(put(book, delta)).toBe(fault);
    expect(book.state).toBe(BookState.GAPPED);
  });

  it.each([
    ['changes', { action: BookAction.MODIFY, side: 1, price: 5, quantity: 1, orderId: 1 }],
    ['takes from', { action: BookAction.REDUCE, side: 1, price: 5, quantity: 1, orderId: 1 }],
    ['adds', { action: BookAction.ADD, side: 1, price: 6, quantity: 1, orderId: 1 }],
  ] as const)('a delta that %s an order among levels ends its worth', (_, delta) => {
    const book = new OrderBook();
    put(book, { action: BookAction.CLEAR });
    put(book, { action: BookAction.SET, side: 1, price: 5, quantity: 1 });
    expect(put(book, delta)).toBe(BookFault.KIND_MIXED);
    expect(book.state).toBe(BookState.GAPPED);
  });

  it('that is cleared may be told the other way: by levels after orders, and by orders after levels', () => {
    const book = new OrderBook();
    const setLevel = { action: BookAction.SET, side: 1, price: 5, quantity: 2 } as const;
    const addOrder = { action: BookAction.ADD, side: 1, price: 5, quantity: 3, orderId: 1 } as const;
    for (const [delta, isByOrder] of [
      [addOrder, true],
      [setLevel, false],
      [addOrder, true],
    ] as const) {
      put(book, { action: BookAction.CLEAR });
      expect(book.isByOrder).toBe(false);
      expect(put(book, delta)).toBe(BookFault.NONE);
      expect([book.isByOrder, levelsOf(book, 1)]).toEqual([isByOrder, [[5, delta.quantity]]]);
    }
  });

  it('that is crossed when it is told anew is so since then', () => {
    const book = new OrderBook();
    for (const ts of [5, 9]) {
      put(book, { action: BookAction.CLEAR }, BookFlag.SNAPSHOT, ts);
      put(book, { action: BookAction.SET, side: 1, price: 10, quantity: 1 }, BookFlag.SNAPSHOT, ts);
      put(book, { action: BookAction.SET, side: -1, price: 10, quantity: 1 }, BookFlag.SNAPSHOT | BookFlag.LAST, ts);
      expect(book.crossedSinceTs).toBe(ts);
    }
  });

  it('passes over what names an order that it has not', () => {
    const book = new OrderBook();
    put(book, { action: BookAction.CLEAR });
    expect(put(book, { action: BookAction.REDUCE, side: 1, price: 5, quantity: 1, orderId: 1 })).toBe(BookFault.ORDER_UNKNOWN);
    expect(put(book, { action: BookAction.MODIFY, side: 1, price: 5, quantity: 1, orderId: 1 })).toBe(BookFault.ORDER_UNKNOWN);
    expect(book.state).toBe(BookState.VALID);
  });
});
