import { describe, expect, it } from 'vitest';
import { Adx } from './adx.ts';

describe('Adx', () => {
  // Bars (high, low, close): 10 8 9 | 12 9 11 | 12 7 8 | 11 6 7 | 13 7 12. Movements +: 2 0 0 2, −: 0 2 1 0. Ranges: 3, 5, 5, 6.
  // After 3 bars: +1, −1, range 4 → DI 25, 25, DX 0. After 4: +0.5, −1, range 4.5 → DX 100/3, ADX = 50/3.
  // After 5: +1.25, −0.5, range 5.25 → DX 100 × 0.75/1.75 = 300/7, ADX = (50/3 + 300/7)/2 = 625/21.
  it('follows the hand-computed table for period 2', () => {
    const adx = new Adx(2);
    adx.update(10, 8, 9);
    adx.update(12, 9, 11);
    expect(adx.plusDi).toBeNaN();
    adx.update(12, 7, 8);
    expect([adx.plusDi, adx.minusDi, adx.value, adx.isReady]).toEqual([25, 25, Number.NaN, false]);
    expect(adx.update(11, 6, 7)).toBeCloseTo(50 / 3, 12);
    expect(adx.isReady).toBe(true);
    expect(adx.update(13, 7, 12)).toBeCloseTo(625 / 21, 12);
    expect(adx.plusDi).toBeCloseTo(125 / 5.25, 12);
    expect(adx.minusDi).toBeCloseTo(50 / 5.25, 12);
  });

  it('is 0 where nothing moves', () => {
    const adx = new Adx(2);
    for (let bar = 0; bar < 6; bar += 1) adx.update(5, 5, 5);
    expect([adx.value, adx.plusDi, adx.minusDi]).toEqual([0, 0, 0]);
  });

  it('refuses a period of 0', () => {
    expect(() => new Adx(0)).toThrow('Adx period is 0');
  });
});
