import { describe, expect, it } from 'vitest';
import { Ema } from './ema.ts';

describe('Ema', () => {
  // alpha = 2 / (3 + 1) = 1/2, so each step is the midpoint: 8, 8→6, 6→8, 8→5.
  it('seeded with the first value, steps half the way for period 3', () => {
    const ema = new Ema(3);
    expect([8, 4, 10, 2].map((value) => ema.update(value))).toEqual([Number.NaN, Number.NaN, 8, 5]);
    expect(ema.isReady).toBe(true);
  });

  it('seeded with the mean, starts at the mean of the first window', () => {
    const ema = new Ema(3, { seed: 'sma' });
    expect([8, 4, 12, 2].map((value) => ema.update(value))).toEqual([Number.NaN, Number.NaN, 8, 5]);
  });

  it('with period 1 is the value itself', () => {
    const ema = new Ema(1);
    expect([7, -3, 0.5].map((value) => ema.update(value))).toEqual([7, -3, 0.5]);
  });

  it('refuses a period of 0 and an unknown seed', () => {
    expect(() => new Ema(0)).toThrow('Ema period is 0: give a whole number from 1 to 10000000.');
    expect(() => new Ema(3, { seed: 'last' as 'first' })).toThrow("Ema seed is last: give 'first' or 'sma'.");
  });
});
