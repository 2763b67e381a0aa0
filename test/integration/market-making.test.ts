import { afterAll, describe, expect, it } from 'vitest';
import { resolveRun } from '../../src/app/backtest/resolve-run.ts';
import { runBacktest } from '../../src/app/backtest/run-backtest.ts';
import { readRunFile } from '../../src/app/run-file/read-run-file.ts';
import { loadStrategyFile } from '../../src/app/strategies/load-strategy-file.ts';
import { makeFolder } from '../files-kit.ts';

const folder = makeFolder();
afterAll(folder.remove);
const MINUTES_MS = 180_000;

/** Two hours of a made-up market, and market making as it is shipped. */
function runFile(instrument: string, startPrice: number, more: string): string {
  const generated = `{ market: agents, seed: 7, startPrice: ${startPrice}, eventsPerSecond: 5${more} }`;
  return folder.write(
    'run.yaml',
    `period: { from: 2024-01-01, to: 2024-01-01T02:00:00Z }
instruments: [{ id: ABC-USD.SIM, ${instrument} }]
accounts: [{ balances: { USD: 100000 } }]
venues:
  - name: SIM
    latency: { feed: 1ms, orderEntry: 2ms, response: 2ms }
    fees: { kind: makerTaker, maker: 0, taker: 0.0005 }
data:
  - { kind: book-deltas, generated: ${generated} }
  - { kind: trades, generated: ${generated} }
strategies: [{ use: market-making }]
`,
  );
}

describe('market making with the parameters that it is shipped with', () => {
  it.each([
    // A hundredth of 100,000 is 1,000: some 10 at 100, as whole shares 9 where the first price is above it, and 16 thousandths at 60,000, worth 960.
    ['at 100 in hundredths', 'kind: spot, priceDecimals: 2, quantityDecimals: 2', 100, '', 990],
    ['at 100 in whole shares', 'kind: equity, quote: USD', 100, '', 890],
    ['at 60,000 in tenths', 'kind: perpetual, priceDecimals: 1, quantityDecimals: 3', 60_000, ', spreadTicks: 40', 930],
  ])(
    'quotes and is filled on both sides %s, as maker, and holds no more than five quotes',
    async (_, instrument, price, more, valueMin) => {
      const { result } = await runBacktest(await resolveRun(readRunFile(runFile(instrument, price, more)), loadStrategyFile));
      expect(result.orderCounts.denied + result.orderCounts.rejected).toBe(0);
      const quantity = Number(result.orders[0]!.quantity);
      for (const order of result.orders) expect(Number(order.quantity)).toBe(quantity);
      expect(quantity * price).toBeLessThanOrEqual(1010);
      expect(quantity * price).toBeGreaterThan(valueMin);
      const traded = { BUY: 0, SELL: 0 };
      for (const fill of result.fills) {
        expect(fill.liquidity).toBe('MAKER');
        traded[fill.side as 'BUY' | 'SELL'] += Number(fill.quantity);
        expect(Math.abs(traded.BUY - traded.SELL)).toBeLessThan(5 * quantity + 1e-6);
      }
      expect(Math.min(traded.BUY, traded.SELL)).toBeGreaterThan(quantity);
    },
    MINUTES_MS,
  );
});
