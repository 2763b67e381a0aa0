import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shippedCalendar } from '../../adapters/time-zones/shipped-calendars.ts';
import {
  BlockKind,
  makeBookDeltaBlock,
  makeQuoteBarBlock,
  makeQuoteBlock,
  makeTradeBlock,
  type MarketBlock,
  setBookDelta,
} from '../../model/blocks.ts';
import { BookAction, BookFlag } from '../../model/book-delta.ts';
import { parseDate } from '../../model/civil-date.ts';
import { Strategy } from '../strategy/strategy.ts';
import { barBlock, quoteBlock, testInstrument, tradeBlock } from './market-data.fixture.ts';
import { MarketDataCache } from './market-data-cache.ts';
import { MarketDataManager, type MarketDataOptions } from './market-data-manager.ts';
import { classifyRow } from './row-validation.ts';

const MINUTE = 60_000_000;

function manager(options: Partial<MarketDataOptions> = {}, historyRows = 4): MarketDataManager {
  const instruments = options.instruments ?? [testInstrument(0), testInstrument(1)];
  return new MarketDataManager({ ...options, instruments, cache: new MarketDataCache(instruments, historyRows) });
}

/** Runs a block through the manager as the engine does; what was refused, by row. */
function run(data: MarketDataManager, block: MarketBlock): Record<number, string> {
  const refused: Record<number, string> = {};
  let row = 0;
  while (row < block.length) {
    const end = data.scan(block, row, block.length);
    if (end > row) data.commit(block, row, end);
    if (end < block.length) refused[end] = data.refuse(block, end);
    row = end + 1;
  }
  return refused;
}

describe('validation', () => {
  it('names the rule that each unfit trade breaks and goes on behind it', () => {
    const block = tradeBlock([
      [10, 5, 1],
      [9, 5, 1],
      [10, 5, 1],
      [11, 0, 1],
      [11, -5, 1],
      [11, 5, 0],
      [11, 5.5, 1],
      [11, Number.NaN, 1],
      [Infinity, 5, 1],
      [11, 2 ** 53, 1],
      [11, 5, 2 ** 53 - 1],
      [Number.NaN, 5, 1],
      [12, 5, 1],
    ]);
    const data = manager();
    expect(run(data, block)).toEqual({
      1: 'MARKET_DATA_OUT_OF_ORDER',
      3: 'MARKET_DATA_NOT_POSITIVE',
      4: 'MARKET_DATA_NOT_POSITIVE',
      5: 'MARKET_DATA_NOT_POSITIVE',
      6: 'MARKET_DATA_NOT_EXACT',
      7: 'MARKET_DATA_NOT_EXACT',
      8: 'MARKET_DATA_NOT_EXACT',
      9: 'MARKET_DATA_NOT_EXACT',
      11: 'MARKET_DATA_NOT_EXACT',
    });
    expect(data.counters()).toEqual([
      {
        instrument: 0,
        kind: BlockKind.TRADES,
        series: -1,
        accepted: 4,
        repeated: 0,
        gaps: 0,
        refused: { MARKET_DATA_OUT_OF_ORDER: 1, MARKET_DATA_NOT_POSITIVE: 3, MARKET_DATA_NOT_EXACT: 5 },
      },
    ]);
  });

  it('accepts locked and one-sided quotes, refuses crossed ones, and counts exact repeats', () => {
    const data = manager();
    const block = quoteBlock([
      [1, 100, 101],
      [1, 100, 101],
      [2, 100, 100],
      [3, 101, 100],
      [4, 0, 100],
      [5, 100, 0],
      [6, 0, 0],
      [7, -1, 100],
    ]);
    expect(run(data, block)).toEqual({ 3: 'MARKET_DATA_CROSSED', 7: 'MARKET_DATA_NOT_POSITIVE' });
    expect(data.counters()[0]).toMatchObject({ accepted: 6, repeated: 1 });
  });

  it('refuses bars that repeat, run backwards, contradict themselves or would be known too early', () => {
    const block = barBlock([
      [0, 10, 5, 8, 3, 6, 1],
      [0, 10, 5, 8, 3, 6, 1],
      [0, 9, 5, 8, 3, 6, 1],
      [10, 20, 5, 4, 3, 4, 1],
      [10, 20, 5, 8, 6, 7, 1],
      [10, 20, 5, 8, 3, 9, 1],
      [20, 20, 5, 8, 3, 6, 1],
      [10, 20, 5, 8, 0, 6, 1],
      [10, 20, 5, 8, 3, 6, -1],
      [10, 30, 5, 8, 3, 6, 0],
      [30, 40, 5, 5, 5, 5, 0],
    ]);
    block.tsInit[9] = 29;
    expect(run(manager(), block)).toEqual({
      1: 'MARKET_DATA_DUPLICATE',
      2: 'MARKET_DATA_OUT_OF_ORDER',
      3: 'MARKET_DATA_BAR_INCONSISTENT',
      4: 'MARKET_DATA_BAR_INCONSISTENT',
      5: 'MARKET_DATA_BAR_INCONSISTENT',
      6: 'MARKET_DATA_BAR_INCONSISTENT',
      7: 'MARKET_DATA_NOT_POSITIVE',
      8: 'MARKET_DATA_NOT_POSITIVE',
      9: 'MARKET_DATA_BAR_EARLY',
    });
  });

  it('takes a quote bar with one side, not with half a side or crossed', () => {
    const block = makeQuoteBarBlock(0, 0, 4);
    block.length = 4;
    for (let i = 0; i < 4; i += 1) {
      block.tsOpen[i] = i * 10;
      block.tsEvent[i] = i * 10 + 10;
      block.tsInit[i] = i * 10 + 10;
      for (const column of [block.askOpen, block.askHigh, block.askLow, block.askClose]) column[i] = 100;
      for (const column of [block.bidOpen, block.bidHigh, block.bidLow, block.bidClose]) column[i] = i === 0 ? 0 : 99;
    }
    block.bidLow[1] = 0;
    block.bidClose[2] = 101;
    block.bidHigh[2] = 101;
    expect(run(manager(), block)).toEqual({ 1: 'MARKET_DATA_BAR_INCONSISTENT', 2: 'MARKET_DATA_CROSSED' });
  });

  it("checks the venue's increment where asked to", () => {
    const block = tradeBlock([
      [1, 500, 1],
      [2, 525, 1],
      [3, 530, 1],
    ]);
    const instruments = [testInstrument(0, 0, 25)];
    expect(run(manager({ instruments }), block)).toEqual({});
    expect(run(manager({ instruments, limits: { checksIncrement: true } }), block)).toEqual({ 2: 'MARKET_DATA_OFF_INCREMENT' });
  });

  it('scans as the slow twin classifies, for any column values, cut anywhere', () => {
    const value = fc.oneof(fc.integer({ min: -2, max: 6 }), fc.constantFrom(Number.NaN, Infinity, 0.5, 2 ** 53, 2 ** 53 - 1));
    fc.assert(
      fc.property(
        fc.array(fc.array(value, { minLength: 8, maxLength: 8 }), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 4, max: 7 }),
        fc.integer({ min: 0, max: 12 }),
        (rows, kind, cut) => {
          const block =
            kind === BlockKind.TRADES
              ? makeTradeBlock(0, 12)
              : kind === BlockKind.QUOTES
                ? makeQuoteBlock(0, 12)
                : kind === BlockKind.BARS
                  ? barBlock(rows.map((row) => row.slice(0, 7) as never))
                  : makeQuoteBarBlock(0, 0, 12);
          const columns = Object.values(block).filter((column): column is Float64Array => column instanceof Float64Array);
          rows.forEach((row, i) =>
            columns.forEach((column, c) => {
              column[i] = row[c % row.length]!;
            }),
          );
          // Half of the time as recorded data is: sorted, known when it happened.
          if (rows.length % 2 === 0)
            rows.forEach((_, i) => {
              block.tsInit[i] = block.tsEvent[i] = 1 + Math.floor(i / 2);
            });
          const to = rows.length;
          let lastInit = -Infinity;
          let lastEvent = -Infinity;
          let expected = to;
          for (let row = 0; row < to; row += 1) {
            if (classifyRow(block, row, lastInit, lastEvent) !== null) {
              expected = row;
              break;
            }
            lastInit = block.tsInit[row]!;
            lastEvent = block.tsEvent[row]!;
          }
          const data = manager();
          const first = Math.min(cut, to);
          let found = data.scan(block, 0, first);
          if (found === first) {
            data.commit(block, 0, first);
            found = data.scan(block, first, to);
          }
          expect(found).toBe(expected);
        },
      ),
      // A time before 1970 beside a quantity that is too large by as much.
      { numRuns: 2000, examples: [[[[-2, -2, 2 ** 53, 1, 0, 0, 0, Number.NaN]], 6, 0]] },
    );
  });
});

describe('gaps and age', () => {
  it('finds a hole longer than allowed, tells its span once, and accepts the row', () => {
    const data = manager({ limits: { gapMaxUs: 5 * MINUTE } });
    const block = tradeBlock([
      [0, 5, 1],
      [5 * MINUTE, 5, 1],
      [11 * MINUTE, 5, 1],
      [12 * MINUTE, 5, 1],
    ]);
    expect(data.scanGap(block, 0, 4)).toBe(2);
    data.commit(block, 0, 2);
    expect(data.noteGap(block, 2)).toEqual({
      kind: 'DataGap',
      instrument: 0,
      tsFrom: 5 * MINUTE,
      tsTo: 11 * MINUTE,
      reason: 'TIME',
      tsEvent: 11 * MINUTE,
      tsInit: 11 * MINUTE,
    });
    expect(data.scanGap(block, 2, 4)).toBe(4);
    data.commit(block, 2, 4);
    expect(data.counters()[0]).toMatchObject({ accepted: 4, gaps: 1 });
    expect(data.scanGap(tradeBlock([[18 * MINUTE, 5, 1]]), 0, 1)).toBe(0);
  });

  it('does not call a night or a weekend a gap, for ticks and for bars', () => {
    const utc = (text: string): number => Date.parse(`${text}Z`) * 1000;
    const calendar = shippedCalendar('us-equity', parseDate('2024-07-01')!, parseDate('2024-07-20')!);
    const data = manager({ calendars: [calendar, null], limits: { gapMaxUs: 10 * MINUTE, ageMaxUs: 10 * MINUTE } });
    const rows = ['2024-07-05T19:55:00', '2024-07-08T13:34:00', '2024-07-08T13:45:00'].map(utc);
    expect(data.scanGap(tradeBlock(rows.map((ts) => [ts, 5, 1])), 0, 3)).toBe(2);
    // The bars close at 13:34 and 13:45; the second opens at 13:44, ten minutes after the first closed.
    expect(data.scanGap(barBlock(rows.map((ts) => [ts - MINUTE, ts, 5, 5, 5, 5, 1])), 0, 3)).toBe(3);
    data.commit(tradeBlock([[rows[0]!, 5, 1]]), 0, 1);
    expect(data.isStale(0, rows[1]!)).toBe(false);
    expect(data.isStale(0, rows[1]! + 2 * MINUTE)).toBe(true);
  });

  it('does not count a night in the age of a book', () => {
    const utc = (text: string): number => Date.parse(`${text}Z`) * 1000;
    const calendar = shippedCalendar('us-equity', parseDate('2024-07-01')!, parseDate('2024-07-20')!);
    const data = manager({ calendars: [calendar, null], limits: { ageMaxUs: 10 * MINUTE } });
    const block = makeBookDeltaBlock(0, 1);
    // Five minutes before New York closes; at 13:35 of the next day it has been open for five more.
    const ts = utc('2024-07-09T19:55:00');
    setBookDelta(block, 0, { ts, action: BookAction.CLEAR, side: 0, price: 0, quantity: 0, orderId: 0, flags: BookFlag.LAST });
    data.applyDelta(data.books.watch(0), block, 0);
    const reasons = ['2024-07-10T13:35:00', '2024-07-10T13:35:01'].map((text) => data.unfitBookReason(0, utc(text)));
    expect(reasons).toEqual([null, 'has not changed for longer than marketData.ageMax']);
  });

  it('is stale before the first row and when the newest row is too old, the row being handled included', () => {
    const data = manager({ limits: { ageMaxUs: 10 } });
    expect(data.isStale(0, 5)).toBe(true);
    const block = tradeBlock([
      [5, 5, 1],
      [100, 5, 1],
    ]);
    data.cache.setCursor(block, 0);
    data.cache.cursorRow = 0;
    expect([data.isStale(0, 15), data.isStale(0, 16), data.isStale(1, 15)]).toEqual([false, true, true]);
    data.cache.cursorRow = 1;
    expect(data.isStale(0, 110)).toBe(false);
    expect(manager().isStale(0, 5)).toBe(false);
  });

  it('stays gapped until the first tick behind the gap, or the first bar that opens behind it', () => {
    const gap = { kind: 'DataGap', instrument: 0, tsFrom: 10, tsTo: 30, reason: 'MARKED', tsEvent: 30, tsInit: 30 } as const;
    const data = manager();
    expect(data.isGapped(0)).toBe(false);
    data.markGap(gap);
    expect([data.isGapped(0), data.isGapped(1)]).toEqual([true, false]);
    data.commit(barBlock([[20, 40, 5, 5, 5, 5, 1]]), 0, 1);
    expect(data.isGapped(0)).toBe(true);
    data.commit(barBlock([[40, 60, 5, 5, 5, 5, 1]], 1), 0, 1);
    expect(data.isGapped(0)).toBe(false);
    const ticks = manager();
    ticks.markGap(gap);
    const block = tradeBlock([
      [29, 5, 1],
      [30, 5, 1],
    ]);
    ticks.cache.setCursor(block, 0);
    ticks.cache.cursorRow = 0;
    expect(ticks.isGapped(0)).toBe(true);
    ticks.cache.cursorRow = 1;
    expect(ticks.isGapped(0)).toBe(false);
  });
});

describe('subscriptions', () => {
  class Idle extends Strategy {}

  it('are kept per instrument and kind, once per strategy, in order', () => {
    const data = manager();
    const setup = { parameters: {}, instruments: [], context: {} as never };
    const [one, two] = [new Idle(setup), new Idle(setup)];
    data.subscribe(0, BlockKind.TRADES, one);
    data.subscribe(0, BlockKind.TRADES, two);
    data.subscribe(0, BlockKind.TRADES, one);
    expect(data.subscribers(0, BlockKind.TRADES)).toEqual([one, two]);
    expect([data.isSubscribed(0, BlockKind.QUOTES), data.isSubscribed(1, BlockKind.TRADES)]).toEqual([false, false]);
    data.unsubscribe(0, BlockKind.TRADES, one);
    data.unsubscribe(1, BlockKind.TRADES, one);
    expect(data.isSubscribed(0, BlockKind.TRADES)).toBe(true);
    data.unsubscribe(0, BlockKind.TRADES, two);
    expect(data.isSubscribed(0, BlockKind.TRADES)).toBe(false);
    expect(() => data.subscribe(7, BlockKind.TRADES, one)).toThrow('instrument of the run');
  });
});
