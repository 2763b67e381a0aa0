import { assert } from './assert.ts';

/** Rows of the longest record, an even number. */
const ROWS_MAX = 16;
/**
 * The record in the making, seen as doubles, as words and as big integers. One for all digests, since a record is put together and added in
 * one go: a compiler that knows where and how long it is has nothing to look up and leaves out nearly every check of a bound.
 */
const NUMBERS = new Float64Array(ROWS_MAX + 2);
const BIGINTS = new BigInt64Array(NUMBERS.buffer);
const WORDS = new Int32Array(NUMBERS.buffer);
/** A row is mixed low word first; which of its two words lies first in memory depends on the processor. */
const LOW = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 0 : 1;
const HIGH = 1 - LOW;
/** The words of a block of two rows in their order: views of equal length that begin a word apart, so that one check does for all four. */
const WORDS_1 = wordsFrom(LOW);
const WORDS_2 = wordsFrom(HIGH);
const WORDS_3 = wordsFrom(2 + LOW);
const WORDS_4 = wordsFrom(2 + HIGH);
/** High word of the one NaN that stands for all; its low word is zero. */
const NAN_HIGH = 0x7ff80000;
/** XXH32's. */
const PRIME1 = 0x9e3779b1 | 0;
const PRIME2 = 0x85ebca77 | 0;
const PRIME3 = 0xc2b2ae3d | 0;

/**
 * A running 128-bit digest: tells whether two runs did the same, order by order and fill by fill, without a Node module.
 *
 * Four lanes of 32 bits, each stepped as XXH32 steps its own (Y. Collet, xxHash specification) and then added to its neighbour, so that
 * every block of four words maps the state onto itself one to one, and what differs in one lane is in all of them three blocks later. Well
 * mixed and fast, not cryptographic; it guards against accidents, not against an adversary. The sequence of calls is the schema: numbers are
 * not tagged, texts carry their length. Source: docs/decisions/0013-digest.md
 *
 * Hot: some 28 rows of 64 bits are added for an order. Values are put into the rows of a record, by constant places, and {@link add} mixes
 * them in one loop over scalars. Nothing may be added to any digest between a record's first `put` and its `add`.
 */
export class Digest {
  private h1 = (PRIME1 + PRIME2) | 0;
  private h2 = PRIME2;
  private h3 = 0;
  private h4 = -PRIME1 | 0;

  /** Puts the 64 bits of a double that is not NaN. −0 counts as 0: they are the same value. */
  put(row: number, value: number): void {
    NUMBERS[row] = value + 0;
  }

  /** As {@link put}, where the value may be NaN: every NaN counts as one. */
  putAny(row: number, value: number): void {
    if (value === value) this.put(row, value);
    else this.putPair(row, 0, NAN_HIGH);
  }

  /** Puts the low 32 bits of two integers. */
  putPair(row: number, low: number, high: number): void {
    WORDS[2 * row + LOW] = low;
    WORDS[2 * row + HIGH] = high;
  }

  /** Puts the low 64 bits of a big integer. */
  putBigint(row: number, value: bigint): void {
    BIGINTS[row] = value;
  }

  /**
   * Adds a record: what was put into its rows, each of them, since they hold what was there before.
   *
   * @param rows an even number of at most 16
   */
  add(rows: number): void {
    const end = 2 * rows;
    let { h1, h2, h3, h4 } = this;
    for (let at = 0; at < end; at += 4) {
      h1 = (h1 + Math.imul(WORDS_1[at]!, PRIME2)) | 0;
      h1 = (Math.imul((h1 << 13) | (h1 >>> 19), PRIME1) + h2) | 0;
      h2 = (h2 + Math.imul(WORDS_2[at]!, PRIME2)) | 0;
      h2 = (Math.imul((h2 << 13) | (h2 >>> 19), PRIME1) + h3) | 0;
      h3 = (h3 + Math.imul(WORDS_3[at]!, PRIME2)) | 0;
      h3 = (Math.imul((h3 << 13) | (h3 >>> 19), PRIME1) + h4) | 0;
      h4 = (h4 + Math.imul(WORDS_4[at]!, PRIME2)) | 0;
      h4 = (Math.imul((h4 << 13) | (h4 >>> 19), PRIME1) + h1) | 0;
    }
    this.h1 = h1;
    this.h2 = h2;
    this.h3 = h3;
    this.h4 = h4;
  }

  /** Adds a number. What is added should be an integer or the result of exact arithmetic. */
  addNumber(value: number): void {
    this.putAny(0, value);
    this.put(1, 0);
    this.add(2);
  }

  /** Adds a text: its length in UTF-16 units, then the units, eight at a time. */
  addText(text: string): void {
    this.addNumber(text.length);
    for (let at = 0; at < text.length; at += 8) {
      this.putPair(0, pairAt(text, at), pairAt(text, at + 2));
      this.putPair(1, pairAt(text, at + 4), pairAt(text, at + 6));
      this.add(2);
    }
  }

  /** The four words of the digest of all that was added; adding may go on. */
  finish(): readonly [number, number, number, number] {
    const lanes = spread([this.h1, this.h2, this.h3, this.h4]);
    const [h1, h2, h3, h4] = spread(lanes.map(avalanche) as Lanes);
    return [h1 >>> 0, h2 >>> 0, h3 >>> 0, h4 >>> 0];
  }

  /** The digest as 32 lower-case hexadecimal digits. */
  hex(): string {
    return this.finish()
      .map((word) => word.toString(16).padStart(8, '0'))
      .join('');
  }

  /** Everything needed to go on later, as plain numbers. */
  saveState(): readonly number[] {
    return [this.h1, this.h2, this.h3, this.h4];
  }

  /** Takes up where {@link saveState} left off. */
  loadState(state: readonly number[]): void {
    assert(state.length === 4, 'the state of a digest has four numbers');
    const [h1, h2, h3, h4] = state as Lanes;
    this.h1 = h1;
    this.h2 = h2;
    this.h3 = h3;
    this.h4 = h4;
  }
}

function wordsFrom(first: number): Int32Array {
  return new Int32Array(NUMBERS.buffer, first * Int32Array.BYTES_PER_ELEMENT, 2 * ROWS_MAX);
}

type Lanes = [number, number, number, number];

/** Units `at` and `at + 1` of a text as one word, zero where it has ended. */
function pairAt(text: string, at: number): number {
  return text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16);
}

/** Each lane with the sum of all, so that what differs in one differs in the others. */
function spread([h1, h2, h3, h4]: Lanes): Lanes {
  const sum = (h1 + h2 + h3 + h4) | 0;
  return [sum, (h2 + sum) | 0, (h3 + sum) | 0, (h4 + sum) | 0];
}

function avalanche(word: number): number {
  let h = word ^ (word >>> 15);
  h = Math.imul(h, PRIME2);
  h ^= h >>> 13;
  h = Math.imul(h, PRIME3);
  return h ^ (h >>> 16);
}
