import type { Component } from '../../src/contract/api/operations.ts';
import type { Scope } from '../../src/contract/api/risk.ts';
import { RIGHTS } from '../../src/model/rights.ts';
import { accessAnswers } from './mock-access.ts';
import type { MockDesk } from './mock-desk.ts';
import type { MockInterval } from './mock-market.ts';

const PASSWORD = 'correct horse battery';
const CODE = '123456';

export class MockRefusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(status: number, code: string, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

export interface MockCall {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  // Whatever was sent: a mock trusts its own page.
  readonly body: never;
  readonly isSignedIn: boolean;
}

const COMPONENTS: readonly Component[] = [
  { name: 'market data', state: 'OK', detail: 'generated, 6 instruments' },
  { name: 'engine', state: 'OK', detail: 'worker, 12 µs an input' },
  { name: 'journal', state: 'OK', detail: 'synced 3 ms ago, 41 MB' },
  { name: 'database', state: 'OK', detail: 'embedded, 0 behind' },
  { name: 'order execution', state: 'OK', detail: 'simulated venue' },
  { name: 'backups', state: 'DEGRADED', detail: 'newest is 26 h old' },
  { name: 'redis', state: 'ABSENT', detail: '' },
];

function scopeOf(body: never): Scope {
  return (body as { scope: Scope }).scope;
}

/** Answers a call as the API would, or throws what it would refuse with. */
export function answerCall(desk: MockDesk, call: MockCall): unknown {
  const { method, path, body, isSignedIn } = call;
  const now = Date.now() * 1000;
  const given = body as Readonly<Record<string, never>>;
  if (path === '/auth/login') {
    if (given['name'] === 'tess' && given['code'] === undefined && given['password'] === PASSWORD)
      throw new MockRefusal(401, 'AUTH_SECOND_FACTOR_NEEDED', 'This user has a second factor: send the code too.');
    const isGood = given['password'] === PASSWORD && (given['name'] !== 'tess' || given['code'] === CODE);
    if (!isGood) throw new MockRefusal(401, 'AUTH_FAILED', 'Name, password or code is wrong.');
    return {
      userName: given['name'],
      mustChangePassword: given['name'] === 'newcomer',
      csrfToken: 'mock',
      tsAccessEnd: now + 9e8,
      tsEnd: now + 9e9,
    };
  }
  if (!isSignedIn) throw new MockRefusal(401, 'AUTH_NEEDED', 'Sign in, or send an API key.');
  const me = {
    userName: 'anna',
    kind: 'SESSION',
    role: 'admin',
    rights: Object.keys(RIGHTS),
    mustChangePassword: false,
    csrfToken: 'mock',
    tsEnd: now + 9e9,
  };
  const simple: Readonly<Record<string, () => unknown>> = {
    ...accessAnswers(now),
    '/auth/me': () => me,
    '/auth/password': () => ({ ...me, tsAccessEnd: now }),
    '/auth/ws-ticket': () => ({ ticket: 'mock' }),
    '/auth/logout': () => ({ done: true }),
    '/auth/step-up': () => {
      if (given['proof'] === PASSWORD) return { done: true };
      throw new MockRefusal(401, 'AUTH_FAILED', 'The code or password is wrong.');
    },
    '/instruments': () => ({ items: ['BTC', 'ETH', 'SOL', 'XRP', 'ADA', 'LINK'].map((base) => desk.instrument(`${base}-USDT.SIM`)!.info) }),
    '/fills': () => ({ items: desk.fills.slice(0, 500), before: null }),
    '/balances': () => ({ items: desk.balances() }),
    '/portfolio': () => ({ ts: now, accounts: [desk.account(now)], metrics: [metrics()] }),
    '/portfolio/equity': () => ({
      items: [{ venue: 'SIM', currency: 'USDT', ts: desk.equity.map(({ ts }) => ts), value: desk.equity.map(({ value }) => value) }],
    }),
    '/strategies': () => ({ items: desk.strategies }),
    '/risk': () => ({ tradingState: desk.tradingState(), limits: desk.limits(), denials: desk.denials.slice(0, 20), alerts: desk.alerts }),
    '/risk/scenarios': () => scenarios(desk, now),
    '/risk/denials': () => ({ items: desk.denials, before: null }),
    '/risk/alerts': () => ({ items: desk.alerts, before: null }),
    '/log': () => ({ items: desk.log.slice(0, 500), before: null }),
    '/audit': () => ({ items: desk.audit, before: null }),
    '/runs': () => ({ items: desk.runs, before: null }),
    '/health': () => health(desk, now),
  };
  if (method === 'GET' || path.startsWith('/auth/')) {
    const found = simple[path];
    if (found !== undefined) return found();
    if (path === '/orders')
      return {
        items: [...desk.orders.values()]
          .map(({ order }) => order)
          .reverse()
          .slice(0, 500),
        before: null,
      };
  }
  return answerAct(desk, call, now);
}

const SHOCKS = ['-0.2', '-0.1', '-0.05', '0.05', '0.1', '0.2'];

function scenarios(desk: MockDesk, now: number) {
  const held = new Map<string, number>();
  for (const { instrument, value } of desk.positions()) held.set(instrument, (held.get(instrument) ?? 0) + Number(value));
  const row = (instrument: string | null, value: number) => {
    const pnl = SHOCKS.map((shock) => (value * Number(shock)).toFixed(2));
    return { instrument, value: value.toFixed(2), pnl };
  };
  const total = [...held.values()].reduce((sum, value) => sum + value, 0);
  const rows = [row(null, total), ...[...held].map(([instrument, value]) => row(instrument, value))];
  const historical = {
    horizonUs: 36e8,
    stepUs: 3e8,
    windows: 2004,
    tsFrom: now - 6048e8,
    valueAtRisk95: Math.abs(total) * 0.011,
    valueAtRisk99: Math.abs(total) * 0.019,
    expectedShortfall95: Math.abs(total) * 0.015,
  };
  return { shocks: SHOCKS, currencies: held.size === 0 ? [] : [{ currency: 'USDT', rows, historical }] };
}

function metrics() {
  const more = { sortinoRatio: 2.71, calmarRatio: 3.4 };
  return {
    venue: 'SIM',
    sharpeRatio: 1.83,
    maxDrawdown: -0.0124,
    winRate: 0.537,
    profitFactor: 1.31,
    tradeCount: 211,
    more,
    undefined: {},
  };
}

function health(desk: MockDesk, now: number) {
  const session = { name: 'generated', mode: 'PAPER', phase: 'RUNNING', sequence: 1_204_881 + desk.equity.length, ts: now - 40_000, now };
  return { state: 'OK', session, marketData: [], components: COMPONENTS };
}

function answerAct(desk: MockDesk, { method, path, query, body }: MockCall, now: number): unknown {
  const parts = path.split('/').slice(1).map(decodeURIComponent);
  const [place, name = '', act = ''] = parts;
  const given = body as Readonly<Record<string, never>>;
  if (method !== 'GET') desk.record('anna', `${method} ${place}`.toUpperCase(), name, JSON.stringify(body), now);
  if (place === 'instruments' && act === 'candles') {
    const interval = query.get('interval') as MockInterval;
    const candles = desk
      .instrument(name)!
      .candles(interval, Number(query.get('before') ?? Number.MAX_SAFE_INTEGER), Number(query.get('limit')));
    return { instrument: name, interval, candles };
  }
  if (path === '/orders' && method === 'POST') {
    const held = desk.place(body, 'manual', now);
    if (held.denial === null) return held.order;
    throw new MockRefusal(422, held.denial.code, held.denial.reason, { clientOrderId: held.order.clientOrderId, denial: held.denial });
  }
  if (path === '/orders/cancel-all') {
    for (const order of desk.open()) desk.cancel(desk.orders.get(order.clientOrderId)!, now);
    return { done: true };
  }
  if (place === 'positions' && act === 'flatten') {
    const held = desk.flatten(name, given['strategy'] ?? '', now);
    if (held === null) throw new MockRefusal(409, 'POSITION_FLAT', 'Nothing is held there.');
    return held.order;
  }
  if (place === 'orders') {
    const held = desk.orders.get(name);
    if (held === undefined) throw new MockRefusal(404, 'ORDER_UNKNOWN', 'There is no such order.');
    if (method === 'DELETE') desk.cancel(held, now);
    if (method === 'PATCH') desk.modify(held, body, now);
    return method === 'GET' ? { ...held, eventsForgotten: 0 } : held.order;
  }
  if (place === 'strategies') {
    if (act === 'stop') return desk.setStrategy(name, { status: 'STOPPED', reason: given['reason'] ?? '' });
    if (act === 'start') return desk.setStrategy(name, { status: 'RUNNING', reason: '' });
    const before = desk.strategies.find(({ strategy }) => strategy === name)!.parameters;
    return desk.setStrategy(name, { parameters: { ...before, ...(given['parameters'] as unknown as typeof before) } });
  }
  if (path === '/trading-state') desk.setSwitch(scopeOf(body), { state: given['state']!, isKilled: false, isFlattening: false });
  else if (path === '/kill-switch') desk.kill(scopeOf(body), given['flatten'] === true, now);
  else if (path === '/kill-switch/release' || path === '/trading-state/activate') desk.setSwitch(scopeOf(body), null);
  else throw new MockRefusal(404, 'ROUTE_UNKNOWN', 'There is nothing at this address.');
  return desk.tradingState();
}
