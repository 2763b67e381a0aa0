import type { Price } from '../../model/instrument.ts';
import { OrderType } from '../../model/order.ts';
import type { InstrumentDesk } from '../orders/instrument-desk.ts';
import { actsAs, type WorkingOrder } from '../orders/working-order.ts';
import type { PricePath } from './price-path.ts';

/** What an order does in the present move. */
export interface Reaction {
  readonly order: WorkingOrder;
  /** Share of the move that is done when it reacts, 0 to 1; −1 for market orders, which go first. */
  readonly fraction: number;
  /** Where its side of the market stands then. */
  readonly level: Price;
  /** The price it fills or triggers at, before slippage. */
  readonly price: Price;
  readonly isTrigger: boolean;
  readonly isTaker: boolean;
}

/** True where the order had arrived before the present move and is judged in this row. */
export function takesPart(order: WorkingOrder, path: PricePath, rowSerial: number): boolean {
  return order.arrivalTs <= path.startTs && order.dormantRow !== rowSerial;
}

/**
 * The next order to react in the present move: market orders in order of arrival, then by the price reached along the way, then by arrival.
 *
 * @returns null when nothing (more) reacts before the move ends
 */
export function nextReaction(desk: InstrumentDesk, path: PricePath, rowSerial: number): Reaction | null {
  let best: Reaction | null = null;
  for (const order of desk.orders) {
    if (!takesPart(order, path, rowSerial)) continue;
    const reaction = reactionOf(order, desk, path);
    if (reaction !== null && (best === null || reaction.fraction < best.fraction)) best = reaction;
  }
  return best;
}

function reactionOf(order: WorkingOrder, desk: InstrumentDesk, path: PricePath): Reaction | null {
  const to = path.to(order.side);
  if (to === 0) return null;
  const from = path.from(order.side) === 0 ? to : path.from(order.side);
  const acts = actsAs(order);
  if (acts === OrderType.STOP || acts === OrderType.STOP_LIMIT) return triggerOf(order, path, from, to);
  if (desk.available(order.side, order.orderQty - order.cumQty) === 0) return null;
  if (acts === OrderType.MARKET) return path.isJump ? { order, fraction: -1, level: to, price: to, isTrigger: false, isTaker: true } : null;
  return limitFillOf(order, desk, path, from, to);
}

/**
 * A stop is reached when its side moves to or beyond the stop price: at the stop on the way, beyond it where the price jumped. One that arrived
 * within the move before finds the price where that move ended: beyond the stop it is triggered there, though the price now turns away.
 */
function triggerOf(order: WorkingOrder, path: PricePath, from: Price, to: Price): Reaction | null {
  const stop = order.stopPrice;
  const isBeyond = order.side * (from - stop) >= 0;
  if (order.side * (to - stop) < 0 && (path.isJump || !isBeyond)) return null;
  const level = path.isJump ? to : isBeyond ? from : stop;
  return { order, fraction: isBeyond ? 0 : (stop - from) / (to - from), level, price: level, isTrigger: true, isTaker: true };
}

/**
 * A limit is reached when its side moves to or below (buy) or above (sell) its level. Fresh orders take what they find, as does one that
 * arrived while the price stood beyond its limit. A resting order fills at its limit. A bar's open that lies beyond the limit fills it there,
 * the `through` rule or not: an opening price passes everybody who asked for less.
 */
function limitFillOf(order: WorkingOrder, desk: InstrumentDesk, path: PricePath, from: Price, to: Price): Reaction | null {
  const goal = desk.limitLevel(order);
  const isOpenBeyond = path.isJump && path.isBar && order.side * (to - order.limitPrice) < 0;
  const distance = order.side * (from - goal);
  const isReached = order.side * (to - goal) <= 0 || (!path.isJump && distance <= 0);
  if (!isReached && !isOpenBeyond) return null;
  // What only the open itself passes comes last in the jump.
  const fraction = !isReached ? 1 : distance <= 0 ? 0 : (goal - from) / (to - from);
  if (path.isJump) {
    const price = order.isFresh || path.isBar ? to : order.limitPrice;
    return { order, fraction, level: to, price, isTrigger: false, isTaker: order.isFresh };
  }
  const isTaker = order.isFresh || distance < 0;
  const level = distance <= 0 ? from : goal;
  return { order, fraction, level, price: isTaker ? level : order.limitPrice, isTrigger: false, isTaker };
}
