import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder, problemOf, testInstrument } from '../../../test/files-kit.ts';
import { openCsvBars } from './csv-reader.ts';
import { sniffCsv } from './sniff-csv.ts';

const folder = makeFolder();
afterAll(folder.remove);

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

  it('says of a file whose newest row comes first that it does, whatever length is stated', () => {
    const text = 'Date,Open,High,Low,Close,Volume\n2020-01-03,1,2,1,2,5\n2020-01-02,2,3,2,3,5\n2020-01-01,2,3,2,3,5\n';
    const path = folder.write('newest-first.csv', text);
    for (const given of [{}, { every: '1d' }]) {
      expect(problemOf(() => sniffCsv(path, { given })).rule).toBe('The rows run backwards in time: the newest comes first.');
    }
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
