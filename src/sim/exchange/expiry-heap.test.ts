import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExpiryHeap } from './expiry-heap.ts';

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('push' as const), ts: fc.integer({ min: 0, max: 6 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('pop' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('keep' as const), divisor: fc.integer({ min: 2, max: 4 }) }) },
);

describe('a heap of expiries', () => {
  it('gives the earliest first, at one time the lowest id, whatever comes, goes and is left out between', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80, size: 'max' }), (steps) => {
        const heap = new ExpiryHeap();
        let list: (readonly [ts: number, id: number])[] = [];
        let lastId = 0;
        const first = (): readonly [number, number] | undefined =>
          [...list].sort(([ts, id], [otherTs, other]) => ts - otherTs || id - other)[0];
        const popBoth = (): void => {
          const expected = first()!;
          expect(heap.pop()).toBe(expected[1]);
          list = list.filter(([, id]) => id !== expected[1]);
        };
        for (const each of steps) {
          if (each.kind === 'push') {
            lastId += 1;
            heap.push(each.ts, lastId);
            list.push([each.ts, lastId]);
          } else if (each.kind === 'keep') {
            const isAlive = (id: number): boolean => id % each.divisor !== 0;
            heap.keep(isAlive);
            list = list.filter(([, id]) => isAlive(id));
          } else if (list.length > 0) popBoth();
          expect([heap.length, heap.nextTs]).toEqual([list.length, first()?.[0] ?? Infinity]);
        }
        while (list.length > 0) popBoth();
        expect(heap.nextTs).toBe(Infinity);
      }),
      { numRuns: 500 },
    );
  });

  it('is crowded by more than twice as many times as there are orders, and 64', () => {
    const heap = new ExpiryHeap();
    const crowds: number[] = [];
    for (let length = 1; length <= 90; length += 1) {
      heap.push(length, length);
      if (heap.isCrowded(10)) crowds.push(length);
    }
    expect(crowds).toEqual([85, 86, 87, 88, 89, 90]);
  });
});
