import { type Static, Type } from '@sinclair/typebox';
import {
  API_TAG_MAX,
  Count,
  Decimal,
  exactly,
  InstrumentName,
  oneOf,
  orNull,
  OrderName,
  OrderStatusName,
  OrderTypeName,
  pageOf,
  SideName,
  StrategyName,
  Text,
  TimeInForceName,
  Ts,
  UnsignedDecimal,
} from './scalars.ts';

/** Why our risk refused an order. `limit` and `observed` are counted in `unit`; null where there is nothing to count. */
export const Denial = exactly({
  code: Text,
  reason: Text,
  limit: orNull(Decimal),
  observed: orNull(Decimal),
  unit: Text,
});
export type Denial = Static<typeof Denial>;

export const Order = exactly({
  clientOrderId: OrderName,
  venueOrderId: Text,
  strategy: orNull(StrategyName),
  instrument: InstrumentName,
  side: SideName,
  orderType: OrderTypeName,
  timeInForce: TimeInForceName,
  status: OrderStatusName,
  postOnly: Type.Boolean(),
  reduceOnly: Type.Boolean(),
  orderQty: Decimal,
  cumQty: Decimal,
  leavesQty: Decimal,
  limitPrice: orNull(Decimal),
  stopPrice: orNull(Decimal),
  avgPx: orNull(Decimal),
  tsExpire: orNull(Ts),
  tsInit: Ts,
  tsLast: Ts,
  tag: Text,
});
export type Order = Static<typeof Order>;

/** One event of an order's life; fields that the kind does not have are absent. */
export const OrderEventInfo = exactly({
  kind: Text,
  tsEvent: Ts,
  tsInit: Ts,
  code: Type.Optional(Text),
  reason: Type.Optional(Text),
  orderQty: Type.Optional(Decimal),
  limitPrice: Type.Optional(Decimal),
  stopPrice: Type.Optional(Decimal),
  tradeId: Type.Optional(Text),
  lastQty: Type.Optional(Decimal),
  lastPx: Type.Optional(Decimal),
  cumQty: Type.Optional(Decimal),
  leavesQty: Type.Optional(Decimal),
});
export type OrderEventInfo = Static<typeof OrderEventInfo>;

export const OrderLife = exactly({
  order: Order,
  denial: orNull(Denial),
  events: Type.Array(OrderEventInfo),
  eventsForgotten: Count,
});
export type OrderLife = Static<typeof OrderLife>;

export const OrderPage = pageOf(Order);
export type OrderPage = Static<typeof OrderPage>;

export const PlaceOrder = exactly({
  instrument: InstrumentName,
  side: SideName,
  orderType: OrderTypeName,
  quantity: UnsignedDecimal,
  limitPrice: Type.Optional(UnsignedDecimal),
  stopPrice: Type.Optional(UnsignedDecimal),
  timeInForce: Type.Optional(oneOf(['DAY', 'GTC', 'IOC', 'FOK'])),
  postOnly: Type.Optional(Type.Boolean()),
  reduceOnly: Type.Optional(Type.Boolean()),
  tag: Type.Optional(Type.String({ maxLength: API_TAG_MAX })),
});
export type PlaceOrder = Static<typeof PlaceOrder>;

/** What is absent stays. The quantity is that of the whole order, what is filled included. */
export const ModifyOrder = Type.Object(
  { quantity: Type.Optional(UnsignedDecimal), limitPrice: Type.Optional(UnsignedDecimal), stopPrice: Type.Optional(UnsignedDecimal) },
  { additionalProperties: false, minProperties: 1 },
);
export type ModifyOrder = Static<typeof ModifyOrder>;

export const CancelAll = exactly({ strategy: Type.Optional(StrategyName), instrument: Type.Optional(InstrumentName) });
export type CancelAll = Static<typeof CancelAll>;

export const FillInfo = exactly({
  sequence: Type.Integer({ minimum: 1 }),
  tradeId: Text,
  clientOrderId: OrderName,
  strategy: orNull(StrategyName),
  instrument: InstrumentName,
  side: SideName,
  lastQty: Decimal,
  lastPx: Decimal,
  cumQty: Decimal,
  leavesQty: Decimal,
  commission: Decimal,
  commissionCurrency: Text,
  liquiditySide: oneOf(['MAKER', 'TAKER']),
  tsEvent: Ts,
  tsInit: Ts,
  tag: Text,
});
export type FillInfo = Static<typeof FillInfo>;

export const FillPage = pageOf(FillInfo);
export type FillPage = Static<typeof FillPage>;
