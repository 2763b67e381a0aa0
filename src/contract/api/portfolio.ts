import { type Static, Type } from '@sinclair/typebox';
import { Decimal, exactly, InstrumentName, oneOf, orNull, StrategyName, Text, Ts, VenueName } from './scalars.ts';

/** A position of one strategy. Money in `currency`; null where no price is known. */
export const Position = exactly({
  strategy: orNull(StrategyName),
  instrument: InstrumentName,
  positionSide: oneOf(['SHORT', 'NET', 'LONG']),
  quantity: Decimal,
  avgPx: orNull(Decimal),
  markPx: orNull(Decimal),
  value: orNull(Decimal),
  unrealizedPnl: orNull(Decimal),
  realizedPnl: Decimal,
  commission: Decimal,
  funding: Decimal,
  dividend: Decimal,
  currency: Text,
  tsOpen: orNull(Ts),
});
export type Position = Static<typeof Position>;

export const PositionList = exactly({ items: Type.Array(Position) });
export type PositionList = Static<typeof PositionList>;

/** Everything held in one instrument, and whose it is. */
export const InstrumentPosition = exactly({
  instrument: InstrumentName,
  quantity: Decimal,
  value: orNull(Decimal),
  unrealizedPnl: orNull(Decimal),
  currency: Text,
  items: Type.Array(Position),
});
export type InstrumentPosition = Static<typeof InstrumentPosition>;

/** Closes what one strategy holds in the instrument of the path. */
export const FlattenPosition = exactly({ strategy: StrategyName });
export type FlattenPosition = Static<typeof FlattenPosition>;

export const Balance = exactly({
  venue: VenueName,
  currency: Text,
  total: Decimal,
  locked: orNull(Decimal),
  free: orNull(Decimal),
});
export type Balance = Static<typeof Balance>;

export const BalanceList = exactly({ items: Type.Array(Balance) });
export type BalanceList = Static<typeof BalanceList>;

/** What an account is worth, in its base currency. Null before the first price. */
export const AccountSummary = exactly({
  venue: VenueName,
  type: oneOf(['CASH', 'MARGIN']),
  currency: Text,
  tsEquity: orNull(Ts),
  equity: orNull(Decimal),
  pnl: orNull(Decimal),
  pnlToday: orNull(Decimal),
  openPositions: Type.Integer({ minimum: 0 }),
  openOrders: Type.Integer({ minimum: 0 }),
});
export type AccountSummary = Static<typeof AccountSummary>;

/** Floats, for judging and not for accounts: shares, not percent. Null where a figure is not defined; `undefined` says why. */
export const Metrics = exactly({
  venue: VenueName,
  sharpeRatio: orNull(Type.Number()),
  maxDrawdown: orNull(Type.Number()),
  winRate: orNull(Type.Number()),
  profitFactor: orNull(Type.Number()),
  tradeCount: orNull(Type.Number()),
  more: Type.Record(Type.String(), orNull(Type.Number())),
  undefined: Type.Record(Type.String(), Text),
});
export type Metrics = Static<typeof Metrics>;

export const PortfolioSummary = exactly({ ts: Ts, accounts: Type.Array(AccountSummary), metrics: Type.Array(Metrics) });
export type PortfolioSummary = Static<typeof PortfolioSummary>;

export const MetricsList = exactly({ items: Type.Array(Metrics) });
export type MetricsList = Static<typeof MetricsList>;

/** Oldest first; values are floats in units of the currency. */
export const EquityCurve = exactly({ venue: VenueName, currency: Text, ts: Type.Array(Ts), value: Type.Array(Type.Number()) });
export type EquityCurve = Static<typeof EquityCurve>;

export const EquityCurves = exactly({ items: Type.Array(EquityCurve) });
export type EquityCurves = Static<typeof EquityCurves>;
