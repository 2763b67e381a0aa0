import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { divideRounded } from './decimal.ts';
import { bigOf, doubleOf, numberOf, shareHalfEven, shareHalfEvenSafe } from './exact-integer.ts';

const EDGES = [0, -0, 1, -1, 2 ** 31, -(2 ** 31), 2 ** 32 - 1, 2 ** 32, -(2 ** 32), -(2 ** 32) - 1, Number.MAX_SAFE_INTEGER];
const anySafe = fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -40, max: 40 }), fc.constantFrom(...EDGES, Number.MIN_SAFE_INTEGER));
const anyBig = fc.oneof(anySafe.map(BigInt), fc.bigInt({ min: -(2n ** 130n), max: 2n ** 130n }));

describe('exact integers', () => {
  it('a safe integer becomes the same bigint as by BigInt', () => {
    fc.assert(fc.property(anySafe, (value) => bigOf(value) === BigInt(value)));
  });

  it('refuses what is no safe integer', () => {
    for (const other of [0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) expect(() => bigOf(other)).toThrow('safe integer');
  });

  it('a bigint becomes the number that it is where that is safe, and NaN where it is not', () => {
    fc.assert(
      fc.property(anyBig, (value) => Object.is(numberOf(value), Number.isSafeInteger(Number(value)) ? Number(value) : Number.NaN)),
      { examples: [[2n ** 53n], [-(2n ** 53n)], [2n ** 64n + 5n], [2n ** 53n - 1n]] },
    );
  });

  it('a share is that of the rounded division in bigints, ties to even, whatever the signs and sizes', () => {
    const not0 = anySafe.filter((value) => value !== 0);
    fc.assert(
      fc.property(anyBig, anySafe, not0, (whole, part, of) => {
        expect(shareHalfEven(whole, part, of)).toBe(divideRounded(whole * BigInt(part), BigInt(of), 'half-even'));
      }),
      {
        numRuns: 2000,
        examples: [
          [5n, 1, 2],
          [7n, 1, 2],
          [-5n, 1, 2],
          [7n, 1, -2],
          [9_007_199_254_740_991n, 1, 9_007_199_254_740_990],
        ],
      },
    );
  });

  it('a share of a safe integer is the same in doubles, also where the product is too large for one; of none it is no number', () => {
    const small = fc.integer({ min: 1, max: 60 });
    const parts = fc.oneof(fc.tuple(small, small), fc.tuple(fc.maxSafeNat(), fc.maxSafeNat())).filter(([a, b]) => a + b > 0);
    const whole = fc.oneof(anySafe, fc.integer({ min: -200, max: 200 }));
    fc.assert(
      fc.property(whole, parts, fc.constantFrom(1, -1), (all, [a, b], sign) => {
        const part = sign * Math.min(a, b);
        const of = sign * Math.max(a, b);
        expect(BigInt(shareHalfEvenSafe(all, part, of))).toBe(divideRounded(BigInt(all) * BigInt(part), BigInt(of), 'half-even'));
      }),
      { numRuns: 3000 },
    );
    expect(shareHalfEvenSafe(Number.NaN, 1, 2)).toBeNaN();
    expect(shareHalfEvenSafe(2 ** 53, 1, 2)).toBeNaN();
  });

  it('doubleOf is Number() of every bigint: also where 53 bits do not hold it, and where 64 do not', () => {
    for (const count of EDGES) expect(doubleOf(BigInt(count))).toBe(count + 0);
    for (const edge of [2n ** 63n - 1n, 2n ** 63n, -(2n ** 63n), -(2n ** 63n) - 1n, 2n ** 64n, 10n ** 40n])
      expect(doubleOf(edge)).toBe(Number(edge));
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 66n), max: 2n ** 66n }), (value) => {
        expect(doubleOf(value)).toBe(Number(value));
      }),
      { numRuns: 1000 },
    );
  });
});
