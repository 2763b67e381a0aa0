import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SeenKeys } from './seen-keys.ts';

describe('keys of a snapshot', () => {
  it('are told when they come twice, in whatever order, and are forgotten at a clearing', () => {
    const key = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(fc.array(fc.array(key, { maxLength: 40 }), { maxLength: 4 }), (snapshots) => {
        const seen = new SeenKeys();
        for (const keys of snapshots) {
          seen.clear();
          expect(keys.map((each) => seen.add(each))).toEqual(keys.map((each, at) => keys.indexOf(each) === at));
        }
      }),
    );
  });

  it('are told in rising and in falling order too', () => {
    for (const keys of [
      [1, 2, 3, 3],
      [3, 2, 1, 1],
      [3, 2, 1, 3],
    ]) {
      const seen = new SeenKeys();
      expect(keys.map((each) => seen.add(each))).toEqual([true, true, true, false]);
    }
  });
});
