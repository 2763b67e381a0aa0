import { describe, expect, it } from 'vitest';
import { accountOf, barsOf, DOLLAR, fillsOf, MINUTE, runAll, scripted, USD } from './backtest.fixture.ts';
import type { OrderOptions, Strategy } from '../core/strategy/strategy.ts';
import type { FeeSchedule } from '../model/fees.ts';

const ONE_PERCENT: FeeSchedule = { kind: 'percentage', ratePpb: 10_000_000, on: 'both', rounding: { to: 'exact' } };

interface Play {
  readonly fee?: FeeSchedule;
  readonly type?: 'CASH' | 'MARGIN';
  readonly responseUs?: number;
  readonly atFirstBar: (s: Strategy) => void;
}

/** 1000 dollars; the first bar closes at 100.00, and the second opens at 125.00: a gap that no order saw when it was judged. */
function play({ fee, type = 'CASH', responseUs = 0, atFirstBar }: Play) {
  const seen: string[] = [];
  let count = 0;
  const backtest = runAll({
    series: [{ instrument: 0, every: '1m' }],
    accounts: [accountOf({ type, openingBalances: [{ currency: USD, amount: 1000n * DOLLAR }] })],
    streams: [
      barsOf([
        [MINUTE, 10_000, 10_000, 10_000, 10_000],
        [2 * MINUTE, 12_500, 12_500, 9_000, 9_000],
        [3 * MINUTE, 9_000, 9_000, 9_000, 9_000],
      ]),
    ],
    strategies: [
      scripted({
        onStart: (s) => s.subscribeBars(0, '1m'),
        onBar: (s) => (count += 1) === 1 && atFirstBar(s),
        onOrderEvent: (_s, event) => {
          if (event.kind === 'OrderCanceled') seen.push(`${event.clientOrderId} ${event.reason}`);
        },
      }),
    ],
    ...(fee === undefined ? {} : { fee }),
    latencyUs: { orderEntryUs: 0, responseUs },
  });
  const fills = fillsOf(backtest).map((line) => line.split(' at ')[0]);
  const alerts = backtest.recorder.alerts.map(({ code }) => code);
  return { fills, seen, alerts, cash: backtest.engine.portfolio.valuation.balance(0, 'USD') };
}

const buy =
  (quantity: number, options: OrderOptions = {}) =>
  (s: Strategy): void =>
    void s.marketOrder(0, 'BUY', quantity, options);

describe('a purchase of a cash account', () => {
  it('fills what the account can pay at the price of the fill; the rest is canceled, and nothing is owed', () => {
    expect(play({ atFirstBar: buy(10) })).toEqual({ fills: ['BUY 8 @ 12500'], seen: ['1 VENUE_CASH_SHORT'], alerts: [], cash: 0n });
  });

  it('leaves room for the commission: seven at 125.00 with one percent are 883.75, eight would be 1010.00', () => {
    const { fills, cash } = play({ atFirstBar: buy(9), fee: ONE_PERCENT });
    expect([fills, cash]).toEqual([['BUY 7 @ 12500'], 116_25000000n]);
  });

  it('is canceled where not one lot can be paid, and where it must fill whole or not at all', () => {
    const short = play({
      atFirstBar: (s) => {
        buy(8)(s);
        buy(1)(s);
      },
    });
    expect([short.fills, short.seen]).toEqual([['BUY 8 @ 12500'], ['2 VENUE_CASH_SHORT']]);
    const whole = play({ atFirstBar: buy(10, { timeInForce: 'FOK' }) });
    expect([whole.fills, whole.seen]).toEqual([[], ['1 VENUE_CASH_SHORT']]);
  });

  it('knows of its own fills that the house has not heard of', () => {
    const told = play({
      responseUs: 20_000_000,
      atFirstBar: (s) => {
        buy(5)(s);
        buy(5)(s);
      },
    });
    // 625 of the 1000 are gone when the second comes: three more at 125.00.
    expect([told.fills, told.seen, told.cash]).toEqual([['BUY 5 @ 12500', 'BUY 3 @ 12500'], ['2 VENUE_CASH_SHORT'], 0n]);
  });

  it('also cuts a limit order whose money another purchase has taken meanwhile', () => {
    const { fills, seen, cash } = play({
      atFirstBar: (s) => {
        buy(5)(s);
        s.limitOrder(0, 'BUY', 5, 95);
      },
    });
    // 375 are left for five at 95.00.
    expect([fills, seen, cash]).toEqual([['BUY 5 @ 12500', 'BUY 3 @ 9500'], ['2 VENUE_CASH_SHORT'], 90n * DOLLAR]);
  });

  it('is not what a margin account is held to: it may owe', () => {
    expect(play({ atFirstBar: buy(10), type: 'MARGIN' })).toMatchObject({ fills: ['BUY 10 @ 12500'], cash: -250n * DOLLAR });
  });
});

describe('fees by tiers', () => {
  it('are judged, before an order goes, by the tier that the account has reached', () => {
    const backtest = runAll({
      series: [{ instrument: 0, every: '1m' }],
      accounts: [accountOf({ type: 'CASH', openingBalances: [{ currency: USD, amount: 950n * DOLLAR }] })],
      streams: [barsOf([1, 2, 3, 4].map((minute) => [minute * MINUTE, 10_000, 10_000, 10_000, 10_000] as const))],
      strategies: [
        scripted({
          onStart: (s) => s.subscribeBars(0, '1m'),
          onBar: (s, bar) => {
            if (bar.tsEvent === MINUTE) s.marketOrder(0, 'BUY', 4);
            if (bar.tsEvent === 2 * MINUTE) s.marketOrder(0, 'BUY', 5);
          },
        }),
      ],
      fee: {
        kind: 'tiers',
        windowDays: 1,
        rounding: { to: 'exact' },
        tiers: [
          { fromValue: 0, makerPpb: 0, takerPpb: 100_000_000 },
          { fromValue: 300, makerPpb: 0, takerPpb: 0 },
        ],
      },
    });
    // The first pays 400 and 40; of the 510 that are left, five at 100 without a fee are 500, with ten percent they would be 550.
    expect(backtest.recorder.denials).toEqual([]);
    expect(fillsOf(backtest).map((line) => line.split(' at ')[0])).toEqual(['BUY 4 @ 10000', 'BUY 5 @ 10000']);
    expect(backtest.engine.portfolio.valuation.balance(0, 'USD')).toBe(10n * DOLLAR);
  });
});
