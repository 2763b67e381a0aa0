const C1 = 0x239b961b;
const C2 = 0xab0e9789 | 0;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93 | 0;

/**
 * MurmurHash3_x86_128 with seed 0 (A. Appleby, public domain, SMHasher) of a sequence of 32-bit words, each four bytes, low byte first.
 *
 * What it says of a seed and a name decides every generated market and every drawn scenario, so it stays what it is for all time.
 */
export function murmurOf(words: readonly number[]): readonly [number, number, number, number] {
  let h1 = 0;
  let h2 = 0;
  let h3 = 0;
  let h4 = 0;
  const end = words.length & ~3;
  for (let at = 0; at < end; at += 4) {
    h1 ^= scramble(words[at]!, C1, 15, C2);
    h1 = (Math.imul((rotated(h1, 19) + h2) | 0, 5) + 0x561ccd1b) | 0;
    h2 ^= scramble(words[at + 1]!, C2, 16, C3);
    h2 = (Math.imul((rotated(h2, 17) + h3) | 0, 5) + 0x0bcaa747) | 0;
    h3 ^= scramble(words[at + 2]!, C3, 17, C4);
    h3 = (Math.imul((rotated(h3, 15) + h4) | 0, 5) + 0x96cd1c35) | 0;
    h4 ^= scramble(words[at + 3]!, C4, 18, C1);
    h4 = (Math.imul((rotated(h4, 13) + h1) | 0, 5) + 0x32ac3b17) | 0;
  }
  // Up to three words are left. One of zero is scrambled to zero, so those that are not there change nothing.
  const [k1 = 0, k2 = 0, k3 = 0] = words.slice(end);
  const bytes = words.length * 4;
  h1 ^= scramble(k1, C1, 15, C2) ^ bytes;
  h2 ^= scramble(k2, C2, 16, C3) ^ bytes;
  h3 ^= scramble(k3, C3, 17, C4) ^ bytes;
  h4 ^= bytes;
  h1 = (h1 + h2 + h3 + h4) | 0;
  h2 = avalanche((h2 + h1) | 0);
  h3 = avalanche((h3 + h1) | 0);
  h4 = avalanche((h4 + h1) | 0);
  h1 = avalanche(h1);
  h1 = (h1 + h2 + h3 + h4) | 0;
  return [h1 >>> 0, (h2 + h1) >>> 0, (h3 + h1) >>> 0, (h4 + h1) >>> 0];
}

function rotated(word: number, places: number): number {
  return (word << places) | (word >>> (32 - places));
}

function scramble(word: number, first: number, places: number, second: number): number {
  return Math.imul(rotated(Math.imul(word, first), places), second);
}

function avalanche(word: number): number {
  let h = word ^ (word >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}
