import { describe, expect, it } from 'vitest';
import { WilderAverage } from './wilder-average.ts';

describe('WilderAverage', () => {
  // Mean of 2 and 6 is 4; then half the way to 10 is 7; half the way to 1 is 4.
  it('starts at the mean and then moves by one part in the period', () => {
    const average = new WilderAverage(2);
    expect([2, 6, 10, 1].map((value) => average.update(value))).toEqual([Number.NaN, 4, 7, 4]);
    expect(average.isReady).toBe(true);
  });

  it('refuses a period of 0', () => {
    expect(() => new WilderAverage(0)).toThrow(RangeError);
  });
});
