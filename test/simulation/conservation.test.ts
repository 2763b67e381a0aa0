import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stream } from '../../src/base/random.ts';
import { ExchangeTimeInForce as Tif, TradingPhase as Phase } from '../../src/sim/exchange/exchange-order.ts';
import { ExchangeLedger, type Line } from '../../src/sim/exchange/exchange-ledger.fixture.ts';
import { anyOperation, operate, OWNERS, pick } from '../../src/sim/exchange/exchange-operations.fixture.ts';
import { ReportKind as Kind } from '../../src/sim/exchange/exchange-reports.ts';
import { reportsOf } from '../../src/sim/exchange/exchange-state.fixture.ts';
import { MatchingEngine } from '../../src/sim/exchange/matching-engine.ts';

const OPERATIONS = 400;

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

/** What was asked for has traded, was taken off or is left in the engine; what one owner got another gave. */
function expectNothingLost(engine: MatchingEngine, ledger: ExchangeLedger): void {
  const { orders, owners } = engine.book;
  const lines = [...ledger.lines].filter(([, { left, traded, takenOff }]) => left + traded + takenOff > 0);
  const leftOf = (id: number): number => {
    const slot = orders.index.get(id);
    return slot === 0 ? 0 : orders.leavesQty(slot);
  };
  const leaves = lines.map(([id]) => leftOf(id));
  expect(leaves, 'left, by order').toEqual(lines.map(([, { left }]) => left));
  const live = lines.filter(([, { left }]) => left > 0);
  expect(
    live.map(([id]) => orders.cumQty(orders.index.get(id))),
    'traded, by order',
  ).toEqual(live.map(([, { traded }]) => traded));
  expect(orders.pool.count, 'orders').toBe(live.length);

  const isPast = ({ order }: Line): boolean => order.timeInForce === Tif.GTD && order.expireTs <= ledger.now;
  expect(
    live.filter(([, line]) => isPast(line)).map(([id]) => id),
    'orders past their end',
  ).toEqual([]);

  const all = lines.map(([, line]) => line);
  const traded = all.map((line) => line.traded);
  expect(sum(all.map(({ asked }) => asked)), 'lots').toBe(sum(traded) + sum(all.map(({ takenOff }) => takenOff)) + sum(leaves));
  expect(sum(all.map(({ order, traded: lots }) => order.side * lots)), 'bought and sold').toBe(0);
  const held = ledger.position.slice(1);
  expect([...owners.position].slice(1), 'positions').toEqual(held);
  expect(sum(ledger.position), 'positions of all, nobody included').toBe(0);
  expect(
    ledger.cash.reduce((total, each) => total + each, 0n),
    'money',
  ).toBe(0n);
}

describe('an exchange', () => {
  it('loses and makes no lot, no position and no money, whatever is asked of it in whatever phase', () => {
    const counts: number[] = [];
    fc.assert(
      fc.property(fc.nat(1_000_000), (seed) => {
        const random = stream(seed, 'conservation');
        const phase = pick(random, [Phase.OPENING, Phase.CONTINUOUS, Phase.CONTINUOUS]);
        const engine = new MatchingEngine({ phase, ownersMax: OWNERS, ordersMax: 80 });
        const ledger = new ExchangeLedger(phase);
        const spread = pick(random, [2, 5, 20, 200_000]);
        for (let at = 0; at < OPERATIONS; at += 1) {
          const operation = anyOperation(random, spread, ledger);
          const answer = operate(engine, operation);
          ledger.book(operation, answer, reportsOf(engine));
          engine.reports.clear();
          if (at % 20 === 19) expectNothingLost(engine, ledger);
        }
        ledger.counts.forEach((count, kind) => {
          counts[kind] = (counts[kind] ?? 0) + count;
        });
      }),
      { numRuns: 100 },
    );
    // Every kind of report came, and auctions traded: none of it held for want of trying.
    for (const [name, kind] of Object.entries({ AUCTION: 0, ...Kind })) expect(counts[kind], name).toBeGreaterThan(50);
  });
});
