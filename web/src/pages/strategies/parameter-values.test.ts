import { describe, expect, it } from 'vitest';
import type { ParameterInfo } from '../../../../src/contract/api/strategies.ts';
import { changesOf, typedValue } from './parameter-values.ts';

const INTEGER = { type: 'integer', default: 10, min: 1, max: 1000, description: '' } as const;
const NUMBER = { type: 'number', default: 1, min: 0, max: 10, description: '' } as const;
const DECIMAL = { type: 'decimal', default: '0.1', description: '' } as const;
const CHOICE: ParameterInfo = { type: 'choice', default: 'fill', choices: ['decision', 'fill'], description: '' };

describe('a form made of descriptors', () => {
  it.each([
    [INTEGER, '12', 12],
    [INTEGER, '1', 1],
    [INTEGER, '1000', 1000],
    [NUMBER, '0.25', 0.25],
    [NUMBER, '1e-3', 0.001],
    [DECIMAL, '0.10', '0.10'],
    [CHOICE, 'decision', 'decision'],
    [{ type: 'boolean', default: true, description: '' } as const, 'false', false],
  ])('%o reads %s', (descriptor, text, value) => {
    expect(typedValue(text, descriptor)).toEqual({ ok: true, value });
  });

  it.each([
    [INTEGER, ''],
    [INTEGER, '1.5'],
    [INTEGER, '0'],
    [INTEGER, '1001'],
    [NUMBER, '10.1'],
    [NUMBER, 'NaN'],
    [DECIMAL, '1e3'],
    [CHOICE, 'other'],
  ])('%o refuses "%s"', (descriptor, text) => {
    expect(typedValue(text, descriptor).ok).toBe(false);
  });

  it('changes are what differs from what is in force, with both values', () => {
    const descriptors = { fast: INTEGER, weight: NUMBER, sizeAt: CHOICE };
    const inForce = { fast: 12, weight: 0.3, sizeAt: 'fill' };
    const texts = { fast: '15', weight: '0.30', sizeAt: 'decision' };
    expect(changesOf(texts, descriptors, inForce)).toEqual([
      { name: 'fast', before: 12, after: 15 },
      { name: 'sizeAt', before: 'fill', after: 'decision' },
    ]);
  });

  it('a text that cannot be read is no change', () => {
    expect(changesOf({ fast: 'x' }, { fast: INTEGER }, { fast: 12 })).toEqual([]);
  });
});
