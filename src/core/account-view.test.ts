import { expect, it } from 'vitest';
import { accountOf, futureOf, runAll, scripted, tradesOf } from '../runtime/backtest.fixture.ts';
import { makeCurrency } from '../model/currency.ts';

const EUR = makeCurrency('EUR');

it('an order whose margin hangs on an unknown rate is denied under the code of the rate, not as a failed check', () => {
  const backtest = runAll({
    instruments: [futureOf()],
    accounts: [
      accountOf({
        baseCurrency: EUR,
        openingBalances: [{ currency: EUR, amount: 100_000_000_000n }],
        margin: {
          kind: 'leverage',
          leveragePpb: 10_000_000_000,
          initialRatePpb: 1_000_000_000,
          maintenanceRatePpb: 500_000_000,
          markedAt: 'MARK',
          locks: 'INITIAL',
        },
      }),
    ],
    streams: [
      tradesOf([
        [10, 10_000],
        [20, 10_000],
      ]),
    ],
    strategies: [
      scripted({
        onStart: (s) => s.subscribeTrades(0),
        onTrade: (s, trade) => trade.tsInit === 10 && s.marketOrder(0, 'BUY', 1),
      }),
    ],
  });
  expect(backtest.recorder.denials.map(({ code }) => code)).toEqual(['CURRENCY_RATE_MISSING']);
});
