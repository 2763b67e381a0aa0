import { describe, expect, it } from 'vitest';
import { BookFault, BookState, OrderBook } from '../../src/book/order-book.ts';
import { BookFlag } from '../../src/model/book-delta.ts';
import type { BookDeltaBlock } from '../../src/model/blocks.ts';
import { BlockKind } from '../../src/model/blocks.ts';
import { testInstrument } from '../files-kit.ts';
import { isThere, ROOT, WHY } from '../shared-data-kit.ts';
import { openDbnFile } from '../../src/adapters/files/recordings/dbn-file.ts';
import { openDbn } from '../../src/adapters/files/recordings/dbn-reader.ts';
import { dbnTrades } from '../../src/adapters/files/recordings/dbn-rows.fixture.ts';

const FOLDER = `${ROOT}databento-cme/`;

/**
 * The slow twin: Databento's own example of a book, with a map of orders in the order of their priority, fed from the bytes.
 * Source: https://databento.com/docs/examples/order-book/limit-order-book
 */
class Orders {
  readonly orders = new Map<bigint, { side: string; price: number; size: number }>();
  unknown = 0;

  take(record: DataView): boolean {
    const id = record.getBigUint64(16, true);
    const size = record.getUint32(32, true);
    const action = String.fromCharCode(record.getUint8(38));
    const side = String.fromCharCode(record.getUint8(39));
    const price = Number(record.getBigInt64(24, true)) / 1e7;
    const old = this.orders.get(id);
    if (action === 'R') this.orders.clear();
    if (action === 'A') this.orders.set(id, { side, price, size });
    if (action === 'M') {
      if (old === undefined) this.unknown += 1;
      // A change of price and more size lose the place in the queue; an unknown order is added.
      if (old === undefined || old.price !== price || old.size < size) this.orders.delete(id);
      this.orders.set(id, { side, price, size });
    }
    if (action === 'C') {
      if (old === undefined) this.unknown += 1;
      else if (old.size <= size) this.orders.delete(id);
      else old.size -= size;
    }
    return (record.getUint8(36) & 128) !== 0;
  }

  /** Levels of a side, the best first: price, quantity and the orders in their queue. */
  levels(side: string): readonly (readonly [number, number, readonly number[]])[] {
    const levels = new Map<number, { sum: number; ids: number[] }>();
    for (const [id, order] of this.orders) {
      if (order.side !== side) continue;
      const level = levels.get(order.price) ?? { sum: 0, ids: [] };
      level.sum += order.size;
      level.ids.push(Number(id));
      levels.set(order.price, level);
    }
    return [...levels].map(([price, { sum, ids }]) => [price, sum, ids] as const).sort(([a], [b]) => (side === 'B' ? b - a : a - b));
  }
}

function levelsOf(book: OrderBook, side: 1 | -1): readonly (readonly [number, number, readonly number[]])[] {
  const levels: (readonly [number, number, readonly number[]])[] = [];
  for (let price = book.best(side); price !== 0; price = book.priceAfter(side, price)) {
    levels.push([price, book.quantityAt(side, price), book.orderIdsAt(side, price)]);
  }
  return levels;
}

interface Replay {
  readonly book: OrderBook;
  readonly faults: number;
  readonly events: number;
  readonly compared: number;
  readonly twin: Orders;
  readonly crossedTs: readonly number[];
}

/** Rebuilds the book and compares it with the twin at the end of every so many events. */
function replay(paths: readonly string[], every: number): Replay {
  const reader = openDbn({ path: paths, kind: BlockKind.BOOK_DELTAS, instrument: testInstrument(2), rowsPerBlock: 1000 });
  const book = new OrderBook();
  const twin = new Orders();
  const records = recordsOf(paths, twin);
  const crossedTs: number[] = [];
  let [faults, events, compared] = [0, 0, 0];
  for (let block = reader.next(); block !== null; block = reader.next()) {
    for (let row = 0; row < block.length; row += 1) {
      if (book.apply(block as BookDeltaBlock, row) !== BookFault.NONE) faults += 1;
      if (((block as BookDeltaBlock).flags[row]! & BookFlag.LAST) === 0) continue;
      expect(book.state).toBe(BookState.VALID);
      events += 1;
      if (book.isCrossed) crossedTs.push(block.tsInit[row]!);
      records.next();
      if (events % every !== 1 && every !== 1) continue;
      compared += 1;
      expect(book.count).toBe(twin.orders.size);
      expect([levelsOf(book, 1), levelsOf(book, -1)]).toEqual([twin.levels('B'), twin.levels('A')]);
    }
  }
  expect(records.next().done).toBe(true);
  return { book, faults, events, compared, twin, crossedTs };
}

/** Feeds the twin and stops at the end of each event. */
function* recordsOf(paths: readonly string[], twin: Orders): Generator<undefined> {
  for (const path of paths) {
    const file = openDbnFile(path);
    // Neither file of 2023 starts with a clearing, and both start with a snapshot.
    twin.orders.clear();
    while (file.next()) {
      if (twin.take(new DataView(file.bytes.buffer, file.bytes.byteOffset + file.at, 56))) yield undefined;
    }
  }
}

describe.skipIf(!isThere)(`a book rebuilt order by order${WHY}`, () => {
  it('on 2023-12-25 is that of the twin at 200 points, knows every order, and is crossed until the opening trades only', () => {
    const { book, faults, events, compared, twin, crossedTs } = replay([`${FOLDER}esh4-glbx-mdp3-20231225.mbo.dbn.zst`], 237);
    expect([faults, twin.unknown]).toEqual([0, 0]);
    expect(events).toBe(47_022);
    expect(compared).toBe(199);
    expect(crossedTs.length).toBe(891);
    // Globex opens after Christmas at 23:00 UTC; orders are taken from before, and cross until the opening trades.
    const opening = dbnTrades(`${FOLDER}esh4-glbx-mdp3-20231225.mbo.dbn.zst`)[0]!;
    expect(Math.floor(opening[1]! / 1e6)).toBe(Date.parse('2023-12-25T23:00:00Z') / 1000);
    expect(Math.max(...crossedTs)).toBeLessThan(opening[1]!);
    // As Python's struct and a dictionary have it: 4,810.00 × 22 and 4,810.25 × 28.
    expect([book.bestBid, book.bidSize, book.bestAsk, book.askSize]).toEqual([481_000, 22, 481_025, 28]);
    expect([book.count, book.levelCount(1), book.levelCount(-1)]).toEqual([11_217, 922, 565]);
    expect(book.isUsable).toBe(true);
  });

  it('from the snapshot of the day before and this day is the same: each snapshot starts the book anew', () => {
    const paths = [`${FOLDER}esh4-glbx-mdp3-20231224.mbo.dbn.zst`, `${FOLDER}esh4-glbx-mdp3-20231225.mbo.dbn.zst`];
    const { book, faults, events } = replay(paths, 20_000);
    expect([faults, events, book.count, book.bestBid, book.bestAsk]).toEqual([0, 47_023, 11_217, 481_000, 481_025]);
  });

  it('from a clearing, a snapshot and two seconds is that of the twin after every event', () => {
    const path = `${FOLDER}order_book_deltas/orderbooks_mbo_2024-05-08T00-00-00_2024-05-08T00-00-02.dbn.zst`;
    const { book, faults, events, compared, twin, crossedTs } = replay([path], 1);
    expect([faults, twin.unknown, crossedTs.length]).toEqual([0, 0, 0]);
    expect([events, compared]).toEqual([185, 185]);
    expect([book.bestBid, book.bidSize, book.bestAsk, book.askSize]).toEqual([521_400, 28, 521_425, 17]);
  });
});
