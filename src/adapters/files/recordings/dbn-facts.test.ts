import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BookAction, BookFlag } from '../../../model/book-delta.ts';
import { BlockKind } from '../../../model/blocks.ts';
import { problemOf, testInstrument } from '../../../../test/files-kit.ts';
import { isThere, ROOT, WHY } from '../../../../test/shared-data-kit.ts';
import { openDbnFile } from './dbn-file.ts';
import { HEADER, MBO, MBP } from './dbn-layout.ts';
import { timeOf } from './dbn-numbers.ts';
import { openDbn } from './dbn-reader.ts';
import { dbnDeltas, dbnQuotes, dbnTrades } from './dbn-rows.fixture.ts';

/** What was found in the files by another program. */
interface Facts {
  readonly dbn_version: number;
  readonly dataset: string;
  readonly schema: string;
  readonly symbols: readonly string[];
  readonly records: number;
  readonly instrument_ids?: number;
  readonly actions?: Readonly<Record<string, number>>;
  readonly sides?: Readonly<Record<string, number>>;
  readonly trade_count?: number;
  readonly trade_volume?: number;
  readonly [number: string]: unknown;
}

const expected = isThere
  ? (JSON.parse(
      // Nanoseconds have more digits than numbers: they are kept as texts. Other files have NaN, which JSON does not.
      readFileSync(`${ROOT}expected.json`, 'utf8')
        .replace(/(_ns": )(\d+)/g, '$1"$2"')
        .replace(/: NaN/g, ': null'),
    ) as { readonly files: Readonly<Record<string, Facts>> })
  : { files: {} };
const files = Object.entries(expected.files).filter(([name]) => name.includes('.dbn'));
const READ = ['mbo', 'mbp-1', 'mbp-10', 'tbbo', 'trades', 'bbo-1s', 'bbo-1m'];
const read = files.filter(([, { schema }]) => READ.includes(schema));
const refused = files.filter(([, { schema }]) => !READ.includes(schema));

const microseconds = (ns: unknown): number => Number(BigInt(ns as string) / 1000n);
const cents = (price: unknown): number => Math.round((price as number) * 100);

function tally(values: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

describe.skipIf(!isThere)(`every DBN file of the shared data${WHY}`, () => {
  it('is there: fifteen samples, and ten files of CME, of which eight are read by records', () => {
    expect([files.length, read.length, refused.length]).toEqual([25, 16, 9]);
  });

  it.each(read)('%s has the version, symbols, times, records, actions and sides that were counted', (name, facts) => {
    const file = openDbnFile(ROOT + name);
    const { metadata, schema } = file;
    expect([metadata.version, metadata.dataset, schema.name, metadata.symbols]).toEqual([
      facts.dbn_version,
      facts.dataset,
      facts.schema,
      facts.symbols,
    ]);
    expect([String(metadata.startNs), String(metadata.endNs)]).toEqual([facts['query_start_ns'], facts['query_end_ns']]);
    const place = schema.name === 'mbo' ? MBO : MBP;
    const times: number[] = [];
    const received: number[] = [];
    const actions: string[] = [];
    const sides: string[] = [];
    const instruments = new Set<number>();
    while (file.next()) {
      times.push(timeOf(file, HEADER.TS_EVENT, 'ts_event'));
      received.push(timeOf(file, place.TS_RECV, 'ts_recv'));
      actions.push(String.fromCharCode(file.bytes[file.at + place.ACTION]!));
      sides.push(String.fromCharCode(file.bytes[file.at + place.SIDE]!));
      instruments.add(file.view.getUint32(file.at + HEADER.INSTRUMENT_ID, true));
    }
    expect([times.length, instruments.size]).toEqual([facts.records, facts.instrument_ids]);
    expect([times[0], times.at(-1), times.reduce((a, b) => Math.min(a, b)), times.reduce((a, b) => Math.max(a, b))]).toEqual(
      ['first', 'last', 'min', 'max'].map((which) => microseconds(facts[`${which}_ts_event_ns`])),
    );
    if (facts['first_ts_recv_ns'] !== undefined) {
      expect([received[0], received.at(-1)]).toEqual([microseconds(facts['first_ts_recv_ns']), microseconds(facts['last_ts_recv_ns'])]);
    }
    if (facts.actions !== undefined) expect(tally(actions)).toEqual(facts.actions);
    if (facts.sides !== undefined) expect(tally(sides)).toEqual(facts.sides);
  });

  it.each(read.filter(([, { schema }]) => schema === 'mbo'))('%s becomes a delta for each add, cancel, modify and clear', (name, facts) => {
    const rows = dbnDeltas(ROOT + name);
    const counts = tally(rows.map((row) => String(row[2])));
    const { A = 0, C = 0, M = 0, R = 0 } = facts.actions!;
    const of = (action: BookAction): number => counts[action] ?? 0;
    // Where the file does not start with a clearing, one is put before it.
    expect([of(BookAction.ADD), of(BookAction.REDUCE), of(BookAction.MODIFY), of(BookAction.CLEAR)]).toEqual([A, C, M, R === 0 ? 1 : R]);
    expect(rows[0]![2]).toBe(BookAction.CLEAR);
    const prices = rows.map((row) => row[4]!).filter((price) => price !== 0);
    expect([prices.reduce((a, b) => Math.min(a, b)), prices.reduce((a, b) => Math.max(a, b))]).toEqual([
      cents(facts['min_price']),
      cents(facts['max_price']),
    ]);
    expect((rows.at(-1)![7]! & BookFlag.LAST) !== 0).toBe(true);
  });

  it.each(read.filter(([, facts]) => facts.trade_count !== undefined))('%s has the trades that were counted', (name, facts) => {
    const rows = dbnTrades(ROOT + name);
    expect([rows.length, rows.reduce((sum, row) => sum + row[3]!, 0)]).toEqual([facts.trade_count, facts.trade_volume]);
    if (facts['min_trade_price'] === undefined) return;
    const prices = rows.map((row) => row[2]!);
    expect([Math.min(...prices), Math.max(...prices)]).toEqual([cents(facts['min_trade_price']), cents(facts['max_trade_price'])]);
  });

  it.each(read.filter(([, facts]) => facts['last_bid'] !== undefined))('%s has the quotes that were counted', (name, facts) => {
    const rows = dbnQuotes(ROOT + name);
    const trades = facts.schema === 'tbbo' ? 0 : facts.trade_count!;
    expect(rows.length).toBe(facts.records - trades);
    const [bid, ask] = [rows.map((row) => row[2]!), rows.map((row) => row[3]!)];
    expect([Math.min(...bid), Math.max(...ask), bid.at(-1), ask.at(-1)]).toEqual(
      ['min_bid', 'max_ask', 'last_bid', 'last_ask'].map((which) => cents(facts[which])),
    );
  });

  it.each(refused)('%s is refused with its schema and what is read', (name, facts) => {
    const { code, value, rule } = problemOf(() => dbnDeltas(ROOT + name));
    expect([code, value]).toEqual(['RECORD_UNKNOWN', facts.schema]);
    expect(rule).toContain('mbo (book-deltas, trades); mbp-1 (');
  });

  it('R5: the day of ES orders has 2,973 trades of 9,892 contracts from 4,800.25 to 4,811.75', () => {
    const rows = dbnTrades(`${ROOT}databento-cme/esh4-glbx-mdp3-20231225.mbo.dbn.zst`);
    expect([rows.length, rows.reduce((sum, row) => sum + row[3]!, 0)]).toEqual([2973, 9892]);
    expect([Math.min(...rows.map((row) => row[2]!)), Math.max(...rows.map((row) => row[2]!))]).toEqual([480_025, 481_175]);
    // Buyers, sellers and unknown, as counted with Python's struct.
    expect(tally(rows.map((row) => String(row[4])))).toEqual({ 1: 1542, '-1': 1430, 0: 1 });
  });
});

// Values of the samples as Python's struct unpacks them by the specification.
describe.skipIf(!isThere)(`the samples of Databento${WHY}`, () => {
  const sample = (name: string): string => `${ROOT}dbn-samples/test_data.${name}`;

  it('of versions 1, 2 and 3, packed and plain, have the same two cancels', () => {
    const [ts, next] = [1_609_160_400_000_704, 1_609_160_400_000_711];
    const rows = [
      [1_609_160_400_000_429, ts, BookAction.CLEAR, 0, 0, 0, 0, 0],
      [1_609_160_400_000_429, ts, BookAction.REDUCE, -1, 372_275, 1, 647_784_973_705, BookFlag.LAST],
      [1_609_160_400_000_431, next, BookAction.REDUCE, -1, 372_300, 1, 647_784_973_631, BookFlag.LAST],
    ];
    for (const name of ['mbo.v1.dbn.zst', 'mbo.v2.dbn.zst', 'mbo.v3.dbn.zst', 'mbo.v3.dbn']) expect(dbnDeltas(sample(name))).toEqual(rows);
  });

  it('have the trades and quotes of their records', () => {
    const trades = [
      [1_609_160_400_098_821, 1_609_160_400_099_150, 372_025, 5, -1],
      [1_609_160_400_107_665, 1_609_160_400_108_142, 372_025, 21, -1],
    ];
    for (const name of ['trades.v1', 'trades.v3', 'tbbo.v3']) expect(dbnTrades(sample(`${name}.dbn.zst`))).toEqual(trades);
    expect(dbnQuotes(sample('tbbo.v3.dbn.zst'))).toEqual([
      [1_609_160_400_098_821, 1_609_160_400_099_150, 372_025, 372_050, 26, 7],
      [1_609_160_400_107_665, 1_609_160_400_108_142, 372_025, 372_050, 21, 22],
    ]);
    for (const name of ['mbp-1.v1', 'mbp-1.v3']) {
      expect(dbnQuotes(sample(`${name}.dbn.zst`))).toEqual([
        [1_609_160_400_006_001, 1_609_160_400_006_136, 372_025, 372_050, 24, 11],
        [1_609_160_400_006_146, 1_609_160_400_006_246, 372_025, 372_050, 24, 12],
      ]);
    }
  });

  it('of ten levels are two snapshots of twenty levels', () => {
    const rows = dbnDeltas(sample('mbp-10.v3.dbn.zst'));
    expect(rows.length).toBe(42);
    const head = [1_609_160_400_000_429, 1_609_160_400_000_704];
    const { CLEAR, SET } = BookAction;
    const { SNAPSHOT, LAST } = BookFlag;
    expect([0, 1, 2, 3, 20].map((row) => rows[row])).toEqual([
      [...head, CLEAR, 0, 0, 0, 0, SNAPSHOT],
      [...head, SET, 1, 372_025, 24, 0, SNAPSHOT],
      [...head, SET, -1, 372_050, 10, 0, SNAPSHOT],
      [...head, SET, 1, 372_000, 31, 0, SNAPSHOT],
      [...head, SET, -1, 372_275, 44, 0, SNAPSHOT | LAST],
    ]);
    expect(rows[24]!.slice(3, 6)).toEqual([1, 372_000, 30]);
  });

  it('of two symbols are read by the one that is chosen, with the end of the interval as time', () => {
    const path = `${ROOT}databento-cme/futures_settlement/futures_settlement_bbo-1m_2025-12-19T14-25-00_2025-12-19T14-35-00.dbn.zst`;
    expect(dbnQuotes(path, { symbol: 'ESZ5' }).slice(0, 2)).toEqual([
      [1_766_154_300_000_000, 1_766_154_300_000_000, 679_175, 679_225, 3, 11],
      [1_766_154_360_000_000, 1_766_154_360_000_000, 678_550, 678_600, 4, 3],
    ]);
    expect(dbnQuotes(path, { symbol: 'ESH6' }).map((row) => row[2])).toEqual([
      684_325, 683_700, 683_650, 683_650, 684_275, 684_725, 685_300, 685_800, 686_000, 685_975,
    ]);
    const none = problemOf(() => openDbn({ path, kind: BlockKind.QUOTES, instrument: testInstrument(2) }));
    expect([none.code, none.rule]).toEqual(['SYMBOL_UNKNOWN', 'The file has ESZ5, ESH6, and none was chosen.']);
    const other = problemOf(() => dbnQuotes(path, { symbol: 'ESM6' }));
    expect([other.code, other.value, other.rule]).toEqual(['SYMBOL_UNKNOWN', 'ESM6', 'The file has ESZ5, ESH6.']);
  });
});
