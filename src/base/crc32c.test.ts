import { describe, expect, it } from 'vitest';
import { copyFoldingWords, crc32c, crc32cHex, foldWords } from './crc32c.ts';

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

describe('crc32c', () => {
  it('gives the check value of the catalogue for "123456789"', () => {
    expect(crc32c(ascii('123456789'))).toBe(0xe3069283);
  });

  it('gives the vectors of RFC 3720 appendix B.4', () => {
    // The RFC prints the bytes as sent, least significant first: aa 36 91 8a is 0x8a9136aa.
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
    expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
    expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => 31 - i))).toBe(0x113fdb5c);
  });

  it('is 0 for nothing', () => {
    expect(crc32c(new Uint8Array(0))).toBe(0);
  });

  it('gives the same at every alignment and for every way of cutting the bytes in two', () => {
    const bytes = Uint8Array.from({ length: 61 }, (_, i) => (i * 37 + 11) & 0xff);
    const whole = bitwise(bytes);
    for (let offset = 0; offset < 9; offset += 1) {
      const shifted = new Uint8Array(80);
      shifted.set(bytes, offset);
      expect(crc32c(shifted.subarray(offset, offset + 61))).toBe(whole);
    }
    for (let cut = 0; cut <= 61; cut += 1) expect(crc32c(bytes.subarray(cut), crc32c(bytes.subarray(0, cut)))).toBe(whole);
  });

  it('is the same folded by the word, and while copying by the word', () => {
    const bytes = Uint8Array.from({ length: 64 }, (_, i) => (i * 37 + 11) & 0xff);
    const words = new Int32Array(bytes.buffer);
    const target = new Int32Array(20);
    // Bytes 8 to 55 are words 2 to 13.
    const expected = bitwise(bytes.subarray(8, 56));
    expect(~foldWords(words, 2, 14, ~0) >>> 0).toBe(expected);
    expect(~copyFoldingWords(words, 2, target, 4, 12, ~0) >>> 0).toBe(expected);
    expect([...target]).toEqual([0, 0, 0, 0, ...words.subarray(2, 14), 0, 0, 0, 0]);
  });

  it('is written with eight hexadecimal digits', () => {
    expect(crc32cHex(0xabc)).toBe('00000abc');
  });
});

/** The definition, bit by bit. */
function bitwise(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}
