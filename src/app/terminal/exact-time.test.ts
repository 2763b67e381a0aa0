import { expect, it } from 'vitest';
import { exactTimeText } from './exact-time.ts';
import { parseInstant } from '../../model/instant.ts';

it.each([
  [0, '1970-01-01T00:00:00Z'],
  [10_000_000, '1970-01-01T00:00:10Z'],
  [1_500_000, '1970-01-01T00:00:01.5Z'],
  [100, '1970-01-01T00:00:00.0001Z'],
])('a time of %i is told to the second, or as fine as it is, and can be read again', (ts, text) => {
  expect(exactTimeText(ts)).toBe(text);
  expect(parseInstant(text)).toBe(ts);
});
