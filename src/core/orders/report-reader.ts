import { unreachable } from '../../base/assert.ts';
import type { RISK_CODES } from '../../model/codes/risk.ts';
import type { Fill, OrderEvent } from '../../model/events.ts';
import type { Instrument, InstrumentIndex, Quantity } from '../../model/instrument.ts';
import { clientOrderIdText, Side, type ClientOrderId } from '../../model/order.ts';
import { isOpenStatus, ORDER_INPUT_NAMES, ORDER_STATUS_NAMES, OrderInput, OrderStatus } from '../../model/order-status.ts';
import type { FillReport, ModifiedReport, VenueReport } from '../../model/reports.ts';
import type { Effects } from '../effects.ts';
import type { OrderLife } from './order-life.ts';
import { bareEvent, fillEvent, orderAccepted, reasonedEvent, restatedEvent, type ReasonedEvent } from './order-messages.ts';
import type { OrderTable } from './order-table.ts';
import { TradeIdWindow, type TradeIdWindowState } from './trade-id-window.ts';

/** A fill that should not have been: booked all the same, and told to risk, which pauses what caused it. */
export interface FillFault {
  readonly kind: 'LATE_FILL' | 'OVERFILL';
  readonly clientOrderId: ClientOrderId;
  readonly strategy: number;
  readonly instrument: InstrumentIndex;
  readonly tsInit: number;
}

export interface FillFaultListener {
  onFillFault(fault: FillFault): void;
}

/** How often reports were not what they should be. */
export interface OrderCounters {
  duplicateFills: number;
  conflictingFills: number;
  lateFills: number;
  overfills: number;
  unexpectedReports: number;
  invalidReports: number;
  unknownOrderReports: number;
}

export interface ReportReaderState {
  readonly counters: Readonly<OrderCounters>;
  /** By instrument: the ids of what was bought, and of what was sold. */
  readonly boughtIds: readonly TradeIdWindowState[];
  readonly soldIds: readonly TradeIdWindowState[];
}

/**
 * Makes order events of what venues report. Reports are facts from outside: they come early, twice, late, in the wrong order, and too many.
 */
export class ReportReader {
  readonly counters: OrderCounters = {
    duplicateFills: 0,
    conflictingFills: 0,
    lateFills: 0,
    overfills: 0,
    unexpectedReports: 0,
    invalidReports: 0,
    unknownOrderReports: 0,
  };
  faultListener: FillFaultListener | null = null;

  readonly #life: OrderLife;
  readonly #table: OrderTable;
  readonly #effects: Effects;
  readonly #boughtIds: readonly TradeIdWindow[];
  readonly #soldIds: readonly TradeIdWindow[];

  constructor(life: OrderLife, effects: Effects, instruments: readonly Instrument[], tradeIdsMax?: number) {
    this.#life = life;
    this.#table = life.table;
    this.#effects = effects;
    this.#boughtIds = instruments.map(() => new TradeIdWindow(tradeIdsMax));
    this.#soldIds = instruments.map(() => new TradeIdWindow(tradeIdsMax));
  }

  /**
   * Takes what a venue says of an order.
   *
   * @returns the event that was recorded; null where the report told nothing new (a duplicate, a late acknowledgement) or was refused
   * with an alert
   */
  take(report: VenueReport, tsInit: number): OrderEvent | null {
    const id = report.clientOrderId;
    if (!this.#table.has(id)) {
      this.counters.unknownOrderReports += 1;
      this.#effects.record({ kind: 'Alert', code: 'ORDER_UNKNOWN', message: `${report.kind} for order ${id}, which is not ours.`, tsInit });
      return null;
    }
    switch (report.kind) {
      case 'Accepted':
        if (this.#table.venueOrderId.isEmpty(id)) this.#table.venueOrderId.set(id, report.venueOrderId);
        if (!this.#takes(id, OrderInput.ACCEPT, tsInit)) return null;
        return this.#record(orderAccepted(this.#table, id, report.venueOrderId, report.tsEvent, tsInit));
      case 'Rejected':
        if (!this.#takes(id, OrderInput.REJECT, tsInit)) return null;
        return this.#recordReasoned('OrderRejected', id, report.reason, report.tsEvent, tsInit);
      case 'Triggered':
        if (!this.#takes(id, OrderInput.TRIGGER, tsInit)) return null;
        return this.#record(bareEvent('OrderTriggered', this.#table, id, report.tsEvent, tsInit));
      case 'Fill':
        return this.#onFill(report, tsInit);
      case 'Canceled':
        if (!this.#takes(id, OrderInput.CANCEL, tsInit)) return null;
        return this.#recordReasoned('OrderCanceled', id, report.reason, report.tsEvent, tsInit);
      case 'Expired':
        if (!this.#takes(id, OrderInput.EXPIRE, tsInit)) return null;
        return this.#record(bareEvent('OrderExpired', this.#table, id, report.tsEvent, tsInit));
      case 'Modified':
        return this.#onModified(report, tsInit);
      case 'CancelRejected':
        if (!this.#takes(id, OrderInput.CANCEL_REJECT, tsInit)) return null;
        return this.#recordReasoned('CancelRejected', id, report.reason, report.tsEvent, tsInit);
      case 'ModifyRejected':
        return this.#onModifyRejected(id, report.reason, report.tsEvent, tsInit);
      default:
        return unreachable(report);
    }
  }

  saveState(): ReportReaderState {
    return {
      counters: { ...this.counters },
      boughtIds: this.#boughtIds.map((window) => window.saveState()),
      soldIds: this.#soldIds.map((window) => window.saveState()),
    };
  }

  loadState({ counters, boughtIds, soldIds }: ReportReaderState): void {
    Object.assign(this.counters, counters);
    boughtIds.forEach((state, instrument) => this.#boughtIds[instrument]!.loadState(state));
    soldIds.forEach((state, instrument) => this.#soldIds[instrument]!.loadState(state));
  }

  #onFill(report: FillReport, tsInit: number): Fill | null {
    const table = this.#table;
    const { clientOrderId: id, lastQty, lastPx, tradeId } = report;
    const side = table.side[id] as Side;
    const finalQty = report.orderQtyFinal ?? 1;
    const isReadable = isCount(lastQty) && lastQty > 0 && isCount(finalQty) && Number.isSafeInteger(lastPx);
    if (!isReadable || !Number.isSafeInteger(table.cumQty[id]! + lastQty)) {
      return this.#refuseFigures(id, `fill ${tradeId}: quantity ${lastQty}, price ${lastPx}, final quantity ${finalQty}.`, tsInit);
    }
    const window = (side === Side.BUY ? this.#boughtIds : this.#soldIds)[table.instrument[id]!]!;
    const verdict = window.admit(tradeId, id, lastQty, lastPx);
    if (verdict === 'DUPLICATE') {
      this.counters.duplicateFills += 1;
      return null;
    }
    if (verdict === 'CONFLICT') {
      this.counters.conflictingFills += 1;
      this.#alert('DUPLICATE_FILL_CONFLICT', id, `trade ${tradeId} came again with other content (${lastQty} at ${lastPx}).`, tsInit);
      return null;
    }
    this.#life.keep(id);
    const approvedQty = table.orderQty[id]!;
    if (report.orderQtyFinal !== undefined) {
      table.orderQty[id] = report.orderQtyFinal;
      table.sizedQty[id] = report.orderQtyFinal;
    }
    table.cumQty[id]! += lastQty;
    const permittedQty = Math.max(Math.min(approvedQty, table.orderQty[id]!), table.pendingQty[id]!);
    // More than the old quantity can only fill once the venue has taken the new one: the fill has overtaken the answer.
    if (table.cumQty[id]! > table.orderQty[id]!) table.orderQty[id] = Math.max(table.orderQty[id]!, table.pendingQty[id]!);
    table.addFilled(id, lastPx, lastQty);
    const isComplete = table.cumQty[id]! >= Math.max(table.orderQty[id]!, table.pendingQty[id]!);
    this.#life.move(id, isComplete ? OrderInput.FILL : OrderInput.PARTIAL_FILL, tsInit);
    const fill = fillEvent(table, report, tsInit);
    this.#effects.record(fill);
    this.#reportFillFaults(id, permittedQty, tsInit);
    return fill;
  }

  /** Fills are facts (law 6): they are booked by now; here they are alerted and told to risk. */
  #reportFillFaults(id: ClientOrderId, permittedQty: Quantity, tsInit: number): void {
    const wasOver = !isOpenStatus(this.#life.before.status);
    const cumQty = this.#table.cumQty[id]!;
    if (wasOver && this.#life.before.status !== OrderStatus.FILLED) {
      this.counters.lateFills += 1;
      this.#alert('LATE_FILL', id, `filled after it was ${ORDER_STATUS_NAMES[this.#life.before.status]}.`, tsInit);
      this.#tellFault('LATE_FILL', id, tsInit);
    }
    if (cumQty > permittedQty) {
      this.counters.overfills += 1;
      this.#alert('OVERFILL', id, `filled ${cumQty} of ${permittedQty}.`, tsInit);
      this.#tellFault('OVERFILL', id, tsInit);
    }
  }

  #tellFault(kind: FillFault['kind'], id: ClientOrderId, tsInit: number): void {
    const strategy = this.#table.strategy[id]!;
    this.faultListener?.onFillFault({ kind, clientOrderId: id, strategy, instrument: this.#table.instrument[id]!, tsInit });
  }

  /** New values count from now on; a quantity below what is filled already becomes that, and the order is filled (S-27). */
  #onModified(report: ModifiedReport, tsInit: number): OrderEvent | null {
    const table = this.#table;
    const { clientOrderId: id, limitPrice, stopPrice } = report;
    if (!isCount(report.orderQty) || !Number.isSafeInteger(limitPrice) || !Number.isSafeInteger(stopPrice)) {
      return this.#refuseFigures(id, `modified to ${report.orderQty} at ${limitPrice}, stop ${stopPrice}.`, tsInit);
    }
    const cumQty = table.cumQty[id]!;
    const orderQty = Math.max(report.orderQty, cumQty);
    const input = orderQty === cumQty ? OrderInput.MODIFY_COMPLETES : OrderInput.MODIFY;
    if (!isOpenStatus(this.#life.status(id))) {
      this.#takes(id, input, tsInit);
      return null;
    }
    this.#life.keep(id);
    table.orderQty[id] = orderQty;
    table.sizedQty[id] = orderQty;
    table.limitPrice[id] = limitPrice;
    table.stopPrice[id] = stopPrice;
    this.#life.clearPending(id);
    this.#life.move(id, input, tsInit);
    return this.#record(restatedEvent('OrderModified', { orderQty, limitPrice, stopPrice }, table, id, report.tsEvent, tsInit));
  }

  /** The old values stay. Where a fill had reached the old quantity meanwhile, that completes the order. */
  #onModifyRejected(id: ClientOrderId, reason: string, tsEvent: number, tsInit: number): OrderEvent | null {
    const table = this.#table;
    const wasPending = table.pendingQty[id]! > 0;
    const isComplete = wasPending && table.cumQty[id]! >= table.orderQty[id]!;
    this.#life.keep(id);
    if (wasPending) this.#life.clearPending(id);
    const input = isComplete ? OrderInput.MODIFY_COMPLETES : OrderInput.MODIFY_REJECT;
    if (!this.#life.move(id, input, tsInit)) this.#unexpected(id, input, tsInit);
    return wasPending ? this.#recordReasoned('ModifyRejected', id, reason, tsEvent, tsInit) : null;
  }

  /** Applies a report that moves nothing but the status. True where it told something new. */
  #takes(id: ClientOrderId, input: OrderInput, ts: number): boolean {
    this.#life.keep(id);
    if (!this.#life.moveStatus(id, input, ts)) {
      this.#unexpected(id, input, ts);
      return false;
    }
    return this.#life.hasChanged(id);
  }

  #unexpected(id: ClientOrderId, input: OrderInput, ts: number): void {
    this.counters.unexpectedReports += 1;
    const status = ORDER_STATUS_NAMES[this.#life.status(id)];
    this.#alert('ORDER_REPORT_UNEXPECTED', id, `is ${status}, which ${ORDER_INPUT_NAMES[input]} does not fit.`, ts);
  }

  #refuseFigures(id: ClientOrderId, what: string, tsInit: number): null {
    this.counters.invalidReports += 1;
    this.#alert('ORDER_REPORT_INVALID', id, what, tsInit);
    return null;
  }

  #alert(code: keyof typeof RISK_CODES, id: ClientOrderId, what: string, tsInit: number): void {
    this.#effects.record({ kind: 'Alert', code, message: `${clientOrderIdText(id)} ${what}`, tsInit });
  }

  #record<E extends OrderEvent>(event: E): E {
    this.#effects.record(event);
    return event;
  }

  #recordReasoned(kind: ReasonedEvent['kind'], id: ClientOrderId, reason: string, tsEvent: number, tsInit: number): ReasonedEvent {
    return this.#record(reasonedEvent(kind, reason, this.#table, id, tsEvent, tsInit));
  }
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
