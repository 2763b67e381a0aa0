import { describe, expect, it } from 'vitest';
import { DAY_US, HOUR_US } from '../model/civil-date.ts';
import type { ConventionChoice } from './conventions.ts';
import { resolveConventions } from './conventions.ts';
import { computeStatistics, undefinedStatistics } from './run-statistics.ts';

/** Two samples a day for three days: the day closes are 110, 99, 99, the start is 100. */
const INTRADAY = {
  ts: Float64Array.of(0, 5 * HOUR_US, DAY_US, DAY_US + HOUR_US, 2 * DAY_US, 2 * DAY_US + HOUR_US),
  value: Float64Array.of(100, 110, 55, 99, 120, 99),
};

describe('computeStatistics', () => {
  it('takes returns between day closes from the start of the run, drawdowns over every sample', () => {
    const statistics = computeStatistics(
      { equity: INTRADAY, trades: [] },
      { annualReturn: 'arithmetic', periodsPerYear: 3, annualFromDays: 1 },
    );
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
      { annualReturn: 'arithmetic', periodsPerYear: 2, firstDay: 'dropped', annualFromDays: 1 },
    );
    expect(dropped.annualReturn).toBeCloseTo(-0.1, 14);
    const all = computeStatistics({ equity: INTRADAY, trades: [] }, { sampling: 'sample', periodsPerYear: 5, annualFromDays: 1 });
    expect(all.annualReturn).toBeCloseTo(-0.01, 14);
  });

  it('samples the benchmark with the equity, and buys it where it is told', () => {
    const benchmark = INTRADAY.value.map((value) => value * 3);
    const statistics = computeStatistics({ equity: INTRADAY, benchmark, benchmarkStart: 2, trades: [] }, { annualFromDays: 1 });
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
    const statistics = computeStatistics({ equity: flat, trades: [] }, { annualFromDays: 1 });
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

  const BY_THE_YEAR = [
    ...['compoundAnnualGrowthRate', 'annualReturn', 'annualVolatility', 'sharpeRatio', 'sortinoRatio', 'calmarRatio'],
    ...['alpha', 'annualTurnover'],
  ];

  /** Names of the statistics that are not defined, of a run in which all are where it is long enough. */
  const undefinedUntil = (endTs: number, choice: ConventionChoice): string[] => {
    const equity = { ts: Float64Array.of(0, HOUR_US, 2 * HOUR_US, endTs), value: Float64Array.of(100, 99, 97, 101) };
    const trade = { instrument: 'A.X', side: 1, entryTs: 0, exitTs: 1, entryPrice: 10, exitPrice: 12, quantity: 10, pnl: 20 } as const;
    const rest = { returnShare: 0.2, commission: 0, entryBar: 0, exitBar: 1, tag: '' };
    const lost = { ...trade, ...rest, pnl: -10, returnShare: -0.1 };
    const trades = [{ ...trade, ...rest }, lost];
    const benchmark = Float64Array.of(10, 11, 10, 12);
    const statistics = computeStatistics({ equity, benchmark, trades }, choice);
    return Object.entries(statistics).flatMap(([name, value]: [string, number]) => (Number.isNaN(value) ? [name] : []));
  };

  it.each([
    ['standard', 30],
    ['lean', 1],
    ['backtesting.py', 1],
  ] as const)('by the conventions of %s says nothing by the year of less than %d days', (preset, days) => {
    expect(undefinedUntil(days * DAY_US - 1, { preset })).toEqual(expect.arrayContaining(BY_THE_YEAR));
    expect(undefinedUntil(days * DAY_US, { preset })).not.toContain('compoundAnnualGrowthRate');
  });

  it('says by the year from the very day that the conventions name', () => {
    expect(undefinedUntil(30 * DAY_US, {})).toEqual([]);
    expect(undefinedUntil(30 * DAY_US - 1, {}).sort()).toEqual([...BY_THE_YEAR].sort());
    expect(undefinedUntil(365 * DAY_US - 1, { annualFromDays: 365 }).sort()).toEqual([...BY_THE_YEAR].sort());
  });

  it('gives the reason of each figure that a short run has not, days rounded down', () => {
    const equity = { ts: Float64Array.of(DAY_US, 31 * DAY_US - 1), value: Float64Array.of(1, 2) };
    const reasons = undefinedStatistics(equity, resolveConventions());
    expect(Object.keys(reasons).sort()).toEqual([...BY_THE_YEAR].sort());
    expect(reasons['sharpeRatio']).toBe(
      'The run covers 29.99 days, too short to be brought to a year: 30 are needed (statistics.annualFromDays).',
    );
    equity.ts[1] = 31 * DAY_US;
    expect(undefinedStatistics(equity, resolveConventions())).toEqual({});
  });
});
