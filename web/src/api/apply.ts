import type { Static } from '@sinclair/typebox';
import type { Order } from '../../../src/contract/api/orders.ts';
import type { Position } from '../../../src/contract/api/portfolio.ts';
import type { DELTA_DATA, MarketData, SNAPSHOT_DATA } from '../../../src/contract/api/stream-data.ts';
import type { Channel } from '../../../src/contract/api/stream.ts';
import { isOpen, positionKey } from '../state/derived.ts';
import {
  ALERTS_KEPT,
  CLOSED_ORDERS_KEPT,
  DENIALS_KEPT,
  desk,
  EQUITY_POINTS_KEPT,
  FILLS_KEPT,
  LOG_ROWS_KEPT,
  TRADES_KEPT,
  withNewest,
} from '../state/desk.ts';
import type { ChannelMessage } from './stream-messages.ts';

type Snapshot<C extends Channel> = Static<(typeof SNAPSHOT_DATA)[C]>;
type Delta<C extends Channel> = Static<(typeof DELTA_DATA)[C]>;

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

function takeMarket(instrument: string, { price, book, trades, candles }: MarketData, isWatched: boolean): void {
  const before = desk.markets.map.get(instrument);
  const dayOpen = candles.find(({ interval }) => interval === '1d')?.candle.open ?? before?.dayOpen ?? null;
  desk.markets.put(instrument, { instrument, ts: price.ts ?? 0, price: price.price, quote: price.quote, dayOpen });
  if (!isWatched) return;
  desk.book.set(book);
  desk.newestCandles.set({ instrument, candles });
  desk.trades.update((rows) => withNewest(rows, trades, TRADES_KEPT));
}

function takePositions(positions: readonly Position[], isAll: boolean): void {
  if (isAll) desk.positions.replace(positions.map((position) => [positionKey(position), position]));
  else for (const position of positions) desk.positions.put(positionKey(position), position);
}

function takePortfolio({ accounts, balances }: Delta<'portfolio'>): void {
  desk.portfolio.update((portfolio) => ({ ts: accounts[0]?.tsEquity ?? 0, accounts: [...accounts], metrics: portfolio?.metrics ?? [] }));
  desk.balances.set(balances);
  const equity = accounts[0]?.equity ?? null;
  const ts = accounts[0]?.tsEquity ?? null;
  if (equity === null || ts === null) return;
  desk.equity.update((points) =>
    (points.at(-1)?.ts ?? 0) >= ts ? points : [...points, { ts, value: Number(equity) }].slice(-EQUITY_POINTS_KEPT),
  );
}

function takeRisk({ tradingState, denials, alerts }: Delta<'risk'>): void {
  desk.tradingState.set(tradingState);
  desk.denials.update((rows) => withNewest(rows, denials, DENIALS_KEPT));
  desk.alerts.update((rows) => withNewest(rows, alerts, ALERTS_KEPT));
}

function applySnapshot(channel: Channel, data: unknown): void {
  switch (channel) {
    case 'orders':
      takeOpenOrders((data as Snapshot<'orders'>).open);
      break;
    case 'fills':
      desk.fills.update((rows) => withNewest(rows, (data as Snapshot<'fills'>).newest, FILLS_KEPT));
      break;
    case 'positions':
      takePositions((data as Snapshot<'positions'>).positions, true);
      break;
    case 'portfolio':
      takePortfolio(data as Snapshot<'portfolio'>);
      break;
    case 'strategies':
      desk.strategies.replace((data as Snapshot<'strategies'>).strategies.map((row) => [row.strategy, row]));
      break;
    case 'risk':
      desk.limits.set((data as Snapshot<'risk'>).limits);
      takeRisk(data as Snapshot<'risk'>);
      break;
    case 'log':
      desk.log.update((rows) => withNewest(rows, (data as Snapshot<'log'>).newest, LOG_ROWS_KEPT));
      break;
    case 'market':
      break;
    default:
      channel satisfies never;
  }
}

function applyDelta(channel: Channel, data: unknown): void {
  switch (channel) {
    case 'orders':
      takeOrders([(data as Delta<'orders'>).order]);
      break;
    case 'fills':
      desk.fills.update((rows) => withNewest(rows, [data as Delta<'fills'>], FILLS_KEPT));
      break;
    case 'positions':
      takePositions((data as Delta<'positions'>).positions, false);
      break;
    case 'portfolio':
      takePortfolio(data as Delta<'portfolio'>);
      break;
    case 'strategies':
      desk.strategies.put((data as Delta<'strategies'>).strategy, data as Delta<'strategies'>);
      break;
    case 'risk':
      takeRisk(data as Delta<'risk'>);
      break;
    case 'log':
      desk.log.update((rows) => withNewest(rows, (data as Delta<'log'>).lines, LOG_ROWS_KEPT));
      break;
    case 'market':
      break;
    default:
      channel satisfies never;
  }
}

/** Puts what came of a channel where the pages look. `watched` is the instrument whose book and trades are shown. */
export function applyMessage({ type, channel, instrument, data }: ChannelMessage, watched: string): void {
  if (channel === 'market') {
    if (instrument !== undefined) takeMarket(instrument, data as MarketData, instrument === watched);
  } else if (type === 'snapshot') applySnapshot(channel, data);
  else applyDelta(channel, data);
}
