import { assert } from './assert.ts';

const SCRATCH = new DataView(new ArrayBuffer(8));
const CANONICAL_NAN = 0x7ff8_0000_0000_0000n;
const C1 = 0x239b961b;
const C2 = 0xab0e9789 | 0;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93 | 0;

/**
 * A running 128-bit digest: tells whether two runs did the same, order by order and fill by fill, without a Node module.
 *
 * MurmurHash3_x86_128 (A. Appleby, public domain, SMHasher) over a sequence of 32-bit little-endian words: well mixed and fast, not
 * cryptographic; it guards against accidents, not against an adversary. The sequence of calls is the schema: numbers are not tagged, texts
 * and big integers carry their length. What is added as a number should be an integer or the result of exact arithmetic.
 */
export class Digest {
  private h1: number;
  private h2: number;
  private h3: number;
  private h4: number;
  private k1 = 0;
  private k2 = 0;
  private k3 = 0;
  private words = 0;

  constructor(seed = 0) {
    this.h1 = seed | 0;
    this.h2 = seed | 0;
    this.h3 = seed | 0;
    this.h4 = seed | 0;
  }

  /** Adds the low 32 bits of an integer. */
  addUint32(word: number): void {
    switch (this.words & 3) {
      case 0:
        this.k1 = word | 0;
        break;
      case 1:
        this.k2 = word | 0;
        break;
      case 2:
        this.k3 = word | 0;
        break;
      default:
        this.mixBlock(word | 0);
    }
    this.words += 1;
  }

  /** Adds the 64 bits of a double, low word first. −0 counts as 0 and every NaN as one: they are the same value. */
  addNumber(value: number): void {
    SCRATCH.setFloat64(0, value === 0 ? 0 : value, true);
    if (value !== value) SCRATCH.setBigUint64(0, CANONICAL_NAN, true);
    this.addUint32(SCRATCH.getInt32(0, true));
    this.addUint32(SCRATCH.getInt32(4, true));
  }

  /** Adds a big integer: a word with its sign and length in words, then its magnitude, low word first. */
  addBigInt(value: bigint): void {
    let magnitude = value < 0n ? -value : value;
    let length = 0;
    for (let rest = magnitude; rest > 0n; rest >>= 32n) length += 1;
    this.addUint32(length * 2 + (value < 0n ? 1 : 0));
    for (; magnitude > 0n; magnitude >>= 32n) this.addUint32(Number(magnitude & 0xffffffffn));
  }

  /** Adds a text: its length in UTF-16 units, then the units, two to a word. */
  addText(text: string): void {
    this.addUint32(text.length);
    for (let at = 0; at < text.length; at += 2) {
      const second = at + 1 < text.length ? text.charCodeAt(at + 1) : 0;
      this.addUint32(text.charCodeAt(at) | (second << 16));
    }
  }

  /** The four words of the digest of all that was added; adding may go on. */
  finish(): readonly [number, number, number, number] {
    const tail = this.words & 3;
    let h1 = this.h1;
    let h2 = this.h2;
    let h3 = this.h3;
    if (tail > 2) h3 ^= scramble(this.k3, C3, 17, C4);
    if (tail > 1) h2 ^= scramble(this.k2, C2, 16, C3);
    if (tail > 0) h1 ^= scramble(this.k1, C1, 15, C2);
    // The length is counted in bytes; its low 32 bits enter, as in the original.
    const bytes = (this.words * 4) | 0;
    h1 ^= bytes;
    h2 ^= bytes;
    h3 ^= bytes;
    let h4 = this.h4 ^ bytes;
    h1 = (h1 + h2 + h3 + h4) | 0;
    h2 = avalanche((h2 + h1) | 0);
    h3 = avalanche((h3 + h1) | 0);
    h4 = avalanche((h4 + h1) | 0);
    h1 = avalanche(h1);
    h1 = (h1 + h2 + h3 + h4) | 0;
    return [h1 >>> 0, (h2 + h1) >>> 0, (h3 + h1) >>> 0, (h4 + h1) >>> 0];
  }

  /** The digest as 32 lower-case hexadecimal digits. */
  hex(): string {
    return this.finish()
      .map((word) => word.toString(16).padStart(8, '0'))
      .join('');
  }

  /** Everything needed to go on later, as plain numbers. */
  saveState(): readonly number[] {
    return [this.h1, this.h2, this.h3, this.h4, this.k1, this.k2, this.k3, this.words];
  }

  /** Takes up where {@link saveState} left off. */
  loadState(state: readonly number[]): void {
    assert(state.length === 8, 'the state of a digest has eight numbers');
    [this.h1, this.h2, this.h3, this.h4, this.k1, this.k2, this.k3, this.words] = state as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
  }

  private mixBlock(k4: number): void {
    let h1 = this.h1 ^ scramble(this.k1, C1, 15, C2);
    h1 = ((h1 << 19) | (h1 >>> 13)) + this.h2;
    h1 = (Math.imul(h1, 5) + 0x561ccd1b) | 0;
    let h2 = this.h2 ^ scramble(this.k2, C2, 16, C3);
    h2 = ((h2 << 17) | (h2 >>> 15)) + this.h3;
    h2 = (Math.imul(h2, 5) + 0x0bcaa747) | 0;
    let h3 = this.h3 ^ scramble(this.k3, C3, 17, C4);
    h3 = ((h3 << 15) | (h3 >>> 17)) + this.h4;
    h3 = (Math.imul(h3, 5) + 0x96cd1c35) | 0;
    let h4 = this.h4 ^ scramble(k4, C4, 18, C1);
    h4 = ((h4 << 13) | (h4 >>> 19)) + h1;
    this.h4 = (Math.imul(h4, 5) + 0x32ac3b17) | 0;
    this.h1 = h1;
    this.h2 = h2;
    this.h3 = h3;
  }
}

function scramble(word: number, first: number, rotation: number, second: number): number {
  const mixed = Math.imul(word, first);
  return Math.imul((mixed << rotation) | (mixed >>> (32 - rotation)), second);
}

function avalanche(word: number): number {
  let h = word ^ (word >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}
