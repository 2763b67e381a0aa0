import { describe, expect, it } from 'vitest';
import { Macd } from './macd.ts';

describe('Macd', () => {
  // Fast = the value (period 1), slow has alpha 1/2: 8, 6, 8, 5. From the third value on macd is 10 − 8 = 2, then 2 − 5 = −3.
  it('is fast less slow, with the signal fed from the first macd on', () => {
    const macd = new Macd({ fastPeriod: 1, slowPeriod: 3, signalPeriod: 2 });
    expect([8, 4, 10, 2].map((value) => macd.update(value))).toEqual([Number.NaN, Number.NaN, 2, -3]);
    // Seen from the third value on: the signal starts at 2, then 2/3 × −3 + 1/3 × 2 = −4/3.
    expect(macd.signal).toBeCloseTo(-4 / 3, 15);
    expect(macd.histogram).toBeCloseTo(-3 + 4 / 3, 15);
    expect(macd.isReady).toBe(true);
  });

  it('refuses a fast period that is not below the slow one', () => {
    expect(() => new Macd({ fastPeriod: 26, slowPeriod: 26 })).toThrow('give a fast period below the slow one');
    expect(() => new Macd({ signalPeriod: 0 })).toThrow('Macd signalPeriod is 0');
  });
});
