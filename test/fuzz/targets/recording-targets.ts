import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { type FuzzRun, type FuzzTarget, verdictOf } from '../target.ts';
import { drained } from '../drain.ts';
import { mutatedBytes, mutatedText, pick } from '../mutate.ts';
import { mutatedJson } from '../mutate-json.ts';
import { Scratch } from '../scratch.ts';
import { testInstrument } from '../../files-kit.ts';
import { sharedDataFolder } from '../../../reference/shared-data.ts';
import type { Random } from '../../../src/base/random.ts';
import { mbo, mbp, metadata } from '../../../src/adapters/files/recordings/dbn.fixture.ts';
import { openRecording } from '../../../src/adapters/files/recordings/open-recording.ts';
import type { RecordingFormat } from '../../../src/adapters/files/recordings/recording-format.ts';
import { lookAtRecording } from '../../../src/adapters/files/recordings/recording-look.ts';
import { plainFrame } from '../../../src/adapters/files/zstandard.fixture.ts';
import { BlockKind } from '../../../src/model/blocks.ts';

const { BOOK_DELTAS, QUOTES, TRADES } = BlockKind;
const AT = 1_723_161_255_030_314_667n;
const BINANCE = [
  '{"stream":"btcusdt@depth@0ms","data":{"e":"depthUpdate","E":1723161256299,"T":1723161256298,"s":"BTCUSDT","U":5,"u":7,"pu":4,"b":[["58710.20","0.014"]],"a":[]}}',
  '{"stream":"btcusdt@trade","data":{"e":"trade","E":1723161256322,"T":1723161256322,"s":"BTCUSDT","t":5,"p":"61800.30","q":"0.006","X":"MARKET","m":false}}',
  '{"lastUpdateId":6,"E":1723161256400,"T":1723161256399,"bids":[["58710.20","0.010"],["58710.10","1.000"]],"asks":[["58710.30","0.500"]]}',
  '{"stream":"btcusdt@depth@0ms","data":{"e":"depthUpdate","E":1723161256299,"T":1723161256298,"s":"BTCUSDT","U":9,"u":11,"pu":7,"b":[["58710.10","0.000"]],"a":[["58710.40","2.000"]]}}',
  '{"stream":"btcusdt@bookTicker","data":{"e":"bookTicker","u":12,"s":"BTCUSDT","b":"61800.20","B":"2.507","a":"61800.30","A":"2.510","T":1723161256313,"E":1723161256313}}',
];
const BYBIT = [
  '{"topic":"orderbook.50.XRPUSDT","type":"snapshot","ts":1733011200691,"data":{"s":"XRPUSDT","b":[["1.95","62"]],"a":[["1.96","3"]],"u":20,"seq":130},"cts":1733011200589}',
  '{"topic":"orderbook.50.XRPUSDT","type":"delta","ts":1733011200790,"data":{"s":"XRPUSDT","b":[["1.95","0"]],"a":[],"u":21,"seq":131},"cts":1733011200782}',
];
const HYPERLIQUID = [
  '{"channel":"l2Book","data":{"coin":"BTC","levels":[[{"n":5,"px":"105055.0","sz":"3.036"}],[{"n":1,"px":"105056.0","sz":"1.5"}]],"time":1737918843542}}',
  '{"channel":"trades","data":[{"coin":"BTC","hash":"0x","px":"105056.0","side":"B","sz":"0.002","tid":121451470284048,"time":1737918794873,"users":["0xe9","0x68"]}]}',
];
const TARDIS = [
  'exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount\nx,BTC,1585699200355684,1585699200355684,true,bid,6421.5,10\nx,BTC,1585699200355684,1585699200355684,true,ask,6422.0,20\nx,BTC,1585699200455684,1585699200455690,false,bid,6421.5,0\n',
  'exchange,symbol,timestamp,local_timestamp,id,side,price,amount\nx,BTC,1585699200355684,1585699200355684,1,buy,6421.5,10\nx,BTC,1585699200355685,1585699200355685,2,sell,6421.0,1\n',
  'exchange,symbol,timestamp,local_timestamp,ask_amount,ask_price,bid_price,bid_amount\nx,BTC,1585699200355684,1585699200355684,1,6422.0,6421.5,2\n',
  'exchange,symbol,timestamp,local_timestamp,asks[0].price,asks[0].amount,bids[0].price,bids[0].amount\nx,BTC,1585699200355684,1585699200355684,6422.0,1,6421.5,2\n',
];
const BITSTAMP = [
  'id,timestamp,exchange.timestamp,price,volume,action,direction\n1,1430438400100,1430438400000,236.50,150000000,created,bid\n2,1430438400200,1430438400100,236.60,200000001,created,ask\n1,1430438400300,1430438400200,236.50,50000000,changed,bid\n1,1430438400400,1430438400300,236.50,50000000,deleted,bid\n',
];
const DEPTH = [
  'symbol,timestamp,first_update_id,last_update_id,side,update_type,price,qty,pu\nX,1,10,10,b,snap,99.00,2.000,-1\nX,1,10,10,a,snap,100.00,1.000,-1\nX,2,9,12,b,set,99.50,3.000,8\nX,3,13,14,a,set,100.00,0,12\n',
];

type Made = string | Uint8Array;

/** Lines of messages, some of them changed as JSON, some as text. */
function messages(lines: readonly string[], isStamped: boolean): (random: Random) => Made {
  return (random) => {
    const said = lines.map((line) => (random.nextBelow(lines.length) === 0 ? mutatedJson(random, JSON.parse(line)) : line));
    const whole = said.map((line, at) => `${isStamped ? `${AT + BigInt(at) * 1000n} ` : ''}${line}\n`).join('');
    const text = random.nextBelow(4) === 0 ? mutatedText(random, whole) : whole;
    return random.nextBelow(8) === 0 ? mutatedBytes(random, Buffer.from(text)) : text;
  };
}

function tables(samples: readonly string[]): (random: Random) => Made {
  return (random) => {
    const text = mutatedText(random, pick(random, samples));
    return random.nextBelow(6) === 0 ? mutatedBytes(random, Buffer.from(text)) : text;
  };
}

const levels = Array.from({ length: 10 }, (_, n) => [BigInt(100 - n) * 10_000_000n, BigInt(101 + n) * 10_000_000n, 3, 4] as const);
const orders = Buffer.concat([
  metadata(),
  ...[1n, 2n, 3n, 4n].map((orderId) => mbo({ orderId })),
  mbo({ action: 'C' }),
  mbo({ action: 'T' }),
]);

function dbnFiles(): readonly Uint8Array[] {
  const samples = `${sharedDataFolder()}/dbn-samples/`;
  return [
    orders,
    plainFrame(orders),
    Buffer.concat([metadata({ version: 1, schema: 4 }), mbp(), mbp()]),
    Buffer.concat([metadata({ version: 2, schema: 2 }), mbp({ action: 'A', levels }), mbp({ levels })]),
    ...(existsSync(samples) ? readdirSync(samples).map((name) => readFileSync(samples + name)) : []).filter(
      (file) => file.length < 100_000,
    ),
  ];
}

interface Recording {
  readonly format: RecordingFormat;
  readonly entry: string;
  readonly ending: string;
  readonly decimals: readonly [price: number, quantity: number];
  readonly inputs: string;
  readonly make: () => (random: Random) => Made;
}

const RECORDINGS: readonly Recording[] = [
  {
    format: 'binance',
    entry: 'binance-stream.ts#openBinanceStream',
    ending: 'txt',
    decimals: [2, 3],
    inputs: 'lines of Binance messages',
    make: () => messages(BINANCE, true),
  },
  {
    format: 'bybit',
    entry: 'bybit-depth.ts#openBybitDepth',
    ending: 'txt',
    decimals: [2, 0],
    inputs: 'lines of Bybit messages',
    make: () => messages(BYBIT, false),
  },
  {
    format: 'hyperliquid',
    entry: 'hyperliquid.ts#openHyperliquid',
    ending: 'txt',
    decimals: [1, 3],
    inputs: 'lines of Hyperliquid messages',
    make: () => messages(HYPERLIQUID, true),
  },
  {
    format: 'tardis',
    entry: 'tardis.ts#openTardis',
    ending: 'csv',
    decimals: [1, 0],
    inputs: 'tables of Tardis',
    make: () => tables(TARDIS),
  },
  {
    format: 'bitstamp',
    entry: 'bitstamp-orders.ts#openBitstampOrders',
    ending: 'csv',
    decimals: [2, 8],
    inputs: 'logs of Bitstamp orders',
    make: () => tables(BITSTAMP),
  },
  {
    format: 'binance-depth-csv',
    entry: 'binance-depth-csv.ts#openBinanceDepthCsv',
    ending: 'csv',
    decimals: [2, 3],
    inputs: 'depth tables of Binance',
    make: () => tables(DEPTH),
  },
  {
    format: 'databento',
    entry: 'dbn-reader.ts#openDbn',
    ending: 'dbn',
    decimals: [2, 0],
    inputs: 'DBN files, plain and packed by Zstandard',
    make: () => {
      const files = dbnFiles();
      return (random) => mutatedBytes(random, pick(random, files));
    },
  },
];

/** Entries that a recording passes through besides its own opener. */
const THROUGH: Readonly<Partial<Record<RecordingFormat, readonly string[]>>> = {
  databento: ['src/adapters/files/recordings/dbn-file.ts#openDbnFile', 'src/adapters/files/recordings/dbn-metadata.ts#readDbnMetadata'],
};

function targetOf({ format, entry, ending, decimals, inputs, make }: Recording): FuzzTarget {
  return {
    name: `recording-${format}`,
    entries: [
      `src/adapters/files/recordings/${entry}`,
      'src/adapters/files/recordings/open-recording.ts#openRecording',
      'src/adapters/files/recordings/recording-look.ts#lookAtRecording',
      ...(THROUGH[format] ?? []),
    ],
    inputs,
    oracle: 'values of rows are safe integers and times do not fall',
    open: (): FuzzRun => {
      const scratch = new Scratch();
      const instrument = testInstrument(...decimals);
      const made = make();
      return {
        generate: (random) => {
          const whole = made(random);
          const isPacked = random.nextBelow(10) === 0;
          return {
            whole: isPacked ? mutatedBytes(random, gzipSync(whole)) : whole,
            isPacked,
            kind: pick(random, [BOOK_DELTAS, BOOK_DELTAS, TRADES, QUOTES]),
          };
        },
        feed: (input) => {
          const { whole, isPacked, kind } = input as {
            readonly whole: Made;
            readonly isPacked: boolean;
            readonly kind: typeof BOOK_DELTAS;
          };
          const path = scratch.write(isPacked ? 'recording.gz' : `recording.${ending}`, whole);
          return verdictOf(() => {
            lookAtRecording(path);
            drained(openRecording({ format, path, kind, instrument, rowsPerBlock: 7 }));
          });
        },
        close: () => scratch.close(),
      };
    },
  };
}

export const RECORDING_TARGETS: readonly FuzzTarget[] = RECORDINGS.map(targetOf);
