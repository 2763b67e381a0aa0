import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RowStore } from './row-store.ts';

it('a row store gives back doubles and big integers of any length, row by row, over many chunks', () => {
  const store = new RowStore(3);
  const bigints = [0n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 63n, -(2n ** 63n) - 1n, 10n ** 40n];
  const rows = Array.from({ length: 2000 }, (_, row) => [row * 1.5, bigints[row % bigints.length]!, -row] as const);
  for (const [first, big, last] of rows) {
    const start = store.append();
    store.doubles[start] = first;
    store.putBigint(start, 1, big);
    store.doubles[start + 2] = last;
  }
  expect(store.length).toBe(2000);
  expect(rows.map((_, row) => [store.double(row, 0), store.bigint(row, 1), store.double(row, 2)])).toEqual(rows);
});

it('a row store with a bound keeps the newest rows by their numbers, never more than the bound, saved and loaded as well', () => {
  const append = (store: RowStore, row: number): void => {
    const start = store.append();
    store.doubles[start] = row;
    store.putBigint(start, 1, 2n ** 70n + BigInt(row));
  };
  fc.assert(
    fc.property(
      fc.integer({ min: 512, max: 2048 }),
      fc.integer({ min: 1, max: 6000 }),
      fc.integer({ min: 0, max: 6000 }),
      (max, count, cut) => {
        let store = new RowStore(2, max);
        for (let row = 0; row < count; row += 1) {
          if (row === cut) {
            const saved = store.saveState();
            store = new RowStore(2, max);
            store.loadState(saved);
          }
          append(store, row);
        }
        const kept = Array.from({ length: count - store.firstRow }, (_, at) => store.firstRow + at);
        expect(store.length).toBe(count);
        expect(kept.length).toBeLessThanOrEqual(max);
        expect(kept.length).toBeGreaterThan(Math.min(count - 1, max - 1024));
        expect(kept.every((row) => store.double(row, 0) === row && store.bigint(row, 1) === 2n ** 70n + BigInt(row))).toBe(true);
        expect(store.saveState().longBigints).toHaveLength(kept.length);
      },
    ),
    { numRuns: 40 },
  );
});
