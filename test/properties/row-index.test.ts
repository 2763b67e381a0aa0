import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OrderPool } from '../../src/book/order-pool.ts';
import { RowIndex } from '../../src/book/row-index.ts';

/** Ids of a venue: counted up, in large steps, large, negative, 0, and such as differ in their upper half alone. */
const id = fc.oneof(
  fc.integer({ min: -3, max: 40 }),
  fc.integer({ min: 0, max: 40 }).map((at) => at * 65_536),
  fc.integer({ min: 0, max: 40 }).map((at) => at * 2 ** 32 + 7),
  fc.integer({ min: 0, max: 40 }).map((at) => Number.MAX_SAFE_INTEGER - at),
);

describe('the index through the rows of orders', () => {
  it('knows what a map knows, whatever is put in and taken out', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(id, fc.boolean()), { maxLength: 300, size: 'max' }), (steps) => {
        const pool = new OrderPool(1000);
        const index = new RowIndex(pool);
        const map = new Map<number, number>();
        for (const [key, isAdd] of steps) {
          const held = map.get(key);
          expect(index.get(key)).toBe(held ?? 0);
          if (isAdd && held === undefined) {
            const slot = pool.take();
            index.add(key, slot);
            map.set(key, slot);
          } else if (!isAdd && held !== undefined) {
            index.remove(held);
            pool.release(held);
            map.delete(key);
          }
        }
        for (const [key] of steps) expect(index.get(key)).toBe(map.get(key) ?? 0);
      }),
      { numRuns: 300 },
    );
  });

  it('grows, and forgets all when it is cleared', () => {
    const pool = new OrderPool(10_000);
    const index = new RowIndex(pool);
    const slots: number[] = [];
    for (let key = 0; key < 5000; key += 1) {
      slots[key] = pool.take();
      index.add(key * 1024, slots[key]!);
    }
    for (let key = 1; key < 5000; key += 2) index.remove(slots[key]!);
    for (let key = 0; key < 5000; key += 1) expect(index.get(key * 1024)).toBe(key % 2 === 1 ? 0 : slots[key]);
    index.clear();
    expect(index.get(2048)).toBe(0);
  });
});
