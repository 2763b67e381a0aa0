import { describe, expect, it } from 'vitest';
import { DOLLAR, fillsOf, futureOf, runAll, scripted, tradesOf } from './backtest.fixture.ts';

const ROWS = [10, 20, 30, 40, 50, 60].map((ts) => [ts, 10_000 + ts] as const);

describe('a dated future', () => {
  // Long 2 at 100.20, settled at 100.40, the last price up to the expiry: 2 × 0.20 of profit.
  const run = (orderEntryUs: number) => {
    const seen: string[] = [];
    const backtest = runAll({
      instruments: [futureOf({ expiryTs: 45 })],
      latencyUs: { orderEntryUs, responseUs: 0 },
      streams: [tradesOf(ROWS)],
      strategies: [
        scripted({
          onStart: (s) => s.subscribeTrades(0),
          onTrade: (s, trade) => {
            if (trade.tsInit === 10) s.marketOrder(0, 'BUY', 2);
            if (trade.tsInit === 20) s.limitOrder(0, 'BUY', 1, 100);
            if (trade.tsInit === 40) s.limitOrder(0, 'BUY', 1, 200);
            if (trade.tsInit === 50) s.marketOrder(0, 'BUY', 1);
          },
          onOrderEvent: (_s, event) => {
            if (event.kind === 'OrderCanceled' || event.kind === 'OrderRejected' || event.kind === 'OrderDenied')
              seen.push(`${event.kind} ${event.clientOrderId} at ${event.tsInit}`);
          },
        }),
      ],
    });
    return { backtest, seen };
  };

  it('is settled in cash at the last price of its expiry, its orders canceled, later ones denied', () => {
    const { backtest, seen } = run(0);
    expect(fillsOf(backtest)).toEqual(['BUY 2 @ 10020 at 20', 'SELL 2 @ 10040 at 45']);
    expect(backtest.recorder.fills.at(1).tag).toBe('expiry');
    expect(seen).toEqual(['OrderCanceled 2 at 45', 'OrderCanceled 3 at 45', 'OrderDenied 5 at 50']);
    expect(backtest.recorder.denials[0]!.code).toBe('INSTRUMENT_EXPIRED');
    expect(backtest.engine.portfolio.positions.quantity(0, 0)).toBe(0);
    expect(backtest.equityApprox()).toBe(10_000.4);
    expect(DOLLAR).toBe(100_000_000n);
  });

  it('takes no order that is on its way when it expires', () => {
    const { backtest, seen } = run(10);
    expect(fillsOf(backtest)).toEqual(['BUY 2 @ 10020 at 20', 'SELL 2 @ 10040 at 45']);
    expect(seen).toEqual(['OrderCanceled 2 at 45', 'OrderRejected 3 at 50', 'OrderDenied 5 at 50']);
  });
});
