import { describe, expect, it } from 'vitest';
import { type RunOptions, backtestOf, barsOf, DOLLAR, instrumentOf, MINUTE, scripted, tradesOf, USD } from './backtest.fixture.ts';
import type { Backtest } from './backtest.ts';
import type { RiskLimits } from '../core/risk/limits.ts';
import type { AccountEvent } from '../model/events.ts';
import { TradingState } from '../model/trading-state.ts';

const SECOND = 1_000_000;
const FIRM = { kind: 'FIRM' } as const;
const loss = (dollars: number): RiskLimits => ({ firm: { maxDailyLoss: { amount: BigInt(dollars) * DOLLAR, currency: USD } } });

/** Ten shares at 100.00 by the first trade's decision, and a bid that rests far below. */
const buyer = scripted({
  onStart: (s) => s.subscribeTrades(0),
  onTrade: (s) => {
    if (s.openOrders().length > 0) return;
    s.marketOrder(0, 'BUY', 10);
    s.limitOrder(0, 'BUY', 1, 1);
  },
});

interface Alerted {
  readonly code: string;
  readonly ts: number;
}

function alertsOf(backtest: Backtest): Alerted[] {
  return [...backtest.recorder.alerts].map(({ code, tsInit }) => ({ code, ts: tsInit }));
}

type Rows = readonly (readonly [ts: number, price: number])[];

function run(rows: Rows, limits: RiskLimits, more: Partial<RunOptions> = {}, rowsPerBlock = 1000): Backtest {
  const trades = tradesOf(
    rows.map(([ts, price]) => [ts, price, 100]),
    0,
    rowsPerBlock,
  );
  const backtest = backtestOf({ streams: [trades], strategies: [buyer], engine: { limits }, ...more });
  while (!backtest.advance(rowsPerBlock));
  return backtest;
}

/** Filled at 100.00 on the second row; then the price falls. */
const FALL = [
  [0, 10_000],
  [10, 10_000],
  [SECOND + 5, 9_500],
  [SECOND + 6, 9_499],
  [SECOND + 7, 9_700],
  [3 * SECOND, 9_500],
  [4 * SECOND, 9_499],
  [5 * SECOND + 1, 9_400],
] as const;

describe('C-22 in a run', () => {
  it('S-75: crossed by the mark, it is acted on at the next full second, before the rows of that time, once', () => {
    const backtest = run(FALL, loss(50));
    expect(alertsOf(backtest)).toEqual([
      { code: 'DAILY_LOSS_LIMIT', ts: 5 * SECOND },
      { code: 'TRADING_STATE_CHANGED', ts: 5 * SECOND },
    ]);
    expect(backtest.engine.risk.tradingState(FIRM)).toBe(TradingState.REDUCING);
    expect(backtest.engine.orders.openOrders({})).toEqual([]);
  });

  it('at the limit exactly nothing happens', () => {
    const backtest = run(FALL.slice(0, 6), loss(50));
    expect(alertsOf(backtest)).toEqual([]);
    expect(backtest.engine.orders.openOrders({})).toHaveLength(1);
  });

  it('S-75: crossed by a fee it is acted on in the step of the fill', () => {
    const fee = { kind: 'percentage', ratePpb: 10_000_000, on: 'both', rounding: { to: 'exact' } } as const;
    // 1 % of 1,000.00.
    expect(alertsOf(run(FALL.slice(0, 2), loss(10), { fee }))).toEqual([]);
    expect(alertsOf(run(FALL.slice(0, 2), loss(9), { fee }))[0]).toEqual({ code: 'DAILY_LOSS_LIMIT', ts: 10 });
  });

  it('S-75: crossed by funding it is acted on at once', () => {
    const stamps = { tsEvent: 20, tsInit: 20 };
    const perpetual = instrumentOf({ id: 'ACME.XNYS', kind: 'PERPETUAL' });
    // 1 % of 1,000.00 at the mark.
    const funding: AccountEvent = { kind: 'FundingApplied', instrument: 0, ratePpt: 10_000_000_000, markPrice: 10_000, ...stamps };
    const rows = [...FALL.slice(0, 2), [30, 10_000]] as const;
    for (const [limit, count] of [
      [10, 0],
      [9, 2],
    ] as const)
      expect(alertsOf(run(rows, loss(limit), { instruments: [perpetual], spec: { accountEvents: [funding] } }))).toHaveLength(count);
  });

  it('is the same whatever the size of the blocks', () => {
    const rows = Array.from({ length: 400 }, (_, at) => [at * 130_000, 10_000 - ((at * 7919) % 113) * 10 - at] as const);
    const digests = [1, 2, 7, 1000].map((rowsPerBlock) => {
      const backtest = run(rows, { ...loss(60), firm: { ...loss(60).firm, maxDrawdownPpm: 50_000 } }, {}, rowsPerBlock);
      expect(alertsOf(backtest).length).toBeGreaterThan(1);
      return backtest.digest();
    });
    expect(new Set(digests).size).toBe(1);
  });

  it('with bars it is looked at after each, and the day ends at midnight: then the strategy may buy again', () => {
    const day = 86_400 * SECOND;
    const codes: (string | null)[] = [];
    const everyBar = scripted({
      onStart: (s) => s.subscribeBars(0, '1m'),
      onBar: (s) => void s.marketOrder(0, 'BUY', 1),
      onOrderEvent: (_, event) => {
        if (event.kind === 'OrderDenied') codes.push(event.code);
        else if (event.kind === 'OrderSubmitted') codes.push(null);
      },
    });
    // Bought at 100.00 on the second bar; ten below it from the third on. The bar that closes at midnight belongs to the new day.
    const closes = [10_000, 10_000, 9_000, 9_000, 9_000, 9_000];
    const backtest = backtestOf({
      streams: [barsOf(closes.map((close, at) => [day + (at - 4) * MINUTE, close, close, close, close] as const))],
      strategies: [everyBar],
      series: [{ instrument: 0, every: '1m' }],
      engine: { limits: loss(1), startTs: day - 5 * MINUTE },
    });
    while (!backtest.advance(1));
    expect(codes).toEqual([null, null, 'DAILY_LOSS_LIMIT', 'DAILY_LOSS_LIMIT', null, null]);
  });
});
