import { QUANTITY, ROW_BITS } from '../../book/order-pool.ts';
import { PriceLadder } from '../../book/price-ladder.ts';
import { ExchangeReason, TradingPhase } from './exchange-order.ts';
import {
  CODES,
  DISPLAY_QTY,
  ExchangeOrders,
  HIDDEN,
  ICEBERG,
  LIMIT_PRICE,
  ORDER_QTY,
  OrderPlace,
  placeOf,
  REDUCE_ONLY,
  sideOf,
  withPlace,
} from './exchange-orders.ts';
import { ExchangeReports, ReportKind } from './exchange-reports.ts';
import { ID } from './order-index.ts';
import { EXCHANGE_PRICE_MAX } from './order-rules.ts';
import { OwnerPositions } from './owner-positions.ts';
import { TriggerBook } from './trigger-book.ts';

/**
 * What an exchange has of one instrument: who rests, who waits for a price or an auction, and what owners hold. Holds the book, and cuts reduce-only
 * orders when a position shrinks; who trades with whom it does not decide.
 */
export class ExchangeBook {
  readonly reports = new ExchangeReports();
  readonly orders: ExchangeOrders;
  /** Keys are minus the price. */
  readonly bids: PriceLadder;
  /** Keys are the price. */
  readonly asks: PriceLadder;
  /** Asks and bids, found by side without a branch: sides come at random, and every other guess would be wrong. */
  private readonly sides: readonly PriceLadder[];
  readonly owners: OwnerPositions;
  readonly triggers: TriggerBook;
  /** Market orders that wait for an auction, in order of time. */
  readonly marketBuys: number[] = [];
  readonly marketSells: number[] = [];
  /** Orders for a closing auction that has not begun, in order of time. */
  readonly forClosing: number[] = [];
  phase: TradingPhase;
  /** Microseconds since the epoch. */
  now = 0;
  /** Of the last trade, increments; NaN before the first. */
  lastPrice = Number.NaN;
  /** No trade and no limit below or above: what a price may be at all, or less. */
  bandLow = -EXCHANGE_PRICE_MAX;
  bandHigh = EXCHANGE_PRICE_MAX;

  constructor(ordersMax: number, ownersMax: number, phase: TradingPhase) {
    this.orders = new ExchangeOrders(ordersMax);
    this.bids = new PriceLadder(this.orders.pool);
    this.asks = new PriceLadder(this.orders.pool);
    this.sides = [this.asks, this.bids];
    this.owners = new OwnerPositions(this.orders, ownersMax);
    this.triggers = new TriggerBook(this.orders);
    this.phase = phase;
  }

  /** A market order waits for an auction. */
  queue(slot: number): void {
    this.orders.setPlace(slot, OrderPlace.AUCTION);
    this.marketOf(this.orders.side(slot)).push(slot);
  }

  /** An order waits for the closing auction to begin. */
  hold(slot: number): void {
    this.orders.setPlace(slot, OrderPlace.CLOSING);
    this.forClosing.push(slot);
  }

  /** A trade at this price has been reported. */
  print(price: number, wakes: boolean): void {
    this.lastPrice = price;
    if (wakes && this.triggers.count !== 0) this.triggers.print(price);
  }

  /** Owners of a trade hold more or less; their reduce-only orders follow. */
  settle(buyer: number, seller: number, quantity: number): void {
    const { owners } = this;
    if (buyer !== 0) owners.position[buyer]! += quantity;
    if (seller !== 0) owners.position[seller]! -= quantity;
    if (owners.hasReduceOnly(buyer)) this.cutReduceOnly(buyer);
    if (seller !== buyer && owners.hasReduceOnly(seller)) this.cutReduceOnly(seller);
  }

  /** Takes an order from where it stands and says so. */
  end(slot: number, kind: ReportKind, reason: ExchangeReason): void {
    const { numbers, links } = this.orders.pool;
    const row = slot << ROW_BITS;
    const codes = links[row | CODES]!;
    const hidden = (codes & ICEBERG) === 0 ? 0 : numbers[row | HIDDEN]!;
    this.reports.add(kind, links[row | ID]!, numbers[row | QUANTITY]! + hidden, reason);
    if (placeOf(codes) === OrderPlace.BOOK) this.ofSide(sideOf(codes)).remove(slot);
    else this.take(slot);
    this.forget(slot, codes);
  }

  /** Forgets an order that stands nowhere: it has filled or ended. @param codes its own */
  forget(slot: number, codes: number): void {
    if ((codes & REDUCE_ONLY) !== 0) this.owners.forget(slot);
    this.orders.drop(slot, codes);
  }

  /** Where orders of this side rest. Hot. */
  ofSide(side: number): PriceLadder {
    return this.sides[(side + 1) >> 1]!;
  }

  /** Rests what is left of a limit order, of an iceberg its first slice. Hot. */
  rest(slot: number): void {
    const { numbers, links } = this.orders.pool;
    const row = slot << ROW_BITS;
    const codes = links[row | CODES]!;
    if ((codes & ICEBERG) !== 0 && numbers[row | QUANTITY]! > numbers[row | DISPLAY_QTY]!) {
      numbers[row | HIDDEN] = numbers[row | QUANTITY]! - numbers[row | DISPLAY_QTY]!;
      numbers[row | QUANTITY] = numbers[row | DISPLAY_QTY]!;
    }
    links[row | CODES] = withPlace(codes, OrderPlace.BOOK);
    const side = sideOf(codes);
    this.ofSide(side).append(slot, -side * numbers[row | LIMIT_PRICE]!);
  }

  ladderOf(slot: number): PriceLadder {
    return this.ofSide(this.orders.side(slot));
  }

  /** Takes an order out of the queue that it stands in; where it stands now is for the caller to say. */
  take(slot: number): void {
    switch (this.orders.place(slot)) {
      case OrderPlace.MOVING:
        return;
      case OrderPlace.BOOK:
        this.ladderOf(slot).remove(slot);
        break;
      case OrderPlace.AUCTION:
      case OrderPlace.CLOSING:
        this.leaveAuction(slot);
        break;
      default:
        this.triggers.remove(slot);
    }
  }

  /** True where an order of this side and limit would trade. */
  wouldTake(side: number, limitPrice: number): boolean {
    if (this.phase !== TradingPhase.CONTINUOUS) return false;
    return this.ofSide(-side).reaches(side * limitPrice);
  }

  /** Takes lots off an order without a trade. One that has none left ends; on its way through the book it is forgotten there. */
  cut(slot: number, lots: number, reason: ExchangeReason): void {
    const { orders } = this;
    const isAll = lots === orders.leavesQty(slot);
    if (isAll && orders.place(slot) !== OrderPlace.MOVING) return this.end(slot, ReportKind.CANCELED, reason);
    this.reports.add(isAll ? ReportKind.CANCELED : ReportKind.REDUCED, orders.id(slot), lots, reason);
    this.shrink(slot, lots);
  }

  /** An order shows fewer lots and keeps its place; what it hides goes first. */
  shrink(slot: number, lots: number): void {
    const { orders } = this;
    const { numbers } = orders.pool;
    const row = slot << ROW_BITS;
    const fromHidden = Math.min(lots, orders.hiddenQty(slot));
    numbers[row | ORDER_QTY]! -= lots;
    if (fromHidden > 0) numbers[row | HIDDEN]! -= fromHidden;
    const shown = lots - fromHidden;
    if (shown === 0) return;
    switch (orders.place(slot)) {
      case OrderPlace.BOOK:
        this.ladderOf(slot).change(slot, -shown);
        return;
      case OrderPlace.ABOVE:
      case OrderPlace.BELOW:
      case OrderPlace.WOKEN:
        this.triggers.change(slot, -shown);
        return;
      default:
        numbers[row | QUANTITY]! -= shown;
    }
  }

  private cutReduceOnly(owner: number): void {
    const { orders, owners } = this;
    for (let slot = owners.firstReduceOnly(owner); slot !== 0; ) {
      const next = owners.nextReduceOnly(slot);
      const excess = orders.leavesQty(slot) - owners.reducible(owner, orders.side(slot));
      if (excess > 0) this.cut(slot, excess, ExchangeReason.REDUCE_ONLY);
      slot = next;
    }
  }

  private leaveAuction(slot: number): void {
    const { orders } = this;
    const list = orders.place(slot) === OrderPlace.CLOSING ? this.forClosing : this.marketOf(orders.side(slot));
    list.splice(list.indexOf(slot), 1);
  }

  private marketOf(side: number): number[] {
    return side > 0 ? this.marketBuys : this.marketSells;
  }
}
