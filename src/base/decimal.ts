import { assert, unreachable } from './assert.ts';

/** How a division that does not come out even is rounded. `half-even` is the accountant's rule (IEEE 754 roundTiesToEven). */
export type Rounding = 'half-even' | 'half-up' | 'down' | 'up' | 'floor' | 'ceiling';

/** Why a text was refused as a decimal. */
export type DecimalRefusal = 'NOT_A_NUMBER' | 'TOO_MANY_DECIMALS' | 'OUT_OF_RANGE';

/** Rates, weights and leverage are whole numbers of parts per billion: one is this many. */
export const BILLION = 1_000_000_000;
export const BIG_BILLION = 1_000_000_000n;

const POWERS: readonly number[] = Array.from({ length: 16 }, (_, exponent) => Number(`1e${exponent}`));
/** Made once: a power of a bigint costs more than everything that is done with it. */
const BIG_POWERS: readonly bigint[] = Array.from({ length: 64 }, (_, exponent) => 10n ** BigInt(exponent));
const DECIMAL_TEXT = /^([+-]?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$|^([+-]?)\.(\d+)(?:[eE]([+-]?\d{1,3}))?$/;

/** 10^exponent as a number, exact for exponents 0 to 15. */
export function powerOfTen(exponent: number): number {
  const known = POWERS[exponent];
  if (known === undefined) assert(false, `power of ten out of range: ${exponent}`);
  return known;
}

/** The double nearest to 10^exponent, exponent 0 to 308: where a power beyond 15 may be a little off. */
export function nearestPowerOfTen(exponent: number): number {
  assert(Number.isInteger(exponent) && exponent >= 0 && exponent <= 308, `power of ten out of range: ${exponent}`);
  return Number(`1e${exponent}`);
}

/** 10^exponent as a bigint, for exponents >= 0. */
export function bigPowerOfTen(exponent: number): bigint {
  const known = BIG_POWERS[exponent];
  if (known !== undefined) return known;
  assert(Number.isInteger(exponent) && exponent >= 0 && exponent <= 400, `power of ten out of range: ${exponent}`);
  return 10n ** BigInt(exponent);
}

/**
 * Reads a decimal text as a count of 10^-decimals, exactly or not at all.
 *
 * @param text plain or scientific notation, no spaces, no thousands separators
 * @param decimals 0 or more; digits beyond them are accepted only when they are zeros
 * @returns the count, or why it was refused
 */
export function parseBigDecimal(text: string, decimals: number): bigint | DecimalRefusal {
  const match = DECIMAL_TEXT.exec(text);
  if (match === null) return 'NOT_A_NUMBER';
  const negative = (match[1] ?? match[5]) === '-';
  const fraction = match[3] ?? match[6] ?? '';
  const digits = (match[2] ?? '') + fraction;
  const exponent = Number(match[4] ?? match[7] ?? '0') + decimals - fraction.length;
  let count = BigInt(digits);
  if (exponent >= 0) {
    if (exponent > 400) return count === 0n ? 0n : 'OUT_OF_RANGE';
    count *= 10n ** BigInt(exponent);
  } else {
    if (exponent < -400) return count === 0n ? 0n : 'TOO_MANY_DECIMALS';
    const divisor = 10n ** BigInt(-exponent);
    if (count % divisor !== 0n) return 'TOO_MANY_DECIMALS';
    count /= divisor;
  }
  return negative ? -count : count;
}

/** As {@link parseBigDecimal}, into a safe integer (within ±(2^53 − 1)), else `OUT_OF_RANGE`. */
export function parseDecimal(text: string, decimals: number): number | DecimalRefusal {
  const count = parseBigDecimal(text, decimals);
  if (typeof count === 'string') return count;
  const value = Number(count);
  return Number.isSafeInteger(value) ? value : 'OUT_OF_RANGE';
}

/** Writes a count of 10^-decimals as a plain decimal text with exactly that many decimals. */
export function formatDecimal(count: bigint | number, decimals: number): string {
  const value = BigInt(count);
  const negative = value < 0n;
  const digits = (negative ? -value : value).toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const text = decimals === 0 ? whole : `${whole}.${digits.slice(digits.length - decimals)}`;
  return negative ? `-${text}` : text;
}

/** As {@link formatDecimal}, without trailing zeros beyond `decimalsMin`. */
export function formatDecimalShort(count: bigint | number, decimals: number, decimalsMin = 0): string {
  const text = formatDecimal(count, decimals);
  const point = text.indexOf('.');
  if (point < 0) return text;
  let end = text.length;
  while (end > point + 1 + decimalsMin && text[end - 1] === '0') end -= 1;
  return text.slice(0, end === point + 1 ? point : end);
}

/**
 * Divides, rounding as stated. `down` is towards zero, `up` away from zero.
 *
 * @throws InvariantError when `divisor` is zero
 */
export function divideRounded(dividend: bigint, divisor: bigint, rounding: Rounding): bigint {
  assert(divisor !== 0n, 'division by zero');
  const quotient = dividend / divisor;
  const remainder = dividend - quotient * divisor;
  if (remainder === 0n) return quotient;
  const away = remainder < 0n === divisor < 0n ? 1n : -1n;
  switch (rounding) {
    case 'down':
      return quotient;
    case 'up':
      return quotient + away;
    case 'floor':
      return away < 0n ? quotient - 1n : quotient;
    case 'ceiling':
      return away > 0n ? quotient + 1n : quotient;
    case 'half-up':
      return distanceToHalf(remainder, divisor) >= 0n ? quotient + away : quotient;
    case 'half-even': {
      const distance = distanceToHalf(remainder, divisor);
      if (distance === 0n) return quotient % 2n === 0n ? quotient : quotient + away;
      return distance > 0n ? quotient + away : quotient;
    }
    default:
      return unreachable(rounding);
  }
}

/** Below zero where the remainder is less than half the divisor, 0 at the half, above zero beyond it. */
function distanceToHalf(remainder: bigint, divisor: bigint): bigint {
  return 2n * (remainder < 0n ? -remainder : remainder) - (divisor < 0n ? -divisor : divisor);
}

/**
 * As {@link divideRounded}, for safe integers in doubles.
 *
 * The quotient is exact: where the true one is not whole, it lies at least 1 ÷ divisor below the next whole number, which is more than half
 * the distance between doubles there as long as the dividend is below 2^53. So rounding to the nearest double never reaches a whole number
 * that the true quotient does not.
 *
 * @param divisor > 0
 */
export function divideRoundedSafe(dividend: number, divisor: number, rounding: Rounding): number {
  assert(divisor > 0 && Number.isSafeInteger(divisor) && Number.isSafeInteger(dividend), 'safe integers are divided by one above zero');
  const quotient = Math.trunc(dividend / divisor);
  const remainder = dividend - quotient * divisor;
  if (remainder === 0) return quotient;
  const away = remainder < 0 ? -1 : 1;
  // No sum here that could pass 2^53: the remainder is held against what is left to the next whole number.
  const size = Math.abs(remainder);
  const distance = size - (divisor - size);
  switch (rounding) {
    case 'down':
      return quotient;
    case 'up':
      return quotient + away;
    case 'floor':
      return away < 0 ? quotient - 1 : quotient;
    case 'ceiling':
      return away > 0 ? quotient + 1 : quotient;
    case 'half-up':
      return distance >= 0 ? quotient + away : quotient;
    case 'half-even':
      if (distance === 0) return quotient % 2 === 0 ? quotient : quotient + away;
      return distance > 0 ? quotient + away : quotient;
    default:
      return unreachable(rounding);
  }
}

/** Moves a count from `decimalsFrom` to `decimalsTo` decimals; exact when widening, rounded as stated when narrowing. */
export function rescale(count: bigint, decimalsFrom: number, decimalsTo: number, rounding: Rounding): bigint {
  if (decimalsTo >= decimalsFrom) return count * bigPowerOfTen(decimalsTo - decimalsFrom);
  return divideRounded(count, bigPowerOfTen(decimalsFrom - decimalsTo), rounding);
}

/**
 * Decimals that show a column of decimal texts in full, between a minimum and a maximum; zeros at the end do not count.
 */
export function columnDecimals(texts: readonly string[], decimalsMin: number, decimalsMax: number): number {
  let decimals = decimalsMin;
  for (const text of texts) {
    const point = text.indexOf('.');
    if (point >= 0) decimals = Math.max(decimals, lengthWithoutEndZeros(text) - point - 1);
  }
  return Math.min(decimals, decimalsMax);
}

/** Length of a text without the zeros at its end. A loop: the expression `0+$` looks at every run of zeros from each of its places. */
export function lengthWithoutEndZeros(text: string): number {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 48) end -= 1; // '0'
  return end;
}
