import { describe, expect, it } from 'vitest';
import { Sma } from './sma.ts';

describe('Sma', () => {
  it('is the mean of the last three values, and NaN before there are three', () => {
    const sma = new Sma(3);
    expect([2, 4, 9, 5, 1, 6].map((value) => sma.update(value))).toEqual([Number.NaN, Number.NaN, 5, 6, 5, 4]);
    expect(sma.value).toBe(4);
  });

  it('is ready with the last value of the first window, not before', () => {
    const sma = new Sma(2);
    sma.update(1);
    expect(sma.isReady).toBe(false);
    sma.update(1);
    expect(sma.isReady).toBe(true);
  });

  it('with period 1 is the value itself', () => {
    const sma = new Sma(1);
    expect([7, -3, 0.5].map((value) => sma.update(value))).toEqual([7, -3, 0.5]);
  });

  it.each([0, -1, 1.5, Number.NaN, 10_000_001])('refuses the period %d with a sentence', (period) => {
    expect(() => new Sma(period)).toThrow(/^Sma period is .*: give a whole number from 1 to 10000000\.$/);
  });
});
