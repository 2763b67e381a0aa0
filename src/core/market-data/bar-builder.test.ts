import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shippedCalendar } from '../../adapters/time-zones/shipped-calendars.ts';
import { parseDecimal } from '../../base/decimal.ts';
import { type BarSource, type BarSpecification, isBarSpecificationRefusal, parseBarSpecification } from '../../model/bar-specification.ts';
import { makeBarBlock } from '../../model/blocks.ts';
import type { TradingCalendar } from '../../model/calendar.ts';
import { parseDate } from '../../model/civil-date.ts';
import type { BarInput } from './bar-accumulator.ts';
import { type BarBuilder, barBuildProblem, makeBarBuilder } from './bar-builder.ts';
import { type BarRow, barBlock, barRows, quoteBlock, testInstrument, tradeBlock, type TradeRow } from './market-data.fixture.ts';

const MINUTE = 60_000_000;
const trades = new URL('../../../../shared/data/freqtrade/XRP_ETH-trades.json.gz', import.meta.url);
const utc = (text: string): number => Date.parse(`${text}Z`) * 1000;

function specification(text: string, from: BarSource = 'trades'): BarSpecification {
  const result = parseBarSpecification(text, from);
  if (isBarSpecificationRefusal(result)) throw new Error(result.reason);
  return result;
}

function builderOf(
  text: string,
  from: BarSource = 'trades',
  calendar: TradingCalendar | null = null,
  emptyBars: 'skip' | 'repeat' = 'skip',
): BarBuilder {
  return makeBarBuilder({ specification: specification(text, from), instrument: testInstrument(), calendar, emptyBars });
}

/** Drives a builder as the engine does, in pieces of the given lengths (then to the end), and closes what time closes at `untilTs`. */
function build(
  builder: BarBuilder,
  block: BarInput,
  untilTs: number,
  pieces: readonly number[] = [],
): { rows: BarRow[]; tsInits: number[]; gapped: boolean[] } {
  const out = makeBarBlock(0, 9, 20_000);
  const gapped: boolean[] = [];
  const take = (): void => {
    builder.take(out);
    gapped.push(builder.wasGapped);
  };
  let piece = 0;
  let row = 0;
  let pieceEnd = 0;
  while (row < block.length) {
    while (pieceEnd <= row) pieceEnd = Math.min(block.length, row + (pieces[piece++] ?? block.length));
    while (builder.nextCloseTs <= block.tsInit[row]!) take();
    const end = builder.scan(block, row, pieceEnd);
    expect(end).toBeGreaterThan(row);
    builder.accumulate(block, row, end);
    if (builder.isComplete) take();
    row = end;
  }
  while (builder.nextCloseTs <= Math.min(untilTs, Number.MAX_SAFE_INTEGER)) take();
  return { rows: barRows(out), tsInits: Array.from(out.tsInit.subarray(0, out.length)), gapped };
}

const key =
  (edges: (ts: number) => readonly [number, number]) =>
  (ts: number): string =>
    edges(ts).join();

/** The obvious twin: groups rows by the text of their interval. */
function naiveTimeBars(rows: readonly TradeRow[], edges: (ts: number) => readonly [number, number] | null): BarRow[] {
  const groups = new Map<string, TradeRow[]>();
  for (const row of rows) {
    const interval = edges(row[0]);
    if (interval === null) continue;
    const name = key(() => interval)(row[0]);
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return [...groups].map(([name, group]) => {
    const [start, end] = name.split(',').map(Number) as [number, number];
    const prices = group.map(([, price]) => price);
    return [
      start,
      end,
      prices[0]!,
      Math.max(...prices),
      Math.min(...prices),
      prices.at(-1)!,
      group.reduce((sum, [, , quantity]) => sum + quantity, 0),
    ];
  });
}

const randomTrades = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 90_000_000 }), fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 500 })), {
    minLength: 1,
    maxLength: 80,
  })
  .map((rows) => {
    let ts = 1_700_000_000_000_000;
    return rows.map(([step, price, quantity]): TradeRow => [(ts += step), price, quantity]);
  });
const pieces = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 40 });

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

  it('end with a session, start with it, and leave other trades out (us-equity, early close included)', () => {
    const calendar = shippedCalendar('us-equity', parseDate('2024-11-01')!, parseDate('2024-12-10')!);
    // Friday 29 November 2024: 09:30 to 13:00 New York, UTC−5.
    const rows: TradeRow[] = [
      [utc('2024-11-29T14:29:59'), 1, 1],
      [utc('2024-11-29T14:30:00'), 2, 1],
      [utc('2024-11-29T17:59:59'), 3, 1],
      [utc('2024-11-29T18:00:00'), 4, 1],
      [utc('2024-12-02T14:31:00'), 5, 1],
    ];
    const hours = builderOf('1h', 'trades', calendar);
    expect(
      build(hours, tradeBlock(rows), utc('2024-12-03T00:00:00')).rows.map(([open, close, , , , price]) => [open, close, price]),
    ).toEqual([
      [utc('2024-11-29T14:30:00'), utc('2024-11-29T15:30:00'), 2],
      [utc('2024-11-29T17:30:00'), utc('2024-11-29T18:00:00'), 3],
      [utc('2024-12-02T14:30:00'), utc('2024-12-02T15:30:00'), 5],
    ]);
    expect(hours.outOfSessionCount).toBe(2);
    expect(
      build(builderOf('1d', 'trades', calendar), tradeBlock(rows), utc('2024-12-03T00:00:00')).rows.map(
        ([open, close, , , , price, volume]) => [open, close, price, volume],
      ),
    ).toEqual([
      [utc('2024-11-29T14:30:00'), utc('2024-11-29T18:00:00'), 3, 2],
      [utc('2024-12-02T14:30:00'), utc('2024-12-02T21:00:00'), 5, 1],
    ]);
    // Thanksgiving week ends on Friday 13:00; the next on Friday 16:00.
    expect(
      build(builderOf('1w', 'trades', calendar), tradeBlock(rows), utc('2024-12-09T00:00:00')).rows.map(([open, close, , , , , volume]) => [
        open,
        close,
        volume,
      ]),
    ).toEqual([
      [utc('2024-11-25T14:30:00'), utc('2024-11-29T18:00:00'), 2],
      [utc('2024-12-02T14:30:00'), utc('2024-12-06T21:00:00'), 1],
    ]);
  });

  it('leave trades between the sessions of a week out of the weekly bar', () => {
    const calendar = shippedCalendar('us-equity', parseDate('2024-12-01')!, parseDate('2024-12-10')!);
    // Monday 15:00 UTC, Monday 22:00 UTC (closed since 21:00), Tuesday 15:00 UTC.
    const rows: TradeRow[] = [
      [utc('2024-12-02T15:00:00'), 5, 1],
      [utc('2024-12-02T22:00:00'), 99, 10],
      [utc('2024-12-03T15:00:00'), 6, 2],
    ];
    expect(
      build(builderOf('1w', 'trades', calendar), tradeBlock(rows), utc('2024-12-09T00:00:00')).rows.map((row) => row.slice(2)),
    ).toEqual([[5, 6, 5, 6, 3]]);
  });

  it('agree with the obvious twin over sessions, on days when the clock changes too', () => {
    const calendar = shippedCalendar('cme-globex', parseDate('2024-03-01')!, parseDate('2024-03-20')!);
    const opens = Array.from(calendar.sessionOpen);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5 * 86_400 }), { minLength: 1, maxLength: 60 }), pieces, (offsets, cuts) => {
        const rows = offsets
          .sort((a, b) => a - b)
          .map((second, i): TradeRow => [utc('2024-03-07T00:00:00') + second * 1e6, 100 + (i % 5), 1]);
        const built = build(builderOf('4h', 'trades', calendar), tradeBlock(rows), utc('2024-03-19T00:00:00'), cuts);
        const step = 4 * 3_600_000_000;
        expect(built.rows).toEqual(
          naiveTimeBars(rows, (ts) => {
            const i = opens.findLastIndex((open) => open <= ts);
            const close = calendar.sessionClose[i]!;
            if (ts >= close) return null;
            const start = opens[i]! + Math.floor((ts - opens[i]!) / step) * step;
            return [start, Math.min(start + step, close)];
          }),
        );
      }),
      { numRuns: 150 },
    );
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

  it.skipIf(!existsSync(trades))('reproduce R7: 2,469 one-minute candles of XRP/ETH, volume 5,545,735 (needs ../shared/data)', () => {
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

describe('weekly bars built from daily ones, with a calendar', () => {
  const calendar = shippedCalendar('us-equity', parseDate('2004-08-01')!, parseDate('2004-12-31')!);
  const weeks = (): BarBuilder =>
    makeBarBuilder({
      specification: specification('1w', 'bars'),
      source: specification('1d', 'bars'),
      instrument: testInstrument(),
      calendar,
    });
  const day = (date: string, open: number, high: number, low: number, close: number, volume: number): BarRow => [
    utc(`${date}T00:00:00`),
    utc(`${date}T00:00:00`) + 24 * 60 * MINUTE,
    open,
    high,
    low,
    close,
    volume,
  ];
  // GOOG's first days of trading, 19 August (a Thursday) to 9 September 2004; Monday 6 September was Labor Day.
  const google = [
    day('2004-08-19', 100_00, 104_06, 95_96, 100_34, 22_351_900),
    day('2004-08-20', 101_01, 109_08, 100_50, 108_31, 11_428_600),
    day('2004-08-23', 110_75, 113_48, 109_05, 109_40, 9_137_200),
    day('2004-08-24', 111_24, 111_60, 103_57, 104_87, 7_631_300),
    day('2004-08-25', 104_96, 108_00, 103_88, 106_00, 4_598_900),
    day('2004-08-26', 104_95, 107_95, 104_66, 107_91, 3_551_000),
    day('2004-08-27', 108_10, 108_62, 105_69, 106_15, 3_109_000),
  ];

  it('hold the days that cover their sessions, though these close at midnight, and are known with the last of them', () => {
    const built = build(weeks(), barBlock(google), utc('2004-09-10T00:00:00'));
    expect(built.rows).toEqual([
      [utc('2004-08-16T13:30:00'), utc('2004-08-21T00:00:00'), 100_00, 109_08, 95_96, 108_31, 33_780_500],
      [utc('2004-08-23T00:00:00'), utc('2004-08-28T00:00:00'), 110_75, 113_48, 103_57, 106_15, 28_027_400],
    ]);
    expect(built.tsInits).toEqual([utc('2004-08-21T00:00:00'), utc('2004-08-28T00:00:00')]);
  });

  it('wait for the day that is missing until it would have closed, and not until the session has', () => {
    const builder = weeks();
    builder.accumulate(barBlock(google.slice(2, 4)), 0, 2);
    expect(builder.isComplete).toBe(false);
    expect(builder.nextCloseTs).toBe(utc('2004-08-28T00:00:00') + 1);
    const friday = barBlock(google.slice(6));
    builder.accumulate(friday, 0, 1);
    expect(builder.isComplete).toBe(true);
  });

  it('end with Thursday where Friday is a holiday, and with the early close where the file says so', () => {
    // Good Friday is out of the span; Thanksgiving week 2004 ends on Friday 26 November at 13:00, New York (18:00 UTC).
    const until = (date: string, hour: string): BarRow => [utc(`${date}T14:30:00`), utc(`${date}T${hour}:00:00`), 5, 5, 5, 5, 1];
    const rows = [until('2004-11-24', '21'), until('2004-11-26', '18'), until('2004-11-29', '21')];
    const built = build(weeks(), barBlock(rows), utc('2004-12-05T00:00:00'));
    expect(built.rows.map((row) => [row[1], row[6]])).toEqual([
      [utc('2004-11-26T18:00:00'), 2],
      [utc('2004-12-03T21:00:00'), 1],
    ]);
    // Christmas Eve 2004, a Friday, was the holiday: the week's last day is Thursday.
    const christmas = build(weeks(), barBlock([day('2004-12-22', 1, 1, 1, 1, 1), day('2004-12-23', 2, 2, 2, 2, 1)]), 0);
    expect(christmas.rows.map((row) => [row[1], row[6]])).toEqual([[utc('2004-12-24T00:00:00'), 2]]);
  });

  it('leave out, and count, only days that cover no session: Saturdays and holidays', () => {
    const builder = weeks();
    const rows = [
      ...google.slice(2),
      day('2004-08-28', 1, 1, 1, 1, 1),
      day('2004-09-06', 1, 1, 1, 1, 1),
      day('2004-09-07', 101_01, 102_00, 99_61, 101_58, 5_000_000),
    ];
    const built = build(builder, barBlock(rows), utc('2004-09-12T00:00:00'), [1, 2, 3]);
    expect(built.rows.map((row) => row[6])).toEqual([28_027_400, 5_000_000]);
    expect(builder.outOfSessionCount).toBe(2);
  });

  it('count a day of UTC to the trading day that it covers most of, where sessions begin the evening before', () => {
    const forex = shippedCalendar('cme-globex', parseDate('2024-02-20')!, parseDate('2024-03-20')!);
    const builder = makeBarBuilder({
      specification: specification('1w', 'bars'),
      source: specification('1d', 'bars'),
      instrument: testInstrument(),
      calendar: forex,
    });
    // Sunday 3 March 2024 holds the first hour of Monday's session; Saturday nothing.
    const days = ['03-01', '03-02', '03-03', '03-04', '03-05', '03-06', '03-07', '03-08', '03-10'];
    const rows = days.map((date, i) => day(`2024-${date}`, 1, 1, 1, 1, 10 ** i));
    const built = build(builder, barBlock(rows), utc('2024-03-17T00:00:00'));
    expect(built.rows.map((row) => [row[1], row[6]])).toEqual([
      [utc('2024-03-02T00:00:00'), 1],
      [utc('2024-03-09T00:00:00'), 11_111_100],
      [utc('2024-03-16T00:00:00'), 100_000_000],
    ]);
    expect(builder.outOfSessionCount).toBe(1);
  });

  it('have their volume counted into bars of volume too', () => {
    const volumes = makeBarBuilder({
      specification: specification('30000000v', 'bars'),
      source: specification('1d', 'bars'),
      instrument: testInstrument(),
      calendar,
    });
    const built = build(volumes, barBlock([...google.slice(0, 2), day('2004-08-21', 1, 1, 1, 1, 9)]), 0);
    expect(built.rows.map((row) => row[6])).toEqual([33_780_500]);
    expect(volumes.outOfSessionCount).toBe(1);
  });
});
