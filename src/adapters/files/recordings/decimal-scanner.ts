import { powerOfTen } from '../../../base/decimal.ts';

/** Digits that a double holds exactly whatever they are. */
const EXACT_DIGITS = 15;
const ZERO = 48;
const NINE = 57;
const POINT = 46;

/** Reads plain decimals and whole numbers from bytes, exactly; where it cannot, the text is read the slow way. Hot. */
export class DecimalScanner {
  /** Behind the last digit of what was read last. */
  stop = 0;

  /**
   * Digits with an optional point.
   *
   * @returns the count of 10^-decimals; NaN where there are no digits, more than 15, or some beyond `decimals` that are not zero
   */
  decimal(bytes: Uint8Array, at: number, decimals: number): number {
    let n = at;
    let value = 0;
    let byte = bytes[n]!;
    while (byte >= ZERO && byte <= NINE) {
      value = value * 10 + (byte - ZERO);
      n += 1;
      byte = bytes[n]!;
    }
    let digits = n - at;
    let shift = decimals;
    if (byte === POINT) {
      const fractionAt = n + 1;
      n = fractionAt;
      byte = bytes[n]!;
      while (byte >= ZERO && byte <= NINE) {
        value = value * 10 + (byte - ZERO);
        n += 1;
        byte = bytes[n]!;
      }
      shift -= n - fractionAt;
      digits += n - fractionAt;
    }
    this.stop = n;
    if (digits === 0 || digits > EXACT_DIGITS) return Number.NaN;
    if (shift === 0) return value;
    if (shift > 0) {
      const count = shift <= EXACT_DIGITS ? value * powerOfTen(shift) : Number.POSITIVE_INFINITY;
      return count <= Number.MAX_SAFE_INTEGER ? count : Number.NaN;
    }
    if (shift < -EXACT_DIGITS) return Number.NaN;
    const divisor = powerOfTen(-shift);
    return value % divisor === 0 ? value / divisor : Number.NaN;
  }

  /** A whole number as JSON writes it, from 0 to 2^53 − 1; NaN for anything else. */
  whole(bytes: Uint8Array, at: number): number {
    let n = at;
    let value = 0;
    for (let byte = bytes[n]!; byte >= ZERO && byte <= NINE; byte = bytes[n]!) {
      value = value * 10 + (byte - ZERO);
      n += 1;
    }
    this.stop = n;
    const isPlain = n > at && (bytes[at] !== ZERO || n === at + 1) && value <= Number.MAX_SAFE_INTEGER;
    return isPlain ? value : Number.NaN;
  }
}
