import { describe, expect, it } from 'vitest';
import { Stochastic } from './stochastic.ts';

describe('Stochastic', () => {
  // Raw %K: range 4 to 12, close 10 → 75; range 6 to 12, close 9 → 50; range 8 to 10, close 10 → 100.
  it('places the close in the range, smooths it and averages that', () => {
    const stochastic = new Stochastic({ period: 2, smoothingPeriod: 2, signalPeriod: 2 });
    stochastic.update(8, 4, 5);
    stochastic.update(12, 6, 10);
    expect(stochastic.k).toBeNaN();
    expect(stochastic.update(10, 8, 9)).toBe(62.5);
    expect(stochastic.isReady).toBe(false);
    expect(stochastic.update(10, 8, 10)).toBe((50 + 100) / 2);
    expect(stochastic.d).toBe((62.5 + 75) / 2);
    expect(stochastic.isReady).toBe(true);
  });

  it('is 50 where the range is zero', () => {
    const stochastic = new Stochastic({ period: 2, smoothingPeriod: 1, signalPeriod: 1 });
    for (let bar = 0; bar < 3; bar += 1) stochastic.update(5, 5, 5);
    expect([stochastic.k, stochastic.d]).toEqual([50, 50]);
  });

  it('refuses periods of 0', () => {
    expect(() => new Stochastic({ period: 0 })).toThrow('Stochastic period is 0');
    expect(() => new Stochastic({ smoothingPeriod: 0 })).toThrow('Stochastic smoothingPeriod is 0');
    expect(() => new Stochastic({ signalPeriod: 0 })).toThrow('Stochastic signalPeriod is 0');
  });
});
