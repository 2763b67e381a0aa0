import { describe, expect, it } from 'vitest';
import { runCrashPoint } from './journal-crash.fixture.ts';

/** `npm run crash` runs many more. */
const POINTS = 150;

describe('a journal on a disk that loses, tears and reorders what was not synced', () => {
  it('INV-11, INV-12, S-69: comes back with everything acknowledged, in one unbroken row, and goes on; after an error it takes nothing more', async () => {
    const sum = { crashes: 0, kills: 0, failures: 0, records: 0, cuts: 0 };
    for (let seed = 1; seed <= POINTS; seed += 1) {
      const counts = await runCrashPoint(seed).catch((error: unknown) => {
        throw new Error(`node scripts/task.mjs crash --seed ${seed} --points 1 repeats this`, { cause: error });
      });
      for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += counts[name];
    }
    // Every kind of end was there.
    for (const count of Object.values(sum)) expect(count).toBeGreaterThan(10);
  });
});
