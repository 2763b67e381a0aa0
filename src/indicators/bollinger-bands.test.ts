import { describe, expect, it } from 'vitest';
import { BollingerBands } from './bollinger-bands.ts';

describe('BollingerBands', () => {
  // Mean of 2, 4, 4, 4, 5, 5, 7, 9 is 5, the population deviation 2 (a textbook set).
  it('lie two population deviations from the mean', () => {
    const bands = new BollingerBands(8, 2);
    for (const value of [100, 2, 4, 4, 4, 5, 5, 7, 9]) bands.update(value);
    expect([bands.lower, bands.middle, bands.upper, bands.deviation].map((value) => Number(value.toFixed(12)))).toEqual([1, 5, 9, 2]);
    expect(bands.value).toBe(bands.middle);
    expect(bands.isReady).toBe(true);
  });

  it('refuses a period of 0 and a width of 0', () => {
    expect(() => new BollingerBands(0)).toThrow('BollingerBands period is 0');
    expect(() => new BollingerBands(20, 0)).toThrow('BollingerBands width is 0: give a finite number above 0.');
  });
});
