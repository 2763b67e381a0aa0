import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { BookAction, BookFlag } from '../../../model/book-delta.ts';
import { makeFolder, testInstrument } from '../../../../test/files-kit.ts';
import { plainFrame } from '../zstandard.fixture.ts';
import { ES, mbo, mbp, metadata, NO_PRICE, TEN } from './dbn.fixture.ts';
import { dbnDeltas, dbnQuotes, dbnTrades, makeDbnFolder } from './dbn-rows.fixture.ts';

const folder = makeFolder();
const { write, remove } = makeDbnFolder();
afterAll(folder.remove);
afterAll(remove);

const TEN_US = Number(TEN / 1000n);
const { CLEAR, ADD, MODIFY, REDUCE, GAP, SET } = BookAction;
const { LAST, SNAPSHOT } = BookFlag;
/** Action, side, price, quantity, order and flags of each row. */
const bookOf = (path: string | readonly string[]): number[][] => dbnDeltas(path).map((row) => row.slice(2));
const start = [CLEAR, 0, 0, 0, 0, 0];

describe('orders of a DBN file', () => {
  it('are added, changed, canceled and cleared; trades, fills and records without action leave the book', () => {
    const path = write(
      metadata(),
      mbo({ action: 'R', side: 'N', price: NO_PRICE, size: 0, flags: 0 }),
      mbo({ action: 'A', side: 'B', orderId: 11n, size: 5 }),
      mbo({ action: 'A', side: 'A', orderId: 12n, price: 4_750_500_000_000n, size: 3 }),
      mbo({ action: 'T', side: 'A', orderId: 0n, size: 2, flags: 0 }),
      mbo({ action: 'F', side: 'B', orderId: 11n, size: 2, flags: 0 }),
      mbo({ action: 'C', side: 'B', orderId: 11n, size: 2 }),
      mbo({ action: 'M', side: 'A', orderId: 12n, price: 4_750_750_000_000n, size: 4 }),
      mbo({ action: 'N', side: 'N', price: NO_PRICE, size: 0 }),
    );
    expect(bookOf(path)).toEqual([
      [CLEAR, 0, 0, 0, 0, 0],
      [ADD, 1, 475_025, 5, 11, LAST],
      [ADD, -1, 475_050, 3, 12, LAST],
      [REDUCE, 1, 475_025, 2, 11, LAST],
      [MODIFY, -1, 475_075, 4, 12, LAST],
    ]);
    expect(dbnTrades(path)).toEqual([[TEN_US, TEN_US, 475_025, 2, -1]]);
  });

  it('get a clearing before them where there is none, and carry the flags of a snapshot', () => {
    expect(bookOf(write(metadata(), mbo({ flags: 40 }), mbo({ orderId: 2n, flags: 168 }), mbo({ orderId: 3n })))).toEqual([
      [CLEAR, 0, 0, 0, 0, SNAPSHOT],
      [ADD, 1, 475_025, 2, 1, SNAPSHOT],
      [ADD, 1, 475_025, 2, 2, SNAPSHOT | LAST],
      [ADD, 1, 475_025, 2, 3, LAST],
    ]);
    expect(bookOf(write(metadata(), mbo()))[0]).toEqual(start);
  });

  it('of a second file go on with the book, unless it starts with a snapshot', () => {
    const first = write(metadata(), mbo());
    expect(bookOf([first, write(metadata(), mbo({ orderId: 2n }))]).map((row) => row[0])).toEqual([CLEAR, ADD, ADD]);
    expect(bookOf([first, write(metadata(), mbo({ orderId: 2n, flags: 168 }))]).map((row) => row[0])).toEqual([CLEAR, ADD, CLEAR, ADD]);
  });

  it('end an event whose last record is a trade or carries flags only, also where a block ends between', () => {
    const path = write(
      metadata(),
      mbo({ flags: 0 }),
      mbo({ action: 'T', flags: 0 }),
      mbo({ action: 'N', flags: 128 }),
      mbo({ orderId: 2n, flags: 0 }),
      mbo({ orderId: 3n, flags: 0 }),
      mbo({ action: 'F', flags: 128 }),
      mbo({ action: 'T', flags: 128 }),
      mbo({ orderId: 4n, flags: 0 }),
    );
    for (const rowsPerBlock of [1, 2, 3, 100]) {
      const rows = dbnDeltas(path, { rowsPerBlock }).map((row) => [row[6], row[7]]);
      expect(rows).toEqual([
        [0, 0],
        [1, LAST],
        [2, 0],
        [3, LAST],
        [4, 0],
      ]);
    }
  });

  it('behind a gap are left out until the book is cleared', () => {
    const path = write(
      metadata(),
      mbo(),
      mbo({ action: 'T', flags: 4 }),
      mbo({ orderId: 2n, flags: 132 }),
      mbo({ orderId: 3n }),
      mbo({ action: 'R', side: 'N', price: NO_PRICE, flags: 44 }),
      mbo({ orderId: 4n, flags: 168 }),
    );
    expect(bookOf(path)).toEqual([
      start,
      [ADD, 1, 475_025, 2, 1, LAST],
      [GAP, 0, 0, 0, 0, LAST],
      [CLEAR, 0, 0, 0, 0, SNAPSHOT],
      [ADD, 1, 475_025, 2, 4, SNAPSHOT | LAST],
    ]);
    expect(dbnTrades(path).length).toBe(1);
  });
});

describe('numbers of a DBN file', () => {
  it('are exact counts: nanoseconds are cut to microseconds, prices and quantities are in the decimals of the instrument', () => {
    const time = { tsEvent: TEN + 1_999n, tsRecv: TEN + 123_456_789n };
    const rowOf = (price: bigint, size: number, priceDecimals: number, quantityDecimals = 0): number[] =>
      dbnDeltas(write(metadata(), mbo({ price, size, orderId: 2n ** 53n - 1n, ...time })), {
        instrument: testInstrument(priceDecimals, quantityDecimals),
      })[1]!;
    expect(rowOf(1_230_000_000n, 4, 2)).toEqual([TEN_US + 1, TEN_US + 123_456, ADD, 1, 123, 4, Number.MAX_SAFE_INTEGER, LAST]);
    expect(rowOf(1n, 4, 9)[4]).toBe(1);
    expect(rowOf(1n, 4, 12)[4]).toBe(1000);
    // Above 2^53 billionths, which no double holds: 9,007,199,254.741 × 10^9.
    expect(rowOf(9_007_199_254_741_000_000n, 4, 3)[4]).toBe(9_007_199_254_741);
    expect(rowOf(9_007_199_254_740_991_000n, 4, 6)[4]).toBe(Number.MAX_SAFE_INTEGER);
    expect(rowOf(1_000_000_000n, 3_000_000_000, 2, 3)[5]).toBe(3_000_000_000_000);
  });

  it('of trades and quotes are read in all schemas, with the time of sending behind them or without', () => {
    const levels = [[4_750_250_000_000n, NO_PRICE, 7, 0]] as const;
    const rows = [[TEN_US, TEN_US, 475_025, 0, 7, 0]];
    for (const [schema, rtype, action] of [
      [1, 1, 'A'],
      [3, 1, 'T'],
      [18, 0xc3, ' '],
      [19, 0xc4, ' '],
    ] as const) {
      expect(dbnQuotes(write(metadata({ schema }), mbp({ rtype, action, levels })))).toEqual(rows);
      expect(dbnQuotes(write(metadata({ schema, hasSendTime: true }), mbp({ rtype, action, levels, sendTime: TEN })))).toEqual(rows);
    }
    // A size beside no price means nothing.
    const asksOnly = [[NO_PRICE, 4_750_250_000_000n, 9, 3]] as const;
    const shown = dbnQuotes(write(metadata({ schema: 1 }), mbp({ action: 'A', levels: asksOnly })));
    expect(shown).toEqual([[TEN_US, TEN_US, 0, 475_025, 0, 3]]);
    // A trade of mbp-1 shows the quote before it, which has been told.
    expect(dbnQuotes(write(metadata({ schema: 1 }), mbp({ levels })))).toEqual([]);
    const trade = [[TEN_US, TEN_US, 475_025, 2, 0]];
    const ten = Array.from({ length: 10 }, () => levels[0]);
    expect(dbnTrades(write(metadata({ schema: 4 }), mbp({ side: 'N' })))).toEqual(trade);
    expect(dbnTrades(write(metadata({ schema: 3 }), mbp({ side: 'N', levels })))).toEqual(trade);
    expect(dbnTrades(write(metadata({ schema: 1 }), mbp({ side: 'N', levels }), mbp({ action: 'A', levels })))).toEqual(trade);
    expect(dbnTrades(write(metadata({ schema: 2 }), mbp({ side: 'N', levels: ten })))).toEqual(trade);
  });

  it('of ten levels leave out the sides that are absent, and a book without any is empty', () => {
    const gone = [NO_PRICE, NO_PRICE, 0, 0] as const;
    const some = [
      [1_000_000_000n, 1_010_000_000n, 3, 4],
      [990_000_000n, NO_PRICE, 5, 0],
      ...Array.from({ length: 8 }, () => gone),
    ] as const;
    const none = Array.from({ length: 10 }, () => gone);
    const path = write(
      metadata({ schema: 2 }),
      mbp({ action: 'A', levels: some }),
      mbp({ levels: some }),
      mbp({ action: 'R', side: 'N', levels: none }),
    );
    expect(bookOf(path)).toEqual([
      [CLEAR, 0, 0, 0, 0, SNAPSHOT],
      [SET, 1, 100, 3, 0, SNAPSHOT],
      [SET, -1, 101, 4, 0, SNAPSHOT],
      [SET, 1, 99, 5, 0, SNAPSHOT | LAST],
      [CLEAR, 0, 0, 0, 0, SNAPSHOT | LAST],
    ]);
  });
});

describe('symbols of a DBN file', () => {
  const NEXT_DAY = TEN + 86_400_000_000_000n;

  it('are those of the day: a number that changes its symbol is read by the mapping of its time', () => {
    const mappings = [
      {
        symbol: 'ES.c.0',
        intervals: [
          [20240102, 20240103, '7'],
          [20240103, 20240104, '8'],
        ] as const,
      },
      {
        symbol: 'ES.c.1',
        intervals: [
          [20240102, 20240103, '8'],
          [20240103, 20240104, '9'],
        ] as const,
      },
    ];
    const records = [7, 8, 9].flatMap((instrumentId) => [mbo({ instrumentId, orderId: BigInt(instrumentId) })]);
    const later = [8, 9].map((instrumentId) => mbo({ instrumentId, orderId: BigInt(instrumentId + 10), tsRecv: NEXT_DAY }));
    const path = write(metadata({ mappings }), ...records.slice(0, 2), ...later);
    expect(dbnDeltas(path, { symbol: 'ES.c.0' }).map((row) => row[6])).toEqual([0, 7, 18]);
    expect(dbnDeltas(path, { symbol: 'ES.c.1' }).map((row) => row[6])).toEqual([0, 8, 19]);
  });

  it('of versions 1 and 2, and asked for by number, are mapped too', () => {
    for (const version of [1, 2, 3] as const) expect(bookOf(write(metadata({ version }), mbo())).length).toBe(2);
    const inverse = [{ symbol: '7', intervals: [[20240102, 20240104, 'ESH4']] as const }];
    expect(dbnDeltas(write(metadata({ stypeIn: 0, stypeOut: 1, mappings: inverse }), mbo()), { symbol: 'ESH4' }).length).toBe(2);
  });

  it('that are not mapped at all are the numbers of instruments', () => {
    const records = [mbo(), mbo({ instrumentId: 8, orderId: 2n })];
    expect(dbnDeltas(write(metadata({ mappings: [] }), ...records), { symbol: '8' }).map((row) => row[6])).toEqual([0, 2]);
    expect(dbnDeltas(write(metadata({ mappings: [] }), mbo())).length).toBe(2);
  });
});

describe('a DBN file', () => {
  it('is unpacked by what it starts with, whatever its name, and also within gzip', () => {
    const content = Buffer.concat([metadata(), mbo()]);
    const frame = plainFrame(content, { hasSize: false });
    for (const [name, bytes] of [
      ['a.dbn.zst', frame],
      ['a.dbn', frame],
      ['a.dbn.zst.gz', gzipSync(frame)],
      ['a.dbn.gz', gzipSync(content)],
    ] as const) {
      expect(dbnDeltas(folder.write(name, bytes)).length).toBe(2);
    }
  });

  it('is cut to the range: trades from its start, the book from the first record, all before its end', () => {
    const records = [0n, 1n, 2n, 3n].flatMap((second) => {
      const tsRecv = TEN + second * 1_000_000_000n;
      return [mbo({ tsRecv, orderId: second + 1n }), mbo({ action: 'T', tsRecv })];
    });
    const path = write(metadata({ mappings: [ES] }), ...records);
    const range = { fromTs: TEN_US + 1_000_000, toTs: TEN_US + 3_000_000 };
    expect(dbnTrades(path, { range }).map((row) => row[1])).toEqual([TEN_US + 1_000_000, TEN_US + 2_000_000]);
    expect(dbnDeltas(path, { range }).map((row) => row[6])).toEqual([0, 1, 2, 3]);
  });
});
