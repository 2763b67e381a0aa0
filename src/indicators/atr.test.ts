import { describe, expect, it } from 'vitest';
import { Atr } from './atr.ts';

describe('Atr', () => {
  // Ranges: 12−8 = 4; gap up from close 9: max(15, 9) − min(13, 9) = 6 → mean 5; gap down from 14: 14 − 11 = 3 → 5 + (3 − 5)/2 = 4.
  it('counts the gap from the close before', () => {
    const atr = new Atr(2);
    const values = [atr.update(12, 8, 9), atr.update(15, 13, 14), atr.update(12, 11, 11.5)];
    expect(values).toEqual([Number.NaN, 5, 4]);
    expect(atr.trueRange).toBe(3);
    expect(atr.isReady).toBe(true);
  });

  it('refuses a period of 0', () => {
    expect(() => new Atr(0)).toThrow('Atr period is 0');
  });
});
