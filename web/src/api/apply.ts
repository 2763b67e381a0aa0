import type { Book, LatestPrice, MarketTrade, Quote } from '../../../src/contract/api/market.ts';
import type { LogLineInfo } from '../../../src/contract/api/operations.ts';
import type { FillInfo, Order } from '../../../src/contract/api/orders.ts';
import type { AccountSummary, Balance, Position } from '../../../src/contract/api/portfolio.ts';
import type { AlertInfo, DenialInfo, LimitInfo, TradingStateInfo } from '../../../src/contract/api/risk.ts';
import type { StrategyInfo } from '../../../src/contract/api/strategies.ts';
import { isOpen, positionKey, totalsOf } from '../state/derived.ts';
import { ALERTS_KEPT, CLOSED_ORDERS_KEPT, DENIALS_KEPT, desk, EQUITY_POINTS_KEPT, FILLS_KEPT, LOG_ROWS_KEPT, TRADES_KEPT, withNewest } from '../state/desk.ts';
import type { ChannelMessage } from './stream-messages.ts';

interface MarketData {
  readonly latest?: LatestPrice;
  readonly quote?: Quote | null;
  readonly trades?: readonly MarketTrade[];
  readonly book?: Book | null;
}

/** Closed orders beyond what is kept go, the oldest first; the map is in the order in which they came. */
function trimOrders(): void {
  let closed = desk.orders.map.size;
  for (const order of desk.orders.map.values()) if (isOpen(order)) closed -= 1;
  for (const [id, order] of desk.orders.map) {
    if (closed <= CLOSED_ORDERS_KEPT) return;
    if (isOpen(order)) continue;
    desk.orders.remove(id);
    closed -= 1;
  }
}

function takeOrders(orders: readonly Order[]): void {
  for (const order of orders) desk.orders.put(order.clientOrderId, order);
  trimOrders();
}

/** A snapshot lists what is open: what was open before and is not among it has ended meanwhile. */
function takeOpenOrders(orders: readonly Order[]): void {
  const open = new Set(orders.map((order) => order.clientOrderId));
  for (const [id, order] of desk.orders.map) if (isOpen(order) && !open.has(id)) desk.orders.remove(id);
  takeOrders(orders);
}

function takeMarket(instrument: string, data: MarketData, isWatched: boolean): void {
  const before = desk.markets.map.get(instrument);
  const latest = data.latest;
  desk.markets.put(instrument, {
    instrument,
    ts: latest?.ts ?? before?.ts ?? 0,
    price: latest?.price ?? before?.price ?? null,
    quote: latest?.quote ?? data.quote ?? before?.quote ?? null,
    dayOpen: before?.dayOpen ?? null,
  });
  if (!isWatched) return;
  if (data.book != null) desk.book.set(data.book);
  if (data.trades !== undefined) desk.trades.update((rows) => withNewest(rows, data.trades!, TRADES_KEPT));
}

function takePositions(positions: readonly Position[], isAll: boolean): void {
  if (isAll) desk.positions.replace(positions.map((position) => [positionKey(position), position]));
  else for (const position of positions) desk.positions.put(positionKey(position), position);
}

interface PortfolioData {
  readonly accounts: readonly AccountSummary[];
  readonly balances?: readonly Balance[];
}

function takePortfolio({ accounts, balances }: PortfolioData): void {
  desk.portfolio.update((portfolio) => ({ ts: accounts[0]?.tsEquity ?? 0, accounts: [...accounts], metrics: portfolio?.metrics ?? [] }));
  if (balances !== undefined) desk.balances.set(balances);
  const { equity } = totalsOf(accounts.slice(0, 1));
  const ts = accounts[0]?.tsEquity ?? null;
  if (equity === null || ts === null) return;
  desk.equity.update((points) => ((points.at(-1)?.ts ?? 0) >= ts ? points : [...points, { ts, value: Number(equity) }].slice(-EQUITY_POINTS_KEPT)));
}

interface RiskData {
  readonly tradingState?: TradingStateInfo;
  readonly limits?: readonly LimitInfo[];
  readonly denials?: readonly DenialInfo[];
  readonly alerts?: readonly AlertInfo[];
}

function takeRisk({ tradingState, limits, denials, alerts }: RiskData): void {
  if (tradingState !== undefined) desk.tradingState.set(tradingState);
  if (limits !== undefined) desk.limits.set(limits);
  if (denials !== undefined) desk.denials.update((rows) => withNewest(rows, denials, DENIALS_KEPT));
  if (alerts !== undefined) desk.alerts.update((rows) => withNewest(rows, alerts, ALERTS_KEPT));
}

function itemsOf<T>(data: unknown): readonly T[] {
  return (data as { readonly items: readonly T[] }).items;
}

/** Puts what came of a channel where the pages look. */
export function applyMessage({ type, channel, instrument, data }: ChannelMessage, watched: string): void {
  const isAll = type === 'snapshot';
  switch (channel) {
    case 'market':
      if (instrument !== undefined) takeMarket(instrument, data as MarketData, instrument === watched);
      break;
    case 'orders':
      if (isAll) takeOpenOrders(itemsOf<Order>(data));
      else takeOrders(itemsOf<Order>(data));
      break;
    case 'fills':
      desk.fills.update((rows) => withNewest(rows, itemsOf<FillInfo>(data), FILLS_KEPT));
      break;
    case 'positions':
      takePositions(itemsOf<Position>(data), isAll);
      break;
    case 'portfolio':
      takePortfolio(data as PortfolioData);
      break;
    case 'strategies':
      for (const strategy of itemsOf<StrategyInfo>(data)) desk.strategies.put(strategy.strategy, strategy);
      break;
    case 'risk':
      takeRisk(data as RiskData);
      break;
    case 'log':
      desk.log.update((rows) => withNewest(rows, itemsOf<LogLineInfo>(data), LOG_ROWS_KEPT));
      break;
    default:
      channel satisfies never;
  }
}
