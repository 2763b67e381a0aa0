import { type Static, Type } from '@sinclair/typebox';
import { Denial } from './orders.ts';
import {
  Decimal,
  exactly,
  InstrumentName,
  oneOf,
  orNull,
  OrderName,
  pageOf,
  Reason,
  StrategyName,
  Text,
  Ts,
  VenueName,
} from './scalars.ts';

/** What a trading state is said of. */
export const Scope = Type.Union([
  exactly({ kind: Type.Literal('FIRM') }),
  exactly({ kind: Type.Literal('ACCOUNT'), venue: VenueName }),
  exactly({ kind: Type.Literal('STRATEGY'), strategy: StrategyName }),
  exactly({ kind: Type.Literal('INSTRUMENT'), instrument: InstrumentName }),
]);
export type Scope = Static<typeof Scope>;

/** Whose limit is changed; `strategy` of an instrument: the strategy's own position in it. */
export const LimitScope = Type.Union([
  exactly({ kind: Type.Literal('FIRM') }),
  exactly({ kind: Type.Literal('ACCOUNT'), venue: VenueName }),
  exactly({ kind: Type.Literal('STRATEGY'), strategy: StrategyName }),
  exactly({ kind: Type.Literal('INSTRUMENT'), instrument: InstrumentName, strategy: Type.Optional(StrategyName) }),
]);
export type LimitScope = Static<typeof LimitScope>;

const StateName = oneOf(['ACTIVE', 'REDUCING', 'HALTED']);

export const TradingSwitchInfo = exactly({ scope: Scope, state: StateName, isKilled: Type.Boolean(), isFlattening: Type.Boolean() });
export type TradingSwitchInfo = Static<typeof TradingSwitchInfo>;

/** `state` is that of the firm; `switches` are all scopes that do not trade freely. */
export const TradingStateInfo = exactly({ state: StateName, isKilled: Type.Boolean(), switches: Type.Array(TradingSwitchInfo) });
export type TradingStateInfo = Static<typeof TradingStateInfo>;

/** `limit`: a decimal, or what run files write: `100 per 1s`, `5s`, `true`; `target` and `value` are what a change of it takes. */
export const LimitInfo = exactly({
  scope: Text,
  target: LimitScope,
  name: Text,
  limit: Text,
  value: Text,
  used: orNull(Decimal),
  unit: Text,
});
export type LimitInfo = Static<typeof LimitInfo>;

export const DenialInfo = exactly({
  sequence: Type.Integer({ minimum: 1 }),
  clientOrderId: OrderName,
  strategy: orNull(StrategyName),
  instrument: InstrumentName,
  tsInit: Ts,
  denial: Denial,
});
export type DenialInfo = Static<typeof DenialInfo>;

export const AlertInfo = exactly({ sequence: Type.Integer({ minimum: 1 }), code: Text, message: Text, tsInit: Ts });
export type AlertInfo = Static<typeof AlertInfo>;

export const DenialPage = pageOf(DenialInfo);
export const AlertPage = pageOf(AlertInfo);

export const RiskState = exactly({
  tradingState: TradingStateInfo,
  limits: Type.Array(LimitInfo),
  denials: Type.Array(DenialInfo),
  alerts: Type.Array(AlertInfo),
});
export type RiskState = Static<typeof RiskState>;

export const SetTradingState = exactly({ scope: Scope, state: oneOf(['REDUCING', 'HALTED']), reason: Reason });
export type SetTradingState = Static<typeof SetTradingState>;

export const ActivateTrading = exactly({ scope: Scope, reason: Reason });
export type ActivateTrading = Static<typeof ActivateTrading>;

export const Kill = exactly({ scope: Scope, flatten: Type.Boolean(), reason: Reason });
export type Kill = Static<typeof Kill>;

export const Release = exactly({ scope: Scope, reason: Reason });
export type Release = Static<typeof Release>;

/** `value` as run files write it, with its currency where it is money; null for no limit. */
export const ChangeLimit = exactly({ scope: LimitScope, name: Text, value: orNull(Text), reason: Reason });
export type ChangeLimit = Static<typeof ChangeLimit>;
/** Money in `currency`; `instrument` is null for everything that is held in it. `pnl` is in the order of `shocks`. */
export const StressRow = exactly({ instrument: orNull(InstrumentName), value: Decimal, pnl: Type.Array(Decimal) });
export type StressRow = Static<typeof StressRow>;

/** Floats, positive for a loss: what is held now over every stretch of the horizon's length in the past, overlapping. */
export const HistoricalRisk = exactly({
  horizonUs: Type.Integer({ minimum: 1 }),
  stepUs: Type.Integer({ minimum: 1 }),
  windows: Type.Integer({ minimum: 1 }),
  tsFrom: Ts,
  valueAtRisk95: Type.Number(),
  valueAtRisk99: Type.Number(),
  expectedShortfall95: Type.Number(),
});
export type HistoricalRisk = Static<typeof HistoricalRisk>;

/** `shocks` are changes of price, as decimal shares: −0.2 is down by a fifth. */
export const Scenarios = exactly({
  shocks: Type.Array(Decimal),
  currencies: Type.Array(exactly({ currency: Text, rows: Type.Array(StressRow), historical: orNull(HistoricalRisk) })),
});
export type Scenarios = Static<typeof Scenarios>;
