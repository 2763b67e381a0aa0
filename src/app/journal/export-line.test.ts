import { describe, expect, it } from 'vitest';
import { exportLine } from './export-line.ts';

const lineOf = (payload: Uint8Array): string => exportLine({ sequence: 3, kind: 2, ts: -5, payload });
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('a record as a line of JSON', () => {
  it('carries a payload that is JSON as it was written, digit by digit, in one line', () => {
    const line = lineOf(bytes('{"qty":12345678901234567890.10,\r\n "text":"a\\nb"}'));
    expect(line).toBe('{"sequence":3,"kind":2,"ts":-5,"payload":{"qty":12345678901234567890.10,   "text":"a\\nb"}}');
    expect(JSON.parse(line)).toMatchObject({ payload: { text: 'a\nb' } });
  });

  it.each([
    ['is empty', new Uint8Array(0), ''],
    ['is a number by chance', bytes('7'), 'Nw=='],
    ['begins as JSON and is none', bytes('{"a":'), 'eyJhIjo='],
    ['is JSON but for bytes that are no text', Uint8Array.of(0x5b, 0x22, 0xff, 0x22, 0x5d), 'WyL/Il0='],
  ])('carries one that %s as base64', (_what, payload, base64) => {
    expect(lineOf(payload)).toBe(`{"sequence":3,"kind":2,"ts":-5,"base64":"${base64}"}`);
  });
});
