import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import type { CsvFormat } from './csv-format.ts';
import { openCsvBars, openCsvQuotes, openCsvTrades, type OpenCsvOptions } from './csv-reader.ts';
import { openLeanBars } from './lean-reader.ts';
import { QuoteBarPairReader } from './quote-bar-pair.ts';
import { makeFolder, problemOf, testInstrument, zipOf } from '../../../test/files-kit.ts';

const folder = makeFolder();
afterAll(folder.remove);

const BARS: CsvFormat = {
  kind: 'bars',
  columns: { time: 't', open: 'o', high: 'h', low: 'l', close: 'c', volume: 'v' },
  timeFormat: 'epoch-s',
  stamp: 'open',
  every: '1m',
};
const HEAD = 't,o,h,l,c,v\n';
const GOOD = '60,1.00,1.20,0.90,1.10,5\n';

function readBars(path: string, more: Partial<OpenCsvOptions> = {}): number {
  const reader = openCsvBars({ path, format: BARS, instrument: testInstrument(), ...more });
  let rows = 0;
  for (let block = reader.next(); block !== null; block = reader.next()) rows += block.length;
  return rows;
}

let files = 0;
function refusalOfRow(row: string): readonly unknown[] {
  files += 1;
  const path = folder.write(`row-${files}.csv`, HEAD + GOOD + row);
  const { code, line, column, value, file } = problemOf(() => readBars(path));
  expect(file).toBe(path);
  return [code, line, column, value];
}

describe('a refused file names line, column, value, rule and fix', () => {
  const rows: readonly (readonly [string, string, readonly unknown[]])[] = [
    ['a missing value', '120,,1.2,0.9,1.1,5\n', ['VALUE_MISSING', 3, 'o', '']],
    ['text', '120,abc,1.2,0.9,1.1,5\n', ['NUMBER_MALFORMED', 3, 'o', 'abc']],
    ['trailing text', '120,1.0x,1.2,0.9,1.1,5\n', ['NUMBER_TRAILING_TEXT', 3, 'o', '1.0x']],
    ['NaN', '120,1.0,1.2,NaN,1.1,5\n', ['NUMBER_NOT_FINITE', 3, 'l', 'NaN']],
    ['infinity', '120,1.0,-inf,0.9,1.1,5\n', ['NUMBER_NOT_FINITE', 3, 'h', '-inf']],
    ['a negative price', '120,-1.0,1.2,0.9,1.1,5\n', ['NUMBER_NEGATIVE', 3, 'o', '-1.0']],
    ['a negative volume', '120,1.0,1.2,0.9,1.1,-5\n', ['NUMBER_NEGATIVE', 3, 'v', '-5']],
    ['a price of zero', '120,1.0,1.2,0.00,1.1,5\n', ['NUMBER_ZERO', 3, 'l', '0.00']],
    ['a high below the low', '120,1.0,0.8,0.9,1.1,5\n', ['HIGH_BELOW_LOW', 3, 'h', '0.8']],
    ['an open outside', '120,1.3,1.2,0.9,1.1,5\n', ['OPEN_CLOSE_OUTSIDE_RANGE', 3, 'o', '1.3']],
    ['a close outside', '120,1.0,1.2,0.9,0.8,5\n', ['OPEN_CLOSE_OUTSIDE_RANGE', 3, 'c', '0.8']],
    ['time going backwards', '0,1.0,1.2,0.9,1.1,5\n', ['TIME_BACKWARDS', 3, 't', '0']],
    ['a repeated time', '60,1.0,1.2,0.9,1.1,5\n', ['TIME_DUPLICATE', 3, 't', '60']],
    ['a bar inside the bar before', '90,1.0,1.2,0.9,1.1,5\n', ['BARS_OVERLAP', 3, 't', '90']],
    ['a time in the wrong unit', '1600000000000,1.0,1.2,0.9,1.1,5\n', ['TIME_OUT_OF_RANGE', 3, 't', '1600000000000']],
    ['too many decimals', '120,1.001,1.2,0.9,1.1,5\n', ['NUMBER_TOO_PRECISE', 3, 'o', '1.001']],
    ['a number beyond 53 bits', '120,1.0,90071992547409.92,0.9,1.1,5\n', ['NUMBER_OUT_OF_RANGE', 3, 'h', '90071992547409.92']],
    [
      'a whole number beyond 53 bits at two decimals',
      '120,1.0,900719925474099,0.9,1.1,5\n',
      ['NUMBER_OUT_OF_RANGE', 3, 'h', '900719925474099'],
    ],
    ['a short row', '120,1.0,1.2,0.9,1.1\n', ['ROW_SHORT', 3, undefined, '120,1.0,1.2,0.9,1.1']],
    ['a short last row without a line end', '120,1.0,1.2', ['ROW_SHORT', 3, undefined, '120,1.0,1.2']],
    ['a long row', '120,1.0,1.2,0.9,1.1,5,6\n', ['ROW_LONG', 3, undefined, '120,1.0,1.2,0.9,1.1,5,6']],
    ['an open quotation mark', '120,"1.0,1.2,0.9,1.1,5\n', ['TEXT_UNCLOSED', 3, 'o', '"1.0']],
  ];
  for (const [what, row, refusal] of rows)
    it(`${what} is refused as ${String(refusal[0])}`, () => expect(refusalOfRow(row)).toEqual(refusal));

  it.each([
    [
      'a point in a file of decimal commas',
      ',',
      '60;1,00;1.20;0,90;1,10;5\n',
      'h',
      '1.20',
      'The number has a point, and the decimal mark of the file is a comma.',
    ],
    [
      'a point before thousands',
      ',',
      '60;1,00;1,20;0,90;1,10;1.200\n',
      'v',
      '1.200',
      'The number has a point, and the decimal mark of the file is a comma.',
    ],
    [
      'a comma in a file of decimal points',
      '.',
      '60;1.00;1,20;0.90;1.10;5\n',
      'h',
      '1,20',
      'The number has a comma, and the decimal mark of the file is a point.',
    ],
  ] as const)('%s is refused, never read as the other mark', (_what, decimalMark, row, column, value, rule) => {
    const format = { ...BARS, delimiter: ';', decimalMark };
    const path = folder.write('marks.csv', HEAD.replaceAll(',', ';') + row);
    for (const quantityDecimals of [0, 3]) {
      const problem = problemOf(() => readBars(path, { format, instrument: testInstrument(2, quantityDecimals) }));
      expect(problem).toMatchObject({ code: 'NUMBER_MALFORMED', line: 2, column, value, rule });
      expect(problem.fix).toContain(decimalMark === '.' ? 'decimalMark: ","' : 'thousands separators are not read');
    }
  });

  it('a column that is not there is told with the columns that are, those without a name too', () => {
    const path = folder.write('nameless.csv', `,${HEAD.slice(2)}${GOOD}`);
    const problem = problemOf(() => readBars(path));
    expect(problem.rule).toBe('The column for "time" is not in the file. The header has: (no name), o, h, l, c, v.');
    expect(problem.fix).toContain('number of the column from 1');
  });

  it('a delimiter that is the decimal mark is refused', () => {
    const path = folder.write('same.csv', HEAD + GOOD);
    expect(problemOf(() => readBars(path, { format: { ...BARS, decimalMark: ',' } })).rule).toBe(
      'The delimiter and the decimal mark are both ",".',
    );
  });

  it('a price of too many decimals is told with the decimals that it needs, also where the file counts in 1/10000', () => {
    const ruleOf = (name: string, row: string, priceScale: number): string =>
      problemOf(() => readBars(folder.write(name, HEAD + row), { format: { ...BARS, priceScale } })).rule;
    const { id } = testInstrument();
    expect(ruleOf('fine.csv', '60,1.001,1.20,0.90,1.10,5\n', 0)).toBe(`1.001 needs 3 decimals, ${id} keeps 2: set priceDecimals: 3.`);
    expect(ruleOf('lean.csv', '60,1641350,1641400,1641300,1641350,5\n', 4)).toBe(
      `164.1350 needs 3 decimals, ${id} keeps 2: set priceDecimals: 3.`,
    );
    expect(ruleOf('noise.csv', '60,1.0010000000001,1.20,0.90,1.10,5\n', 0)).toBe(
      `1.0010000000001 needs 13 decimals, ${id} keeps 2, and no instrument more than 12: round: { price: half-even } rounds them.`,
    );
    expect(ruleOf('small.csv', '60,15,16,14,15,5\n', 4)).toBe(`0.0015 needs 4 decimals, ${id} keeps 2: set priceDecimals: 4.`);
  });

  it('the message has the rule and the fix', () => {
    const path = folder.write('message.csv', `${HEAD}60,1.0,1.2,0.9,1.1,x\n`);
    expect(() => readBars(path)).toThrow(
      `${path}:2, column "v", value "x": The text is not a number. Use plain or scientific notation without thousands separators. [NUMBER_MALFORMED]`,
    );
  });

  it('a defect is reported at its line behind a block border and behind a second read of the file', () => {
    const lines = Array.from({ length: 60_000 }, (_, i) => `${(i + 1) * 60},1.00,1.20,0.90,1.10,${i === 50_000 ? 'x' : 5}\n`);
    const path = folder.write('long.csv', HEAD + lines.join(''));
    expect(problemOf(() => readBars(path, { rowsPerBlock: 1000 }))).toMatchObject({ code: 'NUMBER_MALFORMED', line: 50_002, value: 'x' });
  });
});

describe('files as a whole', () => {
  it('a missing file, a folder and an empty file are refused', () => {
    expect(problemOf(() => readBars(`${folder.path}/none.csv`)).code).toBe('FILE_MISSING');
    expect(problemOf(() => readBars(folder.path)).code).toBe('FILE_UNREADABLE');
    expect(problemOf(() => readBars(folder.write('empty.csv', ''))).code).toBe('FILE_EMPTY');
    expect(problemOf(() => readBars(folder.write('header-only.csv', HEAD))).code).toBe('FILE_EMPTY');
  });

  it('a missing column is refused with what the header has', () => {
    const problem = problemOf(() => readBars(folder.write('columns.csv', `t,o,h,l,close,v\n${GOOD}`)));
    expect([problem.code, problem.column]).toEqual(['COLUMN_MISSING', 'c']);
    expect(problem.rule).toContain('t, o, h, l, close, v');
    const byNumber: CsvFormat = { ...BARS, columns: { ...BARS.columns, volume: 9 } };
    expect(problemOf(() => readBars(folder.write('number.csv', HEAD + GOOD), { format: byNumber })).code).toBe('COLUMN_MISSING');
  });

  it('a zip that is cut short anywhere is refused as damaged, never read in part', () => {
    const whole = zipOf({ 'a.csv': HEAD + Array.from({ length: 200 }, (_, i) => `${i * 60},1.00,1.20,0.90,1.10,5\n`).join('') });
    expect(readBars(folder.write('whole.zip', whole))).toBe(200);
    for (let bytes = 1; bytes < whole.length; bytes += 7) {
      expect(problemOf(() => readBars(folder.write('cut.zip', whole.subarray(0, bytes)))).code).toBe('ARCHIVE_DAMAGED');
    }
  });

  it('a zip with one changed byte in its data is refused by length or checksum', () => {
    const whole = zipOf({ 'a.csv': HEAD + GOOD });
    for (let at = 35; at < 60; at += 1) {
      const broken = Buffer.from(whole);
      broken[at] = broken[at]! ^ 0x10;
      expect(problemOf(() => readBars(folder.write('broken.zip', broken))).code).toBe('ARCHIVE_DAMAGED');
    }
  });

  it('a zip whose directory has another number of entries than its end says is refused', () => {
    const broken = zipOf({ 'a.csv': HEAD + GOOD });
    broken[broken.length - 14] = 2;
    broken[broken.length - 12] = 2;
    expect(problemOf(() => readBars(folder.write('count.zip', broken)))).toMatchObject({
      code: 'ARCHIVE_DAMAGED',
      rule: 'The directory of the archive does not have the entries it counts.',
    });
  });

  it('a gzip file that is cut short is refused as damaged', () => {
    const whole = gzipSync(HEAD + GOOD);
    expect(readBars(folder.write('whole.csv.gz', whole))).toBe(1);
    expect(problemOf(() => readBars(folder.write('cut.csv.gz', whole.subarray(0, whole.length - 3)))).code).toBe('ARCHIVE_DAMAGED');
  });

  it('a zip of several members needs a choice', () => {
    const path = folder.write('two.zip', zipOf({ 'es_201312.csv': HEAD + GOOD, 'es_201403.csv': HEAD + GOOD + GOOD.replace('60', '120') }));
    expect(problemOf(() => readBars(path)).code).toBe('ARCHIVE_MEMBER_AMBIGUOUS');
    expect(problemOf(() => readBars(path, { member: '201406' })).code).toBe('ARCHIVE_MEMBER_MISSING');
    expect(readBars(path, { member: '201403' })).toBe(2);
  });
});

describe('times and zones', () => {
  const TEXT: CsvFormat = { ...BARS, timeFormat: 'iso', zone: 'UTC' };
  const row = (time: string): string => `${time},1.00,1.20,0.90,1.10,5\n`;

  it('times with and without their own offset are not mixed', () => {
    const path = folder.write('mixed.csv', HEAD + row('2020-01-01T00:00:00Z') + row('2020-01-01T00:01:00'));
    expect(problemOf(() => readBars(path, { format: TEXT }))).toMatchObject({
      code: 'TIME_ZONES_MIXED',
      line: 3,
      value: '2020-01-01T00:01:00',
    });
  });

  it('text times without an offset need a zone, and the zone must exist', () => {
    const path = folder.write('zone.csv', HEAD + row('2020-01-01T00:00:00'));
    const { zone: _, ...without } = TEXT;
    expect(problemOf(() => readBars(path, { format: without })).code).toBe('ZONE_MISSING');
    expect(problemOf(() => readBars(path, { format: { ...TEXT, zone: 'Mars/Olympus' } })).code).toBe('ZONE_UNKNOWN');
  });

  it('a date that is not on the calendar is refused', () => {
    const path = folder.write('calendar.csv', HEAD + row('2021-02-29'));
    expect(problemOf(() => readBars(path, { format: { ...TEXT, every: '1d' } })).code).toBe('TIME_OUT_OF_RANGE');
  });

  it('text after a time is refused', () => {
    const path = folder.write('after.csv', HEAD + row('2020-01-01T00:00:00x'));
    expect(problemOf(() => readBars(path, { format: TEXT })).code).toBe('TIME_MALFORMED');
  });
});

describe('symbols, trades, quotes and pairs', () => {
  const TRADES: CsvFormat = {
    kind: 'trades',
    columns: { symbol: 's', time: 't', price: 'p', quantity: 'q', side: 'd', tradeId: 'i' },
    timeFormat: 'epoch-s',
    symbol: { text: 'A' },
  };
  const trades = (text: string, format = TRADES): number =>
    openCsvTrades({ path: folder.write('trades.csv', `s,t,p,q,d,i\n${text}`), format, instrument: testInstrument() }).next()!.length;

  it('a row of another symbol is refused, or passed over when that is stated', () => {
    expect(problemOf(() => trades('A,1,1.00,1,buy,x\nB,2,1.00001,1,buy,y\n'))).toMatchObject({
      code: 'SYMBOL_UNKNOWN',
      line: 3,
      value: 'B',
    });
    expect(trades('A,1,1.00,1,buy,x\nB,2,1.00001,1,buy,y\nA,3,1.00,1,sell,z\n', { ...TRADES, symbol: { text: 'A', others: 'skip' } })).toBe(
      2,
    );
  });

  it('an unknown side, a repeated trade id and a quantity of zero are refused; equal times are not', () => {
    expect(problemOf(() => trades('A,1,1.00,1,up,x\n'))).toMatchObject({ code: 'SIDE_UNKNOWN', column: 'd', value: 'up' });
    expect(problemOf(() => trades('A,1,1.00,1,buy,x\nA,2,1.00,1,buy,x\n')).code).toBe('TRADE_ID_DUPLICATE');
    expect(problemOf(() => trades('A,1,1.00,0,buy,x\n'))).toMatchObject({ code: 'NUMBER_ZERO', column: 'q' });
    expect(trades('A,1,1.00,1,buy,x\nA,1,1.00,1,buy,y\n')).toBe(2);
  });

  it('an empty side of a quote is refused, or absent when that is stated', () => {
    const QUOTES: CsvFormat = { kind: 'quotes', columns: { time: 't', bid: 'b', ask: 'a' }, timeFormat: 'epoch-s' };
    const path = folder.write('quotes.csv', 't,b,a\n1,1.00,\n');
    const quotes = (format: CsvFormat): Float64Array =>
      openCsvQuotes({ path, format, instrument: testInstrument() }).next()!.askPrice.subarray(0, 1);
    expect(problemOf(() => quotes(QUOTES))).toMatchObject({ code: 'VALUE_MISSING', column: 'a' });
    expect([...quotes({ ...QUOTES, emptySide: 'absent' })]).toEqual([0]);
  });

  it('a bid and an ask file of different times or lengths are refused', () => {
    const bidPath = folder.write('bid.csv', HEAD + GOOD + GOOD.replace('60', '120'));
    const pair = (ask: string): unknown =>
      new QuoteBarPairReader({ bidPath, askPath: folder.write('ask.csv', HEAD + ask), format: BARS, instrument: testInstrument() }).next();
    const differ = problemOf(() => pair(GOOD + GOOD.replace('60', '180')));
    expect(differ.code).toBe('STAMPS_DIFFER');
    expect(differ.rule).toBe(
      `Row 2 of asks opens at 1970-01-01T00:03:00.000000Z, that of bids in ${bidPath} at 1970-01-01T00:02:00.000000Z.`,
    );
    expect(problemOf(() => pair(GOOD)).code).toBe('LENGTHS_DIFFER');
  });

  it('a LEAN symbol without files is unknown, and tick files are refused as unsupported', () => {
    const options = {
      root: folder.path,
      security: 'equity',
      market: 'usa',
      resolution: 'daily',
      symbol: 'none',
      instrument: testInstrument(4),
    } as const;
    expect(problemOf(() => openLeanBars(options)).code).toBe('SYMBOL_UNKNOWN');
    expect(problemOf(() => openLeanBars({ ...options, resolution: 'tick' as 'daily' })).code).toBe('KIND_UNSUPPORTED');
  });
});

describe('descriptions', () => {
  const refused = (format: Partial<CsvFormat>): string =>
    problemOf(() => readBars('unused.csv', { format: { ...BARS, ...format } as CsvFormat })).code;

  it('a description that lacks or contradicts something is refused before a file is opened', () => {
    expect(refused({ columns: { time: 't', open: 'o' } })).toBe('FORMAT_INVALID');
    expect(refused({ volume: 'absent' })).toBe('FORMAT_INVALID');
    expect(refused({ every: '1x' })).toBe('FORMAT_INVALID');
    expect(refused({ delimiter: ';;' })).toBe('FORMAT_INVALID');
    expect(refused({ timeFormat: 'dd.MM.yy' })).toBe('FORMAT_INVALID');
    expect(refused({ kind: 'trades' })).toBe('FORMAT_INVALID');
  });

  it('onDefect skip leaves defective rows out and counts them by code', () => {
    const path = folder.write('skip.csv', `${HEAD}${GOOD}60,1,1,1,1,1\n120,x,1,1,1,1\n180,1,1\n240,1,2,1,1,1\n`);
    const reader = openCsvBars({ path, format: BARS, instrument: testInstrument(), onDefect: 'skip' });
    const block = reader.next()!;
    expect([...block.tsOpen.subarray(0, block.length)]).toEqual([60e6, 240e6]);
    expect([...block.high.subarray(0, block.length)]).toEqual([120, 200]);
    expect([reader.counters.rows, reader.counters.skipped]).toEqual([2, 3]);
    expect([...reader.counters.skippedByCode]).toEqual([
      ['TIME_DUPLICATE', 1],
      ['NUMBER_MALFORMED', 1],
      ['ROW_SHORT', 1],
    ]);
  });
});
