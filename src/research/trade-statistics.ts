import { unreachable } from '../base/assert.ts';
import type { Conventions } from './conventions.ts';
import { geometricMean, mean, ratio, variance } from './moments.ts';
import type { ClosedTrade } from './run-series.ts';

export interface TradeStatistics {
  readonly tradeCount: number;
  readonly winRate: number;
  readonly bestTrade: number;
  readonly worstTrade: number;
  readonly averageTrade: number;
  readonly longestTradeDurationUs: number;
  readonly averageTradeDurationUs: number;
  readonly profitFactor: number;
  readonly expectancy: number;
  readonly systemQualityNumber: number;
  readonly kellyCriterion: number;
  readonly commissions: number;
}

/**
 * Statistics of closed trades; open ones are left out. Without trades everything but the counts and sums is NaN.
 *
 * @param equityStart account value before the first trade
 */
export function tradeStatistics(allTrades: readonly ClosedTrade[], equityStart: number, conventions: Conventions): TradeStatistics {
  const trades = allTrades.filter((trade) => trade.isOpen !== true);
  const pnls = trades.map((trade) => trade.pnl);
  const returns = trades.map((trade) => trade.returnShare);
  const durations = trades.map((trade) => trade.exitTs - trade.entryTs);
  const winRate = ratio(pnls.filter((pnl) => pnl > 0).length, trades.length);
  return {
    tradeCount: trades.length,
    winRate,
    bestTrade: largest(returns),
    worstTrade: -largest(returns.map((value) => -value)),
    averageTrade: conventions.averageTrade === 'geometric' ? geometricMean(returns) : mean(returns),
    longestTradeDurationUs: largest(durations),
    averageTradeDurationUs: mean(durations),
    profitFactor: profitFactor(conventions.profitFactor === 'pnl' ? pnls : returns),
    expectancy: expectancy(pnls, returns, equityStart, conventions),
    systemQualityNumber: ratio(Math.sqrt(trades.length) * mean(pnls), Math.sqrt(variance(pnls, conventions.deviation))),
    kellyCriterion: winRate - ratio(1 - winRate, winLossRatio(pnls)),
    commissions: trades.reduce((sum, trade) => sum + trade.commission, 0),
  };
}

function largest(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : values.reduce((largestSoFar, value) => Math.max(largestSoFar, value));
}

function profitFactor(values: readonly number[]): number {
  const won = values.reduce((sum, value) => sum + Math.max(value, 0), 0);
  const lost = values.reduce((sum, value) => sum + Math.min(value, 0), 0);
  return ratio(won, -lost);
}

/** Average win over average loss, both positive; NaN where either is missing. */
function winLossRatio(values: readonly number[]): number {
  return mean(values.filter((value) => value > 0)) / -mean(values.filter((value) => value < 0));
}

function expectancy(pnls: readonly number[], returns: readonly number[], equityStart: number, conventions: Conventions): number {
  switch (conventions.expectancy) {
    case 'pnl':
      return mean(pnls);
    case 'return':
      return mean(returns);
    case 'win-rate':
      return winRateExpectancy(pnls, equityStart);
    default:
      return unreachable(conventions.expectancy);
  }
}

/**
 * LEAN's expectancy: each profit is a share of the capital before it, what is not a win is a loss, and a missing side makes the ratio of
 * average win to average loss zero.
 */
function winRateExpectancy(pnls: readonly number[], equityStart: number): number {
  let capital = equityStart;
  let wonShares = 0;
  let lostShares = 0;
  let winCount = 0;
  for (const pnl of pnls) {
    wonShares += Math.max(pnl, 0) / capital;
    lostShares -= Math.min(pnl, 0) / capital;
    winCount += pnl > 0 ? 1 : 0;
    capital += pnl;
  }
  const lossCount = pnls.length - winCount;
  const winLoss = winCount === 0 || lostShares === 0 ? 0 : wonShares / winCount / (lostShares / lossCount);
  return (winCount / pnls.length) * winLoss - lossCount / pnls.length;
}
