import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder, problemOf, testInstrument } from '../../../../test/files-kit.ts';
import { decimal, expected, isThere, ROOT, WHY } from '../../../../test/shared-data-kit.ts';
import { OrderBook } from '../../../book/order-book.ts';
import { BookAction, BookFlag } from '../../../model/book-delta.ts';
import { BOOK_DELTAS, deltasOf, drain, QUOTES, quotesOf, TRADES, tradesOf } from './recorded-rows.fixture.ts';
import type { OpenRecordingOptions, RecordingReader } from './recording-reader.ts';
import { openTardis } from './tardis.ts';

const folder = makeFolder();
afterAll(folder.remove);
const SAMPLES = 'tardis-samples/';
const sum = (counts: readonly number[]): bigint => counts.reduce((total, each) => total + BigInt(each), 0n);

/** The cells of a sample, without its header. */
function cells(name: string): readonly (readonly string[])[] {
  return readFileSync(`${ROOT}${SAMPLES}${name}`, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
}

describe.skipIf(!isThere)(`samples of Tardis${WHY}`, () => {
  const open = (name: string, kind: OpenRecordingOptions['kind'], priceDecimals: number, quantityDecimals: number): RecordingReader =>
    openTardis({ path: `${ROOT}${SAMPLES}${name}`, kind, instrument: testInstrument(priceDecimals, quantityDecimals) });

  it.each([
    ['binance-futures_book_snapshot_5_BTCUSDT.csv', 5],
    ['binance-futures_book_snapshot_25_BTCUSDT.csv', 25],
  ])('%s: each row empties the book and fills %i levels of each side', (name, depth) => {
    const facts = expected[`${SAMPLES}${name}`]!;
    const rows = deltasOf(open(name, BOOK_DELTAS, 2, 3));
    expect(facts['columns']).toBe(4 + depth * 4);
    expect(rows.length).toBe(Number(facts['rows']) * (1 + 2 * depth));
    expect(rows[0]!.tsEvent).toBe(Number(facts['first_timestamp']));
    expect(rows.at(-1)!.tsEvent).toBe(Number(facts['last_timestamp']));
    let at = 0;
    for (const row of cells(name)) {
      expect(rows[at]!.action).toBe(BookAction.CLEAR);
      const levels = rows.slice(at + 1, at + 1 + 2 * depth);
      expect(levels.map((each) => each.flags)).toEqual(
        levels.map((_, n) => BookFlag.SNAPSHOT + (n === levels.length - 1 ? BookFlag.LAST : 0)),
      );
      for (let level = 0; level < depth; level += 1) {
        const [askPrice, askAmount, bidPrice, bidAmount] = row.slice(4 + level * 4) as [string, string, string, string];
        const told = [levels[level]!, levels[depth + level]!];
        expect(told.map(({ side, price, quantity }) => [side, BigInt(price), BigInt(quantity)])).toEqual([
          [1, decimal(bidPrice, 2), decimal(bidAmount, 3)],
          [-1, decimal(askPrice, 2), decimal(askAmount, 3)],
        ]);
        expect(told.map(({ tsEvent, tsInit, action }) => [tsEvent, tsInit, action])).toEqual([
          [Number(row[2]), Number(row[3]), BookAction.SET],
          [Number(row[2]), Number(row[3]), BookAction.SET],
        ]);
      }
      at += 1 + 2 * depth;
    }
  });

  it('incremental_book_L2: the rows of one message are a snapshot that ends with its last row', () => {
    const name = 'deribit_incremental_book_L2_BTC-PERPETUAL.csv';
    const facts = expected[`${SAMPLES}${name}`]!;
    const rows = deltasOf(open(name, BOOK_DELTAS, 1, 0));
    const levels = rows.slice(1);
    expect(rows[0]).toMatchObject({ action: BookAction.CLEAR, side: 0, flags: BookFlag.SNAPSHOT, tsInit: 1_585_699_200_355_684 });
    expect(levels.length).toBe(facts['rows']);
    expect(levels.every(({ tsEvent }) => tsEvent === Number(facts['first_timestamp']))).toBe(true);
    expect(BigInt(Math.min(...levels.map(({ price }) => price)))).toBe(decimal(facts['min_price'], 1));
    expect(BigInt(Math.max(...levels.map(({ price }) => price)))).toBe(decimal(facts['max_price'], 1));
    expect(Math.min(...levels.map(({ quantity }) => quantity))).toBe(Number(facts['min_amount']));
    expect(Math.max(...levels.map(({ quantity }) => quantity))).toBe(Number(facts['max_amount']));
    expect(sum(levels.map(({ quantity }) => quantity))).toBe(decimal(facts['sum_amount'], 0));
    expect(rows.map(({ flags }) => flags & BookFlag.LAST)).toEqual([...Array.from({ length: 15 }, () => 0), BookFlag.LAST]);

    const reader = open(name, BOOK_DELTAS, 1, 0);
    const book = new OrderBook();
    const block = reader.next()!;
    for (let row = 0; row < block.length; row += 1) book.apply(block as never, row);
    expect([book.bestBid, book.bestAsk, book.askSize, book.levelCount(-1)]).toEqual([0, 64_215, 18_640, 15]);
  });

  it('trades: price, amount and the side of the taker', () => {
    const name = 'bitmex_trades_XBTUSD.csv';
    const facts = expected[`${SAMPLES}${name}`]!;
    const rows = tradesOf(open(name, TRADES, 1, 0));
    expect(rows.length).toBe(facts['rows']);
    expect([rows[0]!.tsEvent, rows.at(-1)!.tsEvent]).toEqual([Number(facts['first_timestamp']), Number(facts['last_timestamp'])]);
    expect(new Set(rows.map(({ price }) => BigInt(price)))).toEqual(
      new Set([decimal(facts['min_price'], 1), decimal(facts['max_price'], 1)]),
    );
    expect(sum(rows.map(({ quantity }) => quantity))).toBe(decimal(facts['sum_amount'], 0));
    expect(rows.map((row) => [row.tsEvent, row.tsInit, row.aggressorSide])).toEqual(
      cells(name).map((row) => [Number(row[2]), Number(row[3]), row[5] === 'sell' ? -1 : 1]),
    );
  });

  it('quotes: both sides with their amounts', () => {
    const name = 'huobi-dm-swap_quotes_BTC-USD.csv';
    const facts = expected[`${SAMPLES}${name}`]!;
    const rows = quotesOf(open(name, QUOTES, 1, 0));
    expect(rows.length).toBe(facts['rows']);
    expect([rows[0]!.tsEvent, rows.at(-1)!.tsEvent]).toEqual([Number(facts['first_timestamp']), Number(facts['last_timestamp'])]);
    expect(rows.every(({ askPrice }) => BigInt(askPrice) === decimal(facts['min_ask_price'], 1))).toBe(true);
    expect(rows.every(({ bidPrice }) => BigInt(bidPrice) === decimal(facts['max_bid_price'], 1))).toBe(true);
    expect(rows.map((row) => [row.tsInit, row.askSize, row.bidSize])).toEqual(
      cells(name).map((row) => [row[3], row[4], row[7]].map(Number)),
    );
  });
});

const TIMED = 'exchange,symbol,timestamp,local_timestamp';
const L2 = `${TIMED},is_snapshot,side,price,amount\n`;
const TRADE = `${TIMED},id,side,price,amount\n`;
const QUOTE = `${TIMED},ask_amount,ask_price,bid_price,bid_amount\n`;

let count = 0;
function from(
  text: string | readonly string[],
  kind: OpenRecordingOptions['kind'] = BOOK_DELTAS,
  extra: Partial<OpenRecordingOptions> = {},
): RecordingReader {
  const path = [text].flat().map((each) => folder.write(`${(count += 1)}.csv`, each));
  return openTardis({ path, kind, instrument: testInstrument(1, 0), ...extra });
}
function refusal(
  text: string | readonly string[],
  kind: OpenRecordingOptions['kind'] = BOOK_DELTAS,
  extra: Partial<OpenRecordingOptions> = {},
): unknown {
  const { code, line, column, value, file } = problemOf(() => drain(from(text, kind, extra)));
  expect(file).toMatch(/\.csv$/);
  return [code, line, column, value];
}
const level = (local: number, isSnapshot: boolean, rest: string, symbol = 'X', venue = 'v'): string =>
  `${venue},${symbol},${local - 1},${local},${isSnapshot},${rest}\n`;

describe('changes of books of Tardis', () => {
  it('a snapshot after a change empties the book, rows of one local time are one event, and amount 0 removes', () => {
    const rows = deltasOf(
      from(
        L2 +
          level(10, true, 'bid,5.0,7') +
          level(10, true, 'ask,5.5,8') +
          level(12, false, 'bid,5,0') +
          level(12, false, 'bid,4.9,3') +
          level(13, false, 'ask,5.6,1') +
          level(14, true, 'bid,4,2') +
          level(15, true, 'bid,3,2'),
      ),
    );
    expect(
      rows.map(({ action, side, price, quantity, flags, tsInit, tsEvent }) => [action, side, price, quantity, flags, tsInit, tsEvent]),
    ).toEqual([
      [BookAction.CLEAR, 0, 0, 0, 2, 10, 9],
      [BookAction.SET, 1, 50, 7, 2, 10, 9],
      [BookAction.SET, -1, 55, 8, 3, 10, 9],
      [BookAction.SET, 1, 50, 0, 0, 12, 11],
      [BookAction.SET, 1, 49, 3, 1, 12, 11],
      [BookAction.SET, -1, 56, 1, 1, 13, 12],
      [BookAction.CLEAR, 0, 0, 0, 2, 14, 13],
      [BookAction.SET, 1, 40, 2, 3, 14, 13],
      [BookAction.SET, 1, 30, 2, 3, 15, 14],
    ]);
  });

  it('changes before the first snapshot of a file are left out and counted; a file of changes alone is refused', () => {
    const early = level(9, false, 'bid,5,7') + level(10, false, 'bid,5,7');
    const reader = from(L2 + early + level(10, true, 'bid,4,1'));
    expect(deltasOf(reader).map(({ action, flags }) => [action, flags])).toEqual([
      [BookAction.CLEAR, 2],
      [BookAction.SET, 3],
    ]);
    expect(reader.counters.filtered).toBe(2);
    expect(refusal(L2 + early)).toEqual(['BOOK_SNAPSHOT_MISSING', 2, 'is_snapshot', undefined]);
  });

  it('the snapshot of the next day empties the book even right after the one before', () => {
    const rows = deltasOf(from([L2 + level(10, true, 'bid,5,7'), L2 + level(20, true, 'bid,4,7')]));
    expect(rows.map(({ action }) => action)).toEqual([BookAction.CLEAR, BookAction.SET, BookAction.CLEAR, BookAction.SET]);
  });

  it('cells of levels that a snapshot lacks are empty, both of them', () => {
    const header = `${TIMED},asks[0].price,asks[0].amount,bids[0].price,bids[0].amount\n`;
    expect(deltasOf(from(`${header}v,X,1,2,5,1,,\n`)).map(({ side, flags }) => [side, flags])).toEqual([
      [0, 2],
      [-1, 3],
    ]);
    expect(deltasOf(from(`${header}v,X,1,2,,,,\n`)).map(({ action, flags }) => [action, flags])).toEqual([[BookAction.CLEAR, 3]]);
    expect(refusal(`${header}v,X,1,2,5,,4,1\n`)).toEqual(['VALUE_MISSING', 2, 'asks[0].amount', '']);
    expect(refusal(`${header}v,X,1,2,5,0,4,1\n`)).toEqual(['NUMBER_ZERO', 2, 'asks[0].amount', '0']);
  });

  it('gz files are read, and one that is cut short is refused', () => {
    const packed = gzipSync(L2 + level(10, true, 'bid,5.0,7'));
    const open = (path: string): RecordingReader => openTardis({ path, kind: BOOK_DELTAS, instrument: testInstrument(1, 0) });
    expect(drain(open(folder.write('whole.csv.gz', packed)))).toBe(2);
    const cut = folder.write('cut.csv.gz', packed.subarray(0, packed.length - 9));
    expect(problemOf(() => drain(open(cut)))).toMatchObject({ code: 'ARCHIVE_DAMAGED', file: cut });
  });
});

describe('trades and quotes of Tardis', () => {
  it('a trade whose taker is unknown has side 0; another word is refused', () => {
    expect(tradesOf(from(`${TRADE}v,X,1,2,,unknown,5,1\nv,X,1,2,7,buy,5,1\n`, TRADES)).map(({ aggressorSide }) => aggressorSide)).toEqual([
      0, 1,
    ]);
    expect(refusal(`${TRADE}v,X,1,2,,BUY,5,1\n`, TRADES)).toEqual(['SIDE_UNKNOWN', 2, 'side', 'BUY']);
  });

  it('a side of a quote that is empty is absent; half a side is refused', () => {
    expect(quotesOf(from(`${QUOTE}v,X,1,2,,,5,1\n`, QUOTES))[0]).toMatchObject({ bidPrice: 50, bidSize: 1, askPrice: 0, askSize: 0 });
    expect(refusal(`${QUOTE}v,X,1,2,7,,5,1\n`, QUOTES)).toEqual(['VALUE_MISSING', 2, 'ask_price', '']);
  });

  it('a stated symbol chooses rows; without one a second symbol is refused, and so is one that has no row', () => {
    const two = `${TRADE}v,X,1,2,,buy,5,1\nv,Y,1,2,,buy,6,1\n`;
    const reader = from(two, TRADES, { symbol: 'Y' });
    expect(tradesOf(reader).map(({ price }) => price)).toEqual([60]);
    expect(reader.counters.filtered).toBe(1);
    expect(refusal(two, TRADES)).toEqual(['SYMBOL_UNKNOWN', 3, 'symbol', 'Y']);
    expect(refusal(two, TRADES, { symbol: 'Z' })).toEqual(['SYMBOL_UNKNOWN', undefined, 'symbol', 'Z']);
    expect(refusal(`${TRADE}v,X,1,2,,buy,5,1\nw,X,1,2,,buy,6,1\n`, TRADES)).toEqual(['SYMBOL_UNKNOWN', 3, 'exchange', 'w']);
  });
});

describe('refusals of files of Tardis', () => {
  it.each([
    ['a short row', 'v,X,1,2,,buy,5\n', 'ROW_SHORT', undefined],
    ['a long row', 'v,X,1,2,,buy,5,1,1\n', 'ROW_LONG', undefined],
    ['a price that is no number', 'v,X,1,2,,buy,NaN,1\n', 'NUMBER_NOT_FINITE', 'price'],
    ['a negative amount', 'v,X,1,2,,buy,5,-1\n', 'NUMBER_NEGATIVE', 'amount'],
    ['an amount of 0', 'v,X,1,2,,buy,5,0\n', 'NUMBER_ZERO', 'amount'],
    ['text after a number', 'v,X,1,2,,buy,5x,1\n', 'NUMBER_TRAILING_TEXT', 'price'],
    ['a digit too many', 'v,X,1,2,,buy,5.01,1\n', 'NUMBER_TOO_PRECISE', 'price'],
    ['an empty price', 'v,X,1,2,,buy,,1\n', 'VALUE_MISSING', 'price'],
    ['a time that is text', 'v,X,1,2020-01-01,,buy,5,1\n', 'TIME_MALFORMED', 'local_timestamp'],
    ['a time in nanoseconds', 'v,X,1,1583020803307160000,,buy,5,1\n', 'TIME_OUT_OF_RANGE', 'local_timestamp'],
    ['a time after 2199', 'v,X,1,7258118400000000,,buy,5,1\n', 'TIME_OUT_OF_RANGE', 'local_timestamp'],
    ['a local time that falls', 'v,X,1,1,,buy,5,1\n', 'TIME_BACKWARDS', undefined],
  ])('%s is refused with its line and column', (_, row, code, column) => {
    expect((refusal(`${TRADE}v,X,1,2,,buy,5,1\n${row}`, TRADES) as unknown[]).slice(0, 3)).toEqual([code, 3, column]);
  });

  it('a flag or side of a level that is another word is refused', () => {
    expect(refusal(L2 + level(10, true, 'buy,5,1'))).toEqual(['SIDE_UNKNOWN', 2, 'side', 'buy']);
    expect(refusal(`${L2}v,X,1,2,TRUE,bid,5,1\n`)).toEqual(['RECORD_DAMAGED', 2, 'is_snapshot', 'TRUE']);
    expect(refusal(L2 + level(10, true, 'bid,0,1'))).toEqual(['NUMBER_ZERO', 2, 'price', '0']);
  });

  it('a snapshot that has a price of a side twice is refused; the next snapshot may have it again', () => {
    const first = level(10, true, 'bid,5.0,7') + level(10, true, 'ask,5.0,7') + level(10, true, 'bid,4.0,7');
    expect(refusal(L2 + first + level(10, true, 'bid,5,1'))).toEqual(['RECORD_DAMAGED', 5, 'price', '5']);
    expect(drain(from(L2 + first + level(11, false, 'bid,5.0,8') + level(11, false, 'bid,5.0,9') + level(12, true, 'bid,5.0,7')))).toBe(8);
    const header = `${TIMED},bids[0].price,bids[0].amount,bids[1].price,bids[1].amount,asks[0].price,asks[0].amount,asks[1].price,asks[1].amount\n`;
    const row = 'v,X,1,2,5,1,4,1,6,1,7,1\n';
    expect(drain(from(`${header}${row}${row}`))).toBe(10);
    expect(refusal(`${header}${row}v,X,1,2,5,1,5,2,6,1,7,1\n`)).toEqual(['RECORD_DAMAGED', 3, 'bids[1].price', '5']);
    expect(refusal(`${header}${row}v,X,1,2,5,1,4,2,6,1,6.0,1\n`)).toEqual(['RECORD_DAMAGED', 3, 'asks[1].price', '6.0']);
  });

  it('headers of other data types are unknown, and what a file holds must be what is asked for', () => {
    const code = (text: string, kind = BOOK_DELTAS as OpenRecordingOptions['kind']): unknown => (refusal(text, kind) as unknown[])[0];
    expect(code(`${TIMED},funding_rate,mark_price\nv,X,1,2,3,4\n`)).toBe('RECORD_UNKNOWN');
    expect(code(`${TIMED},asks[0].price,asks[0].amount,bids[0].price\nv,X,1,2,3,4,5\n`)).toBe('COLUMN_MISSING');
    expect(code(`${TIMED},asks[5].price,asks[5].amount\nv,X,1,2,3,4\n`)).toBe('RECORD_UNKNOWN');
    expect(code(`${TIMED.replace('symbol,', '')},id,side,price,amount\nv,1,2,3,buy,4,5\n`, TRADES)).toBe('COLUMN_MISSING');
    expect(code(TRADE + 'v,X,1,2,,buy,5,1\n')).toBe('KIND_UNSUPPORTED');
    expect(code(TRADE, TRADES)).toBe('FILE_EMPTY');
    const liquidations = folder.write('deribit_liquidations_PERPETUALS.csv', `${TRADE}v,X,1,2,,buy,5,1\n`);
    const open = (): unknown => drain(openTardis({ path: liquidations, kind: TRADES, instrument: testInstrument(1, 0) }));
    expect(problemOf(open)).toMatchObject({ code: 'RECORD_UNKNOWN', line: 1, file: liquidations });
  });
});
