import { describe, expect, it } from 'vitest';
import { LinearRegression } from './linear-regression.ts';

describe('LinearRegression', () => {
  // Points (0, 1), (1, 2), (2, 2), (3, 3): mean 2, Sxy = 3, Sxx = 5, Syy = 2: slope 0.6, line at 3 = 2 + 1.5 × 0.6 = 2.9, r² = 9/10.
  it('fits the least-squares line', () => {
    const line = new LinearRegression(4);
    for (const value of [50, 1, 2, 2, 3]) line.update(value);
    expect(line.slope).toBeCloseTo(0.6, 13);
    expect(line.value).toBeCloseTo(2.9, 13);
    expect(line.rSquared).toBeCloseTo(0.9, 13);
    expect(line.isReady).toBe(true);
  });

  it('has slope 0 and explains nothing on a constant series', () => {
    const line = new LinearRegression(3);
    for (let step = 0; step < 7; step += 1) line.update(0.1);
    expect([line.value, line.slope, line.rSquared]).toEqual([0.1, 0, 0]);
  });

  it('refuses a period of 1', () => {
    expect(() => new LinearRegression(1)).toThrow('LinearRegression period is 1: give a whole number from 2');
  });
});
