import { describe, expect, it } from 'vitest';
import { WordChecksum } from './word-checksum.ts';

function checksumOf(words: Iterable<number | bigint>): string {
  const checksum = new WordChecksum();
  for (const word of words) checksum.mix(word);
  return checksum.text;
}

describe('the checksum of words', () => {
  // A word below 256 is mixed as FNV-1a mixes a byte. Test vectors: the FNV page of L. C. Noll.
  it.each([
    ['', 'cbf29ce484222325'],
    ['a', 'af63dc4c8601ec8c'],
    ['foobar', '85944171f73967e8'],
  ])('of the bytes of "%s" is that of 64-bit FNV-1a', (text, hash) => {
    expect(checksumOf(Buffer.from(text))).toBe(hash);
  });

  it('takes a negative word by its two’s complement, as the programs in C do', () => {
    expect(checksumOf([-1])).toBe(checksumOf([2n ** 64n - 1n]));
    expect(checksumOf([-1])).not.toBe(checksumOf([1]));
  });
});
