import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { computeStatistics } from './run-statistics.ts';
import type { ClosedTrade, RunSeries } from './run-series.ts';
import { sharedDataFolder, WITHOUT_SHARED_DATA } from '../../reference/shared-data.ts';
import { DAY_US } from '../model/civil-date.ts';

const FILE = `${sharedDataFolder()}/daily-hourly-misc/GOOG.csv`;
const isMissing = !existsSync(FILE);
const SKIPPED = isMissing ? WITHOUT_SHARED_DATA : '';
const CASH = 10_000;

interface Day {
  readonly ts: number;
  readonly open: number;
  readonly close: number;
}

interface Holding {
  readonly shares: number;
  readonly price: number;
  readonly bar: number;
}

function readDays(): Day[] {
  const lines = readFileSync(FILE, 'utf8').trim().split('\n').slice(1);
  return lines.map((line) => {
    const [date, open, , , close] = line.split(',');
    return { ts: Date.parse(`${date}T00:00:00Z`) * 1000, open: Number(open), close: Number(close) };
  });
}

function averages(days: readonly Day[], period: number): number[] {
  return days.map((_, index) => {
    const window = days.slice(index + 1 - period, index + 1);
    return index + 1 < period ? Number.NaN : window.reduce((sum, day) => sum + day.close, 0) / period;
  });
}

/**
 * The published strategy in floats, as plainly as it can be said: a cross on bar i turns the whole position over at the open of bar i + 1.
 * Independent of the engine: it shares nothing with it but the file.
 */
function simulate(fastPeriod: number, slowPeriod: number, costRate: number, closesAtEnd: boolean): RunSeries {
  const days = readDays();
  const fast = averages(days, fastPeriod);
  const slow = averages(days, slowPeriod);
  const equity = new Float64Array(days.length);
  const trades: ClosedTrade[] = [];
  let cash = CASH;
  let holding: Holding | null = null;
  let wanted = 0;

  const close = (bar: number, isOpen: boolean): void => {
    if (holding === null) return;
    const { shares, price, bar: entryBar } = holding;
    const exitPrice = isOpen ? days[bar]!.close : days[bar]!.open;
    const exitCost = isOpen ? 0 : Math.abs(shares) * exitPrice * costRate;
    const commission = Math.abs(shares) * price * costRate + exitCost;
    const gross = shares * (exitPrice - price);
    trades.push({
      instrument: 'GOOG.TEST',
      side: shares > 0 ? 1 : -1,
      entryTs: days[entryBar]!.ts,
      exitTs: days[bar]!.ts,
      entryPrice: price,
      exitPrice,
      quantity: Math.abs(shares),
      pnl: gross - commission,
      returnShare: (gross - commission) / (Math.abs(shares) * price),
      commission,
      entryBar,
      exitBar: bar,
      tag: '',
      isOpen,
    });
    if (isOpen) return;
    cash += gross - exitCost;
    holding = null;
  };

  days.forEach((day, bar) => {
    if (wanted !== 0) {
      close(bar, false);
      const shares = wanted * Math.floor(cash / (day.open * (1 + costRate)));
      cash -= Math.abs(shares) * day.open * costRate;
      holding = { shares, price: day.open, bar };
    }
    const crossedUp = fast[bar - 1]! < slow[bar - 1]! && fast[bar]! > slow[bar]!;
    const crossedDown = fast[bar - 1]! > slow[bar - 1]! && fast[bar]! < slow[bar]!;
    wanted = Number(crossedUp) - Number(crossedDown);
    const held = holding as Holding | null;
    equity[bar] = cash + (held === null ? 0 : held.shares * (day.close - held.price));
  });
  close(days.length - 1, !closesAtEnd);
  if (closesAtEnd) equity[days.length - 1] = cash;
  return {
    equity: { ts: Float64Array.from(days, (day) => day.ts), value: equity },
    benchmark: Float64Array.from(days, (day) => day.close),
    benchmarkStart: slowPeriod - 1,
    trades,
  };
}

/** Half of the last printed digit. */
function expectPrinted(actual: number, printed: string): void {
  const decimals = printed.split('.')[1]?.length ?? 0;
  expect(Math.abs(actual - Number(printed)), `${actual} against ${printed}`).toBeLessThanOrEqual(0.5000001 * 10 ** -decimals);
}

describe(`R1.1${SKIPPED}`, () => {
  it.skipIf(isMissing)('every published number of the 10/30 cross comes out with the conventions of backtesting.py', () => {
    const statistics = computeStatistics(simulate(10, 30, 0, true), { preset: 'backtesting.py' });
    expectPrinted(statistics.equityFinal, '51422.99');
    expectPrinted(statistics.equityPeak, '75787.44');
    expectPrinted(statistics.totalReturn * 100, '414.2299');
    expect(statistics.tradeCount).toBe(66);
    expectPrinted(statistics.winRate * 100, '46.969697');
    expectPrinted(statistics.maxDrawdown * 100, '-47.980127');
    // The upstream test has 53.59595229490424, which some lists print with its last digit rounded up.
    expectPrinted(statistics.bestTrade * 100, '53.595952');
    expectPrinted(statistics.worstTrade * 100, '-18.398874');
    expectPrinted(statistics.averageTrade * 100, '2.531716');
    expectPrinted(statistics.profitFactor, '2.167946');
    expectPrinted(statistics.sharpeRatio, '0.580623');
    expectPrinted(statistics.sortinoRatio, '1.085343');
    expectPrinted(statistics.calmarRatio, '0.441664');
    expectPrinted(statistics.annualReturn * 100, '21.191099');
    expectPrinted(statistics.annualVolatility * 100, '36.497161');
    expectPrinted(statistics.compoundAnnualGrowthRate * 100, '21.160246');
    expectPrinted(statistics.systemQualityNumber, '1.076619');
    expectPrinted(statistics.kellyCriterion, '0.151871');
    expectPrinted(statistics.exposure * 100, '96.741155');
    expectPrinted(statistics.alpha * 100, '394.373911');
    expectPrinted(statistics.beta, '0.038034');
    expectPrinted(statistics.longestDrawdownDurationUs / DAY_US, '584');
    expectPrinted(statistics.longestTradeDurationUs / DAY_US, '183');
    expectPrinted(statistics.averageTradeDurationUs / DAY_US, '45.67');
    expectPrinted(statistics.expectancy * 100, '3.274808');
    expectPrinted(statistics.buyAndHoldReturn * 100, '522.060185');
    // The upstream test prints two more: the average drawdown, and its length rounded up to whole days.
    expectPrinted(statistics.averageDrawdown * 100, '-5.925851581949');
    expect(Math.ceil(statistics.averageDrawdownDurationUs / DAY_US)).toBe(41);
  });

  it.skipIf(isMissing)('left open and marked at the close, 65 trades are closed and the final equity is 51,959.95', () => {
    const series = simulate(10, 30, 0, false);
    const statistics = computeStatistics(series, { preset: 'backtesting.py' });
    expect(statistics.tradeCount).toBe(65);
    expectPrinted(statistics.equityFinal, '51959.95');
    expect(series.trades).toHaveLength(66);
  });
});

describe(`R1.3${SKIPPED}`, () => {
  it.skipIf(isMissing)('every published number of the 10/20 cross with 0.2 % costs comes out', () => {
    const series = simulate(10, 20, 0.002, false);
    const statistics = computeStatistics(series, { preset: 'backtesting.py' });
    expectPrinted(statistics.equityFinal, '56263.51934');
    expectPrinted(statistics.equityPeak, '56309.05934');
    expectPrinted(statistics.totalReturn * 100, '462.635193');
    expectPrinted(statistics.commissions, '10563.95154');
    expectPrinted(
      series.trades.reduce((sum, trade) => sum + trade.commission, 0),
      '10660.86',
    );
    expect(statistics.tradeCount).toBe(93);
    expectPrinted(statistics.winRate * 100, '52.688172');
    expectPrinted(statistics.maxDrawdown * 100, '-33.931592');
    expectPrinted(statistics.sharpeRatio, '0.600740');
    const first = series.trades[0]!;
    expect([first.side, first.quantity, first.entryPrice, first.exitPrice]).toEqual([-1, 59, 169.02, 179.13]);
    expect([first.entryTs, first.exitTs]).toEqual([Date.UTC(2004, 10, 17) * 1000, Date.UTC(2004, 11, 6) * 1000]);
    expectPrinted(first.pnl, '-637.57170');
  });
});
