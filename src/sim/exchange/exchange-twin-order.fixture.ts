import { ExchangeOrderType as Type, type NewExchangeOrder, type TradingPhase, TrailingOffsetType } from './exchange-order.ts';

/** An order of the slow twin. */
export interface TwinOrder extends NewExchangeOrder {
  id: number;
  /** What is left, shown and hidden together. */
  leaves: number;
  /** What the book shows of it. */
  shown: number;
  filled: number;
  /** Rises whenever the order goes behind others. */
  turn: number;
  where: 'moving' | 'book' | 'waiting' | 'woken' | 'auction' | 'held';
  triggered: boolean;
}

/** A report as [kind, order, other, price, quantity, reason or side]. */
export type TwinReport = readonly [number, number, number, number, number, number];

/** What the twin's rules ask of it. */
export interface TwinState {
  readonly orders: readonly TwinOrder[];
  readonly phase: TradingPhase;
  readonly last: number;
  readonly now: number;
  readonly low: number;
  readonly high: number;
  readonly ownersMax: number;
  readonly ordersMax: number;
  book(side: number): TwinOrder[];
  reducible(owner: number, side: number): number;
  wouldTake(order: TwinOrder, limitPrice: number): boolean;
}

/** It has a limit price, or will. */
export function isLimit({ orderType }: TwinOrder): boolean {
  return orderType === Type.LIMIT || orderType === Type.STOP_LIMIT || orderType === Type.LIMIT_IF_TOUCHED;
}

/** Stops buy when the price has risen, if-touched orders sell then. */
export function waitsForRise(order: TwinOrder): boolean {
  const isTouched = order.orderType === Type.MARKET_IF_TOUCHED || order.orderType === Type.LIMIT_IF_TOUCHED;
  return isTouched ? order.side < 0 : order.side > 0;
}

export function isReached(order: TwinOrder, price: number): boolean {
  return waitsForRise(order) ? price >= order.stopPrice : price <= order.stopPrice;
}

/** Where the stop of a trailing order belongs at a price. */
export function trailingStop(order: TwinOrder, price: number): number {
  const share = Math.ceil((Math.abs(price) * order.trailingOffset) / 10_000);
  const distance = order.trailingType === TrailingOffsetType.TICKS ? order.trailingOffset : Math.max(1, share);
  return order.side > 0 ? price + distance : price - distance;
}
