import { describe, expect, it } from 'vitest';
import { SlidingMaximum } from './sliding-maximum.ts';

describe('SlidingMaximum', () => {
  it('is the largest of the last three values', () => {
    const maximum = new SlidingMaximum(3);
    expect([5, 1, 2, 0, -1, 4, 3].map((value) => maximum.update(value))).toEqual([Number.NaN, Number.NaN, 5, 2, 2, 4, 4]);
    expect(maximum.isReady).toBe(true);
  });
});
