import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ANY_PRICE, Dispatch } from './dispatch.ts';
import { Effects } from '../effects.ts';
import { MarketDataCache } from '../market-data/market-data-cache.ts';
import type { Strategy } from '../strategy/strategy.ts';
import { makeBarBlock, makeQuoteBarBlock, makeQuoteBlock, makeTradeBlock } from '../../model/blocks.ts';
import { instrumentWith } from '../../model/instrument.fixture.ts';
import { afresh } from '../../runtime/afresh.ts';

const ROWS = 20;
const INSTRUMENT = instrumentWith();

/** As much of a strategy as rows are handed to. */
class Counting {
  rows = 0;
  onTrade(): void {
    this.rows += 1;
  }
  onQuote(): void {
    this.rows += 1;
  }
  onBar(): void {
    this.rows += 1;
  }
  onQuoteBar(): void {
    this.rows += 1;
  }
}

/** One way per kind of rows to hand over columns of lows and highs; kinds with one price hold the band against the lows alone. */
function waysOf(dispatch: Dispatch) {
  const trades = makeTradeBlock(0, ROWS);
  const quotes = makeQuoteBlock(0, ROWS);
  const bars = makeBarBlock(0, 0, ROWS);
  const quoteBars = makeQuoteBarBlock(0, 0, ROWS);
  return [
    { lane: dispatch.trades, block: trades, lows: trades.price, highs: trades.price },
    { lane: dispatch.quotes, block: quotes, lows: quotes.bidPrice, highs: quotes.askPrice },
    { lane: dispatch.bars, block: bars, lows: bars.close, highs: bars.close },
    { lane: dispatch.quoteBars, block: quoteBars, lows: quoteBars.bidClose, highs: quoteBars.askClose },
  ] as const;
}

const column = fc.array(fc.oneof({ weight: 20, arbitrary: fc.integer({ min: 96, max: 104 }) }, { weight: 1, arbitrary: fc.constant(0) }), {
  minLength: ROWS,
  maxLength: ROWS,
});
const low = fc.oneof(fc.integer({ min: 94, max: 97 }), fc.constant(Number.NEGATIVE_INFINITY));
const high = fc.oneof(fc.integer({ min: 103, max: 106 }), fc.constant(Number.POSITIVE_INFINITY));

describe('rows handed over within a band', () => {
  it('end with the first whose price has left it, whatever the kind and whoever wants them', () => {
    const worlds = fc.tuple(column, column, low, high, fc.nat(ROWS - 1), fc.nat(2), fc.nat(3), fc.boolean());
    fc.assert(
      fc.property(worlds, ([bids, asks, below, above, from, strategyCount, kind, isFresh]) => {
        const cache = new MarketDataCache([INSTRUMENT]);
        const { lane, block, lows, highs } = waysOf(new Dispatch(new Effects(), cache, isFresh ? afresh : (closed) => closed))[kind]!;
        highs.set(asks);
        lows.set(bids);
        let expected = from;
        while (expected < ROWS && lows[expected]! > below && highs[expected]! < above) expected += 1;
        expected = Math.min(expected + 1, ROWS);
        const strategies = Array.from({ length: strategyCount }, () => new Counting());
        // Each lane takes blocks of its own kind; which they are goes beyond what the compiler follows.
        const end = lane.hand(block as never, INSTRUMENT, from, ROWS, strategies as unknown as Strategy[], { low: below, high: above });
        expect([end, cache.cursorRow, ...strategies.map(({ rows }) => rows)]).toEqual([
          expected,
          expected - 1,
          ...strategies.map(() => expected - from),
        ]);
      }),
      { numRuns: 2000 },
    );
  });

  it('that takes any price go through to the end, also where nobody wants them', () => {
    const cache = new MarketDataCache([INSTRUMENT]);
    const { lane, block } = waysOf(new Dispatch(new Effects(), cache, (closed) => closed))[0];
    expect(lane.hand(block, INSTRUMENT, 3, ROWS, [], ANY_PRICE)).toBe(ROWS);
    expect(cache.cursorRow).toBe(ROWS - 1);
  });
});
