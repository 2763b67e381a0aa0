import { type Static, Type } from '@sinclair/typebox';
import { Book, Candle, IntervalName, LatestPrice, MarketTrade } from './market.ts';
import { LogLineInfo } from './operations.ts';
import { Denial, FillInfo, Order, OrderEventInfo } from './orders.ts';
import { AccountSummary, Balance, Position } from './portfolio.ts';
import { AlertInfo, DenialInfo, RiskState, TradingStateInfo } from './risk.ts';
import { exactly, orNull } from './scalars.ts';
import { StrategyInfo } from './strategies.ts';

/*
 * What `data` of a message of each channel is: of a snapshot, and of a delta.
 */

/** The newest candle of each interval: it takes the place of the one that opens at the same time, or follows it. */
export const NewestCandle = exactly({ interval: IntervalName, candle: Candle });

/** `trades` are those since the last message, the newest where there were too many. */
export const MarketData = exactly({
  price: LatestPrice,
  book: Book,
  trades: Type.Array(MarketTrade),
  candles: Type.Array(NewestCandle),
});
export type MarketData = Static<typeof MarketData>;

export const OrdersSnapshot = exactly({ open: Type.Array(Order) });
/** An order as it stands, and what has happened to it since the last message about it. */
export const OrderDelta = exactly({ order: Order, denial: orNull(Denial), events: Type.Array(OrderEventInfo) });
export type OrderDelta = Static<typeof OrderDelta>;

export const FillsSnapshot = exactly({ newest: Type.Array(FillInfo) });
export const FillDelta = FillInfo;

/** Positions that are in the list take the place of those of the same strategy, instrument and side. */
export const PositionsData = exactly({ positions: Type.Array(Position) });

export const PortfolioData = exactly({ accounts: Type.Array(AccountSummary), balances: Type.Array(Balance) });

export const StrategiesSnapshot = exactly({ strategies: Type.Array(StrategyInfo) });
export const StrategyDelta = StrategyInfo;

export const RiskSnapshot = RiskState;
/** What is new; the trading state as it is. */
export const RiskDelta = exactly({ tradingState: TradingStateInfo, denials: Type.Array(DenialInfo), alerts: Type.Array(AlertInfo) });

export const LogSnapshot = exactly({ newest: Type.Array(LogLineInfo) });
export const LogDelta = exactly({ lines: Type.Array(LogLineInfo) });

export const SNAPSHOT_DATA = {
  market: MarketData,
  orders: OrdersSnapshot,
  fills: FillsSnapshot,
  positions: PositionsData,
  portfolio: PortfolioData,
  strategies: StrategiesSnapshot,
  risk: RiskSnapshot,
  log: LogSnapshot,
} as const;

export const DELTA_DATA = {
  market: MarketData,
  orders: OrderDelta,
  fills: FillDelta,
  positions: PositionsData,
  portfolio: PortfolioData,
  strategies: StrategyDelta,
  risk: RiskDelta,
  log: LogDelta,
} as const;
