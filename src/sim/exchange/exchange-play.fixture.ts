import { expect } from 'vitest';
import { type Random, stream } from '../../base/random.ts';
import type { NewExchangeOrder, TradingPhase } from './exchange-order.ts';
import { ExchangeTwin, type TwinReport } from './exchange-twin.fixture.ts';
import { REPORT_BITS } from './exchange-reports.ts';
import { MatchingEngine } from './matching-engine.ts';
import { QUANTITY, ROW_BITS } from '../../book/order-pool.ts';

const OWNERS = 4;
const ORDERS_MAX = 60;

function reportsOf(engine: MatchingEngine): TwinReport[] {
  const { length, rows } = engine.reports;
  return Array.from(
    { length },
    (_, report) => [0, 1, 2, 3, 4, 5].map((field) => rows[(report << REPORT_BITS) + field]!) as unknown as TwinReport,
  );
}

/** Everything that either can be asked, in the words of the other. */
function bookOf(engine: MatchingEngine, side: number): number[][] {
  const ladder = side > 0 ? engine.book.bids : engine.book.asks;
  const found: number[][] = [];
  for (let key = ladder.bestKey; key !== Infinity; key = ladder.keyAfter(key)) {
    let shown = 0;
    for (let slot = ladder.headAt(key); slot !== 0; slot = engine.book.orders.next(slot)) {
      const lots = engine.book.orders.pool.numbers[(slot << ROW_BITS) + QUANTITY]!;
      shown += lots;
      found.push([engine.book.orders.id(slot), -side * key, lots, engine.book.orders.leavesQty(slot) - lots]);
    }
    expectSame(ladder.quantityAt(key), shown);
  }
  return found;
}

/** The test library is asked only where there is a difference to show: asked ten million times it takes minutes. */
function expectSame(some: unknown, other: unknown): void {
  if (!Object.is(some, other)) expect(some).toBe(other);
}

/** Rows of numbers, of which NaN is the same as NaN. */
function areSame(some: readonly (readonly number[])[], others: readonly (readonly number[])[]): boolean {
  return (
    some.length === others.length && some.every((row, at) => row.every((value, field) => Object.is(value + 0, others[at]![field]! + 0)))
  );
}

function pick<T>(random: Random, all: readonly T[]): T {
  return all[random.nextUint32() % all.length]!;
}

/** An order near 100, of any kind; odd and impossible ones among them. */
function anyOrder(random: Random, spread: number): NewExchangeOrder {
  const price = (): number => 100 + (random.nextUint32() % (2 * spread + 1)) - spread;
  const orderType = pick(random, [1, 2, 2, 2, 2, 2, 2, 3, 4, 5, 6, 7] as const);
  const hasLimit = orderType === 2 || orderType === 4 || orderType === 7;
  const hasStop = orderType !== 1 && orderType !== 2 && orderType !== 5;
  const isTrailing = orderType === 5;
  const orderQty = 1 + (random.nextUint32() % 20);
  const timeInForce = pick(random, [1, 2, 2, 2, 2, 3, 4, 5, 6, 7] as const);
  return {
    side: pick(random, [1, -1] as const),
    orderType,
    timeInForce: isTrailing || hasStop ? pick(random, [1, 2, 5, timeInForce] as const) : timeInForce,
    orderQty: random.nextUint32() % 200 === 0 ? pick(random, [0, -1, 1.5, NaN]) : orderQty,
    limitPrice: hasLimit ? (random.nextUint32() % 200 === 0 ? pick(random, [NaN, 0.5, 1e300]) : price()) : 0,
    stopPrice: hasStop ? price() : 0,
    trailingType: isTrailing ? pick(random, [1, 2] as const) : 0,
    trailingOffset: isTrailing ? pick(random, [1, 2, 3, 150, 0]) : 0,
    displayQty: hasLimit && random.nextUint32() % 5 === 0 ? 1 + (random.nextUint32() % 8) : 0,
    expireTs: timeInForce === 5 || random.nextUint32() % 3 === 0 ? random.nextUint32() % 4000 : 0,
    owner: random.nextUint32() % (OWNERS + 1),
    selfTrade: pick(random, [0, 1, 2, 3, 4] as const),
    isPostOnly: random.nextUint32() % 12 === 0,
    isReduceOnly: random.nextUint32() % 6 === 0,
  };
}

const FOLLOWING: Readonly<Record<number, readonly TradingPhase[]>> = { 1: [2, 3], 2: [3, 1], 3: [5, 4, 1], 4: [1], 5: [3, 4, 1] };

/**
 * Plays operations of every kind, odd ones among them, to the engine and to its twin, and expects the same reports after each, and the same book,
 * positions, phase and last price after every few. @returns how many trades there were
 */
export function playBoth(seed: number, operations: number): number {
  const random = stream(seed, 'exchange');
  const spread = pick(random, [2, 5, 20, 200_000]);
  const phase = pick(random, [2, 3, 3] as const);
  const engine = new MatchingEngine({ phase, ownersMax: OWNERS, ordersMax: ORDERS_MAX });
  const twin = new ExchangeTwin({ phase, ownersMax: OWNERS, ordersMax: ORDERS_MAX });
  let trades = 0;
  let lastId = 0;
  for (let at = 0; at < operations; at += 1) {
    const roll = random.nextUint32() % 100;
    const someId = Math.max(0, lastId - (random.nextUint32() % 40));
    if (roll < 62) {
      const order = anyOrder(random, spread);
      lastId = engine.submit(order);
      expectSame(twin.submit(order), lastId);
    } else if (roll < 78) expectSame(engine.cancel(someId), twin.cancel(someId));
    else if (roll < 92) {
      const known = twin.orders.find(({ id }) => id === someId);
      const near = (price: number): number => (price === 0 || Number.isNaN(price) ? 0 : price + pick(random, [0, 0, 0, 1, -1, 3]));
      const quantity = (known?.leaves ?? 5) + (known?.filled ?? 0) + pick(random, [0, 0, -1, -3, 2, -50, 7]);
      const limitPrice = near(known?.limitPrice ?? 100);
      const stopPrice = known?.where === 'waiting' ? (known.orderType === 5 ? 0 : near(known.stopPrice)) : 0;
      expectSame(engine.modify(someId, quantity, limitPrice, stopPrice), twin.modify(someId, quantity, limitPrice, stopPrice));
    } else if (roll < 95) {
      const ts = twin.now + (random.nextUint32() % 60);
      engine.advanceTo(ts);
      twin.advanceTo(ts);
    } else if (roll < 98) {
      const next = pick(random, FOLLOWING[twin.phase]!);
      engine.setPhase(next);
      twin.setPhase(next);
    } else {
      const isOff = random.nextUint32() % 2 === 0;
      const [low, high] = isOff
        ? [-Infinity, Infinity]
        : [100 - (random.nextUint32() % (spread + 1)), 100 + (random.nextUint32() % (spread + 1))];
      engine.setPriceBand(low, high);
      twin.setPriceBand(low, high);
    }
    const reports = reportsOf(engine);
    if (!areSame(reports, twin.reports)) expect(reports, `seed ${seed}, operation ${at}`).toEqual(twin.reports);
    trades += reports.filter(([kind]) => kind === 3).length;
    engine.reports.clear();
    twin.reports = [];
    if (at % 7 !== 0) continue;
    for (const side of [1, -1]) {
      const expected = twin.book(side).map(({ id, limitPrice, shown, leaves }) => [id, limitPrice, shown, leaves - shown]);
      const book = bookOf(engine, side);
      if (!areSame(book, expected)) expect(book, `seed ${seed}, operation ${at}`).toEqual(expected);
    }
    const { orders, lastPrice, owners } = engine.book;
    expectSame(orders.pool.count, twin.orders.length);
    expectSame(lastPrice, twin.last);
    expectSame(engine.book.phase, twin.phase);
    for (let owner = 1; owner <= OWNERS; owner += 1) expectSame(owners.position[owner]! + 0, (twin.positions.get(owner) ?? 0) + 0);
  }
  return trades;
}
