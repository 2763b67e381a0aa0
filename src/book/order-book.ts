import { unreachable } from '../base/assert.ts';
import type { BookDeltaBlock } from '../model/blocks.ts';
import { BookAction, BookFlag } from '../model/book-delta.ts';
import type { Price, Quantity } from '../model/instrument.ts';
import { KEY, NEXT, OrderPool, QUANTITY, ROW_BITS } from './order-pool.ts';
import { PriceLadder } from './price-ladder.ts';
import { JOINING, type QueuedRows, queuedRows } from './queued-rows.ts';
import { ORDER_ID, RowIndex } from './row-index.ts';

/** Orders, or levels, that a book holds at once; a delta that would bring one more makes it {@link BookState.GAPPED}. */
export const BOOK_ORDERS_MAX = 1 << 22;

/** Whether a book is worth anything. */
export const BookState = {
  /** Nothing is known: no snapshot has come yet. */
  UNKNOWN: 0,
  /** A snapshot, or the first event after a clearing, is on its way. */
  BUILDING: 1,
  /** What the venue has. */
  VALID: 2,
  /** Deltas are missing, or contradict the book: it waits for a snapshot. */
  GAPPED: 3,
} as const;
export type BookState = (typeof BookState)[keyof typeof BookState];

/** What a delta was, beside applied. */
export const BookFault = {
  NONE: 0,
  /** It came while the book waited for a snapshot; passed over. */
  IGNORED: 1,
  /** It names an order that the book has not; passed over. Recordings begin in the middle of an order's life. */
  ORDER_UNKNOWN: 2,
  /** It adds an order that the book has: the book is GAPPED from here on, as with the two below. */
  ORDER_DUPLICATE: 3,
  /** Levels and orders are mixed. */
  KIND_MIXED: 4,
  /** {@link BOOK_ORDERS_MAX} is reached. */
  BOOK_FULL: 5,
} as const;
export type BookFault = (typeof BookFault)[keyof typeof BookFault];

/** A book as plain data. */
export interface OrderBookState extends QueuedRows {
  readonly state: BookState;
  readonly updatedTs: number;
  readonly topBid: Price;
  readonly topAsk: Price;
  readonly crossedSinceTs: number;
  readonly joinings: number;
  readonly isByOrder: boolean;
  readonly departedSide: number;
  readonly departedPrice: Price;
}

/** Field of a row of the pool beside those that ladders, the index and {@link QueuedRows} use. */
const SIDE = 3;

/**
 * The book of one instrument as a venue tells it, by levels (L2) or order by order (L3). A level is a queue with one member that stands for all
 * orders there, so both are the same structure.
 *
 * Prices count 10^-priceDecimals, quantities 10^-quantityDecimals of the instrument, as in the deltas; 0 stands for an absent side. Everything is read between events: after a row
 * with {@link BookFlag.LAST}.
 *
 * Hot: a level that changes costs some stores, however many levels there are (bench row path/cpp).
 */
export class OrderBook {
  state: BookState = BookState.UNKNOWN;
  /** tsInit of the last complete event that left it valid; −Infinity before. */
  updatedTs = Number.NEGATIVE_INFINITY;
  /** {@link bestBid} and {@link bestAsk} at the end of the last event: what is asked for again and again between two. */
  topBid: Price = 0;
  topAsk: Price = 0;
  /** Since when, at the end of each event, the best bid has been at or above the best ask: tsInit; Infinity while it is not. */
  crossedSinceTs = Number.POSITIVE_INFINITY;
  /** How often an order has joined a queue: who joins now stands behind all that joined before. Of books of orders. */
  joinings = 0;
  /** True where deltas come order by order. */
  isByOrder = false;
  /** Side and price at which the order stood that the last delta changed or took out; side 0 where it changed none. Of books of orders. */
  departedSide = 0;
  departedPrice: Price = 0;
  readonly pool: OrderPool;
  /** Keys are minus the price. */
  readonly bids: PriceLadder;
  /** Keys are the price. */
  readonly asks: PriceLadder;
  /** Asks and bids, found by side without a branch: sides come at random, and every other guess would be wrong. */
  private readonly sides: readonly PriceLadder[];
  private readonly slots: RowIndex;

  constructor(ordersMax = BOOK_ORDERS_MAX) {
    this.pool = new OrderPool(ordersMax);
    this.slots = new RowIndex(this.pool);
    this.bids = new PriceLadder(this.pool);
    this.asks = new PriceLadder(this.pool);
    this.sides = [this.asks, this.bids];
  }

  /** Highest bid; 0 where there is none. */
  get bestBid(): Price {
    return this.bids.isEmpty ? 0 : -this.bids.firstKey;
  }

  /** Lowest ask; 0 where there is none. */
  get bestAsk(): Price {
    return this.asks.isEmpty ? 0 : this.asks.firstKey;
  }

  /** Best price of a side (+1 bid, −1 ask); 0 where nothing is. */
  best(side: number): Price {
    return side > 0 ? this.bestBid : this.bestAsk;
  }

  /** Quantity at the best bid. */
  get bidSize(): Quantity {
    return this.bids.isEmpty ? 0 : this.bids.quantity[this.bids.best]!;
  }

  /** Quantity at the best ask. */
  get askSize(): Quantity {
    return this.asks.isEmpty ? 0 : this.asks.quantity[this.asks.best]!;
  }

  /** The bid is at or above the ask. */
  get isCrossed(): boolean {
    return areCrossed(this.bestBid, this.bestAsk);
  }

  /** What it shows may be traded on: it is what the venue has, and is not crossed or locked. */
  get isUsable(): boolean {
    return this.state === BookState.VALID && this.crossedSinceTs === Number.POSITIVE_INFINITY;
  }

  /** Orders, or levels, in the book. */
  get count(): number {
    return this.pool.count;
  }

  /** Quantity at a price of a side (+1 bid, −1 ask); 0 where nothing is. */
  quantityAt(side: number, price: Price): Quantity {
    return this.ofSide(side).quantityAt(-side * price);
  }

  /** The next worse price of a side behind `price`; 0 where there is none. From the best: {@link best}. */
  priceAfter(side: number, price: Price): Price {
    const key = side > 0 ? -this.bids.keyAfter(-price) : this.asks.keyAfter(price);
    return Math.abs(key) === Number.POSITIVE_INFINITY ? 0 : key;
  }

  /** Levels of a side. Walks them all: for people and tests. */
  levelCount(side: number): number {
    let count = 0;
    for (let price = this.best(side); price !== 0; price = this.priceAfter(side, price)) count += 1;
    return count;
  }

  /** Applies one row of deltas. Only after a row with `LAST` may the book be read. Hot (bench row path/cpp). */
  apply(block: BookDeltaBlock, row: number): BookFault {
    const fault = this.act(
      block.action[row]! as BookAction,
      block.side[row]!,
      block.price[row]!,
      block.quantity[row]!,
      block.orderId[row]!,
    );
    if (fault >= BookFault.ORDER_DUPLICATE) this.state = BookState.GAPPED;
    if ((block.flags[row]! & BookFlag.LAST) !== 0) this.complete(block.tsInit[row]!);
    return fault;
  }

  /** Quantity of an order; 0 where the book has none of this id. */
  quantityOf(orderId: number): Quantity {
    const slot = this.slots.get(orderId);
    return slot === 0 ? 0 : this.pool.numbers[(slot << ROW_BITS) | QUANTITY]!;
  }

  /** Ids of the orders at a price of a side, the first in the queue first. For people and tests. */
  orderIdsAt(side: number, price: Price): readonly number[] {
    const ids: number[] = [];
    const { numbers, links } = this.pool;
    const head = side > 0 ? this.bids.headAt(-price) : this.asks.headAt(price);
    for (let slot = head; slot !== 0; slot = links[(slot << ROW_BITS) | NEXT]!) ids.push(numbers[(slot << ROW_BITS) | ORDER_ID]!);
    return ids;
  }

  /** Of a book of orders: quantity at a price of a side whose orders joined the queue no later than the count `joinings` said. */
  quantityBefore(side: number, price: Price, joinings: number): Quantity {
    const { numbers, links } = this.pool;
    let sum = 0;
    const head = side > 0 ? this.bids.headAt(-price) : this.asks.headAt(price);
    for (let slot = head; slot !== 0; slot = links[(slot << ROW_BITS) | NEXT]!) {
      const row = slot << ROW_BITS;
      if (numbers[row | JOINING]! > joinings) break;
      sum += numbers[row | QUANTITY]!;
    }
    return sum;
  }

  saveState(): OrderBookState {
    const { state, updatedTs, topBid, topAsk, crossedSinceTs, joinings, isByOrder, departedSide, departedPrice } = this;
    const rows = queuedRows(this.pool, this.bids, this.asks, isByOrder);
    return { ...rows, state, updatedTs, topBid, topAsk, crossedSinceTs, joinings, isByOrder, departedSide, departedPrice };
  }

  loadState(saved: OrderBookState): void {
    const { side, price, quantity, orderId, joining } = saved;
    this.empty();
    side.forEach((sign, at) => {
      const slot = this.pool.take();
      const { numbers } = this.pool;
      const row = slot << ROW_BITS;
      numbers[row | QUANTITY] = quantity[at]!;
      numbers[row | SIDE] = sign;
      numbers[row | JOINING] = joining[at]!;
      if (saved.isByOrder) this.slots.add(orderId[at]!, slot);
      this.ofSide(sign).append(slot, -sign * price[at]!);
    });
    this.state = saved.state;
    this.updatedTs = saved.updatedTs;
    this.topBid = saved.topBid;
    this.topAsk = saved.topAsk;
    this.crossedSinceTs = saved.crossedSinceTs;
    this.joinings = saved.joinings;
    this.isByOrder = saved.isByOrder;
    this.departedSide = saved.departedSide;
    this.departedPrice = saved.departedPrice;
  }

  private act(action: BookAction, side: number, price: Price, quantity: Quantity, orderId: number): BookFault {
    this.departedSide = 0;
    if (action === BookAction.CLEAR) {
      this.empty();
      this.state = BookState.BUILDING;
      return BookFault.NONE;
    }
    if (this.state === BookState.UNKNOWN || this.state === BookState.GAPPED) return BookFault.IGNORED;
    switch (action) {
      case BookAction.SET:
        return this.set(side, price, quantity);
      case BookAction.ADD:
        return this.add(side, price, quantity, orderId);
      case BookAction.MODIFY:
        return this.modify(side, price, quantity, orderId);
      case BookAction.REDUCE:
        return this.reduce(quantity, orderId);
      case BookAction.GAP:
        this.state = BookState.GAPPED;
        return BookFault.NONE;
      default:
        return unreachable(action);
    }
  }

  private complete(tsInit: number): void {
    if (this.state === BookState.BUILDING) this.state = BookState.VALID;
    if (this.state === BookState.VALID) this.updatedTs = tsInit;
    const { bestBid, bestAsk } = this;
    this.topBid = bestBid;
    this.topAsk = bestAsk;
    if (!areCrossed(bestBid, bestAsk)) this.crossedSinceTs = Number.POSITIVE_INFINITY;
    else if (this.crossedSinceTs === Number.POSITIVE_INFINITY) this.crossedSinceTs = tsInit;
  }

  private set(side: number, price: Price, quantity: Quantity): BookFault {
    if (this.isByOrder) return BookFault.KIND_MIXED;
    const ladder = this.ofSide(side);
    const key = -side * price;
    const slot = ladder.headAt(key);
    if (slot !== 0) {
      const { numbers } = this.pool;
      if (quantity !== 0) {
        ladder.change(slot, quantity - numbers[(slot << ROW_BITS) | QUANTITY]!);
        return BookFault.NONE;
      }
      ladder.remove(slot);
      this.pool.release(slot);
      return BookFault.NONE;
    }
    // Venues remove levels that were never told: they lie beyond what the snapshot had.
    if (quantity === 0) return BookFault.NONE;
    if (this.pool.isFull) return BookFault.BOOK_FULL;
    const fresh = this.pool.take();
    this.pool.numbers[(fresh << ROW_BITS) | QUANTITY] = quantity;
    ladder.append(fresh, key);
    return BookFault.NONE;
  }

  private get holdsLevels(): boolean {
    return !this.isByOrder && this.pool.count !== 0;
  }

  private add(side: number, price: Price, quantity: Quantity, orderId: number): BookFault {
    if (!this.isByOrder) {
      if (this.holdsLevels) return BookFault.KIND_MIXED;
      this.isByOrder = true;
    }
    if (this.slots.get(orderId) !== 0) return BookFault.ORDER_DUPLICATE;
    if (this.pool.isFull) return BookFault.BOOK_FULL;
    const slot = this.pool.take();
    this.slots.add(orderId, slot);
    const row = slot << ROW_BITS;
    const { numbers } = this.pool;
    numbers[row | QUANTITY] = quantity;
    numbers[row | SIDE] = side;
    this.joinings += 1;
    numbers[row | JOINING] = this.joinings;
    this.ofSide(side).append(slot, -side * price);
    return BookFault.NONE;
  }

  private modify(side: number, price: Price, quantity: Quantity, orderId: number): BookFault {
    if (this.holdsLevels) return BookFault.KIND_MIXED;
    const slot = this.slots.get(orderId);
    if (slot === 0) return BookFault.ORDER_UNKNOWN;
    const { numbers } = this.pool;
    const row = slot << ROW_BITS;
    const before = this.noteDeparted(row);
    if (quantity === 0) {
      this.drop(slot, before);
      return BookFault.NONE;
    }
    const held = numbers[row | QUANTITY]!;
    const ladder = this.ofSide(before);
    const key = -side * price;
    if (before === side && numbers[row | KEY]! === key && quantity <= held) {
      ladder.change(slot, quantity - held);
      return BookFault.NONE;
    }
    ladder.remove(slot);
    numbers[row | QUANTITY] = quantity;
    numbers[row | SIDE] = side;
    this.joinings += 1;
    numbers[row | JOINING] = this.joinings;
    this.ofSide(side).append(slot, key);
    return BookFault.NONE;
  }

  private reduce(quantity: Quantity, orderId: number): BookFault {
    if (this.holdsLevels) return BookFault.KIND_MIXED;
    const slot = this.slots.get(orderId);
    if (slot === 0) return BookFault.ORDER_UNKNOWN;
    const side = this.noteDeparted(slot << ROW_BITS);
    const held = this.pool.numbers[(slot << ROW_BITS) | QUANTITY]!;
    if (quantity >= held) this.drop(slot, side);
    else this.ofSide(side).change(slot, -quantity);
    return BookFault.NONE;
  }

  /** An order is about to change. @returns its side */
  private noteDeparted(row: number): number {
    const { numbers } = this.pool;
    const side = numbers[row | SIDE]!;
    this.departedSide = side;
    this.departedPrice = -side * numbers[row | KEY]!;
    return side;
  }

  private drop(slot: number, side: number): void {
    this.ofSide(side).remove(slot);
    this.slots.remove(slot);
    this.pool.release(slot);
  }

  private ofSide(side: number): PriceLadder {
    return this.sides[(side + 1) >> 1]!;
  }

  private empty(): void {
    for (const ladder of [this.bids, this.asks]) {
      while (!ladder.isEmpty) {
        const slot = ladder.bestOrder;
        ladder.remove(slot);
        this.pool.release(slot);
      }
    }
    this.slots.clear();
    this.isByOrder = false;
    this.crossedSinceTs = Number.POSITIVE_INFINITY;
  }
}

const areCrossed = (bid: Price, ask: Price): boolean => bid !== 0 && ask !== 0 && bid >= ask;
