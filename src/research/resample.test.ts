import { describe, expect, it } from 'vitest';
import { DAY_US, HOUR_US } from '../model/civil-date.ts';
import { lastIndexPerBoundary, lastIndexPerPeriod, takeSamples, takeValues } from './resample.ts';

const DAY_3 = 3 * DAY_US;

describe('lastIndexPerPeriod', () => {
  it('takes the last sample before midnight UTC and leaves days without one out', () => {
    const ts = Float64Array.of(DAY_3, DAY_3 + HOUR_US, DAY_3 + DAY_US - 1, DAY_3 + DAY_US, DAY_3 + 4 * DAY_US);
    expect([...lastIndexPerPeriod(ts, DAY_US)]).toEqual([2, 3, 4]);
  });

  it('takes hours as well, and stamps before 1970', () => {
    expect([...lastIndexPerPeriod(Float64Array.of(-1, 0, HOUR_US - 1, HOUR_US), HOUR_US)]).toEqual([0, 2, 3]);
  });

  it('gives nothing from nothing', () => {
    expect([...lastIndexPerPeriod(new Float64Array(0), DAY_US)]).toEqual([]);
  });

  it('does not accept stamps that fall or a period of zero', () => {
    expect(() => lastIndexPerPeriod(Float64Array.of(2, 1), DAY_US)).toThrow('stamps never fall');
    expect(() => lastIndexPerPeriod(Float64Array.of(1), 0)).toThrow('above zero');
  });
});

describe('lastIndexPerBoundary', () => {
  it('a boundary opens its own span: samples before, between and after', () => {
    const ts = Float64Array.of(5, 10, 19, 20, 25, 45, 50, 90);
    // 5 | 10 19 | 20 25 | 45 | 50 90
    expect([...lastIndexPerBoundary(ts, [10, 20, 30, 50])]).toEqual([0, 2, 4, 5, 7]);
  });

  it('does not accept boundaries that do not rise', () => {
    expect(() => lastIndexPerBoundary(Float64Array.of(1), [3, 3])).toThrow('boundaries rise');
  });
});

describe('takeSamples', () => {
  it('copies stamps and values at the indexes', () => {
    const series = { ts: Float64Array.of(1, 2, 3), value: Float64Array.of(10, 20, 30) };
    const taken = takeSamples(series, Uint32Array.of(0, 2));
    expect([[...taken.ts], [...taken.value]]).toEqual([
      [1, 3],
      [10, 30],
    ]);
    expect([...takeValues(series.value, Uint32Array.of(1))]).toEqual([20]);
  });
});
