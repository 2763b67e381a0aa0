import { describe, expect, it } from 'vitest';
import { type ParameterDescriptors, resolveParameters } from './parameters.ts';

const DESCRIPTORS = {
  fast: { type: 'integer', default: 10, min: 1, max: 50, description: '' },
  width: { type: 'number', default: 2, min: 0.5, max: 3, description: '' },
  isShort: { type: 'boolean', default: true, description: '' },
  mode: { type: 'choice', default: 'a', choices: ['a', 'b'], description: '' },
  quantity: { type: 'decimal', default: '0.25', description: '' },
  every: { type: 'text', default: '1d', description: '' },
} as const satisfies ParameterDescriptors;

describe('resolveParameters', () => {
  it('fills in defaults for what is not given', () => {
    expect(resolveParameters(DESCRIPTORS, {})).toEqual({
      values: { fast: 10, width: 2, isShort: true, mode: 'a', quantity: '0.25', every: '1d' },
      refusals: [],
    });
  });

  it('takes a decimal that is written as a number', () => {
    for (const [given, text] of [
      [3, '3'],
      [-0.05, '-0.05'],
      [0.00001, '0.00001'],
    ] as const)
      expect(resolveParameters(DESCRIPTORS, { quantity: given }).values['quantity']).toBe(text);
  });

  it('takes values at the edges of their range', () => {
    const given = { fast: 50, width: 0.5, isShort: false, mode: 'b', quantity: '-3', every: '' };
    expect(resolveParameters(DESCRIPTORS, given)).toEqual({ values: given, refusals: [] });
  });

  it.each([
    ['fast', 0, 'parameter "fast" is 0: give a value from 1 to 50'],
    ['fast', 51, 'parameter "fast" is 51: give a value from 1 to 50'],
    ['fast', 2.5, 'parameter "fast" is 2.5: give a whole number'],
    ['fast', '5', 'parameter "fast" is "5": give a whole number'],
    ['width', 3.01, 'parameter "width" is 3.01: give a value from 0.5 to 3'],
    ['width', Number.POSITIVE_INFINITY, 'give a number'],
    ['width', Number.NaN, 'give a number'],
    ['isShort', 'yes', 'parameter "isShort" is "yes": give true or false'],
    ['isShort', 1, 'give true or false'],
    ['mode', 'c', 'parameter "mode" is "c": give one of a, b'],
    ['quantity', 1e-9, 'parameter "quantity" is "1e-9": give a decimal, such as 0.25'],
    ['quantity', 0.1234567890123456, 'give a decimal in quotes: as a number it has more than 15 digits'],
    ['quantity', '1e3', 'give a decimal, such as 0.25'],
    ['quantity', '.5', 'give a decimal, such as 0.25'],
    ['every', 1, 'parameter "every" is 1: give a text'],
    ['fast', null, 'give a whole number'],
  ])('refuses %s = %o with the fix', (name, value, message) => {
    const { values, refusals } = resolveParameters(DESCRIPTORS, { [name]: value });
    expect(refusals).toHaveLength(1);
    expect(refusals[0]!.name).toBe(name);
    expect(refusals[0]!.message).toContain(message);
    expect(values).not.toHaveProperty(name);
  });

  it('refuses names that the strategy does not have, and lists those it has', () => {
    expect(resolveParameters(DESCRIPTORS, { fats: 5 }).refusals.map(({ message }) => message)).toEqual([
      'unknown parameter "fats"; this strategy has fast, width, isShort, mode, quantity, every',
    ]);
    expect(resolveParameters({}, { toString: 1 }).refusals.map(({ message }) => message)).toEqual([
      'unknown parameter "toString"; this strategy has none',
    ]);
  });

  it('tells every refusal at once', () => {
    expect(
      resolveParameters(DESCRIPTORS, { fast: 0, mode: 'x', other: 1 })
        .refusals.map(({ name }) => name)
        .sort(),
    ).toEqual(['fast', 'mode', 'other']);
  });
});
