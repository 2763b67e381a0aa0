import { describe, expect, it } from 'vitest';
import { SlidingMoments } from './sliding-moments.ts';

describe('SlidingMoments', () => {
  // 1, 3, 8: mean 4, squares 9 + 1 + 16 = 26, with positions −1, 0, 1: −1 × −3 + 1 × 4 = 7.
  // Then 3, 8, 4: mean 5, 4 + 9 + 1 = 14, 2 − 1 = 1.
  it('holds mean, squared deviations and covariance with time', () => {
    const moments = new SlidingMoments(3);
    for (const value of [1, 3, 8]) moments.update(value);
    expect([moments.value, moments.squaredDeviations, moments.timeCovariance].map((value) => Number(value.toFixed(12)))).toEqual([
      4, 26, 7,
    ]);
    moments.update(4);
    expect([moments.value, moments.squaredDeviations, moments.timeCovariance].map((value) => Number(value.toFixed(12)))).toEqual([
      5, 14, 1,
    ]);
    expect(moments.isReady).toBe(true);
  });
});
