import { describe, expect, it } from 'vitest';
import { resolveConventions } from './conventions.ts';
import { sharpeRatio, sortinoRatio } from './risk-ratios.ts';

// Mean 0.01, every return 0.02 from it: population s = 0.02.
const RETURNS = Float64Array.of(0.03, -0.01, 0.03, -0.01);
const YEAR = { periodsPerYear: 4, deviation: 'population' } as const;

describe('sharpeRatio', () => {
  it('is mean × N less the risk-free rate over s × √N', () => {
    expect(sharpeRatio(RETURNS, resolveConventions(YEAR))).toBeCloseTo(0.04 / 0.04, 13);
    expect(sharpeRatio(RETURNS, resolveConventions({ ...YEAR, riskFreeRate: 0.02 }))).toBeCloseTo(0.5, 13);
  });

  it('with the annual return as numerator takes that', () => {
    const annual = 1.03 ** 2 * 0.99 ** 2 - 1;
    expect(sharpeRatio(RETURNS, resolveConventions({ ...YEAR, ratioNumerator: 'annual-return' }))).toBeCloseTo(annual / 0.04, 12);
  });

  it('is NaN without volatility', () => {
    expect(sharpeRatio(Float64Array.of(0, 0), resolveConventions(YEAR))).toBeNaN();
  });
});

describe('sortinoRatio', () => {
  // Downside: √(2 × 0.0001 / 4) = 0.01/√2, × √4.
  it('divides by the semi-deviation over all returns', () => {
    expect(sortinoRatio(RETURNS, resolveConventions(YEAR))).toBeCloseTo(0.04 / (Math.SQRT2 * 0.01), 12);
  });

  // Target 0.04/4 = 0.01: shortfalls 0.02 twice, √(2 × 0.0004 / 4) = 0.02/√2; with target zero 0.01/√2 again.
  it('counts from the risk-free rate per period, or from zero', () => {
    const conventions = { ...YEAR, riskFreeRate: 0.04, ratioNumerator: 'mean' } as const;
    expect(
      sortinoRatio(
        RETURNS.map((value) => value + 0.01),
        resolveConventions({ ...conventions, downsideTarget: 'zero' }),
      ),
    ).toBeNaN();
    const shifted = sortinoRatio(Float64Array.of(0.05, -0.01, 0.05, -0.01), resolveConventions(conventions));
    expect(shifted).toBeCloseTo(0.04 / (Math.SQRT2 * 0.02), 12);
  });

  // Of −0.01 and −0.03 alone: population deviation 0.01, × √4.
  it('or by the deviation of the negative returns alone', () => {
    const returns = Float64Array.of(0.08, -0.01, -0.03, 0);
    expect(sortinoRatio(returns, resolveConventions({ ...YEAR, downside: 'negative-returns' }))).toBeCloseTo(0.04 / 0.02, 12);
  });
});
