import { describe, expect, it } from 'vitest';
import { annualTurnover, exposure } from './activity.ts';
import type { ClosedTrade, RunSeries } from './run-series.ts';

const trade = (entryBar: number, exitBar: number, more: Partial<ClosedTrade> = {}): ClosedTrade => ({
  instrument: 'A.X',
  side: 1,
  entryTs: 0,
  exitTs: 0,
  entryPrice: 10,
  exitPrice: 12,
  quantity: 5,
  pnl: 0,
  returnShare: 0,
  commission: 0,
  entryBar,
  exitBar,
  tag: '',
  ...more,
});
const run = (trades: ClosedTrade[]): RunSeries => ({
  equity: { ts: Float64Array.from({ length: 10 }, (_, index) => index), value: new Float64Array(10).fill(100) },
  trades,
});

describe('exposure', () => {
  it('counts entry and exit bars, overlaps once, in any order of trades', () => {
    // Bars 7 to 8, 1 to 3, 2 to 4, 3 to 3: six of ten.
    expect(exposure(run([trade(7, 8), trade(1, 3), trade(2, 4), trade(3, 3)]))).toBe(0.6);
    expect(exposure(run([]))).toBe(0);
  });
});

describe('annualTurnover', () => {
  it('is value bought and sold over the mean equity per year, the entry alone where the trade is open', () => {
    // (10 + 12) × 5 = 110; open: 10 × 5 × multiplier 2 = 100; 210 / (100 × 3 years).
    expect(annualTurnover(run([trade(0, 1), trade(2, 9, { isOpen: true, multiplier: 2 })]), 3)).toBeCloseTo(0.7, 14);
  });
});
