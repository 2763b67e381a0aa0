import type { SubmitOrder } from '../../model/commands.ts';
import type {
  CancelRejected,
  Fill,
  ModifyRejected,
  OrderAccepted,
  OrderCanceled,
  OrderDenied,
  OrderExpired,
  OrderInitialized,
  OrderModified,
  OrderPendingCancel,
  OrderPendingModify,
  OrderRejected,
  OrderSubmitted,
  OrderTriggered,
} from '../../model/events.ts';
import type { Code } from '../../model/codes/catalogue.ts';
import type { Price, Quantity } from '../../model/instrument.ts';
import type { ClientOrderId, OrderRequest, OrderType, Side, TimeInForce } from '../../model/order.ts';
import type { FillReport } from '../../model/reports.ts';
import type { OrderTable } from './order-table.ts';

/*
 * Order events, and the command that submits. Hot: several are made for every order, so each is one full literal, which the machine makes
 * an order of magnitude faster than a spread of common fields, and each kind is made in one place, so that its readers see one layout.
 */

export function orderInitialized(id: ClientOrderId, request: OrderRequest, ts: number): OrderInitialized {
  const { strategy, instrument } = request;
  return { kind: 'OrderInitialized', request, clientOrderId: id, strategy, instrument, tsEvent: ts, tsInit: ts };
}

export function orderDenied(table: OrderTable, id: ClientOrderId, code: Code, reason: string, ts: number): OrderDenied {
  const strategy = table.strategy[id]!;
  const instrument = table.instrument[id]!;
  return { kind: 'OrderDenied', code, reason, clientOrderId: id, strategy, instrument, tsEvent: ts, tsInit: ts };
}

export function orderSubmitted(table: OrderTable, id: ClientOrderId, ts: number): OrderSubmitted {
  return {
    kind: 'OrderSubmitted',
    clientOrderId: id,
    strategy: table.strategy[id]!,
    instrument: table.instrument[id]!,
    tsEvent: ts,
    tsInit: ts,
  };
}

export function orderAccepted(table: OrderTable, id: ClientOrderId, venueOrderId: string, tsEvent: number, tsInit: number): OrderAccepted {
  const strategy = table.strategy[id]!;
  const instrument = table.instrument[id]!;
  return { kind: 'OrderAccepted', venueOrderId, clientOrderId: id, strategy, instrument, tsEvent, tsInit };
}

type BareEvent = OrderTriggered | OrderPendingCancel | OrderExpired;

/** An event that says nothing but its kind. */
export function bareEvent(kind: BareEvent['kind'], table: OrderTable, id: ClientOrderId, tsEvent: number, tsInit: number): BareEvent {
  return { kind, clientOrderId: id, strategy: table.strategy[id]!, instrument: table.instrument[id]!, tsEvent, tsInit };
}

export type ReasonedEvent = OrderRejected | OrderCanceled | CancelRejected | ModifyRejected;

/** An event that says why. */
export function reasonedEvent(
  kind: ReasonedEvent['kind'],
  reason: string,
  table: OrderTable,
  id: ClientOrderId,
  tsEvent: number,
  tsInit: number,
): ReasonedEvent {
  return { kind, reason, clientOrderId: id, strategy: table.strategy[id]!, instrument: table.instrument[id]!, tsEvent, tsInit };
}

type RestatedEvent = OrderPendingModify | OrderModified;

/** An event that says which values are asked for, or count from now on. */
export function restatedEvent(
  kind: RestatedEvent['kind'],
  values: { readonly orderQty: Quantity; readonly limitPrice: Price; readonly stopPrice: Price },
  table: OrderTable,
  id: ClientOrderId,
  tsEvent: number,
  tsInit: number,
): RestatedEvent {
  const { orderQty, limitPrice, stopPrice } = values;
  const strategy = table.strategy[id]!;
  const instrument = table.instrument[id]!;
  return { kind, orderQty, limitPrice, stopPrice, clientOrderId: id, strategy, instrument, tsEvent, tsInit };
}

/** The event of a fill that the table has booked already. */
export function fillEvent(table: OrderTable, report: FillReport, tsInit: number): Fill {
  const id = report.clientOrderId;
  const cumQty = table.cumQty[id]!;
  return {
    kind: cumQty >= table.orderQty[id]! ? 'OrderFilled' : 'OrderPartiallyFilled',
    tradeId: report.tradeId,
    side: table.side[id] as Side,
    lastQty: report.lastQty,
    lastPx: report.lastPx,
    cumQty,
    leavesQty: table.leavesQty(id),
    commission: report.commission,
    liquiditySide: report.liquiditySide,
    tag: table.tagOf(id),
    clientOrderId: id,
    strategy: table.strategy[id]!,
    instrument: table.instrument[id]!,
    tsEvent: report.tsEvent,
    tsInit,
  };
}

/** The command that sends an order with the values of its row. */
export function submitOrder(table: OrderTable, id: ClientOrderId, ts: number): SubmitOrder {
  return {
    kind: 'SubmitOrder',
    clientOrderId: id,
    ts,
    strategy: table.strategy[id]!,
    instrument: table.instrument[id]!,
    side: table.side[id] as Side,
    orderType: table.orderType[id] as OrderType,
    timeInForce: table.timeInForce[id] as TimeInForce,
    orderQty: table.orderQty[id]!,
    limitPrice: table.limitPrice[id]!,
    stopPrice: table.stopPrice[id]!,
    expireTs: table.expireTs[id]!,
    flags: table.flags[id]!,
    targetWeightPpb: table.targetWeightPpb[id]!,
    tag: table.tagOf(id),
  };
}
