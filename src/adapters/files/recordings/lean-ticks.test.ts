import { mkdirSync } from 'node:fs';
import { basename } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder, problemOf, testInstrument, zipOf } from '../../../../test/files-kit.ts';
import { leanTickFiles, openLeanTicks, type OpenLeanTicksOptions } from './lean-ticks.ts';
import { BOOK_DELTAS, drain, QUOTES, quotesOf, TRADES, tradesOf } from './recorded-rows.fixture.ts';
import type { RecordingReader } from './recording-reader.ts';

const folder = makeFolder();
afterAll(folder.remove);
let count = 0;
/** A LEAN folder with one stock (or pair) and days of ticks. */
function made(
  security: 'equity' | 'forex',
  kind: 'trade' | 'quote',
  days: Readonly<Record<string, string | Uint8Array>>,
): Partial<OpenLeanTicksOptions> {
  const name = `lean${(count += 1)}`;
  const market = security === 'equity' ? 'usa' : 'oanda';
  mkdirSync(`${folder.path}/${name}/${security}/${market}/tick/x`, { recursive: true });
  for (const [day, content] of Object.entries(days)) {
    const zip = typeof content === 'string' ? zipOf({ [`${day}_x.csv`]: content }) : content;
    folder.write(`${name}/${security}/${market}/tick/x/${day}_${kind}.zip`, zip);
  }
  return { root: `${folder.path}/${name}`, security, market, symbol: 'x', kind: kind === 'trade' ? TRADES : QUOTES };
}
function open(place: Partial<OpenLeanTicksOptions>, extra: Partial<OpenLeanTicksOptions> = {}): RecordingReader {
  return openLeanTicks({ ...(place as OpenLeanTicksOptions), instrument: testInstrument(2), ...extra });
}

describe('LEAN ticks', () => {
  it('are of the files that are named, in order of date, and of no others', () => {
    const days = { '20131008': '1,100000,5\n', '20131007': '1,100000,5\n', '20131009_old': '1,100000,5\n', '20131010': '1,100000,5\n' };
    const place = { ...made('equity', 'trade', days), toDate: '20131009' } as OpenLeanTicksOptions;
    expect(leanTickFiles(place).map(({ path }) => basename(path))).toEqual(['20131007_trade.zip', '20131008_trade.zip']);
    expect(tradesOf(open(place)).length).toBe(2);
  });

  it('a bid and the ask after it at one time are one quote, and what does not change is not told again', () => {
    const rows = quotesOf(
      open(
        made('equity', 'quote', {
          '20131007':
            '1,100000,5,0,0,P,1,0\n1,0,0,110000,6,Q,1,0\n2,100000,5,0,0,N,1,0\n2,0,0,110000,6,Q,1,0\n3,100000,4,0,0,N,1,0\n4,0,0,120000,6,Q,1,0\n',
        }),
      ),
    );
    const midnight = Date.parse('2013-10-07T04:00:00Z') * 1000;
    expect(rows.map((row) => [row.tsInit - midnight, row.bidPrice, row.askPrice, row.bidSize, row.askSize])).toEqual([
      [1000, 1000, 1100, 5, 6],
      [3000, 1000, 1100, 4, 6],
      [4000, 1000, 1200, 4, 6],
    ]);
  });

  it('a side ends with a price or size of 0, with a row without any side, and with the day', () => {
    const day = '1,100000,5,110000,6,P,1,0\n2,100000,0,0,0,P,1,0\n3,100000,5,0,0,P,1,0\n4,0,0,0,0,P,1,0\n5,100000,5,110000,6,P,1,0\n';
    const rows = quotesOf(open(made('equity', 'quote', { '20131007': day, '20131008': '1,100000,5,0,0,P,1,0\n' })));
    expect(rows.map((row) => [row.bidPrice, row.bidSize, row.askPrice, row.askSize])).toEqual([
      [1000, 5, 1100, 6],
      [0, 0, 1100, 6],
      [1000, 5, 1100, 6],
      [0, 0, 0, 0],
      [1000, 5, 1100, 6],
      [1000, 5, 0, 0],
    ]);
  });

  it('rows may end before the exchange, and a time may have parts of a millisecond', () => {
    const rows = tradesOf(open(made('equity', 'trade', { '20131007': '1.2349,100000,5\n' })));
    expect(rows.map(({ tsInit, price }) => [tsInit % 1e6, price])).toEqual([[1234, 1000]]);
  });

  it.each([
    ['a short row', '2,100000,5,Q,0\n', 'ROW_SHORT', undefined],
    ['a long row', '2,100000,5,Q,0,0,0\n', 'ROW_LONG', undefined],
    ['a price that is no number', '2,NaN,5,Q,0,0\n', 'NUMBER_NOT_FINITE', 'price'],
    ['a price of 0', '2,0,5,Q,0,0\n', 'NUMBER_ZERO', 'price'],
    ['a negative size', '2,100000,-5,Q,0,0\n', 'NUMBER_NEGATIVE', 'quantity'],
    ['a size of 0', '2,100000,0,Q,0,0\n', 'NUMBER_ZERO', 'quantity'],
    ['text after a number', '2,100000 USD,5,Q,0,0\n', 'NUMBER_TRAILING_TEXT', 'price'],
    ['a price finer than the instrument', '2,100001,5,Q,0,0\n', 'NUMBER_TOO_PRECISE', 'price'],
    ['a flag that is neither 0 nor 1', '2,100000,5,Q,0,2\n', 'RECORD_DAMAGED', 'suspicious'],
    ['a time that is text', 'x,100000,5,Q,0,0\n', 'TIME_MALFORMED', 'time'],
    ['a time beyond the day', '86400000,100000,5,Q,0,0\n', 'TIME_OUT_OF_RANGE', 'time'],
    ['a time that falls', '0,100000,5,Q,0,0\n', 'TIME_BACKWARDS', undefined],
  ])('%s is refused with file, line and column', (_, row, code, column) => {
    const place = made('equity', 'trade', { '20131007': `1,100000,5,Q,0,0\n${row}` });
    const problem = problemOf(() => drain(open(place)));
    expect([problem.code, problem.line, problem.column]).toEqual([code, 2, column]);
    expect(problem.file).toMatch(/20131007_trade\.zip\/20131007_x\.csv$/);
  });

  it('a first row of another width, an empty file and a zip that is cut short are refused', () => {
    const codeOf = (place: Partial<OpenLeanTicksOptions>): unknown => problemOf(() => drain(open(place))).code;
    expect(codeOf(made('equity', 'quote', { '20131007': '1,100000,5,Q,0,0\n' }))).toBe('ROW_SHORT');
    expect(codeOf(made('forex', 'quote', { '20131007': '1,1.1,1.2,3\n' }))).toBe('ROW_LONG');
    expect(codeOf(made('forex', 'quote', { '20131007': '\n' }))).toBe('FILE_EMPTY');
    expect(codeOf(made('forex', 'quote', { '20131007': '1,0,1.2\n' }))).toBe('NUMBER_ZERO');
    const zip = zipOf({ 'x.csv': '1,1.1,1.2\n' });
    expect(codeOf(made('forex', 'quote', { '20131007': zip.subarray(0, zip.length - 30) }))).toBe('ARCHIVE_DAMAGED');
  });

  it('an exchange that has no trade, or is asked for where it means nothing, is refused', () => {
    const trades = made('equity', 'trade', { '20131007': '1,100000,5,Q,0,0\n' });
    expect(problemOf(() => drain(open(trades, { exchange: 'P' })))).toMatchObject({
      code: 'SYMBOL_UNKNOWN',
      column: 'exchange',
      value: 'P',
    });
    const plain = made('equity', 'trade', { '20131007': '1,100000,5\n' });
    expect(problemOf(() => drain(open(plain, { exchange: 'P' })))).toMatchObject({ code: 'SYMBOL_UNKNOWN', line: 1 });
    const quotes = made('equity', 'quote', { '20131007': '1,100000,5,0,0,P,1,0\n' });
    expect(problemOf(() => open(quotes, { exchange: 'P' })).code).toBe('FORMAT_INVALID');
  });

  it('an unknown symbol, days without a file and kinds that are not read are refused', () => {
    const place = made('equity', 'trade', { '20131007': '1,100000,5,Q,0,0\n' });
    expect(problemOf(() => open(place, { symbol: 'y' })).code).toBe('SYMBOL_UNKNOWN');
    expect(problemOf(() => open(place, { fromDate: '20131008' })).code).toBe('FILE_MISSING');
    expect(problemOf(() => open(place, { kind: BOOK_DELTAS })).code).toBe('KIND_UNSUPPORTED');
    expect(problemOf(() => open(place, { security: 'forex' })).code).toBe('KIND_UNSUPPORTED');
    expect(problemOf(() => open(place, { zone: 'Nowhere/Here' })).code).toBe('ZONE_UNKNOWN');
  });

  it('a range keeps the quotes within it', () => {
    const place = made('forex', 'quote', { '20131007': '1,1.1,1.2\n2,1.1,1.3\n3,1.1,1.4\n' });
    const from = Date.parse('2013-10-07T00:00:00Z') * 1000;
    const reader = open(place, { range: { fromTs: from + 2000, toTs: from + 3000 } });
    expect(quotesOf(reader).map(({ askPrice }) => askPrice)).toEqual([130]);
    expect(reader.counters.filtered).toBe(1);
  });
});
