export type StatisticKind = 'share' | 'signedShare' | 'ratio' | 'money' | 'signedMoney' | 'count' | 'duration' | 'time';

export interface StatisticWords {
  readonly name: string;
  readonly label: string;
  readonly kind: StatisticKind;
  readonly definition: string;
}

export interface StatisticGroup {
  readonly title: string;
  readonly rows: readonly StatisticWords[];
}

function row(name: string, label: string, kind: StatisticKind, definition: string): StatisticWords {
  return { name, label, kind, definition };
}

/** Every statistic of a run in the order of the page. Full definitions and sources: docs/reference/statistics.md */
export const STATISTIC_GROUPS: readonly StatisticGroup[] = [
  {
    title: 'Return',
    rows: [
      row('startTs', 'From', 'time', 'Time of the first equity sample.'),
      row('endTs', 'To', 'time', 'Time of the last equity sample.'),
      row('equityStart', 'Equity at start', 'money', 'The first equity sample.'),
      row('equityFinal', 'Equity at end', 'money', 'The last equity sample, open positions at their last price.'),
      row('equityPeak', 'Highest equity', 'money', 'The highest equity sample.'),
      row('totalReturn', 'Total return', 'signedShare', 'Equity at end over equity at start, less one.'),
      row(
        'compoundAnnualGrowthRate',
        'Growth per year (CAGR)',
        'signedShare',
        'The yearly growth that leads from the first to the last equity, by the calendar.',
      ),
      row('annualReturn', 'Annual return', 'signedShare', 'Return of a sampling period brought to a year, by the convention below.'),
      row('exposure', 'Exposure', 'share', 'Share of the equity samples with a position open.'),
      row('annualTurnover', 'Turnover per year', 'ratio', 'Value bought and sold in a year, in multiples of mean equity.'),
      row(
        'commissions',
        'Commissions of closed trades',
        'money',
        'What closed trades paid; rebates count against it. What all executions paid stands among the key figures.',
      ),
    ],
  },
  {
    title: 'Risk',
    rows: [
      row('annualVolatility', 'Volatility per year', 'share', 'Standard deviation of returns, brought to a year.'),
      row('sharpeRatio', 'Sharpe ratio', 'ratio', 'Return above the risk-free rate over volatility, both per year.'),
      row('sortinoRatio', 'Sortino ratio', 'ratio', 'As Sharpe, but only deviation below the target counts as risk.'),
      row('calmarRatio', 'Calmar ratio', 'ratio', 'Growth per year over the depth of the worst drawdown.'),
      row('maxDrawdown', 'Worst drawdown', 'signedShare', 'Deepest fall of equity below its highest value so far.'),
      row('averageDrawdown', 'Mean drawdown', 'signedShare', 'Mean depth of all stays below a peak.'),
      row(
        'longestDrawdownDurationUs',
        'Longest drawdown',
        'duration',
        'Longest time from a peak until equity was back at it, or until the end.',
      ),
      row('deepestDrawdownDurationUs', 'Length of the worst', 'duration', 'The same of the worst drawdown.'),
      row('averageDrawdownDurationUs', 'Mean length', 'duration', 'Mean of these times.'),
      row('valueAtRisk95', 'Value at risk 95 %', 'share', 'Loss that a sampling period exceeds in 5 of 100 cases.'),
      row('valueAtRisk99', 'Value at risk 99 %', 'share', 'Loss that a sampling period exceeds in 1 of 100 cases.'),
      row('expectedShortfall95', 'Expected shortfall 95 %', 'share', 'Mean loss of the worst 5 % of the periods.'),
      row('expectedShortfall99', 'Expected shortfall 99 %', 'share', 'Mean loss of the worst 1 % of the periods.'),
    ],
  },
  {
    title: 'Trades',
    rows: [
      row('tradeCount', 'Closed trades', 'count', 'One for each closing fill; a position still open is none.'),
      row('winRate', 'Win rate', 'share', 'Share of the trades that made money after costs.'),
      row('profitFactor', 'Profit factor', 'ratio', 'What winners won over what losers lost.'),
      row('expectancy', 'Expectancy', 'ratio', 'What a trade brings on average, by the convention below.'),
      row('systemQualityNumber', 'System quality (SQN)', 'ratio', 'Root of the number of trades, times mean profit over its deviation.'),
      row(
        'kellyCriterion',
        'Kelly share',
        'signedShare',
        'Share of capital that would have grown it fastest, from win rate and size of wins and losses.',
      ),
      row('averageTrade', 'Mean trade', 'signedShare', 'Mean return of a trade.'),
      row('bestTrade', 'Best trade', 'signedShare', 'Highest return of a trade.'),
      row('worstTrade', 'Worst trade', 'signedShare', 'Lowest return of a trade.'),
      row('averageTradeDurationUs', 'Mean time in a trade', 'duration', 'Mean time from entry to exit.'),
      row('longestTradeDurationUs', 'Longest trade', 'duration', 'Longest time from entry to exit.'),
    ],
  },
  {
    title: 'Benchmark',
    rows: [
      row('buyAndHoldReturn', 'Buy and hold', 'signedShare', 'Return of the benchmark, bought at the start and held.'),
      row('alpha', 'Alpha', 'signedShare', 'Return beyond what beta times the benchmark explains.'),
      row('beta', 'Beta', 'ratio', 'How far equity moves with the benchmark: covariance over its variance.'),
    ],
  },
];
