import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OrderPool, QUANTITY, ROW_BITS } from './order-pool.ts';
import { PriceLadder } from './price-ladder.ts';

/** The slow twin: an order list by key. */
class SortedQueues {
  readonly queues = new Map<number, number[]>();

  append(slot: number, key: number): void {
    this.queues.set(key, [...(this.queues.get(key) ?? []), slot]);
  }

  remove(slot: number): void {
    for (const [key, queue] of this.queues) {
      const rest = queue.filter((each) => each !== slot);
      if (rest.length === 0) this.queues.delete(key);
      else this.queues.set(key, rest);
    }
  }

  get keys(): number[] {
    return [...this.queues.keys()].sort((a, b) => a - b);
  }
}

function contentsOf(ladder: PriceLadder, pool: OrderPool): [number, number, number[]][] {
  const found: [number, number, number[]][] = [];
  for (let key = ladder.bestKey; key !== Infinity; key = ladder.keyAfter(key)) {
    const slots: number[] = [];
    for (let slot = ladder.headAt(key); slot !== 0; slot = pool.links[slot << ROW_BITS]!) slots.push(slot);
    found.push([key, ladder.quantityAt(key), slots]);
  }
  return found;
}

describe('a price ladder', () => {
  const step = fc.record({
    act: fc.constantFrom('append', 'append', 'remove', 'change'),
    // Near and far, so that the window moves both ways and levels fall behind it and come back.
    key: fc.oneof(
      fc.integer({ min: -5, max: 5 }),
      fc.integer({ min: -300_000, max: 300_000 }),
      fc.constantFrom(-65_536, 0, 49_151, 49_152, 65_536),
    ),
    pick: fc.nat(1000),
    lots: fc.integer({ min: 1, max: 9 }),
  });

  it('holds what sorted queues hold, in their order, however far prices lie apart', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120, size: 'max' }), (steps) => {
        const pool = new OrderPool(1000);
        const ladder = new PriceLadder(pool);
        const twin = new SortedQueues();
        const lotsOf = new Map<number, number>();
        for (const { act, key, pick, lots } of steps) {
          const live = [...lotsOf.keys()];
          const slot = live[pick % Math.max(1, live.length)];
          if (act === 'append' || slot === undefined) {
            const fresh = pool.take();
            pool.numbers[(fresh << ROW_BITS) | QUANTITY] = lots;
            lotsOf.set(fresh, lots);
            ladder.append(fresh, key);
            twin.append(fresh, key);
          } else if (act === 'change') {
            lotsOf.set(slot, lotsOf.get(slot)! + lots);
            ladder.change(slot, lots);
          } else {
            ladder.remove(slot);
            pool.release(slot);
            twin.remove(slot);
            lotsOf.delete(slot);
          }
          const expected = twin.keys.map((each) => {
            const queue = twin.queues.get(each)!;
            return [each, queue.reduce((sum, held) => sum + lotsOf.get(held)!, 0), queue];
          });
          expect(contentsOf(ladder, pool)).toEqual(expected);
          expect([ladder.isEmpty, ladder.bestOrder]).toEqual([expected.length === 0, (expected[0]?.[2] as number[] | undefined)?.[0] ?? 0]);
        }
        expect(pool.count).toBe(lotsOf.size);
      }),
      { numRuns: 150 },
    );
  });
});
