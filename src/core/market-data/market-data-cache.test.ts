import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeQuoteBarBlock } from '../../model/blocks.ts';
import { type BarRow, barBlock, quoteBlock, testInstrument, tradeBlock } from './market-data.fixture.ts';
import { MarketDataCache } from './market-data-cache.ts';

const instruments = [testInstrument(0), testInstrument(1)];

describe('the market data cache', () => {
  it('keeps the last rows, newest first, as a plain list would, however they are stepped and committed', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 7 }), fc.boolean()), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), steps, (rowsMax, lengths) => {
        const cache = new MarketDataCache(instruments, rowsMax);
        cache.addBarSeries(0, 3);
        const list: number[] = [];
        const check = (): void => {
          const history = cache.bars(3);
          expect(history.length).toBe(Math.min(rowsMax, list.length));
          for (let ago = 0; ago < history.length; ago += 1) expect(history.closeExact(ago)).toBe(list.at(-1 - ago));
          expect(() => history.close(history.length)).toThrow('history');
          expect(() => history.close(-1)).toThrow('history');
          expect(cache.lastPrice(0)).toBe(list.at(-1) ?? 0);
        };
        let ts = 0;
        for (const [length, isSplit] of lengths) {
          const block = barBlock(
            Array.from({ length }, (): BarRow => [ts, (ts += 1), ts, ts, ts, ts, 1]),
            3,
          );
          cache.setCursor(block, 0);
          for (let row = 0; row < length; row += 1) {
            cache.cursorRow = row;
            list.push(block.close[row]!);
            check();
            if (isSplit && row === 2) cache.commit(block, 0, 3);
          }
          cache.commit(block, isSplit && length > 2 ? 3 : 0, length);
          check();
        }
      }),
      { numRuns: 200 },
    );
  });

  it('gives decimals as the nearest double and exact counts beside', () => {
    const cache = new MarketDataCache(instruments);
    cache.commit(barBlock([[0, 1, 1001, 1003, 999, 1002, 7]], 0), 0, 1);
    const bars = cache.bars(0);
    expect([bars.open(0), bars.high(0), bars.low(0), bars.close(0), bars.volume(0), bars.highExact(0)]).toEqual([
      10.01, 10.03, 9.99, 10.02, 7, 1003,
    ]);
  });

  it('gives each price of a bar of bid and ask as a decimal and as a count, and an absent side as NaN and 0', () => {
    const cache = new MarketDataCache(instruments);
    const block = makeQuoteBarBlock(0, 4, 2);
    const { bidOpen, bidHigh, bidLow, bidClose, askOpen, askHigh, askLow, askClose, tsOpen, tsEvent, tsInit } = block;
    [bidOpen, bidHigh, bidLow, bidClose, askOpen, askHigh, askLow, askClose, tsOpen, tsEvent, tsInit].forEach((column, field) => {
      column[0] = 1001 + field;
    });
    [askOpen, askHigh, askLow, askClose].forEach((column) => {
      column[1] = 1010;
    });
    cache.setCursor(block, 0);
    cache.cursorRow = 0;
    // Whoever asks in the first row of a series gets it, and what is asked for stays when the row leaves the cursor.
    const bars = cache.quoteBars(4);
    for (const step of [() => {}, () => cache.commit(block, 0, 1)]) {
      step();
      expect([bars.bidOpen(0), bars.bidHigh(0), bars.bidLow(0), bars.bidClose(0)]).toEqual([10.01, 10.02, 10.03, 10.04]);
      expect([bars.askOpen(0), bars.askHigh(0), bars.askLow(0), bars.askClose(0)]).toEqual([10.05, 10.06, 10.07, 10.08]);
      expect([bars.bidOpenExact(0), bars.bidHighExact(0), bars.bidLowExact(0), bars.bidCloseExact(0)]).toEqual([1001, 1002, 1003, 1004]);
      expect([bars.askOpenExact(0), bars.askHighExact(0), bars.askLowExact(0), bars.askCloseExact(0)]).toEqual([1005, 1006, 1007, 1008]);
      expect([bars.tsOpen(0), bars.tsEvent(0), bars.tsInit(0), bars.length, bars.series]).toEqual([1009, 1010, 1011, 1, 4]);
    }
    cache.commit(block, 1, 2);
    expect([bars.bidClose(0), bars.bidCloseExact(0), bars.askClose(0), bars.bidClose(1)]).toEqual([Number.NaN, 0, 10.1, 10.04]);
    expect(() => bars.bidClose(-1)).toThrow('history');
    expect(() => cache.quoteBars(3)).toThrow('no row');
  });

  it('begins a history that a handler asks for with the row in hand, whatever rows the step had handed over before', () => {
    for (const from of [0, 1, 2]) {
      const cache = new MarketDataCache(instruments);
      const trades = tradeBlock([1, 2, 3, 4].map((ts) => [ts, 100 + ts, 1] as const));
      const quotes = quoteBlock([1, 2, 3, 4].map((ts) => [ts, 100 + ts, 200] as const));
      cache.setCursor(trades, from);
      cache.cursorRow = 2;
      expect(cache.trades(0).length).toBe(1);
      expect(cache.trades(0).priceExact(0)).toBe(103);
      cache.cursorRow = 3;
      expect(cache.trades(0).length).toBe(2);
      cache.commit(trades, from, 4);
      expect(cache.trades(0).length).toBe(2);
      expect(cache.trades(0).priceExact(1)).toBe(103);
      cache.setCursor(quotes, from);
      cache.cursorRow = 2;
      expect(cache.quotes(0).length).toBe(1);
      cache.commit(quotes, from, 3);
      expect(cache.quotes(0).length).toBe(1);
      expect(cache.quotes(0).bidPriceExact(0)).toBe(103);
    }
  });

  it('hands out histories through which nothing but their rows can be reached', () => {
    const cache = new MarketDataCache(instruments);
    cache.addBarSeries(0, 0);
    cache.commit(makeQuoteBarBlock(0, 0, 1), 0, 1);
    cache.setCursor(tradeBlock([[1, 100, 1]]), 0);
    for (const history of [cache.trades(0), cache.quotes(0), cache.bars(0), cache.quoteBars(0)]) {
      expect(Object.isFrozen(history)).toBe(true);
      expect(Object.values(history).every((value) => typeof value === 'number')).toBe(true);
      expect(Object.getOwnPropertyNames(Object.getPrototypeOf(history))).not.toContain('append');
    }
  });

  it('keeps ticks from the first time somebody asks for them', () => {
    const cache = new MarketDataCache(instruments);
    cache.commit(
      tradeBlock([
        [1, 100, 1],
        [2, 101, 1],
      ]),
      0,
      2,
    );
    expect(cache.trades(0).length).toBe(0);
    cache.commit(tradeBlock([[3, 102, 1]]), 0, 1);
    expect([cache.trades(0).length, cache.trades(0).priceExact(0)]).toEqual([1, 102]);
  });

  it('takes the newest row that has a price: trade, bar close, or middle of a two-sided quote, half an increment down', () => {
    const cache = new MarketDataCache(instruments);
    cache.quotes(0);
    expect([cache.lastPrice(0), cache.bestBid(0), cache.bestAsk(0)]).toEqual([0, 0, 0]);
    cache.commit(tradeBlock([[1, 100, 1]]), 0, 1);
    expect(cache.lastPrice(0)).toBe(100);
    const quotes = quoteBlock([
      [2, 101, 104],
      [3, 0, 105],
    ]);
    cache.setCursor(quotes, 0);
    cache.cursorRow = 0;
    expect([cache.lastPrice(0), cache.bestBid(0), cache.bestAsk(0)]).toEqual([102, 101, 104]);
    cache.cursorRow = 1;
    expect([cache.lastPrice(0), cache.bestBid(0), cache.bestAsk(0)]).toEqual([102, 0, 105]);
    cache.commit(quotes, 0, 2);
    expect([cache.lastPrice(0), cache.bestBid(0), cache.bestAsk(0), cache.quotes(0).length, cache.lastPrice(1)]).toEqual([
      102, 0, 105, 2, 0,
    ]);
  });

  it('shows nothing of a block before the cursor has reached it', () => {
    const cache = new MarketDataCache(instruments);
    const block = tradeBlock([
      [1, 100, 1],
      [2, 200, 1],
    ]);
    cache.setCursor(block, 0);
    expect([cache.lastPrice(0), cache.trades(0).length]).toEqual([0, 0]);
    cache.cursorRow = 0;
    expect([cache.lastPrice(0), cache.trades(0).length, cache.trades(0).priceExact(0)]).toEqual([100, 1, 100]);
  });

  it('does not let a bar of our own making look like news', () => {
    const cache = new MarketDataCache(instruments);
    cache.commit(tradeBlock([[1, 100, 1]]), 0, 1);
    const built = barBlock([[0, 60, 100, 100, 100, 100, 0]], 2);
    cache.setCursor(built, 0, true);
    cache.cursorRow = 0;
    expect(cache.newestRowTs(0)).toBe(1);
    cache.commitBuilt(built, 0, 1);
    expect([cache.newestRowTs(0), cache.bars(2).length]).toEqual([1, 1]);
  });

  it('says how many rows it holds of how many it may', () => {
    const cache = new MarketDataCache(instruments, 4);
    cache.trades(0);
    cache.commit(tradeBlock(Array.from({ length: 9 }, (_, i) => [i, 1, 1])), 0, 9);
    expect(cache.rowsInUse()).toEqual({ used: 4, bound: 4 });
  });
});
