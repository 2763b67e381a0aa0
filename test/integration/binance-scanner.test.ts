import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder } from '../files-kit.ts';
import { isThere, ROOT, WHY } from '../shared-data-kit.ts';
import { stream } from '../../src/base/random.ts';
import { BlockKind } from '../../src/model/blocks.ts';
import { InputError } from '../../src/ports/errors.ts';
import { BinanceJson } from '../../src/adapters/files/recordings/binance-json.ts';
import { BinanceEvent, BinanceMessage } from '../../src/adapters/files/recordings/binance-message.ts';
import { BinanceScanner } from '../../src/adapters/files/recordings/binance-scanner.ts';
import { MessageFields } from '../../src/adapters/files/recordings/message-fields.ts';
import { MessageLines } from '../../src/adapters/files/recordings/message-lines.ts';
import { recordedInstrument } from '../../src/adapters/files/recordings/message-recordings.fixture.ts';
import type { RecordedKind } from '../../src/adapters/files/recordings/row-buffer.ts';

const folder = makeFolder();
afterAll(folder.remove);
const { BOOK_DELTAS, QUOTES, TRADES } = BlockKind;

interface Counts {
  scanned: number;
  left: number;
  refused: number;
}

/** What a message says, as plain data. What an event has not is left out: it is whatever the message before had. */
function told(message: BinanceMessage, event: BinanceEvent): unknown {
  const { tsEvent, firstId, lastId, previousId, levels } = message;
  if (event === BinanceEvent.DIFF) {
    const { length, bids, price, quantity } = levels;
    return [tsEvent, firstId, lastId, previousId, bids, [...price.subarray(0, length)], [...quantity.subarray(0, length)]];
  }
  if (event === BinanceEvent.QUOTE) return [tsEvent, lastId, message.bidPrice, message.bidSize, message.askPrice, message.askSize];
  return [tsEvent, message.tradeId, message.price, message.quantity, message.aggressorSide, message.isOnBook];
}

/** Reads every line both ways. What the scanner takes, JSON.parse must take and read alike; what it leaves is not its matter. */
function compare(path: string, kind: RecordedKind, decimals: readonly [number, number], learn: (scanner: BinanceScanner) => void): Counts {
  const lines = new MessageLines(path);
  const fields = new MessageFields(lines, recordedInstrument(...decimals));
  const json = new BinanceJson(fields, kind);
  const fast = new BinanceMessage();
  const slow = new BinanceMessage();
  const scanner = new BinanceScanner(fast, ...decimals);
  learn(scanner);
  const counts: Counts = { scanned: 0, left: 0, refused: 0 };
  while (lines.next()) {
    const event = scanner.scan(lines.bytes, lines.from + 20, lines.to);
    if (event === null) counts.left += 1;
    if (event === BinanceEvent.NONE) continue;
    try {
      const envelope = json.open(lines.from + 20);
      if (envelope.event !== BinanceEvent.NONE) json.read(envelope, slow);
      if (event === null) continue;
      const [got, want] = [told(fast, event), told(slow, event)];
      // Millions of them: texts first, which are cheap.
      if (event !== envelope.event || JSON.stringify(got) !== JSON.stringify(want)) expect([event, got]).toEqual([envelope.event, want]);
      counts.scanned += 1;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      counts.refused += 1;
      if (event !== null) expect([event, lines.text(lines.from)]).toEqual([null, error.message]);
    }
  }
  return counts;
}

const learnBtc = (scanner: BinanceScanner): void => {
  scanner.learn('btcusdt@depth@100ms', BinanceEvent.DIFF, 'BTCUSDT');
  scanner.learn('btcusdt@bookTicker', BinanceEvent.QUOTE, 'BTCUSDT');
  scanner.learn('btcusdt@trade', BinanceEvent.TRADE, 'BTCUSDT');
  scanner.learn('btcusdt@aggTrade', BinanceEvent.AGGREGATE, 'BTCUSDT');
};

const FILES = [
  ['l2-binance-raw/usdm_btcusdt_20240808.gz', 'btcusdt@depth@0ms', 'btcusdt', 'BTCUSDT', [2, 3], [6551, 66_089, 21_313]],
  ['l2-binance-raw/cm_btcusd_perp_20240808.gz', 'btcusd_perp@depth@0ms', 'btcusd_perp', 'BTCUSD_PERP', [1, 0], [26_847, 19_136, 2286]],
  ['l2-binance-raw/spot_btcusdt_20240809.gz', 'btcusdt@depth@100ms', 'btcusdt', 'BTCUSDT', [2, 8], [3044, 45_134, 10_147]],
] as const;

describe.skipIf(!isThere)(`the scanner of Binance's messages on recordings${WHY}`, () => {
  it.each(FILES)('%s: takes every message of a stream and reads it as JSON.parse does', (file, depth, prefix, symbol, decimals, wants) => {
    const streams = [
      [BOOK_DELTAS, depth, BinanceEvent.DIFF],
      [QUOTES, `${prefix}@bookTicker`, BinanceEvent.QUOTE],
      [TRADES, `${prefix}@trade`, BinanceEvent.TRADE],
    ] as const;
    streams.forEach(([kind, wanted], at) => {
      const counts = compare(ROOT + file, kind, decimals, (scanner) => {
        for (const [, name, event] of streams) scanner.learn(name, name === wanted ? event : BinanceEvent.NONE, symbol);
      });
      expect([wanted, counts.scanned, counts.refused]).toEqual([wanted, wants[at], 0]);
    });
  });
});

const BASE: readonly (readonly [RecordedKind, string])[] = [
  [
    BOOK_DELTAS,
    '{"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":1723161256299,"T":1723161256298,"s":"BTCUSDT","ps":"BTC","U":10,"u":12,"pu":9,"b":[["61773.60","1.001"],["0.5","0"]],"a":[["61801.4","0.000"]]}}',
  ],
  [BOOK_DELTAS, '{"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":1723161256299,"s":"BTCUSDT","U":10,"u":12,"b":[],"a":[]}}'],
  [QUOTES, '{"stream":"btcusdt@bookTicker","data":{"u":12,"s":"BTCUSDT","b":"61837.63","B":"3.788","a":"61837.64","A":"1.54"}}'],
  [
    QUOTES,
    '{"stream":"btcusdt@bookTicker","data":{"e":"bookTicker","u":12,"s":"BTCUSDT","b":"61837.63","B":"3.788","a":"61837.64","A":"1.54","T":1723161257465,"E":1723161257476}}',
  ],
  [
    TRADES,
    '{"stream":"btcusdt@trade","data":{"e":"trade","E":1723161256322,"T":1723161256322,"s":"BTCUSDT","t":5266583935,"p":"61800.30","q":"0.006","X":"MARKET","m":false}}',
  ],
  [
    TRADES,
    '{"stream":"btcusdt@aggTrade","data":{"e":"aggTrade","E":1723161256322,"a":26129,"s":"BTCUSDT","p":"0.01","q":"4.500","f":27781,"l":27781,"T":1723161256153,"m":true,"M":true}}',
  ],
];
/** What messages are made of, and some that they are not. */
const BYTES = '0123456789"".,,::{}[]-+eEnulltrfabBATXmMpqsU \\';

describe('the scanner of Binance messages', () => {
  it.each([BOOK_DELTAS, QUOTES, TRADES])(
    'kind %i: never takes what JSON.parse refuses or reads otherwise, whatever bytes change',
    (kind) => {
      const random = stream(27, `scanner ${kind}`);
      const bases = BASE.filter(([of]) => of === kind).map(([, text]) => text);
      const texts: string[] = [...bases];
      for (let n = 0; n < 30_000; n += 1) {
        let text = bases[random.nextBelow(bases.length)]!;
        for (let changes = 1 + random.nextBelow(2); changes > 0; changes -= 1) {
          // The name of the stream stays: without it the scanner takes nothing.
          const at = 30 + random.nextBelow(text.length - 30);
          const byte = BYTES[random.nextBelow(BYTES.length)]!;
          const removed = random.nextBelow(3) === 0 ? 0 : 1;
          text = text.slice(0, at) + (random.nextBelow(4) === 0 ? '' : byte) + text.slice(at + removed);
        }
        texts.push(text);
      }
      const path = folder.write(`changed-${kind}.txt`, texts.map((text) => `1723161255030314667 ${text}\n`).join(''));
      const counts = compare(path, kind, [2, 3], learnBtc);
      // Changed digits leave messages whole; the rest is refused.
      expect(counts.scanned).toBeGreaterThan(2000);
      expect(counts.refused).toBeGreaterThan(10_000);
    },
  );

  it('leaves fields that come twice, numbers with zeros in front, and texts with escapes to JSON.parse', () => {
    const [, trade] = BASE[4]!;
    const changed = [
      trade.replace('"q":', '"p":"1.00","q":'),
      trade.replace('"p":"61800.30"', '"p":1,"p":"61800.30"'),
      trade.replace(':5266583935', ':05266583935'),
      trade.replace('"X":"MARKET"', '"X":"MARK\\u0045T"'),
      trade.replace('"X":"MARKET"', '"X":"INSURANCE_FUND"'),
      trade.replace('0.006', '0.000'),
      trade.replace('61800.30', '1234567890123456'),
      trade.replace('61800.30', '61800.301'),
    ];
    const path = folder.write('odd.txt', changed.map((text) => `1723161255030314667 ${text}\n`).join(''));
    expect(compare(path, TRADES, [2, 3], learnBtc)).toMatchObject({ scanned: 0, left: changed.length });
  });
});
