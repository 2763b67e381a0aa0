import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDecimal } from '../../base/decimal.ts';
import { exactCount } from './exact-input.ts';

describe('exactCount', () => {
  it('reads texts digit by digit', () => {
    expect(exactCount('0.30', 2)).toBe(30);
    expect(exactCount('-1.5', 1)).toBe(-15);
    expect(exactCount('1e-8', 8)).toBe(1);
    expect(exactCount('0.301', 2)).toBeNaN();
    expect(exactCount('', 2)).toBeNaN();
    expect(exactCount('ten', 2)).toBeNaN();
  });

  it('takes a float for the count that it stands for', () => {
    expect(exactCount(0.1 + 0.2, 1)).toBe(3); // 0.30000000000000004
    expect(exactCount(0.1 + 0.2, 2)).toBe(30);
    expect(exactCount(1.1 * 3, 2)).toBe(330); // 3.3000000000000003
    expect(exactCount(4.35 * 100, 0)).toBe(435); // 434.99999999999994
    expect(exactCount(1e-7, 7)).toBe(1);
    expect(exactCount(1e-7, 8)).toBe(10);
    expect(exactCount(-0.29, 2)).toBe(-29);
  });

  it('refuses a float between two counts, up to a millionth of a step', () => {
    expect(exactCount(1e-7, 6)).toBeNaN();
    expect(exactCount(0.305, 2)).toBeNaN();
    expect(exactCount(1.000_02, 1)).toBeNaN();
    expect(exactCount(1.000_000_05, 1)).toBe(10); // half a millionth of a step off
    expect(exactCount(1 / 3, 8)).toBeNaN();
  });

  it('refuses what is no number and what no safe integer can count', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e300, 2 ** 53, Number.MAX_SAFE_INTEGER]) {
      expect(exactCount(value, 2), String(value)).toBeNaN();
    }
    expect(exactCount(Number.MAX_SAFE_INTEGER, 0)).toBe(Number.MAX_SAFE_INTEGER);
    expect(exactCount('90071992547409.92', 2)).toBeNaN();
  });

  it('says of any number what reading its shortest text, and else the nearest count, says', () => {
    // The slow twin makes the text and reads it digit by digit.
    const twin = (value: number, decimals: number): number => {
      const parsed = Number.isSafeInteger(value) ? value * 10 ** decimals : parseDecimal(String(value), decimals);
      if (typeof parsed === 'number') return Number.isSafeInteger(parsed) ? parsed : Number.NaN;
      const scaled = value * 10 ** decimals;
      const nearest = Math.round(scaled);
      const isNear = Math.abs(scaled - nearest) <= Math.max(1e-6, Math.abs(scaled) * 2 ** -50);
      return Number.isSafeInteger(nearest) && isNear ? nearest : Number.NaN;
    };
    const count = fc.maxSafeInteger();
    const decimal = fc.tuple(count, fc.integer({ min: 0, max: 1e6 }), fc.nat(15), fc.nat(15));
    const nearby = decimal.map(
      ([whole, small, places, cut]) => Math.trunc(whole / 10 ** cut) / 10 ** places + small * 2 ** -53 * (cut - 7),
    );
    const value = fc.oneof(
      fc.double(),
      nearby,
      count.map((n) => n / 8),
      fc.integer({ min: -4e6, max: 4e6 }).map((n) => n / 1000 + 0.1),
    );
    fc.assert(
      fc.property(value, fc.nat(12), (number, decimals) => {
        expect(exactCount(number, decimals)).toBe(twin(number, decimals));
      }),
      { numRuns: 20_000 },
    );
  });

  it('reads back every count that was divided by its scale', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(10 ** 14), max: 10 ** 14 }), fc.nat(12), (count, decimals) => {
        expect(exactCount(count / 10 ** decimals, decimals) + 0).toBe(count + 0);
      }),
    );
  });
});
