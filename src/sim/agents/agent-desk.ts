import { IdIndex } from '../../book/id-index.ts';
import { portableExp, portableLog } from '../../base/elementary.ts';
import type { Random } from '../../base/random.ts';
import type { Side } from '../../model/order.ts';
import { ExchangeOrderType, ExchangeTimeInForce, plainOrder } from '../exchange/exchange-order.ts';
import type { MatchingEngine } from '../exchange/matching-engine.ts';

const QUANTILES = 1024;

/** Quantiles of a Pareto distribution: at least `scale`, P(X > x) = (scale/x)^shape. */
function paretoQuantiles(scale: number, shape: number): Float64Array {
  return Float64Array.from({ length: QUANTILES }, (_, at) => scale * portableExp(-portableLog(1 - (at + 0.5) / QUANTILES) / shape));
}

/**
 * Sizes in units of the typical one: tail exponent 1.5. Source: P. Gopikrishnan et al., Physical Review E 62, 2000.
 */
const SIZES = paretoQuantiles(0.5, 1.5);
/** Distances behind the best price, in units of a scale, before 1 is taken off: tail exponent 1. Source: J.-P. Bouchaud et al., Quantitative Finance 2, 2002. */
const DISTANCES = paretoQuantiles(1, 1);

/**
 * How agents reach the exchange: an order form that is used again, and who has which order. Resting orders of background traders stand in a list from
 * which any is drawn at equal chance; those of market makers carry minus the number of the quote.
 */
export class AgentDesk {
  readonly engine: MatchingEngine;
  /** Resting orders of background traders. */
  backgroundCount = 0;
  private backgroundIds = new Int32Array(1024);
  /** By id: place in the list plus 1, or minus the number of a quote. */
  private readonly owners = new IdIndex();
  private readonly random: Random;
  private readonly quantityTypical: number;
  private readonly form = plainOrder();

  constructor(engine: MatchingEngine, random: Random, quantityTypical: number) {
    this.engine = engine;
    this.random = random;
    this.quantityTypical = quantityTypical;
  }

  /** Highest bid, or lowest ask, in increments; of an empty side −Infinity, or Infinity. */
  best(side: number): number {
    const { bids, asks } = this.engine.book;
    return side > 0 ? -bids.bestKey : asks.bestKey;
  }

  /** Lots shown at the best price of a side. */
  bestQty(side: number): number {
    const { bids, asks } = this.engine.book;
    const ladder = side > 0 ? bids : asks;
    return ladder.best < 0 ? 0 : ladder.quantity[ladder.best]!;
  }

  /** Lots to buy that wait for an auction without a limit, less those to sell. */
  waitingQty(): number {
    const { orders, marketBuys, marketSells } = this.engine.book;
    let lots = 0;
    for (const slot of marketBuys) lots += orders.leavesQty(slot);
    for (const slot of marketSells) lots -= orders.leavesQty(slot);
    return lots;
  }

  /** Lots: the middle lies near `scale` times the typical quantity. */
  drawQty(scale: number): number {
    const { random } = this;
    return Math.max(1, Math.round(SIZES[random.nextUint32() >>> 22]! * scale * this.quantityTypical));
  }

  /** A distance behind the best price, in units of a scale: 0 is the commonest, and it may be many. */
  drawDistance(): number {
    return DISTANCES[this.random.nextUint32() >>> 22]! - 1;
  }

  /** Takes what is at a price or better; the rest ends. In continuous trading only. */
  takeUpTo(side: Side, limitPrice: number, orderQty: number): void {
    this.form.timeInForce = ExchangeTimeInForce.IOC;
    this.limit(side, limitPrice, orderQty);
    this.form.timeInForce = ExchangeTimeInForce.GTC;
  }

  /** @returns the order's id */
  limit(side: Side, limitPrice: number, orderQty: number): number {
    const { form } = this;
    form.orderType = ExchangeOrderType.LIMIT;
    form.side = side;
    form.limitPrice = limitPrice;
    form.orderQty = orderQty;
    return this.engine.submit(form);
  }

  market(side: Side, orderQty: number): number {
    const { form } = this;
    form.orderType = ExchangeOrderType.MARKET;
    form.side = side;
    form.limitPrice = 0;
    form.orderQty = orderQty;
    return this.engine.submit(form);
  }

  /** The order of a background trader rests, unless it has ended already. */
  keepBackground(id: number): void {
    if (this.engine.book.orders.index.get(id) === 0) return;
    if (this.backgroundCount === this.backgroundIds.length) {
      const { backgroundIds } = this;
      this.backgroundIds = new Int32Array(backgroundIds.length * 2);
      this.backgroundIds.set(backgroundIds);
    }
    this.backgroundIds[this.backgroundCount] = id;
    this.backgroundCount += 1;
    this.owners.add(id, this.backgroundCount);
  }

  keepQuote(id: number, quote: number): void {
    this.owners.add(id, -quote);
  }

  /** Above 0 of background traders; minus the number of a quote; 0 of nobody here. */
  ownerOf(id: number): number {
    return this.owners.get(id);
  }

  /** Cancels the first order of the best price of a side, where a background trader has it. */
  cancelBest(side: number): boolean {
    const { book } = this.engine;
    const slot = (side > 0 ? book.bids : book.asks).bestOrder;
    if (slot === 0) return false;
    const id = book.orders.id(slot);
    return this.owners.get(id) > 0 && this.engine.cancel(id);
  }

  cancelAnyBackground(): void {
    this.engine.cancel(this.backgroundIds[this.random.nextBelow(this.backgroundCount)]!);
  }

  /** An order has ended. */
  forget(id: number): void {
    const place = this.owners.delete(id);
    if (place <= 0) return;
    const last = this.backgroundIds[this.backgroundCount - 1]!;
    this.backgroundCount -= 1;
    if (last === id) return;
    this.backgroundIds[place - 1] = last;
    this.owners.delete(last);
    this.owners.add(last, place);
  }
}
