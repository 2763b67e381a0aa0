import { describe, expect, it } from 'vitest';
import { resolveConventions } from './conventions.ts';
import { DAY_US } from '../model/civil-date.ts';
import { annualReturn, annualVolatility, compoundAnnualGrowthRate, periodReturns, totalReturn } from './returns.ts';

const simple = periodReturns(Float64Array.of(100, 110, 99), 'simple');
const two = { periodsPerYear: 2 };

describe('periodReturns', () => {
  it('are growth less one, or its logarithm', () => {
    expect([...simple].map((value) => Number(value.toFixed(14)))).toEqual([0.1, -0.1]);
    expect(periodReturns(Float64Array.of(100, 110), 'log')[0]).toBeCloseTo(Math.log(1.1), 15);
    expect(periodReturns(Float64Array.of(100), 'simple')).toHaveLength(0);
  });
});

describe('totalReturn', () => {
  it('counts from the first value or from where it is told', () => {
    expect(totalReturn(Float64Array.of(100, 110, 99))).toBeCloseTo(-0.01, 15);
    expect(totalReturn(Float64Array.of(100, 110, 99), 1)).toBeCloseTo(-0.1, 15);
  });
});

describe('compoundAnnualGrowthRate', () => {
  const grown = (days: number, end: number): number =>
    compoundAnnualGrowthRate({ ts: Float64Array.of(0, days * DAY_US), value: Float64Array.of(100, end) }, 365);

  it('21 % in two years of 365 days is 10 % a year', () => {
    expect(grown(730, 121)).toBeCloseTo(0.1, 14);
  });

  it('a loss of everything or more is −1, and no time gives no rate', () => {
    expect([grown(730, 0), grown(730, -5), grown(0, 121)]).toEqual([-1, -1, Number.NaN]);
  });
});

describe('annualReturn', () => {
  // Over a year of two periods: geometric 0.99 − 1, from the mean of 0 both others 0.
  it.each([
    ['geometric', -0.01],
    ['compounded-mean', 0],
    ['arithmetic', 0],
  ] as const)('%s of +10 %% and −10 %% is %d', (kind, expected) => {
    expect(annualReturn(simple, resolveConventions({ ...two, annualReturn: kind }))).toBeCloseTo(expected, 14);
  });

  it('compounded-mean compounds: 5 % twice is 10.25 %, arithmetic 10 %', () => {
    const returns = Float64Array.of(0.05, 0.05);
    expect(annualReturn(returns, resolveConventions({ ...two, annualReturn: 'compounded-mean' }))).toBeCloseTo(0.1025, 14);
    expect(annualReturn(returns, resolveConventions({ ...two, annualReturn: 'arithmetic' }))).toBeCloseTo(0.1, 14);
  });

  it('geometric of log returns is the same growth', () => {
    const logs = periodReturns(Float64Array.of(100, 110, 99), 'log');
    expect(annualReturn(logs, resolveConventions({ ...two, returns: 'log' }))).toBeCloseTo(-0.01, 14);
  });
});

describe('annualVolatility', () => {
  // Squares 0.01 + 0.01: sample variance 0.02, population 0.01.
  it.each([
    ['sample', 0.02],
    ['population', 0.01],
  ] as const)('scaled with the %s deviation is √(2 × %d)', (deviation, squared) => {
    expect(annualVolatility(simple, resolveConventions({ ...two, deviation }))).toBeCloseTo(Math.sqrt(2 * squared), 14);
  });

  // (1 + g)² = 0.99; √((0.02 + 0.99)² − 0.99²) = √0.04 = 0.2.
  it('compounded is √((s² + (1+g)²)^N − (1+g)^2N)', () => {
    expect(annualVolatility(simple, resolveConventions({ ...two, annualVolatility: 'compounded' }))).toBeCloseTo(0.2, 13);
  });
});
