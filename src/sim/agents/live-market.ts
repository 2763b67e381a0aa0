import { assert } from '../../base/assert.ts';
import { BookAction } from '../../model/book-delta.ts';
import type { NewExchangeOrder } from '../exchange/exchange-order.ts';
import {
  REPORT_BITS,
  REPORT_KIND,
  REPORT_ORDER_ID,
  REPORT_OTHER_ID,
  REPORT_PRICE,
  REPORT_QUANTITY,
  REPORT_REASON,
  ReportKind,
} from '../exchange/exchange-reports.ts';
import { AgentMarket } from './agent-market.ts';
import type { AgentMarketSettings } from './agent-settings.ts';
import type { DeltaRows } from './delta-rows.ts';
import { OrderTape } from './order-tape.ts';

/** Who hears what happens in a live market. Prices in increments, quantities in lots; times in microseconds since the epoch. */
export interface LiveMarketListener {
  /**
   * Something has become of an order from outside. `kind` and `reason` as the exchange says them; of trades `quantity` at `price`, each of the two
   * orders for itself, and `isMaker` where it rested (in an auction nobody rests).
   */
  onReport(report: LiveReport): void;
  /** A trade of anybody; `aggressorSide` 0 in an auction. */
  onTrade(ts: number, price: number, quantity: number, aggressorSide: number): void;
  /** Changes of the book, order by order; GAP where a gap begins, a snapshot where it ends. The rows are used again. */
  onBook(ts: number, rows: DeltaRows): void;
}

export interface LiveReport {
  readonly ts: number;
  readonly owner: number;
  readonly orderId: number;
  readonly kind: ReportKind;
  readonly price: number;
  readonly quantity: number;
  readonly reason: number;
  readonly isMaker: boolean;
}

/**
 * A market of agents that runs as the caller's clock does, and in which others trade too. Their orders stand in the same queues, behind what was there
 * before; agents meet them in the book and answer them.
 *
 * Time is what the caller says: {@link advanceTo} lets happen what is due. An order from outside comes at the time given, or a microsecond or two later
 * where something else has just happened. With the same settings and the same calls the market is the same.
 */
export class LiveMarket {
  readonly market: AgentMarket;
  private readonly tape: OrderTape;
  private readonly listener: LiveMarketListener;
  /** By id: whose order it is. Of orders that have not ended. */
  private readonly owners = new Map<number, number>();
  private wasDark = false;

  /** The first thing that the listener hears is a snapshot of the book. */
  constructor(settings: AgentMarketSettings, listener: LiveMarketListener) {
    this.market = new AgentMarket(settings);
    this.tape = new OrderTape(this.market.engine);
    this.listener = listener;
    this.tape.snapshot();
    listener.onBook(this.market.ts, this.tape.rows);
  }

  /** When agents do something next, or an order's time comes; a caller that sleeps until then misses nothing. */
  get nextTs(): number {
    return Math.min(this.market.nextTs, this.market.engine.nextExpiryTs);
  }

  /** Orders from outside that have not ended. */
  get openOrders(): number {
    return this.owners.size;
  }

  /** Lets happen what is due up to `ts`, inclusive. */
  advanceTo(ts: number): void {
    assert(Number.isSafeInteger(ts), 'time is a whole number of microseconds');
    const { market } = this;
    while (this.nextTs <= ts) {
      if (market.engine.nextExpiryTs < market.nextTs) this.interrupt(market.engine.nextExpiryTs);
      else {
        market.step();
        this.tell();
      }
    }
  }

  /**
   * Sends an order. What becomes of it at once is told before this returns.
   *
   * @param order `owner` is 1 to the engine's most: agents are nobody
   * @returns its id, also where it is refused
   */
  submit(ts: number, order: NewExchangeOrder): number {
    assert(order.owner >= 1, 'an order from outside has an owner');
    this.comeTo(ts);
    const id = this.market.engine.submit(order);
    this.owners.set(id, order.owner);
    this.conclude();
    return id;
  }

  /**
   * @param orderQty the whole order's, what has filled included
   * @returns false where the owner has no such order, or the exchange refuses, which is told
   */
  modify(ts: number, owner: number, orderId: number, orderQty: number, limitPrice: number, stopPrice = 0): boolean {
    if (this.owners.get(orderId) !== owner) return false;
    this.comeTo(ts);
    const isDone = this.market.engine.modify(orderId, orderQty, limitPrice, stopPrice);
    this.conclude();
    return isDone;
  }

  /** @returns false where the owner has no such order (any more) */
  cancel(ts: number, owner: number, orderId: number): boolean {
    if (this.owners.get(orderId) !== owner) return false;
    this.comeTo(ts);
    const isDone = this.market.engine.cancel(orderId);
    this.conclude();
    return isDone;
  }

  /** Agents come first where they are due by then. */
  private comeTo(ts: number): void {
    this.advanceTo(ts);
    this.interrupt(ts);
  }

  /** Time comes to `ts` between two things that agents do: orders expire. */
  private interrupt(ts: number): void {
    this.market.interrupt(ts);
    if (this.market.engine.reports.length !== 0) this.conclude();
  }

  private conclude(): void {
    this.market.settle();
    this.tell();
    this.market.engine.reports.clear();
  }

  private tell(): void {
    const { market, listener, tape } = this;
    const { length, rows } = market.engine.reports;
    for (let report = 0; report < length && this.owners.size !== 0; report += 1) this.tellOwners(rows, report << REPORT_BITS);
    if (market.isDark) {
      if (!this.wasDark) this.tellGap();
      return;
    }
    if (this.wasDark) {
      this.wasDark = false;
      tape.snapshot();
      listener.onBook(market.ts, tape.rows);
      return;
    }
    if (length === 0) return;
    for (let report = 0; report < length; report += 1) {
      const at = report << REPORT_BITS;
      if (rows[at | REPORT_KIND] === ReportKind.TRADE)
        listener.onTrade(market.ts, rows[at | REPORT_PRICE]!, rows[at | REPORT_QUANTITY]!, rows[at | REPORT_REASON]!);
    }
    tape.follow();
    if (tape.rows.length !== 0) listener.onBook(market.ts + 1, tape.rows);
  }

  /** From here on nothing of the book or of trades is told until a snapshot. */
  private tellGap(): void {
    const { market, listener, tape } = this;
    this.wasDark = true;
    tape.rows.clear();
    tape.rows.add(BookAction.GAP, 0, 0, 0, 0);
    listener.onBook(market.ts, tape.rows);
  }

  private tellOwners(rows: Float64Array, at: number): void {
    this.tellOwner(rows, at, rows[at | REPORT_ORDER_ID]!, rows[at | REPORT_REASON] !== 0);
    if (rows[at | REPORT_KIND] === ReportKind.TRADE) this.tellOwner(rows, at, rows[at | REPORT_OTHER_ID]!, false);
  }

  private tellOwner(rows: Float64Array, at: number, orderId: number, isFirst: boolean): void {
    const owner = this.owners.get(orderId);
    if (owner === undefined) return;
    const kind = rows[at | REPORT_KIND] as ReportKind;
    const isTrade = kind === ReportKind.TRADE;
    if (this.market.engine.book.orders.index.get(orderId) === 0 && this.isLast(orderId, at)) this.owners.delete(orderId);
    this.listener.onReport({
      ts: this.market.ts,
      owner,
      orderId,
      kind,
      price: rows[at | REPORT_PRICE]!,
      quantity: rows[at | REPORT_QUANTITY]!,
      reason: isTrade ? 0 : rows[at | REPORT_REASON]!,
      isMaker: isTrade && isFirst,
    });
  }

  /** True where no later report of the event is about the order. */
  private isLast(orderId: number, at: number): boolean {
    const { rows, length } = this.market.engine.reports;
    for (let later = (at >> REPORT_BITS) + 1; later < length; later += 1) {
      const row = later << REPORT_BITS;
      if (
        rows[row | REPORT_ORDER_ID] === orderId ||
        (rows[row | REPORT_KIND] === ReportKind.TRADE && rows[row | REPORT_OTHER_ID] === orderId)
      )
        return false;
    }
    return true;
  }
}
