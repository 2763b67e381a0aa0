import { unreachable } from '../base/assert.ts';
import type { Conventions } from './conventions.ts';
import { geometricMean, mean, variance } from './moments.ts';
import { DAY_US } from '../model/civil-date.ts';
import type { TimeSeries } from './run-series.ts';

/** Period returns of a series of values: n values give n − 1 returns. */
export function periodReturns(values: Float64Array, kind: 'simple' | 'log'): Float64Array {
  const returns = new Float64Array(Math.max(0, values.length - 1));
  for (let index = 0; index < returns.length; index += 1) {
    const before = values[index]!;
    const after = values[index + 1]!;
    returns[index] = kind === 'simple' ? (after - before) / before : Math.log(after / before);
  }
  return returns;
}

/** Last over first, less one; NaN of nothing. */
export function totalReturn(values: Float64Array, start = 0): number {
  return (values[values.length - 1]! - values[start]!) / values[start]!;
}

/** Compound annual growth rate: (last / first)^(days per year / calendar days) − 1. A loss of everything gives −1. */
export function compoundAnnualGrowthRate(series: TimeSeries, daysPerYear: number): number {
  const days = (series.ts[series.ts.length - 1]! - series.ts[0]!) / DAY_US;
  const growth = 1 + totalReturn(series.value);
  if (!(days > 0)) return Number.NaN;
  return growth <= 0 ? -1 : growth ** (daysPerYear / days) - 1;
}

export function annualReturn(returns: Float64Array, conventions: Conventions): number {
  const periods = conventions.periodsPerYear;
  switch (conventions.annualReturn) {
    case 'arithmetic':
      return mean(returns) * periods;
    case 'compounded-mean':
      return (1 + mean(returns)) ** periods - 1;
    case 'geometric':
      return (1 + meanGrowth(returns, conventions)) ** periods - 1;
    default:
      return unreachable(conventions.annualReturn);
  }
}

export function annualVolatility(returns: Float64Array, conventions: Conventions): number {
  const periods = conventions.periodsPerYear;
  const squared = variance(returns, conventions.deviation);
  if (conventions.annualVolatility === 'scaled') return Math.sqrt(squared * periods);
  const growth = (1 + meanGrowth(returns, conventions)) ** 2;
  return Math.sqrt((squared + growth) ** periods - growth ** periods);
}

/** Mean growth per period: geometric of simple returns; of log returns the same number is exp(mean) − 1. */
function meanGrowth(returns: Float64Array, conventions: Conventions): number {
  return conventions.returns === 'log' ? Math.expm1(mean(returns)) : geometricMean(returns);
}
