import fc from 'fast-check';
import { expect, it } from 'vitest';
import { OrderPool } from '../../book/order-pool.ts';
import { OrderIndex } from './order-index.ts';

/** Ids so far apart fall into one bucket until the index has grown, and after it too where they are a multiple of it. */
const BUCKETS_FIRST = 2048;

it('knows what a map knows, whatever is put in and taken out, when it grows too', () => {
  const step = fc.record({
    isAdded: fc.boolean(),
    id: fc.oneof(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 6 }).map((times) => times * BUCKETS_FIRST),
      fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    ),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200, size: 'max' }), fc.nat(2500), (steps, before) => {
      const pool = new OrderPool(10_000);
      const index = new OrderIndex(pool);
      const twin = new Map<number, number>();
      const toggle = (id: number, isAdded: boolean): void => {
        const held = twin.get(id) ?? 0;
        if (isAdded === (held !== 0)) return;
        if (isAdded) {
          const slot = pool.take();
          index.add(id, slot);
          twin.set(id, slot);
        } else {
          index.remove(held);
          pool.release(held);
          twin.delete(id);
        }
        expect(index.get(id)).toBe(twin.get(id) ?? 0);
      };
      for (let id = 1; id <= before; id += 1) {
        twin.set(id, pool.take());
        index.add(id, twin.get(id)!);
      }
      for (const { id, isAdded } of steps) toggle(id, isAdded);
      expect(index.sortedIds()).toEqual([...twin.keys()].sort((a, b) => a - b));
      expect([...twin.keys()].map((id) => index.get(id))).toEqual([...twin.values()]);
    }),
    { numRuns: 40 },
  );
});
