import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyOf, minuteOf, planImport, whole } from './command-options.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'quanthybrid-options-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const base = { store: './data', instrument: 'AAA.X', header: true };

describe('data import options', () => {
  it('recognize a file by its header and say what they assume', () => {
    const file = path.join(folder, 'a.csv');
    writeFileSync(file, 'Date,Open,High,Low,Close,Volume\n2020-01-01,1.00,1.50,1.00,1.25,3\n2020-01-02,1.25,1.5,1.0,1.4,2\n');
    const { source, instrument, assumed } = planImport([file], base);
    expect(source).toMatchObject({ type: 'csv', format: { kind: 'bars', every: '1d', zone: 'UTC' } });
    expect([instrument.priceDecimals, instrument.quantityDecimals]).toEqual([2, 0]);
    expect(assumed.some((line) => line.includes('UTC'))).toBe(true);
  });

  it('say nothing of what was given: neither the zone nor which end is stamped', () => {
    const file = path.join(folder, 'given.csv');
    writeFileSync(file, 'Date,Open,High,Low,Close,Volume\n2020-01-01,1.00,1.50,1.00,1.25,3\n2020-01-02,1.25,1.5,1.0,1.4,2\n');
    const { assumed } = planImport([file], { ...base, zone: 'Europe/Berlin', stamp: 'close', priceDecimals: '2', quantityDecimals: '0' });
    expect(assumed).toEqual(['Times are iso, such as 2020-01-01.', 'Bars are of 1d.']);
  });

  it('name a data set by the one name of its interval', () => {
    expect([keyOf('A.X', 'bars', '60m').every, keyOf('A.X', 'bars', '1M').every]).toEqual(['1h', '1mo']);
  });

  it('take columns by name and number instead', () => {
    const given = {
      ...base,
      header: false,
      column: ['time=1', 'price=2', 'quantity=qty'],
      kind: 'trades',
      timeFormat: 'epoch-ms',
      priceDecimals: '2',
      quantityDecimals: '5',
    };
    expect(planImport(['b.csv'], given).source).toMatchObject({
      format: { kind: 'trades', header: false, timeFormat: 'epoch-ms', columns: { time: 1, price: 2, quantity: 'qty' } },
    });
  });

  it.each([
    ['no file', () => planImport([], base)],
    [
      'an instrument without a venue',
      () => planImport(['b.csv'], { ...base, instrument: 'AAA', column: ['time=1'], priceDecimals: '2', quantityDecimals: '2' }),
    ],
    ['a column without a name', () => planImport(['b.csv'], { ...base, column: ['time'] })],
    ['columns without decimals', () => planImport(['b.csv'], { ...base, column: ['time=1'] })],
    ['a LEAN path that is too short', () => planImport(['lean'], { ...base, lean: 'equity/usa' })],
    ['an unknown kind', () => keyOf('A.X', 'candles', undefined)],
    ['a day that is none', () => minuteOf('from', '2024-13-01')],
    ['a number out of range', () => whole('seed', '-1', 0, 9)],
  ])('refuse %s', (_what, act) => {
    expect(act).toThrow(/OPTION_INVALID/);
  });
});
