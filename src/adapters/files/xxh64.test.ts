import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { xxh64Low } from './xxh64.ts';
import { xxh64ByTheBook } from './zstandard.fixture.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('XXH64', () => {
  it('of published texts ends as published', () => {
    // Of nothing and of "abc": EF46DB37 51D8E999 and 44BC2CF5 AD770999.
    expect(xxh64Low(bytesOf(''))).toBe(0x51d8e999);
    expect(xxh64Low(bytesOf('abc'))).toBe(0xad770999);
    expect(xxh64ByTheBook(bytesOf('abc'))).toBe(0x44bc2cf5ad770999n);
  });

  it('in halves is the same as in bigints, at every length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200, size: 'max' }), fc.nat(7), (bytes, from) => {
        const part = bytes.subarray(from);
        expect(xxh64Low(part)).toBe(Number(xxh64ByTheBook(part) & 0xffff_ffffn));
      }),
      { numRuns: 300 },
    );
  });
});
