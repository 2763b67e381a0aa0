import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bigPowerOfTen,
  columnDecimals,
  divideRounded,
  divideRoundedSafe,
  formatDecimal,
  formatDecimalShort,
  parseBigDecimal,
  parseDecimal,
  powerOfTen,
  rescale,
  type Rounding,
} from './decimal.ts';

/** The value of a decimal text as an exact fraction, read by other means than the code: digits shifted by hand. */
function fractionOf(digits: string, pointFromRight: number, exponent: number): { readonly over: bigint; readonly under: bigint } {
  const shift = exponent - pointFromRight;
  return shift >= 0 ? { over: BigInt(digits) * 10n ** BigInt(shift), under: 1n } : { over: BigInt(digits), under: 10n ** BigInt(-shift) };
}

describe('parseBigDecimal', () => {
  it('reads plain and scientific texts digit by digit', () => {
    expect(parseBigDecimal('12.34', 2)).toBe(1234n);
    expect(parseBigDecimal('12.34', 4)).toBe(123400n);
    expect(parseBigDecimal('-0.05', 2)).toBe(-5n);
    expect(parseBigDecimal('+7', 0)).toBe(7n);
    expect(parseBigDecimal('.5', 1)).toBe(5n);
    expect(parseBigDecimal('5.', 1)).toBe(50n);
    expect(parseBigDecimal('1e-7', 8)).toBe(10n);
    expect(parseBigDecimal('1.25E2', 0)).toBe(125n);
    expect(parseBigDecimal('1.500', 1)).toBe(15n);
    expect(parseBigDecimal('0e999', 0)).toBe(0n);
    expect(parseBigDecimal('0e-999', 0)).toBe(0n);
  });

  it('refuses what is no decimal', () => {
    for (const text of [
      '',
      ' ',
      '1 ',
      ' 1',
      '1,000',
      '1_000',
      '0x10',
      'NaN',
      'Infinity',
      '-',
      '.',
      'e5',
      '1e',
      '1e+',
      '--1',
      '1.2.3',
      '١',
    ]) {
      expect(parseBigDecimal(text, 8), JSON.stringify(text)).toBe('NOT_A_NUMBER');
    }
  });

  it('refuses a digit beyond the decimals and a value beyond 400 places', () => {
    expect(parseBigDecimal('0.001', 2)).toBe('TOO_MANY_DECIMALS');
    expect(parseBigDecimal('1e-3', 2)).toBe('TOO_MANY_DECIMALS');
    expect(parseBigDecimal('1e-999', 8)).toBe('TOO_MANY_DECIMALS');
    expect(parseBigDecimal('1e999', 8)).toBe('OUT_OF_RANGE');
  });

  it('gives the exact value or none, for any digits, point, exponent and decimals', () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.stringMatching(/^[0-9]{1,25}$/),
        fc.nat(24),
        fc.integer({ min: -30, max: 30 }),
        fc.nat(12),
        (isNegative, digits, place, exponent, decimals) => {
          const point = Math.min(place, digits.length - 1);
          const body = point === 0 ? digits : `${digits.slice(0, -point)}.${digits.slice(-point)}`;
          const result = parseBigDecimal(`${isNegative ? '-' : ''}${body}e${exponent}`, decimals);
          const { over, under } = fractionOf(digits, point, exponent);
          const scaled = over * 10n ** BigInt(decimals);
          if (scaled % under !== 0n) expect(result).toBe('TOO_MANY_DECIMALS');
          else expect(result).toBe(isNegative ? -(scaled / under) : scaled / under);
        },
      ),
    );
  });
});

describe('parseDecimal', () => {
  it('gives safe integers only', () => {
    expect(parseDecimal('9007199254740991', 0)).toBe(Number.MAX_SAFE_INTEGER);
    expect(parseDecimal('9007199254740992', 0)).toBe('OUT_OF_RANGE');
    expect(parseDecimal('-90071992547409.92', 2)).toBe('OUT_OF_RANGE');
    expect(parseDecimal('x', 0)).toBe('NOT_A_NUMBER');
  });
});

describe('formatDecimal', () => {
  it('writes exactly the decimals it is told', () => {
    expect(formatDecimal(5, 2)).toBe('0.05');
    expect(formatDecimal(-5n, 2)).toBe('-0.05');
    expect(formatDecimal(1234, 0)).toBe('1234');
    expect(formatDecimal(0n, 3)).toBe('0.000');
    expect(formatDecimal(123456789012345678901234567890n, 8)).toBe('1234567890123456789012.34567890');
  });

  it('is read back as the same count', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), fc.nat(18), (count, decimals) => {
        expect(parseBigDecimal(formatDecimal(count, decimals), decimals)).toBe(count);
        expect(parseBigDecimal(formatDecimalShort(count, decimals), decimals)).toBe(count);
      }),
    );
  });

  it('drops trailing zeros down to the fewest decimals asked for', () => {
    expect(formatDecimalShort(150000n, 4)).toBe('15');
    expect(formatDecimalShort(150000n, 4, 2)).toBe('15.00');
    expect(formatDecimalShort(151230n, 4, 2)).toBe('15.123');
    expect(formatDecimalShort(-10n, 2)).toBe('-0.1');
    expect(formatDecimalShort(100, 0)).toBe('100');
  });
});

describe('divideRounded', () => {
  // Columns: dividend, divisor, then the result of each way, written down from the definitions (Java RoundingMode has the same table).
  const WAYS: readonly Rounding[] = ['half-even', 'half-up', 'down', 'up', 'floor', 'ceiling'];
  const TABLE: readonly (readonly [number, number, readonly number[]])[] = [
    [55, 10, [6, 6, 5, 6, 5, 6]],
    [25, 10, [2, 3, 2, 3, 2, 3]],
    [16, 10, [2, 2, 1, 2, 1, 2]],
    [11, 10, [1, 1, 1, 2, 1, 2]],
    [10, 10, [1, 1, 1, 1, 1, 1]],
    [-11, 10, [-1, -1, -1, -2, -2, -1]],
    [-16, 10, [-2, -2, -1, -2, -2, -1]],
    [-25, 10, [-2, -3, -2, -3, -3, -2]],
    [-55, 10, [-6, -6, -5, -6, -6, -5]],
    [55, -10, [-6, -6, -5, -6, -6, -5]],
    [-25, -10, [2, 3, 2, 3, 2, 3]],
    [5, 10, [0, 1, 0, 1, 0, 1]],
    [-5, 10, [0, -1, 0, -1, -1, 0]],
  ];
  it.each(TABLE)('%i ÷ %i rounds each way as the definitions say', (dividend, divisor, expected) => {
    expect(WAYS.map((way) => divideRounded(BigInt(dividend), BigInt(divisor), way))).toEqual(expected.map(BigInt));
  });

  it('is never a whole unit off, and half ways never more than half', () => {
    const any = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n });
    fc.assert(
      fc.property(
        any,
        any.filter((value) => value !== 0n),
        fc.constantFrom(...WAYS),
        (dividend, divisor, way) => {
          const rest = dividend - divideRounded(dividend, divisor, way) * divisor;
          const size = (value: bigint): bigint => (value < 0n ? -value : value);
          expect(size(rest) < size(divisor)).toBe(true);
          if (way.startsWith('half')) expect(2n * size(rest) <= size(divisor)).toBe(true);
        },
      ),
    );
  });

  it('stops at a division by zero', () => {
    expect(() => divideRounded(1n, 0n, 'down')).toThrow('division by zero');
  });
});

describe('divideRoundedSafe', () => {
  const WAYS: readonly Rounding[] = ['half-even', 'half-up', 'down', 'up', 'floor', 'ceiling'];
  const safe = fc.maxSafeInteger();

  it('rounds as divideRounded does, for any safe integers, halves and multiples among them', () => {
    fc.assert(
      fc.property(safe, fc.oneof(fc.integer({ min: 1, max: 1000 }), safe), fc.integer({ min: -1, max: 1 }), (any, under, step) => {
        const divisor = Math.max(1, Math.abs(under));
        // Most dividends are far from a half: those beside a multiple of half the divisor are the ones that a double could miss.
        const multiple = Math.trunc(any / divisor) * divisor;
        const half = multiple + Math.trunc(divisor / 2) + step;
        for (const dividend of [any, multiple, multiple + step, half].filter(Number.isSafeInteger)) {
          for (const way of WAYS) {
            expect(BigInt(divideRoundedSafe(dividend, divisor, way)), `${dividend} ÷ ${divisor} ${way}`).toBe(
              divideRounded(BigInt(dividend), BigInt(divisor), way),
            );
          }
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('stops at a divisor that is not above zero', () => {
    for (const divisor of [0, -1, 0.5, Number.NaN]) expect(() => divideRoundedSafe(1, divisor, 'down')).toThrow('above zero');
  });
});

describe('rescale', () => {
  it('widens exactly and narrows as told', () => {
    expect(rescale(125n, 2, 4, 'down')).toBe(12500n);
    expect(rescale(125n, 2, 1, 'half-even')).toBe(12n);
    expect(rescale(125n, 2, 1, 'half-up')).toBe(13n);
    expect(rescale(-125n, 2, 0, 'floor')).toBe(-2n);
  });
});

describe('powers of ten', () => {
  it('are exact, and refused where they would not be', () => {
    expect(powerOfTen(0)).toBe(1);
    expect(BigInt(powerOfTen(15))).toBe(10n ** 15n);
    expect(bigPowerOfTen(30)).toBe(1_000_000_000_000_000_000_000_000_000_000n);
    for (const exponent of [-1, 16, 1.5, Number.NaN]) expect(() => powerOfTen(exponent)).toThrow('power of ten');
    for (const exponent of [-1, 401, 0.5]) expect(() => bigPowerOfTen(exponent)).toThrow('power of ten');
  });
});

describe('a column of decimal texts', () => {
  it('takes the decimals that show every value', () => {
    expect(columnDecimals(['1', '2.500', '3.25'], 0, 8)).toBe(2);
    expect(columnDecimals(['1.123456789'], 0, 4)).toBe(4);
  });
});
