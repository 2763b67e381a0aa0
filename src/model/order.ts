import type { InstrumentIndex, Price, Quantity } from './instrument.ts';

/** +1 buys, −1 sells: arithmetic instead of branches (side × quantity is the signed quantity). */
export const Side = { BUY: 1, SELL: -1 } as const;
export type Side = (typeof Side)[keyof typeof Side];

export const OrderType = { MARKET: 1, LIMIT: 2, STOP: 3, STOP_LIMIT: 4 } as const;
export type OrderType = (typeof OrderType)[keyof typeof OrderType];

export const TimeInForce = { DAY: 1, GTC: 2, IOC: 3, FOK: 4, GTD: 5 } as const;
export type TimeInForce = (typeof TimeInForce)[keyof typeof TimeInForce];

export const LiquiditySide = { MAKER: 1, TAKER: 2 } as const;
export type LiquiditySide = (typeof LiquiditySide)[keyof typeof LiquiditySide];

/** Bits of an order's `flags`. FLATTEN never comes without SIZE_AT_FILL: how much there is to close is known at the fill. */
export const OrderFlag = { POST_ONLY: 1, REDUCE_ONLY: 2, SIZE_AT_FILL: 4, FLATTEN: 8 } as const;

export const SIDE_NAMES: Readonly<Record<Side, string>> = { 1: 'BUY', [-1]: 'SELL' };
export const ORDER_TYPE_NAMES: Readonly<Record<OrderType, string>> = { 1: 'MARKET', 2: 'LIMIT', 3: 'STOP', 4: 'STOP_LIMIT' };
export const TIME_IN_FORCE_NAMES: Readonly<Record<TimeInForce, string>> = { 1: 'DAY', 2: 'GTC', 3: 'IOC', 4: 'FOK', 5: 'GTD' };
export const LIQUIDITY_SIDE_NAMES: Readonly<Record<LiquiditySide, string>> = { 1: 'MAKER', 2: 'TAKER' };

/**
 * An order's identity inside the house: a counter from 1, also the row in the order table. Unique for all time within an account;
 * at the rim it is written as text (`O-17`).
 */
export type ClientOrderId = number;

/** The text form that venues and people see. */
export function clientOrderIdText(id: ClientOrderId): string {
  return `O-${id}`;
}

/** What is asked for; the risk manager has not seen it yet. */
export interface OrderRequest {
  readonly strategy: number;
  readonly instrument: InstrumentIndex;
  readonly side: Side;
  readonly orderType: OrderType;
  readonly timeInForce: TimeInForce;
  /** > 0. With SIZE_AT_FILL: the stated maximum that risk approves. */
  readonly orderQty: Quantity;
  /** Limit price; 0 where the type has none. */
  readonly limitPrice: Price;
  /** Stop (trigger) price; 0 where the type has none. */
  readonly stopPrice: Price;
  /** GTD: microseconds since the epoch; else 0. */
  readonly expireTs: number;
  /** Bits of {@link OrderFlag}. */
  readonly flags: number;
  /** SIZE_AT_FILL: share of the account's equity wanted as position, in parts per billion, signed (+ long, − short); else 0. */
  readonly targetWeightPpb: number;
  /** Free text of the strategy ("entry", "take-profit"); empty for none. */
  readonly tag: string;
}
