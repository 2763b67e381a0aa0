import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder, problemOf, testInstrument } from '../../../../test/files-kit.ts';
import { AT, trade } from './binance-messages.fixture.ts';
import { mbo, metadata } from './dbn.fixture.ts';
import { openRecording } from './open-recording.ts';
import { drain, TRADES, BOOK_DELTAS } from './recorded-rows.fixture.ts';
import type { RecordingFormat } from './recording-format.ts';
import { tooPrecise } from './too-precise.ts';

const folder = makeFolder();
afterAll(folder.remove);

const TARDIS = 'exchange,symbol,timestamp,local_timestamp,id,side,price,amount\n';
const BITSTAMP = 'id,timestamp,exchange.timestamp,price,volume,action,direction\n';
const binance = (more: object): string => `${AT} ${JSON.stringify(trade(1, more))}\n`;

describe('a number with more decimals than its instrument', () => {
  it.each([
    // The zero at the end needs no decimal.
    ['binance', binance({ p: '58710.20' }), 0, 3, 'needs 1 decimal, and the instrument has priceDecimals: 0', 'priceDecimals: 1'],
    ['binance', binance({ q: '0.00150' }), 2, 3, 'needs 4 decimals, and the instrument has quantityDecimals: 3', 'quantityDecimals: 4'],
    ['tardis', `${TARDIS}v,X,1,2,,buy,5.125,1\n`, 2, 0, 'needs 3 decimals, and the instrument has priceDecimals: 2', 'priceDecimals: 3'],
    [
      'tardis',
      `${TARDIS}v,X,1,2,,buy,5,1e-7\n`,
      2,
      6,
      'needs 7 decimals, and the instrument has quantityDecimals: 6',
      'quantityDecimals: 7',
    ],
    // The volume counts 1e-8: 1,230,000 is 0.0123.
    [
      'bitstamp',
      `${BITSTAMP}1,2,2,236,1230000,created,bid\n`,
      2,
      3,
      'needs 4 decimals, and the instrument has quantityDecimals: 3',
      'quantityDecimals: 4',
    ],
    // Billionths: 4750.255.
    [
      'databento',
      Buffer.concat([metadata(), mbo({ price: 4_750_255_000_000n })]),
      2,
      0,
      'needs 3 decimals, and the instrument has priceDecimals: 2',
      'priceDecimals: 3',
    ],
  ] as const)('of %s is told what it needs, what there is and what to write', (format, content, price, quantity, rule, fix) => {
    const path = folder.write('made', content);
    const kind = format === 'databento' || format === 'bitstamp' ? BOOK_DELTAS : TRADES;
    const instrument = testInstrument(price, quantity);
    const problem = problemOf(() => drain(openRecording({ format: format as RecordingFormat, path, kind, instrument })));
    expect([problem.code, problem.file]).toEqual(['NUMBER_TOO_PRECISE', path]);
    expect(problem.rule).toContain(`The value ${rule}`);
    expect(problem.fix).toContain(`Write ${fix} for the instrument`);
    const option = fix.startsWith('price') ? '--price-decimals' : '--quantity-decimals';
    expect(problem.fix).toContain(`${option} ${fix.slice(-1)},`);
  });

  it('is not told to raise what no instrument has, and ids have no decimals', () => {
    expect(tooPrecise('priceDecimals', 2, '0.1234567890123').fix).toContain('No instrument has more than 12');
    const depth = 'symbol,timestamp,first_update_id,last_update_id,side,update_type,price,qty,pu\nX,1667300000000,1.5,2,b,snap,1,1,-1\n';
    const path = folder.write('depth.csv', depth);
    const open = (): unknown =>
      drain(openRecording({ format: 'binance-depth-csv', path, kind: BOOK_DELTAS, instrument: testInstrument() }));
    expect(problemOf(open)).toMatchObject({ column: 'first_update_id', fix: 'Repair the row, or take it out.' });
  });
});
