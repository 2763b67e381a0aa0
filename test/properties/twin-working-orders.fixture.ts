import type { Row } from './scenario.fixture.ts';
import { TwinHouse } from './twin-house.fixture.ts';
import type { Command, Report, TwinOrder } from './twin-order.fixture.ts';

/*
 * The orders that work at the twin's venue: what it takes in, and how one of them fills. See twin.fixture.ts.
 */

const DAY_US = 86_400_000_000;

export abstract class TwinWorkingOrders extends TwinHouse {
  protected book: TwinOrder[] = [];
  protected held = 0;
  /** Of a cash account, whose purchases it pays. */
  protected venueCash = this.cash;
  /** The account is being closed by force. */
  protected isClosing = false;
  protected bid = 0;
  protected ask = 0;
  protected last = 0;
  protected quoteTs = -1;
  protected tradeTs = -1;
  protected poolRow: Row | null = null;
  protected poolBuy = 0;
  protected poolSell = 0;
  /** The row whose path is being walked, and where its prices stand. */
  protected walk: { row: Row; isJump: boolean; startTs: number; eventTs: number; buyAt: number; sellAt: number } | null = null;

  /** What the venue says goes its way to the house. */
  protected abstract report(report: Report): void;
  /** What is asked of the venue goes its way to it. */
  protected abstract send(command: Command, dueTs: number): void;

  protected hasFillToTell(): boolean {
    return this.inbox.some(({ report }) => report.kind === 'fill');
  }

  protected perform(command: Command, ts: number): void {
    const { order } = command;
    if (command.kind === 'submit') this.accept(order, ts);
    else if (command.kind === 'judge') {
      if (this.book.includes(order)) this.judge(order, ts);
    } else if (!this.book.includes(order))
      this.report({ kind: command.kind === 'cancel' ? 'cancelRejected' : 'modifyRejected', order, ts });
    else if (command.kind === 'cancel') this.cancel(order, ts);
    else if (command.kind === 'modify') this.alter(order, command.change, ts);
  }

  protected accept(order: TwinOrder, ts: number): void {
    const { draft, venue } = order;
    const isLate = draft.timeInForce === 'GTD' && draft.expireTs < ts;
    const cannotReduce = draft.reduceOnly && this.reducible(draft.side) === 0;
    const wouldTake = draft.postOnly && draft.type === 'LIMIT' && this.isMarketable(order, venue.limit);
    if (this.isClosing || venue.isRefused)
      this.reach(this.isClosing ? 'order sent into a liquidation' : 'order on its way during a liquidation');
    if (this.isClosing || venue.isRefused || isLate || cannotReduce || wouldTake) return this.report({ kind: 'rejected', order, ts });
    if (draft.timeInForce === 'GTD') venue.lastTs = draft.expireTs;
    if (draft.timeInForce === 'DAY') venue.lastTs = (Math.floor(ts / DAY_US) + 1) * DAY_US;
    venue.sinceTs = this.walk === null ? ts : 0;
    this.book.push(order);
    this.report({ kind: 'accepted', order, ts });
    if (venue.isSized || !this.hasFillToTell()) return this.judge(order, ts);
    this.reach('order sized once the fill before it is known');
    this.send({ kind: 'judge', order }, ts);
  }

  protected alter(order: TwinOrder, change: { quantity: number; limit: number; stop: number }, ts: number): void {
    const { venue, draft } = order;
    const stop = venue.isTriggered ? venue.stop : change.stop;
    if (draft.postOnly && this.acts(order) === 'LIMIT' && this.isMarketable(order, change.limit))
      return this.report({ kind: 'modifyRejected', order, ts });
    const losesPlace = change.limit !== venue.limit || stop !== venue.stop || change.quantity > venue.quantity;
    [venue.quantity, venue.limit, venue.stop] = [Math.max(change.quantity, venue.filled), change.limit, stop];
    this.report({ kind: 'modified', order, ts, quantity: venue.quantity, limit: venue.limit, stop: venue.stop });
    if (venue.quantity === venue.filled) return this.leave(order);
    if (!losesPlace) return;
    this.leave(order);
    this.book.push(order);
    venue.sinceTs = this.walk === null ? ts : 0;
    venue.isFirstChance = this.acts(order) !== 'STOP';
    this.judge(order, ts);
  }

  protected judge(order: TwinOrder, ts: number): void {
    const price = this.priceNow(order.draft.side);
    const acts = this.acts(order);
    const isAtOnce = ['thisClose', 'last', 'touch'].includes(this.s.rules.market);
    const mayTrade = price !== 0 && (isAtOnce || this.walk !== null);
    if (acts === 'STOP') {
      if (mayTrade && order.draft.side * (price - order.venue.stop) >= 0) this.trigger(order, price, ts);
    } else if (acts === 'MARKET') {
      if (mayTrade && isAtOnce) this.take(order, price, ts);
      else if (this.walk !== null) order.venue.sitsOut = this.walk.row;
    } else if (mayTrade && this.isMarketable(order, order.venue.limit)) this.take(order, price, ts);
    else if (mayTrade && this.isImmediate(order)) this.kill(order, ts);
    else if (price !== 0 && !this.isImmediate(order) && !this.isMarketable(order, order.venue.limit)) order.venue.isFirstChance = false;
  }

  protected trigger(order: TwinOrder, price: number, ts: number): void {
    order.venue.isTriggered = true;
    this.report({ kind: 'triggered', order, ts });
    if (order.draft.type === 'STOP') return this.take(order, price, ts);
    const isThere = order.draft.side * (price - order.venue.limit) <= 0;
    if (this.s.rules.triggeredLimit === 'nextBar' && this.walk?.row.kind === 'bar') {
      order.venue.sitsOut = this.walk.row;
      order.venue.isFirstChance = isThere || this.isImmediate(order);
    } else if (isThere) this.take(order, price, ts);
    else if (this.isImmediate(order)) this.kill(order, ts);
  }

  protected take(order: TwinOrder, price: number, ts: number): void {
    this.execute(order, price, true, ts);
    order.venue.isFirstChance = true;
    if (this.isImmediate(order) && this.book.includes(order)) this.kill(order, ts);
  }

  protected execute(order: TwinOrder, price: number, isTaker: boolean, ts: number): void {
    const { draft, venue } = order;
    if (isTaker && draft.postOnly) return this.cancel(order, ts);
    if (this.available(order) === 0) return;
    let finalQuantity: number | undefined;
    if (!venue.isSized) {
      finalQuantity = this.sizeAt(order, this.slipped(order, price));
      if (finalQuantity === 0) return this.cancel(order, ts);
      venue.quantity = finalQuantity;
      venue.isSized = true;
    }
    const leaves = venue.quantity - venue.filled;
    const wanted = draft.reduceOnly ? Math.min(leaves, this.reducible(draft.side)) : leaves;
    if (wanted === 0) return this.cancel(order, ts);
    const quantity = this.available(order, wanted);
    if (draft.timeInForce === 'FOK' && quantity < leaves) return this.kill(order, ts);
    if (quantity === 0) return;
    const fillPrice = isTaker ? this.slipped(order, price) : price;
    const paid = this.paidOf(order, fillPrice, quantity, isTaker);
    if (paid < quantity) {
      this.reach('purchase that the cash does not pay');
      if (paid > 0 && draft.timeInForce !== 'FOK') this.fill(order, fillPrice, paid, isTaker, ts, finalQuantity);
      return this.cancel(order, ts);
    }
    this.fill(order, fillPrice, quantity, isTaker, ts, finalQuantity);
    if (venue.filled === venue.quantity) this.leave(order);
    else if (draft.timeInForce === 'IOC') this.kill(order, ts);
    this.cancelPointless(ts);
  }

  /** What a cash account can pay of a purchase: a lot less, until value and commission are there. */
  protected paidOf({ draft, venue }: TwinOrder, price: number, quantity: number, isTaker: boolean): number {
    if (this.s.account.type !== 'CASH' || draft.side < 0) return quantity;
    const { lot } = this.s.instrument;
    const costs = (bought: number): bigint =>
      this.value(price, bought) + this.feeOf(price, bought, isTaker, Math.min(bought, this.reducible(1)), venue.filled, venue.valueFilled);
    let paid = quantity;
    while (paid > 0 && costs(paid) > this.venueCash) paid -= paid % lot === 0 ? lot : paid % lot;
    return paid;
  }

  protected executed(order: TwinOrder, price: number, quantity: number, isTaker: boolean, ts: number): Report {
    const { draft, venue } = order;
    const commission = this.feeOf(
      price,
      quantity,
      isTaker,
      Math.min(quantity, this.reducible(draft.side)),
      venue.filled,
      venue.valueFilled,
    );
    this.held += draft.side * quantity;
    this.venueCash -= BigInt(draft.side) * this.value(price, quantity) + commission;
    venue.filled += quantity;
    venue.valueFilled += this.value(price, quantity);
    return { kind: 'fill', order, ts, quantity, price, commission, isMaker: !isTaker };
  }

  protected fill(order: TwinOrder, price: number, quantity: number, isTaker: boolean, ts: number, finalQuantity?: number): void {
    const { draft } = order;
    this.report({ ...this.executed(order, price, quantity, isTaker, ts), finalQuantity });
    if (this.s.rules.volumeShare === null) return;
    const isQuote = this.poolRow?.kind === 'quote';
    if (draft.side > 0 || !isQuote) this.poolBuy -= quantity;
    if (draft.side < 0 || !isQuote) this.poolSell -= quantity;
  }

  /** Reduce-only orders that no position is left for. */
  protected cancelPointless(ts: number): void {
    for (const order of [...this.book]) if (order.draft.reduceOnly && this.reducible(order.draft.side) === 0) this.cancel(order, ts);
  }

  protected cancel(order: TwinOrder, ts: number): void {
    this.leave(order);
    this.report({ kind: 'canceled', order, ts });
  }

  /** An IOC or FOK order whose chance has gone by. */
  protected kill(order: TwinOrder, ts: number): void {
    this.cancel(order, ts);
  }

  protected leave(order: TwinOrder): void {
    this.book = this.book.filter((other) => other !== order);
  }

  protected acts(order: TwinOrder): 'MARKET' | 'LIMIT' | 'STOP' {
    const { type } = order.draft;
    if (type === 'MARKET' || type === 'LIMIT') return type;
    return order.venue.isTriggered ? (type === 'STOP' ? 'MARKET' : 'LIMIT') : 'STOP';
  }

  protected isMarketable(order: TwinOrder, limit: number): boolean {
    const price = this.priceNow(order.draft.side);
    return price !== 0 && order.draft.side * (price - limit) <= 0;
  }

  /** Where the price must go for a limit order to fill. */
  protected goal(order: TwinOrder): number {
    const through = order.venue.isFirstChance ? 0 : this.s.rules.throughTicks * this.s.instrument.tick;
    return order.venue.limit - order.draft.side * through;
  }

  protected priceInWalk(order: TwinOrder): number {
    return order.draft.side > 0 ? this.walk!.buyAt : this.walk!.sellAt;
  }

  protected priceNow(side: 1 | -1): number {
    if (this.walk !== null) return side > 0 ? this.walk.buyAt : this.walk.sellAt;
    const touch = side > 0 ? this.ask : this.bid;
    const { market } = this.s.rules;
    if (market === 'last' || market === 'thisClose') return this.last !== 0 ? this.last : touch;
    return touch !== 0 && (this.quoteTs >= this.tradeTs || this.last === 0) ? touch : this.last;
  }

  protected available(order: TwinOrder, wanted = order.venue.quantity - order.venue.filled): number {
    const pool = order.draft.side > 0 ? this.poolBuy : this.poolSell;
    return pool >= wanted ? wanted : Math.floor(pool / this.s.instrument.lot) * this.s.instrument.lot;
  }

  protected reducible(side: 1 | -1): number {
    return Math.max(0, -side * this.held);
  }

  protected slipped(order: TwinOrder, price: number): number {
    const { side } = order.draft;
    const { tick } = this.s.instrument;
    if (this.s.rules.slippageTicks === 0) return price;
    const worse = Math.max(tick, price + side * this.s.rules.slippageTicks * tick);
    if (order.venue.limit === 0) return worse;
    return side > 0 ? Math.min(worse, order.venue.limit) : Math.max(worse, order.venue.limit);
  }
}
