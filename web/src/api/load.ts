import type { Static } from '@sinclair/typebox';
import type { InstrumentInfo, LatestPrice } from '../../../src/contract/api/market.ts';
import type { Health, LogPage } from '../../../src/contract/api/operations.ts';
import type { FillPage, OrderPage } from '../../../src/contract/api/orders.ts';
import type { BalanceList, EquityCurves, PortfolioSummary } from '../../../src/contract/api/portfolio.ts';
import type { AlertPage, DenialPage, RiskState } from '../../../src/contract/api/risk.ts';
import { ALERTS_KEPT, DENIALS_KEPT, desk, EQUITY_POINTS_KEPT, FILLS_KEPT } from '../state/desk.ts';
import { setServerTime } from '../state/now.ts';
import { call } from './http.ts';
import { PATHS } from './paths.ts';

const ORDERS_FETCHED = 500;

/** What is asked for once at each connection; what is live comes over the stream after it. @returns false where the server does not answer */
export async function loadDesk(): Promise<boolean> {
  const instruments = await call<{ items: readonly InstrumentInfo[] }>(PATHS.instruments);
  if (!instruments.ok) return false;
  desk.instruments.replace(instruments.value.items.map((row) => [row.instrument, row]));
  for (const { instrument } of instruments.value.items) {
    if (!desk.markets.map.has(instrument)) desk.markets.put(instrument, { instrument, ts: 0, price: null, quote: null, dayOpen: null });
  }
  await Promise.all([loadHealth(), loadOrders(), loadFills(), loadMoney(), loadRisk(), loadLog()]);
  return true;
}

export async function loadHealth(): Promise<void> {
  const health = await call<Health>(PATHS.health);
  if (!health.ok) return;
  setServerTime(health.value.session.now);
  desk.health.set(health.value);
}

/** Orders that have ended between the first answer and the stream's snapshot, which lists those that are open. What is newer stays. */
export async function loadMissedOrders(): Promise<void> {
  const orders = await call<OrderPage>(`${PATHS.orders}?limit=${ORDERS_FETCHED}`);
  if (!orders.ok) return;
  for (const order of [...orders.value.items].reverse()) {
    const known = desk.orders.map.get(order.clientOrderId);
    if (known === undefined || order.tsLast >= known.tsLast) desk.orders.put(order.clientOrderId, order);
  }
}

async function loadOrders(): Promise<void> {
  const orders = await call<OrderPage>(`${PATHS.orders}?limit=${ORDERS_FETCHED}`);
  if (orders.ok) desk.orders.replace([...orders.value.items].reverse().map((order) => [order.clientOrderId, order]));
}

async function loadFills(): Promise<void> {
  const fills = await call<FillPage>(`${PATHS.fills}?limit=${FILLS_KEPT}`);
  if (fills.ok) desk.fills.set(fills.value.items);
}

async function loadMoney(): Promise<void> {
  const [portfolio, balances, curves] = await Promise.all([
    call<PortfolioSummary>(PATHS.portfolio),
    call<BalanceList>(PATHS.balances),
    call<EquityCurves>(PATHS.equity),
  ]);
  if (portfolio.ok) desk.portfolio.set(portfolio.value);
  if (balances.ok) desk.balances.set(balances.value.items);
  const curve = curves.ok ? curves.value.items[0] : undefined;
  if (curve !== undefined) desk.equity.set(curve.ts.map((ts, at) => ({ ts, value: curve.value[at]! })).slice(-EQUITY_POINTS_KEPT));
}

/** What the stream does not tell: how much of each limit is used, and the figures of the accounts. */
export async function loadSlowFigures(): Promise<void> {
  const [risk, portfolio] = await Promise.all([call<RiskState>(PATHS.risk), call<PortfolioSummary>(PATHS.portfolio)]);
  if (risk.ok) desk.limits.set(risk.value.limits);
  if (portfolio.ok) desk.portfolio.set(portfolio.value);
}

async function loadRisk(): Promise<void> {
  const [risk, denials, alerts] = await Promise.all([
    call<RiskState>(PATHS.risk),
    call<Static<typeof DenialPage>>(`${PATHS.denials}?limit=${DENIALS_KEPT}`),
    call<Static<typeof AlertPage>>(`${PATHS.alerts}?limit=${ALERTS_KEPT}`),
  ]);
  if (risk.ok) {
    desk.tradingState.set(risk.value.tradingState);
    desk.limits.set(risk.value.limits);
  }
  if (denials.ok) desk.denials.set(denials.value.items);
  if (alerts.ok) desk.alerts.set(alerts.value.items);
}

export async function loadPrice(instrument: string): Promise<void> {
  const latest = await call<LatestPrice>(PATHS.price(instrument));
  const before = desk.markets.map.get(instrument);
  if (!latest.ok || before === undefined) return;
  const { ts, price, quote } = latest.value;
  if ((ts ?? 0) >= before.ts) desk.markets.put(instrument, { ...before, ts: ts ?? 0, price, quote });
}

async function loadLog(): Promise<void> {
  const log = await call<Static<typeof LogPage>>(`${PATHS.log}?limit=500`);
  if (log.ok) desk.log.set(log.value.items);
}
