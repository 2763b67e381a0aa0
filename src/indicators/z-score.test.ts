import { describe, expect, it } from 'vitest';
import { ZScore } from './z-score.ts';

describe('ZScore', () => {
  // Mean of 2, 4, 4, 4, 5, 5, 7, 9 is 5; Σ of squares 32: population deviation 2, sample deviation √(32/7).
  it.each([
    ['population', 2],
    ['sample', Math.sqrt(32 / 7)],
  ] as const)('divides the distance from the mean by the %s deviation', (deviation, expected) => {
    const score = new ZScore(8, { deviation });
    for (const value of [2, 4, 4, 4, 5, 5, 7, 9]) score.update(value);
    expect(score.value).toBeCloseTo(4 / expected, 12);
    expect(score.mean).toBeCloseTo(5, 12);
  });

  it('is 0 on a constant series', () => {
    const score = new ZScore(3);
    for (let step = 0; step < 7; step += 1) score.update(0.1);
    expect(score.value).toBe(0);
  });

  it('refuses a period of 1 and an unknown deviation', () => {
    expect(() => new ZScore(1)).toThrow('ZScore period is 1: give a whole number from 2');
    expect(() => new ZScore(5, { deviation: 'other' as 'sample' })).toThrow("give 'population' or 'sample'");
  });
});
