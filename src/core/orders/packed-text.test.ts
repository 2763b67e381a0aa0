import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PackedText, TextColumn } from './packed-text.ts';

const anyText = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('', '\0', '\u00ff', '\u0100', '123456789012345', '1234567890123456'),
);

describe('a column of texts', () => {
  it('gives back every text that was put into it, also after it has grown', () => {
    fc.assert(
      fc.property(fc.array(anyText, { maxLength: 30 }), (texts) => {
        const column = new TextColumn(32);
        texts.forEach((text, row) => column.set(row, text));
        column.grow(64);
        expect(texts.map((_, row) => column.get(row))).toEqual(texts);
        expect(texts.map((_, row) => column.isEmpty(row))).toEqual(texts.map((text) => text === ''));
        expect([column.get(63), column.isEmpty(63)]).toEqual(['', true]);
      }),
    );
  });
});

describe('a packed text', () => {
  it('fits when it has at most 15 characters of one byte', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const fits = text.length <= 15 && [...text].every((character) => character.codePointAt(0)! <= 0xff);
        expect(new PackedText().pack(text)).toBe(fits);
      }),
    );
  });

  it('has a hash that spreads counters over a table: of 4096 in 4096 buckets no bucket has more than 12', () => {
    // By chance a bucket has k of them with a probability of 1/(e × k!): more than 12 in one of 4096 buckets about once in a million.
    const packed = new PackedText();
    for (const prefix of ['T-', 'V-', '', '00000000']) {
      for (const first of [1000, 123_000, 7_000_000]) {
        const buckets = new Int32Array(4096);
        for (let n = first; n < first + 4096; n += 1) {
          packed.pack(`${prefix}${n}`);
          buckets[packed.hash() & 4095]! += 1;
        }
        expect(Math.max(...buckets), `${prefix}${first}`).toBeLessThanOrEqual(12);
      }
    }
  });

  it('has a neighbor in every text that differs in its last character only', () => {
    const hashOf = (text: string): number => {
      const packed = new PackedText();
      expect(packed.pack(text)).toBe(true);
      return packed.hash();
    };
    fc.assert(
      fc.property(fc.stringMatching(/^[ -~]{0,14}$/), fc.nat(9), fc.nat(9), (stem, one, other) => {
        expect(hashOf(`${stem}${one}`) - hashOf(`${stem}${other}`)).toBe(one - other);
      }),
    );
    expect(hashOf('T-1234') >> 4).not.toBe(hashOf('T-1244') >> 4);
  });
});
