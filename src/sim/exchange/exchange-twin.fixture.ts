import {
  ExchangeOrderType as Type,
  ExchangeReason as Reason,
  ExchangeTimeInForce as Tif,
  type NewExchangeOrder,
  SelfTradePrevention as Stp,
  TradingPhase as Phase,
} from './exchange-order.ts';
import { ReportKind as Kind } from './exchange-reports.ts';
import { auctionPrice, auctionQueue } from './exchange-twin-auction.fixture.ts';
import {
  isLimit,
  isReached,
  trailingStop,
  type TwinOrder,
  type TwinReport,
  type TwinState,
  waitsForRise,
} from './exchange-twin-order.fixture.ts';
import { modifyRefusalOf, refusalOf } from './exchange-twin-rules.fixture.ts';

/**
 * The slow, obvious exchange: one list of orders, sorted whenever the first of something is wanted. It shares no code with the engine but the words. What it
 * refuses is in exchange-twin-rules, how an auction finds its price in exchange-twin-auction.
 */
export class ExchangeTwin implements TwinState {
  reports: TwinReport[] = [];
  orders: TwinOrder[] = [];
  phase: Phase;
  last = Number.NaN;
  now = 0;
  low = -Infinity;
  high = Infinity;
  positions = new Map<number, number>();
  private lastId = 0;
  private turns = 0;
  private woken: TwinOrder[] = [];
  readonly ownersMax: number;
  readonly ordersMax: number;

  constructor(options: { readonly phase?: Phase; readonly ownersMax: number; readonly ordersMax: number }) {
    this.phase = options.phase ?? Phase.CONTINUOUS;
    this.ownersMax = options.ownersMax;
    this.ordersMax = options.ordersMax;
  }

  submit(asked: NewExchangeOrder): number {
    const id = (this.lastId += 1);
    const order: TwinOrder = {
      ...asked,
      id,
      leaves: asked.orderQty,
      shown: asked.orderQty,
      filled: 0,
      turn: (this.turns += 1),
      where: 'moving',
      triggered: false,
    };
    const refusal = refusalOf(this, order);
    if (refusal !== Reason.NONE) {
      this.say(Kind.REJECTED, id, asked.orderQty, refusal);
      return id;
    }
    if (order.isReduceOnly) order.leaves = order.shown = Math.min(order.leaves, this.reducible(order.owner, order.side));
    this.say(Kind.ACCEPTED, id, order.leaves);
    this.orders.push(order);
    this.enter(order);
    this.drain();
    return id;
  }

  cancel(id: number): boolean {
    const order = this.find(id);
    if (order === undefined) this.say(Kind.CANCEL_REJECTED, id, 0, Reason.UNKNOWN_ORDER);
    else this.end(order, Kind.CANCELED, Reason.REQUESTED);
    return order !== undefined;
  }

  modify(id: number, orderQty: number, limitPrice: number, stopPrice: number): boolean {
    const order = this.find(id);
    const refusal = order === undefined ? Reason.UNKNOWN_ORDER : modifyRefusalOf(this, order, orderQty, limitPrice, stopPrice);
    if (order === undefined || refusal !== Reason.NONE) {
      this.say(Kind.MODIFY_REJECTED, id, orderQty, refusal);
      return false;
    }
    let leaves = orderQty - order.filled;
    if (order.isReduceOnly) leaves = Math.min(leaves, this.reducible(order.owner, order.side));
    if (leaves <= 0) {
      this.end(order, Kind.CANCELED, orderQty <= order.filled ? Reason.ALREADY_FILLED : Reason.REDUCE_ONLY);
      return true;
    }
    this.say(Kind.MODIFIED, id, leaves);
    const trailing = order.orderType === Type.TRAILING_STOP;
    if (order.where === 'waiting') {
      const sameStop = trailing || stopPrice === order.stopPrice;
      order.leaves = order.shown = leaves;
      order.limitPrice = limitPrice;
      if (!sameStop) {
        order.stopPrice = stopPrice;
        order.turn = this.turns += 1;
        order.where = 'moving';
        this.enter(order);
      }
    } else if (limitPrice === order.limitPrice && leaves <= order.leaves) {
      // What it hides goes first.
      const hidden = order.leaves - order.shown;
      const off = order.leaves - leaves;
      order.shown -= Math.max(0, off - hidden);
      order.leaves = leaves;
    } else {
      order.limitPrice = limitPrice;
      order.leaves = order.shown = leaves;
      order.turn = this.turns += 1;
      order.where = 'moving';
      this.enter(order);
    }
    this.drain();
    return true;
  }

  advanceTo(ts: number): void {
    this.now = ts;
    const expired = this.orders.filter((order) => order.timeInForce === Tif.GTD && order.expireTs <= ts);
    for (const order of expired.sort((a, b) => a.expireTs - b.expireTs || a.id - b.id)) this.end(order, Kind.EXPIRED);
  }

  setPriceBand(low: number, high: number): void {
    this.low = low;
    this.high = high;
    const outside = this.orders.filter(
      (order) =>
        (order.where === 'book' || (order.where === 'held' && isLimit(order))) && (order.limitPrice < low || order.limitPrice > high),
    );
    for (const order of outside.sort((a, b) => a.id - b.id)) this.end(order, Kind.CANCELED, Reason.PRICE_BAND);
  }

  setPhase(phase: Phase): void {
    if (phase === Phase.CONTINUOUS && this.phase !== Phase.CLOSED) this.auction(true);
    if (phase === Phase.CLOSED && this.phase === Phase.CLOSING) this.auction(false);
    this.phase = phase;
    if (phase === Phase.CLOSING) {
      for (const order of this.orders.filter(({ where }) => where === 'held').sort((a, b) => a.turn - b.turn)) {
        order.turn = this.turns += 1;
        this.enter(order);
      }
    }
    if (phase === Phase.CONTINUOUS || phase === Phase.CLOSED) {
      for (const order of [...this.orders].sort((a, b) => a.id - b.id)) {
        if (order.timeInForce === Tif.OPG || (order.timeInForce === Tif.CLO && phase === Phase.CLOSED))
          this.end(order, Kind.EXPIRED, Reason.AUCTION_OVER);
        else if (order.timeInForce === Tif.DAY && phase === Phase.CLOSED) this.end(order, Kind.EXPIRED);
        else if (order.where === 'auction') this.end(order, Kind.CANCELED, Reason.AUCTION_OVER);
      }
    }
    this.drain();
  }

  /** Resting orders of a side, the best first. */
  book(side: number): TwinOrder[] {
    return this.orders
      .filter((order) => order.where === 'book' && order.side === side)
      .sort((a, b) => (b.limitPrice - a.limitPrice) * side || a.turn - b.turn);
  }

  private enter(order: TwinOrder): void {
    const type = order.orderType;
    if (!order.triggered && type !== Type.MARKET && type !== Type.LIMIT) {
      if (type !== Type.TRAILING_STOP && this.phase === Phase.CONTINUOUS && isReached(order, this.last)) return this.activate(order);
      order.where = 'waiting';
      if (type === Type.TRAILING_STOP) order.stopPrice = trailingStop(order, this.last);
    } else if (order.timeInForce === Tif.CLO && this.phase !== Phase.CLOSING) order.where = 'held';
    else if (this.phase === Phase.CONTINUOUS) this.execute(order);
    else if (isLimit(order)) this.rest(order);
    else order.where = 'auction';
  }

  private rest(order: TwinOrder): void {
    order.where = 'book';
    order.shown = order.displayQty > 0 ? Math.min(order.displayQty, order.leaves) : order.leaves;
  }

  private activate(order: TwinOrder): void {
    order.where = 'moving';
    order.triggered = true;
    this.say(Kind.TRIGGERED, order.id, order.leaves);
    order.turn = this.turns += 1;
    if (!isLimit(order)) this.execute(order);
    else if (order.limitPrice < this.low || order.limitPrice > this.high) this.end(order, Kind.CANCELED, Reason.PRICE_BAND);
    else if (order.isPostOnly && this.wouldTake(order, order.limitPrice)) this.end(order, Kind.CANCELED, Reason.WOULD_TAKE);
    else this.execute(order);
  }

  private drain(): void {
    if (this.phase !== Phase.CONTINUOUS) return;
    for (let order = this.woken.shift(); order !== undefined; order = this.woken.shift()) this.activate(order);
  }

  private execute(order: TwinOrder): void {
    order.where = 'moving';
    if (order.timeInForce === Tif.FOK && this.best(order) !== undefined && !this.isFillable(order))
      return this.end(order, Kind.CANCELED, Reason.NOT_FILLABLE);
    for (let maker = this.best(order); maker !== undefined && order.leaves > 0; maker = this.best(order)) {
      if (order.owner !== 0 && order.selfTrade !== Stp.NONE && maker.owner === order.owner) this.selfTrade(order, maker);
      else this.trade(order, maker);
    }
    if (order.leaves === 0) this.drop(order);
    else if (isLimit(order) && order.timeInForce !== Tif.IOC && order.timeInForce !== Tif.FOK) this.rest(order);
    else {
      const isBand = !isLimit(order) && this.book(-order.side).length > 0;
      this.end(order, Kind.CANCELED, isBand ? Reason.PRICE_BAND : Reason.NO_LIQUIDITY);
    }
  }

  /** The resting order that this one would trade with. */
  private best(order: TwinOrder): TwinOrder | undefined {
    const maker = this.book(-order.side)[0];
    if (maker === undefined) return undefined;
    const limit = isLimit(order) ? order.limitPrice : order.side > 0 ? this.high : this.low;
    return (order.side > 0 ? maker.limitPrice <= limit : maker.limitPrice >= limit) ? maker : undefined;
  }

  private trade(taker: TwinOrder, maker: TwinOrder): void {
    const quantity = Math.min(taker.leaves, maker.shown);
    const price = maker.limitPrice;
    this.reports.push([Kind.TRADE, maker.id, taker.id, price, quantity, taker.side]);
    taker.leaves -= quantity;
    taker.filled += quantity;
    maker.leaves -= quantity;
    maker.shown -= quantity;
    maker.filled += quantity;
    if (maker.leaves === 0) this.drop(maker);
    else if (maker.shown === 0) {
      maker.shown = Math.min(maker.displayQty, maker.leaves);
      maker.turn = this.turns += 1;
    }
    this.print(price, true);
    this.hold(taker.side > 0 ? taker : maker, taker.side > 0 ? maker : taker, quantity);
  }

  private hold(buyer: TwinOrder, seller: TwinOrder, quantity: number): void {
    for (const [{ owner }, change] of [
      [buyer, quantity],
      [seller, -quantity],
    ] as const)
      if (owner !== 0) this.positions.set(owner, (this.positions.get(owner) ?? 0) + change);
    for (const owner of new Set([buyer.owner, seller.owner])) {
      for (const order of this.orders
        .filter((each) => each.isReduceOnly && each.owner === owner && owner !== 0)
        .sort((a, b) => a.id - b.id)) {
        const excess = order.leaves - this.reducible(owner, order.side);
        if (excess > 0) this.cut(order, excess, Reason.REDUCE_ONLY);
      }
    }
  }

  private cut(order: TwinOrder, lots: number, reason: Reason): void {
    const isAll = lots === order.leaves;
    this.say(isAll ? Kind.CANCELED : Kind.REDUCED, order.id, lots, reason);
    const hidden = order.leaves - order.shown;
    order.leaves -= lots;
    order.shown = order.where === 'moving' ? order.leaves : order.shown - Math.max(0, lots - hidden);
    if (isAll && order.where !== 'moving') this.drop(order);
  }

  private selfTrade(taker: TwinOrder, maker: TwinOrder): void {
    const mode = taker.selfTrade;
    if (mode === Stp.DECREMENT) {
      const lots = Math.min(taker.leaves, maker.leaves);
      this.cut(maker, lots, Reason.SELF_TRADE);
      this.cut(taker, lots, Reason.SELF_TRADE);
    }
    if (mode === Stp.CANCEL_OLDEST || mode === Stp.CANCEL_BOTH) this.end(maker, Kind.CANCELED, Reason.SELF_TRADE);
    if (mode === Stp.CANCEL_NEWEST || mode === Stp.CANCEL_BOTH) this.cut(taker, taker.leaves, Reason.SELF_TRADE);
  }

  private isFillable(order: TwinOrder): boolean {
    let found = 0;
    for (const maker of this.book(-order.side)) {
      const limit = isLimit(order) ? order.limitPrice : order.side > 0 ? this.high : this.low;
      if (order.side > 0 ? maker.limitPrice > limit : maker.limitPrice < limit) break;
      if (order.owner !== 0 && order.selfTrade !== Stp.NONE && maker.owner === order.owner) {
        if (order.selfTrade !== Stp.CANCEL_OLDEST) return false;
      } else if (!maker.isReduceOnly) found += maker.leaves;
      if (found >= order.leaves) return true;
    }
    return false;
  }

  private print(price: number, wakes: boolean): void {
    this.last = price;
    if (!wakes) return;
    const waiting = this.orders.filter(({ where }) => where === 'waiting');
    for (const order of waiting.filter(({ orderType }) => orderType === Type.TRAILING_STOP).sort((a, b) => a.id - b.id)) {
      const stop = trailingStop(order, price);
      if (Number.isNaN(order.stopPrice) || (order.side > 0 ? stop < order.stopPrice : stop > order.stopPrice)) {
        order.stopPrice = stop;
        order.turn = this.turns += 1;
      }
    }
    const reached = waiting.filter((order) => isReached(order, price));
    const rising = reached.filter((order) => waitsForRise(order)).sort((a, b) => a.stopPrice - b.stopPrice || a.turn - b.turn);
    const falling = reached.filter((order) => !waitsForRise(order)).sort((a, b) => b.stopPrice - a.stopPrice || a.turn - b.turn);
    for (const order of [...rising, ...falling]) {
      order.where = 'woken';
      this.woken.push(order);
    }
  }

  private auction(wakes: boolean): void {
    for (;;) {
      const price = auctionPrice(this);
      if (price === null) return;
      for (;;) {
        const buy = auctionQueue(this, 1).find((order) => order.where === 'auction' || order.limitPrice >= price);
        const sell = auctionQueue(this, -1).find((order) => order.where === 'auction' || order.limitPrice <= price);
        if (buy === undefined || sell === undefined) break;
        const quantity = Math.min(buy.leaves, sell.leaves);
        this.reports.push([Kind.TRADE, buy.id, sell.id, price, quantity, 0]);
        for (const order of [buy, sell]) {
          order.leaves -= quantity;
          order.filled += quantity;
          order.shown = order.where === 'book' && order.displayQty > 0 ? Math.min(order.displayQty, order.leaves) : order.leaves;
          if (order.leaves === 0) this.drop(order);
        }
        this.hold(buy, sell, quantity);
      }
      this.print(price, wakes);
    }
  }

  reducible(owner: number, side: number): number {
    return Math.max(0, -side * (this.positions.get(owner) ?? 0));
  }

  wouldTake(order: TwinOrder, limitPrice: number): boolean {
    const maker = this.book(-order.side)[0];
    if (maker === undefined || this.phase !== Phase.CONTINUOUS) return false;
    return order.side > 0 ? maker.limitPrice <= limitPrice : maker.limitPrice >= limitPrice;
  }

  private find(id: number): TwinOrder | undefined {
    return this.orders.find((order) => order.id === id);
  }

  private end(order: TwinOrder, kind: Kind, reason: Reason = Reason.NONE): void {
    this.say(kind, order.id, order.leaves, reason);
    this.drop(order);
  }

  private drop(order: TwinOrder): void {
    this.orders = this.orders.filter((each) => each !== order);
    this.woken = this.woken.filter((each) => each !== order);
  }

  private say(kind: Kind, id: number, quantity: number, reason: Reason = Reason.NONE): void {
    this.reports.push([kind, id, 0, 0, quantity, reason]);
  }
}
