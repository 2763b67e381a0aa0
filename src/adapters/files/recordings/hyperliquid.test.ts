import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder, problemOf } from '../../../../test/files-kit.ts';
import { decimal, isThere, ROOT, WHY } from '../../../../test/shared-data-kit.ts';
import { BookAction, BookFlag } from '../../../model/book-delta.ts';
import { BlockKind } from '../../../model/blocks.ts';
import { openHyperliquid } from './hyperliquid.ts';
import type { OpenRecordingOptions } from './recording-reader.ts';
import { ends, microseconds, rawLines, rebuild, recordedInstrument, Facts } from './message-recordings.fixture.ts';
import { type Row, rowsOf } from './recorded-rows.fixture.ts';
import type { RecordedKind } from './row-buffer.ts';

const folder = makeFolder();
afterAll(folder.remove);
const { BOOK_DELTAS, QUOTES, TRADES } = BlockKind;
const BTC = 'l2-hyperliquid-raw/btcusd_20250126.gz';

describe.skipIf(!isThere)(`a recording of Hyperliquid${WHY}`, () => {
  const facts = new Facts(BTC);
  const open = (kind: RecordedKind) => openHyperliquid({ path: ROOT + BTC, kind, instrument: recordedInstrument(1, 5) });

  it('brings every book whole, to the one that other software found', () => {
    const rebuilt = rebuild(open(BOOK_DELTAS));
    const { book } = rebuilt;
    expect([rebuilt.snapshots, rebuilt.events, rebuilt.rows, rebuilt.crossed]).toEqual([
      facts.number('l2_book_messages'),
      facts.number('l2_book_messages'),
      facts.number('l2_book_messages') * 41,
      0,
    ]);
    const bid = facts.any('final_best_bid') as Readonly<Record<string, string>>;
    const ask = facts.any('final_best_ask') as Readonly<Record<string, string>>;
    expect([book.bestBid, book.bidSize, book.bestAsk, book.askSize].map(BigInt)).toEqual([
      decimal(bid['px'], 1),
      decimal(bid['sz'], 5),
      decimal(ask['px'], 1),
      decimal(ask['sz'], 5),
    ]);
    const raw = rawLines(ROOT + BTC);
    expect([Number(raw[0]!.ns), Number(raw.at(-1)!.ns)]).toEqual([facts.number('first_local_ts_ns'), facts.number('last_local_ts_ns')]);
    expect([rebuilt.firstTsInit, rebuilt.lastTsInit]).toEqual([microseconds(raw[0]!.ns), microseconds(raw.at(-1)!.ns)]);
  });

  it('brings every trade of every list, at the time of its line', () => {
    const rows = rowsOf(open(TRADES));
    expect(rows.length).toBe(facts.number('trade_prints'));
    expect(rows.reduce((sum, row) => sum + BigInt(row['quantity']!), 0n)).toBe(decimal(facts.any('trade_qty_sum'), 5));
    const prices = rows.map((row) => row['price']!);
    expect([Math.min(...prices), Math.max(...prices)].map(BigInt)).toEqual([
      decimal(facts.any('min_trade_price'), 1),
      decimal(facts.any('max_trade_price'), 1),
    ]);
    const want = rawLines(ROOT + BTC).flatMap(({ ns, message: { data } }) =>
      (Array.isArray(data) ? (data as readonly { side: string; time: number }[]) : []).map((trade) => [
        microseconds(ns),
        trade.time * 1000,
        trade.side === 'B' ? 1 : -1,
      ]),
    );
    expect(rows.map((row) => [row['tsInit'], row['tsEvent'], row['aggressorSide']])).toEqual(want);
    expect(rawLines(ROOT + BTC).length).toBe(facts.number('rows'));
    expect(ends(open(TRADES)).rows).toBe(facts.number('trade_prints'));
  });
});

const AT = 1_737_918_843_893_903_000n;
const MS = 1_737_918_843_542;

function book(bids: readonly unknown[], asks: readonly unknown[] = [], more: object = {}): object {
  return { channel: 'l2Book', data: { coin: 'BTC', time: MS, levels: [bids, asks], ...more } };
}

function trades(...list: readonly object[]): object {
  return { channel: 'trades', data: list };
}

function trade(tid: number, more: object = {}): object {
  return { coin: 'BTC', side: 'B', px: '105056.0', sz: '0.00219', tid, time: MS, hash: '0x', ...more };
}

const level = (px: unknown, sz: unknown): object => ({ n: 1, px, sz });

function write(messages: readonly (object | string)[]): string {
  return folder.write(
    'made.txt',
    messages.map((each, at) => `${AT + BigInt(at) * 1000n} ${typeof each === 'string' ? each : JSON.stringify(each)}\n`).join(''),
  );
}

function readRows(messages: readonly (object | string)[], kind: RecordedKind, more: Partial<OpenRecordingOptions> = {}): Row[] {
  return rowsOf(openHyperliquid({ path: write(messages), kind, instrument: recordedInstrument(1, 5), ...more }));
}

describe('rows of Hyperliquid messages', () => {
  it('each book is CLEAR and its levels, the last row LAST', () => {
    const rows = readRows([book([level('105055.0', '3.03622')], [level('105056.0', '1.5')]), trades(trade(1)), book([])], BOOK_DELTAS);
    const { LAST, SNAPSHOT } = BookFlag;
    expect(rows.map((row) => [row['action'], row['side'], row['price'], row['quantity'], row['flags']])).toEqual([
      [BookAction.CLEAR, 0, 0, 0, SNAPSHOT],
      [BookAction.SET, 1, 1_050_550, 303_622, SNAPSHOT],
      [BookAction.SET, -1, 1_050_560, 150_000, SNAPSHOT | LAST],
      [BookAction.CLEAR, 0, 0, 0, SNAPSHOT | LAST],
    ]);
  });

  it('a trade that comes a second time, as after a new subscription, is left out and counted', () => {
    const path = write([trades(trade(1), trade(2)), { channel: 'subscriptionResponse', data: {} }, trades(trade(2), trade(3))]);
    const reader = openHyperliquid({ path, kind: TRADES, instrument: recordedInstrument(1, 5) });
    expect(rowsOf(reader).length).toBe(3);
    expect(reader.counters.filtered).toBe(1);
  });

  it('of the trades before, 4096 are remembered, and the oldest is forgotten first', () => {
    const ids = (from: number, to: number): object[] => Array.from({ length: to - from + 1 }, (_, at) => trade(from + at));
    const counts = (...messages: readonly object[]): unknown[] => {
      const reader = openHyperliquid({ path: write(messages), kind: TRADES, instrument: recordedInstrument(1, 5) });
      return [rowsOf(reader).length, reader.counters.filtered];
    };
    const most = trades(...ids(1, 4096));
    expect(counts(most, trades(...ids(1, 4096)))).toEqual([4096, 4096]);
    // 4097 takes the place of 1. 2 is known still; 1 is new again and takes its place, so that 2 is new at last, while 3 was known.
    expect(counts(most, trades(trade(4097), trade(2), trade(1), trade(3), trade(2)))).toEqual([4096 + 3, 2]);
  });

  it('one coin of several is chosen by name, and kPEPE is not KPEPE', () => {
    expect(readRows([trades(trade(1, { coin: 'ETH' }), trade(2))], TRADES, { symbol: 'BTC' }).length).toBe(1);
    const alike = [trades(trade(1, { coin: 'KPEPE' }), trade(2, { coin: 'kPEPE', px: '7.0' }))];
    expect(readRows(alike, TRADES, { symbol: 'kPEPE' }).map((row) => row['price'])).toEqual([70]);
    expect(problemOf(() => readRows(alike, TRADES)).code).toBe('SYMBOL_UNKNOWN');
    expect(problemOf(() => readRows([trades(trade(1))], TRADES, { symbol: 'btc' })).code).toBe('SYMBOL_UNKNOWN');
  });
});

describe('what recordings of Hyperliquid are refused for', () => {
  const refusals: readonly (readonly [string, RecordedKind, object | string, string, string | undefined])[] = [
    ['JSON that ends early', TRADES, '{"channel":"trades"', 'RECORD_DAMAGED', undefined],
    ['an unknown channel', TRADES, { channel: 'l3Book', data: {} }, 'RECORD_UNKNOWN', 'channel'],
    ['no channel', TRADES, { data: {} }, 'VALUE_MISSING', 'channel'],
    ['no price', TRADES, trades(trade(9, { px: undefined })), 'VALUE_MISSING', 'px'],
    ['a JSON number', BOOK_DELTAS, book([level(105055, '1')]), 'NUMBER_MALFORMED', 'levels[0][0].px'],
    ['NaN', BOOK_DELTAS, book([], [level('1', 'NaN')]), 'NUMBER_NOT_FINITE', 'levels[1][0].sz'],
    ['a negative quantity', TRADES, trades(trade(9, { sz: '-1' })), 'NUMBER_NEGATIVE', 'data[0].sz'],
    ['a level of nothing', BOOK_DELTAS, book([level('1', '0')]), 'NUMBER_ZERO', 'levels[0][0].sz'],
    [
      'a price twice',
      BOOK_DELTAS,
      book([level('5', '1')], [level('6', '1'), level('7', '2'), level('6.0', '3')]),
      'RECORD_DAMAGED',
      'levels[1][2].px',
    ],
    ['a third side', BOOK_DELTAS, book([], [], { levels: [[], [], []] }), 'RECORD_DAMAGED', 'levels'],
    ['a side that is no list', BOOK_DELTAS, book([], [], { levels: [{}, []] }), 'RECORD_DAMAGED', 'levels[0]'],
    ['an unknown side', TRADES, trades(trade(9, { side: 'S' })), 'SIDE_UNKNOWN', 'data[0].side'],
    ['a second coin', TRADES, trades(trade(9, { coin: 'ETH' })), 'SYMBOL_UNKNOWN', undefined],
    ['a time outside the calendar', TRADES, trades(trade(9, { time: 9e13 })), 'TIME_OUT_OF_RANGE', 'time'],
  ];
  it.each(refusals)('%s', (_what, kind, message, code, column) => {
    const problem = problemOf(() => readRows([book([level('5', '1')]), trades(trade(1)), message], kind));
    expect([problem.code, problem.line, problem.column, problem.file?.endsWith('made.txt')]).toEqual([code, 3, column, true]);
  });

  it('a line that came before the one above it, and quotes', () => {
    const path = folder.write('back.txt', `${AT} ${JSON.stringify(trades(trade(1)))}\n${AT - 2000n} ${JSON.stringify(trades(trade(2)))}\n`);
    const options = { path, instrument: recordedInstrument(1, 5) };
    expect(problemOf(() => rowsOf(openHyperliquid({ ...options, kind: TRADES })))).toMatchObject({
      code: 'TIME_BACKWARDS',
      file: path,
      line: 2,
    });
    expect(problemOf(() => openHyperliquid({ ...options, kind: QUOTES }))).toMatchObject({ code: 'KIND_UNSUPPORTED', file: path });
  });
});
