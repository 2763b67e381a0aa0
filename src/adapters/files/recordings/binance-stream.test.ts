import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder, problemOf } from '../../../../test/files-kit.ts';
import { BlockKind } from '../../../model/blocks.ts';
import { BookAction, BookFlag } from '../../../model/book-delta.ts';
import { AT, INSTRUMENT, MS, recordingsIn, snapshot, spotDiff, TICKER, trade } from './binance-messages.fixture.ts';
import { openBinanceStream } from './binance-stream.ts';
import { microseconds } from './message-recordings.fixture.ts';
import { rowsOf } from './recorded-rows.fixture.ts';

const { BOOK_DELTAS, QUOTES, TRADES } = BlockKind;
const folder = makeFolder();
afterAll(folder.remove);

const { fileOf, readRows } = recordingsIn(folder);

describe('rows of Binance messages', () => {
  it('a snapshot is CLEAR and its levels, and what waited for it follows at its time: the rows of it and of each diff end with LAST', () => {
    const rows = readRows([spotDiff(5, 6), spotDiff(7, 9, [['98.00', '3.000']]), snapshot(6), spotDiff(10, 10)], BOOK_DELTAS);
    const { LAST, SNAPSHOT } = BookFlag;
    const us = microseconds(AT);
    expect(rows.map((row) => [row['action'], row['side'], row['price'], row['quantity'], row['flags'], row['tsInit']! - us])).toEqual([
      [BookAction.CLEAR, 0, 0, 0, SNAPSHOT, 2000],
      [BookAction.SET, 1, 9900, 2000, SNAPSHOT | LAST, 2000],
      [BookAction.SET, 1, 9800, 3000, LAST, 2000],
      [BookAction.SET, 1, 10000, 1000, LAST, 3000],
    ]);
    // The snapshot of Spot has no time of its own; diffs keep theirs.
    expect(rows.map((row) => row['tsEvent'])).toEqual([us + 2000, us + 2000, MS * 1000, MS * 1000]);
  });

  it('an empty snapshot is one row that ends it, and a diff without levels moves the book on without a row', () => {
    const rows = readRows([snapshot(6, []), spotDiff(7, 9, []), spotDiff(10, 10)], BOOK_DELTAS);
    expect(rows.map((row) => [row['action'], row['flags']])).toEqual([
      [BookAction.CLEAR, BookFlag.SNAPSHOT | BookFlag.LAST],
      [BookAction.SET, BookFlag.LAST],
    ]);
  });

  it('S-53: after a gap one row says so, and nothing follows until the next snapshot, which what waited continues', () => {
    const rows = readRows(
      [snapshot(6), spotDiff(7, 9), spotDiff(11, 12), spotDiff(13, 14), snapshot(10), spotDiff(15, 15), snapshot(10)],
      BOOK_DELTAS,
    );
    const { CLEAR, SET, GAP } = BookAction;
    // 11 to 12 and 13 to 14 come behind the second snapshot, which is of 10; the third is older than the book.
    expect(rows.map((row) => row['action'])).toEqual([CLEAR, SET, SET, GAP, CLEAR, SET, SET, SET, SET]);
    expect(rows[3]).toMatchObject({ side: 0, price: 0, quantity: 0, flags: BookFlag.LAST, tsInit: microseconds(AT) + 2000 });
  });

  it('S-54: a snapshot older than the first diff is passed over, and where no other comes the message says so', () => {
    const problem = problemOf(() => readRows([spotDiff(20, 25), snapshot(18)], BOOK_DELTAS));
    expect([problem.code, problem.line, problem.rule]).toEqual([
      'BOOK_SNAPSHOT_MISSING',
      1,
      'The snapshot of line 2 (lastUpdateId 18) is older than the first diff (U 20): no book follows.',
    ]);
    expect(readRows([spotDiff(20, 25), snapshot(18), snapshot(22)], BOOK_DELTAS).length).toBe(3);
  });

  it('the rule is that of futures where diffs say pu', () => {
    const pu = (U: number, u: number, previous: number): object => spotDiff(U, u, undefined, { T: MS - 2, pu: previous });
    const { CLEAR, SET, GAP } = BookAction;
    // U = 15 after u = 9 is no gap while pu = 9; and U = 21 after u = 20 is one while pu = 19.
    expect(readRows([snapshot(8), pu(7, 9, 5), pu(15, 20, 9), pu(21, 22, 19)], BOOK_DELTAS).map((row) => row['action'])).toEqual([
      CLEAR,
      SET,
      SET,
      SET,
      GAP,
    ]);
    const mixed = problemOf(() => readRows([snapshot(8), pu(7, 9, 5), spotDiff(10, 11)], BOOK_DELTAS));
    expect([mixed.code, mixed.line, mixed.column]).toEqual(['RECORD_DAMAGED', 3, 'pu']);
  });

  it('snapshots that a recorder puts into an envelope of @depthSnapshot, and messages without an envelope, are read alike', () => {
    const bare = (message: object): object => (message as { data: object }).data;
    const want = readRows([snapshot(6), spotDiff(7, 9)], BOOK_DELTAS);
    expect(readRows([{ stream: 'btcusdt@depthSnapshot', data: snapshot(6) }, bare(spotDiff(7, 9))], BOOK_DELTAS)).toEqual(want);
    expect(readRows([bare(trade(1)), bare(trade(2))], TRADES)).toEqual(readRows([trade(1), trade(2)], TRADES));
    expect(readRows([bare(TICKER)], QUOTES)).toEqual(readRows([TICKER], QUOTES));
  });

  it('stamps with 16 digits are microseconds', () => {
    expect(readRows([trade(1, { T: 1_723_161_256_299_123 })], TRADES)[0]!['tsEvent']).toBe(1_723_161_256_299_123);
  });

  it('a quote without a side has zeros there', () => {
    const empty = { ...TICKER, data: { ...TICKER.data, b: '0.00000000', B: '0.00000000' } };
    expect(readRows([empty], QUOTES)[0]).toMatchObject({ bidPrice: 0, bidSize: 0, askPrice: 10010, askSize: 2000 });
  });

  it('of trade and aggTrade, which tell the same executions, the one that comes first is read', () => {
    const aggregate = {
      stream: 'btcusdt@aggTrade',
      data: { e: 'aggTrade', E: MS, s: 'BTCUSDT', a: 3, p: '100.20', q: '0.700', f: 1, l: 2, T: MS, m: false, nq: '0.700' },
    };
    const reader = openBinanceStream({ path: fileOf([aggregate, trade(1), trade(2)]), kind: TRADES, instrument: INSTRUMENT });
    expect(rowsOf(reader).map((row) => [row['price'], row['quantity'], row['aggressorSide']])).toEqual([[10020, 700, 1]]);
    expect(reader.counters.filtered).toBe(2);
  });

  it('executions with the insurance fund, by deleveraging and of no kind are left out and counted', () => {
    const others = [trade(2, { X: 'INSURANCE_FUND' }), trade(3, { X: 'ADL' }), trade(4, { X: 'NA', p: '0', q: '0' })];
    const reader = openBinanceStream({ path: fileOf([trade(1), ...others, trade(5)]), kind: TRADES, instrument: INSTRUMENT });
    expect(rowsOf(reader).length).toBe(2);
    expect(reader.counters.filtered).toBe(3);
  });

  it('one symbol of several is chosen by name, the others are counted', () => {
    const other = trade(900, { s: 'ETHUSDT' }, 'ethusdt@trade');
    const reader = openBinanceStream({
      path: fileOf([other, trade(1), other, trade(2)]),
      kind: TRADES,
      instrument: INSTRUMENT,
      symbol: 'BTCUSDT',
    });
    expect(rowsOf(reader).length).toBe(2);
    expect(reader.counters.filtered).toBe(2);
  });

  it('streams that were not asked for and answers to subscriptions are passed over', () => {
    const messages = [
      '{"result":null,"id":1}',
      { stream: 'btcusdt@kline_1m', data: { e: 'kline', E: MS, s: 'BTCUSDT', k: {} } },
      { stream: '!miniTicker@arr', data: [] },
      { stream: 'btcusdt@depth20@100ms', data: snapshot(3) },
      TICKER,
      trade(1),
      TICKER,
      trade(2),
    ];
    expect(readRows(messages, TRADES).length).toBe(2);
  });

  it('what lies at or beyond the end of the range is left out; deltas are kept from the first on', () => {
    const range = { fromTs: microseconds(AT) + 1000, toTs: microseconds(AT) + 2000 };
    expect(readRows([trade(1), trade(2), trade(3)], TRADES, { range }).map((row) => row['tsInit'])).toEqual([range.fromTs]);
    expect(readRows([snapshot(6), spotDiff(7, 9), spotDiff(10, 11)], BOOK_DELTAS, { range }).length).toBe(3);
  });
});
