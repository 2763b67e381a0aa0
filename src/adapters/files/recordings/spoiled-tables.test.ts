import { mkdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder, testInstrument, zipOf } from '../../../../test/files-kit.ts';
import { type Random, stream } from '../../../base/random.ts';
import { DATA_CODES } from '../../../model/codes/data.ts';
import { InputError } from '../../../ports/errors.ts';
import { openBinanceDepthCsv } from './binance-depth-csv.ts';
import { openBitstampOrders } from './bitstamp-orders.ts';
import { openLeanTicks } from './lean-ticks.ts';
import { BOOK_DELTAS, drain, QUOTES, TRADES } from './recorded-rows.fixture.ts';
import type { RecordingReader } from './recording-reader.ts';
import { openTardis } from './tardis.ts';

const folder = makeFolder();
afterAll(folder.remove);
const SEED = 7_041_776;
const ROUNDS = 120;

const instrument = testInstrument(2, 8);
const TIMED = 'exchange,symbol,timestamp,local_timestamp';
const tardis = (kind: typeof TRADES | typeof QUOTES | typeof BOOK_DELTAS) => (path: string) => openTardis({ path, kind, instrument });
const lean =
  (security: 'equity' | 'forex', kind: typeof TRADES | typeof QUOTES) =>
  (path: string): RecordingReader =>
    openLeanTicks({
      root: path.slice(0, path.indexOf(`/${security}/`)),
      security,
      market: 'oanda',
      symbol: 'x',
      kind,
      instrument,
      zone: 'UTC',
    });

/** A good file of each layout: its name, its bytes, and how it is opened. */
const FILES: readonly (readonly [string, Uint8Array, (path: string) => RecordingReader])[] = [
  [
    'l2.csv',
    Buffer.from(`${TIMED},is_snapshot,side,price,amount\nv,X,1,2,true,bid,5.5,1\nv,X,1,3,false,ask,6,2\nv,X,1,4,false,ask,6,0\n`),
    tardis(BOOK_DELTAS),
  ],
  ['l2.csv.gz', gzipSync(`${TIMED},is_snapshot,side,price,amount\nv,X,1,2,true,bid,5.5,1\nv,X,1,3,false,ask,6,2\n`), tardis(BOOK_DELTAS)],
  [
    'snapshot.csv',
    Buffer.from(`${TIMED},asks[0].price,asks[0].amount,bids[0].price,bids[0].amount\nv,X,1,2,6,1,5,1\nv,X,1,3,6,1,,\n`),
    tardis(BOOK_DELTAS),
  ],
  ['trades.csv', Buffer.from(`${TIMED},id,side,price,amount\nv,X,1,2,a,buy,5.5,1\nv,X,1,3,b,sell,6,2\n`), tardis(TRADES)],
  ['quotes.csv', Buffer.from(`${TIMED},ask_amount,ask_price,bid_price,bid_amount\nv,X,1,2,1,6,5,1\nv,X,1,3,,,5,1\n`), tardis(QUOTES)],
  [
    'orders.csv',
    Buffer.from(
      'id,timestamp,exchange.timestamp,price,volume,action,direction\n7,3,1,5.00,9,deleted,bid\n7,2,1,5.00,9,created,bid\n8,2,1,5.10,4,created,ask\n',
    ),
    (path) => openBitstampOrders({ path, kind: BOOK_DELTAS, instrument }),
  ],
  [
    'depth.csv',
    Buffer.from(
      'symbol,timestamp,first_update_id,last_update_id,side,update_type,price,qty,pu\nX,1,5,5,b,snap,5,1,-1\nX,2,5,7,a,set,6,0.5,4\nX,3,9,9,a,set,6,0,8\n',
    ),
    (path) => openBinanceDepthCsv({ path, kind: BOOK_DELTAS, instrument }),
  ],
  ['a/equity/oanda/tick/x/20200102_trade.zip', zipOf({ 'x.csv': '1,100000,5,Q,0,0\n2,110000,5,P,0,1\n' }), lean('equity', TRADES)],
  ['b/equity/oanda/tick/x/20200102_quote.zip', zipOf({ 'x.csv': '1,100000,5,0,0,Q,1,0\n1,0,0,110000,5,P,1,0\n' }), lean('equity', QUOTES)],
  ['c/forex/oanda/tick/x/20200102_quote.zip', zipOf({ 'x.csv': '1,1.1,1.2\n2,1.1,1.3\n' }), lean('forex', QUOTES)],
];

function spoiled(bytes: Uint8Array, random: Random): Uint8Array {
  const copy = Uint8Array.from(bytes);
  for (let n = random.nextBelow(4); n >= 0; n -= 1) copy[random.nextBelow(copy.length)] = random.nextBelow(256);
  return random.nextBelow(4) === 0 ? copy.subarray(0, 1 + random.nextBelow(copy.length)) : copy;
}

describe('tables whose bytes are spoiled', () => {
  it.each(FILES)(`%s is read, or refused with a code of the catalogue (seed ${SEED})`, (name, bytes, open) => {
    const random = stream(SEED, name);
    mkdirSync(`${folder.path}/${name}`.replace(/\/[^/]*$/, ''), { recursive: true });
    expect(drain(open(folder.write(name, bytes)))).toBeGreaterThan(0);
    let refused = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const path = folder.write(name, spoiled(bytes, random));
      try {
        drain(open(path));
      } catch (error) {
        if (!(error instanceof InputError)) throw new Error(`seed ${SEED}, ${name}, round ${round}`, { cause: error });
        expect(Object.keys(DATA_CODES)).toContain(error.problems[0]!.code);
        refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(ROUNDS / 4);
  });
});
