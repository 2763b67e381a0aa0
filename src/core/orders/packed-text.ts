/** Texts of at most this many one-byte characters fit into four words. */
const CHARACTERS_MAX = 15;
/** Odd, so that a change of any character alone reaches all buckets of a table whose size is a power of two. */
const HASH_FACTOR = 31;

/**
 * A short text as four 32-bit words: its characters, and in the top byte of the last word how many there are. Ids of venues are such texts;
 * kept as words in a column they leave nothing to the garbage collector. Hot: one object packs one text after the other.
 */
export class PackedText {
  word0 = 0;
  word1 = 0;
  word2 = 0;
  word3 = 0;
  /** Of the characters: counters that follow each other have hashes close to each other, so that tables of them are walked, not jumped in. */
  hash = 0;

  /** Packs a text. False where it does not fit; then the words say nothing. */
  pack(text: string): boolean {
    const { length } = text;
    if (length > CHARACTERS_MAX) return false;
    let bits = 0;
    let hash = 0;
    let word0 = 0;
    let word1 = 0;
    let word2 = 0;
    let word3 = length << 24;
    let place = 0;
    for (; place < length && place < 4; place += 1) {
      const character = text.charCodeAt(place);
      bits |= character;
      hash = (Math.imul(hash, HASH_FACTOR) + character) | 0;
      word0 |= character << (place << 3);
    }
    for (; place < length && place < 8; place += 1) {
      const character = text.charCodeAt(place);
      bits |= character;
      hash = (Math.imul(hash, HASH_FACTOR) + character) | 0;
      word1 |= character << ((place - 4) << 3);
    }
    for (; place < length && place < 12; place += 1) {
      const character = text.charCodeAt(place);
      bits |= character;
      hash = (Math.imul(hash, HASH_FACTOR) + character) | 0;
      word2 |= character << ((place - 8) << 3);
    }
    for (; place < length; place += 1) {
      const character = text.charCodeAt(place);
      bits |= character;
      hash = (Math.imul(hash, HASH_FACTOR) + character) | 0;
      word3 |= character << ((place - 12) << 3);
    }
    this.word0 = word0;
    this.word1 = word1;
    this.word2 = word2;
    this.word3 = word3;
    this.hash = hash;
    return bits <= 0xff;
  }
}

/** The hash of a text of any length, as that of a packed one. */
export function hashOfText(text: string): number {
  let hash = 0;
  for (let place = 0; place < text.length; place += 1) hash = (Math.imul(hash, HASH_FACTOR) + text.charCodeAt(place)) | 0;
  return hash;
}

const WORDS = 4;
/** Top byte of the last word of a text that did not fit and stands beside the words. */
const KEPT_AS_TEXT = 0xff;

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

  grow(rows: number): void {
    const words = new Int32Array(rows * WORDS);
    words.set(this.#words);
    this.#words = words;
  }
}
