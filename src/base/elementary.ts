import { assert } from './assert.ts';

/*
 * Exponential and logarithm from the four IEEE 754 operations only, so that a seed gives the same bits on every machine and in every
 * version of the interpreter. ECMAScript leaves the last bits of Math.exp and Math.log to the implementation (section 21.3.2), and
 * engines have changed theirs.
 */

const FLOAT = new Float64Array(1);
const WORDS = new Uint32Array(FLOAT.buffer);
/** Index of the word that holds sign and exponent: 1 on little-endian machines. */
const HIGH = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;

/** ln 2 split so that (whole number below 2^20) × LN2_HIGH is exact. Source: W. J. Cody and W. Waite, Software Manual, 1980. */
const LN2_HIGH = 0.69314718036912381649;
const LN2_LOW = 1.90821492927058770002e-10;
const LOG2_E = 1.4426950408889634;

/**
 * Natural logarithm.
 *
 * x = m × 2^k with m in [√½, √2), ln m = 2 artanh((m − 1)/(m + 1)) by its power series: |s| ≤ 0.1716, so the first term left out
 * (s^23/23) is below 2^-62 of the first. Relative error below 2^-50.
 *
 * @param x a normal double above zero (at least 2^-1022)
 */
export function portableLog(x: number): number {
  assert(x >= 2.2250738585072014e-308 && x < Infinity, 'a logarithm needs a normal number above zero');
  FLOAT[0] = x;
  let exponent = (WORDS[HIGH]! >>> 20) - 1023;
  WORDS[HIGH] = (WORDS[HIGH]! & 0x000fffff) | 0x3ff00000;
  let mantissa = FLOAT[0]!;
  if (mantissa > Math.SQRT2) {
    mantissa *= 0.5;
    exponent += 1;
  }
  const s = (mantissa - 1) / (mantissa + 1);
  const z = s * s;
  const tail =
    z *
    (1 / 3 + z * (1 / 5 + z * (1 / 7 + z * (1 / 9 + z * (1 / 11 + z * (1 / 13 + z * (1 / 15 + z * (1 / 17 + z * (1 / 19 + z / 21)))))))));
  return exponent * LN2_HIGH + (2 * s + (2 * s * tail + exponent * LN2_LOW));
}

/**
 * e to the power of x.
 *
 * x = k ln 2 + r with |r| ≤ 0.3466, e^r by its Taylor series to r^13 (the next term is below 2^-57). Relative error below 2^-50.
 *
 * @param x from −700 to 700
 */
export function portableExp(x: number): number {
  assert(x >= -700 && x <= 700, 'an exponent is from -700 to 700');
  const k = Math.floor(x * LOG2_E + 0.5);
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  const high =
    r *
    r *
    r *
    r *
    r *
    r *
    r *
    (1 / 5040 + r * (1 / 40320 + r * (1 / 362880 + r * (1 / 3628800 + r * (1 / 39916800 + r * (1 / 479001600 + r / 6227020800))))));
  const sum = 1 + (r + r * r * (1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r / 720)))) + high);
  WORDS[1 - HIGH] = 0;
  WORDS[HIGH] = (k + 1023) << 20;
  return sum * FLOAT[0]!;
}
