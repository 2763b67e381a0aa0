import type { Conventions } from './conventions.ts';
import { covariance, ratio, variance } from './moments.ts';
import { annualReturn, periodReturns, totalReturn } from './returns.ts';

/** How a run relates to what it is compared with. */
export interface BenchmarkStatistics {
  readonly buyAndHoldReturn: number;
  readonly alpha: number;
  readonly beta: number;
}

/**
 * Compares sampled equity with a sampled benchmark.
 *
 * @param equity values at the sampling's stamps
 * @param benchmark prices at the same stamps
 * @param buyAndHoldReturn total return of the benchmark from where buy-and-hold buys
 */
export function compareWithBenchmark(
  equity: Float64Array,
  benchmark: Float64Array,
  buyAndHoldReturn: number,
  conventions: Conventions,
): BenchmarkStatistics {
  const ours = periodReturns(equity, conventions.betaReturns);
  const theirs = periodReturns(benchmark, conventions.betaReturns);
  const beta = ratio(covariance(ours, theirs, conventions.deviation), variance(theirs, conventions.deviation));
  const riskFree = conventions.riskFreeRate;
  if (conventions.alpha === 'total') {
    return { buyAndHoldReturn, beta, alpha: totalReturn(equity) - riskFree - beta * (buyAndHoldReturn - riskFree) };
  }
  const annualOurs = annualReturn(periodReturns(equity, conventions.returns), conventions);
  const annualTheirs = annualReturn(periodReturns(benchmark, conventions.returns), conventions);
  return { buyAndHoldReturn, beta, alpha: annualOurs - riskFree - beta * (annualTheirs - riskFree) };
}
