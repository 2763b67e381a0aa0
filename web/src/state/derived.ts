import type { Order } from '../../../src/contract/api/orders.ts';
import type { AccountSummary, Metrics, Position } from '../../../src/contract/api/portfolio.ts';
import type { LimitInfo, Scope } from '../../../src/contract/api/risk.ts';
import { addDecimals, signOf, withoutSign } from '../numbers/decimal-text.ts';
import type { EquityPoint } from './desk.ts';

const ENDED: ReadonlySet<Order['status']> = new Set(['DENIED', 'FILLED', 'CANCELED', 'EXPIRED', 'REJECTED']);
const ASKED: ReadonlySet<Order['status']> = new Set(['INITIALIZED', 'SUBMITTED', 'PENDING_CANCEL', 'PENDING_MODIFY', 'UNKNOWN']);

/** True until the order has ended. */
export function isOpen(order: Order): boolean {
  return !ENDED.has(order.status);
}

/** True while an answer of the venue is awaited. */
export function isAwaited(order: Order): boolean {
  return ASKED.has(order.status);
}

export function isHeld(position: Position): boolean {
  return signOf(position.quantity) !== 0;
}

export function positionKey({ strategy, instrument, positionSide }: Position): string {
  return `${strategy ?? ''}|${instrument}|${positionSide}`;
}

/** What one account or several of the same currency come to. */
export interface Totals {
  readonly currency: string;
  /** Accounts in other currencies, which are not in the sums. */
  readonly accountsLeftOut: number;
  readonly equity: string | null;
  readonly pnl: string | null;
  readonly pnlToday: string | null;
  /** pnlToday as a share of what the day began with. */
  readonly returnToday: number | null;
}

function sumOf(values: readonly (string | null)[]): string | null {
  let sum = '0';
  for (const value of values) {
    if (value === null) return null;
    sum = addDecimals(sum, value);
  }
  return values.length === 0 ? null : sum;
}

/** Sums the accounts whose currency is that of the first. */
export function totalsOf(accounts: readonly AccountSummary[]): Totals {
  const currency = accounts[0]?.currency ?? '';
  const own = accounts.filter((account) => account.currency === currency);
  const equity = sumOf(own.map((account) => account.equity));
  const pnlToday = sumOf(own.map((account) => account.pnlToday));
  const start = Number(equity) - Number(pnlToday);
  return {
    currency,
    accountsLeftOut: accounts.length - own.length,
    equity,
    pnl: sumOf(own.map((account) => account.pnl)),
    pnlToday,
    returnToday: equity === null || pnlToday === null || !(start > 0) ? null : Number(pnlToday) / start,
  };
}

export interface PositionSums {
  readonly gross: string;
  readonly net: string;
  readonly realized: string;
  readonly unrealized: string;
  readonly commission: string;
  /** Positions without a price or in another currency. */
  readonly leftOut: number;
}

export function positionSums(positions: readonly Position[], currency: string): PositionSums {
  let [gross, net, realized, unrealized, commission] = ['0', '0', '0', '0', '0'];
  let leftOut = 0;
  for (const position of positions) {
    if (position.currency !== currency || (isHeld(position) && position.value === null)) {
      leftOut += 1;
      continue;
    }
    realized = addDecimals(realized, position.realizedPnl);
    commission = addDecimals(commission, position.commission);
    if (position.value === null || position.unrealizedPnl === null) continue;
    gross = addDecimals(gross, withoutSign(position.value));
    net = addDecimals(net, position.value);
    unrealized = addDecimals(unrealized, position.unrealizedPnl);
  }
  return { gross, net, realized, unrealized, commission, leftOut };
}

/** How far the last point lies below the highest before it, and the worst of this, as shares; null without points. */
export function drawdownsOf(points: readonly EquityPoint[]): { readonly now: number | null; readonly worst: number | null } {
  let high = Number.NEGATIVE_INFINITY;
  let now: number | null = null;
  let worst: number | null = null;
  for (const { value } of points) {
    if (value > high) high = value;
    if (!(high > 0)) continue;
    now = value / high - 1;
    worst = Math.min(worst ?? 0, now);
  }
  return { now, worst };
}

/** used ÷ limit; null where one is not known. */
export function usageOf({ used, limit }: LimitInfo): number | null {
  if (used === null) return null;
  const most = Math.abs(Number(limit));
  return most > 0 ? Math.abs(Number(used)) / most : Number(used) === 0 ? 0 : 1;
}

export function limitKey({ scope, name }: LimitInfo): string {
  return `${scope} ${name}`;
}

export function scopeText(scope: Scope): string {
  switch (scope.kind) {
    case 'FIRM':
      return 'firm';
    case 'ACCOUNT':
      return `account ${scope.venue}`;
    case 'STRATEGY':
      return `strategy ${scope.strategy}`;
    case 'INSTRUMENT':
      return scope.instrument;
    default:
      return String(scope satisfies never);
  }
}

/** A figure by its name, wherever the API lists it. */
export function metricOf(metrics: Metrics | undefined, name: string): number | null {
  if (metrics === undefined) return null;
  const direct = (metrics as unknown as Readonly<Record<string, unknown>>)[name];
  return typeof direct === 'number' ? direct : (metrics.more[name] ?? null);
}
