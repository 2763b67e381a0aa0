import type { Me } from '../../../src/contract/api/auth.ts';
import type { Book, InstrumentInfo, MarketTrade, Quote } from '../../../src/contract/api/market.ts';
import type { MarketData } from '../../../src/contract/api/stream-data.ts';
import type { Health, LogLineInfo } from '../../../src/contract/api/operations.ts';
import type { FillInfo, Order } from '../../../src/contract/api/orders.ts';
import type { Balance, PortfolioSummary, Position } from '../../../src/contract/api/portfolio.ts';
import type { AlertInfo, DenialInfo, LimitInfo, TradingStateInfo } from '../../../src/contract/api/risk.ts';
import type { StrategyInfo } from '../../../src/contract/api/strategies.ts';
import { TableTopic, Topic } from './topic.ts';

/** Rows kept of what only grows; older ones are asked for by their page. */
export const FILLS_KEPT = 500;
export const LOG_ROWS_KEPT = 1000;
export const DENIALS_KEPT = 500;
export const ALERTS_KEPT = 200;
export const TRADES_KEPT = 60;
export const EQUITY_POINTS_KEPT = 20_000;
/** Orders that have ended and are kept in sight, the newest. */
export const CLOSED_ORDERS_KEPT = 2000;

/**
 * live: what is shown is how it stands. resyncing: connected, and not yet told what was missed. stale: connected, and nothing is heard.
 * offline: not connected.
 */
export type LinkState = 'connecting' | 'resyncing' | 'live' | 'stale' | 'offline';

export interface Link {
  readonly state: LinkState;
  /** When anything was last heard, by this machine's clock, in microseconds; 0 for never. */
  readonly heardTs: number;
  /** When the next attempt is due; null while one is under way. */
  readonly retryTs: number | null;
}

/** The latest of one instrument. */
export interface MarketRow {
  readonly instrument: string;
  /** 0 before the first. */
  readonly ts: number;
  readonly price: string | null;
  readonly quote: Quote | null;
  /** Where the day (UTC) began; null where that is not known. */
  readonly dayOpen: string | null;
}

export interface EquityPoint {
  readonly ts: number;
  readonly value: number;
}

/** Everything that is shown and that the server keeps up to date. */
export const desk = {
  me: new Topic<Me | null>(null),
  link: new Topic<Link>({ state: 'connecting', heardTs: 0, retryTs: null }),
  health: new Topic<Health | null>(null),
  instruments: new TableTopic<string, InstrumentInfo>(),
  markets: new TableTopic<string, MarketRow>(),
  /** Of the instrument that is looked at. */
  book: new Topic<Book | null>(null),
  trades: new Topic<readonly MarketTrade[]>([]),
  newestCandles: new Topic<{ readonly instrument: string; readonly candles: MarketData['candles'] } | null>(null),
  orders: new TableTopic<string, Order>(),
  /** Newest first, as are denials, alerts and the log. */
  fills: new Topic<readonly FillInfo[]>([]),
  positions: new TableTopic<string, Position>(),
  balances: new Topic<readonly Balance[]>([]),
  portfolio: new Topic<PortfolioSummary | null>(null),
  equity: new Topic<readonly EquityPoint[]>([]),
  strategies: new TableTopic<string, StrategyInfo>(),
  tradingState: new Topic<TradingStateInfo | null>(null),
  limits: new Topic<readonly LimitInfo[]>([]),
  denials: new Topic<readonly DenialInfo[]>([]),
  alerts: new Topic<readonly AlertInfo[]>([]),
  log: new Topic<readonly LogLineInfo[]>([]),
};

interface Sequenced {
  readonly sequence: number;
}

/** Puts new rows before old ones, each number once, and lets the oldest go. */
export function withNewest<T extends Sequenced>(rows: readonly T[], fresh: readonly T[], rowsMax: number): readonly T[] {
  const newest = rows[0]?.sequence ?? 0;
  const added = fresh.filter((row) => row.sequence > newest).sort((a, b) => b.sequence - a.sequence);
  return added.length === 0 ? rows : [...added, ...rows].slice(0, rowsMax);
}
