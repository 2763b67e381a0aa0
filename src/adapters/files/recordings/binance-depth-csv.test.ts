import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder, problemOf, testInstrument } from '../../../../test/files-kit.ts';
import { decimal, expected, isThere, ROOT, WHY } from '../../../../test/shared-data-kit.ts';
import { BookAction, BookFlag } from '../../../model/book-delta.ts';
import { openBinanceDepthCsv } from './binance-depth-csv.ts';
import { BOOK_DELTAS, type DeltaRow, deltasOf, drain, TRADES } from './recorded-rows.fixture.ts';
import type { OpenRecordingOptions, RecordingReader } from './recording-reader.ts';

const folder = makeFolder();
afterAll(folder.remove);
const HEADER = 'symbol,timestamp,first_update_id,last_update_id,side,update_type,price,qty,pu\n';
const snap = (id: number, rest: string, ts = 1): string => `X,${ts},${id},${id},${rest.replace(',', ',snap,')},-1\n`;
const set = (first: number, last: number, pu: number, rest: string, ts = 2): string =>
  `X,${ts},${first},${last},${rest.replace(',', ',set,')},${pu}\n`;

let count = 0;
function from(texts: readonly string[], extra: Partial<OpenRecordingOptions> = {}): RecordingReader {
  const path = texts.map((each) => folder.write(`${(count += 1)}.csv`, HEADER + each));
  return openBinanceDepthCsv({ path, kind: BOOK_DELTAS, instrument: testInstrument(2, 3), ...extra });
}
const short = ({ action, side, price, quantity, flags, tsInit }: DeltaRow): readonly number[] => [
  action,
  side,
  price,
  quantity,
  flags,
  tsInit,
];
const refusal = (texts: readonly string[], extra: Partial<OpenRecordingOptions> = {}): unknown => {
  const { code, line, column, value } = problemOf(() => drain(from(texts, extra)));
  return [code, line, column, value];
};

describe.skipIf(!isThere)(`depth samples of Binance${WHY}`, () => {
  const SNAP = 'binance-samples/btcusdt-depth-snap.csv';
  const UPDATE = 'binance-samples/btcusdt-depth-update.csv';
  const instrument = testInstrument(2, 3);
  const check = (levels: readonly DeltaRow[], facts: Readonly<Record<string, unknown>>): void => {
    expect(levels.length).toBe(facts['rows']);
    expect(levels.every(({ tsInit, tsEvent }) => tsInit === tsEvent && tsInit === Number(facts['first_timestamp']) * 1000)).toBe(true);
    const prices = levels.map(({ price }) => price);
    const quantities = levels.map(({ quantity }) => quantity);
    expect([Math.min(...prices), Math.max(...prices)].map(BigInt)).toEqual([
      decimal(facts['min_price'], 2),
      decimal(facts['max_price'], 2),
    ]);
    expect([Math.min(...quantities), Math.max(...quantities)].map(BigInt)).toEqual([
      decimal(facts['min_qty'], 3),
      decimal(facts['max_qty'], 3),
    ]);
    expect(quantities.reduce((sum, each) => sum + BigInt(each), 0n)).toBe(decimal(facts['sum_qty'], 3));
    expect(levels.map(({ flags }) => flags & BookFlag.LAST)).toEqual(levels.map((_, n) => (n === levels.length - 1 ? 1 : 0)));
  };

  it('the snapshot is one event of 100 levels, and updates that do not join it are a gap', () => {
    const reader = openBinanceDepthCsv({ path: [`${ROOT}${SNAP}`, `${ROOT}${UPDATE}`], kind: BOOK_DELTAS, instrument, symbol: 'BTCUSDT' });
    const rows = deltasOf(reader);
    expect(short(rows[0]!)).toEqual([BookAction.CLEAR, 0, 0, 0, BookFlag.SNAPSHOT, 1_667_346_579_146_000]);
    check(rows.slice(1, -1), expected[SNAP]!);
    expect(short(rows.at(-1)!)).toEqual([BookAction.GAP, 0, 0, 0, BookFlag.LAST, 1_667_347_199_939_000]);
    expect(reader.counters.filtered).toBe(expected[UPDATE]!['rows']);
  });

  it('the updates follow a snapshot whose id lies within them, and alone they are refused', () => {
    const before = folder.write('before.csv', `${HEADER}BTCUSDT,1667347199000,2098041693400,2098041693400,b,snap,20377.00,1.770,-1\n`);
    const rows = deltasOf(openBinanceDepthCsv({ path: [before, `${ROOT}${UPDATE}`], kind: BOOK_DELTAS, instrument }));
    check(rows.slice(2), expected[UPDATE]!);
    const alone = problemOf(() => drain(openBinanceDepthCsv({ path: `${ROOT}${UPDATE}`, kind: BOOK_DELTAS, instrument })));
    expect([alone.code, alone.line]).toEqual(['BOOK_SNAPSHOT_MISSING', 2]);
  });
});

describe('depth files of Binance', () => {
  it('drop updates that the snapshot has, start with the one that covers it, and follow by pu', () => {
    const updates =
      set(5, 9, 4, 'b,1,1') + set(10, 12, 9, 'b,2,1') + set(10, 12, 9, 'a,3,0') + set(20, 21, 12, 'b,4,1', 3) + set(10, 12, 9, 'b,9,1', 3);
    const reader = from([snap(11, 'b,5,1') + snap(11, 'a,6,1'), updates]);
    expect(deltasOf(reader).map(short)).toEqual([
      [BookAction.CLEAR, 0, 0, 0, 2, 1000],
      [BookAction.SET, 1, 500, 1000, 2, 1000],
      [BookAction.SET, -1, 600, 1000, 3, 1000],
      [BookAction.SET, 1, 200, 1000, 0, 2000],
      [BookAction.SET, -1, 300, 0, 1, 2000],
      [BookAction.SET, 1, 400, 1000, 1, 3000],
    ]);
    expect(reader.counters.filtered).toBe(2);
  });

  it('have one gap where an update is missing, and go on with the next snapshot', () => {
    const reader = from([
      snap(11, 'b,5,1') +
        set(11, 12, 10, 'b,2,1') +
        set(15, 16, 14, 'b,3,1', 3) +
        set(17, 18, 16, 'b,4,1', 4) +
        snap(18, 'b,7,1', 5) +
        set(19, 19, 18, 'b,8,1', 6),
    ]);
    expect(deltasOf(reader).map(({ action, price }) => [action, price])).toEqual([
      [BookAction.CLEAR, 0],
      [BookAction.SET, 500],
      [BookAction.SET, 200],
      [BookAction.GAP, 0],
      [BookAction.CLEAR, 0],
      [BookAction.SET, 700],
      [BookAction.SET, 800],
    ]);
    expect(reader.counters.filtered).toBe(2);
  });

  it('S-53: have a gap where the id of the snapshot lies between pu and the first id of the update, as the streams do', () => {
    const reader = from([snap(100, 'b,5,1') + set(103, 105, 99, 'b,2,1') + set(106, 107, 105, 'b,3,1')]);
    expect(deltasOf(reader).map(({ action }) => action)).toEqual([BookAction.CLEAR, BookAction.SET, BookAction.GAP]);
    expect(reader.counters.filtered).toBe(2);
    const joined = from([snap(100, 'b,5,1') + set(103, 105, 100, 'b,2,1')]);
    expect(deltasOf(joined).map(({ action }) => action)).toEqual([BookAction.CLEAR, BookAction.SET, BookAction.SET]);
  });

  it('S-54: pass over a snapshot that is older than the book, or than the update that told the gap', () => {
    const old = from([snap(11, 'b,5,1') + set(11, 14, 10, 'b,2,1') + snap(12, 'b,7,1', 3) + set(15, 15, 14, 'b,3,1', 4)]);
    expect(deltasOf(old).map(({ action, price }) => [action, price])).toEqual([
      [BookAction.CLEAR, 0],
      [BookAction.SET, 500],
      [BookAction.SET, 200],
      [BookAction.SET, 300],
    ]);
    expect(old.counters.filtered).toBe(1);
    const stale = from([
      snap(11, 'b,5,1') + set(20, 21, 19, 'b,2,1') + snap(15, 'b,7,1', 3) + snap(21, 'b,8,1', 4) + set(22, 22, 21, 'b,9,1', 5),
    ]);
    expect(deltasOf(stale).map(({ action, price }) => [action, price])).toEqual([
      [BookAction.CLEAR, 0],
      [BookAction.SET, 500],
      [BookAction.GAP, 0],
      [BookAction.CLEAR, 0],
      [BookAction.SET, 800],
      [BookAction.SET, 900],
    ]);
    expect(stale.counters.filtered).toBe(2);
  });

  it('refuse what is damaged, with file, line and column', () => {
    const start = snap(11, 'b,5,1');
    expect(refusal([start + set(12, 12, 11, 'b,NaN,1')])).toEqual(['NUMBER_NOT_FINITE', 3, 'price', 'NaN']);
    expect(refusal([start + set(12, 12, 11, 'b,1,-1')])).toEqual(['NUMBER_NEGATIVE', 3, 'qty', '-1']);
    expect(refusal([start + set(12, 12, 11, 'b,1,1 x')])).toEqual(['NUMBER_TRAILING_TEXT', 3, 'qty', '1 x']);
    expect(refusal([start + set(12, 12, 11, 'b,0,1')])).toEqual(['NUMBER_ZERO', 3, 'price', '0']);
    expect(refusal([snap(11, 'b,5,0')])).toEqual(['NUMBER_ZERO', 2, 'qty', '0']);
    expect(refusal([snap(11, 'b,5,1') + snap(11, 'a,5,1') + snap(11, 'b,4,1') + snap(11, 'b,5.0,2')])).toEqual([
      'RECORD_DAMAGED',
      5,
      'price',
      '5.0',
    ]);
    expect(refusal([start + set(12, 12, 11, 'c,1,1')])).toEqual(['SIDE_UNKNOWN', 3, 'side', 'c']);
    expect(refusal([start + set(12, 12, 11, 'b,1,1').replace('set', 'delta')])).toEqual(['RECORD_UNKNOWN', 3, 'update_type', 'delta']);
    expect(refusal([start + set(12, 11, 10, 'b,1,1')])).toEqual(['RECORD_DAMAGED', 3, 'last_update_id', '11']);
    expect(refusal([start + set(12, 12, 12, 'b,1,1')])).toEqual(['RECORD_DAMAGED', 3, 'pu', '12']);
    expect(refusal([start + set(12, 12, 11, 'b,1,1') + set(12, 12, 10, 'b,2,1')])).toEqual(['RECORD_DAMAGED', 4, 'pu', '10']);
    expect(refusal([start + set(12, 12, 11, 'b,1,1') + set(12, 12, 11, 'b,2,1', 3)])).toEqual(['RECORD_DAMAGED', 4, 'timestamp', '3']);
    expect(refusal([start + set(12, 12, 11, 'b,1,1', 0)])).toEqual(['TIME_BACKWARDS', 3, undefined, '0']);
    expect(refusal([`${start}X,1,2\n`])).toEqual(['ROW_SHORT', 3, undefined, 'X,1,2']);
    expect(refusal([start + start.replace('X', 'Y')])).toEqual(['SYMBOL_UNKNOWN', 3, 'symbol', 'Y']);
    expect(refusal([start], { symbol: 'Z' })).toEqual(['SYMBOL_UNKNOWN', undefined, 'symbol', 'Z']);
    expect(refusal([''])).toEqual(['FILE_EMPTY', undefined, undefined, undefined]);
    const old = folder.write('old.csv', `${HEADER.replace(',pu', '')}X,1,2,2,b,snap,5,1\n`);
    const problem = problemOf(() => drain(openBinanceDepthCsv({ path: old, kind: BOOK_DELTAS, instrument: testInstrument(2, 3) })));
    expect(problem).toMatchObject({ code: 'RECORD_UNKNOWN', line: 1, file: old });
    expect(problemOf(() => from([start], { kind: TRADES })).code).toBe('KIND_UNSUPPORTED');
  });
});
