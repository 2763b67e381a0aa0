import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  accountOf,
  DOLLAR,
  fillsOf,
  flatBars,
  futureOf,
  instrumentOf,
  MINUTE,
  runAll,
  scripted,
  tradesOf,
  USD,
} from './backtest.fixture.ts';
import type { AccountDefinition } from '../model/account.ts';
import { makeCurrency } from '../model/currency.ts';

/** `leverage` times, maintenance as a share of the value at the mark. */
function marginAccount(dollars: bigint, maintenancePpb: number, change: Partial<AccountDefinition> = {}): AccountDefinition {
  return accountOf({
    openingBalances: [{ currency: USD, amount: dollars * DOLLAR }],
    margin: {
      kind: 'leverage',
      leveragePpb: 10_000_000_000,
      initialRatePpb: 1_000_000_000,
      maintenanceRatePpb: maintenancePpb,
      markedAt: 'MARK',
      locks: 'INITIAL',
    },
    ...change,
  });
}

/** Buys (or sells) at the first trade, once. */
const buyOnce = (instrument: number, quantity: number) => {
  let isDone = false;
  return scripted({
    onStart: (s) => s.subscribeTrades(instrument),
    onTrade: (s) => {
      if (isDone) return;
      isDone = true;
      s.marketOrder(instrument, quantity > 0 ? 'BUY' : 'SELL', Math.abs(quantity));
    },
  });
};

const alertsOf = (backtest: ReturnType<typeof runAll>): string[] => backtest.recorder.alerts.map(({ code, tsInit }) => `${code} ${tsInit}`);

describe('liquidation', () => {
  it('closes everything at the first price at which equity is no more than the maintenance margin', () => {
    // 1000 on 50 × 100.00, a tenth of half the value to maintain (5 %): 1000 − 50 d = 0.05 × 50 × (100 − d) at d = 15.79.
    const backtest = runAll({
      instruments: [futureOf()],
      accounts: [marginAccount(1000n, 500_000_000)],
      strategies: [buyOnce(0, 50)],
      streams: [
        tradesOf([
          [10, 10_000],
          [20, 10_000],
          [30, 8_422],
          [40, 8_421],
          [50, 8_000],
        ]),
      ],
    });
    expect(fillsOf(backtest)).toEqual(['BUY 50 @ 10000 at 20', 'SELL 50 @ 8421 at 40']);
    expect(alertsOf(backtest)).toEqual(['LIQUIDATION 40']);
    expect(backtest.engine.portfolio.valuation.balance(0, 'USD')).toBe(210_50000000n);
  });

  it('writes off what the account owes beyond what it had (R1.9: the account ends at nothing, not below)', () => {
    const backtest = runAll({
      instruments: [futureOf()],
      accounts: [marginAccount(1000n, 0)],
      strategies: [buyOnce(0, -50)],
      streams: [
        tradesOf([
          [10, 10_000],
          [20, 10_000],
          [30, 11_999],
          [40, 12_500],
          [50, 9_000],
        ]),
      ],
    });
    // Short 50 from 100.00 to 125.00: 1250 lost of 1000.
    expect(fillsOf(backtest)).toEqual(['SELL 50 @ 10000 at 20', 'BUY 50 @ 12500 at 40']);
    expect(alertsOf(backtest)).toEqual(['LIQUIDATION 40', 'DEFICIT_WRITTEN_OFF 40']);
    expect(backtest.engine.portfolio.valuation.balance(0, 'USD')).toBe(0n);
    expect(backtest.engine.portfolio.ledger.balance('LIQUIDATION_WRITE_OFF', 0, 'USD')).toBe(-250n * DOLLAR);
  });

  it('takes a bar at its close', () => {
    let count = 0;
    const backtest = runAll({
      instruments: [futureOf()],
      accounts: [marginAccount(1000n, 0)],
      series: [{ instrument: 0, every: '1m' }],
      strategies: [scripted({ onStart: (s) => s.subscribeBars(0, '1m'), onBar: (s) => (count += 1) === 1 && s.marketOrder(0, 'BUY', 50) })],
      streams: [flatBars([10_000, 10_000, 7_900, 10_000])],
    });
    expect(fillsOf(backtest)[1]).toBe(`SELL 50 @ 7900 at ${3 * MINUTE}`);
  });

  it('closes all instruments of the account, each at its own last price, and leaves other accounts alone', () => {
    const instruments = [futureOf(), futureOf({ id: 'BOLT.XNYS' }, 1), futureOf({ id: 'CORD.XLON' }, 2)];
    const backtest = runAll({
      instruments,
      accounts: [marginAccount(1000n, 0), marginAccount(1000n, 0, { venue: 'XLON' })],
      strategies: [buyOnce(0, 50), buyOnce(1, 20), buyOnce(2, 1)],
      streams: [
        tradesOf([
          [10, 10_000],
          [20, 10_000],
          [40, 8_500],
          [60, 8_000],
        ]),
        tradesOf(
          [
            [11, 5_000],
            [21, 5_000],
            [50, 3_700],
          ],
          1,
        ),
        tradesOf(
          [
            [12, 100],
            [22, 100],
          ],
          2,
        ),
      ],
    });
    // 50 × 15.00 = 750 lost at 40; 20 × 13.00 = 260 more at 50.
    expect(fillsOf(backtest).slice(3)).toEqual(['SELL 50 @ 8500 at 50', 'SELL 20 @ 3700 at 50']);
    expect(backtest.engine.portfolio.positions.quantity(2, 2)).toBe(1);
  });

  it('is not missed where several instruments each lose less than one alone may', () => {
    const symbols = ['A', 'B', 'C'];
    const backtest = runAll({
      instruments: symbols.map((symbol, index) => futureOf({ id: `${symbol}.XNYS` }, index)),
      accounts: [marginAccount(1600n, 0)],
      strategies: symbols.map((_, index) => buyOnce(index, 50)),
      streams: symbols.map((_, index) =>
        tradesOf(
          [
            [10 + index, 10_000],
            [20 + index, 10_000],
            [30 + index, 9_300],
            [40 + index, 8_900],
          ],
          index,
        ),
      ),
    });
    // Three times 350 is lost at 32; 200 more each makes 1650 at 42, and 1450 before.
    expect(alertsOf(backtest)[0]).toBe('LIQUIDATION 42');
  });

  it('sees a collateral fall that is only a rate to the account', () => {
    const coin = makeCurrency('BTC');
    const backtest = runAll({
      instruments: [futureOf(), instrumentOf({ id: 'BTC-USD.XNYS', kind: 'SPOT', base: coin }, 1)],
      accounts: [marginAccount(0n, 1_000_000_000, { openingBalances: [{ currency: coin, amount: 10n ** 8n }] })],
      engine: { conversions: [1] },
      strategies: [buyOnce(0, 5)],
      streams: [
        tradesOf([
          [10, 10_000],
          [20, 10_000],
          [30, 10_000],
          [70, 10_001],
        ]),
        tradesOf(
          [
            [5, 10_000],
            [40, 5_001],
            [50, 5_000],
            [60, 100],
          ],
          1,
        ),
      ],
    });
    // One coin against a tenth of 5 × 100.00: at its limit when the coin costs 50.00.
    expect(alertsOf(backtest)).toEqual(['LIQUIDATION 50']);
    expect(fillsOf(backtest)).toEqual(['BUY 5 @ 10000 at 20', 'SELL 5 @ 10000 at 50']);
  });

  it('watches hedged legs, whose margin grows with the price while their profit stands still', () => {
    const backtest = runAll({
      instruments: [futureOf()],
      accounts: [marginAccount(100n, 500_000_000, { positionMode: 'HEDGING' })],
      strategies: [buyOnce(0, 5), buyOnce(0, -5)],
      streams: [
        tradesOf([
          [10, 10_000],
          [20, 10_000],
          [30, 19_999],
          [40, 20_000],
        ]),
      ],
    });
    // 5 % of ten at the mark against 100: at 200.00.
    expect(alertsOf(backtest)).toEqual(['LIQUIDATION 40']);
  });

  it('is never later nor earlier than a check of every row, for any two price paths', () => {
    const path = fc.array(fc.integer({ min: 2_000, max: 20_000 }), { minLength: 4, maxLength: 40 });
    const quantity = fc.integer({ min: -20, max: 20 }).filter((value) => value !== 0);
    fc.assert(
      fc.property(
        path,
        path,
        quantity,
        quantity,
        // Up to twice the value: then maintenance margin moves faster than equity, and a rise closes a long position.
        fc.constantFrom(0, 200_000_000, 1_000_000_000, 9_000_000_000, 10_000_000_000, 12_000_000_000, 20_000_000_000),
        fc.integer({ min: 200, max: 3_000 }),
        fc.integer({ min: 1, max: 50 }),
        (a, b, qtyA, qtyB, ratePpb, dollars, stepRowsMax) => {
          const rowsA = [10_000, 10_000, ...a].map((price, i) => [i * 10, price] as const);
          const rowsB = [5_000, 5_000, ...b].map((price, i) => [i * 10 + 5, price] as const);
          const backtest = runAll({
            instruments: [futureOf(), futureOf({ id: 'BOLT.XNYS' }, 1)],
            accounts: [marginAccount(BigInt(dollars), ratePpb)],
            strategies: [buyOnce(0, qtyA), buyOnce(1, qtyB)],
            streams: [tradesOf(rowsA), tradesOf(rowsB, 1)],
            spec: { stepRowsMax },
          });
          // The plain twin: in cents, row by row, from the two fills on. Maintenance is the rate over ten of the value.
          let expected: number | null = null;
          if (backtest.recorder.fills.length < 2) return;
          const [fillA, fillB] = [backtest.recorder.fills.at(0), backtest.recorder.fills.at(1)];
          fc.pre(fillA.instrument === 0 && fillB.instrument === 1);
          const rows = [
            ...rowsA.map(([ts, price]) => ({ ts, price, isA: true })),
            ...rowsB.map(([ts, price]) => ({ ts, price, isA: false })),
          ].sort((x, y) => x.ts - y.ts);
          let [priceA, priceB] = [0, 0];
          for (const { ts, price, isA } of rows) {
            if (isA) priceA = price;
            else priceB = price;
            const heldB = ts >= fillB.tsEvent ? qtyB : 0;
            if (ts < fillA.tsEvent) continue;
            const equity = dollars * 100 + qtyA * (priceA - fillA.lastPx) + heldB * (priceB - fillB.lastPx);
            const margin = ((Math.abs(qtyA) * priceA + Math.abs(heldB) * priceB) * (ratePpb / 1e9)) / 10;
            if (equity <= margin + 1e-6) {
              expected = ts;
              break;
            }
          }
          const found = backtest.recorder.alerts.find(({ code }) => code === 'LIQUIDATION')?.tsInit ?? null;
          if (expected === null || expected > fillB.tsEvent) expect(found).toBe(expected);
        },
      ),
      { numRuns: 400 },
    );
  });
});
