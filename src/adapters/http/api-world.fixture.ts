import { TypeCompiler } from '@sinclair/typebox/compiler';
import { CsrfTokens, SessionCookies } from './cookies.ts';
import { apiRoutes, type HttpOptions, type HttpServer, startHttpServer } from './http-server.ts';
import { MemoryAudit, MemoryGatekeeper, MemoryOnce, MemoryRates, PASSWORD } from './memory-gatekeeper.fixture.ts';
import { API_PREFIX } from './register-routes.ts';
import { ApiError } from '../../contract/api/scalars.ts';
import type { RiskLimits } from '../../core/risk/limits.ts';
import { Strategy } from '../../core/strategy/strategy.ts';
import { BlockKind, makeQuoteBlock, makeTradeBlock, type MarketBlock } from '../../model/blocks.ts';
import { makeCurrency } from '../../model/currency.ts';
import { instrumentWith } from '../../model/instrument.fixture.ts';
import type { Role } from '../../model/rights.ts';
import type { AccountDesk } from '../../ports/account-desk.ts';
import type { BlockReader } from '../../ports/block-reader.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ComponentHealth } from '../../ports/component-health.ts';
import type { Gatekeeper } from '../../ports/gatekeeper.ts';
import type { OnceKeeper } from '../../ports/request-keepers.ts';
import type { KeptRun, RunLibrary } from '../../ports/run-library.ts';
import { HandClock } from '../../runtime/hand-clock.fixture.ts';
import { LocalCore } from '../../runtime/session/local-core.ts';
import { MemoryJournal } from '../../runtime/session/memory-journal.fixture.ts';
import { replayFeed } from '../../runtime/session/replay-feed.ts';
import { Session } from '../../runtime/session/session.ts';
import { SessionMirror } from '../../runtime/session/session-mirror.ts';
import { SESSION_PLAN_VERSION, type SessionPlan } from '../../runtime/session/session-plan.ts';
import { DEFAULT_FILL_RULES } from '../../sim/matching/fill-rules.ts';

const SECOND = 1_000_000;
export const BEGIN = Date.UTC(2026, 0, 5, 12) * 1000;
const USD = makeCurrency('USD', 8);

/** Writes a line when it starts, and does nothing else. */
class Sleeper extends Strategy {
  static override readonly parameters = {
    size: { type: 'integer', default: 1, min: 1, max: 9, description: 'units' },
  } as const;

  override onStart(): void {
    this.log('awake');
  }
}

/** Every second: bid 100.00, ask 100.02, then a trade of 10 at 100.01. For a minute. */
function streams(): readonly BlockReader[] {
  const rows = 60;
  const quotes = makeQuoteBlock(0, rows);
  const trades = makeTradeBlock(0, rows);
  for (let row = 0; row < rows; row += 1) {
    const ts = BEGIN + (row + 1) * SECOND;
    for (const block of [quotes, trades]) {
      block.tsEvent[row] = ts;
      block.tsInit[row] = ts;
      block.length = rows;
    }
    quotes.bidPrice[row] = 10_000;
    quotes.askPrice[row] = 10_002;
    quotes.bidSize[row] = 500;
    quotes.askSize[row] = 600;
    trades.price[row] = 10_001;
    trades.quantity[row] = 10;
    trades.aggressorSide[row] = 1;
  }
  return [quotes, trades].map((block) => {
    let isRead = false;
    return {
      next: (): MarketBlock | null => {
        if (isRead) return null;
        isRead = true;
        return block;
      },
      close: () => {},
    };
  });
}

export function planWith(limits: RiskLimits = {}): SessionPlan {
  const instrument = instrumentWith({ id: 'TEST.SIM', base: makeCurrency('TEST'), quote: USD, settlement: USD });
  return {
    version: SESSION_PLAN_VERSION,
    name: 'api',
    identity: [],
    startTs: BEGIN,
    tradingFromTs: BEGIN,
    instruments: [instrument],
    calendars: [null],
    fees: [{ kind: 'none' }],
    accounts: [
      {
        venue: 'SIM',
        type: 'CASH',
        baseCurrency: USD,
        positionMode: 'NETTING',
        costMethod: 'AVERAGE',
        instrumentMargins: [],
        openingBalances: [{ currency: USD, amount: 1_000_000n * 100_000_000n }],
        margin: { kind: 'none' },
      },
    ],
    weightBufferPpb: [0],
    series: [],
    conversions: [],
    kinds: [[BlockKind.QUOTES, BlockKind.TRADES]],
    limits,
    marketData: {},
    historyRows: 16,
    venues: [
      {
        venue: 'SIM',
        orderEntryUs: 0,
        responseUs: 0,
        instruments: [{ instrument, fees: { kind: 'none' }, matchSeries: -1, matchOn: [BlockKind.QUOTES], rules: DEFAULT_FILL_RULES }],
      },
    ],
    sampling: { kind: 'interval', everyUs: SECOND },
    strategies: [{ name: 'sleeper', source: { kind: 'shipped', name: 'sleeper' }, parameters: { size: 1 }, instruments: [0] }],
  };
}

export interface WorldOptions {
  readonly limits?: RiskLimits;
  readonly http?: Partial<HttpOptions>;
  readonly journal?: MemoryJournal;
  /** Who may do what, in the place of users named after their roles. */
  readonly access?: { readonly gatekeeper: Gatekeeper; readonly accounts: AccountDesk };
  /** Who manages users and keys, where the users are still named after their roles. */
  readonly accounts?: (clock: Clock) => AccountDesk;
  /** In the place of one that remembers what it is asked for, and no more. */
  readonly once?: OnceKeeper;
}

/** A real session, fed by hand, behind a real server on loopback. */
export class ApiWorld {
  readonly clock: HandClock;
  readonly journal: MemoryJournal;
  readonly session: Session;
  readonly mirror: SessionMirror;
  readonly gatekeeper: MemoryGatekeeper;
  readonly rates = new MemoryRates();
  readonly audit = new MemoryAudit();
  readonly reported: unknown[] = [];
  components: ComponentHealth[] = [{ name: 'database', state: 'OK', detail: '' }];
  server!: HttpServer;

  private constructor({ limits, journal }: WorldOptions) {
    const plan = planWith(limits);
    this.clock = new HandClock(BEGIN);
    this.journal = journal ?? new MemoryJournal();
    this.gatekeeper = new MemoryGatekeeper(this.clock);
    this.mirror = new SessionMirror({ plan, mode: 'PAPER', now: () => this.session.now(), descriptorsOf: () => Sleeper.parameters });
    this.session = new Session({
      plan,
      journal: this.journal,
      clock: this.clock,
      speed: 1,
      goesOnAlone: false,
      openFeed: replayFeed(streams),
      connect: (made, listener) =>
        new LocalCore(
          made,
          {
            calendarOf: () => {
              throw new Error('no calendars');
            },
            classOf: () => Sleeper,
          },
          listener,
        ),
      listener: this.mirror,
    });
  }

  static async start(options: WorldOptions = {}): Promise<ApiWorld> {
    const world = new ApiWorld(options);
    await world.session.start();
    const runs: RunLibrary = {
      page: () => Promise.resolve([RUN]),
      run: (run) => Promise.resolve(run === RUN.run ? RUN : null),
      report: (run) => Promise.resolve(run === RUN.run ? '<!doctype html><style>p{color:red}</style><script>let a = 1;</script>' : null),
    };
    world.server = await startHttpServer(
      {
        view: world.mirror,
        control: world.session,
        gatekeeper: options.access?.gatekeeper ?? world.gatekeeper,
        accounts: options.access?.accounts ?? options.accounts?.(world.clock) ?? NO_ACCOUNTS,
        audit: world.audit,
        once: options.once ?? new MemoryOnce(),
        rates: world.rates,
        runs,
        health: { components: () => world.components },
        report: (error) => world.reported.push(error),
      },
      {
        host: '127.0.0.1',
        port: 0,
        tls: null,
        proxies: [],
        publicOrigins: [],
        webFolder: null,
        version: '0',
        clock: world.clock,
        ...options.http,
      },
    );
    return world;
  }

  /** Goes on by so many seconds of the market. */
  advance(seconds: number): void {
    this.clock.advanceTo(this.clock.now() + seconds * SECOND);
  }

  async close(): Promise<void> {
    await this.server.close();
    if (this.session.phase !== 'STOPPED') await this.session.stop();
  }

  /** Asks by an API key of the role. Every answer is held to the schema of its route. */
  async ask(role: Role, method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
    const key = `key-of-${role}`;
    this.gatekeeper.addKey(role, key);
    return this.send(method, path, body, { authorization: `Bearer ${key}`, ...headers });
  }

  async send(method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
    const url = path.startsWith('/health/') || path.startsWith('/api/') ? path : `${API_PREFIX}${path}`;
    const response = await fetch(`${this.server.url}${url}`, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      redirect: 'error',
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
    const value = isJson ? (JSON.parse(text) as never) : (text as never);
    if (isJson) holdToContract(method, path, response.status, value);
    return { status: response.status, body: value, headers: response.headers };
  }

  /** A place order with a key of its own. */
  place(order: object, key = `k${(this.placed += 1)}`, role: Role = 'trader'): Promise<Reply> {
    const terms = { instrument: 'TEST.SIM', side: 'BUY', orderType: 'MARKET', quantity: '1', ...order };
    return this.ask(role, 'POST', '/orders', terms, { 'idempotency-key': key });
  }

  private placed = 0;

  /** Signs in as a browser does. */
  async signIn(role: Role): Promise<Browser> {
    const reply = await this.send('POST', '/auth/login', { name: role, password: PASSWORD });
    const cookie = reply.headers
      .getSetCookie()
      .map((each) => each.split(';')[0]!)
      .join('; ');
    return { cookie, csrf: reply.body['csrfToken'] as string };
  }
}

export interface Browser {
  readonly cookie: string;
  readonly csrf: string;
}

export interface Reply {
  readonly status: number;
  /** Whatever the route answers; its schema has been checked. */
  readonly body: ReturnType<typeof JSON.parse>;
  readonly headers: Headers;
}

/** Where a test is not about users, there is nobody to list and nobody to manage. */
const NO_ACCOUNTS = new Proxy({} as AccountDesk, {
  get: (_, asked) => () =>
    Promise.resolve(
      asked === 'users' || asked === 'keys' || asked === 'sessions'
        ? { ok: true, value: [] }
        : { ok: false, code: 'AUTH_UNAVAILABLE', message: 'This world has no accounts.' },
    ),
});

const RUN: KeptRun = {
  sequence: 1,
  kind: 'backtest',
  run: 'r1',
  name: 'first',
  note: 'strategy.parameters.fast=5',
  status: 'completed',
  tsStarted: BEGIN,
  digest: 'd',
  hasReport: true,
  currency: 'USD',
  equity: [1000, 990, 1010],
  figures: { sharpeRatio: Number.NaN, tradeCount: 2 },
};

const ROUTES = apiRoutes(new SessionCookies(false), new CsrfTokens()).map((route) => ({
  method: route.method as string,
  pattern: new RegExp(`^${route.path.replaceAll(/:[a-z]+/g, '[^/]+')}$`),
  check: TypeCompiler.Compile(route.answer),
  path: route.path,
}));
const isError = TypeCompiler.Compile(ApiError);

function holdToContract(method: string, path: string, status: number, value: unknown): void {
  const bare = path.replace(/\?.*$/, '').replace(API_PREFIX, '');
  const exact = ROUTES.find((route) => route.method === method && route.path === bare);
  const route = exact ?? ROUTES.find((each) => each.method === method && each.pattern.test(bare));
  const check = status >= 400 && bare !== '/health/ready' ? isError : route?.check;
  if (check === undefined || check.Check(value)) return;
  const first = check.Errors(value).First();
  throw new Error(
    `${method} ${path} answers ${status} against its schema: ${first?.path} ${first?.message}: ${JSON.stringify(first?.value)}`,
  );
}
