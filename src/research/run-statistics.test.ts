import { describe, expect, it } from 'vitest';
import { DAY_US, HOUR_US } from '../model/civil-date.ts';
import { computeStatistics } from './run-statistics.ts';

/** Two samples a day for three days: the day closes are 110, 99, 99, the start is 100. */
const INTRADAY = {
  ts: Float64Array.of(0, 5 * HOUR_US, DAY_US, DAY_US + HOUR_US, 2 * DAY_US, 2 * DAY_US + HOUR_US),
  value: Float64Array.of(100, 110, 55, 99, 120, 99),
};

describe('computeStatistics', () => {
  it('takes returns between day closes from the start of the run, drawdowns over every sample', () => {
    const statistics = computeStatistics({ equity: INTRADAY, trades: [] }, { annualReturn: 'arithmetic', periodsPerYear: 3 });
    // Returns +10 %, −10 %, 0.
    expect(statistics.annualReturn).toBeCloseTo(0, 14);
    expect(statistics.annualVolatility).toBeCloseTo(Math.sqrt(3 * 0.01), 14);
    expect(statistics.maxDrawdown).toBe(-0.5);
    expect(statistics.equityPeak).toBe(120);
    // 110 at 5 h until 120 on the third day, then 120 until the end one hour later: −50 % and −17.5 %.
    expect(statistics.longestDrawdownDurationUs).toBe(2 * DAY_US - 5 * HOUR_US);
    expect(statistics.deepestDrawdownDurationUs).toBe(2 * DAY_US - 5 * HOUR_US);
    expect(statistics.averageDrawdown).toBeCloseTo((-0.5 - 0.175) / 2, 14);
    expect(statistics.averageDrawdownDurationUs).toBe((2 * DAY_US - 4 * HOUR_US) / 2);
  });

  it('the first day can be dropped, and every sample can count', () => {
    const dropped = computeStatistics(
      { equity: INTRADAY, trades: [] },
      { annualReturn: 'arithmetic', periodsPerYear: 2, firstDay: 'dropped' },
    );
    expect(dropped.annualReturn).toBeCloseTo(-0.1, 14);
    const all = computeStatistics({ equity: INTRADAY, trades: [] }, { sampling: 'sample', periodsPerYear: 5 });
    expect(all.annualReturn).toBeCloseTo(-0.01, 14);
  });

  it('samples the benchmark with the equity, and buys it where it is told', () => {
    const benchmark = INTRADAY.value.map((value) => value * 3);
    const statistics = computeStatistics({ equity: INTRADAY, benchmark, benchmarkStart: 2, trades: [] });
    expect(statistics.beta).toBeCloseTo(1, 13);
    expect(statistics.alpha).toBeCloseTo(0, 13);
    expect(statistics.buyAndHoldReturn).toBeCloseTo(99 / 55 - 1, 14);
  });

  it('Calmar divides growth by the deepest drawdown', () => {
    const year = { ts: Float64Array.of(0, 100 * DAY_US, 365 * DAY_US), value: Float64Array.of(100, 80, 110) };
    const choice = { daysPerYear: 365, periodsPerYear: 2 };
    expect(computeStatistics({ equity: year, trades: [] }, choice).calmarRatio).toBeCloseTo(0.1 / 0.2, 13);
    const annual = computeStatistics({ equity: year, trades: [] }, { ...choice, periodsPerYear: 4, calmarNumerator: 'annual-return' });
    expect(annual.calmarRatio).toBeCloseTo(0.21 / 0.2, 13);
  });

  // One trade of 10 units from 10 to 12: 220 over a mean equity of 110, in two years.
  it('turnover is per calendar year', () => {
    const years = { ts: Float64Array.of(0, 730 * DAY_US), value: Float64Array.of(100, 120) };
    const trade = { instrument: 'A.X', side: 1, entryTs: 0, exitTs: 1, entryPrice: 10, exitPrice: 12, quantity: 10, pnl: 20 } as const;
    const trades = [{ ...trade, returnShare: 0.2, commission: 0, entryBar: 0, exitBar: 1, tag: '' }];
    const statistics = computeStatistics({ equity: years, trades }, { daysPerYear: 365 });
    expect(statistics.annualTurnover).toBeCloseTo(1, 14);
    expect(statistics).toMatchObject({ exposure: 1, startTs: 0, endTs: 730 * DAY_US, equityStart: 100, equityFinal: 120, equityPeak: 120 });
  });

  it('a run that does nothing has no drawdown, no volatility and no ratios', () => {
    const flat = { ts: Float64Array.of(0, DAY_US, 2 * DAY_US), value: Float64Array.of(5, 5, 5) };
    const statistics = computeStatistics({ equity: flat, trades: [] });
    expect(statistics).toMatchObject({
      totalReturn: 0,
      maxDrawdown: 0,
      averageDrawdown: 0,
      longestDrawdownDurationUs: 0,
      annualVolatility: 0,
    });
    expect([statistics.sharpeRatio, statistics.calmarRatio, statistics.alpha, statistics.winRate]).toEqual(Array(4).fill(Number.NaN));
  });

  it('does not accept an empty run, columns of different length or nothing to start from', () => {
    const of = (ts: number[], value: number[], benchmark?: number[]) => () =>
      computeStatistics({
        equity: { ts: Float64Array.from(ts), value: Float64Array.from(value) },
        ...(benchmark === undefined ? {} : { benchmark: Float64Array.from(benchmark) }),
        trades: [],
      });
    expect(of([], [])).toThrow('at least one');
    expect(of([1], [1, 2])).toThrow('a stamp for each value');
    expect(of([1], [0])).toThrow('above zero at the start');
    expect(of([1], [1], [])).toThrow('the benchmark has the stamps of the equity');
  });

  it('says nothing by the year of less than a day', () => {
    const byTheYear = (endTs: number): readonly number[] => {
      const equity = { ts: Float64Array.of(0, HOUR_US, endTs), value: Float64Array.of(100, 99, 101) };
      const statistics = computeStatistics({ equity, benchmark: equity.value, trades: [] });
      const { compoundAnnualGrowthRate, annualReturn, annualVolatility, sharpeRatio, sortinoRatio, calmarRatio, alpha, annualTurnover } =
        statistics;
      return [compoundAnnualGrowthRate, annualReturn, annualVolatility, sharpeRatio, sortinoRatio, calmarRatio, alpha, annualTurnover];
    };
    expect(byTheYear(DAY_US - 1).every(Number.isNaN)).toBe(true);
    expect(byTheYear(DAY_US)[0]).toBeGreaterThan(0);
  });
});
