import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder, problemOf } from '../files-kit.ts';
import { decimal, isThere, ROOT, WHY } from '../shared-data-kit.ts';
import type { OrderBook } from '../../src/book/order-book.ts';
import { BlockKind } from '../../src/model/blocks.ts';
import { openBinanceStream } from '../../src/adapters/files/recordings/binance-stream.ts';
import {
  ends,
  Facts,
  microseconds,
  type RawLine,
  rawLines,
  rebuild,
  recordedInstrument,
} from '../../src/adapters/files/recordings/message-recordings.fixture.ts';
import { type Row, rowsOf } from '../../src/adapters/files/recordings/recorded-rows.fixture.ts';
import type { RecordingReader } from '../../src/adapters/files/recordings/recording-reader.ts';
import type { RecordedKind } from '../../src/adapters/files/recordings/row-buffer.ts';

const { BOOK_DELTAS, QUOTES, TRADES } = BlockKind;
const folder = makeFolder();
afterAll(folder.remove);

const USDM = 'l2-binance-raw/usdm_btcusdt_20240808.gz';
const COINM = 'l2-binance-raw/cm_btcusd_perp_20240808.gz';
const SPOT_8 = 'l2-binance-raw/spot_btcusdt_20240808.gz';
const SPOT_9 = 'l2-binance-raw/spot_btcusdt_20240809.gz';

interface Recording {
  readonly name: string;
  readonly files: readonly string[];
  readonly priceDecimals: number;
  readonly quantityDecimals: number;
  readonly isFutures: boolean;
}

const RECORDINGS: readonly Recording[] = [
  { name: 'USD-M BTCUSDT', files: [USDM], priceDecimals: 2, quantityDecimals: 3, isFutures: true },
  { name: 'COIN-M BTCUSD_PERP', files: [COINM], priceDecimals: 1, quantityDecimals: 0, isFutures: true },
  { name: 'Spot BTCUSDT', files: [SPOT_8], priceDecimals: 2, quantityDecimals: 8, isFutures: false },
  { name: 'Spot BTCUSDT over two files', files: [SPOT_8, SPOT_9], priceDecimals: 2, quantityDecimals: 8, isFutures: false },
];

function open(recording: Recording, kind: RecordedKind): RecordingReader {
  const { files, priceDecimals, quantityDecimals } = recording;
  const instrument = recordedInstrument(priceDecimals, quantityDecimals);
  return openBinanceStream({ path: files.map((file) => ROOT + file), kind, instrument });
}

function rawOf(recording: Recording): RawLine[] {
  return recording.files.flatMap((file) => rawLines(ROOT + file));
}

function factsOf(recording: Recording): Facts {
  return new Facts(recording.files[0]!);
}

describe.skipIf(!isThere).each(RECORDINGS.filter(({ files }) => files.length === 1))(`a recording of Binance, $name${WHY}`, (recording) => {
  const facts = factsOf(recording);
  const { priceDecimals, quantityDecimals } = recording;

  it('brings the snapshot and the diffs that follow it, none lost, to the book that other software found', () => {
    const rebuilt = rebuild(open(recording, BOOK_DELTAS));
    expect([rebuilt.snapshots, rebuilt.gaps, rebuilt.crossed]).toEqual([facts.number('snapshots'), facts.number('sequence_gaps'), 0]);
    expect(rebuilt.levelChanges).toBe(facts.number('level_changes'));
    expect(rebuilt.events).toBe(1 + facts.number('depth_updates') - facts.number('depth_dropped_before_snapshot'));
    // REST snapshots of 1,000 levels a side.
    expect(rebuilt.rows).toBe(1 + 2000 + facts.number('level_changes'));
    const { book } = rebuilt;
    expect([book.levelCount(1), book.levelCount(-1)]).toEqual([facts.number('final_bid_levels'), facts.number('final_ask_levels')]);
    for (const [side, name] of [
      [1, 'final_top5_bids'],
      [-1, 'final_top5_asks'],
    ] as const) {
      let price = book.best(side);
      for (const [wantPrice, wantQuantity] of facts.any(name) as readonly (readonly [string, string])[]) {
        expect([price, book.quantityAt(side, price)].map(BigInt)).toEqual([
          decimal(wantPrice, priceDecimals),
          decimal(wantQuantity, quantityDecimals),
        ]);
        price = book.priceAfter(side, price);
      }
    }
  });

  it('brings every best bid and ask as it stands in the file, at the time of its line', () => {
    const rows = rowsOf(open(recording, QUOTES));
    expect(rows.length).toBe(facts.number('book_ticker'));
    const want = rawOf(recording)
      .filter(({ message }) => 'B' in message.data)
      .map(({ ns, message: { data } }) => ({
        tsEvent: data['T'] === undefined ? microseconds(ns) : Number(data['T']) * 1000,
        tsInit: microseconds(ns),
        bidPrice: Number(decimal(data['b'], priceDecimals)),
        askPrice: Number(decimal(data['a'], priceDecimals)),
        bidSize: Number(decimal(data['B'], quantityDecimals)),
        askSize: Number(decimal(data['A'], quantityDecimals)),
      }));
    expect(rows).toEqual(want);
    const last = rows.at(-1)!;
    const [bid, bidSize, ask, askSize] = facts.any('last_book_ticker') as readonly string[];
    expect([last['bidPrice'], last['bidSize'], last['askPrice'], last['askSize']].map((count) => BigInt(count!))).toEqual([
      decimal(bid, priceDecimals),
      decimal(bidSize, quantityDecimals),
      decimal(ask, priceDecimals),
      decimal(askSize, quantityDecimals),
    ]);
  });

  it('brings every trade with the side that crossed the spread', () => {
    const rows = rowsOf(open(recording, TRADES));
    const sum = (of: readonly Row[]): bigint => of.reduce((total, row) => total + BigInt(row['quantity']!), 0n);
    expect(rows.length).toBe(facts.number('trades'));
    expect(sum(rows)).toBe(decimal(facts.any('trade_qty_sum'), quantityDecimals));
    expect(sum(rows.filter((row) => row['aggressorSide'] === 1))).toBe(decimal(facts.any('trade_buy_aggressor_qty'), quantityDecimals));
    expect(sum(rows.filter((row) => row['aggressorSide'] === -1))).toBe(decimal(facts.any('trade_sell_aggressor_qty'), quantityDecimals));
    const prices = rows.map((row) => row['price']!);
    expect(BigInt(prices.reduce((a, b) => Math.min(a, b)))).toBe(decimal(facts.any('trade_min_price'), priceDecimals));
    expect(BigInt(prices.reduce((a, b) => Math.max(a, b)))).toBe(decimal(facts.any('trade_max_price'), priceDecimals));
  });

  it('reads every line there is: those of the three kinds and the snapshot are all, up to the last time', () => {
    const raw = rawOf(recording);
    expect(raw.length).toBe(facts.number('rows'));
    expect([Number(raw[0]!.ns), Number(raw.at(-1)!.ns)]).toEqual([facts.number('first_local_ts_ns'), facts.number('last_local_ts_ns')]);
    const [deltas, quotes, trades] = [BOOK_DELTAS, QUOTES, TRADES].map((kind) => ends(open(recording, kind)));
    expect(quotes!.rows + trades!.rows + facts.number('depth_updates') + facts.number('snapshots')).toBe(facts.number('rows'));
    // The first lines are diffs that wait for the snapshot; nothing is said before it.
    const snapshot = raw.find(({ message }) => 'lastUpdateId' in message.data)!;
    expect(deltas!.first['tsInit']).toBe(microseconds(snapshot.ns));
    expect(Math.max(deltas!.last['tsInit']!, quotes!.last['tsInit']!, trades!.last['tsInit']!)).toBe(microseconds(raw.at(-1)!.ns));
    // Futures say when the engine did it (T); the facts have when it was sent (E), which is all that Spot has.
    expect(deltas!.last['tsEvent']).toBe((recording.isFutures ? lastTime(raw) : facts.number('last_depth_event_ms')) * 1000);
  });
});

/** `T` of the last diff, in milliseconds. */
function lastTime(raw: readonly RawLine[]): number {
  return Number(raw.findLast(({ message }) => 'U' in message.data)!.message.data['T']);
}

/** Diffs that belong on the snapshot, by the plain words of the venue. */
function diffsOf(raw: readonly RawLine[], isFutures: boolean): readonly Readonly<Record<string, unknown>>[] {
  const snapshotId = Number(raw.find(({ message }) => 'lastUpdateId' in message.data)!.message.data['lastUpdateId']);
  return raw
    .map(({ message }) => message.data)
    .filter((data) => 'U' in data && (isFutures ? Number(data['u']) >= snapshotId : Number(data['u']) > snapshotId));
}

describe.skipIf(!isThere)(`the book of Binance on the way, held against the best bids and asks of the same recording${WHY}`, () => {
  const known: Readonly<Record<string, readonly [number, number, readonly number[]]>> = {
    // Diffs after which there is a best bid and ask of the very same id; diffs in all; ids after which the last one up to them is another.
    'USD-M BTCUSDT': [629, 6547, []],
    'COIN-M BTCUSD_PERP': [1124, 26_824, []],
    // Both times the venue told a best bid three or four ids before the end of a diff that does not have it; the next diff takes it away.
    'Spot BTCUSDT over two files': [1072, 6493, [50_093_478_174, 50_093_480_542]],
  };

  it.each(RECORDINGS.filter(({ name }) => name in known))('$name: agrees after every diff, by update ids', (recording) => {
    const { priceDecimals, quantityDecimals, isFutures } = recording;
    const raw = rawOf(recording);
    const diffs = diffsOf(raw, isFutures);
    const tops = raw.map(({ message }) => message.data).filter((data) => 'B' in data);
    let top = -1;
    const counts = { same: 0, sameAgreed: 0, upTo: 0 };
    const differing: number[] = [];
    const compare = (book: OrderBook, event: number): void => {
      if (event === 0) return;
      const id = Number(diffs[event - 1]!['u']);
      while (top + 1 < tops.length && Number(tops[top + 1]!['u']) <= id) top += 1;
      const told = tops[top]!;
      const want = [
        decimal(told['b'], priceDecimals),
        decimal(told['B'], quantityDecimals),
        decimal(told['a'], priceDecimals),
        decimal(told['A'], quantityDecimals),
      ];
      const got = [book.bestBid, book.bidSize, book.bestAsk, book.askSize].map(BigInt);
      const agrees = want.every((count, at) => count === got[at]);
      counts.upTo += 1;
      if (!agrees) differing.push(id);
      if (told['u'] !== id) return;
      counts.same += 1;
      if (agrees) counts.sameAgreed += 1;
    };
    const { events } = rebuild(open(recording, BOOK_DELTAS), compare);
    const [same, upTo, odd] = known[recording.name]!;
    expect(events).toBe(1 + diffs.length);
    expect(counts).toEqual({ same, sameAgreed: same, upTo });
    expect(differing).toEqual(odd);
  });

  it('the file that goes on without a snapshot is refused alone, and goes on with the book of the one before', () => {
    const alone = { ...RECORDINGS[3]!, files: [SPOT_9] };
    const problem = problemOf(() => rebuild(open(alone, BOOK_DELTAS)));
    expect([problem.code, problem.file, problem.line, problem.value]).toEqual(['BOOK_SNAPSHOT_MISSING', ROOT + SPOT_9, 1, '50093421585']);
    const both = rebuild(open(RECORDINGS[3]!, BOOK_DELTAS));
    expect([both.snapshots, both.gaps, both.crossed]).toEqual([1, 0, 0]);
    expect(both.events).toBe(1 + 3451 - 2 + 3044);
    // It needs no snapshot for trades and quotes.
    expect(rowsOf(open(alone, TRADES)).length).toBe(new Facts(SPOT_9).number('trades'));
    expect(rowsOf(open(alone, QUOTES)).length).toBe(new Facts(SPOT_9).number('book_ticker'));
  });

  it('a packed file that is cut short is refused', () => {
    const cut = folder.write('cut.gz', readFileSync(ROOT + COINM).subarray(0, 1_000_000));
    const problem = problemOf(() => rowsOf(openBinanceStream({ path: cut, kind: TRADES, instrument: recordedInstrument(1, 0) })));
    expect([problem.code, problem.file]).toEqual(['ARCHIVE_DAMAGED', cut]);
  });
});
