import { describe, expect, it } from 'vitest';
import { runTarget } from './run-target.ts';
import { ACCEPTED, type FuzzRun, type FuzzTarget, verdictOf } from './target.ts';
import { assert } from '../../src/base/assert.ts';
import type { Random } from '../../src/base/random.ts';
import { InputError } from '../../src/ports/errors.ts';

function targetOf(
  feed: FuzzRun['feed'],
  generate: (random: Random) => unknown = (random) => 'x'.repeat(random.nextBelow(100)),
): FuzzTarget {
  return { name: 'planted', entries: [], inputs: '', oracle: '', open: () => ({ generate, feed }) };
}

const options = { inputs: 200, seed: 1 };

describe('a run over a parser', () => {
  it('counts what is accepted and what is refused, by code', async () => {
    const refusal = new InputError([{ code: 'OPTION_INVALID', rule: '', fix: '' }]);
    const outcome = await runTarget(
      targetOf((input) =>
        verdictOf(() => {
          if ((input as string).length > 50) throw refusal;
        }),
      ),
      options,
    );
    expect(outcome.failures).toEqual([]);
    expect(outcome.accepted + outcome.refused['OPTION_INVALID']!).toBe(200);
  });

  it('finds an exception that is no refusal, makes its input as small as it can be, and says which seed it was', async () => {
    const target = targetOf((input) => {
      if ((input as string).length >= 7) throw new TypeError('planted');
      return ACCEPTED;
    });
    const { failures } = await runTarget(target, options);
    expect(failures[0]!.input).toBe("'xxxxxxx'");
    const again = await runTarget(target, { inputs: 1, seed: failures[0]!.seed });
    expect(again.failures).toHaveLength(1);
  });

  it('takes a broken promise of our own for a failure, and an error with a code that the catalogue does not have', async () => {
    for (const error of [() => assert(false, 'broken'), () => Promise.reject(Object.assign(new Error('planted'), { code: 'ENOENT' }))]) {
      const { failures } = await runTarget(
        targetOf(async () => {
          await error();
          return ACCEPTED;
        }),
        { inputs: 1, seed: 1 },
      );
      expect(failures).toHaveLength(1);
    }
  });

  it('SEC-23: sees a prototype that has another property, or another value of one', async () => {
    for (const change of [() => Object.assign(Object.prototype, { polluted: 1 }), () => Object.assign(Array.prototype, { at: () => 1 })]) {
      const at = Array.prototype.at;
      const { failures } = await runTarget(
        targetOf(() => {
          change();
          return ACCEPTED;
        }),
        { inputs: 1, seed: 1 },
      );
      delete (Object.prototype as { polluted?: number }).polluted;
      Object.defineProperty(Array.prototype, 'at', { value: at, enumerable: false });
      expect(failures[0]!.message).toContain('a prototype changed');
    }
  });

  it('draws the same inputs of the same seed', async () => {
    const seen: unknown[][] = [[], []];
    for (const list of seen)
      await runTarget(
        targetOf((input) => (list.push(input), ACCEPTED)),
        options,
      );
    expect(seen[0]).toEqual(seen[1]);
  });
});
