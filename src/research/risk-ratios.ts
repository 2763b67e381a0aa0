import type { Conventions } from './conventions.ts';
import { mean, ratio, variance } from './moments.ts';
import { annualReturn, annualVolatility } from './returns.ts';

/** Sharpe ratio: annual excess return per annual volatility. NaN where there is no volatility. */
export function sharpeRatio(returns: Float64Array, conventions: Conventions): number {
  return ratio(excessReturn(returns, conventions), annualVolatility(returns, conventions));
}

/** Sortino ratio: annual excess return per annual downside deviation. NaN where there is no downside. */
export function sortinoRatio(returns: Float64Array, conventions: Conventions): number {
  return ratio(excessReturn(returns, conventions), downsideDeviation(returns, conventions) * Math.sqrt(conventions.periodsPerYear));
}

function excessReturn(returns: Float64Array, conventions: Conventions): number {
  const annual = conventions.ratioNumerator === 'mean' ? mean(returns) * conventions.periodsPerYear : annualReturn(returns, conventions);
  return annual - conventions.riskFreeRate;
}

/** Per period. */
function downsideDeviation(returns: Float64Array, conventions: Conventions): number {
  if (conventions.downside === 'negative-returns') {
    return Math.sqrt(
      variance(
        returns.filter((value) => value < 0),
        conventions.deviation,
      ),
    );
  }
  const target = conventions.downsideTarget === 'zero' ? 0 : conventions.riskFreeRate / conventions.periodsPerYear;
  return Math.sqrt(mean(returns.map((value) => Math.min(value - target, 0) ** 2)));
}
