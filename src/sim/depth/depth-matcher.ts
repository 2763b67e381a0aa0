import { BookState } from '../../book/order-book.ts';
import type { BookDeltaBlock, TradeBlock } from '../../model/blocks.ts';
import { BookAction, BookFlag } from '../../model/book-delta.ts';
import type { Code } from '../../model/codes/catalogue.ts';
import type { Price, Quantity } from '../../model/instrument.ts';
import { OrderFlag, OrderType, type Side, TimeInForce } from '../../model/order.ts';
import type { Executions } from '../executions.ts';
import type { VenueServices } from '../matching/fill-rules.ts';
import type { Matcher } from '../matching/matcher.ts';
import type { InstrumentDesk } from '../orders/instrument-desk.ts';
import type { OrderJudge } from '../orders/order-judge.ts';
import { actsAs, hasFlag, isImmediate, type WorkingOrder } from '../orders/working-order.ts';
import type { ReportQueue } from '../report-queue.ts';
import { DepthDesk } from './depth-desk.ts';
import type { DepthRules } from './depth-rules.ts';
import { firstRowToSee, hasStops, hasWaiting, reachesOrders, tradeReaches } from './depth-watch.ts';
import type { FeedBlock } from './venue-feed.ts';

/**
 * Trades our orders against a recorded book, which they change for themselves but not for those in it.
 *
 * - An order that comes takes the opposite levels from the best on, as far as its limit goes, each at its own price: what they show less what we took
 *   before. What is left of a limit order joins the queue of its price.
 * - A recorded trade takes from the queue at its price what is before us, then us. An order of ours at a better price than a trade's would have met it
 *   first, and fills at its own price, up to the trade's quantity.
 * - Where the recorded book comes to our price from the other side, what it shows there would have met us: we fill at our price.
 * - While the book may not be used nothing trades against it, and limit orders that come wait for it.
 *
 * Source: docs/concepts/depth.md
 */
export class DepthMatcher implements OrderJudge {
  readonly pathDesk = null;
  private readonly byRow: Matcher;
  private readonly services: VenueServices;
  private readonly reports: ReportQueue;
  private readonly executions: Executions;
  private readonly rulesOf: (instrument: number) => DepthRules;
  private readonly desks: (DepthDesk | undefined)[] = [];
  /** What {@link restingAt} gave last. */
  private readonly reached: WorkingOrder[] = [];

  /** @param byRow does what is the same however orders meet the market: cancels, fills, and what an account can pay */
  constructor(
    byRow: Matcher,
    services: VenueServices,
    reports: ReportQueue,
    executions: Executions,
    rulesOf: (instrument: number) => DepthRules,
  ) {
    this.byRow = byRow;
    this.services = services;
    this.reports = reports;
    this.executions = executions;
    this.rulesOf = rulesOf;
  }

  deskOf(desk: InstrumentDesk): DepthDesk {
    const { index } = desk.instrument;
    const known = this.desks[index];
    if (known !== undefined) return known;
    const made = new DepthDesk(desk, this.rulesOf(index));
    this.desks[index] = made;
    return made;
  }

  priceNow(desk: InstrumentDesk, side: Side): Price {
    return this.deskOf(desk).bestAvailable(-side, this.reports.now);
  }

  canTakeWhole(): boolean {
    return false;
  }

  takeWhole(): void {}

  cancel(desk: InstrumentDesk, order: WorkingOrder, reason: Code | '', ts: number): void {
    this.byRow.cancel(desk, order, reason, ts);
  }

  judge(desk: InstrumentDesk, order: WorkingOrder, ts: number): void {
    const depth = this.deskOf(desk);
    const acts = actsAs(order);
    if (acts === OrderType.STOP || acts === OrderType.STOP_LIMIT) {
      if (this.isTriggered(depth, order, ts)) this.trigger(depth, order, ts);
    } else this.arrive(depth, order, ts);
    desk.refresh();
  }

  /** As {@link firstRowToSee}. */
  firstToSee(desk: InstrumentDesk, block: FeedBlock, from: number, to: number): number {
    return firstRowToSee(this.deskOf(desk), block, from, to);
  }

  /** A trade of the recording, when the venue made it. */
  onTrade(desk: InstrumentDesk, block: TradeBlock, row: number, ts: number): void {
    const depth = this.deskOf(desk);
    const price = block.price[row]!;
    const quantity = block.quantity[row]!;
    depth.lastPrice = price;
    const taker = block.aggressorSide[row]! || this.guessTaker(depth, price);
    if (taker !== 0) {
      if (desk.orders.length > 0) this.meet(depth, -taker as Side, price, quantity, ts);
      depth.noteTraded(-taker, price, quantity);
    }
    if (desk.orders.length > 0) this.triggerAll(depth, ts);
  }

  /** A change of the recorded book, when the venue made it. Hot: every row of a recording (bench row path/cpp). */
  onDelta(desk: InstrumentDesk, block: BookDeltaBlock, row: number, ts: number): void {
    const depth = this.deskOf(desk);
    const { book } = depth;
    const stateBefore = book.state;
    if (block.action[row] === BookAction.SET && stateBefore === BookState.VALID) {
      const side = block.side[row]! as Side;
      const price = block.price[row]!;
      const before = book.quantityAt(side, price);
      book.apply(block, row);
      depth.levelChanged(side, price, before, book.quantityAt(side, price), ts);
    } else if (depth.taken.isEmpty) book.apply(block, row);
    else this.applyOrder(depth, block, row, ts);
    if (block.action[row] === BookAction.CLEAR || (block.flags[row]! & BookFlag.SNAPSHOT) !== 0) depth.noteMadeAnew();
    if ((block.flags[row]! & BookFlag.LAST) === 0) return;
    depth.endEvent(ts);
    if (desk.orders.length === 0 || !book.isUsable) return;
    this.judgeWaiting(depth, ts);
    this.meetBook(depth, ts);
    this.triggerAll(depth, ts);
  }

  /** A change of an order in a book from which we took: the levels that it leaves and comes to may no longer lack as much. */
  private applyOrder(depth: DepthDesk, block: BookDeltaBlock, row: number, ts: number): void {
    const { book, taken } = depth;
    book.apply(block, row);
    // A level that an order comes to was told of when it shrank: that it has grown changes nothing.
    const { departedSide, departedPrice } = book;
    if (departedSide !== 0 && taken.has(departedSide, departedPrice))
      taken.levelChanged(departedSide, departedPrice, book.quantityAt(departedSide, departedPrice), ts);
  }

  /** Orders that came while the book could not be used: now they are judged, in the order in which they came. */
  private judgeWaiting(depth: DepthDesk, ts: number): void {
    if (!hasWaiting(depth)) return;
    for (const order of depth.desk.orders.filter((each) => each.isFresh && actsAs(each) === OrderType.LIMIT))
      if (depth.desk.isWorking(order)) this.arrive(depth, order, ts);
    depth.desk.refresh();
  }

  /** A limit or market order has come: it takes what it may, and what is left of it rests or ends. While the book may not be used, a limit order waits. */
  private arrive(depth: DepthDesk, order: WorkingOrder, ts: number): void {
    const { desk } = depth;
    if (!depth.book.isUsable && actsAs(order) === OrderType.LIMIT && !isImmediate(order)) {
      order.isFresh = true;
      return;
    }
    if (hasFlag(order, OrderFlag.POST_ONLY) && this.wouldTake(depth, order, ts))
      return this.cancel(desk, order, 'VENUE_POST_ONLY_WOULD_TAKE', ts);
    this.take(depth, order, ts);
    if (!desk.isWorking(order)) return;
    if (actsAs(order) === OrderType.MARKET) return this.cancel(desk, order, 'VENUE_NO_LIQUIDITY', ts);
    if (isImmediate(order)) return this.byRow.cancelImmediate(desk, order, ts);
    if (this.ownAgainst(depth, order, order.limitPrice)) return this.cancel(desk, order, 'VENUE_SELF_TRADE', ts);
    order.isFresh = false;
    depth.join(order, ts);
  }

  private wouldTake(depth: DepthDesk, order: WorkingOrder, ts: number): boolean {
    const price = depth.bestAvailable(-order.side, ts);
    return price !== 0 && order.side * (price - order.limitPrice) <= 0;
  }

  /** Walks the opposite levels from the best on. */
  private take(depth: DepthDesk, order: WorkingOrder, ts: number): void {
    const { desk, book } = depth;
    const bookSide = -order.side;
    const isMarket = actsAs(order) === OrderType.MARKET;
    let price = depth.bestAvailable(bookSide, ts);
    if (price === 0 || (!isMarket && order.side * (price - order.limitPrice) > 0)) return;
    const wanted = this.wantedOf(depth, order, price, ts);
    if (wanted === 0) return;
    if (order.timeInForce === TimeInForce.FOK && !this.hasWhole(depth, order, wanted, ts))
      return this.byRow.cancelImmediate(desk, order, ts);
    let left = wanted;
    while (price !== 0 && left > 0 && (isMarket || order.side * (price - order.limitPrice) <= 0)) {
      if (this.ownAgainst(depth, order, price)) return this.cancel(desk, order, 'VENUE_SELF_TRADE', ts);
      const there = Math.min(left, wholeLots(depth.availableAt(bookSide, price, ts), desk.instrument.lotSize));
      if (there > 0) {
        const payable = order.side > 0 ? this.byRow.payable(desk, order, price, there, true, ts) : there;
        if (payable > 0) {
          depth.taken.take(bookSide, price, payable, ts);
          this.fill(desk, order, price, payable, true, ts);
        }
        if (payable < there) return desk.isWorking(order) ? this.cancel(desk, order, 'VENUE_CASH_SHORT', ts) : undefined;
        left -= there;
      }
      price = book.priceAfter(bookSide, price);
    }
    this.byRow.cancelIrreducible(desk, ts);
  }

  /** What the order may trade now; decides the quantity of one that is sized at its fill. 0 where it has been canceled for want of any. */
  private wantedOf(depth: DepthDesk, order: WorkingOrder, price: Price, ts: number): Quantity {
    const { desk } = depth;
    if (!order.isSized) {
      const size = this.services.sizeAtFill(order.clientOrderId, price);
      if (size <= 0) {
        this.cancel(desk, order, 'VENUE_SIZE_ZERO', ts);
        return 0;
      }
      order.orderQty = size;
      order.isSized = true;
      order.isSizeTold = false;
    }
    const leaves = order.orderQty - order.cumQty;
    if (!hasFlag(order, OrderFlag.REDUCE_ONLY)) return leaves;
    const reducible = Math.min(leaves, this.executions.reducible(order.instrument, order.side));
    if (reducible === 0) this.cancel(desk, order, 'VENUE_NOTHING_TO_REDUCE', ts);
    return reducible;
  }

  private hasWhole(depth: DepthDesk, order: WorkingOrder, wanted: Quantity, ts: number): boolean {
    if (wanted < order.orderQty - order.cumQty) return false;
    const bookSide = -order.side;
    const isMarket = actsAs(order) === OrderType.MARKET;
    let sum = 0;
    for (let price = depth.bestAvailable(bookSide, ts); price !== 0 && sum < wanted; price = depth.book.priceAfter(bookSide, price)) {
      if (!isMarket && order.side * (price - order.limitPrice) > 0) break;
      sum += wholeLots(depth.availableAt(bookSide, price, ts), depth.desk.instrument.lotSize);
    }
    return sum >= wanted;
  }

  /** A resting order of ours on the other side stands at `price` or better: the order would meet it before the market there. */
  private ownAgainst(depth: DepthDesk, order: WorkingOrder, price: Price): boolean {
    for (const other of depth.desk.orders) {
      if (other.side === order.side || other.isFresh || actsAs(other) !== OrderType.LIMIT) continue;
      if (order.side * (other.limitPrice - price) <= 0) return true;
    }
    return false;
  }

  /** A recorded trade meets our resting orders of a side, the best price first, at one price those that came first. */
  private meet(depth: DepthDesk, side: Side, price: Price, quantity: Quantity, ts: number): void {
    if (!tradeReaches(depth, side, price)) return;
    const orders = this.restingAt(depth, side, price);
    let left = quantity;
    for (const order of orders) {
      const isAtPrice = order.limitPrice === price;
      const reaching = left - (isAtPrice ? depth.ahead(order) : 0);
      if (isAtPrice) depth.passTrade(order, left, quantity);
      if (reaching <= 0) continue;
      left -= this.fillResting(depth, order, reaching, ts);
    }
    if (left < quantity) depth.noteDisplaced(side, price, quantity - left);
    this.byRow.cancelIrreducible(depth.desk, ts);
    depth.desk.refresh();
  }

  /** Our resting limit orders of a side that a taker at `price` reaches, in the order in which it does. The same list is written anew at the next call. */
  private restingAt(depth: DepthDesk, side: Side, price: Price): readonly WorkingOrder[] {
    const { reached } = this;
    const { orders } = depth.desk;
    reached.length = 0;
    for (let at = 0; at < orders.length; at += 1) {
      const order = orders[at]!;
      if (order.side === side && !order.isFresh && actsAs(order) === OrderType.LIMIT && side * (order.limitPrice - price) >= 0)
        reached.push(order);
    }
    return reached.length < 2 ? reached : reached.sort((a, b) => side * (b.limitPrice - a.limitPrice));
  }

  /** The recorded book has come to our prices: what it shows there would have met us. */
  private meetBook(depth: DepthDesk, ts: number): void {
    if (!reachesOrders(depth)) return;
    for (const side of [1, -1] as const) {
      const best = depth.bestAvailable(-side, ts);
      if (best === 0) continue;
      for (const order of this.restingAt(depth, side, best)) {
        let price = depth.bestAvailable(-side, ts);
        while (price !== 0 && depth.desk.isWorking(order) && side * (order.limitPrice - price) >= 0) {
          const there = wholeLots(depth.availableAt(-side, price, ts), depth.desk.instrument.lotSize);
          const filled = this.fillResting(depth, order, there, ts);
          if (filled === 0) break;
          depth.taken.take(-side, price, filled, ts);
          price = depth.bestAvailable(-side, ts);
        }
      }
    }
    this.byRow.cancelIrreducible(depth.desk, ts);
    depth.desk.refresh();
  }

  /** @returns what was filled, at most `most` */
  private fillResting(depth: DepthDesk, order: WorkingOrder, most: Quantity, ts: number): Quantity {
    const { desk } = depth;
    const wanted = this.wantedOf(depth, order, order.limitPrice, ts);
    const quantity = wholeLots(Math.min(wanted, Math.floor(most)), desk.instrument.lotSize);
    if (quantity <= 0) return 0;
    const payable = order.side > 0 ? this.byRow.payable(desk, order, order.limitPrice, quantity, false, ts) : quantity;
    if (payable > 0) this.fill(desk, order, order.limitPrice, payable, false, ts);
    if (payable < quantity && desk.isWorking(order)) this.cancel(desk, order, 'VENUE_CASH_SHORT', ts);
    return payable;
  }

  private fill(desk: InstrumentDesk, order: WorkingOrder, price: Price, quantity: Quantity, isTaker: boolean, ts: number): void {
    this.byRow.bookFill(desk, order, price, quantity, isTaker, order.isSizeTold ? null : order.orderQty, ts);
    order.isSizeTold = true;
  }

  private triggerAll(depth: DepthDesk, ts: number): void {
    if (!hasStops(depth)) return;
    const { orders } = depth.desk;
    for (const order of orders.filter(
      (each) => !each.isTriggered && (actsAs(each) === OrderType.STOP || actsAs(each) === OrderType.STOP_LIMIT),
    ))
      if (depth.desk.isWorking(order) && this.isTriggered(depth, order, ts)) this.trigger(depth, order, ts);
    depth.desk.refresh();
  }

  /** By the last trade; before the first, or where the recording has none, by the other side of the book. */
  private isTriggered(depth: DepthDesk, order: WorkingOrder, ts: number): boolean {
    const price = depth.lastPrice !== 0 ? depth.lastPrice : depth.bestAvailable(-order.side, ts);
    return price !== 0 && order.side * (price - order.stopPrice) >= 0;
  }

  private trigger(depth: DepthDesk, order: WorkingOrder, ts: number): void {
    order.isTriggered = true;
    this.reports.emit({ kind: 'Triggered', clientOrderId: order.clientOrderId, tsEvent: ts });
    this.arrive(depth, order, ts);
  }

  /** Who took, where the recording does not say: the side whose price it is; nobody between the two. */
  private guessTaker(depth: DepthDesk, price: Price): number {
    const { bestBid, bestAsk, isUsable } = depth.book;
    if (!isUsable) return 0;
    if (bestAsk !== 0 && price >= bestAsk) return 1;
    return bestBid !== 0 && price <= bestBid ? -1 : 0;
  }
}

function wholeLots(quantity: Quantity, lotSize: Quantity): Quantity {
  return quantity - (quantity % lotSize);
}
