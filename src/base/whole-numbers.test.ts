import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WholeNumbers } from './whole-numbers.ts';

const any = fc.oneof(
  fc.maxSafeInteger().map(BigInt),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
  fc.constantFrom(2n ** 53n - 1n, 2n ** 53n, -(2n ** 53n) + 1n, -(2n ** 53n)),
);

describe('whole numbers by place', () => {
  it('come back as they were last set, whatever their size, and are doubles exactly where a safe integer holds them', () => {
    const numbers = new WholeNumbers(4);
    const wanted = [0n, 0n, 0n, 0n];
    fc.assert(
      fc.property(fc.nat({ max: 3 }), any, (at, value) => {
        numbers.set(at, value);
        wanted[at] = value;
        expect([0, 1, 2, 3].map((place) => numbers.get(place))).toEqual(wanted);
        expect(numbers.nearest(at)).toBe(Number(value));
        expect(numbers.doubles[at]).toBe(Number.isSafeInteger(Number(value)) ? Number(value) : Number.NaN);
      }),
      { numRuns: 1000 },
    );
  });

  it('are what was written as a double, also over a number that none could hold', () => {
    const numbers = new WholeNumbers(1);
    numbers.set(0, 2n ** 60n);
    numbers.doubles[0] = -7;
    expect([numbers.get(0), numbers.nearest(0)]).toEqual([-7n, -7]);
  });

  it('stay when room is made for twice as many', () => {
    const numbers = new WholeNumbers(2);
    numbers.set(0, 5n);
    numbers.set(1, 2n ** 60n);
    numbers.grow();
    expect([0, 1, 2, 3].map((at) => numbers.get(at))).toEqual([5n, 2n ** 60n, 0n, 0n]);
  });
});
