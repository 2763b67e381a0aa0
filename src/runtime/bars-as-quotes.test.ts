import { describe, expect, it } from 'vitest';
import { type BarBlock, makeBarBlock } from '../model/blocks.ts';
import type { BlockReader } from '../ports/block-reader.ts';
import { BarsAsQuotes } from './bars-as-quotes.ts';
import { PeekedReader } from './peeked-reader.ts';

const MINUTE_US = 60_000_000;

/** One block of bars: open, high, low, close of each. */
function bars(rows: readonly (readonly [number, number, number, number])[]): BlockReader<BarBlock> {
  const block = makeBarBlock(3, 0, rows.length);
  rows.forEach(([open, high, low, close], row) => {
    block.tsOpen[row] = row * MINUTE_US;
    block.tsEvent[row] = (row + 1) * MINUTE_US;
    block.tsInit[row] = (row + 1) * MINUTE_US;
    block.open[row] = open;
    block.high[row] = high;
    block.low[row] = low;
    block.close[row] = close;
    block.volume[row] = 7;
  });
  block.length = rows.length;
  let isRead = false;
  return {
    next: () => {
      if (isRead) return null;
      isRead = true;
      return block;
    },
    close: () => {},
  };
}

describe('bars played as quotes', () => {
  it('each bar gives open, high, low, close inside its span, bid = ask, the last before its end', () => {
    const reader = new BarsAsQuotes(
      bars([
        [10, 12, 9, 11],
        [11, 15, 8, 14],
      ]),
    );
    const quotes = reader.next()!;
    expect(quotes.length).toBe(8);
    expect([...quotes.bidPrice.slice(0, 8)]).toEqual([10, 12, 9, 11, 11, 15, 8, 14]);
    expect([...quotes.askPrice.slice(0, 8)]).toEqual([10, 12, 9, 11, 11, 15, 8, 14]);
    expect([...quotes.tsInit.slice(0, 8)]).toEqual([
      0, 15_000_000, 30_000_000, 59_999_999, 60_000_000, 75_000_000, 90_000_000, 119_999_999,
    ]);
    expect([quotes.instrument, quotes.bidSize[0], quotes.askSize[7]]).toEqual([3, 7, 7]);
    expect(reader.next()).toBeNull();
  });
});

describe('a peeked reader', () => {
  it('knows when its data begins and hands out the same blocks', () => {
    const reader = new PeekedReader(bars([[10, 12, 9, 11]]));
    expect(reader.firstTs).toBe(0);
    expect(reader.next()?.length).toBe(1);
    expect(reader.next()).toBeNull();
  });

  it('says that there is nothing', () => {
    const empty = new PeekedReader({ next: () => null, close: () => {} });
    expect([empty.firstTs, empty.next()]).toEqual([Number.POSITIVE_INFINITY, null]);
  });
});
