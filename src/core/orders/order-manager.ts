import { assert, InvariantError } from '../../base/assert.ts';
import type { Code } from '../../model/codes/catalogue.ts';
import type { OrderEvent } from '../../model/events.ts';
import type { Instrument, InstrumentIndex, Quantity } from '../../model/instrument.ts';
import { clientOrderIdText, OrderFlag, type ClientOrderId, type OrderRequest } from '../../model/order.ts';
import { isOpenStatus, OrderInput, OrderStatus } from '../../model/order-status.ts';
import type { VenueReport } from '../../model/reports.ts';
import type { Effects } from '../effects.ts';
import { ApprovedModify, ApprovedOrder } from '../risk/approval.ts';
import { OrderLife } from './order-life.ts';
import { bareEvent, orderDenied, orderInitialized, orderSubmitted, reasonedEvent, restatedEvent, submitOrder } from './order-messages.ts';
import { OrderTable, type OrderTableState } from './order-table.ts';
import { viewOrder, type OrderView } from './order-view.ts';
import { ReportReader, type FillFaultListener, type OrderCounters, type ReportReaderState } from './report-reader.ts';

/** What a wish to cancel came to. ALREADY_PENDING: asked before and not answered, so nothing was sent. */
type CancelOutcome = 'SENT' | 'ALREADY_PENDING' | 'NOT_OPEN' | 'REFUSED';

/** Which orders: every condition that is given holds. */
export interface OrderFilter {
  readonly strategy?: number;
  readonly instrument?: InstrumentIndex;
  readonly venue?: string;
  /** Orders that are reduce-only, or flatten, are left alone. */
  readonly keepsReducing?: boolean;
}

/** Who may refuse a cancel that a strategy asks for. */
export interface CancelGate {
  refuseCancel(id: ClientOrderId, ts: number): { readonly code: Code; readonly reason: string } | null;
}

/** Who is told of each cancel that goes to the venue. */
export interface CancelListener {
  onCancelSent(id: ClientOrderId, ts: number): void;
}

interface OrderManagerOptions {
  readonly instruments: readonly Instrument[];
  readonly strategyCount: number;
  readonly effects: Effects;
  /** Trade ids remembered per instrument and side. */
  readonly tradeIdsMax?: number;
}

export interface OrderManagerState {
  readonly table: OrderTableState;
  readonly reports: ReportReaderState;
}

/**
 * The life of every order, from the strategy's wish to its end. It sends what risk has approved and nothing else, takes the venue's
 * reports as facts (fills before acknowledgements, twice, late, too many), and keeps the sums that risk judges by level in the same step.
 * The transitions are the table of model/order-status.ts; it decides nothing by itself.
 */
export class OrderManager {
  readonly table: OrderTable;
  readonly #life: OrderLife;
  readonly #reports: ReportReader;
  readonly #instruments: readonly Instrument[];
  readonly #effects: Effects;
  #cancelListener: CancelListener | null = null;

  constructor(options: OrderManagerOptions) {
    this.#instruments = options.instruments;
    this.#effects = options.effects;
    this.table = new OrderTable(options.instruments.length, options.strategyCount);
    this.#life = new OrderLife(this.table);
    this.#reports = new ReportReader(this.#life, options.effects, options.instruments, options.tradeIdsMax);
  }

  /** How often reports were not what they should be. */
  get counters(): Readonly<OrderCounters> {
    return this.#reports.counters;
  }

  /** Who is told of fills that should not have been; the risk manager sets itself when it is made. */
  setFaultListener(listener: FillFaultListener): void {
    this.#reports.faultListener = listener;
  }

  /** Null where nobody counts cancels. */
  setCancelListener(listener: CancelListener | null): void {
    this.#cancelListener = listener;
  }

  /** Brings an order into being; nothing leaves the house yet. */
  create(request: OrderRequest, ts: number): ClientOrderId {
    const id = this.table.append(request, ts);
    this.#effects.record(orderInitialized(id, request, ts));
    return id;
  }

  /**
   * Ends an order that risk refused. A refusal of an order that has left already (its id came twice) is alerted and leaves the order alone.
   *
   * @param reason the sentence for people, with limit and observed value
   */
  deny(id: ClientOrderId, code: Code, reason: string, ts: number): void {
    this.#life.keep(id);
    if (!this.#life.move(id, OrderInput.DENY, ts)) {
      this.#effects.record({ kind: 'Alert', code, message: `${clientOrderIdText(id)}: ${reason}`, tsInit: ts });
      return;
    }
    this.#effects.record(orderDenied(this.table, id, code, reason, ts));
  }

  /**
   * Sends an approved order.
   *
   * @throws InvariantError where the approval is not genuine, is of another order, or something has changed since it was given
   */
  submit(approved: ApprovedOrder, ts: number): void {
    const { table } = this;
    ApprovedOrder.check(approved, table);
    const id = ApprovedOrder.orderOf(approved);
    this.#life.keep(id);
    table.sizedQty[id] = ApprovedOrder.decisionQtyOf(approved);
    // Written with `if`: what an assertion would say is a text that would be made for every order.
    if (!this.#life.move(id, OrderInput.SUBMIT, ts)) throw new InvariantError(`${clientOrderIdText(id)} was submitted before`);
    this.#effects.record(orderSubmitted(table, id, ts));
    this.#effects.send(submitOrder(table, id, ts));
  }

  /** An order that the venue makes of its own accord (a liquidation): born and under way without being sent, since it is there already. */
  adopt(request: OrderRequest, ts: number): ClientOrderId {
    const id = this.create(request, ts);
    this.#life.keep(id);
    assert(this.#life.move(id, OrderInput.SUBMIT, ts), `${clientOrderIdText(id)} is adopted once`);
    this.#effects.record(orderSubmitted(this.table, id, ts));
    return id;
  }

  /**
   * Asks the venue to cancel. An order that is not acknowledged is canceled by its client id; a cancel is asked for once.
   *
   * @param gate who may refuse it; null where it goes in any case: whoever stops trading is not to be stopped
   */
  requestCancel(id: ClientOrderId, ts: number, gate: CancelGate | null = null): CancelOutcome {
    const status = this.#life.status(id);
    if (!isOpenStatus(status)) return 'NOT_OPEN';
    if (status === OrderStatus.PENDING_CANCEL) return 'ALREADY_PENDING';
    const refusal = gate === null ? null : gate.refuseCancel(id, ts);
    if (refusal !== null) {
      this.#effects.record(reasonedEvent('CancelRejected', `${refusal.code}: ${refusal.reason}`, this.table, id, ts, ts));
      return 'REFUSED';
    }
    if (this.#cancelListener !== null) this.#cancelListener.onCancelSent(id, ts);
    this.#life.keep(id);
    this.#life.move(id, OrderInput.CANCEL_REQUEST, ts);
    this.#effects.record(bareEvent('OrderPendingCancel', this.table, id, ts, ts));
    this.#effects.send({ kind: 'CancelOrder', clientOrderId: id, ts });
    return 'SENT';
  }

  /** Sends approved new values. @throws InvariantError as {@link submit} */
  requestModify(approved: ApprovedModify, ts: number): void {
    const { table } = this;
    ApprovedModify.check(approved, table);
    const { clientOrderId: id, orderQty, limitPrice, stopPrice } = approved;
    assert(table.pendingQty[id] === 0, `${clientOrderIdText(id)} has a modify under way`);
    this.#life.keep(id);
    table.pendingQty[id] = orderQty;
    table.pendingLimitPrice[id] = limitPrice;
    table.pendingStopPrice[id] = stopPrice;
    assert(this.#life.move(id, OrderInput.MODIFY_REQUEST, ts), `${clientOrderIdText(id)} cannot be modified now`);
    this.#effects.record(restatedEvent('OrderPendingModify', approved, table, id, ts, ts));
    this.#effects.send({ kind: 'ModifyOrder', clientOrderId: id, orderQty, limitPrice, stopPrice, ts });
  }

  /** Tells that risk refused new values; the order stays as it is. */
  denyModify(id: ClientOrderId, code: Code, reason: string, ts: number): void {
    this.#effects.record(reasonedEvent('ModifyRejected', `${code}: ${reason}`, this.table, id, ts, ts));
  }

  /** Asks to cancel every open order that the filter lets through. @returns how many cancels were sent */
  cancelAll(filter: OrderFilter, ts: number, gate: CancelGate | null = null): number {
    let sent = 0;
    for (const instrument of this.#instruments) {
      if (filter.instrument !== undefined && filter.instrument !== instrument.index) continue;
      if (filter.venue !== undefined && filter.venue !== instrument.venue) continue;
      for (let id = this.table.firstOpen(instrument.index); id !== 0; id = this.table.nextOpen(id)) {
        if (filter.strategy !== undefined && filter.strategy !== this.table.strategy[id]) continue;
        if (filter.keepsReducing === true && (this.table.flags[id]! & (OrderFlag.REDUCE_ONLY | OrderFlag.FLATTEN)) !== 0) continue;
        if (this.requestCancel(id, ts, gate) === 'SENT') sent += 1;
      }
    }
    return sent;
  }

  /** The answer to a submission did not come in time. The order may live: it stays open and its exposure reserved. */
  timeOut(id: ClientOrderId, ts: number): void {
    this.#life.keep(id);
    this.#life.move(id, OrderInput.TIMEOUT, ts);
    if (this.#life.before.status !== OrderStatus.SUBMITTED) return;
    const message = `${clientOrderIdText(id)} has no answer to its submission.`;
    this.#effects.record({ kind: 'Alert', code: 'ORDER_STATE_UNKNOWN', message, tsInit: ts });
  }

  /**
   * Takes what a venue says of an order.
   *
   * @returns the event that was recorded; null where the report told nothing new (a duplicate, a late acknowledgement) or was refused
   * with an alert
   */
  onReport(report: VenueReport, tsInit: number): OrderEvent | null {
    return this.#reports.take(report, tsInit);
  }

  /** Worst case that open orders of the instrument may still buy: a pending modify counts with the larger quantity. */
  openBuyQty(instrument: InstrumentIndex): Quantity {
    return this.table.openBuyQty(instrument);
  }

  openSellQty(instrument: InstrumentIndex): Quantity {
    return this.table.openSellQty(instrument);
  }

  openOrderCount(strategy: number): number {
    return this.table.openCountOfStrategy(strategy);
  }

  saveState(): OrderManagerState {
    return { table: this.table.saveState(), reports: this.#reports.saveState() };
  }

  /** Of a manager that has had no order. */
  loadState({ table, reports }: OrderManagerState): void {
    this.table.loadState(table);
    this.#reports.loadState(reports);
  }

  status(id: ClientOrderId): OrderStatus {
    return this.#life.status(id);
  }

  /** A copy of the order, null where the id is not ours. */
  view(id: ClientOrderId): OrderView | null {
    return this.table.has(id) ? viewOrder(this.table, id) : null;
  }

  /** Copies of the open orders, oldest first within an instrument. For views and reports, not for the tick path. */
  openOrders(filter: OrderFilter): OrderView[] {
    const views: OrderView[] = [];
    for (const instrument of this.#instruments) {
      if (filter.instrument !== undefined && filter.instrument !== instrument.index) continue;
      if (filter.venue !== undefined && filter.venue !== instrument.venue) continue;
      for (let id = this.table.firstOpen(instrument.index); id !== 0; id = this.table.nextOpen(id)) {
        if (filter.strategy === undefined || filter.strategy === this.table.strategy[id]) views.push(viewOrder(this.table, id));
      }
    }
    return views;
  }
}
