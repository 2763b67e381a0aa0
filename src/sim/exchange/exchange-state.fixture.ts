import { QUANTITY, ROW_BITS } from '../../book/order-pool.ts';
import type { ExchangeBook } from './exchange-book.ts';
import { OrderPlace, placeOf, timeInForceOf, typeOf } from './exchange-orders.ts';
import { REPORT_BITS } from './exchange-reports.ts';
import type { ExchangeTwin } from './exchange-twin.fixture.ts';
import { isLimit, type TwinOrder, type TwinReport, waitsForRise } from './exchange-twin-order.fixture.ts';
import type { MatchingEngine } from './matching-engine.ts';

/* Everything that either exchange can be asked, in the same words: lists of rows of numbers, by what they are of. */

export type State = Readonly<Record<'bids' | 'asks' | 'orders' | 'auction' | 'owners' | 'rest', readonly (readonly number[])[]>>;

export function reportsOf(engine: MatchingEngine): TwinReport[] {
  const { length, rows } = engine.reports;
  return Array.from(
    { length },
    (_, report) => [0, 1, 2, 3, 4, 5].map((field) => rows[(report << REPORT_BITS) + field]!) as unknown as TwinReport,
  );
}

export function stateOf({ book }: MatchingEngine, ownersMax: number): State {
  const { orders } = book;
  const idsOf = (slots: readonly number[]): number[] => slots.map((slot) => orders.id(slot));
  return {
    bids: sideOf(book, 1),
    asks: sideOf(book, -1),
    orders: orders.index.sortedIds().map((id) => orderOf(book, orders.index.get(id))),
    auction: [idsOf(book.marketBuys), idsOf(book.marketSells), idsOf(book.forClosing)],
    owners: Array.from({ length: ownersMax }, (_, at) => [book.owners.position[at + 1]!]),
    rest: [[orders.pool.count, orders.trailing.size, book.triggers.count, book.triggers.wokenCount, book.lastPrice, book.phase, book.now]],
  };
}

/** [id, price, shown, hidden] of each that rests, the first to trade first; after those of a level [what the ladder says of it]. */
function sideOf({ bids, asks, orders }: ExchangeBook, side: number): number[][] {
  const ladder = side > 0 ? bids : asks;
  const found: number[][] = [];
  for (let key = ladder.bestKey; key !== Infinity; key = ladder.keyAfter(key)) {
    for (let slot = ladder.headAt(key); slot !== 0; slot = orders.next(slot)) {
      const shown = orders.pool.numbers[(slot << ROW_BITS) + QUANTITY]!;
      found.push([orders.id(slot), -side * key, shown, orders.leavesQty(slot) - shown]);
    }
    found.push([ladder.quantityAt(key)]);
  }
  return found;
}

function orderOf({ orders }: ExchangeBook, slot: number): number[] {
  const codes = orders.codes(slot);
  const place = placeOf(codes);
  const waits = place === OrderPlace.ABOVE || place === OrderPlace.BELOW;
  const stop = waits ? orders.stopPrice(slot) : 0;
  // What has no stop yet stands in no queue.
  const next = waits && !Number.isNaN(stop) ? orders.next(slot) : 0;
  const { type, offset } = orders.trailing.get(slot) ?? { type: 0, offset: 0 };
  return [
    ...[orders.id(slot), place, orders.leavesQty(slot), orders.cumQty(slot), orders.limitPrice(slot), stop],
    ...[next === 0 ? 0 : orders.id(next), typeOf(codes), timeInForceOf(codes), orders.owner(slot), type, offset],
  ];
}

export function stateOfTwin(twin: ExchangeTwin): State {
  const byTurn = (some: readonly TwinOrder[]): number[] => [...some].sort((a, b) => a.turn - b.turn).map(({ id }) => id);
  const atAuction = twin.orders.filter(({ where }) => where === 'auction');
  const waiting = twin.orders.filter(({ where }) => where === 'waiting');
  return {
    bids: sideOfTwin(twin, 1),
    asks: sideOfTwin(twin, -1),
    orders: [...twin.orders].sort((a, b) => a.id - b.id).map((order) => orderOfTwin(order, waiting)),
    auction: [
      byTurn(atAuction.filter(({ side }) => side > 0)),
      byTurn(atAuction.filter(({ side }) => side < 0)),
      byTurn(twin.orders.filter(({ where }) => where === 'held')),
    ],
    owners: Array.from({ length: twin.ownersMax }, (_, at) => [twin.positions.get(at + 1) ?? 0]),
    rest: [
      [
        ...[twin.orders.length, twin.orders.filter(({ orderType }) => orderType === 5).length, waiting.length],
        ...[twin.orders.filter(({ where }) => where === 'woken').length, twin.last, twin.phase, twin.now],
      ],
    ],
  };
}

function sideOfTwin(twin: ExchangeTwin, side: number): number[][] {
  const resting = twin.book(side);
  return resting.flatMap((order, at) => {
    const row = [order.id, order.limitPrice, order.shown, order.leaves - order.shown];
    if (resting[at + 1]?.limitPrice === order.limitPrice) return [row];
    const level = resting.filter(({ limitPrice }) => limitPrice === order.limitPrice);
    return [row, [level.reduce((sum, { shown }) => sum + shown, 0)]];
  });
}

function placeOfTwin(order: TwinOrder): number {
  switch (order.where) {
    case 'moving':
      return OrderPlace.MOVING;
    case 'book':
      return OrderPlace.BOOK;
    case 'waiting':
      return waitsForRise(order) ? OrderPlace.ABOVE : OrderPlace.BELOW;
    case 'woken':
      return OrderPlace.WOKEN;
    case 'auction':
      return OrderPlace.AUCTION;
    case 'held':
      return OrderPlace.CLOSING;
  }
}

function orderOfTwin(order: TwinOrder, waiting: readonly TwinOrder[]): number[] {
  const isWaiting = order.where === 'waiting';
  const behind = waiting
    .filter((each) => waitsForRise(each) === waitsForRise(order) && each.stopPrice === order.stopPrice && each.turn > order.turn)
    .sort((a, b) => a.turn - b.turn)[0];
  return [
    ...[order.id, placeOfTwin(order), order.leaves, order.filled, isLimit(order) ? order.limitPrice : 0, isWaiting ? order.stopPrice : 0],
    ...[isWaiting ? (behind?.id ?? 0) : 0, order.orderType, order.timeInForce, order.owner, order.trailingType, order.trailingOffset],
  ];
}
