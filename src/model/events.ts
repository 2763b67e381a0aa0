import type { Code } from './codes/catalogue.ts';
import type { Money } from './currency.ts';
import type { InstrumentIndex, Price, Quantity } from './instrument.ts';
import type { ClientOrderId, LiquiditySide, OrderRequest, Side } from './order.ts';

/**
 * What has happened to an order, as strategies, journal and reports see it. `tsEvent`: when it happened (at the venue, where the venue said
 * so); `tsInit`: when the core learned of it. Microseconds since the epoch.
 */
interface OrderEventBase {
  readonly clientOrderId: ClientOrderId;
  readonly strategy: number;
  readonly instrument: InstrumentIndex;
  readonly tsEvent: number;
  readonly tsInit: number;
}

/** The order was born: what was asked for. First event of every order. */
export interface OrderInitialized extends OrderEventBase {
  readonly kind: 'OrderInitialized';
  readonly request: OrderRequest;
}

/** Our risk manager refused; nothing left the house. */
export interface OrderDenied extends OrderEventBase {
  readonly kind: 'OrderDenied';
  readonly code: Code;
  /** The sentence for people: limit, observed value, unit. */
  readonly reason: string;
}

export interface OrderSubmitted extends OrderEventBase {
  readonly kind: 'OrderSubmitted';
}

export interface OrderAccepted extends OrderEventBase {
  readonly kind: 'OrderAccepted';
  readonly venueOrderId: string;
}

export interface OrderRejected extends OrderEventBase {
  readonly kind: 'OrderRejected';
  readonly reason: string;
}

export interface OrderTriggered extends OrderEventBase {
  readonly kind: 'OrderTriggered';
}

export interface OrderPendingCancel extends OrderEventBase {
  readonly kind: 'OrderPendingCancel';
}

export interface OrderPendingModify extends OrderEventBase {
  readonly kind: 'OrderPendingModify';
  readonly orderQty: Quantity;
  readonly limitPrice: Price;
  readonly stopPrice: Price;
}

export interface OrderModified extends OrderEventBase {
  readonly kind: 'OrderModified';
  readonly orderQty: Quantity;
  readonly limitPrice: Price;
  readonly stopPrice: Price;
}

export interface ModifyRejected extends OrderEventBase {
  readonly kind: 'ModifyRejected';
  readonly reason: string;
}

export interface CancelRejected extends OrderEventBase {
  readonly kind: 'CancelRejected';
  readonly reason: string;
}

export interface OrderCanceled extends OrderEventBase {
  readonly kind: 'OrderCanceled';
  readonly reason: string;
}

export interface OrderExpired extends OrderEventBase {
  readonly kind: 'OrderExpired';
}

/** An execution. Two kinds by what is left; the same content. */
export interface Fill extends OrderEventBase {
  readonly kind: 'OrderPartiallyFilled' | 'OrderFilled';
  readonly tradeId: string;
  readonly side: Side;
  readonly lastQty: Quantity;
  readonly lastPx: Price;
  readonly cumQty: Quantity;
  readonly leavesQty: Quantity;
  readonly commission: Money;
  readonly liquiditySide: LiquiditySide;
  readonly tag: string;
}

export type OrderEvent =
  | OrderInitialized
  | OrderDenied
  | OrderSubmitted
  | OrderAccepted
  | OrderRejected
  | OrderTriggered
  | OrderPendingCancel
  | OrderPendingModify
  | OrderModified
  | ModifyRejected
  | CancelRejected
  | OrderCanceled
  | OrderExpired
  | Fill;

/** Something a person should look at; carries a code from the catalogue. */
export interface Alert {
  readonly kind: 'Alert';
  readonly code: Code;
  readonly message: string;
  readonly tsInit: number;
}

/** What moves positions or cash without an order. Ratios are exact integer pairs. */
export interface DividendPaid {
  readonly kind: 'DividendPaid';
  readonly instrument: InstrumentIndex;
  /** Per unit of quantity (one share), in quote money (10^-decimals of the quote currency); negative quantity positions pay it. */
  readonly amountPerUnit: Money;
  readonly tsEvent: number;
  readonly tsInit: number;
}

export interface SplitEffective {
  readonly kind: 'SplitEffective';
  readonly instrument: InstrumentIndex;
  /** Seven-for-one: numerator 7, denominator 1. Quantity × 7/1, price × 1/7; a fraction of the lot is paid in cash at the last price. */
  readonly numerator: number;
  readonly denominator: number;
  readonly tsEvent: number;
  readonly tsInit: number;
}

export interface FundingApplied {
  readonly kind: 'FundingApplied';
  readonly instrument: InstrumentIndex;
  /** Rate per period in parts per trillion (10^-12); positive: longs pay shorts. */
  readonly ratePpt: number;
  /** Price that the notional is taken at. */
  readonly markPrice: Price;
  readonly tsEvent: number;
  readonly tsInit: number;
}

/** Market data is known to be missing in this span: bars that touch it are marked, strategies and risk are told. */
export interface DataGap {
  readonly kind: 'DataGap';
  readonly instrument: InstrumentIndex;
  readonly tsFrom: number;
  readonly tsTo: number;
  readonly reason: 'MARKED' | 'SEQUENCE' | 'TIME';
  readonly tsEvent: number;
  readonly tsInit: number;
}

export type AccountEvent = DividendPaid | SplitEffective | FundingApplied;

/** A line that a strategy wrote. */
export interface LogLine {
  readonly kind: 'LogLine';
  readonly strategy: number;
  readonly level: 'info' | 'warn';
  readonly message: string;
  readonly tsInit: number;
}

/** What the outside keeps of what has happened: journal, database, reports. */
export type Recorded = OrderEvent | AccountEvent | DataGap | Alert | LogLine;
