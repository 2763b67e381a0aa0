import { describe, expect, it } from 'vitest';
import { addDecimals, compareDecimals, decimalText, isMultipleOf, isPositiveDecimal, multiplyDecimals, signOf } from './decimal-text.ts';

describe('decimals for people', () => {
  it.each([
    ['1234567.5', {}, '1\u202f234\u202f567.5'],
    ['-0.5', {}, '\u22120.5'],
    ['12.345', { decimals: 2 }, '12.35'],
    ['-12.344', { decimals: 2 }, '\u221212.34'],
    ['9.999', { decimals: 2 }, '10.00'],
    ['999.5', { decimals: 0 }, '1\u202f000'],
    ['3', { decimals: 2 }, '3.00'],
    ['3', { signed: true }, '+3'],
    ['-0.001', { decimals: 2, signed: true }, '0.00'],
    ['0007', {}, '7'],
    // More digits than a double holds.
    ['12345678901234567890.123456789', {}, '12\u202f345\u202f678\u202f901\u202f234\u202f567\u202f890.123456789'],
  ])('%s with %o is %s', (text, format, shown) => {
    expect(decimalText(text, format)).toBe(shown);
  });

  it('what is no decimal is shown as it came, and never becomes a number', () => {
    expect(['', 'n/a', '1e5', '--1'].map((text) => decimalText(text, { decimals: 2 }))).toEqual(['', 'n/a', '1e5', '--1']);
  });

  it('signs are those of exact values', () => {
    expect(['-0.000', '0', '-0.0001', '0.0001', 'x', null].map((text) => signOf(text))).toEqual([0, 0, -1, 1, 0, 0]);
  });
});

describe('exact sums', () => {
  it('0.1 and 0.2 make 0.3, and signs are kept', () => {
    expect([addDecimals('0.1', '0.2'), addDecimals('-5', '1.25'), addDecimals('0.005', '-1')]).toEqual(['0.3', '-3.75', '-0.995']);
  });

  it('products have the decimals of both', () => {
    expect([multiplyDecimals('0.07', '0.3'), multiplyDecimals('-2', '1.5')]).toEqual(['0.021', '-3.0']);
  });

  it('multiples are judged exactly where doubles would err', () => {
    // 0.3 ÷ 0.1 is 2.9999999999999996 in doubles.
    expect([isMultipleOf('0.3', '0.1'), isMultipleOf('0.35', '0.1'), isMultipleOf('97412.51', '0.01')]).toEqual([true, false, true]);
  });

  it('comparison looks at values and not at texts', () => {
    expect([compareDecimals('10', '9.99'), compareDecimals('1.0', '1'), compareDecimals('-2', '1')]).toEqual([1, 0, -1]);
  });

  it('a quantity that is typed is above zero and plain', () => {
    expect(['1', '0.5', '0', '-1', '1e3', '1,5', '', '.5'].map(isPositiveDecimal)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});
