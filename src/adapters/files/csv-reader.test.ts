import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { parseDecimal } from '../../base/decimal.ts';
import type { CsvFormat } from './csv-format.ts';
import { openCsvBars, openCsvTrades, type OpenCsvOptions } from './csv-reader.ts';
import { readDecimalText } from './field-text.ts';
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

describe('times of a tab-separated file', () => {
  const HEAD = { delimiter: '\t', header: false, stamp: 'open', zone: 'UTC' } as const;
  const PRICES = ['1.00', '1.20', '0.90', '1.10', '5'];
  const bar = (fields: readonly string[]): string => `${fields.join('\t')}\n`;

  it.each([
    ['iso, first', ['2020-01-02', ...PRICES], { ...COLUMNS }, { timeFormat: 'iso' }],
    ['iso, last', [...PRICES, '2020-01-02'], { time: 6, open: 1, high: 2, low: 3, close: 4, volume: 5 }, { timeFormat: 'iso' }],
    ['a pattern', ['02/01/2020', ...PRICES], { ...COLUMNS }, { timeFormat: 'dd/MM/yyyy' }],
    ['followed by a space', ['2020-01-02 ', ...PRICES], { ...COLUMNS }, { timeFormat: 'iso' }],
    [
      'date and time of day, as MetaTrader writes them',
      ['2020.01.02', '00:00', ...PRICES],
      { date: 1, timeOfDay: 2, open: 3, high: 4, low: 5, close: 6, volume: 7 },
      { timeFormat: 'yyyy.MM.dd', timeOfDayFormat: 'HH:mm' },
    ],
  ] as const)('%s', (_what, fields, columns, format) => {
    const path = folder.write('tabs.tsv', bar(fields));
    const full = { kind: 'bars', every: '1d', columns, ...HEAD, ...format } as unknown as CsvFormat;
    const block = openCsvBars({ path, format: full, instrument: testInstrument() }).next();
    expect([block?.length, block?.tsOpen[0], block?.close[0]]).toEqual([1, utc('2020-01-02T00:00:00Z'), 110]);
  });
});

it('a header that another delimiter parts is told with that delimiter', () => {
  const path = folder.write('semicolons.csv', 'time;open;high;low;close\n2020-01-01;1;1;1;1\n');
  const columns = { time: 'time', open: 'open', high: 'high', low: 'low', close: 'close', volume: 'absent' } as const;
  const format = { kind: 'bars', columns, timeFormat: 'iso', zone: 'UTC', stamp: 'open', every: '1d' } as unknown as CsvFormat;
  expect(problemOf(() => openCsvBars({ path, format, instrument: testInstrument() }).next())).toMatchObject({
    code: 'COLUMN_MISSING',
    fix: 'The fields seem to be parted by ";": state delimiter: ";".',
  });
});

describe('a first line with numbers in it', () => {
  it('is refused where columns are numbers and nobody says whether it is a header', () => {
    const path = folder.write('first-row.csv', `2020-01-01${ROW}2020-01-02${ROW}`);
    const open = (header?: boolean) => {
      const format: CsvFormat = { kind: 'bars', columns: COLUMNS, timeFormat: 'iso', zone: 'UTC', stamp: 'open', every: '1d' };
      return openCsvBars({ path, format: header === undefined ? format : { ...format, header }, instrument: testInstrument() }).next()
        ?.length;
    };
    expect(problemOf(() => open())).toMatchObject({ code: 'FORMAT_INVALID', line: 1, fix: expect.stringContaining('header: false') });
    expect([open(false), open(true)]).toEqual([2, 1]);
  });
});

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
