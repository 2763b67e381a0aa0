import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IdIndex } from '../../src/book/id-index.ts';

/** Ids of a venue: counted up, in large steps, large, negative, 0, and such as differ in their upper half alone. */
const id = fc.oneof(
  fc.integer({ min: -3, max: 40 }),
  fc.integer({ min: 0, max: 40 }).map((at) => at * 65_536),
  fc.integer({ min: 0, max: 40 }).map((at) => at * 2 ** 32 + 7),
  fc.integer({ min: 0, max: 40 }).map((at) => Number.MAX_SAFE_INTEGER - at),
);

describe('the index of orders', () => {
  it('knows what a map knows, whatever is put in and taken out', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(id, fc.boolean()), { maxLength: 300, size: 'max' }), (steps) => {
        const index = new IdIndex();
        const map = new Map<number, number>();
        steps.forEach(([key, isAdd], at) => {
          if (isAdd) {
            expect(index.add(key, at + 1)).toBe(!map.has(key));
            if (!map.has(key)) map.set(key, at + 1);
          } else {
            index.delete(key);
            map.delete(key);
          }
          expect(index.size).toBe(map.size);
        });
        for (const [key] of steps) expect(index.get(key)).toBe(map.get(key) ?? 0);
      }),
      { numRuns: 300 },
    );
  });

  it('grows, and forgets all when it is cleared', () => {
    const index = new IdIndex();
    for (let key = 1; key <= 5000; key += 1) index.add(key * 1024, key);
    for (let key = 1; key <= 5000; key += 2) index.delete(key * 1024);
    for (let key = 1; key <= 5000; key += 1) expect(index.get(key * 1024)).toBe(key % 2 === 1 ? 0 : key);
    index.clear();
    expect([index.size, index.get(2048)]).toEqual([0, 0]);
  });
});
