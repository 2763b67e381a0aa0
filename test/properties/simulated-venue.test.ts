import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BlockKind, type PricedBlock } from '../../src/model/blocks.ts';
import type { SubmitOrder } from '../../src/model/commands.ts';
import { OrderFlag, OrderType, Side, TimeInForce } from '../../src/model/order.ts';
import type { FillRules } from '../../src/sim/matching/fill-rules.ts';
import {
  type BarRow,
  barsOf,
  limit,
  market,
  MINUTE,
  quoteBarsOf,
  quotesOf,
  stop,
  stopLimit,
  tradesOf,
  VenuePlayer,
} from '../../src/sim/simulated-venue.fixture.ts';

const price = fc.integer({ min: 90, max: 110 });
const side = fc.constantFrom(Side.BUY, Side.SELL);

const bar: fc.Arbitrary<BarRow> = fc
  .tuple(price, price, price, price, fc.integer({ min: 0, max: 300 }))
  .map(([open, a, b, close, volume]) => [open, Math.max(open, a, b, close), Math.min(open, a, b, close), close, volume] as const);

const order = fc.record({
  orderType: fc.constantFrom(OrderType.MARKET, OrderType.LIMIT, OrderType.STOP, OrderType.STOP_LIMIT),
  side,
  limitPrice: price,
  stopPrice: price,
  orderQty: fc.integer({ min: 1, max: 120 }),
  timeInForce: fc.constantFrom(TimeInForce.GTC, TimeInForce.GTC, TimeInForce.GTD, TimeInForce.IOC, TimeInForce.FOK),
  expireMinutes: fc.integer({ min: 2, max: 12 }),
  flags: fc.constantFrom(0, 0, 0, OrderFlag.POST_ONLY, OrderFlag.REDUCE_ONLY),
});
type OrderSketch = typeof order extends fc.Arbitrary<infer T> ? T : never;

function commandOf(sketch: OrderSketch, id: number): SubmitOrder {
  const change = {
    timeInForce: sketch.timeInForce,
    expireTs: sketch.timeInForce === TimeInForce.GTD ? sketch.expireMinutes * MINUTE - 7 : 0,
    flags: sketch.flags,
  };
  if (sketch.orderType === OrderType.MARKET) return market(id, sketch.side, sketch.orderQty, change);
  if (sketch.orderType === OrderType.LIMIT) return limit(id, sketch.side, sketch.orderQty, sketch.limitPrice, change);
  if (sketch.orderType === OrderType.STOP) return stop(id, sketch.side, sketch.orderQty, sketch.stopPrice, change);
  return stopLimit(id, sketch.side, sketch.orderQty, sketch.stopPrice, sketch.limitPrice, change);
}

/** The same order with its quantity left to the fill, which does not take the short way of a plain market order. */
function sizedAtFill(command: SubmitOrder): SubmitOrder {
  const isPlainMarket = command.orderType === OrderType.MARKET && command.flags === 0;
  return isPlainMarket ? { ...command, flags: OrderFlag.SIZE_AT_FILL } : command;
}

const PER_SHARE = {
  kind: 'perShare',
  rateBillionths: 5_000_000,
  minBillionths: 300_000_000,
  maxRatePpb: null,
  whenMinExceedsMax: 'max',
  rounding: { to: 'exact' },
} as const;

const rules: fc.Arbitrary<Partial<FillRules>> = fc.record({
  market: fc.constantFrom('nextOpen', 'thisClose', 'touch'),
  limitFill: fc.constantFrom('touch', 'through'),
  throughTicks: fc.integer({ min: 1, max: 3 }),
  triggeredLimit: fc.constantFrom('sameBar', 'nextBar'),
  path: fc.constantFrom('openHighLowClose', 'openLowHighClose', 'nearestFirst', 'worstFirst'),
});

/** A block of any kind. `absent` may turn sides of quotes into 0. */
function blockOf(kind: BlockKind, rows: readonly BarRow[], absent: readonly number[]): PricedBlock {
  switch (kind) {
    case BlockKind.TRADES:
      return tradesOf(rows.map((row) => [row[0], row[4]!] as const));
    case BlockKind.QUOTES:
      return quotesOf(rows.map((row, index) => [absent[index] === 1 ? 0 : row[2], absent[index] === 2 ? 0 : row[1]] as const));
    case BlockKind.QUOTE_BARS:
      return quoteBarsOf(
        rows.map(([open, high, low, close], index) => [
          ...[open, high, low, close].map((value) => (absent[index] === 1 ? 0 : value)),
          ...[open, high, low, close].map((value) => (absent[index] === 2 ? 0 : value + 2)),
        ]),
      );
    default:
      return barsOf(rows);
  }
}

const kind = fc.constantFrom(BlockKind.BARS, BlockKind.TRADES, BlockKind.QUOTES, BlockKind.QUOTE_BARS);
const market8 = fc.array(bar, { minLength: 3, maxLength: 12 });

describe('the scan', () => {
  it('stops exactly at the first row that changes an order, as trying every row shows', () => {
    fc.assert(
      fc.property(kind, market8, fc.array(order, { maxLength: 5 }), rules, (blockKind, rows, sketches, someRules) => {
        const block = blockOf(blockKind, rows, []);
        const player = new VenuePlayer({ rules: someRules, matchOn: [blockKind] });
        player.play(block, 0, 1);
        player.send(...sketches.map((sketch, index) => commandOf(sketch, index + 1)));
        const predicted = player.venue.scan(block, 1, block.length);
        const workingOrders = (): string =>
          JSON.stringify(player.venue.saveState().orders, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
        let row = 1;
        for (; row < block.length; row += 1) {
          const before = workingOrders();
          const reportsBefore = player.reports.length;
          player.playRow(block, row);
          if (player.reports.length > reportsBefore || workingOrders() !== before) break;
        }
        expect(predicted).toBe(row);
      }),
      { numRuns: 700 },
    );
  });

  it('leaves out no row that matters: walking only its stops gives the reports of walking every row', () => {
    const absent = fc.array(fc.constantFrom(0, 0, 0, 1, 2), { minLength: 12, maxLength: 12 });
    const share = fc.constantFrom(null, { numerator: 1, denominator: 3 });
    fc.assert(
      fc.property(
        kind,
        market8,
        absent,
        fc.array(order, { maxLength: 6 }),
        rules,
        share,
        (blockKind, rows, gaps, sketches, someRules, volumeShare) => {
          const block = blockOf(blockKind, rows, gaps);
          const [everyRow, stopsOnly] = [0, 1].map(
            () => new VenuePlayer({ rules: { ...someRules, volumeShare }, matchOn: [blockKind] }),
          ) as [VenuePlayer, VenuePlayer];
          for (const player of [everyRow, stopsOnly]) {
            player.send(...sketches.slice(0, 3).map((sketch, index) => commandOf(sketch, index + 1)));
            player.react = (report) => {
              const next = sketches[3 + (report.clientOrderId % 3)];
              return report.kind === 'Fill' && report.clientOrderId <= 3 && next !== undefined && player.reports.length < 40
                ? [commandOf(next, 100 + player.reports.length)]
                : [];
            };
          }
          everyRow.play(block);
          stopsOnly.playScanned(block);
          everyRow.advance(20 * MINUTE);
          stopsOnly.advance(20 * MINUTE);
          expect(stopsOnly.reports).toEqual(everyRow.reports);
        },
      ),
      { numRuns: 700 },
    );
  });
});

describe('fills', () => {
  it('INV-03 INV-05 INV-06: never exceed order or volume share, keep to limits and to the bar, and end with the order', () => {
    fc.assert(
      fc.property(
        market8,
        fc.array(order, { minLength: 1, maxLength: 6 }),
        rules,
        fc.integer({ min: 1, max: 10 }),
        (rows, sketches, someRules, numerator) => {
          const player = new VenuePlayer({ rules: { ...someRules, volumeShare: { numerator, denominator: 10 } } });
          const block = barsOf(rows);
          const commands = sketches.map((sketch, index) => commandOf(sketch, index + 1));
          player.play(block, 0, 1);
          player.send(...commands);
          const filled = new Map<number, number>();
          const ended = new Set<number>();
          let position = 0;
          let seen = 0;
          for (let row = 0; row < block.length; row += 1) {
            if (row > 0) player.playRow(block, row);
            let takenFromBar = 0;
            for (const report of player.reports.slice(seen)) {
              expect(ended.has(report.clientOrderId), 'a report after the end').toBe(false);
              if (report.kind === 'Canceled' || report.kind === 'Expired' || report.kind === 'Rejected') ended.add(report.clientOrderId);
              if (report.kind !== 'Fill') continue;
              const command = commands[report.clientOrderId - 1]!;
              const sum = (filled.get(report.clientOrderId) ?? 0) + report.lastQty;
              filled.set(report.clientOrderId, sum);
              position += command.side * report.lastQty;
              takenFromBar += report.lastQty;
              expect(report.lastQty).toBeGreaterThan(0);
              expect(sum).toBeLessThanOrEqual(command.orderQty);
              if (sum === command.orderQty) ended.add(report.clientOrderId);
              if (command.limitPrice > 0) expect(command.side * (report.lastPx - command.limitPrice)).toBeLessThanOrEqual(0);
              expect(report.lastPx).toBeGreaterThanOrEqual(rows[row]![2]);
              expect(report.lastPx).toBeLessThanOrEqual(rows[row]![1]);
            }
            seen = player.reports.length;
            expect(takenFromBar).toBeLessThanOrEqual(Math.floor((rows[row]![4]! * numerator) / 10));
          }
          expect(player.venue.position(0)).toBe(position);
          const accepted = player.reports.filter((report) => report.kind === 'Accepted').length;
          const endedAfterAcceptance = [...ended].filter((id) =>
            player.reports.some((report) => report.kind === 'Accepted' && report.clientOrderId === id),
          ).length;
          expect(player.venue.workingOrderCount(0)).toBe(accepted - endedAfterAcceptance);
        },
      ),
      { numRuns: 700 },
    );
  });

  it('of one resting order come at the first bar that reaches it, at its price or at an open beyond it', () => {
    fc.assert(
      fc.property(market8, side, price, fc.boolean(), (rows, orderSide, level, isStop) => {
        const start: BarRow = [100, 100, 100, 100];
        // Only orders that rest at 100: limits on the far side of the market, stops on the near side.
        const isResting = isStop ? orderSide * (level - 100) > 0 : orderSide * (100 - level) > 0;
        fc.pre(isResting);
        const player = new VenuePlayer();
        const block = barsOf([start, ...rows]);
        player.play(block, 0, 1);
        player.send(isStop ? stop(1, orderSide, 1, level) : limit(1, orderSide, 1, level));
        player.play(block, 1);
        const isUp = isStop === orderSide > 0;
        const reached = rows.find(([, high, low]) => (isUp ? high >= level : low <= level));
        const expected = reached === undefined ? [] : [isUp ? Math.max(reached[0], level) : Math.min(reached[0], level)];
        expect(player.reports.flatMap((report) => (report.kind === 'Fill' ? [report.lastPx] : []))).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('of a plain market order that fills whole at once are those of one that is sized at the fill to the same quantity', () => {
    const slippage: fc.Arbitrary<FillRules['slippage']> = fc.constantFrom(
      { kind: 'none' },
      { kind: 'ticks', ticks: 2 },
      { kind: 'volumeImpact', coefficientPpb: 100_000_000 },
    );
    const share = fc.constantFrom(null, null, { numerator: 1, denominator: 3 });
    fc.assert(
      fc.property(
        kind,
        market8,
        fc.array(order, { minLength: 4, maxLength: 12 }),
        rules,
        slippage,
        share,
        (blockKind, rows, sketches, someRules, slip, volumeShare) => {
          const block = blockOf(blockKind, rows, []);
          const commands = sketches.map((sketch, index) => commandOf(sketch, index + 1));
          const options = {
            rules: { ...someRules, slippage: slip, volumeShare },
            matchOn: [blockKind],
            fees: PER_SHARE,
            sizeAtFill: (id: number) => commands[id - 1]!.orderQty,
          };
          const plain = new VenuePlayer(options);
          const sized = new VenuePlayer(options);
          for (let row = 0; row < block.length; row += 1) {
            plain.playRow(block, row);
            sized.playRow(block, row);
            const sent = commands.slice(row * 3, row * 3 + 3);
            plain.send(...sent);
            sized.send(...sent.map(sizedAtFill));
            expect([sized.venue.position(0), sized.venue.nextDueTs]).toEqual([plain.venue.position(0), plain.venue.nextDueTs]);
          }
          const withoutFinal = sized.reports.map((report) => (report.kind === 'Fill' ? { ...report, orderQtyFinal: undefined } : report));
          expect(withoutFinal).toEqual(plain.reports);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
