import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder, zipOf } from '../../../test/files-kit.ts';
import type { CsvFormat } from './csv-format.ts';
import { csvDecimals, type DecimalsSeen, leanDecimals } from './field-decimals.ts';

const folder = makeFolder();
afterAll(() => folder.remove());

function put(place: string, member: string, text: string): void {
  const file = path.join(folder.path, ...place.split('/'));
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, zipOf({ [member]: text }));
}

const forex = { root: folder.path, security: 'forex', market: 'oanda', resolution: 'daily' } as const;

const decimalsOf = ({ price, quantity }: DecimalsSeen): unknown => ({ price: price.decimals, quantity: quantity.decimals });

describe('the decimals that a LEAN stream needs', () => {
  it('are those of its finest row, wherever it is, zeros at the end left out', () => {
    // More rows than a buffer holds, and the fine one last, without a line end.
    const rows = '20140101 00:00,1.3,1.4,1.2,1.3,0,1.3,1.4,1.2,1.3,0\n'.repeat(30_000);
    put('forex/oanda/daily/eurusd.zip', 'eurusd.csv', `${rows}20140102 00:00,1.3,1.4,1.2,1.30000,0.5,1.3,1.4,1.2,1.312300,1.2500`);
    expect(decimalsOf(leanDecimals({ ...forex, symbol: 'eurusd' }, 'quote'))).toEqual({ price: 4, quantity: 2 });
  });

  it('are counted over the files of all days, of trades from the fifth value on', () => {
    for (const [day, volume] of [
      ['20130101', '5'],
      ['20130102', '0.00000001'],
    ])
      put(`crypto/coinbase/minute/btcusd/${day!}_trade.zip`, `${day!}_btcusd_minute_trade.csv`, `0,100.25,100.5,100,100,${volume!}\r\n`);
    const stream = { root: folder.path, security: 'crypto', market: 'coinbase', resolution: 'minute', symbol: 'btcusd' } as const;
    expect(decimalsOf(leanDecimals(stream, 'trade'))).toEqual({ price: 2, quantity: 8 });
    expect(decimalsOf(leanDecimals({ ...stream, toDate: '20130101' }, 'trade'))).toEqual({ price: 2, quantity: 0 });
  });

  it('are told from scientific notation too', () => {
    put('forex/oanda/daily/gbpusd.zip', 'gbpusd.csv', '20140101 00:00,1.50E-05,1,1,1,2e3,1,1,1,1,0\n');
    expect(decimalsOf(leanDecimals({ ...forex, symbol: 'gbpusd' }, 'quote'))).toEqual({ price: 6, quantity: 0 });
  });

  it('of a symbol without files are refused', () => {
    expect(() => leanDecimals({ ...forex, symbol: 'nothing' }, 'quote')).toThrow(/SYMBOL_UNKNOWN/);
  });
});

describe('the decimals that a CSV needs', () => {
  const BARS: CsvFormat = {
    kind: 'bars',
    columns: { time: 'Date', open: 2, high: 3, low: 4, close: 'Close', volume: 'Volume' },
    timeFormat: 'iso',
    every: '1d',
    stamp: 'open',
  };
  const of = (name: string, text: string, format: Partial<CsvFormat> = {}): unknown =>
    decimalsOf(csvDecimals([folder.write(name, text)], undefined, { ...BARS, ...format }, 12));
  const HEAD = 'Date,Open,High,Low,Close,Volume,Other.12345\n';

  it('are those written in its finest row, of the columns that are mapped', () => {
    const rows = '2020-01-01 00:00:00.123456,1.5,2,1,2,5,0.123456789\n'.repeat(30_000);
    expect(of('late.csv', `${HEAD}${rows}2020-01-02,1.500,2,1,2,0.5,1`)).toEqual({ price: 3, quantity: 1 });
    expect(of('whole.csv', `${HEAD}2020-01-01,1,2,1,2,5,0.5\n`)).toEqual({ price: 0, quantity: 0 });
  });

  it('leave out zeros at the end where there are more digits than an instrument has', () => {
    expect(of('zeros.csv', `${HEAD}2020-01-01,1.50000000000000,2,1,2,5.5000000000000001,1\n`)).toEqual({ price: 1, quantity: 16 });
  });

  it('are told from what stands before the rows, comments, quotes, other marks and scales', () => {
    const format: Partial<CsvFormat> = { delimiter: ';', decimalMark: ',', comment: '#', skipLines: 1 };
    const text = `made 1,2345;by 2,3456\n# 1,23456;2,3\n${HEAD.replaceAll(',', ';')}\n# 0,1;0,22222;0,3\n2020-01-01;"1,50";2;1;2,5;"7,125";"a;b,12345"\n`;
    expect(of('marks.csv', text, format)).toEqual({ price: 2, quantity: 3 });
    const comments = '# 0,1;0,22222;0,3\n# 0,1;0,22222;0,3\n2020-01-01;1,5;2;1;2;7;1\n';
    expect(of('comments.csv', HEAD.replaceAll(',', ';') + comments, { ...format, skipLines: 0 })).toEqual({ price: 1, quantity: 0 });
    const quoted = { time: 2, open: 3, high: 4, low: 5, close: 6, volume: 7 };
    const note = '"a,0.123,b",20200101,1,1,1,1.5,2.25\n';
    expect(of('quoted.csv', note, { header: false, columns: quoted })).toEqual({ price: 1, quantity: 2 });
    const numbers = { time: 1, open: 2, high: 3, low: 4, close: 5, volume: 6 };
    expect(of('scaled.csv', '20200101,1641350,1,1,1,2.5e-3\n', { header: false, columns: numbers, priceScale: 4 })).toEqual({
      price: 4,
      quantity: 4,
    });
  });

  it('come with the digits before the point, less those of the scale', () => {
    const whole = (text: string, format: Partial<CsvFormat> = {}): unknown => {
      const { price, quantity } = csvDecimals([folder.write('whole.csv', HEAD + text)], undefined, { ...BARS, ...format }, 12);
      return [price.whole, quantity.whole];
    };
    expect(whole('2020-01-01,12.345,2,1,2,12345.6,1\n2020-01-02,1,2,1,2,1.5e6,1\n')).toEqual([2, 7]);
    expect(whole('2020-01-01,1641350,1,1,1,25,1\n', { priceScale: 4 })).toEqual([3, 2]);
  });

  it('are the most of several files, and a file that is missing is refused', () => {
    const files = [
      folder.write('one.csv', `${HEAD}2020-01-01,1.5,2,1,2,5.125,1\n`),
      folder.write('two.csv', `${HEAD}2020-01-02,1,2,1,2.25,0.5,1\n`),
    ];
    files.push(folder.write('three.csv', `${HEAD}2020-01-03,1,2,1,2,5,1\n`));
    expect(decimalsOf(csvDecimals(files, undefined, BARS, 12))).toEqual({ price: 2, quantity: 3 });
    expect(() => csvDecimals([`${folder.path}/none.csv`], undefined, BARS, 12)).toThrow(/FILE_MISSING/);
  });
});
