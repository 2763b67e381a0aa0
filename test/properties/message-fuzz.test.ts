import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder } from '../files-kit.ts';
import { type Random, stream } from '../../src/base/random.ts';
import { BlockKind } from '../../src/model/blocks.ts';
import { InputError } from '../../src/ports/errors.ts';
import { openBinanceStream } from '../../src/adapters/files/recordings/binance-stream.ts';
import { openBybitDepth } from '../../src/adapters/files/recordings/bybit-depth.ts';
import { openHyperliquid } from '../../src/adapters/files/recordings/hyperliquid.ts';
import { recordedInstrument } from '../../src/adapters/files/recordings/message-recordings.fixture.ts';
import type { OpenRecordingOptions, RecordingReader } from '../../src/adapters/files/recordings/recording-reader.ts';
import type { RecordedKind } from '../../src/adapters/files/recordings/row-buffer.ts';

const folder = makeFolder();
afterAll(folder.remove);
const { BOOK_DELTAS, QUOTES, TRADES } = BlockKind;

const AT = 1_723_161_255_030_314_667n;
const BINANCE = [
  '{"stream":"btcusdt@depth@0ms","data":{"e":"depthUpdate","E":1723161256299,"T":1723161256298,"s":"BTCUSDT","U":5,"u":7,"pu":4,"b":[["58710.20","0.014"]],"a":[]}}',
  '{"stream":"btcusdt@trade","data":{"e":"trade","E":1723161256322,"T":1723161256322,"s":"BTCUSDT","t":5,"p":"61800.30","q":"0.006","X":"MARKET","m":false}}',
  '{"lastUpdateId":6,"E":1723161256400,"T":1723161256399,"bids":[["58710.20","0.010"],["58710.10","1.000"]],"asks":[["58710.30","0.500"]]}',
  '{"stream":"btcusdt@depth@0ms","data":{"e":"depthUpdate","E":1723161256299,"T":1723161256298,"s":"BTCUSDT","U":9,"u":11,"pu":7,"b":[["58710.10","0.000"]],"a":[["58710.40","2.000"]]}}',
  '{"stream":"btcusdt@bookTicker","data":{"e":"bookTicker","u":12,"s":"BTCUSDT","b":"61800.20","B":"2.507","a":"61800.30","A":"2.510","T":1723161256313,"E":1723161256313}}',
  '{"stream":"btcusdt@trade","data":{"e":"trade","E":1723161256322,"T":1723161256322,"s":"BTCUSDT","t":6,"p":"61800.30","q":"0.006","X":"MARKET","m":true}}',
];
const BYBIT = [
  '{"topic":"orderbook.50.XRPUSDT","type":"snapshot","ts":1733011200691,"data":{"s":"XRPUSDT","b":[["1.95","62"]],"a":[["1.96","3"]],"u":20,"seq":130},"cts":1733011200589}',
  '{"topic":"orderbook.50.XRPUSDT","type":"delta","ts":1733011200790,"data":{"s":"XRPUSDT","b":[["1.95","0"]],"a":[],"u":21,"seq":131},"cts":1733011200782}',
];
const HYPERLIQUID = [
  '{"channel":"l2Book","data":{"coin":"BTC","levels":[[{"n":5,"px":"105055.0","sz":"3.036"}],[{"n":1,"px":"105056.0","sz":"1.5"}]],"time":1737918843542}}',
  '{"channel":"trades","data":[{"coin":"BTC","hash":"0x","px":"105056.0","side":"B","sz":"0.002","tid":121451470284048,"time":1737918794873,"users":["0xe9","0x68"]}]}',
];

function stamped(messages: readonly string[]): Buffer {
  return Buffer.from(messages.map((message, at) => `${AT + BigInt(at) * 1000n} ${message}\n`).join(''));
}

const CASES: readonly (readonly [string, Buffer, (options: OpenRecordingOptions) => RecordingReader, readonly RecordedKind[]])[] = [
  ['Binance', stamped(BINANCE), openBinanceStream, [BOOK_DELTAS, QUOTES, TRADES]],
  ['Bybit', Buffer.from(`${BYBIT.join('\n')}\n`), openBybitDepth, [BOOK_DELTAS]],
  ['Hyperliquid', stamped(HYPERLIQUID), openHyperliquid, [BOOK_DELTAS, TRADES]],
];

/** Some bytes changed, a piece taken out or said twice, or the end cut off. */
function damaged(whole: Buffer, random: Random): Buffer {
  const bytes = Buffer.from(whole);
  const at = random.nextBelow(bytes.length);
  switch (random.nextBelow(4)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + random.nextBelow(60))]);
    case 2:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at - Math.min(at, random.nextBelow(200)))]);
    default:
      for (let flips = 1 + random.nextBelow(3); flips > 0; flips -= 1) bytes[random.nextBelow(bytes.length)]! ^= 1 << random.nextBelow(8);
      return bytes;
  }
}

describe.each(CASES)('a damaged recording of %s', (name, whole, open, kinds) => {
  it('is read or refused with a code and a file, and nothing else happens', () => {
    const random = stream(65, name);
    const instrument = recordedInstrument(2, 3);
    let read = 0;
    const codes = new Set<string>();
    for (let n = 0; n < 400; n += 1) {
      const bytes = damaged(whole, random);
      const packed = n % 10 === 0;
      const path = folder.write(packed ? 'damaged.gz' : 'damaged.txt', packed ? damaged(gzipSync(whole), random) : bytes);
      for (const kind of kinds) {
        try {
          const reader = open({ path, kind, instrument, rowsPerBlock: 4 });
          for (let block = reader.next(); block !== null; block = reader.next()) {
            for (let row = 0; row < block.length; row += 1) {
              const values = 'price' in block ? [block.price[row]!, block.quantity[row]!] : [block.bidPrice[row]!, block.bidSize[row]!];
              values.push(block.tsEvent[row]!, block.tsInit[row]!);
              if (!values.every((value) => Number.isSafeInteger(value) && value >= 0)) throw new Error(`${path}: ${values.join(' ')}`);
            }
          }
          read += 1;
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
          codes.add(error.problems[0]!.code);
          if (error.problems[0]!.file !== path) throw error;
        }
      }
    }
    expect(read).toBeGreaterThan(5);
    expect(codes.size).toBeGreaterThan(4);
  });
});
