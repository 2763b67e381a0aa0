import { parseDecimal, powerOfTen } from '../../base/decimal.ts';

/** A number is taken for a step's multiple when it is this close to it, in steps: what a few float operations lose, and far below a step. */
const READING_TOLERANCE = 1e-6;
const DOUBLE_TOLERANCE = 2 ** -50;
/** Below it every decimal of 15 digits has a double of its own. */
const FIFTEEN_DIGITS = 1e15;
const POWERS: readonly number[] = Array.from({ length: 16 }, (_, exponent) => powerOfTen(exponent));

/**
 * Reads what a strategy wrote as an exact count of 10^-decimals.
 *
 * A text, and a number whose shortest text is representable, are read digit by digit. Another number (0.1 + 0.2) is taken for the nearest
 * count when it lies within a millionth of a step, or within the precision of a double where that is coarser.
 *
 * @returns the count, or NaN where there is none: the caller denies
 */
export function exactCount(value: number | string, decimals: number): number {
  if (typeof value !== 'number') return countOfText(value, decimals);
  const scale = POWERS[decimals] ?? powerOfTen(decimals);
  if (Number.isSafeInteger(value)) {
    const count = value * scale;
    return Number.isSafeInteger(count) ? count : Number.NaN;
  }
  const scaled = value * scale;
  const nearest = Math.round(scaled);
  if (Math.abs(nearest) < FIFTEEN_DIGITS) {
    // The same as reading the shortest text, without making it. A count of at most 15 digits whose decimal reads as this number is the only
    // such decimal, so the shortest text says it too; and where the shortest text says a count, it is the nearest, and reads as this number.
    return nearest / scale === value ? nearest : nearCount(scaled, nearest);
  }
  const parsed = parseDecimal(String(value), decimals);
  if (typeof parsed === 'number') return parsed;
  return Number.isFinite(value) ? nearCount(scaled, nearest) : Number.NaN;
}

function countOfText(value: string, decimals: number): number {
  const parsed = parseDecimal(value, decimals);
  return typeof parsed === 'number' ? parsed : Number.NaN;
}

function nearCount(scaled: number, nearest: number): number {
  const tolerance = Math.max(READING_TOLERANCE, Math.abs(scaled) * DOUBLE_TOLERANCE);
  return Number.isSafeInteger(nearest) && Math.abs(scaled - nearest) <= tolerance ? nearest : Number.NaN;
}
