import { describe, expect, it } from 'vitest';
import { spacingSeconds } from './candle-store.ts';

function candlesAt(...minutes: readonly number[]) {
  return minutes.map((minute) => ({ tsOpen: minute * 60e6 }));
}

describe('how far apart candles are', () => {
  it('is the shortest distance of two in a row: nights and gaps are longer', () => {
    expect(spacingSeconds(candlesAt(0, 60, 120, 180, 240, 1440, 1500, 1560, 1620, 1680))).toBe(3600);
    expect(spacingSeconds(candlesAt(0, 7, 9, 10, 60, 61, 90, 95, 99, 120))).toBe(60);
  });

  it('is 0 where there are too few to tell', () => expect(spacingSeconds(candlesAt(0, 60, 120))).toBe(0));
});
