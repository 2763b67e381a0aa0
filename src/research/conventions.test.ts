import { describe, expect, it } from 'vitest';
import { CONVENTION_PRESETS, resolveConventions } from './conventions.ts';

describe('resolveConventions', () => {
  it('is the standard preset when nothing is chosen', () => {
    expect(resolveConventions()).toEqual(CONVENTION_PRESETS.standard);
  });

  it('keeps a preset but for the switches that are named', () => {
    const chosen = resolveConventions({ preset: 'lean', periodsPerYear: 365, alpha: 'total' });
    expect(chosen).toEqual({ ...CONVENTION_PRESETS.lean, periodsPerYear: 365, alpha: 'total' });
  });

  it.each([
    [{ preset: 'other' as 'lean' }, 'The convention preset is other: give one of standard, backtesting.py, lean.'],
    [{ alpha: 'beta' as 'total' }, 'The convention alpha is beta: give one of jensen, total.'],
    [{ periodsPerYear: 0 }, 'periodsPerYear is 0'],
    [{ daysPerYear: Number.NaN }, 'daysPerYear is NaN'],
    [{ annualFromDays: 0.5 }, 'annualFromDays is 0.5: give the days'],
    [{ riskFreeRate: 2 }, 'riskFreeRate is 2: give a share per year'],
  ])('refuses %o with a sentence', (choice, message) => {
    expect(() => resolveConventions(choice)).toThrow(message);
  });
});
