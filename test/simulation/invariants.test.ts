import { describe, expect, it } from 'vitest';
import { EventLedger } from './event-ledger.fixture.ts';
import { AAA, BBB, CCC, Dice, drawStreams, INSTRUMENTS, makeBacktest, trader, watch } from './world.fixture.ts';
import type { SubmitOrder, VenueCommand } from '../../src/model/commands.ts';
import { OrderFlag } from '../../src/model/order.ts';
import type { Backtest } from '../../src/runtime/backtest.ts';

const LATENCIES = [
  [0, 0],
  [1_000, 1_000],
  [0, 2_000_000],
  [45_000_000, 70_000_000],
] as const;
const SEEDS = Array.from({ length: 12 }, (_, place) => 100 + place);
const LIMIT = 60;

/** Row by row, with the books held against the events after each. */
function run(
  seed: number,
  onRow: (backtest: Backtest, ledger: EventLedger) => void,
  onEvent: (ledger: EventLedger) => void = () => {},
  isLimited = false,
): EventLedger {
  const [orderEntryUs, responseUs] = LATENCIES[seed % LATENCIES.length]!;
  const limited = { maxLongQty: LIMIT, maxShortQty: LIMIT };
  const backtest = makeBacktest({
    streams: drawStreams(seed, 60),
    strategies: [trader(seed), trader(seed + 1, [BBB, CCC])],
    orderEntryUs,
    responseUs,
    dollars: seed % 3 === 0 ? 12_000n : 1_000_000n,
    limits: isLimited ? { everyInstrument: limited } : {},
  });
  const ledger = new EventLedger(`seed ${seed}`);
  watch(backtest, (record) => {
    if (!('clientOrderId' in record)) return;
    ledger.take(record);
    onEvent(ledger);
  });
  while (!backtest.advance(1)) onRow(backtest, ledger);
  backtest.finish();
  return ledger;
}

describe('the whole engine, two traders, three instruments, with and without latency', () => {
  it('INV-02 and INV-03: cash, commission, profit and positions are what the fills say, after every row', () => {
    let fills = 0;
    for (const seed of SEEDS) {
      const ledger = run(seed, ({ engine }, own) => {
        const { ledger: books, positions } = engine.portfolio;
        const opening = -books.balance('CAPITAL', 0, 'USD');
        const writtenOff = -books.balance('LIQUIDATION_WRITE_OFF', 0, 'USD');
        const booked = [
          books.balance('COMMISSION', 0, 'USD'),
          -books.balance('REALIZED_PNL', 0, 'USD'),
          books.balance('CASH', 0, 'USD'),
          books.total('USD'),
          ...INSTRUMENTS.map(({ index }) => positions.venueQuantity(index)),
          // What two strategies hold sums to what the venue holds.
          ...INSTRUMENTS.map(({ index }) => positions.quantity(0, index) + positions.quantity(1, index)),
        ];
        const held = INSTRUMENTS.map(({ index }) => own.position(index));
        const told = [own.commission, own.realized, opening + writtenOff - own.commission + own.moneyMoved, 0n, ...held, ...held];
        if (booked.some((value, place) => value !== told[place])) expect([own.name, ...booked]).toEqual([own.name, ...told]);
      });
      fills += ledger.fillCount;
    }
    expect(fills).toBeGreaterThan(300);
  });

  it('INV-05, INV-06, INV-07: quantities add up, never fall, and no order that has ended opens again, at every event', () => {
    // The ledger throws where an event breaks one of them.
    for (const seed of SEEDS) {
      const ledger = run(seed, ({ engine }, own) => {
        for (const order of own.orders.values()) {
          const { table } = engine.orders;
          const leaves = order.isOpen ? order.quantity - order.filled : 0;
          if (table.cumQty[order.id] !== order.filled || table.leavesQty(order.id) !== leaves) {
            expect([own.name, order.id, table.cumQty[order.id], table.leavesQty(order.id)]).toEqual([
              own.name,
              order.id,
              order.filled,
              leaves,
            ]);
          }
        }
      });
      expect(ledger.orders.size).toBeGreaterThan(20);
    }
  });

  it('INV-08: the worst case of position and open orders stays within the limit at every event', () => {
    let closest = 0;
    for (const seed of SEEDS.filter((candidate) => candidate % 3 !== 0)) {
      run(
        seed,
        () => {},
        (ledger) => {
          for (const instrument of [AAA, BBB, CCC]) {
            const worst = Math.max(ledger.worst(instrument, 1), ledger.worst(instrument, -1));
            closest = Math.max(closest, worst);
            if (worst > LIMIT) expect(`${ledger.name}: ${worst} in ${instrument}`).toBe(`at most ${LIMIT}`);
          }
        },
        true,
      );
    }
    expect(closest).toBe(LIMIT);
  });

  it('INV-13: after the kill switch nothing new or increasing leaves, and every open order gets a cancel', () => {
    for (const seed of SEEDS) {
      const flatten = seed % 2 === 0;
      const killAt = 50 + new Dice(seed).below(200);
      let rows = 0;
      let openAtKill: readonly number[] = [];
      const sent: VenueCommand[] = [];
      const ledger = run(seed, (backtest, own) => {
        rows += 1;
        if (rows !== killAt) return;
        openAtKill = [...own.orders.values()].filter((order) => order.isOpen).map((order) => order.id);
        const handle = backtest.venues.handle.bind(backtest.venues);
        backtest.venues.handle = (command, ts) => {
          sent.push(command);
          handle(command, ts);
        };
        const pending = new Set([...own.orders.values()].filter((order) => order.isCancelPending).map((order) => order.id));
        backtest.engine.apply({ kind: 'Kill', scope: { kind: 'FIRM' }, reason: 'test', flatten }, backtest.engine.now);
        openAtKill = openAtKill.filter((id) => !pending.has(id));
      });
      const canceled = new Set(sent.filter((command) => command.kind === 'CancelOrder').map((command) => command.clientOrderId));
      expect([ledger.name, openAtKill.filter((id) => !canceled.has(id))]).toEqual([ledger.name, []]);
      expect(sent.filter((command) => command.kind === 'ModifyOrder')).toEqual([]);
      // What passes only closes: the strategy's own position decides, and none of it may come to more or turn round.
      const newOnes = sent.filter((command) => command.kind === 'SubmitOrder');
      const isClosing = (command: SubmitOrder): boolean => flatten && (command.flags & OrderFlag.FLATTEN) !== 0;
      const wrong = newOnes.filter((command) => !isClosing(command) || ledger.increasing.has(command.clientOrderId));
      expect([ledger.name, wrong]).toEqual([ledger.name, []]);
    }
  });
});
