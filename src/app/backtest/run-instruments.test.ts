import { describe, expect, it } from 'vitest';
import { decimalsNeeded } from './run-instruments.ts';

describe('the decimals that a text needs', () => {
  it.each([
    ['0', 0],
    ['100', 0],
    ['1.50', 1],
    ['-0.125', 3],
    ['1e-7', 7],
    ['2.5e-7', 8],
    ['2.50e1', 0],
    ['0.000', 0],
  ])('%s needs %i', (text, decimals) => expect(decimalsNeeded(text)).toBe(decimals));
});
