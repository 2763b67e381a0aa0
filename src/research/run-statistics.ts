import { DAY_US } from '../model/civil-date.ts';
import { assert } from '../base/assert.ts';
import { annualTurnover, exposure } from './activity.ts';
import { compareWithBenchmark } from './benchmark.ts';
import type { BenchmarkStatistics } from './benchmark.ts';
import { resolveConventions } from './conventions.ts';
import type { ConventionChoice, Conventions } from './conventions.ts';
import { drawdownEpisodes } from './drawdowns.ts';
import { mean, ratio } from './moments.ts';
import { lastIndexPerPeriod, takeSamples, takeValues } from './resample.ts';
import { annualReturn, annualVolatility, compoundAnnualGrowthRate, periodReturns, totalReturn } from './returns.ts';
import { sharpeRatio, sortinoRatio } from './risk-ratios.ts';
import type { RunSeries, TimeSeries } from './run-series.ts';
import { tailRisk } from './tail-risk.ts';
import { tradeStatistics } from './trade-statistics.ts';
import type { TradeStatistics } from './trade-statistics.ts';

/**
 * Statistics of a run. Shares, not percent; durations in microseconds; NaN where a statistic is not defined (no trades, no volatility, no
 * benchmark). Floats: good for judging, not for accounts. Definitions and sources: docs/reference/statistics.md.
 */
interface RunStatistics extends TradeStatistics, BenchmarkStatistics, EquityStatistics {
  readonly exposure: number;
  readonly annualTurnover: number;
}

interface EquityStatistics {
  readonly startTs: number;
  readonly endTs: number;
  readonly equityStart: number;
  readonly equityFinal: number;
  readonly equityPeak: number;
  readonly totalReturn: number;
  readonly compoundAnnualGrowthRate: number;
  readonly annualReturn: number;
  readonly annualVolatility: number;
  readonly sharpeRatio: number;
  readonly sortinoRatio: number;
  readonly calmarRatio: number;
  readonly maxDrawdown: number;
  readonly averageDrawdown: number;
  readonly longestDrawdownDurationUs: number;
  readonly deepestDrawdownDurationUs: number;
  readonly averageDrawdownDurationUs: number;
  readonly valueAtRisk95: number;
  readonly valueAtRisk99: number;
  readonly expectedShortfall95: number;
  readonly expectedShortfall99: number;
}

/** What is said by the year. */
const BY_THE_YEAR = [
  'compoundAnnualGrowthRate',
  'annualReturn',
  'annualVolatility',
  'sharpeRatio',
  'sortinoRatio',
  'calmarRatio',
  'alpha',
  'annualTurnover',
] as const satisfies readonly (keyof RunStatistics)[];

/**
 * Why statistics are not defined, by name: those by the year where the equity covers fewer days than `annualFromDays`. Days say little of a
 * year: what they would come to is noise raised to a high power.
 */
export function undefinedStatistics(equity: TimeSeries, conventions: Conventions): Readonly<Record<string, string>> {
  const days = daysOf(equity);
  if (days >= conventions.annualFromDays) return {};
  // Rounded down, so that what falls short by a minute does not read as enough.
  const covered = Math.floor(days * 100) / 100;
  const reason = `The run covers ${covered} days, too short to be brought to a year: ${conventions.annualFromDays} are needed (statistics.annualFromDays).`;
  return Object.fromEntries(BY_THE_YEAR.map((name) => [name, reason]));
}

/** Days from the first sample to the last. */
function daysOf({ ts }: TimeSeries): number {
  return (ts[ts.length - 1]! - ts[0]!) / DAY_US;
}

/**
 * Computes every statistic of a run; those that {@link undefinedStatistics} names are NaN.
 *
 * @param choice a preset, single switches, or both; `standard` when not given
 * @throws RangeError where a switch makes no sense
 */
export function computeStatistics(series: RunSeries, choice: ConventionChoice = {}): RunStatistics {
  const conventions = resolveConventions(choice);
  const { equity, benchmark } = series;
  assert(equity.value.length > 0 && equity.ts.length === equity.value.length, 'equity has a stamp for each value, and at least one');
  assert(equity.value[0]! > 0, 'equity is above zero at the start');
  assert(benchmark === undefined || benchmark.length === equity.value.length, 'the benchmark has the stamps of the equity');
  const indexes = sampleIndexes(equity.ts, conventions);
  const sampled = takeSamples(equity, indexes);
  return {
    ...equityStatistics(equity, periodReturns(sampled.value, conventions.returns), conventions),
    ...tradeStatistics(series.trades, equity.value[0]!, conventions),
    ...benchmarkStatistics(series, sampled.value, indexes, conventions),
    exposure: exposure(series),
    annualTurnover: annualTurnover(series, daysOf(equity) / conventions.daysPerYear),
    ...Object.fromEntries(Object.keys(undefinedStatistics(equity, conventions)).map((name) => [name, Number.NaN])),
  };
}

/** Indexes of the samples that returns are taken between. */
function sampleIndexes(ts: Float64Array, conventions: Conventions): Uint32Array {
  if (conventions.sampling === 'sample') return Uint32Array.from(ts, (_, index) => index);
  const indexes = lastIndexPerPeriod(ts, DAY_US);
  if (conventions.firstDay === 'dropped' || indexes[0] === 0) return indexes;
  return Uint32Array.from([0, ...indexes]);
}

/** Drawdowns are taken over every sample; returns over the samples that the conventions choose. */
function equityStatistics(equity: TimeSeries, returns: Float64Array, conventions: Conventions): EquityStatistics {
  const last = equity.value.length - 1;
  const drawdowns = drawdownEpisodes(equity);
  const deepest = drawdowns.reduce((worst, episode) => (episode.depth < worst.depth ? episode : worst), { depth: 0, durationUs: 0 });
  const growth = compoundAnnualGrowthRate(equity, conventions.daysPerYear);
  const annual = annualReturn(returns, conventions);
  const tail95 = tailRisk(returns, 0.95, conventions);
  const tail99 = tailRisk(returns, 0.99, conventions);
  return {
    startTs: equity.ts[0]!,
    endTs: equity.ts[last]!,
    equityStart: equity.value[0]!,
    equityFinal: equity.value[last]!,
    equityPeak: equity.value.reduce((peak, value) => Math.max(peak, value)),
    totalReturn: totalReturn(equity.value),
    compoundAnnualGrowthRate: growth,
    annualReturn: annual,
    annualVolatility: annualVolatility(returns, conventions),
    sharpeRatio: sharpeRatio(returns, conventions),
    sortinoRatio: sortinoRatio(returns, conventions),
    calmarRatio: ratio(conventions.calmarNumerator === 'cagr' ? growth : annual, -deepest.depth),
    maxDrawdown: deepest.depth,
    averageDrawdown: drawdowns.length === 0 ? 0 : mean(drawdowns.map((episode) => episode.depth)),
    longestDrawdownDurationUs: drawdowns.reduce((longest, episode) => Math.max(longest, episode.durationUs), 0),
    deepestDrawdownDurationUs: deepest.durationUs,
    averageDrawdownDurationUs: drawdowns.length === 0 ? 0 : mean(drawdowns.map((episode) => episode.durationUs)),
    valueAtRisk95: tail95.valueAtRisk,
    valueAtRisk99: tail99.valueAtRisk,
    expectedShortfall95: tail95.expectedShortfall,
    expectedShortfall99: tail99.expectedShortfall,
  };
}

function benchmarkStatistics(
  series: RunSeries,
  sampledEquity: Float64Array,
  indexes: Uint32Array,
  conventions: Conventions,
): BenchmarkStatistics {
  const { benchmark, benchmarkStart } = series;
  if (benchmark === undefined) return { buyAndHoldReturn: Number.NaN, alpha: Number.NaN, beta: Number.NaN };
  return compareWithBenchmark(sampledEquity, takeValues(benchmark, indexes), totalReturn(benchmark, benchmarkStart ?? 0), conventions);
}
