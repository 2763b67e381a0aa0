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
