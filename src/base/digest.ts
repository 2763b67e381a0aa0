import { assert } from './assert.ts';

const SCRATCH = new DataView(new ArrayBuffer(8));
const CANONICAL_NAN = 0x7ff8_0000_0000_0000n;
const BIGINT_SCRATCH = new BigInt64Array(1);
const BIGINT_WORDS = new Int32Array(BIGINT_SCRATCH.buffer);
/** A double's words lie in memory in the order in which they are added. */
const IS_LITTLE_ENDIAN = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
/** Words that wait to be mixed in one go: a multiple of the four of a block. */
const BUFFER_WORDS = 512;
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
 *
 * Hot: about forty numbers are added for an order. They are put down as they come and mixed by the buffer, in one loop over scalars.
 */
export class Digest {
  private h1: number;
  private h2: number;
  private h3: number;
  private h4: number;
  /** What was added and is not mixed yet: the first `waiting` words. The doubles lie over the same bytes. */
  private readonly buffer = new Int32Array(BUFFER_WORDS);
  private readonly doubles = new Float64Array(this.buffer.buffer);
  private waiting = 0;
  /** Words mixed so far. */
  private mixed = 0;

  constructor(seed = 0) {
    this.h1 = seed | 0;
    this.h2 = seed | 0;
    this.h3 = seed | 0;
    this.h4 = seed | 0;
  }

  /** Adds the low 32 bits of an integer. */
  addUint32(word: number): void {
    this.buffer[this.waiting] = word;
    this.waiting += 1;
    if (this.waiting === BUFFER_WORDS) this.mix();
  }

  /** Adds the low 32 bits of two integers, one after the other. */
  addPair(first: number, second: number): void {
    if ((this.waiting & 1) !== 0) {
      this.addUint32(first);
      return this.addUint32(second);
    }
    this.buffer[this.waiting] = first;
    this.buffer[this.waiting + 1] = second;
    this.waiting += 2;
    if (this.waiting === BUFFER_WORDS) this.mix();
  }

  /** Adds the 64 bits of a double, low word first. −0 counts as 0 and every NaN as one: they are the same value. */
  addNumber(value: number): void {
    if ((this.waiting & 1) !== 0 || !IS_LITTLE_ENDIAN || value !== value) return this.addByWord(value);
    this.doubles[this.waiting >> 1] = value + 0;
    this.waiting += 2;
    if (this.waiting === BUFFER_WORDS) this.mix();
  }

  /** Adds a big integer: a word with its sign and length in words, then its magnitude, low word first. */
  addBigInt(value: bigint): void {
    if (!IS_LITTLE_ENDIAN || BigInt.asIntN(64, value) !== value) return this.addLongBigInt(value);
    BIGINT_SCRATCH[0] = value;
    const lowSigned = BIGINT_WORDS[0]!;
    const highSigned = BIGINT_WORDS[1]!;
    const isNegative = highSigned < 0;
    const low = isNegative ? -lowSigned | 0 : lowSigned;
    const high = isNegative ? (~highSigned + (lowSigned === 0 ? 1 : 0)) | 0 : highSigned;
    const length = high !== 0 ? 2 : low !== 0 ? 1 : 0;
    this.addUint32(length * 2 + (isNegative ? 1 : 0));
    if (length > 0) this.addUint32(low);
    if (length > 1) this.addUint32(high);
  }

  /** Adds a text: its length in UTF-16 units, then the units, two to a word. */
  addText(text: string): void {
    const { length } = text;
    this.addUint32(length);
    const pairsEnd = length & ~1;
    for (let at = 0; at < pairsEnd; at += 2) this.addUint32(text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16));
    if (pairsEnd < length) this.addUint32(text.charCodeAt(pairsEnd));
  }

  /** Adds a word of zero where an odd number of words has been added: numbers that follow are put down whole. */
  align(): void {
    if ((this.waiting & 1) !== 0) this.addUint32(0);
  }

  /** The four words of the digest of all that was added; adding may go on. */
  finish(): readonly [number, number, number, number] {
    this.mix();
    const tail = this.waiting;
    const [k1, k2, k3] = this.buffer as unknown as readonly [number, number, number];
    let h1 = this.h1;
    let h2 = this.h2;
    let h3 = this.h3;
    if (tail > 2) h3 ^= scramble(k3, C3, 17, C4);
    if (tail > 1) h2 ^= scramble(k2, C2, 16, C3);
    if (tail > 0) h1 ^= scramble(k1, C1, 15, C2);
    // The length is counted in bytes; its low 32 bits enter, as in the original.
    const bytes = ((this.mixed + tail) * 4) | 0;
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
    this.mix();
    const { buffer, waiting } = this;
    const tail = [0, 1, 2].map((at) => (at < waiting ? buffer[at]! : 0));
    return [this.h1, this.h2, this.h3, this.h4, ...tail, this.mixed + waiting];
  }

  /** Takes up where {@link saveState} left off. */
  loadState(state: readonly number[]): void {
    assert(state.length === 8, 'the state of a digest has eight numbers');
    const [h1, h2, h3, h4, k1, k2, k3, words] = state as [number, number, number, number, number, number, number, number];
    this.h1 = h1;
    this.h2 = h2;
    this.h3 = h3;
    this.h4 = h4;
    this.buffer.set([k1, k2, k3]);
    this.waiting = words % 4;
    this.mixed = words - this.waiting;
  }

  private addByWord(value: number): void {
    SCRATCH.setFloat64(0, value + 0, true);
    if (value !== value) SCRATCH.setBigUint64(0, CANONICAL_NAN, true);
    this.addUint32(SCRATCH.getInt32(0, true));
    this.addUint32(SCRATCH.getInt32(4, true));
  }

  private addLongBigInt(value: bigint): void {
    let magnitude = value < 0n ? -value : value;
    let length = 0;
    for (let rest = magnitude; rest > 0n; rest >>= 32n) length += 1;
    this.addUint32(length * 2 + (value < 0n ? 1 : 0));
    for (; magnitude > 0n; magnitude >>= 32n) this.addUint32(Number(magnitude & 0xffffffffn));
  }

  /** Mixes every whole block that waits; fewer than four words are left, at the front. */
  private mix(): void {
    const { buffer } = this;
    const end = this.waiting & ~3;
    let { h1, h2, h3, h4 } = this;
    for (let at = 0; at < end; at += 4) {
      h1 ^= scramble(buffer[at]!, C1, 15, C2);
      h1 = (((h1 << 19) | (h1 >>> 13)) + h2) | 0;
      h1 = (Math.imul(h1, 5) + 0x561ccd1b) | 0;
      h2 ^= scramble(buffer[at + 1]!, C2, 16, C3);
      h2 = (((h2 << 17) | (h2 >>> 15)) + h3) | 0;
      h2 = (Math.imul(h2, 5) + 0x0bcaa747) | 0;
      h3 ^= scramble(buffer[at + 2]!, C3, 17, C4);
      h3 = (((h3 << 15) | (h3 >>> 17)) + h4) | 0;
      h3 = (Math.imul(h3, 5) + 0x96cd1c35) | 0;
      h4 ^= scramble(buffer[at + 3]!, C4, 18, C1);
      h4 = (((h4 << 13) | (h4 >>> 19)) + h1) | 0;
      h4 = (Math.imul(h4, 5) + 0x32ac3b17) | 0;
    }
    this.h1 = h1;
    this.h2 = h2;
    this.h3 = h3;
    this.h4 = h4;
    if (end < this.waiting) buffer.copyWithin(0, end, this.waiting);
    this.waiting -= end;
    this.mixed += end;
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
