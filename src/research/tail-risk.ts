import type { Conventions } from './conventions.ts';
import { mean, variance } from './moments.ts';

/** Losses that are not exceeded with the stated confidence, and the mean loss beyond; shares of equity per period, positive for a loss. */
interface TailRisk {
  readonly valueAtRisk: number;
  readonly expectedShortfall: number;
}

type Confidence = 0.95 | 0.99;

/** Quantiles of the standard normal law at 5 % and 1 %. */
const NORMAL_QUANTILES: Readonly<Record<Confidence, number>> = { 0.95: -1.6448536269514722, 0.99: -2.3263478740408408 };

/**
 * Value at risk and expected shortfall of a column of returns.
 *
 * Historical: the quantile at 1 − confidence, between order statistics by straight line (Hyndman and Fan's type 7, the default of R and
 * NumPy), and the mean of the returns at or below it. Normal: mean + z × deviation, and mean − deviation × density(z) / (1 − confidence).
 */
export function tailRisk(returns: Float64Array, confidence: Confidence, conventions: Conventions): TailRisk {
  if (conventions.valueAtRisk === 'normal') {
    const center = mean(returns);
    const deviation = Math.sqrt(variance(returns, conventions.deviation));
    const z = NORMAL_QUANTILES[confidence];
    const density = Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
    return { valueAtRisk: -(center + z * deviation), expectedShortfall: -(center - (deviation * density) / (1 - confidence)) };
  }
  const sorted = Float64Array.from(returns).sort();
  const threshold = quantile(sorted, 1 - confidence);
  return { valueAtRisk: -threshold, expectedShortfall: -mean(sorted.filter((value) => value <= threshold)) };
}

/** Type-7 quantile of sorted values; NaN of nothing. */
export function quantile(sorted: Float64Array, probability: number): number {
  if (sorted.length === 0) return Number.NaN;
  const place = (sorted.length - 1) * probability;
  const below = Math.floor(place);
  const low = sorted[below]!;
  return low + (place - below) * (sorted[Math.min(below + 1, sorted.length - 1)]! - low);
}
