import { parseDecimal, powerOfTen } from '../base/decimal.ts';

/** A number is taken for a step's multiple when it is this close to it, in steps: what a few float operations lose, and far below a step. */
const READING_TOLERANCE = 1e-6;
const DOUBLE_TOLERANCE = 2 ** -50;

/**
 * Reads what a strategy wrote as an exact count of 10^-decimals.
 *
 * A text, and a number whose shortest text is representable, are read digit by digit. Another number (0.1 + 0.2) is taken for the nearest
 * count when it lies within a millionth of a step, or within the precision of a double where that is coarser.
 *
 * @returns the count, or NaN where there is none: the caller denies
 */
export function exactCount(value: number | string, decimals: number): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) {
    const count = value * powerOfTen(decimals);
    return Number.isSafeInteger(count) ? count : Number.NaN;
  }
  const parsed = parseDecimal(typeof value === 'string' ? value : String(value), decimals);
  if (typeof parsed === 'number') return parsed;
  if (typeof value === 'string' || !Number.isFinite(value)) return Number.NaN;
  const scaled = value * powerOfTen(decimals);
  const nearest = Math.round(scaled);
  const tolerance = Math.max(READING_TOLERANCE, Math.abs(scaled) * DOUBLE_TOLERANCE);
  return Number.isSafeInteger(nearest) && Math.abs(scaled - nearest) <= tolerance ? nearest : Number.NaN;
}
