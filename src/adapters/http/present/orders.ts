import { priceText, moneyText, quantityText, strategyName } from './names.ts';
import type { Denial, FillInfo, Order, OrderEventInfo, OrderLife } from '../../../contract/api/orders.ts';
import type { DenialInfo } from '../../../contract/api/risk.ts';
import type { Fill, OrderDenied, OrderEvent } from '../../../model/events.ts';
import type { Instrument } from '../../../model/instrument.ts';
import {
  clientOrderIdText,
  LIQUIDITY_SIDE_NAMES,
  ORDER_TYPE_NAMES,
  OrderFlag,
  OrderType,
  SIDE_NAMES,
  TIME_IN_FORCE_NAMES,
} from '../../../model/order.ts';
import { ORDER_STATUS_NAMES } from '../../../model/order-status.ts';
import { averagePriceText } from '../../../model/position.ts';
import type { OrderState } from '../../../model/session-output.ts';
import type { Numbered, OrderView, SessionView } from '../../../ports/session-view.ts';

export function orderOf(view: SessionView, state: OrderState): Order {
  const instrument = view.instruments[state.instrument]!;
  const { orderType, flags, filledPxQty, cumQty } = state;
  const hasLimit = orderType === OrderType.LIMIT || orderType === OrderType.STOP_LIMIT;
  const hasStop = orderType === OrderType.STOP || orderType === OrderType.STOP_LIMIT;
  return {
    clientOrderId: clientOrderIdText(state.clientOrderId),
    venueOrderId: state.venueOrderId,
    strategy: strategyName(view, state.strategy),
    instrument: instrument.id,
    side: SIDE_NAMES[state.side] as Order['side'],
    orderType: ORDER_TYPE_NAMES[orderType] as Order['orderType'],
    timeInForce: TIME_IN_FORCE_NAMES[state.timeInForce] as Order['timeInForce'],
    status: ORDER_STATUS_NAMES[state.status] as Order['status'],
    postOnly: (flags & OrderFlag.POST_ONLY) !== 0,
    reduceOnly: (flags & OrderFlag.REDUCE_ONLY) !== 0,
    orderQty: quantityText(instrument, state.orderQty),
    cumQty: quantityText(instrument, cumQty),
    leavesQty: quantityText(instrument, state.leavesQty),
    limitPrice: hasLimit ? priceText(instrument, state.limitPrice) : null,
    stopPrice: hasStop ? priceText(instrument, state.stopPrice) : null,
    avgPx: cumQty === 0 ? null : averagePriceText({ numerator: filledPxQty, denominator: BigInt(cumQty) }, instrument),
    tsExpire: state.expireTs === 0 ? null : state.expireTs,
    tsInit: state.tsInit,
    tsLast: state.tsLast,
    tag: state.tag,
  };
}

/** What {@link deny} wrote at the end of the reason, where it counted something. Source: src/core/risk/control.ts, held together by a test. */
const FIGURES = / Limit (-?[0-9.]{1,64})(?: (\S{1,64}))?, observed (-?[0-9.]{1,64})(?: \S{1,64})?\.$/;

export function denialOf({ code, reason }: Pick<OrderDenied, 'code' | 'reason'>): Denial {
  const figures = FIGURES.exec(reason);
  return { code, reason, limit: figures?.[1] ?? null, observed: figures?.[3] ?? null, unit: figures?.[2] ?? '' };
}

export function denialInfo(view: SessionView, { sequence, item }: Numbered<OrderDenied>): DenialInfo {
  return {
    sequence,
    clientOrderId: clientOrderIdText(item.clientOrderId),
    strategy: strategyName(view, item.strategy),
    instrument: view.instruments[item.instrument]!.id,
    tsInit: item.tsInit,
    denial: denialOf(item),
  };
}

export function orderLife(view: SessionView, { state, denial, events, eventsForgotten }: OrderView): OrderLife {
  const instrument = view.instruments[state.instrument]!;
  return {
    order: orderOf(view, state),
    denial: denial === null ? null : denialOf(denial),
    events: orderEvents(instrument, events),
    eventsForgotten,
  };
}

export function orderEvents(instrument: Instrument, events: readonly OrderEvent[]): OrderEventInfo[] {
  return events.map((event) => eventInfo(instrument, event));
}

function eventInfo(instrument: Instrument, event: OrderEvent): OrderEventInfo {
  const { kind, tsEvent, tsInit } = event;
  const head = { kind, tsEvent, tsInit };
  switch (event.kind) {
    case 'OrderInitialized':
      return { ...head, ...terms(instrument, event.request) };
    case 'OrderPendingModify':
    case 'OrderModified':
      return { ...head, ...terms(instrument, event) };
    case 'OrderDenied':
      return { ...head, code: event.code, reason: event.reason };
    case 'OrderRejected':
    case 'ModifyRejected':
    case 'CancelRejected':
    case 'OrderCanceled':
      return { ...head, reason: event.reason };
    case 'OrderFilled':
    case 'OrderPartiallyFilled':
      return {
        ...head,
        tradeId: event.tradeId,
        lastQty: quantityText(instrument, event.lastQty),
        lastPx: priceText(instrument, event.lastPx),
        cumQty: quantityText(instrument, event.cumQty),
        leavesQty: quantityText(instrument, event.leavesQty),
      };
    default:
      return head;
  }
}

function terms(
  instrument: Instrument,
  { orderQty, limitPrice, stopPrice }: { readonly orderQty: number; readonly limitPrice: number; readonly stopPrice: number },
): Pick<OrderEventInfo, 'orderQty' | 'limitPrice' | 'stopPrice'> {
  return {
    orderQty: quantityText(instrument, orderQty),
    ...(limitPrice === 0 ? {} : { limitPrice: priceText(instrument, limitPrice) }),
    ...(stopPrice === 0 ? {} : { stopPrice: priceText(instrument, stopPrice) }),
  };
}

export function fillInfo(view: SessionView, { sequence, item }: Numbered<Fill>): FillInfo {
  const instrument = view.instruments[item.instrument]!;
  return {
    sequence,
    tradeId: item.tradeId,
    clientOrderId: clientOrderIdText(item.clientOrderId),
    strategy: strategyName(view, item.strategy),
    instrument: instrument.id,
    side: SIDE_NAMES[item.side] as FillInfo['side'],
    lastQty: quantityText(instrument, item.lastQty),
    lastPx: priceText(instrument, item.lastPx),
    cumQty: quantityText(instrument, item.cumQty),
    leavesQty: quantityText(instrument, item.leavesQty),
    commission: moneyText(instrument.settlement, item.commission),
    commissionCurrency: instrument.settlement.code,
    liquiditySide: LIQUIDITY_SIDE_NAMES[item.liquiditySide] as FillInfo['liquiditySide'],
    tsEvent: item.tsEvent,
    tsInit: item.tsInit,
    tag: item.tag,
  };
}
