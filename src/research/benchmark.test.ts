import { describe, expect, it } from 'vitest';
import { compareWithBenchmark } from './benchmark.ts';
import { resolveConventions } from './conventions.ts';

// The benchmark gains 10 % and loses 10 %, the run twice that: beta 2 on simple returns.
const EQUITY = Float64Array.of(100, 120, 96);
const BENCHMARK = Float64Array.of(50, 55, 49.5);

describe('compareWithBenchmark', () => {
  it('beta is 2 where the run moves twice as far', () => {
    expect(compareWithBenchmark(EQUITY, BENCHMARK, -0.01, resolveConventions()).beta).toBeCloseTo(2, 12);
  });

  // Year of two returns: −0.04 − rf − 2 × (−0.01 − rf).
  it.each([
    [0, -0.02],
    [0.03, 0.01],
  ])('Jensen’s alpha with a risk-free rate of %d is %d', (riskFreeRate, alpha) => {
    const conventions = resolveConventions({ periodsPerYear: 2, riskFreeRate });
    expect(compareWithBenchmark(EQUITY, BENCHMARK, 0.5, conventions).alpha).toBeCloseTo(alpha, 12);
  });

  // Total: −0.04 − 0.03 − 2 × (0.5 − 0.03).
  it('total alpha takes the total return and the buy-and-hold return as given', () => {
    const conventions = resolveConventions({ alpha: 'total', riskFreeRate: 0.03 });
    expect(compareWithBenchmark(EQUITY, BENCHMARK, 0.5, conventions)).toMatchObject({ buyAndHoldReturn: 0.5 });
    expect(compareWithBenchmark(EQUITY, BENCHMARK, 0.5, conventions).alpha).toBeCloseTo(-1.01, 12);
  });

  it('log beta is the ratio of log swings', () => {
    const conventions = resolveConventions({ betaReturns: 'log' });
    const swing = Math.log(1.2 / 0.8) / Math.log(1.1 / 0.9);
    expect(compareWithBenchmark(EQUITY, BENCHMARK, 0, conventions).beta).toBeCloseTo(swing, 12);
  });

  it('is NaN against a benchmark that never moves', () => {
    expect(compareWithBenchmark(EQUITY, Float64Array.of(1, 1, 1), 0, resolveConventions()).beta).toBeNaN();
  });
});
