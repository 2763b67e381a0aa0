import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { parseDecimal } from '../../base/decimal.ts';
import type { CsvFormat } from './csv-format.ts';
import { openCsvBars, openCsvTrades, type OpenCsvOptions } from './csv-reader.ts';
import { readDecimalText } from './field-text.ts';
import { sniffCsv } from './sniff-csv.ts';
import { makeFolder, problemOf, testInstrument } from '../../../test/files-kit.ts';

const folder = makeFolder();
afterAll(folder.remove);
const utc = (text: string): number => Date.parse(text) * 1000;
const ROW = ',1.00,1.20,0.90,1.10,5\n';
const COLUMNS = { time: 1, open: 2, high: 3, low: 4, close: 5, volume: 6 };

/** Opens and closes of the bars that times make, as ISO texts. */
function spans(
  times: readonly string[],
  format: Partial<CsvFormat>,
  more: Partial<OpenCsvOptions> = {},
): readonly (readonly [string, string])[] {
  const path = folder.write('spans.csv', times.map((time) => time + ROW).join(''));
  const full: CsvFormat = {
    kind: 'bars',
    header: false,
    columns: COLUMNS,
    timeFormat: 'iso',
    zone: 'UTC',
    stamp: 'open',
    every: '1m',
    ...format,
  };
  const block = openCsvBars({ path, format: full, instrument: testInstrument(), ...more }).next();
  const text = (us: number): string => new Date(us / 1000).toISOString().replace('.000Z', 'Z');
  return Array.from({ length: block?.length ?? 0 }, (_, r) => [text(block!.tsOpen[r]!), text(block!.tsEvent[r]!)] as const);
}

describe('when a bar opens and closes', () => {
  it('a minute stamped at its open or at its close', () => {
    expect(spans(['2020-01-01T10:00'], {})).toEqual([['2020-01-01T10:00:00Z', '2020-01-01T10:01:00Z']]);
    expect(spans(['2020-01-01T10:00'], { stamp: 'close' })).toEqual([['2020-01-01T09:59:00Z', '2020-01-01T10:00:00Z']]);
  });

  it('a day goes from midnight to midnight in its zone, 23 hours when clocks go forward', () => {
    expect(spans(['2013-03-10'], { zone: 'America/New_York', every: '1d' })).toEqual([['2013-03-10T05:00:00Z', '2013-03-11T04:00:00Z']]);
    expect(spans(['2013-03-10'], { zone: 'America/New_York', every: '1d', stamp: 'close' })).toEqual([
      ['2013-03-10T05:00:00Z', '2013-03-11T04:00:00Z'],
    ]);
  });

  it('a day may open and close with a session', () => {
    const session = { zone: 'America/New_York', every: '1d', sessionOpen: '09:30', sessionClose: '16:00' };
    expect(spans(['2013-10-07'], session)).toEqual([['2013-10-07T13:30:00Z', '2013-10-07T20:00:00Z']]);
  });

  it('a day whose close is stamped as an instant ends there', () => {
    expect(spans(['2020-01-02T00:00:00Z'], { every: '1d', stamp: 'close' })).toEqual([['2020-01-01T00:00:00Z', '2020-01-02T00:00:00Z']]);
  });

  it('weeks and months are named by their last day, a week after a holiday is cut at the close before', () => {
    expect(spans(['2006-01-06'], { every: '1w', stamp: 'close' })).toEqual([['2005-12-31T00:00:00Z', '2006-01-07T00:00:00Z']]);
    expect(spans(['2006-04-13', '2006-04-21', '2006-04-27'], { every: '1w', stamp: 'close' })[2]).toEqual([
      '2006-04-22T00:00:00Z',
      '2006-04-28T00:00:00Z',
    ]);
    expect(spans(['2012-02-29'], { every: '1M', stamp: 'close' })).toEqual([['2012-02-01T00:00:00Z', '2012-03-01T00:00:00Z']]);
  });

  it('minutes of the hour that occurs twice are read in order', () => {
    const times = ['2013-11-03 01:30', '2013-11-03 01:45', '2013-11-03 01:00', '2013-11-03 01:45', '2013-11-03 02:00'];
    expect(spans(times, { zone: 'America/New_York', every: '15m' }).map(([open]) => open)).toEqual([
      '2013-11-03T05:30:00Z',
      '2013-11-03T05:45:00Z',
      '2013-11-03T06:00:00Z',
      '2013-11-03T06:45:00Z',
      '2013-11-03T07:00:00Z',
    ]);
  });

  it('offsets, fractions, patterns, split columns and epochs name the same instant', () => {
    const want = utc('2020-06-01T12:34:56Z');
    const open = (time: string, format: Partial<CsvFormat>): number => {
      const path = folder.write('formats.csv', `${time},1.00,1\n`);
      const base: CsvFormat = { kind: 'trades', header: false, columns: { time: 1, price: 2, quantity: 3 }, timeFormat: 'iso', ...format };
      return openCsvTrades({ path, format: base, instrument: testInstrument() }).next()!.tsEvent[0]!;
    };
    expect(open('2020-06-01T12:34:56Z', {})).toBe(want);
    expect(open('2020-06-01 14:34:56.123456789+02:00', {})).toBe(want + 123_456);
    expect(open('"2020-06-01 07:04:56-0530"', {})).toBe(want);
    expect(open('20200601 083456250', { timeFormat: 'yyyyMMdd HHmmssSSS', zone: 'America/New_York' })).toBe(want + 250_000);
    expect(open('01.06.2020 12:34:56', { timeFormat: 'dd.MM.yyyy HH:mm:ss', zone: 'UTC' })).toBe(want);
    expect(open('1591014896', { timeFormat: 'epoch-s' })).toBe(want);
    expect(open('1591014896.5', { timeFormat: 'epoch-s' })).toBe(want + 500_000);
    expect(open('1591014896000', { timeFormat: 'epoch-ms' })).toBe(want);
    expect(open('1591014896000001', { timeFormat: 'epoch-us' })).toBe(want + 1);
    expect(open('1591014896000001999', { timeFormat: 'epoch-ns' })).toBe(want + 1);
    const split = {
      timeFormat: 'yyyy-MM-dd',
      timeOfDayFormat: 'HH:mm:ss',
      zone: 'UTC',
      columns: { date: 1, timeOfDay: 2, price: 3, quantity: 4 },
    };
    expect(open('2020-06-01,12:34:56', split)).toBe(want);
    const { date: _, ...rest } = split.columns;
    expect(open('x,45296000', { ...split, columns: rest, timeOfDayFormat: 'ms-of-day', fileDate: '2020-06-01' })).toBe(want);
  });
});

describe('values and layouts', () => {
  it('semicolons, decimal commas, comments, skipped and empty lines, spaces, quotes, CRLF and a byte order mark', () => {
    const text = '\uFEFFmade by hand\r\n# a comment\r\nt;p;q;note\r\n\r\n1; 1,25 ;3;"a;b"\r\n# more\r\n2;1e0;"4";\r\n3;0,5;5;x';
    const format: CsvFormat = {
      kind: 'trades',
      columns: { time: 't', price: 'p', quantity: 'q' },
      timeFormat: 'epoch-s',
      delimiter: ';',
      decimalMark: ',',
      comment: '#',
      skipLines: 1,
    };
    const block = openCsvTrades({ path: folder.write('layout.csv', text), format, instrument: testInstrument() }).next()!;
    expect([block.length, ...block.price.subarray(0, 3), ...block.quantity.subarray(0, 3)]).toEqual([3, 125, 100, 50, 3, 4, 5]);
  });

  it('decimal commas are read exactly: as base/decimal reads the same number with a point', () => {
    const numbers = ['0,01', '1', '12,30', '00123,4500', '90071992547409,91', '1,5e1', '"7,25"'];
    const format: CsvFormat = {
      kind: 'trades',
      header: false,
      columns: { time: 1, price: 2, quantity: 3 },
      timeFormat: 'epoch-s',
      delimiter: ';',
      decimalMark: ',',
    };
    const path = folder.write('commas.csv', numbers.map((number, i) => `${i},5;${number};1\n`).join(''));
    const block = openCsvTrades({ path, format, instrument: testInstrument() }).next()!;
    expect([...block.price.subarray(0, block.length)]).toEqual([1, 100, 1230, 12345, 9_007_199_254_740_991, 1500, 725]);
    expect([...block.tsEvent.subarray(0, 2)]).toEqual([500_000, 1_500_000]);
  });

  it('a byte order mark is not part of the first value', () => {
    const format: CsvFormat = { kind: 'trades', header: false, columns: { time: 1, price: 2, quantity: 3 }, timeFormat: 'iso' };
    const path = folder.write('mark.csv', '\uFEFF1970-01-01T00:00:01Z,1.00,1\n');
    expect(openCsvTrades({ path, format, instrument: testInstrument() }).next()!.tsEvent[0]).toBe(1e6);
  });

  it('integer prices are scaled, rounding is half to even and counted, and a maker buyer makes a selling aggressor', () => {
    const path = folder.write('scale.csv', 't,p,q,m\n1,10050,0.125,true\n2,10150,0.135,false\n');
    const format: CsvFormat = {
      kind: 'trades',
      columns: { time: 't', price: 'p', quantity: 'q', buyerIsMaker: 'm' },
      timeFormat: 'epoch-s',
      priceScale: 4,
      round: { price: 'half-even', quantity: 'half-even' },
    };
    const reader = openCsvTrades({ path, format, instrument: testInstrument(2, 2) });
    const block = reader.next()!;
    // 1.0050 and 1.0150 to two decimals: 1.00 and 1.02; 0.125 and 0.135: 0.12 and 0.14.
    expect([...block.price.subarray(0, 2), ...block.quantity.subarray(0, 2), ...block.aggressorSide.subarray(0, 2)]).toEqual([
      100, 102, 12, 14, -1, 1,
    ]);
    expect(reader.counters.rounded).toBe(4);
  });

  it('several files make one stream, and time may not go back between them', () => {
    const format: CsvFormat = { kind: 'trades', header: false, columns: { time: 1, price: 2, quantity: 3 }, timeFormat: 'epoch-s' };
    const a = folder.write('a.csv', '1,1.00,1\n2,1.00,1\n');
    const b = folder.write('b.csv', '3,1.00,1\n');
    const open = (path: readonly string[]): number => openCsvTrades({ path, format, instrument: testInstrument() }).next()!.length;
    expect(open([a, b])).toBe(3);
    expect(problemOf(() => open([b, a]))).toMatchObject({ code: 'TIME_BACKWARDS', file: a, line: 1 });
  });

  it('a time range and a session leave out bars that reach beyond them', () => {
    const times = ['2013-10-07 09:29', '2013-10-07 09:30', '2013-10-07 15:59', '2013-10-07 16:00'];
    const zone = 'America/New_York';
    expect(spans(times, { zone }, { session: { from: '09:30', to: '16:00', zone } }).map(([open]) => open.slice(11, 16))).toEqual([
      '13:30',
      '19:59',
    ]);
    const range = { fromTs: utc('2013-10-07T13:30:00Z'), toTs: utc('2013-10-07T20:00:00Z') };
    expect(spans(times, { zone }, { range }).map(([open]) => open.slice(11, 16))).toEqual(['13:30', '19:59']);
  });

  const TICKS: CsvFormat = { kind: 'trades', header: false, columns: { time: 1, price: 2, quantity: 3 }, timeFormat: 'epoch-s' };
  const ticksFrom = (first: number, count: number): string => Array.from({ length: count }, (_, i) => `${first + i},1.00,1\n`).join('');
  const ticksRead = (
    texts: readonly string[],
    toTs: number,
    options: { readonly onDefect?: 'skip'; readonly rowsPerBlock?: number } = {},
  ): number => {
    const path = texts.map((text, index) => (text === 'none' ? `${folder.path}/none.csv` : folder.write(`range-${index}.csv`, text)));
    const reader = openCsvTrades({ path, format: TICKS, instrument: testInstrument(), range: { toTs }, ...options });
    let rows = 0;
    for (let block = reader.next(); block !== null; block = reader.next()) rows += block.length;
    return rows;
  };

  it('what is broken beyond the end of a time range is nobody’s concern, before it is', () => {
    const rowsOf = (text: string): number => ticksRead([`1,1.00,1\n2,1.00,1\n${text}`], 3_000_000);
    expect(rowsOf('3,1.00,1\n4,broken,1\n5,1.00,1\n')).toBe(2);
    expect(rowsOf('3,1.00,1\n99999999999999,1.00,1\n4,1.00,1\n')).toBe(2);
    expect(rowsOf('3,0,1\n')).toBe(2);
    expect(problemOf(() => rowsOf('2,0,1\n3,1.00,1\n'))).toMatchObject({ line: 3 });
    expect(problemOf(() => rowsOf('2,broken,1\n3,1.00,1\n'))).toMatchObject({ line: 3 });
  });

  it.each([1, 2, 7, 8192])(
    'a stray time beyond the end of a range does not end reading: the row after it is refused (%i rows a block)',
    (rowsPerBlock) => {
      const end = 100_000_000;
      const refused = (texts: readonly string[]): unknown => problemOf(() => ticksRead(texts, end, { rowsPerBlock }));
      expect(refused([`${ticksFrom(1, 5)}500,1.00,1\n${ticksFrom(6, 10)}`])).toMatchObject({ code: 'TIME_BACKWARDS', line: 7, value: '6' });
      expect(refused([`${ticksFrom(1, 5)}500,1.00,1\n`, ticksFrom(6, 10)])).toMatchObject({ code: 'TIME_BACKWARDS', line: 1, value: '6' });
      // A stray row that has a defect besides hides nothing either.
      expect(refused([`${ticksFrom(1, 5)}500,0,1\n${ticksFrom(6, 10)}`])).toMatchObject({ code: 'TIME_BACKWARDS', line: 7, value: '6' });
      // As many strays as it takes to believe in the end: the last row of the file tells, and the first of the next.
      const strays = ticksFrom(500, 1_500);
      const last = refused([`${ticksFrom(1, 5)}${strays}${ticksFrom(6, 10)}`]);
      expect(last).toMatchObject({ code: 'TIME_BACKWARDS', line: 6, rule: expect.stringContaining('15,1.00,1') as string });
      expect(refused([`${ticksFrom(1, 5)}${strays}`, ticksFrom(6, 10)])).toMatchObject({ code: 'TIME_BACKWARDS', line: 1 });
      expect(ticksRead([ticksFrom(1, 5_000)], end, { rowsPerBlock })).toBe(99);
    },
  );

  it('with onDefect: skip the rows after a stray time are counted, not dropped without a word', () => {
    const path = folder.write('stray.csv', `${ticksFrom(1, 5)}500,1.00,1\n${ticksFrom(6, 10)}`);
    const reader = openCsvTrades({ path, format: TICKS, instrument: testInstrument(), range: { toTs: 100_000_000 }, onDefect: 'skip' });
    expect([reader.next()!.length, reader.next(), reader.counters.skippedByCode.get('TIME_BACKWARDS')]).toEqual([5, null, 10]);
  });

  it('of what follows a thousand rows beyond the end only the last row of the file and the first of the next are read', () => {
    const beyond = ticksFrom(100, 1_000);
    const broken = 'no row at all\n'.repeat(10);
    expect(ticksRead([`${ticksFrom(1, 99)}${beyond}${broken}5000,1.00,1\n`, `6000,1.00,1\n${broken}`, 'none'], 100_000_000)).toBe(99);
    expect(ticksRead([`${ticksFrom(1, 99)}${beyond}5000,1.00,1\n${broken}`], 100_000_000)).toBe(99);
    expect(problemOf(() => ticksRead([`${ticksFrom(1, 99)}${beyond}`, 'none'], 100_000_000)).code).toBe('FILE_MISSING');
  });

  it('bars are read up to the one that closes at the end of the range, whatever follows it', () => {
    const bars: CsvFormat = {
      kind: 'bars',
      header: false,
      columns: { time: 1, open: 2, high: 3, low: 4, close: 5, volume: 6 },
      timeFormat: 'epoch-s',
      stamp: 'open',
      every: '1m',
    };
    const rowsOf = (text: string, toTs: number): number =>
      openCsvBars({ path: folder.write('range-bars.csv', text), format: bars, instrument: testInstrument(), range: { toTs } }).next()
        ?.length ?? 0;
    const two = '60,1,1,1,1,5\n120,1,1,1,1,5\n';
    expect(rowsOf(`${two}broken\n`, 180_000_000)).toBe(2);
    const refused = (text: string, toTs: number): string => problemOf(() => rowsOf(text, toTs)).code;
    expect(refused(`${two}6000,1,1,1,1,5\n180,1,1,1,1,5\n`, 600_000_000)).toBe('TIME_BACKWARDS');
    expect(refused(`60,1,1,1,1,5\n540,1,1,1,1,5\n120,1,1,1,1,5\n`, 600_000_000)).toBe('TIME_BACKWARDS');
    const many = Array.from({ length: 1_200 }, (_, i) => `${6_000 + 60 * i},1,1,1,1,5\n`).join('');
    expect(refused(`${two}${many}180,1,1,1,1,5\n`, 600_000_000)).toBe('TIME_BACKWARDS');
    expect(rowsOf(`${two}${many}`, 600_000_000)).toBe(2);
    expect(rowsOf(`${two}180,1,1,2,1,5\n`, 190_000_000)).toBe(2);
    expect(problemOf(() => rowsOf('60,1,1,1,1,5\n120,1,1,2,1,5\n', 180_000_000))).toMatchObject({ line: 2 });
  });

  it('every decimal text is read as base/decimal reads it, by the fast way and the slow', () => {
    const format: CsvFormat = { kind: 'trades', header: false, columns: { time: 1, price: 2, quantity: 3 }, timeFormat: 'epoch-s' };
    const digits = fc.stringMatching(/^[0-9]{1,12}$/);
    const text = fc
      .tuple(digits, fc.constantFrom('', '.'), fc.stringMatching(/^[0-9]{0,6}$/), fc.constantFrom('', 'e1', 'E-1'))
      .map(([whole, point, fraction, exponent]) => whole + point + (point === '' ? '' : fraction) + exponent);
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 20 }), (texts) => {
        const good = texts.filter((each) => typeof parseDecimal(each, 4) === 'number' && parseDecimal(each, 4) !== 0);
        fc.pre(good.length > 0);
        const path = folder.write('numbers.csv', good.map((each, i) => `${i},${each},1\n`).join(''));
        const block = openCsvTrades({ path, format, instrument: testInstrument(4) }).next()!;
        expect([...block.price.subarray(0, block.length)]).toEqual(good.map((each) => parseDecimal(each, 4)));
      }),
      { numRuns: 100 },
    );
    expect(readDecimalText('35.115892870000003', 8, true, false)).toEqual({ value: 3_511_589_287, wasRounded: true, code: null });
  });
});

describe('sniffCsv', () => {
  it('proposes a description that reads the file, and says what it assumed', () => {
    const path = folder.write(
      'sniff.csv',
      'Date,Open,High,Low,Close,Adj Close,Volume\n2020-01-02,1.00,1.20,0.90,1.10,1.05,5\n2020-01-03,1.00,1.20,0.90,1.10,1.05,5\n',
    );
    const { format, assumed } = sniffCsv(path);
    expect(format).toEqual({
      kind: 'bars',
      columns: { time: 'Date', open: 'Open', high: 'High', low: 'Low', close: 'Close', volume: 'Volume' },
      timeFormat: 'iso',
      zone: 'UTC',
      every: '1d',
      stamp: 'open',
    });
    expect(assumed.map((each) => each.text)).toEqual([
      'These columns are not used: Adj Close.',
      'Times are iso, such as 2020-01-02.',
      'Times are in UTC: nothing in the file says so.',
      'Bars are of 1d.',
      'Bars are stamped at their start.',
    ]);
    expect(openCsvBars({ path, format, instrument: testInstrument() }).next()!.length).toBe(2);
  });

  it('says which columns it could not recognize, and writes down the mapping with what it could', () => {
    const text = 'Trade Date,Open,High,Low,Last-Px,Vol\n2020-01-02,1,2,1,2,5\n2020-01-03,2,3,2,3,5\n';
    const problem = problemOf(() => sniffCsv(folder.write('odd-names.csv', text)));
    expect(problem.rule).toBe(
      'Read as bars, no column of the header is recognized as "time", "close"; it has Trade Date, Open, High, Low, Last-Px, Vol.',
    );
    expect(problem.fix).toContain('columns: { time: NAME, open: Open, high: High, low: Low, close: NAME, volume: Vol }');
    const quotes = problemOf(() => sniffCsv(folder.write('odd-quotes.csv', 'time,bid,offer\n2020-01-02,1,2\n2020-01-03,1,2\n')));
    expect(quotes.rule).toContain('Read as quotes, no column of the header is recognized as "ask"');
  });

  it('judges by what was given: the format of the times, the lines to pass over, the length of the bars, the kind', () => {
    const days = 'made by hand\nDate,Open,High,Low,Close,Volume\n31/01/2020,1,2,1,2,5\n29/02/2020,2,3,2,3,5\n';
    const path = folder.write('given.csv', days);
    expect(problemOf(() => sniffCsv(path)).code).toBe('FORMAT_UNRECOGNIZED');
    expect(problemOf(() => sniffCsv(path, { given: { skipLines: 1 } })).fix).toContain('State timeFormat');
    expect(problemOf(() => sniffCsv(path, { given: { skipLines: 1, timeFormat: 'dd/MM/yyyy' } })).fix).toContain('State every');
    const { format, assumed } = sniffCsv(path, { given: { skipLines: 1, timeFormat: 'dd/MM/yyyy', every: '1M' } });
    expect(format).toMatchObject({ timeFormat: 'dd/MM/yyyy', every: '1M', zone: 'UTC', stamp: 'open' });
    expect(assumed.map(({ key }) => key)).toEqual(['zone', 'stamp']);
    expect(problemOf(() => sniffCsv(path, { given: { skipLines: 1, timeFormat: 'MM/dd/yyyy', every: '1M' } })).rule).toContain(
      '"31/01/2020"',
    );
    expect(problemOf(() => sniffCsv(path, { given: { skipLines: 1, kind: 'trades' } })).rule).toContain('"price", "quantity"');
  });

  const german = (rows: string): string => folder.write('german.csv', `Date;Open;High;Low;Close;Volume\n${rows}`);

  it('recognizes decimal commas and days with points, which leave no other reading', () => {
    const path = german('02.01.2020;10,00;11,500;9,75;10,25;1300\n03.01.2020;10,25;10,50;10,00;10,40;200\n');
    const { format, assumed } = sniffCsv(path);
    expect(format).toMatchObject({ delimiter: ';', decimalMark: ',', timeFormat: 'dd.MM.yyyy', every: '1d' });
    expect(assumed.map(({ text }) => text)).toContain('A comma stands before the decimals, such as 10,00.');
    expect(openCsvBars({ path, format, instrument: testInstrument(3) }).next()!.high[0]).toBe(11_500);
  });

  it.each([
    ['commas and points in numbers', '02.01.2020;10,00;11,50;9.75;10,25;5\n', '"10,00" and "9.75"', 'State decimalMark'],
    ['thousands separators', '02.01.2020;1.010,00;11,50;9,75;10,25;5\n', '"1.010,00"', 'thousands separators are not read'],
    ['commas that may be either', '02.01.2020;1,000;1,500;1,000;1,200;5\n', 'before decimals or thousands', 'State decimalMark'],
  ])('refuses %s, and says what to state', (_what, row, rule, fix) => {
    const next = '03.01.2020;1,000;1,500;1,000;1,200;5\n';
    const problem = problemOf(() => sniffCsv(german(row + next)));
    expect(problem.code).toBe('FORMAT_UNRECOGNIZED');
    expect(problem.rule).toContain(rule);
    expect(problem.fix).toContain(fix);
  });

  it('takes the decimal mark that was given, also where the comma could be either', () => {
    const path = german('02.01.2020;1,000;1,500;1,000;1,200;5\n03.01.2020;1,000;1,500;1,000;1,200;5\n');
    const { format } = sniffCsv(path, { given: { decimalMark: ',' } });
    expect(openCsvBars({ path, format, instrument: testInstrument(3) }).next()!.high[0]).toBe(1_500);
  });

  it('says that a header is missing rather than that names are unknown', () => {
    const path = folder.write('headless.csv', '1420070400,322.31,322.09\n1420070460,321.64,322.26\n');
    expect(problemOf(() => sniffCsv(path)).rule).toContain('no header');
  });

  it('shows trades and quotes to who has too few columns for bars', () => {
    const { fix } = problemOf(() => sniffCsv(folder.write('narrow.csv', '1672531436,90.54,1.1\n1672531437,90.55,1.2\n')));
    expect(fix).toContain('if they are trades columns: { time: 1, price: 2, quantity: 3 }');
    expect(fix).toContain('if they are quotes columns: { time: 1, bid: 2, ask: 3 }');
    const wide = problemOf(() => sniffCsv(folder.write('wide.csv', '1672531436,1,2,1,2\n1672531437,1,2,1,2\n')));
    expect(wide.fix).toContain('open: 2');
  });

  it('says that rows are wider than their header, and how a date and a time of day are mapped', () => {
    const text = 'Date,Open,High,Low,Close\n2006-01-02,09:01,1,2,1,2\n2006-01-02,09:02,1,2,1,2\n';
    const problem = problemOf(() => sniffCsv(folder.write('two-times.csv', text)));
    expect(problem.rule).toBe('The header has 5 names, and the rows have 6 columns.');
    expect(problem.fix).toContain('columns: { date: 1, timeOfDay: 2, … }');
    expect(problemOf(() => sniffCsv(folder.write('odd.csv', 'a,b,c\n1,2\n1,2,3,4\n'))).rule).toContain('No delimiter');
  });

  it.each([
    ['PAR1\0\0\n', 'This is no text file, but Parquet.'],
    ['ARROW1\0\0\n', 'This is no text file, but Arrow (Feather).'],
    ['\0\u0001\n', 'This is no text file.'],
  ])('names a file that is no text: %j', (text, rule) => {
    const problem = problemOf(() => sniffCsv(folder.write('binary.csv', text)));
    expect([problem.code, problem.rule]).toEqual(['KIND_UNSUPPORTED', rule]);
  });

  it('takes changes of an order book for no trades, though they have a price, a quantity and a side', () => {
    const rows = '1585699200245000,true,ask,6425,1\n1585699200245001,true,ask,6426,1\n';
    const problem = problemOf(() => sniffCsv(folder.write('book.csv', `timestamp,is_snapshot,side,price,amount\n${rows}`)));
    expect(problem.rule).toContain('"is_snapshot" is of changes of an order book');
  });

  it('repeats twenty names of a wide header, not all', () => {
    const header = Array.from({ length: 30 }, (_, i) => `n${i}`).join(',');
    const row = Array.from({ length: 30 }, () => '1').join(',');
    expect(problemOf(() => sniffCsv(folder.write('wide-header.csv', `${header}\n${row}\n${row}\n`))).rule).toMatch(/n19 and 10 more\.$/);
  });

  it('refuses what it cannot be sure of: no header, unknown names, an odd time', () => {
    const refusal = (text: string): string => problemOf(() => sniffCsv(folder.write('unsure.csv', text))).code;
    expect(refusal('1420070400000,322.31,322.09,322.31,322.09,62.8\n1420070460000,321.64,322.26,322.26,321.64,5.9\n')).toBe(
      'FORMAT_UNRECOGNIZED',
    );
    expect(refusal('time,a,b\n1420070400,1,2\n1420070401,1,2\n')).toBe('FORMAT_UNRECOGNIZED');
    expect(refusal('time,bid,ask\n01/02/2020,1,2\n01/03/2020,1,2\n')).toBe('FORMAT_UNRECOGNIZED');
  });
});
