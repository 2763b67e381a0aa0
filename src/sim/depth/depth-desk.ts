import { BookState, OrderBook, type OrderBookState } from '../../book/order-book.ts';
import type { Price, Quantity } from '../../model/instrument.ts';
import { OrderType, type Side } from '../../model/order.ts';
import type { InstrumentDesk } from '../orders/instrument-desk.ts';
import type { DepthRules } from './depth-rules.ts';
import { frontAfterCancel } from './queue-position.ts';
import { TakenLiquidity, type TakenLiquidityState } from './taken-liquidity.ts';
import { actsAs, type WorkingOrder } from '../orders/working-order.ts';

/** More than any queue: what is before an order where the book does not say. */
const AHEAD_UNKNOWN = Number.MAX_SAFE_INTEGER;

type Quantities = readonly (readonly [key: number, quantity: Quantity])[];

export interface DepthDeskState {
  readonly book: OrderBookState;
  readonly taken: TakenLiquidityState;
  readonly lastPrice: Price;
  /** By side × price. */
  readonly tradedUntold: Quantities;
  readonly displaced: Quantities;
  readonly isMadeAnew: boolean;
}

/** The recorded book of one instrument at the venue, what we took out of it, and where our orders stand in its queues. */
export class DepthDesk {
  readonly desk: InstrumentDesk;
  readonly rules: DepthRules;
  readonly book: OrderBook;
  readonly taken: TakenLiquidity;
  /** Price of the last trade; 0 before the first. */
  lastPrice: Price = 0;
  /**
   * Traded at a price (side × price) since its level was last told: gone, and the next fall of the level is that, not a cancel. Of levels that the
   * book shows only, so no more than it has.
   */
  private readonly tradedUntold = new Map<number, Quantity>();
  /**
   * Of recorded sales at a price (side × price) what resting orders of ours got: others whom the recording lets go for it are still there for our other
   * orders. Of prices at which one of ours rests.
   */
  private readonly displaced = new Map<number, Quantity>();
  /** The event at hand makes the book anew. */
  private isMadeAnew = false;

  constructor(desk: InstrumentDesk, rules: DepthRules, book = new OrderBook()) {
    this.book = book;
    this.desk = desk;
    this.rules = rules;
    this.taken = new TakenLiquidity(rules.impactHalfLifeUs);
  }

  /** Levels of which something is remembered: at most two for each that the book shows, one of trades and one of what we took. */
  get rememberedLevels(): number {
    return this.tradedUntold.size + this.taken.levelCount;
  }

  /** Prices at which others are remembered whom the recording has let go for us: those at which an order of ours rests. */
  get displacedPrices(): number {
    return this.displaced.size;
  }

  /** Quantity that an order of ours may take at a price of a side: what is shown, less what we took and what has traded since it was told. */
  availableAt(bookSide: number, price: Price, ts: number): Quantity {
    const shown = this.book.quantityAt(bookSide, price);
    const there = this.tradedUntold.size === 0 ? shown : shown - this.untold(bookSide, price);
    return Math.max(0, this.taken.isEmpty ? there : there - this.taken.at(bookSide, price, ts));
  }

  /** The best price of a side at which something is there for us; 0 where the book may not be used or has nothing. */
  bestAvailable(bookSide: number, ts: number): Price {
    if (!this.book.isUsable) return 0;
    let price = this.book.best(bookSide);
    while (price !== 0 && this.availableAt(bookSide, price, ts) < this.desk.instrument.lotSize)
      price = this.book.priceAfter(bookSide, price);
    return price;
  }

  /** An order of ours joins the end of its queue. */
  join(order: WorkingOrder, ts: number): void {
    order.queueJoinings = this.book.joinings;
    const { side, limitPrice } = order;
    if (!this.restsAt(side, limitPrice, order)) this.displaced.delete(side * limitPrice);
    const displaced = this.displacedAt(side, limitPrice);
    if (this.book.isByOrder) order.queueAhead = displaced;
    else order.queueAhead = this.isBeyond(side, limitPrice) ? AHEAD_UNKNOWN : this.availableAt(side, limitPrice, ts) + displaced;
  }

  /** The book tells of nothing at a price or behind it, though of something before: recordings end somewhere, and what is there is not known. */
  private isBeyond(bookSide: Side, price: Price): boolean {
    const { book } = this;
    const best = book.best(bookSide);
    return best !== 0 && book.quantityAt(bookSide, price) === 0 && book.priceAfter(bookSide, price) === 0;
  }

  /** What trades at its price must take before it is an order's turn. */
  ahead(order: WorkingOrder): number {
    return this.book.isByOrder ? this.recordedAhead(order) + order.queueAhead : order.queueAhead;
  }

  /**
   * A recorded trade of `quantity` at the price of an order comes to it, `reaching` of which orders of ours before it have left. Of a book of orders
   * `queueAhead` is what is before it though the recording has let it go.
   */
  passTrade(order: WorkingOrder, reaching: Quantity, quantity: Quantity): void {
    if (!this.book.isByOrder) {
      order.queueAhead = Math.max(0, order.queueAhead - reaching);
      return;
    }
    const recorded = this.recordedAhead(order);
    order.queueAhead = Math.max(0, recorded + order.queueAhead - reaching) - Math.max(0, recorded - quantity);
  }

  /** Of a recorded trade at a price of a side, `quantity` went to resting orders of ours in place of those whom the recording names. */
  noteDisplaced(side: Side, price: Price, quantity: Quantity): void {
    for (const key of this.displaced.keys()) if (!this.restsAt(Math.sign(key) as Side, Math.abs(key), null)) this.displaced.delete(key);
    if (this.restsAt(side, price, null)) this.displaced.set(side * price, this.displacedAt(side, price) + quantity);
  }

  /** A trade took `quantity` from the queue at a price of a side, and before that all that was at better ones. */
  noteTraded(bookSide: number, price: Price, quantity: Quantity): void {
    const { book } = this;
    // While the book is not valid nothing trades on it, and with the snapshot that makes it so all this is forgotten.
    if (book.state !== BookState.VALID) return;
    let better = book.best(bookSide);
    for (; better !== 0 && bookSide * (better - price) > 0; better = book.priceAfter(bookSide, better))
      this.tradedUntold.set(bookSide * better, book.quantityAt(bookSide, better));
    // A level that comes later comes without what has traded before it.
    if (book.quantityAt(bookSide, price) !== 0) this.tradedUntold.set(bookSide * price, this.untold(bookSide, price) + quantity);
  }

  /** The level of a side shows `after` where it showed `before`: what trades do not explain was canceled, before and behind us. */
  levelChanged(bookSide: Side, price: Price, before: Quantity, after: Quantity, ts: number): void {
    if (!this.taken.isEmpty) this.taken.levelChanged(bookSide, price, after, ts);
    const traded = this.untold(bookSide, price);
    if (traded !== 0) this.tradedUntold.delete(bookSide * price);
    const { orders } = this.desk;
    if (orders.length === 0 || (after === 0 && this.isBeyond(bookSide, price))) return;
    const canceled = Math.max(0, before - after - traded);
    // What is left of the queue before the cancels, those included whom the recording has let go for lots that were ours.
    const shown = after + canceled + this.displacedAt(bookSide, price);
    for (let at = 0; at < orders.length; at += 1) {
      const order = orders[at]!;
      if (order.side !== bookSide || order.limitPrice !== price || actsAs(order) !== OrderType.LIMIT) continue;
      const front = Math.min(order.queueAhead, shown);
      order.queueAhead = canceled === 0 ? front : frontAfterCancel(this.rules.queue, front, shown - front, canceled);
    }
  }

  /** A row makes the book anew, with the others of its event. */
  noteMadeAnew(): void {
    this.isMadeAnew = true;
  }

  /** An event of the venue is complete: of a book of orders, what was traded has left it by now. */
  endEvent(ts: number): void {
    if (this.isMadeAnew && this.book.state === BookState.VALID) this.rejoin(ts);
    if (this.tradedUntold.size !== 0 && this.book.isByOrder) this.tradedUntold.clear();
  }

  /** The book was made anew: where our orders stand in it is not known, so they stand as far back as they can. What we took is still gone. */
  private rejoin(ts: number): void {
    const { book } = this;
    this.isMadeAnew = false;
    this.tradedUntold.clear();
    this.taken.madeAnew((bookSide, price) => book.quantityAt(bookSide, price), ts);
    for (const order of this.desk.orders) {
      order.queueJoinings = book.joinings;
      const { side, limitPrice } = order;
      if (!book.isByOrder && !this.isBeyond(side, limitPrice))
        order.queueAhead = Math.min(order.queueAhead, book.quantityAt(side, limitPrice) + this.displacedAt(side, limitPrice));
    }
  }

  /** Where our orders stand in its queues is saved with the orders. */
  saveState(): DepthDeskState {
    return {
      book: this.book.saveState(),
      taken: this.taken.saveState(),
      lastPrice: this.lastPrice,
      tradedUntold: [...this.tradedUntold],
      displaced: [...this.displaced],
      isMadeAnew: this.isMadeAnew,
    };
  }

  loadState(state: DepthDeskState): void {
    this.book.loadState(state.book);
    this.taken.loadState(state.taken);
    this.lastPrice = state.lastPrice;
    this.tradedUntold.clear();
    for (const [key, quantity] of state.tradedUntold) this.tradedUntold.set(key, quantity);
    this.displaced.clear();
    for (const [key, quantity] of state.displaced) this.displaced.set(key, quantity);
    this.isMadeAnew = state.isMadeAnew;
  }

  private recordedAhead(order: WorkingOrder): Quantity {
    const before = this.book.quantityBefore(order.side, order.limitPrice, order.queueJoinings);
    return Math.max(0, before - this.untold(order.side, order.limitPrice));
  }

  private displacedAt(side: Side, price: Price): Quantity {
    return this.displaced.get(side * price) ?? 0;
  }

  /** An order of ours, other than `except`, rests at the price. */
  private restsAt(side: Side, price: Price, except: WorkingOrder | null): boolean {
    for (const order of this.desk.orders) {
      if (order !== except && order.side === side && order.limitPrice === price && !order.isFresh && actsAs(order) === OrderType.LIMIT)
        return true;
    }
    return false;
  }

  private untold(bookSide: number, price: Price): Quantity {
    return this.tradedUntold.get(bookSide * price) ?? 0;
  }
}
