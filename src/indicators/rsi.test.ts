import { describe, expect, it } from 'vitest';
import { Rsi } from './rsi.ts';

describe('Rsi', () => {
  // Changes +3, −1: gain 1.5, loss 0.5 → 75. Change −2: gain 0.75, loss 1.25 → 37.5.
  it('is the share of the gains in the smoothed movement', () => {
    const rsi = new Rsi(2);
    expect([10, 13, 12, 10].map((value) => rsi.update(value))).toEqual([Number.NaN, Number.NaN, 75, 37.5]);
  });

  it('is 100 when nothing fell, 0 when nothing rose, 50 when nothing moved', () => {
    const up = new Rsi(2);
    const down = new Rsi(2);
    const flat = new Rsi(2);
    for (let step = 0; step < 5; step += 1) {
      up.update(step);
      down.update(-step);
      flat.update(7);
    }
    expect([up.value, down.value, flat.value]).toEqual([100, 0, 50]);
  });

  it('needs one value more than its period', () => {
    const rsi = new Rsi(2);
    rsi.update(1);
    rsi.update(2);
    expect(rsi.isReady).toBe(false);
    rsi.update(3);
    expect(rsi.isReady).toBe(true);
  });

  it('refuses a period of 0', () => {
    expect(() => new Rsi(0)).toThrow('Rsi period is 0');
  });
});
