import { describe, expect, it } from 'vitest';
import { resolveConventions } from './conventions.ts';
import type { ConventionChoice } from './conventions.ts';
import type { ClosedTrade } from './run-series.ts';
import { tradeStatistics } from './trade-statistics.ts';

const BASE = { instrument: 'A.X', side: 1, entryPrice: 1, exitPrice: 1, quantity: 1, entryBar: 0, exitBar: 0, tag: '' } as const;
const trade = (pnl: number, returnShare: number, duration: number, isOpen = false): ClosedTrade => ({
  ...BASE,
  pnl,
  returnShare,
  entryTs: 100,
  exitTs: 100 + duration,
  commission: 2,
  isOpen,
});

/** Two wins of 300 and 100, losses of 100 and 100, a zero; and an open one that must not count. */
const TRADES = [
  trade(300, 0.5, 10),
  trade(-100, -0.2, 20),
  trade(100, 0.1, 60),
  trade(-100, -0.1, 20),
  trade(0, 0, 40),
  trade(999, 9, 999, true),
];
const of = (choice: ConventionChoice = {}, trades = TRADES) => tradeStatistics(trades, 1000, resolveConventions(choice));

describe('tradeStatistics', () => {
  it('counts closed trades, wins, extremes, durations and commissions', () => {
    expect(of()).toMatchObject({
      tradeCount: 5,
      winRate: 0.4,
      bestTrade: 0.5,
      worstTrade: -0.2,
      longestTradeDurationUs: 60,
      averageTradeDurationUs: 30,
      commissions: 10,
    });
  });

  it('the average trade is 6 %, geometric (1.5 × 0.8 × 1.1 × 0.9)^(1/5) − 1', () => {
    expect(of().averageTrade).toBeCloseTo(0.06, 14);
    expect(of({ averageTrade: 'geometric' }).averageTrade).toBeCloseTo((1.5 * 0.8 * 1.1 * 0.9) ** 0.2 - 1, 14);
  });

  it('the profit factor is 400/200 in money and 0.6/0.3 in returns', () => {
    expect(of().profitFactor).toBe(2);
    expect(of({ profitFactor: 'return' }, [...TRADES, trade(-100, -0.3, 0)]).profitFactor).toBeCloseTo(1, 14);
  });

  it('the expectancy is 40 in money and 6 % in returns', () => {
    expect(of().expectancy).toBe(40);
    expect(of({ expectancy: 'return' }).expectancy).toBeCloseTo(0.06, 14);
  });

  // Capital 1000, 1300, 1200, 1300, 1200: wins 0.3 and 1/12, losses 1/13, 1/13 and the zero (LEAN counts what is not won as lost).
  it('by win rate it is 2/5 × average win / average loss − 3/5', () => {
    const winLoss = (0.3 + 1 / 12) / 2 / (2 / 13 / 3);
    expect(of({ expectancy: 'win-rate' }).expectancy).toBeCloseTo(0.4 * winLoss - 0.6, 14);
    expect(of({ expectancy: 'win-rate' }, [trade(5, 0, 0)]).expectancy).toBe(0);
  });

  // P 300, −100, 100, −100, 0: mean 40, squares 67600 + 19600 + 3600 + 19600 + 1600 = 112000, / 4 = 28000.
  it('SQN is √5 × 40 / √28000', () => {
    expect(of().systemQualityNumber).toBeCloseTo((Math.sqrt(5) * 40) / Math.sqrt(28000), 13);
  });

  it('Kelly is 0.4 − 0.6 / (200 / 100) = 0.1', () => {
    expect(of().kellyCriterion).toBeCloseTo(0.1, 14);
  });

  it('without trades is NaN but for counts and sums', () => {
    const none = of({}, []);
    expect([none.tradeCount, none.commissions]).toEqual([0, 0]);
    const ratios = [
      none.winRate,
      none.bestTrade,
      none.worstTrade,
      none.averageTrade,
      none.profitFactor,
      none.expectancy,
      none.kellyCriterion,
    ];
    expect(ratios).toEqual(Array(7).fill(Number.NaN));
  });
});
