import { describe, expect, it } from 'vitest';
import { Wma } from './wma.ts';

describe('Wma', () => {
  // (1·1 + 2·4 + 3·9)/6 = 6; (1·4 + 2·9 + 3·2)/6 = 28/6; (1·9 + 2·2 + 3·5)/6 = 28/6; (1·2 + 2·5 + 3·6)/6 = 5.
  it('weighs the newest of three values three times the oldest', () => {
    const wma = new Wma(3);
    expect([1, 4, 9, 2, 5, 6].map((value) => wma.update(value))).toEqual([Number.NaN, Number.NaN, 6, 28 / 6, 28 / 6, 5]);
    expect(wma.isReady).toBe(true);
  });

  it('refuses a period of 0', () => {
    expect(() => new Wma(0)).toThrow(RangeError);
  });
});
