import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDecimal } from '../../base/decimal.ts';
import { makeBarBlock } from '../../model/blocks.ts';
import { barBuildProblem, makeBarBuilder } from './bar-builder.ts';
import { build, builderOf, MINUTE, naiveTimeBars, pieces, specification, utc } from './bar-builder.fixture.ts';
import { sharedDataFolder } from '../../../reference/shared-data.ts';
import { type BarRow, barBlock, barRows, quoteBlock, testInstrument, tradeBlock, type TradeRow } from './market-data.fixture.ts';

const trades = `${sharedDataFolder()}/freqtrade/XRP_ETH-trades.json.gz`;
const randomTrades = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 90_000_000 }), fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 500 })), {
    minLength: 1,
    maxLength: 80,
  })
  .map((rows) => {
    let ts = 1_700_000_000_000_000;
    return rows.map(([step, price, quantity]): TradeRow => [(ts += step), price, quantity]);
  });

describe('bars built from trades', () => {
  it('are those of the obvious twin, whatever the pieces', () => {
    fc.assert(
      fc.property(randomTrades, pieces, fc.constantFrom('30s', '1m', '5m', '1h', '1d'), (rows, cuts, text) => {
        const step = specification(text).step;
        const expected = naiveTimeBars(rows, (ts) => [ts - (ts % step), ts - (ts % step) + step]);
        const built = build(builderOf(text), tradeBlock(rows), Infinity, cuts);
        expect(built.rows).toEqual(expected);
        expect(built.tsInits).toEqual(expected.map(([, close]) => close));
      }),
      { numRuns: 400 },
    );
  });

  it('by ticks, volume and value end with the row that reaches the threshold, unsplit and without carry, whatever the pieces', () => {
    fc.assert(
      fc.property(randomTrades, pieces, fc.constantFrom('1t', '7t', '1v', '900v', '1n', '2500n'), (rows, cuts, text) => {
        const expected: BarRow[] = [];
        let group: TradeRow[] = [];
        let progress = 0n;
        for (const row of rows) {
          group.push(row);
          // Prices are at 10^-2: 2,500 of value are 250,000 counts.
          progress += text.endsWith('t') ? 1n : text.endsWith('v') ? BigInt(row[2]) : BigInt(row[1]) * BigInt(row[2]);
          if (progress < BigInt(text.slice(0, -1)) * (text.endsWith('n') ? 100n : 1n)) continue;
          const prices = group.map(([, price]) => price);
          expected.push([
            group[0]![0],
            row[0],
            prices[0]!,
            Math.max(...prices),
            Math.min(...prices),
            row[1],
            group.reduce((sum, [, , q]) => sum + q, 0),
          ]);
          group = [];
          progress = 0n;
        }
        expect(build(builderOf(text), tradeBlock(rows), Infinity, cuts).rows).toEqual(expected);
      }),
      { numRuns: 400 },
    );
  });

  it('are the same one after another as at once: several time frames share one stream', () => {
    const rows: TradeRow[] = Array.from({ length: 300 }, (_, i) => [i * 17_000_000, 100 + ((i * 7) % 13), 1 + (i % 3)]);
    const minutes = build(builderOf('1m'), tradeBlock(rows), Infinity).rows;
    const fives = build(builderOf('5m'), tradeBlock(rows), Infinity).rows;
    expect(build(builderOf('5m', 'bars'), barBlock(minutes), Infinity).rows).toEqual(fives);
  });

  it('begin weeks on Monday', () => {
    const built = build(
      builderOf('1w'),
      tradeBlock([
        [utc('2024-05-19T23:59:59'), 1, 1],
        [utc('2024-05-20T00:00:00'), 2, 1],
      ]),
      Infinity,
    );
    expect(built.rows.map(([open, close]) => [open, close])).toEqual([
      [utc('2024-05-13T00:00:00'), utc('2024-05-20T00:00:00')],
      [utc('2024-05-20T00:00:00'), utc('2024-05-27T00:00:00')],
    ]);
  });

  it('leave intervals without a trade out, or repeat the last close when told to', () => {
    const rows: TradeRow[] = [
      [0, 5, 1],
      [3 * MINUTE, 7, 2],
    ];
    expect(build(builderOf('1m'), tradeBlock(rows), 4 * MINUTE).rows).toHaveLength(2);
    expect(build(builderOf('1m', 'trades', null, 'repeat'), tradeBlock(rows), 5 * MINUTE).rows).toEqual([
      [0, MINUTE, 5, 5, 5, 5, 1],
      [MINUTE, 2 * MINUTE, 5, 5, 5, 5, 0],
      [2 * MINUTE, 3 * MINUTE, 5, 5, 5, 5, 0],
      [3 * MINUTE, 4 * MINUTE, 7, 7, 7, 7, 2],
      [4 * MINUTE, 5 * MINUTE, 7, 7, 7, 7, 0],
    ]);
  });

  it('count a value beyond 2^53 exactly: one unit short does not end the bar', () => {
    // Threshold 10^9 units of quote = 10^(9+2+8) counts at 2 and 8 decimals, far above 2^53.
    const exact = makeBarBuilder({ specification: specification('1000000000n'), instrument: testInstrument(0, 8), calendar: null });
    const rows: TradeRow[] = [
      [1, 2_000_000_000, 2_500_000_000],
      [2, 4_999_999_999_999_999, 1_000],
      [3, 999, 1],
      [4, 1, 1],
    ];
    // 5·10^18 + (5·10^18 − 1,000) + 999 + 1 = 10^19: reached by the last row only.
    const built = build(exact, tradeBlock(rows), Infinity);
    expect(built.rows.map((row) => row[1])).toEqual([4]);
  });

  it('are marked where they touch missing data, and only there', () => {
    const builder = builderOf('1m');
    const out = makeBarBlock(0, 9, 10);
    const gap = (tsFrom: number, tsTo: number): void =>
      builder.markGap({ kind: 'DataGap', instrument: 0, tsFrom, tsTo, reason: 'MARKED', tsEvent: tsTo, tsInit: tsTo });
    const marks: boolean[] = [];
    const one = (ts: number): void => {
      builder.accumulate(tradeBlock([[ts, 1, 1]]), 0, 1);
      builder.take(out);
      marks.push(builder.wasGapped);
    };
    one(10);
    builder.accumulate(tradeBlock([[MINUTE, 1, 1]]), 0, 1);
    gap(MINUTE + 5, 2 * MINUTE + 7);
    builder.take(out);
    marks.push(builder.wasGapped);
    one(2 * MINUTE + 30);
    one(3 * MINUTE);
    expect(marks).toEqual([false, true, true, false]);
  });

  it.skipIf(!existsSync(trades))('reproduce R7: 2,469 one-minute candles of XRP/ETH, volume 5,545,735 (needs the shared data)', () => {
    const raw = JSON.parse(gunzipSync(readFileSync(trades)).toString()) as [number, string, null, string, number, number, number][];
    const rows = raw.map(
      ([ms, , , , price, amount]): TradeRow => [
        ms * 1000,
        parseDecimal(String(price), 8) as number,
        parseDecimal(String(amount), 0) as number,
      ],
    );
    expect(rows).toHaveLength(12_477);
    const built = build(builderOf('1m'), tradeBlock(rows), Infinity, [5000]).rows;
    expect(built).toHaveLength(2469);
    expect(built.reduce((sum, row) => sum + row[6], 0)).toBe(5_545_735);
    expect(built).toEqual(naiveTimeBars(rows, (ts) => [Math.floor(ts / MINUTE) * MINUTE, (Math.floor(ts / MINUTE) + 1) * MINUTE]));
  });
});

describe('bars built from quotes', () => {
  it('follow the middle, half an increment down, and pass over one-sided quotes', () => {
    const quotes = quoteBlock([
      [0, 0, 100],
      [1, 100, 101],
      [2, 100, 104],
      [3, 99, 0],
      [4, 97, 98],
      [MINUTE, 0, 90],
      [2 * MINUTE, 90, 90],
    ]);
    expect(build(builderOf('1m', 'quotes'), quotes, 3 * MINUTE).rows).toEqual([
      [0, MINUTE, 100, 102, 97, 97, 0],
      [2 * MINUTE, 3 * MINUTE, 90, 90, 90, 90, 0],
    ]);
    expect(build(builderOf('2t', 'quotes'), quotes, Infinity).rows).toEqual([
      [1, 2, 100, 102, 100, 102, 0],
      [4, 2 * MINUTE, 97, 97, 90, 90, 0],
    ]);
  });
});

describe('bars built from bars', () => {
  const minute = (i: number, price: number): BarRow => [i * MINUTE, (i + 1) * MINUTE, price, price + 2, price - 1, price + 1, 10];

  it('are complete with the bar that closes with them, and by time where that one is missing', () => {
    const builder = builderOf('5m', 'bars');
    const block = barBlock([minute(0, 10), minute(1, 20), minute(4, 30), minute(5, 40), minute(12, 50)]);
    expect(builder.scan(block, 0, 5)).toBe(3);
    builder.accumulate(block, 0, 3);
    expect(builder.isComplete).toBe(true);
    const { rows, tsInits } = build(builderOf('5m', 'bars'), block, 20 * MINUTE);
    expect(rows).toEqual([
      [0, 5 * MINUTE, 10, 32, 9, 31, 30],
      [5 * MINUTE, 10 * MINUTE, 40, 42, 39, 41, 10],
      [10 * MINUTE, 15 * MINUTE, 50, 52, 49, 51, 10],
    ]);
    expect(tsInits).toEqual([5 * MINUTE, 10 * MINUTE, 15 * MINUTE]);
  });

  it('leave out, and count, a finer bar that comes after its bar was closed', () => {
    const builder = builderOf('5m', 'bars');
    const out = makeBarBlock(0, 9, 10);
    builder.accumulate(barBlock([minute(3, 10)]), 0, 1);
    builder.take(out);
    const late = barBlock([minute(4, 20), minute(5, 30)]);
    expect(builder.scan(late, 0, 2)).toBe(2);
    builder.accumulate(late, 0, 2);
    expect('lateRowCount' in builder && builder.lateRowCount).toBe(1);
    builder.take(out);
    expect(barRows(out).map((row) => [row[0], row[6]])).toEqual([
      [0, 10],
      [5 * MINUTE, 10],
    ]);
  });

  it('are refused from bars that do not fit into them', () => {
    const share = testInstrument();
    expect(barBuildProblem(specification('5m', 'bars'), share, specification('1m'))).toBeNull();
    expect(barBuildProblem(specification('5m', 'bars'), share, specification('2m'))).toContain('no multiple');
    expect(barBuildProblem(specification('5m', 'bars'), share, specification('1h'))).toContain('no multiple');
    expect(barBuildProblem(specification('5m', 'bars'), share, specification('100t'))).toContain('no fixed length');
    expect(barBuildProblem(specification('1000000000v'), testInstrument(0, 10))).toContain('2^53');
  });
});
