import { describe, expect, it } from 'vitest';
import { keyOf, minuteOf, storedInstrument, whole } from './command-options.ts';

describe('options of the data commands', () => {
  it('name a data set by the one name of its interval', () => {
    expect([keyOf('A.X', 'bars', '60m').every, keyOf('A.X', 'bars', '1M').every]).toEqual(['1h', '1mo']);
  });

  it('name an argument as the help does, not as an option', () => {
    expect(() => keyOf('A.X', 'bars', undefined)).toThrow(/^\[every\]: Bars are named with their length/);
    expect(() => keyOf('A.X', 'candles', undefined)).toThrow(/^\[kind\], value "candles"/);
  });

  it.each([
    ['an instrument without a venue', () => storedInstrument('AAA', 2, 0)],
    ['an unknown kind', () => keyOf('A.X', 'candles', undefined)],
    ['a day that is none', () => minuteOf('from', '2024-13-01')],
    ['a number out of range', () => whole('seed', '-1', 0, 9)],
  ])('refuse %s', (_what, act) => {
    expect(act).toThrow(/OPTION_INVALID/);
  });
});
