import { account, balance, day, days, equity, exact, fill, percent, printed, type ReferenceCase, statistic, sum, text, trade } from '../reference-case.ts';
import type { RunResult } from '../../src/contract/run-result.ts';

function liquidation(result: RunResult): string {
  const { price, tag, time } = fill(result, -1);
  return `${day(time)} ${price} ${tag}`;
}

/** backtesting.py 0.6.5: tests of the program itself, and the program run on the same file. */
export const R1_CASES: readonly ReferenceCase[] = [
  {
    id: 'R1.1',
    title: 'SMA cross 10/30 on GOOG, no costs, closed at the end',
    runs: [
      { file: 'r1/r1-1.yaml' },
      { file: 'r1/r1-1.yaml', set: ['atEnd=leaveOpen'] },
      { file: 'r1/r1-1.yaml', set: ['strategy.parameters.sizeAt=decision'] },
    ],
    rows: [
      exact('final equity, USD', '51422.99', (run) => equity(run!)),
      exact('peak equity, USD', '75787.44', (run) => statistic(run!, 'equityPeak')),
      printed('return, %', '414.2299', (run) => percent(run!, 'totalReturn')),
      exact('closed trades', '66', (run) => run!.trades.length),
      printed('win rate, %', '46.969697', (run) => percent(run!, 'winRate')),
      printed('maximum drawdown, %', '-47.980127', (run) => percent(run!, 'maxDrawdown')),
      printed(
        'best trade, %',
        '53.59595',
        (run) => percent(run!, 'bestTrade'),
        'The list prints 53.595953; the program says 53.59595229490424, so the last digit of the list is a misprint. Compared at 5 decimals.',
      ),
      printed('worst trade, %', '-18.398874', (run) => percent(run!, 'worstTrade')),
      printed('average trade, %', '2.531716', (run) => percent(run!, 'averageTrade')),
      printed('profit factor', '2.167946', (run) => statistic(run!, 'profitFactor')),
      printed('Sharpe ratio', '0.580623', (run) => statistic(run!, 'sharpeRatio')),
      printed('Sortino ratio', '1.085343', (run) => statistic(run!, 'sortinoRatio')),
      printed('Calmar ratio', '0.441664', (run) => statistic(run!, 'calmarRatio')),
      printed('annual return, %', '21.191099', (run) => percent(run!, 'annualReturn')),
      printed('annual volatility, %', '36.497161', (run) => percent(run!, 'annualVolatility')),
      printed('CAGR, %', '21.160246', (run) => percent(run!, 'compoundAnnualGrowthRate')),
      printed('SQN', '1.076619', (run) => statistic(run!, 'systemQualityNumber')),
      printed('Kelly criterion', '0.151871', (run) => statistic(run!, 'kellyCriterion')),
      printed('exposure, %', '96.741155', (run) => percent(run!, 'exposure')),
      printed('alpha, %', '394.373911', (run) => percent(run!, 'alpha')),
      printed('beta', '0.038034', (run) => statistic(run!, 'beta')),
      printed('longest drawdown, days', '584', (run) => days(run!, 'longestDrawdownDurationUs')),
      printed('longest trade, days', '183', (run) => days(run!, 'longestTradeDurationUs')),
      printed('average trade, days', '45.67', (run) => days(run!, 'averageTradeDurationUs'), 'Printed as 46: the program rounds up to whole days.'),
      printed('expectancy, %', '3.274808', (run) => percent(run!, 'expectancy')),
      printed('buy and hold, %', '522.060185', (run) => percent(run!, 'buyAndHoldReturn')),
      exact('forced close at the open of the last bar', '797.80', (run) => fill(run!, -1).price),
      exact('left open: equity at the last close, USD', '51959.95', (_, leftOpen) => equity(leftOpen!)),
      exact('left open: closed trades', '65', (_, leftOpen) => leftOpen!.trades.length),
      exact('sized when deciding: final equity, USD', '51778.45', (_, __, sizedAtDecision) => equity(sizedAtDecision!)),
    ],
  },
  {
    id: 'R1.3',
    title: 'SMA cross 10/20 on GOOG, 0.2 % a side, left open at the end',
    runs: [{ file: 'r1/r1-3.yaml' }],
    rows: [
      exact('final equity, USD', '56263.51934', (run) => equity(run!)),
      exact('peak equity, USD', '56309.05934', (run) => statistic(run!, 'equityPeak')),
      printed('return, %', '462.635193', (run) => percent(run!, 'totalReturn')),
      exact('commissions of closed trades, USD', '10563.95154', (run) => sum(run!.trades.map((each) => each.commission))),
      printed('commissions with those of the open trade, USD', '10660.86', (run) => sum(run!.fills.map((each) => each.commission))),
      exact('closed trades', '93', (run) => run!.trades.length),
      printed('win rate, %', '52.688172', (run) => percent(run!, 'winRate')),
      printed('maximum drawdown, %', '-33.931592', (run) => percent(run!, 'maxDrawdown')),
      printed('Sharpe ratio', '0.600740', (run) => statistic(run!, 'sharpeRatio')),
      text('first trade: side and quantity', 'SELL 59', (run) => `${trade(run!, 0).side} ${trade(run!, 0).quantity}`),
      text('first trade: entry', '2004-11-17 169.02', (run) => `${day(trade(run!, 0).entryTime)} ${trade(run!, 0).entryPrice}`),
      text('first trade: exit', '2004-12-06 179.13', (run) => `${day(trade(run!, 0).exitTime)} ${trade(run!, 0).exitPrice}`),
      exact('first trade: profit after costs, USD', '-637.57170', (run) => trade(run!, 0).pnl),
    ],
  },
  {
    id: 'R1.9',
    title: 'stop-limit orders on GOOG at 10 % margin, liquidated',
    runs: [{ file: 'r1/r1-9.yaml' }],
    rows: [
      text('first trade: side and quantity', 'BUY 100', (run) => `${trade(run!, 0).side} ${trade(run!, 0).quantity}`),
      text('first trade: entry', '2006-11-01 466.00', (run) => `${day(trade(run!, 0).entryTime)} ${trade(run!, 0).entryPrice}`),
      text('first trade: exit', '2007-10-31 700.69', (run) => `${day(trade(run!, 0).exitTime)} ${trade(run!, 0).exitPrice}`),
      exact('first trade: profit, USD', '23469', (run) => trade(run!, 0).pnl),
      text('second trade: side and quantity', 'SELL 200', (run) => `${trade(run!, 1).side} ${trade(run!, 1).quantity}`),
      text('second trade: entry', '2008-11-14 324.90', (run) => `${day(trade(run!, 1).entryTime)} ${trade(run!, 1).entryPrice}`),
      text('second trade: liquidated', '2009-09-21 497.00 liquidation', (run) => liquidation(run!)),
      exact('second trade: profit, USD', '-34420', (run) => trade(run!, 1).pnl),
      exact('trades', '2', (run) => run!.trades.length),
      exact('peak equity, USD', '46961', (run) => statistic(run!, 'equityPeak')),
      exact('deficit written off, USD', '951', (run) => account(run!).writtenOff['USD'] ?? '0'),
      exact('final equity, USD', '0', (run) => equity(run!)),
    ],
  },
  {
    id: 'R1.11',
    title: 'fixed fee with a percentage, take-profit passed by a gap',
    runs: [{ file: 'r1/r1-11.yaml' }],
    rows: [
      exact('take-profit 3 fills at', '4', (run) => fill(run!, 1).price),
      exact('commission of the entry, USD', '11', (run) => fill(run!, 0).commission),
      exact('commission of the exit, USD', '14', (run) => fill(run!, 1).commission),
      exact('commissions, USD', '25', (run) => trade(run!, 0).commission),
      exact('final equity, USD', '5275', (run) => equity(run!)),
      exact('cash, USD', '5275', (run) => balance(run!, 'USD')),
    ],
  },
];
