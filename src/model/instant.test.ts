import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantText, parseInstant } from './instant.ts';

/** Date is the oracle here. */
const oracle = (text: string): number => Date.parse(text) * 1000;

describe('an instant', () => {
  it('is a date or a time of day in UTC, to the microsecond', () => {
    expect(parseInstant('1970-01-02')).toBe(86_400_000_000);
    expect(parseInstant('2004-08-19T13:30')).toBe(oracle('2004-08-19T13:30:00Z'));
    expect(parseInstant('2004-08-19 13:30:05.25Z')).toBe(oracle('2004-08-19T13:30:05.250Z'));
    expect(parseInstant('1970-01-01T00:00:00.000001Z')).toBe(1);
  });

  it('is within 2^53 microseconds of the epoch, and nothing beyond', () => {
    expect(parseInstant('2255-06-05T23:47:34.740991Z')).toBe(Number.MAX_SAFE_INTEGER);
    expect(parseInstant('1684-07-28T00:12:25.259009Z')).toBe(Number.MIN_SAFE_INTEGER);
    for (const text of ['2255-06-05T23:47:34.740992Z', '1684-07-28T00:12:25.259008Z', '9999-12-31', '0050-01-02']) {
      expect(parseInstant(text)).toBeNull();
    }
  });

  it.each([
    '',
    'yesterday',
    '2023-02-29',
    '2023-13-01',
    '2023-00-10',
    '2023-01-01T24:00',
    '2023-01-01T23:60',
    '2023-01-01T23:59:60',
    '2023-1-1',
  ])('is not %j', (text) => expect(parseInstant(text)).toBeNull());

  it('is written so that it reads back, as Date writes its milliseconds', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (ts) => {
        const text = instantText(ts);
        expect(parseInstant(text)).toBe(ts);
        expect(text.slice(0, 23)).toBe(new Date(Math.floor(ts / 1000)).toISOString().slice(0, 23));
      }),
    );
    expect(instantText(-1)).toBe('1969-12-31T23:59:59.999999Z');
  });
});
