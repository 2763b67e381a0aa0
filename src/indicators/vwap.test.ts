import { describe, expect, it } from 'vitest';
import { Vwap } from './vwap.ts';

describe('Vwap', () => {
  it('weighs prices by quantity: 10 × 1 and 20 × 3 give 17.5', () => {
    const vwap = new Vwap();
    expect(vwap.update(10, 1)).toBe(10);
    expect(vwap.update(20, 3)).toBe(17.5);
    expect(vwap.quantity).toBe(4);
  });

  it('starts anew at a reset', () => {
    const vwap = new Vwap();
    vwap.update(10, 1);
    vwap.reset();
    expect(vwap.value).toBeNaN();
    expect(vwap.update(20, 3)).toBe(20);
  });

  it('is not ready and NaN until a quantity above zero comes', () => {
    const vwap = new Vwap();
    expect(vwap.update(10, 0)).toBeNaN();
    expect(vwap.isReady).toBe(false);
    expect(vwap.update(12, 2)).toBe(12);
    expect(vwap.isReady).toBe(true);
  });

  it('keeps small quantities after a huge one', () => {
    const vwap = new Vwap();
    vwap.update(1, 1e16);
    for (let step = 0; step < 1000; step += 1) vwap.update(1e16, 1);
    // (1e16 + 1000 × 1e16) / (1e16 + 1000) = 1001 × 1e16 / (1e16 + 1000); a plain sum would lose the 1000 in the divisor.
    expect(vwap.value).toBeCloseTo(1001 * (1 - 1e-13), 11);
    expect(Math.abs(vwap.value - 1001) > 5e-11).toBe(true);
  });
});
