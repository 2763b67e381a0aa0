/*
 * What users import: `import { Strategy, Sma, type Bar } from 'quanthybrid'`. The one place that re-exports.
 * A strategy file gets these very modules, so that its `extends Strategy` is the engine's class.
 */

export { Strategy } from './core/strategy/strategy.ts';
export type {
  Bar,
  BarHistory,
  BarSource,
  Book,
  BookLevel,
  BookSideName,
  Decimal,
  OrderChange,
  OrderOptions,
  OrderView,
  QuoteBar,
  QuoteBarHistory,
  QuoteHistory,
  QuoteTick,
  RoundingWay,
  SeriesIndex,
  SideName,
  StrategyClass,
  StrategyContext,
  StrategyFill,
  StrategySetup,
  TargetOptions,
  TimeInForceName,
  TradeHistory,
  TradeTick,
} from './core/strategy/strategy.ts';

export { Adx } from './indicators/adx.ts';
export { Atr } from './indicators/atr.ts';
export { BollingerBands } from './indicators/bollinger-bands.ts';
export { DonchianChannel } from './indicators/donchian-channel.ts';
export { Ema } from './indicators/ema.ts';
export type { EmaSeed } from './indicators/ema.ts';
export type { Indicator, IndicatorState } from './indicators/indicator.ts';
export { KeltnerChannel } from './indicators/keltner-channel.ts';
export type { KeltnerChannelOptions } from './indicators/keltner-channel.ts';
export { LinearRegression } from './indicators/linear-regression.ts';
export { Macd } from './indicators/macd.ts';
export type { MacdOptions } from './indicators/macd.ts';
export { RealizedVolatility } from './indicators/realized-volatility.ts';
export type { RealizedVolatilityOptions } from './indicators/realized-volatility.ts';
export { RollingVwap } from './indicators/rolling-vwap.ts';
export { Rsi } from './indicators/rsi.ts';
export { Sma } from './indicators/sma.ts';
export { Stochastic } from './indicators/stochastic.ts';
export type { StochasticOptions } from './indicators/stochastic.ts';
export { Vwap } from './indicators/vwap.ts';
export { WilderAverage } from './indicators/wilder-average.ts';
export { Wma } from './indicators/wma.ts';
export { ZScore } from './indicators/z-score.ts';
export type { DeviationKind } from './indicators/z-score.ts';

export type { Currency, Money } from './model/currency.ts';
export type {
  DataGap,
  Fill,
  ModifyRejected,
  OrderAccepted,
  OrderCanceled,
  OrderDenied,
  OrderEvent,
  OrderExpired,
  OrderInitialized,
  OrderModified,
  OrderRejected,
} from './model/events.ts';
export type { Instrument, InstrumentId, InstrumentIndex, InstrumentKind, Price, Quantity } from './model/instrument.ts';
export { LiquiditySide, OrderFlag, OrderType, Side, TimeInForce } from './model/order.ts';
export type { ClientOrderId, OrderRequest } from './model/order.ts';
export { OrderStatus } from './model/order-status.ts';
export type { Parameter, ParameterDescriptors, ParametersOf, ParameterValue } from './model/parameters.ts';

export { BollingerMeanReversion } from './strategies/bollinger-mean-reversion.ts';
export { DonchianBreakout } from './strategies/donchian-breakout.ts';
export { MovingAverageCrossover } from './strategies/moving-average-crossover.ts';
export { Pairs } from './strategies/pairs.ts';
export { RegimeSwitch } from './strategies/regime-switch.ts';
