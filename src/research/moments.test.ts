import { describe, expect, it } from 'vitest';
import { covariance, geometricMean, mean, ratio, variance } from './moments.ts';

describe('moments', () => {
  // 2, 4, 4, 4, 5, 5, 7, 9: mean 5, squares 32.
  const values = [2, 4, 4, 4, 5, 5, 7, 9];

  it('mean and both variances of the textbook set', () => {
    expect([mean(values), variance(values, 'population'), variance(values, 'sample')]).toEqual([5, 4, 32 / 7]);
  });

  it('covariance of 1, 2, 3 and 2, 4, 9 is 7/2 as a sample, 7/3 as a population', () => {
    expect(covariance([1, 2, 3], [2, 4, 9], 'sample')).toBeCloseTo(3.5, 14);
    expect(covariance([1, 2, 3], [2, 4, 9], 'population')).toBeCloseTo(7 / 3, 14);
  });

  it('the geometric mean of +100 % and −50 % is nothing, and −100 % ends it', () => {
    expect(geometricMean([1, -0.5])).toBeCloseTo(0, 15);
    expect(geometricMean([0.21, 0])).toBeCloseTo(0.1, 14);
    expect(geometricMean([0.5, -1])).toBe(-1);
  });

  it('what has no denominator is NaN', () => {
    expect([mean([]), variance([1], 'sample'), variance([], 'population'), geometricMean([]), ratio(1, 0)]).toEqual(
      Array(5).fill(Number.NaN),
    );
    expect(ratio(6, 3)).toBe(2);
  });
});
