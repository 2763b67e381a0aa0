import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lowerBound, lowerBoundLastFirst, upperBound } from './sorted-search.ts';

/** Few different values, so that most limits are met by several of them. */
const value = fc.integer({ min: -4, max: 4 });
const limit = fc.oneof(
  value,
  fc.double({ min: -5, max: 5, noNaN: true }),
  fc.constantFrom(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY),
);

/** The slow twin: looks at every place from the left. */
function walk(column: Float64Array, from: number, to: number, isFound: (value: number) => boolean): number {
  for (let place = from; place < to; place += 1) if (isFound(column[place]!)) return place;
  return to;
}

describe('a search in a sorted column', () => {
  it('finds what a walk from the left finds, in any part of it', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 20 }), fc.nat(20), fc.nat(20), limit, (values, one, other, wanted) => {
        const column = Float64Array.from(values).sort();
        const from = Math.min(one, other, values.length);
        const to = Math.min(Math.max(one, other), values.length);
        expect(lowerBound(column, from, to, wanted)).toBe(walk(column, from, to, (found) => found >= wanted));
        expect(lowerBoundLastFirst(column, from, to, wanted)).toBe(walk(column, from, to, (found) => found >= wanted));
        expect(upperBound(column, from, to, wanted)).toBe(walk(column, from, to, (found) => found > wanted));
      }),
      { numRuns: 2000 },
    );
  });

  it('finds the first of equals, and the first behind them', () => {
    const column = Float64Array.of(1, 3, 3, 3, 8);
    expect([lowerBound(column, 0, 5, 3), upperBound(column, 0, 5, 3), lowerBoundLastFirst(column, 0, 5, 3)]).toEqual([1, 4, 1]);
    expect([lowerBound(column, 0, 5, 9), upperBound(column, 0, 5, 8), lowerBoundLastFirst(column, 0, 5, 9)]).toEqual([5, 5, 5]);
  });

  it('gives the end of a part that is empty', () => {
    const column = Float64Array.of(1, 2);
    expect([lowerBound(column, 1, 1, 0), upperBound(column, 1, 1, 0), lowerBoundLastFirst(column, 1, 1, 0)]).toEqual([1, 1, 1]);
    expect(lowerBoundLastFirst(new Float64Array(0), 0, 0, 0)).toBe(0);
  });
});
