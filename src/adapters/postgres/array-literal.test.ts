import { describe, expect, it } from 'vitest';
import { jsonText, plainArray, textArray } from './array-literal.ts';

describe('array literals', () => {
  it('numbers and decimals stand as they are, and nothing is NULL', () => {
    expect(plainArray([1, '2.50', null, -3n, true])).toBe('{1,2.50,NULL,-3,true}');
    expect(plainArray([])).toBe('{}');
  });

  it('texts are quoted: NULL the word is not NULL the value, quotes and backslashes are escaped', () => {
    expect(textArray(['a', null, 'NULL', '', 'b"c\\d', '{x,y}'])).toBe('{"a",NULL,"NULL","","b\\"c\\\\d","{x,y}"}');
  });

  it('what PostgreSQL cannot store is replaced: U+0000 everywhere, half a pair in JSON', () => {
    expect(textArray(['a\u0000b'])).toBe('{"a\ufffdb"}');
    expect(jsonText({ a: ['x\u0000', '\ud83d\ude00', '\ud83d'] })).toBe('{"a":["x\ufffd","😀","\ufffd"]}');
  });
});
