import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDecimal } from '../../../base/decimal.ts';
import { DecimalScanner } from './decimal-scanner.ts';

const scanner = new DecimalScanner();
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(`${text}"`);

describe('the scanner of decimals', () => {
  it('reads what base/decimal reads, or leaves it, and always reads plain texts whose digits make a safe integer', () => {
    const text = fc
      .tuple(
        fc.stringMatching(/^[0-9]{0,18}$/),
        fc.constantFrom('', '.'),
        fc.stringMatching(/^[0-9]{0,10}$/),
        fc.stringMatching(/^0{0,9}$/),
      )
      .map(([whole, point, fraction, zeros]) => whole + point + (point === '' ? '' : fraction + zeros));
    let left = 0;
    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 12 }), (each, decimals) => {
        const exact = parseDecimal(each, decimals);
        const got = scanner.decimal(bytesOf(each), 0, decimals);
        const tail = (each.split('.')[1] ?? '').length - decimals;
        const isPlain = BigInt(each.replace('.', '')) <= Number.MAX_SAFE_INTEGER && tail <= 15;
        if (Number.isNaN(got)) {
          left += 1;
          expect(isPlain && typeof exact === 'number').toBe(false);
        } else {
          expect([got, scanner.stop]).toEqual([exact, each.length]);
        }
      }),
      { numRuns: 5000, seed: 8 },
    );
    expect(left).toBeGreaterThan(500);
  });

  it('leaves digits that make more than 2^53 − 1, and digits beyond the decimals', () => {
    for (const [text, decimals] of [
      ['9007199254740993', 0],
      ['1000000000.0000001', 7],
      ['1.001', 2],
      ['', 2],
      ['.', 2],
      ['-1', 2],
    ] as const)
      expect([text, scanner.decimal(bytesOf(text), 0, decimals)]).toEqual([text, Number.NaN]);
    expect(scanner.decimal(bytesOf('1.00100000'), 0, 3)).toBe(1001);
    expect(scanner.decimal(bytesOf('9007199254740991'), 0, 0)).toBe(9_007_199_254_740_991);
    expect(scanner.decimal(bytesOf('0000000000000000000.5'), 0, 1)).toBe(5);
  });

  it('reads whole numbers up to 2^53 − 1 as JSON writes them', () => {
    const whole = (text: string): number => scanner.whole(bytesOf(text), 0);
    expect(['0', '7', '9007199254740991'].map(whole)).toEqual([0, 7, 9_007_199_254_740_991]);
    expect(['', '-1', '01', '9007199254740993', '99999999999999999999'].map(whole)).toEqual(new Array(5).fill(Number.NaN));
  });
});
