import { describe, expect, it } from 'vitest';
import { resolveConventions } from './conventions.ts';
import { quantile, tailRisk } from './tail-risk.ts';

describe('quantile', () => {
  it('lies on a straight line between order statistics (type 7)', () => {
    const sorted = Float64Array.of(1, 2, 4, 8);
    expect([0, 0.5, 1, 0.25].map((probability) => quantile(sorted, probability))).toEqual([1, 3, 8, 1.75]);
    expect(quantile(new Float64Array(0), 0.5)).toBeNaN();
  });
});

describe('tailRisk', () => {
  // −1 %, −2 % … −41 % in any order: the 5 % quantile is the third worst, −39 %, the worst three average −40 %.
  it('historical is the quantile and the mean beyond it, as losses', () => {
    const returns = Float64Array.from({ length: 41 }, (_, index) => -(((index * 7) % 41) + 1) / 100);
    const tail = tailRisk(returns, 0.95, resolveConventions());
    expect(tail.valueAtRisk).toBeCloseTo(0.39, 14);
    expect(tail.expectedShortfall).toBeCloseTo(0.4, 14);
  });

  // Mean 0, population deviation 0.1. Tables of the normal law: z 1.6449 and 2.3263, shortfall 2.0627 and 2.6652 deviations.
  it.each([
    [0.95, 0.16449, 0.20627],
    [0.99, 0.23263, 0.26652],
  ] as const)('normal at %d has the tables’ factors', (confidence, valueAtRisk, shortfall) => {
    const tail = tailRisk(Float64Array.of(0.1, -0.1), confidence, resolveConventions({ valueAtRisk: 'normal', deviation: 'population' }));
    expect(tail.valueAtRisk).toBeCloseTo(valueAtRisk, 5);
    expect(tail.expectedShortfall).toBeCloseTo(shortfall, 5);
  });
});
