import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder, problemOf, testInstrument } from '../../../../test/files-kit.ts';
import { decimal, expected, isThere, ROOT, WHY } from '../../../../test/shared-data-kit.ts';
import { OrderBook } from '../../../book/order-book.ts';
import type { BookDeltaBlock } from '../../../model/blocks.ts';
import { BookAction, BookFlag } from '../../../model/book-delta.ts';
import { openBitstampOrders } from './bitstamp-orders.ts';
import { BOOK_DELTAS, type DeltaRow, deltasOf, drain, QUOTES, TRADES } from './recorded-rows.fixture.ts';
import type { RecordingReader } from './recording-reader.ts';

const folder = makeFolder();
afterAll(folder.remove);
const NAME = 'l3-bitstamp/btcusd_20150501_orders.csv.gz';
const instrument = testInstrument(2, 8);
const open = (path = `${ROOT}${NAME}`): RecordingReader => openBitstampOrders({ path, kind: BOOK_DELTAS, instrument });
const RANK: Readonly<Record<string, number>> = { created: 0, changed: 1, deleted: 2 };

interface LogRow {
  readonly id: number;
  ts: number;
  readonly price: number;
  readonly volume: number;
  readonly action: string;
  readonly direction: string;
}

/** The log by order: each life in its order, with its times sorted. Follows the loader of ob-analytics, and none of the reader's code. */
function lives(): readonly (readonly LogRow[])[] {
  const byId = new Map<number, LogRow[]>();
  for (const line of gunzipSync(readFileSync(`${ROOT}${NAME}`))
    .toString()
    .trim()
    .split('\n')
    .slice(1)) {
    const [id, ts, , price, volume, action, direction] = line.split(',') as [string, string, string, string, string, string, string];
    const row = { id: Number(id), ts: Number(ts) * 1000, price: Number(decimal(price, 2)), volume: Number(volume), action, direction };
    byId.set(row.id, [...(byId.get(row.id) ?? []), row]);
  }
  return [...byId.values()].map((rows) => {
    const times = rows.map(({ ts }) => ts).sort((a, b) => a - b);
    const lived = rows.toSorted((a, b) => b.volume - a.volume || RANK[a.action]! - RANK[b.action]! || a.ts - b.ts);
    return lived.map((row, n) => ({ ...row, ts: times[n]! }));
  });
}

/** Quantity at each price of a side at a time, from nothing but the log. */
function levelsAt(orders: readonly (readonly LogRow[])[], ts: number): Map<string, number> {
  const levels = new Map<string, number>();
  for (const life of orders) {
    const past = life.filter((row) => row.ts <= ts);
    if (past.length === 0 || past[0]!.action !== 'created' || past.some(({ action }) => action === 'deleted')) continue;
    const { direction, price, volume } = past.at(-1)!;
    const key = `${direction} ${price}`;
    levels.set(key, (levels.get(key) ?? 0) + volume);
  }
  return levels;
}

function levelsOf(book: OrderBook): Map<string, number> {
  const levels = new Map<string, number>();
  for (const [name, side] of [
    ['bid', 1],
    ['ask', -1],
  ] as const) {
    for (let price = book.best(side); price !== 0; price = book.priceAfter(side, price)) {
      levels.set(`${name} ${price}`, book.quantityAt(side, price));
    }
  }
  return levels;
}

/** The book at each of some times, which rise. */
function replay(times: readonly number[], look: (book: OrderBook, ts: number) => void): void {
  const book = new OrderBook();
  const reader = open();
  let next = 0;
  for (let block = reader.next() as BookDeltaBlock | null; block !== null; block = reader.next() as BookDeltaBlock | null) {
    for (let row = 0; row < block.length; row += 1) {
      while (next < times.length && times[next]! < block.tsInit[row]!) look(book, times[next++]!);
      book.apply(block, row);
    }
  }
  while (next < times.length) look(book, times[next++]!);
}

describe.skipIf(!isThere)(`the order log of Bitstamp${WHY}`, () => {
  const facts = expected[NAME] ?? {};

  it('has the rows, times, actions, sides, orders, prices and volumes that other software counts', () => {
    const rows = deltasOf(open());
    expect(rows[0]).toMatchObject({ action: BookAction.CLEAR, flags: BookFlag.SNAPSHOT });
    const orders = rows.slice(1);
    const counted = <K extends keyof DeltaRow>(key: K, value: number): number => orders.filter((row) => row[key] === value).length;
    expect(orders.length).toBe(facts['rows']);
    expect([orders[0]!.tsInit / 1000, orders.at(-1)!.tsInit / 1000]).toEqual([facts['min_local_ms'], facts['max_local_ms']]);
    expect({
      created: counted('action', BookAction.ADD),
      changed: counted('action', BookAction.MODIFY),
      deleted: counted('action', BookAction.REDUCE),
    }).toEqual(facts['actions']);
    expect({ bid: counted('side', 1), ask: counted('side', -1) }).toEqual(facts['directions']);
    expect(new Set(orders.map(({ orderId }) => orderId)).size).toBe(facts['distinct_order_ids']);
    const prices = orders.map(({ price }) => price);
    expect(BigInt(prices.reduce((a, b) => Math.min(a, b)))).toBe(decimal(facts['min_price'], 2));
    expect(BigInt(prices.reduce((a, b) => Math.max(a, b)))).toBe(decimal(facts['max_price'], 2));
    const created = orders.filter(({ action }) => action === BookAction.ADD);
    expect(created.reduce((sum, { quantity }) => sum + BigInt(quantity), 0n)).toBe(BigInt(facts['sum_created_volume_raw'] as number));
    expect(orders.every(({ flags }) => flags === BookFlag.LAST)).toBe(true);
    expect(orders.every((row, n) => n === 0 || row.tsInit >= orders[n - 1]!.tsInit)).toBe(true);
    expect(created.every(({ tsEvent, tsInit }) => tsEvent % 1_000_000 === 0 && tsEvent <= tsInit)).toBe(true);
  });

  it('gives the book that the log has, level by level, at 150 times', () => {
    const orders = lives();
    const first = Number(facts['min_local_ms']) * 1000;
    const span = Number(facts['max_local_ms']) * 1000 - first;
    const times = Array.from({ length: 150 }, (_, n) => Math.floor(first + (span * n) / 149));
    let seen = 0;
    replay(times, (book, ts) => {
      expect([ts, levelsOf(book)]).toEqual([ts, levelsAt(orders, ts)]);
      expect(book.count).toBe(
        orders.filter(
          (life) =>
            life.some((row) => row.action === 'created' && row.ts <= ts) && !life.some((row) => row.action === 'deleted' && row.ts <= ts),
        ).length,
      );
      seen += 1;
    });
    expect(seen).toBe(150);
  });

  it('is crossed 378 times, for 51.358 s of five hours in all and 0.584 s at most, as a rebuild by other software says', () => {
    const book = new OrderBook();
    const reader = open();
    const spans: number[] = [];
    let since = -1;
    for (let block = reader.next() as BookDeltaBlock | null; block !== null; block = reader.next() as BookDeltaBlock | null) {
      for (let row = 0; row < block.length; row += 1) {
        book.apply(block, row);
        if (book.isCrossed && since < 0) since = block.tsInit[row]!;
        if (book.isCrossed || since < 0) continue;
        spans.push((block.tsInit[row]! - since) / 1000);
        since = -1;
      }
    }
    expect([spans.length, spans.reduce((sum, each) => sum + each, 0), Math.max(...spans)]).toEqual([378, 51_358, 584]);
  });

  it('gives the five best bids and asks that ob-analytics documents for 03:30:15.342', () => {
    // Source: the example in R/order-book-reconstruction.R of ob-analytics: order, price and volume, the best first.
    const asks = [
      [65_613_712, 23_653, 1_191_317_936],
      [65_613_698, 23_654, 1_600_000_000],
      [65_613_700, 23_655, 1_320_000_000],
      [65_613_655, 23_656, 1_320_000_000],
      [65_613_703, 23_658, 910_229_141],
    ];
    const bids = [
      [65_613_225, 23_636, 16_154_172],
      [65_613_681, 23_631, 200_000_000],
      [65_613_220, 23_630, 100_000_000],
      [65_612_978, 23_628, 100_000_000],
      [65_612_388, 23_617, 100_000_000],
    ];
    replay([Date.parse('2015-05-01T03:30:15.342Z') * 1000], (book) => {
      const best = (side: number, at: number): readonly number[][] => {
        const found: number[][] = [];
        for (let price = at; found.length < 5; price = book.priceAfter(side, price)) {
          const ids = book.orderIdsAt(side, price);
          expect(ids.length).toBe(1);
          found.push([ids[0]!, price, book.quantityAt(side, price)]);
        }
        return found;
      };
      expect([best(-1, book.bestAsk), best(1, book.bestBid)]).toEqual([asks, bids]);
    });
  });
});

const HEADER = 'id,timestamp,exchange.timestamp,price,volume,action,direction\n';
const log = (text: string): string => folder.write('log.csv', HEADER + text);

describe('logs of Bitstamp orders', () => {
  it('an order lives in its own order: what came in the wrong order keeps its times and trades events', () => {
    const rows = deltasOf(
      open(
        log(
          '7,2000,1000,5.00,300,deleted,bid\n8,2001,2000,6.00,9,created,ask\n7,2002,1000,5.00,500,created,bid\n7,2003,1000,5.00,300,changed,bid\n',
        ),
      ),
    );
    expect(rows.slice(1).map((row) => [row.orderId, row.action, row.tsInit / 1000, row.tsEvent / 1000, row.quantity])).toEqual([
      [7, BookAction.ADD, 2000, 1000, 500],
      [8, BookAction.ADD, 2001, 2000, 9],
      [7, BookAction.MODIFY, 2002, 2002, 300],
      [7, BookAction.REDUCE, 2003, 2003, 300],
    ]);
  });

  it('rows that are not sorted by time are sorted, and rows of one time stay as they are', () => {
    const rows = deltasOf(open(log('3,5,1,5.00,1,created,bid\n1,4,1,5.00,1,created,bid\n2,4,1,5.00,1,created,bid\n')));
    expect(rows.slice(1).map(({ orderId }) => orderId)).toEqual([1, 2, 3]);
  });

  it('a deleted order goes with all that is left of it, also where it was filled and the log says 0', () => {
    const rows = deltasOf(
      open(log('7,1,1,5.00,500,created,bid\n7,2,1,5.00,200,changed,bid\n7,3,1,5.00,0,deleted,bid\n9,4,1,5.00,70,deleted,bid\n')),
    );
    expect(rows.slice(-2).map(({ action, quantity }) => [action, quantity])).toEqual([
      [BookAction.REDUCE, 200],
      [BookAction.REDUCE, 70],
    ]);
  });

  it.each([
    ['a short row', '7,1,1,5.00,500,created\n', 'ROW_SHORT', undefined],
    ['a price that is no number', '7,1,1,NaN,500,created,bid\n', 'NUMBER_NOT_FINITE', 'price'],
    ['a negative price', '7,1,1,-5,500,created,bid\n', 'NUMBER_NEGATIVE', 'price'],
    ['text after the volume', '7,1,1,5.00,500x,created,bid\n', 'NUMBER_TRAILING_TEXT', 'volume'],
    ['an order of nothing', '7,1,1,5.00,0,created,bid\n', 'NUMBER_ZERO', 'volume'],
    ['another action', '7,1,1,5.00,500,modified,bid\n', 'RECORD_UNKNOWN', 'action'],
    ['another direction', '7,1,1,5.00,500,created,buy\n', 'SIDE_UNKNOWN', 'direction'],
    ['an id beyond 2^53', '9007199254740993,1,1,5.00,500,created,bid\n', 'NUMBER_OUT_OF_RANGE', 'id'],
    ['a time that is text', '7,x,1,5.00,500,created,bid\n', 'TIME_MALFORMED', 'timestamp'],
    ['an order that is created twice', '6,3,1,5.00,500,created,bid\n', 'RECORD_DAMAGED', 'id'],
  ])('%s is refused with its line and column', (_, row, code, column) => {
    const file = log(`6,1,1,5.00,500,created,bid\n${row}`);
    expect(problemOf(() => drain(open(file)))).toMatchObject({ code, file, line: 3, ...(column === undefined ? {} : { column }) });
  });

  it('another header, a log without rows and kinds other than deltas are refused', () => {
    const other = folder.write('other.csv', 'id,timestamp\n1,2\n');
    expect(problemOf(() => drain(open(other)))).toMatchObject({ code: 'RECORD_UNKNOWN', line: 1, file: other });
    expect(problemOf(() => drain(open(log(''))))).toMatchObject({ code: 'FILE_EMPTY' });
    for (const kind of [TRADES, QUOTES]) {
      expect(problemOf(() => openBitstampOrders({ path: other, kind, instrument })).code).toBe('KIND_UNSUPPORTED');
    }
  });
});
