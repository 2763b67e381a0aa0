import { describe, expect, it } from 'vitest';
import { makeBarBlock } from '../../model/blocks.ts';
import { instrumentWith } from '../../model/instrument.fixture.ts';
import { pricesAt, PRICE_POINTS_MAX, PriceTap } from './price-tap.ts';

const instrument = instrumentWith();

/** Bars 1, 2, 3 … of one second, closing at 100, 101, …, each with a high 5 above and a low 5 below. */
function tapOf(count: number): PriceTap {
  const block = makeBarBlock(0, 0, 1000);
  let row = 0;
  const tap = new PriceTap(
    {
      next: () => {
        if (row >= count) return null;
        block.length = Math.min(1000, count - row);
        for (let at = 0; at < block.length; at += 1, row += 1) {
          block.tsInit[at] = (row + 1) * 1e6;
          block.open[at] = 100 + row;
          block.high[at] = 105 + row;
          block.low[at] = 95 + row;
          block.close[at] = 100 + row;
        }
        return block;
      },
      close: () => {},
    },
    instrument,
  );
  while (tap.next() !== null);
  return tap;
}

describe('the price tap', () => {
  it('keeps every bar where they are few, in units of price, up to the time asked for', () => {
    const { tsUs, close, high } = tapOf(3).series(2e6);
    expect([tsUs, close, high]).toEqual([
      [1e6, 2e6],
      [1, 1.01],
      [1.05, 1.06],
    ]);
  });

  it('merges neighbors two by two beyond its bound, keeping first open, extremes and last close', () => {
    const { tsUs, open, high, low, close } = tapOf(PRICE_POINTS_MAX + 3).series(Number.POSITIVE_INFINITY);
    expect(tsUs.length).toBe(PRICE_POINTS_MAX / 2 + 2);
    expect([tsUs[0], open[0], high[0], low[0], close[0]]).toEqual([2e6, 1, 1.06, 0.95, 1.01]);
    expect(tsUs.at(-1)).toBe((PRICE_POINTS_MAX + 3) * 1e6);
    expect(close.at(-1)).toBe((100 + PRICE_POINTS_MAX + 2) / 100);
  });

  it('the price at a stamp is the last close at or before it, before any the first open', () => {
    const series = { instrument: 'A.X', tsUs: [10, 20], open: [1, 3], high: [2, 4], low: [1, 3], close: [2, 4] };
    expect([...pricesAt(series, Float64Array.of(5, 10, 15, 20, 99))]).toEqual([1, 2, 2, 4, 4]);
  });
});
