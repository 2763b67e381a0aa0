import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder, problemOf, zipOf } from '../../../../test/files-kit.ts';
import { decimal, isThere, ROOT, WHY } from '../../../../test/shared-data-kit.ts';
import { BookAction, BookFlag } from '../../../model/book-delta.ts';
import { BlockKind } from '../../../model/blocks.ts';
import { openBybitDepth } from './bybit-depth.ts';
import type { OpenRecordingOptions } from './recording-reader.ts';
import { rebuild, recordedInstrument, Facts } from './message-recordings.fixture.ts';
import { type Row, rowsOf } from './recorded-rows.fixture.ts';

const folder = makeFolder();
afterAll(folder.remove);
const kind = BlockKind.BOOK_DELTAS;
const { CLEAR, SET, GAP } = BookAction;
const XRP = 'l2-bybit/xrpusdt-ob500.data.zip';

describe.skipIf(!isThere)(`a recording of Bybit's book${WHY}`, () => {
  const facts = new Facts(XRP);

  it('brings one snapshot and 49 deltas to the book that other software found', () => {
    const rebuilt = rebuild(openBybitDepth({ path: ROOT + XRP, kind, instrument: recordedInstrument(4, 0) }));
    const { book } = rebuilt;
    expect([rebuilt.snapshots, rebuilt.events, rebuilt.gaps, rebuilt.crossed]).toEqual([
      facts.number('snapshot'),
      facts.number('messages'),
      facts.number('update_id_gaps'),
      facts.number('crossed_states'),
    ]);
    expect([book.levelCount(1), book.levelCount(-1)]).toEqual([facts.number('final_bid_levels'), facts.number('final_ask_levels')]);
    const [bid, bidSize] = facts.any('final_best_bid') as readonly string[];
    const [ask, askSize] = facts.any('final_best_ask') as readonly string[];
    expect([book.bestBid, book.bidSize, book.bestAsk, book.askSize].map(BigInt)).toEqual([
      decimal(bid, 4),
      decimal(bidSize, 0),
      decimal(ask, 4),
      decimal(askSize, 0),
    ]);
    expect([rebuilt.firstTsInit, rebuilt.lastTsInit]).toEqual([facts.number('first_ts_ms') * 1000, facts.number('last_ts_ms') * 1000]);
  });

  it('says when the engine made each message (cts), and when it left (ts)', () => {
    const rows = rowsOf(openBybitDepth({ path: ROOT + XRP, kind, instrument: recordedInstrument(4, 0) }));
    // The first message of the file: ts 1733011200691, cts 1733011200589.
    expect([rows[0]!['tsInit'], rows[0]!['tsEvent']]).toEqual([1_733_011_200_691_000, 1_733_011_200_589_000]);
    expect(rows.length).toBe(1 + 1000 + rows.filter((row) => (row['flags']! & BookFlag.SNAPSHOT) === 0).length);
  });
});

interface Message {
  readonly type?: unknown;
  readonly topic?: unknown;
  readonly ts?: unknown;
  readonly u?: unknown;
  readonly seq?: unknown;
  readonly b?: unknown;
}

let ts = 1_700_000_000_000;
function message(type: string, u: number, seq: number, more: Message = {}): object {
  ts += 1;
  const { b = [['1.5000', '20']], topic = 'orderbook.50.XRPUSDT', ...data } = more;
  return { topic, type, ts, data: { s: 'XRPUSDT', b, a: [], u, seq, ...data }, ...('ts' in more ? { ts: more.ts } : {}) };
}

function readRows(messages: readonly (object | string)[], more: Partial<OpenRecordingOptions> = {}): Row[] {
  const text = messages.map((each) => `${typeof each === 'string' ? each : JSON.stringify(each)}\n`).join('');
  return rowsOf(openBybitDepth({ path: folder.write('made.data', text), kind, instrument: recordedInstrument(4, 0), ...more }));
}

describe('rows of Bybit messages', () => {
  it('a jump of u is a gap until the next snapshot, and u = 1 is a snapshot whatever it calls itself', () => {
    const rows = readRows([
      message('delta', 6, 60),
      message('snapshot', 7, 70),
      message('delta', 8, 80),
      message('delta', 10, 100),
      message('delta', 11, 110),
      message('snapshot', 12, 120),
      message('delta', 13, 130),
      message('delta', 1, 140),
      message('delta', 2, 150),
    ]);
    expect(rows.map((row) => row['action'])).toEqual([CLEAR, SET, SET, GAP, CLEAR, SET, SET, CLEAR, SET, SET]);
    const { LAST, SNAPSHOT } = BookFlag;
    expect(rows.slice(0, 4).map((row) => row['flags'])).toEqual([SNAPSHOT, SNAPSHOT | LAST, LAST, LAST]);
  });

  it('a quantity of 0 takes a level away; without cts the event is at ts', () => {
    const rows = readRows([message('snapshot', 7, 70), message('delta', 8, 80, { b: [['1.5000', '0']] })]);
    expect(rows[2]).toMatchObject({ action: SET, side: 1, price: 15_000, quantity: 0, tsEvent: rows[2]!['tsInit'] });
  });

  it('the member of an archive and one symbol of several are chosen', () => {
    const other = message('snapshot', 3, 30, { topic: 'orderbook.50.BTCUSDT' });
    const text = [other, message('snapshot', 7, 70)].map((each) => `${JSON.stringify(each)}\n`).join('');
    const path = folder.write('two.zip', zipOf({ 'a.data': text, 'b.data': text }));
    const options = { path, kind, instrument: recordedInstrument(4, 0) };
    expect(rowsOf(openBybitDepth({ ...options, member: 'b', symbol: 'XRPUSDT' })).length).toBe(2);
    expect(problemOf(() => rowsOf(openBybitDepth(options))).code).toBe('ARCHIVE_MEMBER_AMBIGUOUS');
  });
});

describe('what recordings of Bybit are refused for', () => {
  const first = (): object => message('snapshot', 7, 70);
  const refusals: readonly (readonly [string, () => object | string, string, string | undefined])[] = [
    ['JSON that ends early', () => '{"topic":"orderbook.50.XRPUSDT"', 'RECORD_DAMAGED', undefined],
    ['another topic', () => message('delta', 8, 80, { topic: 'tickers.XRPUSDT' }), 'RECORD_UNKNOWN', 'topic'],
    ['another depth', () => message('delta', 8, 80, { topic: 'orderbook.200.XRPUSDT' }), 'RECORD_UNKNOWN', 'topic'],
    ['another symbol', () => message('snapshot', 8, 80, { topic: 'orderbook.50.BTCUSDT' }), 'SYMBOL_UNKNOWN', undefined],
    ['another type', () => message('copy', 8, 80), 'RECORD_UNKNOWN', 'type'],
    ['no update id', () => message('delta', 8, 80, { u: undefined }), 'VALUE_MISSING', 'u'],
    ['no seq', () => message('delta', 8, 80, { seq: undefined }), 'VALUE_MISSING', 'seq'],
    ['an update id as text', () => message('delta', 8, 80, { u: '8' }), 'RECORD_DAMAGED', 'u'],
    ['a JSON number', () => message('delta', 8, 80, { b: [[1.5, '3']] }), 'NUMBER_MALFORMED', 'b[0][0]'],
    ['NaN', () => message('delta', 8, 80, { b: [['1.5', 'NaN']] }), 'NUMBER_NOT_FINITE', 'b[0][1]'],
    ['a negative quantity', () => message('delta', 8, 80, { b: [['1.5', '-3']] }), 'NUMBER_NEGATIVE', 'b[0][1]'],
    ['a quantity of 0 in a snapshot', () => message('snapshot', 8, 80, { b: [['1.5', '0']] }), 'NUMBER_ZERO', 'b[0][1]'],
    [
      'a price twice in a snapshot',
      () =>
        message('snapshot', 8, 80, {
          b: [
            ['1.5', '3'],
            ['1.4', '1'],
            ['1.50', '4'],
          ],
        }),
      'RECORD_DAMAGED',
      'b[2][0]',
    ],
    [
      'a price twice in a delta of u = 1, which is whole',
      () =>
        message('delta', 1, 80, {
          b: [
            ['1.5', '3'],
            ['1.5', '4'],
          ],
        }),
      'RECORD_DAMAGED',
      'b[1][0]',
    ],
    ['no list of bids', () => message('delta', 8, 80, { b: {} }), 'RECORD_DAMAGED', 'b'],
    ['a time outside the calendar', () => message('delta', 8, 80, { ts: 9e13 }), 'TIME_OUT_OF_RANGE', 'ts'],
    ['a time that falls', () => message('delta', 8, 80, { ts: 1_600_000_000_000 }), 'TIME_BACKWARDS', undefined],
  ];
  it.each(refusals)('%s', (_what, second, code, column) => {
    const problem = problemOf(() => readRows([first(), second()]));
    expect([problem.code, problem.line, problem.column, problem.file?.endsWith('made.data')]).toEqual([code, 2, column, true]);
  });

  it('deltas without a snapshot, other kinds of rows, and a symbol that is not there', () => {
    const path = folder.write('deltas.data', `${JSON.stringify(message('delta', 8, 80))}\n`);
    const options = { path, instrument: recordedInstrument(4, 0) };
    expect(problemOf(() => rowsOf(openBybitDepth({ ...options, kind })))).toMatchObject({
      code: 'BOOK_SNAPSHOT_MISSING',
      file: path,
      line: 1,
    });
    expect(problemOf(() => openBybitDepth({ ...options, kind: BlockKind.TRADES }))).toMatchObject({ code: 'KIND_UNSUPPORTED', file: path });
    expect(problemOf(() => rowsOf(openBybitDepth({ ...options, kind, symbol: 'ETHUSDT' })))).toMatchObject({
      code: 'SYMBOL_UNKNOWN',
      value: 'ETHUSDT',
    });
  });
});
