import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashOfText, PackedText, TextColumn } from './packed-text.ts';

const anyText = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('', '\0', '\u00ff', '\u0100'),
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
  it('fits when it has at most 15 characters of one byte, and then has the hash that any text has', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const packed = new PackedText();
        const fits = packed.pack(text);
        expect(fits).toBe(text.length <= 15 && [...text].every((character) => character.codePointAt(0)! <= 0xff));
        if (fits) expect(packed.hash).toBe(hashOfText(text));
      }),
    );
  });
});
