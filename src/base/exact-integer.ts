import { assert } from './assert.ts';
import { divideRounded, divideRoundedSafe } from './decimal.ts';

/*
 * Between numbers that hold integers and bigints. `BigInt(x)` and `Number(b)` are calls into the engine's runtime, about three times as
 * dear as a store and a load of eight bytes through two views of the same memory, which compile to instructions. Both ways are exact.
 */

const MEMORY = new BigInt64Array(1);
const WORDS = new Uint32Array(MEMORY.buffer);
const HIGH_WORDS = new Int32Array(MEMORY.buffer);
const TWO_32 = 4_294_967_296;
/** Which of the two words is the low one depends on the processor's byte order. */
const LOW = lowWord();
const HIGH = 1 - LOW;
const SAFE_MAX = BigInt(Number.MAX_SAFE_INTEGER);
const SAFE_MIN = -SAFE_MAX;

/** True where a double that was computed from whole numbers is itself exact: within ±(2^53 − 1), where every whole number has a double. */
export function isExact(whole: number): boolean {
  return whole <= Number.MAX_SAFE_INTEGER && whole >= -Number.MAX_SAFE_INTEGER;
}

/**
 * A safe integer as a bigint. Hot: every fill's money is made here.
 *
 * @throws InvariantError on anything else
 */
export function bigOf(count: number): bigint {
  assert(Number.isSafeInteger(count), 'only a safe integer is turned into money');
  WORDS[LOW] = count;
  HIGH_WORDS[HIGH] = Math.floor(count / TWO_32);
  return MEMORY[0]!;
}

/** The double nearest to a bigint. */
export function doubleOf(value: bigint): number {
  MEMORY[0] = value;
  // What needs more than 64 bits does not come back as it went in.
  if (MEMORY[0] !== value) return Number(value);
  return HIGH_WORDS[HIGH]! * TWO_32 + WORDS[LOW]!;
}

/** A bigint as a number, or NaN where it is not a safe integer: then no product of it passes for exact either. */
export function numberOf(value: bigint): number {
  if (value > SAFE_MAX || value < SAFE_MIN) return Number.NaN;
  MEMORY[0] = value;
  return HIGH_WORDS[HIGH]! * TWO_32 + WORDS[LOW]!;
}

/**
 * whole × part ÷ of, rounded half to even.
 *
 * @param part a safe integer
 * @param of a safe integer, not 0
 */
export function shareHalfEven(whole: bigint, part: number, of: number): bigint {
  const product = numberOf(whole) * part;
  if (!isExact(product)) return divideRounded(whole * bigOf(part), bigOf(of), 'half-even');
  return bigOf(of > 0 ? divideRoundedSafe(product, of, 'half-even') : divideRoundedSafe(-product, -of, 'half-even'));
}

/**
 * As {@link shareHalfEven}, of a safe integer in a double; NaN where `whole` is none. Hot: what a fill closes takes its share of cost and
 * commission.
 *
 * @param part a safe integer, 0 or of the same sign as `of` and no larger, so that the share is a safe integer too
 * @param of a safe integer, not 0
 */
export function shareHalfEvenSafe(whole: number, part: number, of: number): number {
  if (part === of) return whole;
  const product = whole * part;
  if (!isExact(product)) return isExact(whole) ? numberOf(shareHalfEven(bigOf(whole), part, of)) : Number.NaN;
  // Why the quotient is exact: see divideRoundedSafe.
  const quotient = Math.trunc(product / of);
  const remainder = product - quotient * of;
  if (remainder === 0) return quotient;
  const size = Math.abs(remainder);
  const distance = size - (Math.abs(of) - size);
  if (distance < 0 || (distance === 0 && quotient % 2 === 0)) return quotient;
  return remainder > 0 === of > 0 ? quotient + 1 : quotient - 1;
}

function lowWord(): 0 | 1 {
  MEMORY[0] = 1n;
  return WORDS[0] === 1 ? 0 : 1;
}
