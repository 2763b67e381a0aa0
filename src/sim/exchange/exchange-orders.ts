import { NEXT, OrderPool, QUANTITY, ROW_BITS } from '../../book/order-pool.ts';
import type { Side } from '../../model/order.ts';
import { ExchangeOrderType, type NewExchangeOrder, type TrailingOffsetType } from './exchange-order.ts';
import { ID, OrderIndex } from './order-index.ts';

/** Fields of an order's numbers, after those of the ladder. */
export const ORDER_QTY = 2;
export const LIMIT_PRICE = 3;
/** Of icebergs: lots that are not shown, and how many are shown at once. */
export const HIDDEN = 4;
export const DISPLAY_QTY = 5;
/** Of orders that wait for a price, or did; else what another order left. NaN of a trailing stop before the first trade. */
export const STOP_PRICE = 6;

/** Fields of an order's links, after those of the ladder and of the index. */
export const OWNER = 4;
/** Side, type, time in force and so on, packed: see the functions below. */
export const CODES = 5;
/** Links of the list of an owner's reduce-only orders. */
export const NEXT_OWNED = 6;
export const PREVIOUS_OWNED = 7;

/** Where an order stands. */
export const OrderPlace = {
  /** On its way through the book: in no queue. */
  MOVING: 0,
  BOOK: 1,
  /** Waits for the price to rise to its stop, or to fall to it. */
  ABOVE: 2,
  BELOW: 3,
  /** Its trigger was reached; its turn comes when the order in hand is done. */
  WOKEN: 4,
  /** A market order that waits for an auction. */
  AUCTION: 5,
  /** Waits for the closing auction to begin. */
  CLOSING: 6,
} as const;
export type OrderPlace = (typeof OrderPlace)[keyof typeof OrderPlace];

/*
 * Codes, from the lowest bit: 1 for a purchase, type (3 bits), time in force (3), self-trade prevention (3), post-only, reduce-only, triggered,
 * iceberg, place (3).
 */
const TYPE_SHIFT = 1;
const TIME_IN_FORCE_SHIFT = 4;
const SELF_TRADE_SHIFT = 7;
export const POST_ONLY = 1 << 10;
export const REDUCE_ONLY = 1 << 11;
/** A stop or if-touched order whose price was reached: the market or limit order that it becomes is all that is left of it. */
export const WAS_TRIGGERED = 1 << 12;
/** Shows a part of its lots: HIDDEN and DISPLAY_QTY say more. */
export const ICEBERG = 1 << 13;
const PLACE_SHIFT = 14;
const THREE_BITS = 7;

export const sideOf = (codes: number): Side => (((codes & 1) << 1) - 1) as Side;

export const typeOf = (codes: number): number => (codes >> TYPE_SHIFT) & THREE_BITS;

export const timeInForceOf = (codes: number): number => (codes >> TIME_IN_FORCE_SHIFT) & THREE_BITS;

export const selfTradeOf = (codes: number): number => (codes >> SELF_TRADE_SHIFT) & THREE_BITS;

export const placeOf = (codes: number): number => codes >> PLACE_SHIFT;

/** The same codes with the order standing elsewhere. */
export const withPlace = (codes: number, place: OrderPlace): number => (codes & ((1 << PLACE_SHIFT) - 1)) | (place << PLACE_SHIFT);

/** Codes of an order that stands nowhere, without what only some have. */
const codesOf = (order: NewExchangeOrder): number =>
  ((order.side + 1) >> 1) |
  (order.orderType << TYPE_SHIFT) |
  (order.timeInForce << TIME_IN_FORCE_SHIFT) |
  (order.selfTrade << SELF_TRADE_SHIFT);

/**
 * The orders of one exchange book: what their rows in the pool hold besides the ladder's fields. Prices in increments, quantities in lots.
 *
 * What is left of an order is its `QUANTITY`, which is shown, and `HIDDEN`. `ORDER_QTY` falls when lots are taken off without a trade, so that
 * what has filled is always `ORDER_QTY` less what is left.
 */
export class ExchangeOrders {
  readonly pool: OrderPool;
  readonly index: OrderIndex;
  /** By slot, of trailing stops: what the distance counts, and how much of it. */
  readonly trailing = new Map<number, { readonly type: TrailingOffsetType | 0; readonly offset: number }>();

  constructor(ordersMax: number) {
    this.pool = new OrderPool(ordersMax);
    this.index = new OrderIndex(this.pool);
  }

  /** Writes a plain order down (see `isPlain`), which is about to rest or to trade. Hot. */
  addTerms(id: number, order: NewExchangeOrder, orderQty: number): number {
    const { pool } = this;
    const slot = pool.take();
    const row = slot << ROW_BITS;
    const { numbers, links } = pool;
    numbers[row | ORDER_QTY] = orderQty;
    numbers[row | QUANTITY] = orderQty;
    numbers[row | LIMIT_PRICE] = order.limitPrice;
    links[row | OWNER] = order.owner;
    links[row | CODES] = codesOf(order);
    this.index.add(id, slot);
    return slot;
  }

  /** Writes an order down; it stands nowhere yet. */
  add(id: number, order: NewExchangeOrder, orderQty: number): number {
    const slot = this.addTerms(id, order, orderQty);
    const row = slot << ROW_BITS;
    const { numbers, links } = this.pool;
    if (order.isPostOnly) links[row | CODES]! |= POST_ONLY;
    if (order.isReduceOnly) links[row | CODES]! |= REDUCE_ONLY;
    if (order.displayQty !== 0) {
      links[row | CODES]! |= ICEBERG;
      numbers[row | HIDDEN] = 0;
      numbers[row | DISPLAY_QTY] = order.displayQty;
    }
    if (order.orderType > ExchangeOrderType.LIMIT) {
      numbers[row | STOP_PRICE] = order.stopPrice;
      if (order.orderType === ExchangeOrderType.TRAILING_STOP)
        this.trailing.set(slot, { type: order.trailingType, offset: order.trailingOffset });
    }
    return slot;
  }

  /** Forgets an order that stands nowhere any more. @param codes its own */
  drop(slot: number, codes: number): void {
    if (typeOf(codes) === ExchangeOrderType.TRAILING_STOP) this.trailing.delete(slot);
    this.index.remove(slot);
    this.pool.release(slot);
  }

  id(slot: number): number {
    return this.pool.links[(slot << ROW_BITS) | ID]!;
  }

  codes(slot: number): number {
    return this.pool.links[(slot << ROW_BITS) | CODES]!;
  }

  owner(slot: number): number {
    return this.pool.links[(slot << ROW_BITS) | OWNER]!;
  }

  side(slot: number): Side {
    return sideOf(this.codes(slot));
  }

  place(slot: number): number {
    return placeOf(this.codes(slot));
  }

  setPlace(slot: number, place: OrderPlace): void {
    const { links } = this.pool;
    const at = (slot << ROW_BITS) | CODES;
    links[at] = withPlace(links[at]!, place);
  }

  limitPrice(slot: number): number {
    return this.pool.numbers[(slot << ROW_BITS) | LIMIT_PRICE]!;
  }

  stopPrice(slot: number): number {
    return this.pool.numbers[(slot << ROW_BITS) | STOP_PRICE]!;
  }

  /** Lots left, shown or not. */
  leavesQty(slot: number): number {
    return this.pool.numbers[(slot << ROW_BITS) | QUANTITY]! + this.hiddenQty(slot);
  }

  hiddenQty(slot: number): number {
    return (this.codes(slot) & ICEBERG) === 0 ? 0 : this.pool.numbers[(slot << ROW_BITS) | HIDDEN]!;
  }

  cumQty(slot: number): number {
    return this.pool.numbers[(slot << ROW_BITS) | ORDER_QTY]! - this.leavesQty(slot);
  }

  /** The order behind this one in its queue, 0 for none. */
  next(slot: number): number {
    return this.pool.links[(slot << ROW_BITS) | NEXT]!;
  }
}
