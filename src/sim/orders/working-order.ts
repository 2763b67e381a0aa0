import type { SubmitOrder } from '../../model/commands.ts';
import type { Money } from '../../model/currency.ts';
import type { Price, Quantity } from '../../model/instrument.ts';
import { type ClientOrderId, OrderFlag, OrderType, type Side, TimeInForce } from '../../model/order.ts';

/** Stands for an order that does not expire (an integer, so that saved state is plain). */
export const NEVER_TS = Number.MAX_SAFE_INTEGER;

/** An order that rests or waits at the venue. Plain data. */
export interface WorkingOrder {
  readonly clientOrderId: ClientOrderId;
  readonly instrument: number;
  readonly side: Side;
  readonly orderType: OrderType;
  readonly timeInForce: TimeInForce;
  readonly flags: number;
  orderQty: Quantity;
  cumQty: Quantity;
  /** Value of what has filled, for fees that count once per order. */
  valueFilled: Money;
  limitPrice: Price;
  stopPrice: Price;
  /** Last microsecond at which it may trade; NEVER_TS for no end. */
  expireTs: number;
  /** Takes part in what happens at the venue from here on; 0 from anywhere (born inside a bar's path, at its present point). */
  arrivalTs: number;
  isTriggered: boolean;
  /** Not yet judged against a market that it might take from: its first chance decides TAKER, IOC, FOK and post-only. */
  isFresh: boolean;
  /** SIZE_AT_FILL: the quantity has been decided. */
  isSized: boolean;
  /** SIZE_AT_FILL against a book: the decided quantity has been reported, with the first of its fills. */
  isSizeTold: boolean;
  /** Resting in a recorded book of levels: quantity of others before it, perhaps a fraction; in one of orders what of that the recording has let go. */
  queueAhead: number;
  /** Resting in a recorded book of orders: how many orders had joined a queue when it did. */
  queueJoinings: number;
  /** The row (by its serial) in which it is not judged any more: a limit that waits for the next bar, a market order that missed the open. */
  dormantRow: number;
}

/** What an order does at present: a triggered stop acts as a market order, a triggered stop-limit as a limit order. */
export function actsAs(order: WorkingOrder): OrderType {
  if (!order.isTriggered) return order.orderType;
  return order.orderType === OrderType.STOP ? OrderType.MARKET : OrderType.LIMIT;
}

/** @param arrivalTs see {@link WorkingOrder.arrivalTs}; prices that the order type does not have become 0 */
export function makeWorkingOrder(command: SubmitOrder, expireTs: number, arrivalTs: number): WorkingOrder {
  return {
    clientOrderId: command.clientOrderId,
    instrument: command.instrument,
    side: command.side,
    orderType: command.orderType,
    timeInForce: command.timeInForce,
    flags: command.flags,
    orderQty: command.orderQty,
    cumQty: 0,
    valueFilled: 0n,
    limitPrice: hasLimit(command.orderType) ? command.limitPrice : 0,
    stopPrice: hasStop(command.orderType) ? command.stopPrice : 0,
    expireTs,
    arrivalTs,
    isTriggered: false,
    isFresh: command.orderType === OrderType.MARKET || command.orderType === OrderType.LIMIT,
    isSized: !hasFlag(command, OrderFlag.SIZE_AT_FILL),
    isSizeTold: true,
    queueAhead: 0,
    queueJoinings: 0,
    dormantRow: -1,
  };
}

export function hasLimit(orderType: OrderType): boolean {
  return orderType === OrderType.LIMIT || orderType === OrderType.STOP_LIMIT;
}

export function hasStop(orderType: OrderType): boolean {
  return orderType === OrderType.STOP || orderType === OrderType.STOP_LIMIT;
}

export function hasFlag(order: { readonly flags: number }, flag: number): boolean {
  return (order.flags & flag) !== 0;
}

/** True for IOC and FOK: what does not fill at the first chance is canceled. */
export function isImmediate(order: WorkingOrder): boolean {
  return order.timeInForce === TimeInForce.IOC || order.timeInForce === TimeInForce.FOK;
}
