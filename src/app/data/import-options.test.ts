import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder, zipOf } from '../../../test/files-kit.ts';
import { InputError, type InputProblem } from '../../ports/errors.ts';
import { csvLayout, leanLayout } from '../run-file/schema-data.ts';
import { planImport } from './import-options.ts';
import { LAYOUT_OPTIONS } from './layout-options.ts';
import type { ImportOptions } from './planned-import.ts';

const folder = makeFolder();
afterAll(() => folder.remove());

const base: ImportOptions = { store: './data', instrument: 'AAA.X' };
const DAYS = 'Date,Open,High,Low,Close,Volume\n2020-01-01,1.00,1.50,1.00,1.25,3\n2020-01-02,1.25,1.5,1.0,1.4,2\n';

function problemsOf(files: readonly string[], options: Partial<ImportOptions>): readonly InputProblem[] {
  try {
    planImport(files, { ...base, ...options });
    return [];
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
}

describe('data import options', () => {
  it('recognize a file by its header and say what they assume', () => {
    const { source, instrument, assumed } = planImport([folder.write('a.csv', DAYS)], base);
    expect(source).toMatchObject({ type: 'csv', format: { kind: 'bars', every: '1d', zone: 'UTC' } });
    expect([instrument.priceDecimals, instrument.quantityDecimals]).toEqual([2, 0]);
    expect(assumed.some((line) => line.includes('UTC'))).toBe(true);
  });

  it('count the decimals of all rows, mapped by columns or recognized, and need no option for them', () => {
    const rows = '2020-01-02,1.25,1.5,1.0,1.4,2\n'.repeat(300);
    const file = folder.write('late.csv', `${DAYS}${rows}2020-01-03,1.255,1.5,1.0,1.4,0.5\n`);
    const decimalsOf = (options: Partial<ImportOptions>): readonly unknown[] => {
      const { instrument, assumed } = planImport([file], { ...base, every: '1d', ...options });
      return [instrument.priceDecimals, instrument.quantityDecimals, assumed.at(-1)];
    };
    const note =
      'Prices have 3 decimals and quantities 1 decimal, which hold every row; --price-decimals and --quantity-decimals say otherwise.';
    expect(decimalsOf({})).toEqual([3, 1, note]);
    expect(decimalsOf({ columns: '{ time: 1, open: 2, high: 3, low: 4, close: 5, volume: 6 }' })).toEqual([3, 1, note]);
    expect(decimalsOf({ quantityDecimals: '0' }).slice(0, 2)).toEqual([3, 0]);
    const noise = folder.write('noise.csv', `${DAYS}2020-01-03,1.25500000000000001,1.5,1.0,1.4,2\n`);
    const { instrument, assumed } = planImport([noise], { ...base, round: '{ price: half-even }' });
    expect([instrument.priceDecimals, instrument.quantityDecimals]).toEqual([8, 0]);
    expect(assumed.at(-1)).toContain('rounded where --round says so');
    // Ten digits and eleven behind the point are more than a double holds: five are left beside the ten.
    const large = folder.write('large.csv', `${DAYS}2020-01-03,1,1.5,1.0,1.4,1234567890.12345678901\n`);
    expect(planImport([large], base).instrument.quantityDecimals).toBe(5);
  });

  it('say nothing of what was given: neither the zone nor which end is stamped', () => {
    const given = { ...base, zone: 'Europe/Berlin', stamp: 'close', priceDecimals: '2', quantityDecimals: '0' };
    const { assumed, source } = planImport([folder.write('given.csv', DAYS)], given);
    expect(assumed).toEqual(['Times are iso, such as 2020-01-01.', 'Bars are of 1d.']);
    expect(source).toMatchObject({ format: { zone: 'Europe/Berlin', stamp: 'close' } });
  });

  it('take columns by name and number instead, piece by piece or at once', () => {
    const given = { ...base, header: false, kind: 'trades', timeFormat: 'epoch-ms', priceDecimals: '2', quantityDecimals: '5' };
    const expected = { format: { kind: 'trades', header: false, timeFormat: 'epoch-ms', columns: { time: 1, price: 2, quantity: 'qty' } } };
    expect(planImport(['b.csv'], { ...given, column: ['time=1', 'price=2', 'quantity=qty'] }).source).toMatchObject(expected);
    expect(planImport(['b.csv'], { ...given, columns: '{ time: 1, price: 2, quantity: qty }' }).source).toMatchObject(expected);
  });

  it('have every key that csv: and lean: of a run file have, but those that say which files and what a run does', () => {
    const keys = new Set([...Object.keys(csvLayout.shape), ...Object.keys(leanLayout.shape)]);
    for (const key of ['file', 'root', 'security', 'market', 'resolution', 'actions']) keys.delete(key);
    expect(LAYOUT_OPTIONS.map(({ key }) => key)).toEqual([...keys]);
    expect(LAYOUT_OPTIONS.find(({ key }) => key === 'timeOfDayFormat')).toMatchObject({ name: '--time-of-day-format', of: 'csv' });
  });

  it('are read as in a run file: mappings, flags, texts with marks', () => {
    const { source } = planImport(['b.csv'], {
      ...base,
      kind: 'quotes',
      columns: '{ time: Time, bid: B, ask: A, symbol: S }',
      round: '{ price: half-even }',
      symbol: '{ text: SPY, others: skip }',
      delimiter: ';',
      decimalMark: ',',
      comment: '#',
      header: 'true',
      emptySide: 'absent',
      onDefect: 'skip',
      member: '201312',
      priceDecimals: '2',
      quantityDecimals: '0',
    });
    expect(source).toEqual({
      type: 'csv',
      path: 'b.csv',
      onDefect: 'skip',
      member: '201312',
      format: {
        kind: 'quotes',
        columns: { time: 'Time', bid: 'B', ask: 'A', symbol: 'S' },
        timeFormat: 'iso',
        round: { price: 'half-even' },
        symbol: { text: 'SPY', others: 'skip' },
        delimiter: ';',
        decimalMark: ',',
        comment: '#',
        header: true,
        emptySide: 'absent',
      },
    });
  });

  it('take bars of bid and ask in a file each, with the decimals of both', () => {
    const bidFile = folder.write('bid.csv', 'time,open,high,low,close\n2020-01-01T00:00Z,1,1,1,1\n2020-01-01T00:01Z,1,1,1,1\n');
    const askFile = folder.write('ask.csv', 'time,open,high,low,close\n2020-01-01T00:00Z,1,1,1,1.001\n2020-01-01T00:01Z,1,1,1,1\n');
    const { source, instrument } = planImport([], { ...base, bidFile, askFile });
    expect(source).toMatchObject({ type: 'csv-pair', bidPath: [bidFile], askPath: [askFile], format: { every: '1m', volume: 'absent' } });
    expect([instrument.priceDecimals, instrument.quantityDecimals]).toEqual([3, 0]);
    const columns = '{ time: time, open: open, high: high, low: low, close: close }';
    const given = { columns, every: '1m', priceDecimals: '3', quantityDecimals: '0', bidFile: '[a.csv, b.csv]', askFile: 'c.csv' };
    expect(planImport([], { ...base, ...given }).source).toMatchObject({
      bidPath: ['a.csv', 'b.csv'],
      askPath: ['c.csv'],
      format: { volume: 'absent' },
    });
    expect(problemsOf([], { bidFile })).toMatchObject([{ file: '--ask-file', fix: 'Name both, bidFile and askFile.' }]);
    expect(problemsOf(['x.csv'], { bidFile, askFile }).map(({ file }) => file)).toEqual(['--file']);
    expect(problemsOf([], { bidFile, askFile, onDefect: 'skip' })).toMatchObject([{ file: '--on-defect', value: 'skip' }]);
  });

  it('take a session and the times of a day for bars', () => {
    const session = '{ from: "09:30", to: "16:00", zone: America/New_York }';
    const { source } = planImport([folder.write('s.csv', DAYS)], { ...base, session, sessionOpen: '09:30', sessionClose: '16:00' });
    expect(source).toMatchObject({
      session: { from: '09:30', to: '16:00', zone: 'America/New_York' },
      format: { sessionOpen: '09:30', sessionClose: '16:00' },
    });
  });

  it('take of a LEAN folder what a run file takes: adjusted prices need and get eight decimals', () => {
    const { source, instrument } = planImport(['lean'], {
      ...base,
      lean: 'equity/usa/minute/spy',
      prices: 'adjusted',
      fromDate: '20131007',
      toDate: '20131011',
      zone: 'UTC',
    });
    expect(source).toMatchObject({
      type: 'lean',
      prices: 'adjusted',
      fromDate: '20131007',
      toDate: '20131011',
      zone: 'UTC',
      data: 'trade',
    });
    expect(instrument.priceDecimals).toBe(8);
    expect(planImport(['lean'], { ...base, lean: 'equity/usa/minute/spy', kind: 'quote-bars' }).source).toMatchObject({ data: 'quote' });
  });

  it('of LEAN forex take bid and ask with the decimals that hold every row, five or more, and say so', () => {
    const rows = (price: string): string => `20140101 00:00,${price},1.4,1.2,1.3,0,1.3,1.4,1.2,1.3,0\n`;
    mkdirSync(path.join(folder.path, 'lean/forex/oanda/daily'), { recursive: true });
    const lean = path.join(folder.path, 'lean');
    for (const [symbol, price] of [
      ['usdjpy', '1.3'],
      ['eurusd', '1.3000001'],
      ['noise', '1.30000000000000004'],
    ] as const)
      folder.write(`lean/forex/oanda/daily/${symbol}.zip`, zipOf({ [`${symbol}.csv`]: rows(price) }));
    const plan = (symbol: string, options: Partial<ImportOptions> = {}): readonly [number, number] => {
      const { source, instrument } = planImport([lean], { ...base, lean: `forex/oanda/daily/${symbol}`, ...options });
      expect(source).toMatchObject({ data: 'quote' });
      return [instrument.priceDecimals, instrument.quantityDecimals];
    };
    expect([plan('usdjpy'), plan('eurusd'), plan('noise')]).toEqual([
      [5, 0],
      [7, 0],
      [5, 0],
    ]);
    expect(plan('eurusd', { priceDecimals: '8', quantityDecimals: '1' })).toEqual([8, 1]);
    const { assumed } = planImport([lean], { ...base, lean: 'forex/oanda/daily/eurusd' });
    expect(assumed).toEqual([
      'Prices have 7 decimals and quantities 0 decimals, which hold every row; --price-decimals and --quantity-decimals say otherwise.',
    ]);
  });

  it('are refused together, each by its name', () => {
    const found = problemsOf([], {
      instrument: 'AAA',
      priceDecimals: 'x',
      kind: 'bar',
      every: '5',
      stamp: 'opn',
      skipLines: '-1',
      round: '{ prise: half-even }',
      column: ['time'],
      prices: 'adjusted',
    });
    expect(found.map(({ file }) => file).sort()).toEqual(
      [
        '--column',
        '--every',
        '--file',
        '--instrument',
        '--kind',
        '--price-decimals',
        '--prices',
        '--round',
        '--skip-lines',
        '--stamp',
      ].sort(),
    );
    expect(found.every(({ code }) => code === 'OPTION_INVALID' || code === 'RUN_FILE_UNKNOWN_KEY')).toBe(true);
    expect(found.find(({ file }) => file === '--stamp')!.fix).toContain('Did you mean "open"?');
  });

  it.each([
    ['bars of columns without a length', ['b.csv'], { column: ['time=1'], priceDecimals: '2', quantityDecimals: '0' }, ['--every']],
    ['a LEAN path that is too short', ['lean'], { lean: 'equity/usa' }, ['--lean']],
    ['a LEAN path with a word that is none', ['lean'], { lean: 'equitty/usa/daily/spy' }, ['--lean']],
    ['a length that LEAN files do not have', ['lean'], { lean: 'equity/usa/daily/spy', every: '1m' }, ['--every']],
    ['a kind beside the other in a LEAN path', ['lean'], { lean: 'equity/usa/daily/spy/quote', kind: 'bars' }, ['--kind']],
    ['an option of CSV files beside --lean', ['lean'], { lean: 'equity/usa/daily/spy', delimiter: ';' }, ['--delimiter']],
    ['a cyclic alias', ['b.csv'], { columns: '&x [*x]' }, ['--columns']],
  ])('refuse %s', (_what, files, options, expected) => {
    expect(problemsOf(files, options as Partial<ImportOptions>).map(({ file }) => file)).toEqual(expected);
  });

  it('refuse a length that the rows do not have', () => {
    expect(problemsOf([folder.write('hour.csv', DAYS)], { every: '1h' })[0]!.rule).toContain('1d apart');
  });
});
