import { describe, expect, it } from 'vitest';
import { InvariantError } from './assert.ts';
import { portableExp, portableLog } from './elementary.ts';

/** Decimal expansions from the OEIS: A002392 (ln 10), A001113 (e), A000149 neighbours; rounded by the language's own decimal reader. */
describe('exponential and logarithm from the four operations', () => {
  it('agree with published constants to 2^-50', () => {
    const pairs: readonly (readonly [number, number])[] = [
      [portableLog(10), 2.302585092994045684],
      [portableLog(2), 0.693147180559945309],
      [portableLog(3), 1.098612288668109691],
      [portableExp(1), 2.718281828459045235],
      [portableExp(-1), 0.367879441171442321],
      [portableExp(10), 22026.465794806716516],
    ];
    for (const [got, wanted] of pairs) expect(Math.abs(got / wanted - 1)).toBeLessThan(2 ** -50);
    expect(portableLog(1)).toBe(0);
    expect(portableExp(0)).toBe(1);
  });

  it("stay within 2^-50 of the interpreter's own over the whole range", () => {
    for (let step = 1; step < 4000; step += 1) {
      const x = (step - 2000) * 0.3496;
      expect(Math.abs(portableExp(x) / Math.exp(x) - 1)).toBeLessThan(2 ** -50);
      const y = Math.exp(x);
      if (step !== 2000) expect(Math.abs(portableLog(y) / Math.log(y) - 1)).toBeLessThan(2 ** -50);
    }
    for (let step = 1; step < 2000; step += 1) {
      const y = 0.5 + step / 1000;
      if (step !== 500) expect(Math.abs(portableLog(y) / Math.log(y) - 1)).toBeLessThan(2 ** -50);
    }
  });

  it('refuse what they are not defined for', () => {
    for (const x of [0, -1, NaN, Infinity, 5e-324]) expect(() => portableLog(x)).toThrow(InvariantError);
    for (const x of [701, -701, NaN]) expect(() => portableExp(x)).toThrow(InvariantError);
  });
});
