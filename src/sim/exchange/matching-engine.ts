import { ExchangeBook } from './exchange-book.ts';
import {
  ExchangeOrderType,
  ExchangeReason,
  ExchangeTimeInForce,
  type NewExchangeOrder,
  SelfTradePrevention,
  TradingPhase,
} from './exchange-order.ts';
import {
  CODES,
  DISPLAY_QTY,
  HIDDEN,
  ICEBERG,
  LIMIT_PRICE,
  ORDER_QTY,
  OrderPlace,
  OWNER,
  placeOf,
  POST_ONLY,
  REDUCE_ONLY,
  selfTradeOf,
  sideOf,
  STOP_PRICE,
  timeInForceOf,
  typeOf,
  WAS_TRIGGERED,
} from './exchange-orders.ts';
import { type ExchangeReports, ReportKind } from './exchange-reports.ts';
import { ExpiryHeap } from './expiry-heap.ts';
import { ID, ID_MAX } from './order-index.ts';
import { EXCHANGE_PRICE_MAX, hasLimit, isPlain, isPrice, refusalOf, refusalOfPlain } from './order-rules.ts';
import { Phases } from './phases.ts';
import { KEY, QUANTITY, ROW_BITS } from '../../book/order-pool.ts';
import type { PriceLadder } from '../../book/price-ladder.ts';

export interface MatchingEngineOptions {
  /** Orders at once; an order beyond is refused (BOOK_FULL). */
  readonly ordersMax?: number;
  /** Owners are numbered from 1 to here. */
  readonly ownersMax?: number;
  readonly phase?: TradingPhase;
}

export const BOOK_ORDERS_DEFAULT = 1_048_576;
export const BOOK_OWNERS_DEFAULT = 1024;

/**
 * The order book of one instrument on an exchange: price, then time. What is asked is answered in {@link reports}, in order.
 *
 * Everything an order leads to happens within the call: its trades, orders that it takes off, stops that its trades wake, one after the other.
 * Prices are whole increments, quantities whole lots, ids are counted up. The same calls give the same reports.
 *
 * Hot (bench row matching/cpp). Rules: docs/concepts/matching.md
 */
export class MatchingEngine {
  readonly book: ExchangeBook;
  readonly reports: ExchangeReports;
  private lastId = 0;
  private readonly expiries = new ExpiryHeap();
  private readonly phases: Phases;
  private readonly ownersMax: number;

  constructor(options: MatchingEngineOptions = {}) {
    const { ordersMax = BOOK_ORDERS_DEFAULT, ownersMax = BOOK_OWNERS_DEFAULT, phase = TradingPhase.CONTINUOUS } = options;
    this.book = new ExchangeBook(ordersMax, ownersMax, phase);
    this.reports = this.book.reports;
    this.phases = new Phases(this.book, (slot) => this.enter(slot));
    this.ownersMax = ownersMax;
  }

  /** @returns the order's id, also where it is refused */
  submit(order: NewExchangeOrder): number {
    const id = this.lastId + 1;
    this.lastId = id;
    if (isPlain(order)) this.submitPlain(id, order);
    else this.submitOther(id, order);
    return id;
  }

  /** Hot: the common order, which mostly finds nothing to trade with and rests. */
  private submitPlain(id: number, order: NewExchangeOrder): void {
    const { book } = this;
    let refusal = refusalOfPlain(order, book);
    if (refusal === ExchangeReason.NONE) refusal = this.refusalOfOwner(id, order.owner);
    if (refusal !== ExchangeReason.NONE) return this.reports.add(ReportKind.REJECTED, id, order.orderQty, refusal);
    const slot = book.orders.addTerms(id, order, order.orderQty);
    this.reports.add(ReportKind.ACCEPTED, id, order.orderQty);
    if (book.ofSide(-order.side).reaches(order.side * order.limitPrice)) {
      this.enter(slot);
      this.drainWoken();
    } else book.rest(slot);
  }

  private submitOther(id: number, order: NewExchangeOrder): void {
    const { book } = this;
    const { owner, side } = order;
    let { orderQty } = order;
    let refusal = refusalOf(order, book);
    if (refusal === ExchangeReason.NONE) refusal = this.refusalOfOwner(id, owner);
    const isPostedAtOnce = order.isPostOnly && order.orderType === ExchangeOrderType.LIMIT;
    if (refusal === ExchangeReason.NONE && isPostedAtOnce && book.wouldTake(side, order.limitPrice)) refusal = ExchangeReason.WOULD_TAKE;
    if (refusal === ExchangeReason.NONE && order.isReduceOnly) {
      orderQty = owner === 0 ? 0 : Math.min(orderQty, book.owners.reducible(owner, side));
      if (orderQty === 0) refusal = ExchangeReason.REDUCE_ONLY;
    }
    if (refusal !== ExchangeReason.NONE) return this.reports.add(ReportKind.REJECTED, id, order.orderQty, refusal);
    const slot = book.orders.add(id, order, orderQty);
    this.reports.add(ReportKind.ACCEPTED, id, orderQty);
    if (order.isReduceOnly) book.owners.watch(slot);
    if (order.timeInForce === ExchangeTimeInForce.GTD) this.noteExpiry(order.expireTs, id);
    this.enter(slot);
    this.drainWoken();
  }

  private refusalOfOwner(id: number, owner: number): ExchangeReason {
    if (this.book.orders.pool.isFull || id > ID_MAX) return ExchangeReason.BOOK_FULL;
    return owner >= 0 && owner <= this.ownersMax && Number.isInteger(owner) ? ExchangeReason.NONE : ExchangeReason.BAD_TERMS;
  }

  /** @returns false where there is no such order any more, which is reported */
  cancel(id: number): boolean {
    const slot = this.book.orders.index.get(id);
    if (slot === 0) {
      this.reports.add(ReportKind.CANCEL_REJECTED, id, 0, ExchangeReason.UNKNOWN_ORDER);
      return false;
    }
    this.book.end(slot, ReportKind.CANCELED, ExchangeReason.REQUESTED);
    return true;
  }

  /**
   * Gives an order new values. It keeps its place only where its price stays and its quantity does not grow.
   *
   * @param orderQty the whole order's, what has filled included
   * @param limitPrice 0 for orders without one
   * @param stopPrice 0 for orders without one, and for trailing stops
   */
  modify(id: number, orderQty: number, limitPrice: number, stopPrice: number): boolean {
    const slot = this.book.orders.index.get(id);
    const refusal = slot === 0 ? ExchangeReason.UNKNOWN_ORDER : this.refusalOfModify(slot, orderQty, limitPrice, stopPrice);
    if (refusal !== ExchangeReason.NONE) {
      this.reports.add(ReportKind.MODIFY_REJECTED, id, orderQty, refusal);
      return false;
    }
    const { orders } = this.book;
    const codes = orders.codes(slot);
    let leaves = orderQty - orders.cumQty(slot);
    if ((codes & REDUCE_ONLY) !== 0) leaves = Math.min(leaves, this.book.owners.reducible(orders.owner(slot), sideOf(codes)));
    if (leaves <= 0) {
      this.book.end(
        slot,
        ReportKind.CANCELED,
        orderQty <= orders.cumQty(slot) ? ExchangeReason.ALREADY_FILLED : ExchangeReason.REDUCE_ONLY,
      );
      return true;
    }
    this.reports.add(ReportKind.MODIFIED, id, leaves);
    const hasSameStop = placeOf(codes) === OrderPlace.BOOK || isTrailing(codes) || stopPrice === orders.stopPrice(slot);
    const isSamePrice = limitPrice === orders.limitPrice(slot) && hasSameStop;
    const added = leaves - orders.leavesQty(slot);
    if (isSamePrice && added <= 0) this.book.shrink(slot, -added);
    else this.replace(slot, leaves, limitPrice, stopPrice);
    this.drainWoken();
    return true;
  }

  /** When an order's time may come next; Infinity for never. */
  get nextExpiryTs(): number {
    return this.expiries.nextTs;
  }

  /** Time goes on: orders whose time has come expire, the earliest first. */
  advanceTo(ts: number): void {
    this.book.now = ts;
    while (this.expiries.nextTs <= ts) {
      const slot = this.book.orders.index.get(this.expiries.pop());
      if (slot !== 0) this.book.end(slot, ReportKind.EXPIRED, ExchangeReason.NONE);
    }
  }

  /** Limits and trades outside are refused from now on; orders that rest outside are canceled, the oldest first. */
  setPriceBand(low: number, high: number): void {
    this.book.bandLow = Math.max(low, -EXCHANGE_PRICE_MAX);
    this.book.bandHigh = Math.min(high, EXCHANGE_PRICE_MAX);
    const { orders } = this.book;
    for (const id of orders.index.sortedIds()) {
      const slot = orders.index.get(id);
      const codes = orders.codes(slot);
      const place = placeOf(codes);
      const price = orders.limitPrice(slot);
      const isLimit = place === OrderPlace.BOOK || (place === OrderPlace.CLOSING && hasLimit(typeOf(codes)));
      if (isLimit && (price < low || price > high)) this.book.end(slot, ReportKind.CANCELED, ExchangeReason.PRICE_BAND);
    }
  }

  /**
   * Goes on to another phase; leaving OPENING and HALTED for CONTINUOUS, and CLOSING for CLOSED, holds an auction.
   *
   * @throws InvariantError where the phase cannot follow
   */
  setPhase(phase: TradingPhase): void {
    this.phases.changePhase(phase);
    if (phase === TradingPhase.CONTINUOUS) this.drain();
  }

  /** Puts an order where it belongs in the present phase; in continuous trading it trades first. Hot. */
  private enter(slot: number): void {
    const codes = this.book.orders.codes(slot);
    const type = typeOf(codes);
    if (type > ExchangeOrderType.LIMIT && (codes & WAS_TRIGGERED) === 0) this.await(slot);
    else if (timeInForceOf(codes) === ExchangeTimeInForce.CLO && this.book.phase !== TradingPhase.CLOSING) this.book.hold(slot);
    else if (this.book.phase === TradingPhase.CONTINUOUS) this.execute(slot);
    else if (hasLimit(type)) this.book.rest(slot);
    else this.book.queue(slot);
  }

  /** A stop or if-touched order: waits, or acts at once where its price is reached. */
  private await(slot: number): void {
    const isTrading = this.book.phase === TradingPhase.CONTINUOUS;
    if (isTrading && !isTrailing(this.book.orders.codes(slot)) && this.book.triggers.isReached(slot, this.book.lastPrice))
      this.activate(slot);
    else this.book.triggers.arm(slot, this.book.lastPrice);
  }

  private drainWoken(): void {
    if (this.book.triggers.wokenCount !== 0 && this.book.phase === TradingPhase.CONTINUOUS) this.drain();
  }

  /** Stops that trades have woken act, in their order, and those that their trades wake in turn. */
  private drain(): void {
    for (let slot = this.book.triggers.nextWoken(); slot !== 0; slot = this.book.triggers.nextWoken()) this.activate(slot);
  }

  private activate(slot: number): void {
    const { orders } = this.book;
    orders.setPlace(slot, OrderPlace.MOVING);
    orders.pool.links[(slot << ROW_BITS) | CODES]! |= WAS_TRIGGERED;
    this.reports.add(ReportKind.TRIGGERED, orders.id(slot), orders.leavesQty(slot));
    const codes = orders.codes(slot);
    if (!hasLimit(typeOf(codes))) return this.execute(slot);
    const price = orders.limitPrice(slot);
    if (price < this.book.bandLow || price > this.book.bandHigh) return this.book.end(slot, ReportKind.CANCELED, ExchangeReason.PRICE_BAND);
    if ((codes & POST_ONLY) !== 0 && this.book.wouldTake(sideOf(codes), price))
      this.book.end(slot, ReportKind.CANCELED, ExchangeReason.WOULD_TAKE);
    else this.execute(slot);
  }

  /** Trades a moving order against the book; what is left rests, or ends where it may not. Hot. */
  private execute(slot: number): void {
    const { orders } = this.book;
    const codes = orders.codes(slot);
    const side = sideOf(codes);
    const isLimit = hasLimit(typeOf(codes));
    const limitKey = isLimit ? side * orders.limitPrice(slot) : side > 0 ? this.book.bandHigh : -this.book.bandLow;
    const opposite = this.book.ofSide(-side);
    const timeInForce = timeInForceOf(codes);
    if (opposite.reaches(limitKey)) {
      if (timeInForce === ExchangeTimeInForce.FOK && !this.isFillable(slot, opposite, limitKey))
        return this.book.end(slot, ReportKind.CANCELED, ExchangeReason.NOT_FILLABLE);
      this.sweep(slot, opposite, limitKey);
      if (orders.pool.numbers[(slot << ROW_BITS) | QUANTITY] === 0) return this.book.forget(slot, codes);
    }
    if (isLimit && timeInForce !== ExchangeTimeInForce.IOC && timeInForce !== ExchangeTimeInForce.FOK) this.book.rest(slot);
    else {
      const isBand = !isLimit && !opposite.isEmpty;
      this.book.end(slot, ReportKind.CANCELED, isBand ? ExchangeReason.PRICE_BAND : ExchangeReason.NO_LIQUIDITY);
    }
  }

  /** Hot: the loop that trades. Nothing in it makes an order, so the pool's arrays stay the same. */
  private sweep(taker: number, opposite: PriceLadder, limitKey: number): void {
    const { numbers, links } = this.book.orders.pool;
    const row = taker << ROW_BITS;
    const codes = links[row | CODES]!;
    const side = sideOf(codes);
    const owner = links[row | OWNER]!;
    const takerId = links[row | ID]!;
    const preventsSelfTrade = owner !== 0 && selfTradeOf(codes) !== SelfTradePrevention.NONE;
    for (let left = numbers[row | QUANTITY]!; left > 0 && opposite.best >= 0; ) {
      const key = opposite.firstKey;
      if (key > limitKey) return;
      const maker = opposite.head[opposite.best]!;
      const makerRow = maker << ROW_BITS;
      const makerOwner = links[makerRow | OWNER]!;
      if (preventsSelfTrade && makerOwner === owner) {
        this.preventSelfTrade(taker, maker);
        left = numbers[row | QUANTITY]!;
        continue;
      }
      const shown = numbers[makerRow | QUANTITY]!;
      const quantity = Math.min(left, shown);
      const price = side * key;
      left -= quantity;
      numbers[row | QUANTITY] = left;
      this.reports.addTrade(links[makerRow | ID]!, takerId, price, quantity, side);
      if (quantity < shown) opposite.change(maker, -quantity);
      else this.consume(maker, opposite);
      this.book.print(price, true);
      if ((makerOwner | owner) !== 0) {
        this.book.settle(side > 0 ? owner : makerOwner, side > 0 ? makerOwner : owner, quantity);
        // A reduce-only order may have been cut by what it traded.
        left = numbers[row | QUANTITY]!;
      }
    }
  }

  /** What a resting order showed has traded: it ends, or shows its next slice behind the others. */
  private consume(maker: number, opposite: PriceLadder): void {
    const { numbers, links } = this.book.orders.pool;
    const row = maker << ROW_BITS;
    const codes = links[row | CODES]!;
    opposite.remove(maker);
    const hidden = (codes & ICEBERG) === 0 ? 0 : numbers[row | HIDDEN]!;
    if (hidden === 0) return this.book.forget(maker, codes);
    const slice = Math.min(hidden, numbers[row | DISPLAY_QTY]!);
    numbers[row | HIDDEN] = hidden - slice;
    numbers[row | QUANTITY] = slice;
    opposite.append(maker, numbers[row | KEY]!);
  }

  private preventSelfTrade(taker: number, maker: number): void {
    const { orders } = this.book;
    const mode = selfTradeOf(orders.codes(taker));
    if (mode === SelfTradePrevention.DECREMENT) {
      const lots = Math.min(orders.leavesQty(taker), orders.leavesQty(maker));
      this.book.cut(maker, lots, ExchangeReason.SELF_TRADE);
      this.book.cut(taker, lots, ExchangeReason.SELF_TRADE);
      return;
    }
    if (mode !== SelfTradePrevention.CANCEL_NEWEST) this.book.end(maker, ReportKind.CANCELED, ExchangeReason.SELF_TRADE);
    if (mode !== SelfTradePrevention.CANCEL_OLDEST) this.book.cut(taker, orders.leavesQty(taker), ExchangeReason.SELF_TRADE);
  }

  /**
   * True where a fill-or-kill order would fill whole. Reduce-only orders that rest are not counted on, since what trades before them may take
   * them away; one of the owner's own counts for nothing, or ends the counting where it would end or cut the order.
   */
  private isFillable(taker: number, opposite: PriceLadder, limitKey: number): boolean {
    const { orders } = this.book;
    const owner = orders.owner(taker);
    const mode = owner === 0 ? SelfTradePrevention.NONE : selfTradeOf(orders.codes(taker));
    let needed = orders.leavesQty(taker);
    for (let key = opposite.bestKey; key <= limitKey && key !== Number.POSITIVE_INFINITY; key = opposite.keyAfter(key)) {
      for (let slot = opposite.headAt(key); slot !== 0; slot = orders.next(slot)) {
        if (mode !== SelfTradePrevention.NONE && orders.owner(slot) === owner) {
          if (mode !== SelfTradePrevention.CANCEL_OLDEST) return false;
        } else if ((orders.codes(slot) & REDUCE_ONLY) === 0) needed -= orders.leavesQty(slot);
        if (needed <= 0) return true;
      }
    }
    return false;
  }

  private noteExpiry(ts: number, id: number): void {
    this.expiries.push(ts, id);
    if (this.expiries.isCrowded(this.book.orders.pool.count)) this.expiries.keep((each) => this.book.orders.index.get(each) !== 0);
  }

  private refusalOfModify(slot: number, orderQty: number, limitPrice: number, stopPrice: number): ExchangeReason {
    const { orders } = this.book;
    const codes = orders.codes(slot);
    const place = placeOf(codes);
    if (this.book.phase === TradingPhase.CLOSED) return ExchangeReason.MARKET_CLOSED;
    if (!(Number.isSafeInteger(orderQty) && orderQty > 0)) return ExchangeReason.BAD_QUANTITY;
    if (place === OrderPlace.AUCTION || place === OrderPlace.CLOSING) return ExchangeReason.BAD_TERMS;
    const isLimit = hasLimit(typeOf(codes));
    if (isLimit ? !isPrice(limitPrice) : limitPrice !== 0) return ExchangeReason.BAD_PRICE;
    const mayChangeStop = (place === OrderPlace.ABOVE || place === OrderPlace.BELOW) && !isTrailing(codes);
    // What has no stop to change states none, or the one that it had.
    const isSameStop = stopPrice === 0 || (typeOf(codes) > ExchangeOrderType.LIMIT && stopPrice === orders.stopPrice(slot));
    if (mayChangeStop ? !isPrice(stopPrice) : !isSameStop) return ExchangeReason.BAD_PRICE;
    if (isLimit && (limitPrice < this.book.bandLow || limitPrice > this.book.bandHigh)) return ExchangeReason.PRICE_BAND;
    const isPostOnly = place === OrderPlace.BOOK && (codes & POST_ONLY) !== 0;
    return isPostOnly && this.book.wouldTake(sideOf(codes), limitPrice) ? ExchangeReason.WOULD_TAKE : ExchangeReason.NONE;
  }

  /** Gives an order new values and a new place behind the others; one that waits keeps its own unless its stop is another. */
  private replace(slot: number, leaves: number, limitPrice: number, stopPrice: number): void {
    const { orders } = this.book;
    const { numbers } = orders.pool;
    const row = slot << ROW_BITS;
    const codes = orders.codes(slot);
    const cumQty = orders.cumQty(slot);
    const isWaiting = placeOf(codes) !== OrderPlace.BOOK;
    numbers[row | LIMIT_PRICE] = limitPrice;
    if (isWaiting && (isTrailing(codes) || stopPrice === numbers[row | STOP_PRICE])) {
      this.book.triggers.change(slot, leaves - orders.leavesQty(slot));
      numbers[row | ORDER_QTY] = cumQty + leaves;
      return;
    }
    this.book.take(slot);
    orders.setPlace(slot, OrderPlace.MOVING);
    numbers[row | ORDER_QTY] = cumQty + leaves;
    numbers[row | HIDDEN] = 0;
    numbers[row | QUANTITY] = leaves;
    if (isWaiting) numbers[row | STOP_PRICE] = stopPrice;
    this.enter(slot);
  }
}

function isTrailing(codes: number): boolean {
  return typeOf(codes) === ExchangeOrderType.TRAILING_STOP;
}
