import { expect, it } from 'vitest';
import { TARGETS } from './inventory.ts';
import { runTarget } from './run-target.ts';

/** So many of each; the full count is for `npm run fuzz`. */
const INPUTS = 250;
const SEED = 1;

/** A share of the parsers, from part 1 on: the files of tests that call this run beside each other. */
export function sampleEvery(part: number, of: number): void {
  // Processes have tests of their own, and more of them would take minutes.
  const own = TARGETS.filter(({ name }, index) => name !== 'command-line-process' && index % of === part - 1);
  it.each(own.map((target) => [target.name, target] as const))(
    'S-65, SEC-23: %s takes what is good, refuses the rest with a code, and nothing else happens',
    { timeout: 300_000 },
    async (_, target) => {
      const { failures, accepted, refused } = await runTarget(target, { inputs: INPUTS, seed: SEED });
      expect(failures).toEqual([]);
      expect(accepted).toBeGreaterThan(0);
      expect(Object.keys(refused).length).toBeGreaterThan(0);
    },
  );
}
