/** Texts of at most this many one-byte characters fit into four words. */
const CHARACTERS_MAX = 15;
const ONE_BYTE_MAX = 0xff;
/** Odd, so that no bit of a word is lost in the hash: primes near 2^32 over the golden ratio and its like, one per word. */
const WORD_FACTORS = [0x9e3779b1 | 0, 0x85ebca77 | 0, 0xc2b2ae3d | 0, 0x27d4eb2f | 0] as const;
/** Bits of the last character that stand in the hash as they are. */
const NEIGHBOR_BITS = 4;
const NEIGHBOR_MASK = (1 << NEIGHBOR_BITS) - 1;
const CHARACTER_FACTOR = 31;

/**
 * A short text as four 32-bit words: its characters, and in the top byte of the last word how many there are. Ids of venues are such texts;
 * kept as words in a column they leave nothing to the garbage collector.
 *
 * Hot: one object packs one text after the other, two for every order. Straight lines, since a loop over characters costs a third more.
 */
export class PackedText {
  word0 = 0;
  word1 = 0;
  word2 = 0;
  word3 = 0;
  private isWide = false;

  /** Packs a text. False where it does not fit; then the words say nothing. */
  pack(text: string): boolean {
    const { length } = text;
    if (length > CHARACTERS_MAX) return false;
    this.isWide = false;
    const word0 = this.fourFrom(text, 0, length);
    const word1 = length > 4 ? this.fourFrom(text, 4, length) : 0;
    const word2 = length > 8 ? this.fourFrom(text, 8, length) : 0;
    const word3 = (length > 12 ? this.fourFrom(text, 12, length) : 0) | (length << 24);
    this.word0 = word0;
    this.word1 = word1;
    this.word2 = word2;
    this.word3 = word3;
    return !this.isWide;
  }

  /**
   * Of the words. Texts that differ in their last character only are neighbors: their hashes differ in the lowest four bits. Ids are counted up,
   * so that most of them then find their place in a table where the one before was looked for, in memory that is at hand.
   */
  hash(): number {
    const { word0, word1, word2, word3 } = this;
    const lastAt = (word3 >>> 24) - 1;
    if (lastAt < 0) return 0;
    const lastWord = lastAt < 4 ? word0 : lastAt < 8 ? word1 : lastAt < 12 ? word2 : word3;
    const shift = (lastAt & 3) << 3;
    const last = (lastWord >>> shift) & ONE_BYTE_MAX;
    // A sum over the words, from which the last character is taken out again.
    let hash =
      Math.imul(word0, WORD_FACTORS[0]) +
      Math.imul(word1, WORD_FACTORS[1]) +
      Math.imul(word2, WORD_FACTORS[2]) +
      Math.imul(word3, WORD_FACTORS[3]) -
      Math.imul(last << shift, WORD_FACTORS[(lastAt >> 2) as 0 | 1 | 2 | 3]);
    hash = Math.imul(hash ^ (hash >>> 15), WORD_FACTORS[0]);
    return ((hash ^ (hash >>> 13)) & ~NEIGHBOR_MASK) | (last & NEIGHBOR_MASK);
  }

  /** Characters `at` to `at + 3`, zeros where the text has ended. */
  private fourFrom(text: string, at: number, length: number): number {
    const first = at < length ? text.charCodeAt(at) : 0;
    const second = at + 1 < length ? text.charCodeAt(at + 1) : 0;
    const third = at + 2 < length ? text.charCodeAt(at + 2) : 0;
    const fourth = at + 3 < length ? text.charCodeAt(at + 3) : 0;
    if ((first | second | third | fourth) > ONE_BYTE_MAX) this.isWide = true;
    return first | (second << 8) | (third << 16) | (fourth << 24);
  }
}

/** A hash for texts of any length. */
export function hashOfText(text: string): number {
  let hash = 0;
  for (let place = 0; place < text.length; place += 1) hash = (Math.imul(hash, CHARACTER_FACTOR) + text.charCodeAt(place)) | 0;
  return hash;
}

const WORDS = 4;
/** Top byte of the last word of a text that did not fit and stands beside the words. */
const KEPT_AS_TEXT = 0xff;

export interface TextColumnState {
  readonly words: Int32Array;
  readonly long: readonly (readonly [row: number, text: string])[];
}

/** A column of short texts, empty where nothing was written. */
export class TextColumn {
  #words: Int32Array;
  /** By row, the texts that do not fit into words. */
  readonly #long = new Map<number, string>();
  readonly #packed = new PackedText();

  constructor(rows: number) {
    this.#words = new Int32Array(rows * WORDS);
  }

  isEmpty(row: number): boolean {
    return this.#words[row * WORDS + 3] === 0;
  }

  set(row: number, text: string): void {
    const place = row * WORDS;
    const words = this.#words;
    const packed = this.#packed;
    if (!packed.pack(text)) {
      this.#long.set(row, text);
      words[place + 3] = KEPT_AS_TEXT << 24;
      return;
    }
    words[place] = packed.word0;
    words[place + 1] = packed.word1;
    words[place + 2] = packed.word2;
    words[place + 3] = packed.word3;
  }

  get(row: number): string {
    const place = row * WORDS;
    const length = this.#words[place + 3]! >>> 24;
    if (length === KEPT_AS_TEXT) return this.#long.get(row)!;
    let text = '';
    for (let at = 0; at < length; at += 1) {
      text += String.fromCharCode((this.#words[place + (at >> 2)]! >>> ((at & 3) << 3)) & 0xff);
    }
    return text;
  }

  /** @param rows in use */
  saveState(rows: number): TextColumnState {
    return { words: this.#words.slice(0, rows * WORDS), long: [...this.#long] };
  }

  /** Of a column in which nothing was written, with room for as many rows. */
  loadState({ words, long }: TextColumnState): void {
    this.#words.set(words);
    for (const [row, text] of long) this.#long.set(row, text);
  }

  grow(rows: number): void {
    const words = new Int32Array(rows * WORDS);
    words.set(this.#words);
    this.#words = words;
  }
}
