import { ACCEPTED, codeOf, type FuzzTarget, must, verdictOf } from '../target.ts';
import { mutatedBytes, mutatedText, pick } from '../mutate.ts';
import { mutatedJson } from '../mutate-json.ts';
import type { Random } from '../../../src/base/random.ts';
import { parseStrictJson as parseBody, JsonRefusal } from '../../../src/adapters/http/strict-json.ts';
import {
  ALL_KINDS,
  diffText,
  infoText,
  klineText,
  quoteText,
  snapshotText,
  START,
  tradeText,
} from '../../../src/adapters/binance/feed.fixture.ts';
import { definitionOf, readExchangeInfo } from '../../../src/adapters/binance/exchange-info.ts';
import { NO_FAULTS, readFaults } from '../../../src/adapters/binance/loopback/fault-plan.ts';
import { SpotDecoder } from '../../../src/adapters/binance/spot-decoder.ts';
import { parseStrictJson } from '../../../src/adapters/binance/strict-json.ts';
import { makeInstrument } from '../../../src/model/instrument.ts';
import type { FeedBlock } from '../../../src/ports/market-feed.ts';

const LEVELS = [
  ['99.00000000', '1.00000000'],
  ['98.50000000', '0.00000000'],
] as const;
const MESSAGES = [
  diffText(11, 12, LEVELS, [['101.00000000', '2.00000000']]),
  diffText(13, 13),
  tradeText(7),
  quoteText(5),
  klineText(START / 1000),
  klineText(START / 1000, false),
  '{"result":null,"id":1}',
  '{"error":{"code":2,"msg":"no"},"id":3}',
  '{"stream":"!serverShutdown","data":{"e":"serverShutdown","E":1700000000000}}',
].map((text) => JSON.parse(text) as unknown);

function said(random: Random, value: unknown): Uint8Array {
  const text = mutatedJson(random, value);
  const bytes = Buffer.from(random.nextBelow(5) === 0 ? mutatedText(random, JSON.stringify(value)) : text);
  return random.nextBelow(6) === 0 ? mutatedBytes(random, bytes) : bytes;
}

const feed: FuzzTarget = {
  name: 'feed-message',
  entries: [
    'src/adapters/binance/spot-json.ts#readLevels',
    'src/adapters/binance/message-reading.ts#parseObject',
    'src/adapters/binance/strict-json.ts#parseStrictJson',
  ],
  inputs: 'messages of Binance Spot: diffs, trades, quotes, candles, answers',
  oracle: 'a refusal is counted and tells no row; rows hold safe integers; what the scanner takes, the reader of JSON takes too',
  open: () => {
    const rows: FeedBlock[] = [];
    const decoder = new SpotDecoder(ALL_KINDS, {
      onRows: (_, block) => rows.push(block),
      onGap: () => {},
      wantSnapshot: () => {},
      bookChanged: () => {},
    });
    const refusedCount = (): number => [...decoder.counters.refused.values()].reduce((sum, count) => sum + count, 0);
    return {
      generate: (random) => said(random, pick(random, MESSAGES)),
      feed: (input) => {
        rows.length = 0;
        const before = refusedCount();
        const codes = new Map(decoder.counters.refused);
        decoder.take(input as Uint8Array, START);
        for (const block of rows)
          for (const column of Object.values(block))
            if (column instanceof Float64Array)
              for (let row = 0; row < block.length; row += 1) must(Number.isSafeInteger(column[row]), `a value is ${column[row]}`);
        if (refusedCount() === before) return ACCEPTED;
        must(refusedCount() === before + 1 && rows.length === 0, 'a refusal is counted once and tells nothing');
        return [...decoder.counters.refused].find(([code, count]) => codes.get(code) !== count)![0];
      },
    };
  },
};

const snapshot: FuzzTarget = {
  name: 'feed-snapshot',
  entries: ['src/adapters/binance/spot-json.ts#readLevels'],
  inputs: 'answers with a snapshot of a book',
  oracle: 'rows hold safe integers; a refusal leaves the book as it was',
  open: () => ({
    generate: (random) => mutatedJson(random, JSON.parse(snapshotText(10, [['99.00', '2']], [['101.00', '3']]))),
    feed: (input) => {
      const rows: FeedBlock[] = [];
      const decoder = new SpotDecoder(ALL_KINDS, {
        onRows: (_, block) => rows.push(block),
        onGap: () => {},
        wantSnapshot: () => {},
        bookChanged: () => {},
      });
      return verdictOf(() => {
        decoder.bookOf(0)!.snapshot(input as string, START);
        for (const block of rows)
          for (const column of Object.values(block))
            if (column instanceof Float64Array)
              for (let row = 0; row < block.length; row += 1) must(Number.isSafeInteger(column[row]), `a value is ${column[row]}`);
      });
    },
  }),
};

const info: FuzzTarget = {
  name: 'exchange-info',
  entries: ['src/adapters/binance/exchange-info.ts#readExchangeInfo'],
  inputs: 'answers with the rules of symbols',
  oracle: 'what is accepted makes an instrument',
  open: () => ({
    generate: (random) => mutatedJson(random, JSON.parse(infoText())),
    feed: (input) =>
      verdictOf(() => {
        for (const symbol of readExchangeInfo(input as string).symbols) makeInstrument(definitionOf(symbol), 0);
      }),
  }),
};

const FAULTS = {
  drop: 0.01,
  duplicate: 0.02,
  reorder: 0.03,
  delayMs: 50,
  halfOpen: true,
  tooManyS: 5,
  bannedS: 0,
  maintenance: false,
  halted: ['BTCUSDT'],
};
const faults: FuzzTarget = {
  name: 'faults',
  entries: ['src/adapters/binance/loopback/fault-plan.ts#readFaults'],
  inputs: 'fault schedules of the loopback venue',
  oracle: 'shares lie between 0 and 1',
  open: () => ({
    generate: (random) => mutatedJson(random, FAULTS),
    feed: (input) => {
      let given: unknown;
      try {
        given = JSON.parse(input as string);
      } catch {
        return 'no JSON';
      }
      if (typeof given !== 'object' || given === null || Array.isArray(given)) return 'no object';
      const read = readFaults(given as Record<string, unknown>, NO_FAULTS);
      if (typeof read === 'string') return 'refused';
      must(
        [read.drop, read.duplicate, read.reorder].every((share) => share >= 0 && share <= 1),
        'shares',
      );
      must(Object.keys(read).length === Object.keys(NO_FAULTS).length, 'no other names');
      return ACCEPTED;
    },
  }),
};

const BODIES = [
  { instrument: 'TEST.SIM', side: 'BUY', orderType: 'LIMIT', quantity: '1.50', limitPrice: '100.01', postOnly: true, tag: 'a' },
  { scope: { kind: 'STRATEGY', strategy: 'x' }, reason: 'é', flatten: false },
  [1, -0.5, 1e10, [[]], {}, null, true, 'a\\"\n'],
];
const strict: FuzzTarget = {
  name: 'strict-json',
  entries: ['src/adapters/http/strict-json.ts#parseStrictJson', 'src/adapters/binance/strict-json.ts#parseStrictJson'],
  inputs: 'JSON: bodies of the API and messages of a feed',
  oracle: 'what is taken is what JSON.parse makes of it, and neither reader takes what JSON.parse does not; no field twice, no __proto__',
  open: () => ({
    generate: (random) => mutatedJson(random, pick(random, BODIES)),
    feed: (input) => {
      const text = input as string;
      const body = reading(() => parseBody(text));
      const message = reading(() => parseStrictJson(text));
      const plain = reading(() => JSON.parse(text) as unknown);
      for (const read of [body, message]) {
        if (!('value' in read)) continue;
        must('value' in plain && JSON.stringify(plain.value) === JSON.stringify(read.value), 'the same as JSON.parse');
      }
      if (!('value' in body)) return 'REQUEST_INVALID';
      must(!hasOddName(body.value), 'no name that reaches a prototype');
      return ACCEPTED;
    },
  }),
};

function hasOddName(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const names = Array.isArray(value) ? [] : Object.keys(value);
  return names.some((name) => ['__proto__', 'constructor', 'prototype'].includes(name)) || Object.values(value).some(hasOddName);
}

function reading(read: () => unknown): { readonly value: unknown } | { readonly error: unknown } {
  try {
    return { value: read() };
  } catch (error) {
    must(error instanceof JsonRefusal || error instanceof SyntaxError || codeOf(error) !== null, `a refusal: ${String(error)}`);
    return { error };
  }
}

export const FEED_TARGETS: readonly FuzzTarget[] = [feed, snapshot, info, faults, strict];
