import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder, problemOf } from '../../../../test/files-kit.ts';
import { BlockKind } from '../../../model/blocks.ts';
import { AT, INSTRUMENT, recordingsIn, snapshot, spotDiff, TICKER, trade } from './binance-messages.fixture.ts';
import { openBinanceStream } from './binance-stream.ts';
import { rowsOf } from './recorded-rows.fixture.ts';
import type { RecordedKind } from './row-buffer.ts';

const { BOOK_DELTAS, QUOTES, TRADES } = BlockKind;
const folder = makeFolder();
afterAll(folder.remove);

const { fileOf, readRows } = recordingsIn(folder);

interface Refusal {
  readonly what: string;
  readonly kind: RecordedKind;
  readonly messages: readonly (object | string)[];
  readonly line: number;
  readonly code: string;
  readonly column?: string;
  readonly value?: string;
}

const DIFFS = [snapshot(6), spotDiff(7, 9)];
const level = (price: unknown, quantity: unknown): object =>
  spotDiff(10, 11, [
    ['98.00', '1.000'],
    [price, quantity],
  ]);

const REFUSALS: readonly Refusal[] = [
  {
    what: 'JSON that ends early',
    kind: TRADES,
    messages: [trade(1), JSON.stringify(trade(2)).slice(0, -9)],
    line: 2,
    code: 'RECORD_DAMAGED',
  },
  { what: 'a message that is no object', kind: TRADES, messages: [trade(1), '[1]'], line: 2, code: 'RECORD_DAMAGED' },
  { what: 'a missing price', kind: TRADES, messages: [trade(1), trade(2, { p: undefined })], line: 2, code: 'VALUE_MISSING', column: 'p' },
  { what: 'an empty price', kind: TRADES, messages: [trade(1, { p: '' })], line: 1, code: 'VALUE_MISSING', column: 'p', value: '' },
  {
    what: 'a missing update id',
    kind: BOOK_DELTAS,
    messages: [...DIFFS, spotDiff(10, 11, [], { U: null })],
    line: 3,
    code: 'VALUE_MISSING',
    column: 'U',
  },
  {
    what: 'an id beyond 2^53',
    kind: BOOK_DELTAS,
    messages: [...DIFFS, spotDiff(10, 2 ** 53)],
    line: 3,
    code: 'RECORD_DAMAGED',
    column: 'u',
  },
  {
    what: 'a diff that ends before it begins',
    kind: BOOK_DELTAS,
    messages: [...DIFFS, spotDiff(11, 10)],
    line: 3,
    code: 'RECORD_DAMAGED',
    column: 'u',
    value: '10',
  },
  {
    what: 'a diff of futures that ends before the one before it',
    kind: BOOK_DELTAS,
    messages: [snapshot(6), spotDiff(6, 9, [], { pu: 5 }), spotDiff(10, 11, [], { pu: 12 })],
    line: 3,
    code: 'RECORD_DAMAGED',
    column: 'u',
    value: '11',
  },
  {
    what: 'a price that is a JSON number',
    kind: BOOK_DELTAS,
    messages: [...DIFFS, level(97.5, '1.000')],
    line: 3,
    code: 'NUMBER_MALFORMED',
    column: 'b[1][0]',
    value: '97.5',
  },
  {
    what: 'a quantity that is NaN',
    kind: BOOK_DELTAS,
    messages: [...DIFFS, level('97.50', 'NaN')],
    line: 3,
    code: 'NUMBER_NOT_FINITE',
    column: 'b[1][1]',
    value: 'NaN',
  },
  {
    what: 'a negative quantity',
    kind: BOOK_DELTAS,
    messages: [...DIFFS, level('97.50', '-1.000')],
    line: 3,
    code: 'NUMBER_NEGATIVE',
    column: 'b[1][1]',
    value: '-1.000',
  },
  {
    what: 'a price of 0',
    kind: BOOK_DELTAS,
    messages: [...DIFFS, level('0.00', '1.000')],
    line: 3,
    code: 'NUMBER_ZERO',
    column: 'b[1][0]',
    value: '0.00',
  },
  {
    what: 'a level with three parts',
    kind: BOOK_DELTAS,
    messages: [...DIFFS, spotDiff(10, 11, [['1', '2', '3']])],
    line: 3,
    code: 'RECORD_DAMAGED',
    column: 'b[0]',
  },
  {
    what: 'a level of 0 in a snapshot',
    kind: BOOK_DELTAS,
    messages: [snapshot(6, [['99.00', '0.000']])],
    line: 1,
    code: 'NUMBER_ZERO',
    column: 'bids[0][1]',
  },
  {
    what: 'a snapshot with a price of the bids twice, written in two ways',
    kind: BOOK_DELTAS,
    messages: [
      snapshot(6),
      snapshot(9, [
        ['99.00', '2.000'],
        ['98.00', '1.000'],
        ['99.0', '3.000'],
      ]),
    ],
    line: 2,
    code: 'RECORD_DAMAGED',
    column: 'bids[2][0]',
    value: '99.0',
  },
  {
    what: 'a snapshot with a price of the asks twice',
    kind: BOOK_DELTAS,
    messages: [
      snapshot(
        6,
        [['99.00', '2.000']],
        [
          ['99.10', '1.000'],
          ['99.10', '1.000'],
        ],
      ),
    ],
    line: 1,
    code: 'RECORD_DAMAGED',
    column: 'asks[1][0]',
    value: '99.10',
  },
  {
    what: 'too many decimals',
    kind: TRADES,
    messages: [trade(1, { p: '100.001' })],
    line: 1,
    code: 'NUMBER_TOO_PRECISE',
    column: 'p',
    value: '100.001',
  },
  {
    what: 'a number that does not fit',
    kind: TRADES,
    messages: [trade(1, { q: '1e400' })],
    line: 1,
    code: 'NUMBER_OUT_OF_RANGE',
    column: 'q',
    value: '1e400',
  },
  {
    what: 'text behind a number',
    kind: TRADES,
    messages: [trade(1, { q: '1x' })],
    line: 1,
    code: 'NUMBER_TRAILING_TEXT',
    column: 'q',
    value: '1x',
  },
  { what: 'a trade of nothing', kind: TRADES, messages: [trade(1), trade(2, { q: '0.000' })], line: 2, code: 'NUMBER_ZERO', column: 'q' },
  {
    what: 'a trade told twice',
    kind: TRADES,
    messages: [trade(1), trade(1)],
    line: 2,
    code: 'TRADE_ID_DUPLICATE',
    column: 't',
    value: '1',
  },
  {
    what: 'a trade of an unknown kind',
    kind: TRADES,
    messages: [trade(1, { X: 'NEW' })],
    line: 1,
    code: 'RECORD_UNKNOWN',
    column: 'X',
    value: 'NEW',
  },
  {
    what: 'a price without a size',
    kind: QUOTES,
    messages: [{ ...TICKER, data: { ...TICKER.data, B: '0.000' } }],
    line: 1,
    code: 'NUMBER_ZERO',
    column: 'B',
    value: '0.000',
  },
  {
    what: 'an event that is not known',
    kind: TRADES,
    messages: [trade(1), trade(2, { e: 'tread' }, 'btcusdt@tread')],
    line: 2,
    code: 'RECORD_UNKNOWN',
    column: 'e',
    value: 'tread',
  },
  { what: 'a message of no known shape', kind: TRADES, messages: ['{"a":1}'], line: 1, code: 'RECORD_UNKNOWN', value: 'a' },
  {
    what: 'the top of the book taken for diffs',
    kind: BOOK_DELTAS,
    messages: [{ ...spotDiff(7, 9), stream: 'btcusdt@depth5@100ms' }],
    line: 1,
    code: 'RECORD_UNKNOWN',
    column: 'stream',
    value: 'btcusdt@depth5@100ms',
  },
  {
    what: 'two symbols in trades',
    kind: TRADES,
    messages: [trade(1), trade(9, { s: 'ETHUSDT' }, 'ethusdt@trade')],
    line: 2,
    code: 'SYMBOL_UNKNOWN',
    value: 'ETHUSDT',
  },
  {
    what: 'two symbols in diffs',
    kind: BOOK_DELTAS,
    messages: [...DIFFS, spotDiff(10, 11, [], { s: 'ETHUSDT' })],
    line: 3,
    code: 'SYMBOL_UNKNOWN',
    value: 'ETHUSDT',
  },
  { what: 'a time that is no 19 digits', kind: TRADES, messages: [trade(1)], line: 1, code: 'RECORD_DAMAGED' },
  {
    what: 'a stamp of the venue outside the calendar',
    kind: TRADES,
    messages: [trade(1, { T: 99_999_999_999_999 })],
    line: 1,
    code: 'TIME_OUT_OF_RANGE',
    column: 'T',
    value: '99999999999999',
  },
  {
    what: 'diffs without a snapshot',
    kind: BOOK_DELTAS,
    messages: [trade(1), spotDiff(5, 6), spotDiff(7, 8)],
    line: 2,
    code: 'BOOK_SNAPSHOT_MISSING',
    value: '5',
  },
];

describe('what Binance recordings are refused for', () => {
  it.each(REFUSALS)('$what: $code', ({ what, kind, messages, line, code, column, value }) => {
    const path = fileOf(messages);
    if (what === 'a time that is no 19 digits') folder.write('made.txt', readFileSync(path, 'utf8').slice(3));
    const problem = problemOf(() => rowsOf(openBinanceStream({ path, kind, instrument: INSTRUMENT })));
    expect([problem.code, problem.file, problem.line, problem.column]).toEqual([code, path, line, column]);
    if (value !== undefined) expect(problem.value).toBe(value);
    expect(problem.fix).not.toBe('');
  });

  it('no diff for being one update long, nor one of futures that ends where the one before it did', () => {
    const single = spotDiff(10, 10, [], { pu: 9 });
    const empty = spotDiff(11, 11, [], { pu: 11 });
    expect(() => readRows([snapshot(6), spotDiff(6, 9, [], { pu: 5 }), single, empty], BOOK_DELTAS)).not.toThrow();
  });

  it.each([TRADES, BOOK_DELTAS])('a line that came before the one above it, of kind %i', (kind) => {
    const messages = kind === TRADES ? [trade(1), trade(2)] : [spotDiff(5, 6), spotDiff(7, 8)];
    const path = folder.write('back.txt', `${AT} ${JSON.stringify(messages[0])}\n${AT - 5000n} ${JSON.stringify(messages[1])}\n`);
    const problem = problemOf(() => rowsOf(openBinanceStream({ path, kind, instrument: INSTRUMENT })));
    expect([problem.code, problem.file, problem.line, problem.rule]).toEqual([
      'TIME_BACKWARDS',
      path,
      2,
      'The message came 5 µs before the one that stands before it.',
    ]);
  });

  it('a snapshot that does not say whose it is among several symbols', () => {
    const messages = [...DIFFS, spotDiff(10, 11, [], { s: 'ETHUSDT' })];
    const problem = problemOf(() => readRows(messages, BOOK_DELTAS, { symbol: 'BTCUSDT' }));
    expect([problem.code, problem.line, problem.value]).toEqual(['SYMBOL_UNKNOWN', 3, 'ETHUSDT']);
  });

  it('a symbol that is not in the recording', () => {
    const problem = problemOf(() => readRows([trade(1)], TRADES, { symbol: 'XRPUSDT' }));
    expect([problem.code, problem.value]).toEqual(['SYMBOL_UNKNOWN', 'XRPUSDT']);
  });
});
