import { powerOfTen } from '../../../base/decimal.ts';

/** Powers of ten beyond this are left to the slow way; all up to 10^22 are exact as doubles. */
const POWER_MAX = 15;
const ZERO = 48;
const NINE = 57;
const POINT = 46;

/** Whether a byte is one of the digits 0 to 9. */
export function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}

/** What a digit counts. */
export function digitOf(byte: number): number {
  return byte - ZERO;
}

/** Reads plain decimals and whole numbers from bytes, exactly; where it cannot, the text is read the slow way. Hot (bench row depth/million-per-second). */
export class DecimalScanner {
  /** Behind the last digit, or the point, of what was read last. */
  stop = 0;

  /**
   * Digits with an optional point, from `at` to the first byte that is neither.
   *
   * @returns the count of 10^-decimals; NaN where there are no digits, where they make more than 2^53 − 1, or where some beyond `decimals` are not
   * zero
   */
  decimal(bytes: Uint8Array, at: number, decimals: number): number {
    let value = this.digits(bytes, at, 0);
    let digits = this.stop - at;
    let shift = decimals;
    if (bytes[this.stop] === POINT) {
      const fractionAt = this.stop + 1;
      value = this.digits(bytes, fractionAt, value);
      shift -= this.stop - fractionAt;
      digits += this.stop - fractionAt;
    }
    if (digits === 0 || value > Number.MAX_SAFE_INTEGER) return Number.NaN;
    if (shift === 0) return value;
    if (shift > POWER_MAX || shift < -POWER_MAX) return Number.NaN;
    if (shift > 0) {
      const count = value * powerOfTen(shift);
      return count <= Number.MAX_SAFE_INTEGER ? count : Number.NaN;
    }
    const divisor = powerOfTen(-shift);
    return value % divisor === 0 ? value / divisor : Number.NaN;
  }

  /** A whole number as JSON writes it, from 0 to 2^53 − 1; NaN for anything else. */
  whole(bytes: Uint8Array, at: number): number {
    const value = this.digits(bytes, at, 0);
    const isPlain = this.stop > at && (bytes[at] !== ZERO || this.stop === at + 1) && value <= Number.MAX_SAFE_INTEGER;
    return isPlain ? value : Number.NaN;
  }

  /** Appends the digits from `at` on to `before`. A sum that has lost a digit is above 2^53 − 1, and stays there. */
  private digits(bytes: Uint8Array, at: number, before: number): number {
    let n = at;
    let value = before;
    for (let byte = bytes[n]!; byte >= ZERO && byte <= NINE; byte = bytes[n]!) {
      value = value * 10 + (byte - ZERO);
      n += 1;
    }
    this.stop = n;
    return value;
  }
}
