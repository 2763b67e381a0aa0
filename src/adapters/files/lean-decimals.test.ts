import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder, zipOf } from '../../../test/files-kit.ts';
import { leanDecimals } from './lean-decimals.ts';

const folder = makeFolder();
afterAll(() => folder.remove());

function put(place: string, member: string, text: string): void {
  const file = path.join(folder.path, ...place.split('/'));
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, zipOf({ [member]: text }));
}

const forex = { root: folder.path, security: 'forex', market: 'oanda', resolution: 'daily' } as const;

describe('the decimals that a LEAN stream needs', () => {
  it('are those of its finest row, wherever it is, zeros at the end left out', () => {
    // More rows than a buffer holds, and the fine one last, without a line end.
    const rows = '20140101 00:00,1.3,1.4,1.2,1.3,0,1.3,1.4,1.2,1.3,0\n'.repeat(30_000);
    put('forex/oanda/daily/eurusd.zip', 'eurusd.csv', `${rows}20140102 00:00,1.3,1.4,1.2,1.30000,0.5,1.3,1.4,1.2,1.312300,1.2500`);
    expect(leanDecimals({ ...forex, symbol: 'eurusd' }, 'quote')).toEqual({ price: 4, quantity: 2 });
  });

  it('are counted over the files of all days, of trades from the fifth value on', () => {
    for (const [day, volume] of [
      ['20130101', '5'],
      ['20130102', '0.00000001'],
    ])
      put(`crypto/coinbase/minute/btcusd/${day!}_trade.zip`, `${day!}_btcusd_minute_trade.csv`, `0,100.25,100.5,100,100,${volume!}\r\n`);
    const stream = { root: folder.path, security: 'crypto', market: 'coinbase', resolution: 'minute', symbol: 'btcusd' } as const;
    expect(leanDecimals(stream, 'trade')).toEqual({ price: 2, quantity: 8 });
    expect(leanDecimals({ ...stream, toDate: '20130101' }, 'trade')).toEqual({ price: 2, quantity: 0 });
  });

  it('are told from scientific notation too', () => {
    put('forex/oanda/daily/gbpusd.zip', 'gbpusd.csv', '20140101 00:00,1.50E-05,1,1,1,2e3,1,1,1,1,0\n');
    expect(leanDecimals({ ...forex, symbol: 'gbpusd' }, 'quote')).toEqual({ price: 6, quantity: 0 });
  });

  it('of a symbol without files are refused', () => {
    expect(() => leanDecimals({ ...forex, symbol: 'nothing' }, 'quote')).toThrow(/SYMBOL_UNKNOWN/);
  });
});
