import { mean, ratio } from './moments.ts';
import type { ClosedTrade, RunSeries } from './run-series.ts';

/** Share of the equity samples with a position: from the sample of the entry to that of the exit, both counted, overlaps once. */
export function exposure(series: RunSeries): number {
  const sampleCount = series.equity.value.length;
  const spans = series.trades.map((trade) => [trade.entryBar, trade.exitBar] as const).sort((first, second) => first[0] - second[0]);
  let covered = 0;
  let coveredTo = -1;
  for (const [entryBar, exitBar] of spans) {
    covered += Math.max(0, exitBar - Math.max(entryBar, coveredTo + 1) + 1);
    coveredTo = Math.max(coveredTo, exitBar);
  }
  return ratio(covered, sampleCount);
}

/** Value traded, entries and exits, over the mean equity, per year. An open trade has traded its entry only. */
export function annualTurnover(series: RunSeries, years: number): number {
  const traded = series.trades.reduce((sum, trade) => sum + tradedValue(trade), 0);
  return ratio(traded, mean(series.equity.value) * years);
}

function tradedValue(trade: ClosedTrade): number {
  const prices = trade.isOpen === true ? trade.entryPrice : trade.entryPrice + trade.exitPrice;
  return Math.abs(prices * trade.quantity) * (trade.multiplier ?? 1);
}
