import { describe, expect, it } from 'vitest';
import { accountOf, DOLLAR, fillsOf, futureOf, runAll, scripted, tradesOf, USD } from './backtest.fixture.ts';
import type { AccountDefinition } from '../model/account.ts';
import type { Strategy } from '../core/strategy/strategy.ts';

/** 1000 dollars at ten times leverage, half of the margin to maintain: long 50 from 100.00 is closed at 84.21 and leaves 210.50. */
function account(change: Partial<AccountDefinition> = {}): AccountDefinition {
  return accountOf({
    openingBalances: [{ currency: USD, amount: 1000n * DOLLAR }],
    margin: {
      kind: 'leverage',
      leveragePpb: 10_000_000_000,
      initialRatePpb: 1_000_000_000,
      maintenanceRatePpb: 500_000_000,
      markedAt: 'MARK',
      locks: 'INITIAL',
    },
    ...change,
  });
}

const FALL = [
  [10, 10_000],
  [20, 10_000],
  [30, 10_000],
  [40, 8_421],
  [50, 7_800],
  [60, 7_800],
] as const;

/** Buys 50 at the first trade, then does what is asked for at the times given; `seen` tells how orders ended. */
function play(steps: Readonly<Record<number, (s: Strategy) => void>>, onEnd?: (s: Strategy, kind: string) => void) {
  const seen: string[] = [];
  const strategy = scripted({
    onStart: (s) => s.subscribeTrades(0),
    onTrade: (s, { tsInit }) => {
      if (tsInit === 10) s.marketOrder(0, 'BUY', 50);
      steps[tsInit]?.(s);
    },
    onOrderEvent: (s, event) => {
      if (event.kind !== 'OrderCanceled' && event.kind !== 'OrderRejected') return;
      seen.push(`${event.kind} ${event.clientOrderId} ${event.reason} at ${event.tsInit}`);
      onEnd?.(s, event.kind);
    },
  });
  return { strategy, seen };
}

describe('an account that is closed by force', () => {
  it('has its working orders canceled first, whatever their instrument: nothing of them fills against the closed account', () => {
    const { strategy, seen } = play({
      30: (s) => {
        s.limitOrder(0, 'BUY', 1, 79);
        s.stopOrder(0, 'SELL', 1, 79);
        s.limitOrder(1, 'BUY', 1, 49);
      },
    });
    const backtest = runAll({
      instruments: [futureOf(), futureOf({ id: 'BOLT.XNYS' }, 1), futureOf({ id: 'CORD.XLON' }, 2)],
      accounts: [account(), account({ venue: 'XLON', openingBalances: [{ currency: USD, amount: 100_000n * DOLLAR }] })],
      strategies: [
        strategy,
        scripted({ onStart: (s) => s.subscribeTrades(0), onTrade: (s, { tsInit }) => tsInit === 30 && s.limitOrder(2, 'BUY', 1, 49) }),
      ],
      streams: [
        tradesOf(FALL),
        tradesOf(
          [
            [25, 5_000],
            [55, 4_800],
          ],
          1,
        ),
        tradesOf(
          [
            [25, 5_000],
            [55, 4_800],
          ],
          2,
        ),
      ],
    });
    expect(seen).toEqual([2, 3, 4].map((id) => `OrderCanceled ${id} VENUE_LIQUIDATION at 40`));
    // The order at the other venue works on.
    expect(fillsOf(backtest)).toEqual(['BUY 50 @ 10000 at 20', 'SELL 50 @ 8421 at 40', 'BUY 1 @ 4900 at 55']);
  });

  it('takes no order while it is closed: one that answers a cancel finds the account closing', () => {
    const { strategy, seen } = play({ 30: (s) => void s.limitOrder(0, 'BUY', 1, 79) }, (s, kind) => {
      // A sale leads out, so that risk lets it pass; it would open a short once the position is closed.
      if (kind === 'OrderCanceled') s.marketOrder(0, 'SELL', 1);
    });
    const backtest = runAll({ instruments: [futureOf()], accounts: [account()], strategies: [strategy], streams: [tradesOf(FALL)] });
    expect(seen).toEqual(['OrderCanceled 2 VENUE_LIQUIDATION at 40', 'OrderRejected 3 VENUE_LIQUIDATION at 40']);
    expect(fillsOf(backtest)).toHaveLength(2);
  });

  it('refuses what was on its way, which risk had judged for the account before, and takes what is sent afterwards', () => {
    const { strategy, seen } = play({
      // Arrives at 45, after the closing at 40; the one of 50 is judged by risk on what is left.
      30: (s) => void s.limitOrder(0, 'BUY', 1, 90),
      50: (s) => {
        s.marketOrder(0, 'BUY', 10);
        s.marketOrder(0, 'BUY', 100);
      },
    });
    const backtest = runAll({
      instruments: [futureOf()],
      accounts: [account()],
      strategies: [strategy],
      streams: [tradesOf([...FALL, [70, 7_800], [80, 7_800]])],
      latencyUs: { orderEntryUs: 15, responseUs: 0 },
    });
    expect(seen).toEqual(['OrderRejected 2 VENUE_LIQUIDATION at 45']);
    // Bought at 30, since the order of 10 arrives at 25.
    expect(fillsOf(backtest)).toEqual(['BUY 50 @ 10000 at 30', 'SELL 50 @ 8421 at 40', 'BUY 10 @ 7800 at 70']);
    expect(backtest.recorder.denials.map(({ code }) => code)).toEqual(['MARGIN_EXCEEDS_FREE_BALANCE']);
  });

  it('hears first of the fills that were on their way, and is closed for what it holds then', () => {
    const { strategy } = play({ 30: (s) => void s.limitOrder(0, 'SELL', 20, 84.3, { timeInForce: 'IOC' }) });
    const backtest = runAll({
      instruments: [futureOf()],
      accounts: [account()],
      strategies: [strategy],
      streams: [
        tradesOf([
          [10, 10_000],
          [20, 10_000],
          [30, 10_000],
          // The sale of 20 fills here; its report would arrive at 42.
          [35, 8_430],
          [40, 8_421],
          [50, 7_800],
        ]),
      ],
      latencyUs: { orderEntryUs: 0, responseUs: 7 },
    });
    expect(fillsOf(backtest)).toEqual(['BUY 50 @ 10000 at 20', 'SELL 20 @ 8430 at 35', 'SELL 30 @ 8421 at 40']);
    expect(backtest.engine.portfolio.positions.venueQuantity(0)).toBe(0);
  });
});
