import { assert } from '../base/assert.ts';

/** Divide squared deviations by the count less one (`sample`) or by the count (`population`). */
export type DeviationKind = 'sample' | 'population';

/** Arithmetic mean; NaN of nothing. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < values.length; index += 1) sum += values[index]!;
  return sum / values.length;
}

/** Geometric mean of returns, Π(1 + r)^(1/n) − 1; NaN of nothing, −1 where a return loses everything. */
export function geometricMean(returns: ArrayLike<number>): number {
  let logSum = 0;
  for (let index = 0; index < returns.length; index += 1) {
    if (returns[index]! <= -1) return -1;
    logSum += Math.log1p(returns[index]!);
  }
  return Math.expm1(logSum / returns.length);
}

/** Variance about the mean; NaN where the divisor would be zero or less. */
export function variance(values: ArrayLike<number>, kind: DeviationKind): number {
  return covariance(values, values, kind);
}

export function covariance(first: ArrayLike<number>, second: ArrayLike<number>, kind: DeviationKind): number {
  assert(first.length === second.length, 'covariance of columns of one length');
  const divisor = kind === 'sample' ? first.length - 1 : first.length;
  if (divisor <= 0) return Number.NaN;
  const firstMean = mean(first);
  const secondMean = mean(second);
  let sum = 0;
  for (let index = 0; index < first.length; index += 1) sum += (first[index]! - firstMean) * (second[index]! - secondMean);
  return sum / divisor;
}

/** `dividend / divisor`, NaN where the divisor is zero: a ratio without a denominator is unknown, not infinite. */
export function ratio(dividend: number, divisor: number): number {
  return divisor === 0 ? Number.NaN : dividend / divisor;
}
