import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JSON_DEPTH_MAX, JSON_ITEMS_MAX, JsonRefusal, parseStrictJson } from './strict-json.ts';

const nested = (depth: number): string => `${'['.repeat(depth)}1${']'.repeat(depth)}`;
const SPECIAL = ['__proto__', 'constructor', 'prototype'];

function hasSpecialName(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, each]) => SPECIAL.includes(name) || hasSpecialName(each));
}

describe('strict JSON', () => {
  it('reads whatever the platform writes, as the platform reads it', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => {
        const expected: unknown = JSON.parse(text);
        if (hasSpecialName(expected) || /\d{17}|[eE]\+?\d{2}/.test(text)) return;
        expect(parseStrictJson(text)).toEqual(expected);
      }),
    );
  });

  it('refuses whatever the platform refuses', () => {
    fc.assert(
      fc.property(fc.string(), fc.json(), fc.nat(), (noise, text, at) => {
        const place = at % (text.length + 1);
        const broken = text.slice(0, place) + noise + text.slice(place);
        let isJson = true;
        try {
          JSON.parse(broken);
        } catch {
          isJson = false;
        }
        if (!isJson) expect(() => parseStrictJson(broken)).toThrow(JsonRefusal);
      }),
    );
  });

  it('SEC-21: the bounds of depth and width are where they say', () => {
    expect(parseStrictJson(nested(JSON_DEPTH_MAX))).toBeTruthy();
    expect(() => parseStrictJson(nested(JSON_DEPTH_MAX + 1))).toThrow('deeper');
    const list = (count: number): string => `[${Array(count).fill('1').join(',')}]`;
    expect(parseStrictJson(list(JSON_ITEMS_MAX))).toHaveLength(JSON_ITEMS_MAX);
    expect(() => parseStrictJson(list(JSON_ITEMS_MAX + 1))).toThrow('more than');
  });

  it.each(['9007199254740993', '1e400', '-1e999', '1E309', '0.1000000000000000055511151231257827021181583404541'])(
    'SEC-23: the number %s is refused: it would not be kept as it was written',
    (text) => expect(() => parseStrictJson(`{"x":${text}}`)).toThrow(JsonRefusal),
  );

  it.each([
    ['{"a":1,"a":2}', 'twice'],
    ['{"a":1,"\\u0061":2}', 'twice'],
    ['[{"__proto__":{"x":1}}]', '__proto__'],
    ['{"\\u005f_proto__":1}', '__proto__'],
    ['{"constructor":1}', 'constructor'],
    ['{"a":{"prototype":1}}', 'prototype'],
  ])('SEC-23: %s is refused, however its names are written', (text, why) => expect(() => parseStrictJson(text)).toThrow(why));

  it.each(['01', '1.', '.5', '+1', 'NaN', 'Infinity', '0x1', '', '[1,]', '{"a":1,}', "{'a':1}", '"\u0001"', '"\\x"', 'nul', '1 2'])(
    '%j is no JSON',
    (text) => expect(() => parseStrictJson(text)).toThrow(JsonRefusal),
  );

  it('SEC-25: the time it takes rises with the length and no faster', () => {
    // Texts that make a reader that goes back go back: the whole of each is looked at a bounded number of times, or this test never ends.
    for (const text of [
      `"${'\\'.repeat(100_001)}`,
      `"${'\\"'.repeat(50_000)}`,
      '['.repeat(100_000),
      ' '.repeat(100_000),
      '1'.repeat(100_000),
    ])
      expect(() => parseStrictJson(text)).toThrow(JsonRefusal);
  });
});
