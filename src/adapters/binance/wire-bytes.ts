import { powerOfTen } from '../../base/decimal.ts';

const FOUR_ZEROS = 0x30_30_30_30;
/** Added to four digits less their zeros it carries into a high bit where one is above 9. */
const ABOVE_NINE = 0x76_76_76_76;
const HIGH_BITS = 0x80_80_80_80 | 0;
/** Spot writes prices and quantities with so many decimals. */
export const DECIMALS_SENT = 8;

/**
 * A piece of a message that is always the same, four to seven bytes or more. Longer ones are compared eight bytes at a time, as doubles: two doubles of ASCII are equal
 * where their bits are, because none of them is zero or NaN. The last piece overlaps the one before.
 */
export interface Word {
  readonly eights: Float64Array;
  readonly firstFour: number;
  readonly lastFour: number;
  readonly length: number;
}

/** A count of 10^-decimals; NaN where it is none that is exact. */
export const counted = (whole: number, fraction: number, decimals: number): number => {
  if (decimals === DECIMALS_SENT) {
    const count = whole * 100_000_000 + fraction;
    return count <= Number.MAX_SAFE_INTEGER ? count : Number.NaN;
  }
  if (decimals > DECIMALS_SENT) return Number.NaN;
  const unit = powerOfTen(DECIMALS_SENT - decimals);
  const kept = (fraction / unit) | 0;
  return Math.imul(kept, unit) === fraction ? whole * powerOfTen(decimals) + kept : Number.NaN;
};

/** The number that four characters make, first one in the lowest byte; −1 where one is no digit. */
export const fourDigits = (characters: number): number => {
  const digits = characters ^ FOUR_ZEROS;
  if (((digits | (digits + ABOVE_NINE)) & HIGH_BITS) !== 0) return -1;
  const pairs = (Math.imul(digits, 10) + (digits >>> 8)) & 0x00_ff_00_ff;
  return (Math.imul(pairs, 100) + (pairs >>> 16)) & 0xff_ff;
};

/** The number that eight digits make; −1 where one is no digit. */
export const eightDigits = (view: DataView, at: number): number => {
  const high = fourDigits(view.getInt32(at, true));
  const low = fourDigits(view.getInt32(at + 4, true));
  return high < 0 || low < 0 ? -1 : Math.imul(high, 10_000) + low;
};

/** @param text at least four characters of ASCII */
export function wordOf(text: string): Word {
  const bytes = new TextEncoder().encode(text);
  const view = new DataView(bytes.buffer);
  const { length } = bytes;
  const pieces = length < 8 ? 0 : Math.ceil(length / 8);
  const eights = Float64Array.from({ length: pieces }, (_, n) => view.getFloat64(Math.min(8 * n, length - 8), true));
  return { eights, firstFour: view.getInt32(0, true), lastFour: view.getInt32(length - 4, true), length };
}
