import type { Clock } from '../../../ports/clock.ts';
import { type Faults, readFaults } from './fault-plan.ts';
import type { ServedBook } from './served-book.ts';
import type { ServedSymbol } from './served-market.ts';

/** An answer of the desk. */
export interface DeskAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Weight that the venue takes a minute. */
const WEIGHT_LIMIT = 6000;
/** Seconds of a minute, to wait at most for the next one. */
const MINUTE_US = 60_000_000;

export interface RestDeskOptions {
  readonly clock: Clock;
  readonly symbols: readonly ServedSymbol[];
  readonly books: ReadonlyMap<string, ServedBook>;
  readonly faults: () => Faults;
}

/** Answers the public requests of Binance Spot: ping, time, exchangeInfo, depth. */
export class RestDesk {
  /** Requests answered, by path. */
  readonly asked = new Map<string, number>();
  private readonly options: RestDeskOptions;
  private minute = Number.NaN;
  private weight = 0;

  constructor(options: RestDeskOptions) {
    this.options = options;
  }

  answer(url: URL): DeskAnswer {
    const { pathname, searchParams } = url;
    this.asked.set(pathname, (this.asked.get(pathname) ?? 0) + 1);
    const { tooManyS, bannedS, maintenance } = this.options.faults();
    if (maintenance) return answered(503, { code: -1000, msg: 'System maintenance.' });
    if (bannedS > 0) return refused(418, bannedS);
    if (tooManyS > 0) return refused(429, tooManyS);
    const limit = Number(searchParams.get('limit') ?? 100);
    const leftS = this.charge(weightOf(pathname, limit));
    if (leftS > 0) return refused(429, leftS);
    const { status, body } = this.read(pathname, searchParams, limit);
    return { status, body, headers: { 'x-mbx-used-weight-1m': String(this.weight) } };
  }

  private read(path: string, query: URLSearchParams, limit: number): Pick<DeskAnswer, 'status' | 'body'> {
    switch (path) {
      case '/api/v3/ping':
        return answered(200, {});
      case '/api/v3/time':
        return answered(200, { serverTime: this.nowMs() });
      case '/api/v3/exchangeInfo':
        return this.exchangeInfo(query);
      case '/api/v3/depth': {
        const book = this.options.books.get(query.get('symbol') ?? '');
        if (book === undefined) return answered(400, { code: -1121, msg: 'Invalid symbol.' });
        if (!Number.isInteger(limit) || limit < 1) return answered(400, { code: -1100, msg: 'Illegal limit.' });
        return book.isThere
          ? { status: 200, body: book.snapshot(Math.min(limit, 5000)) }
          : answered(503, { code: -1000, msg: 'There is no book yet.' });
      }
      default:
        return answered(404, { code: -1000, msg: 'Not served here.' });
    }
  }

  private exchangeInfo(query: URLSearchParams): Pick<DeskAnswer, 'status' | 'body'> {
    const asked = symbolsAsked(query);
    const known = new Map(this.options.symbols.map((each) => [each.symbol, each]));
    if (asked?.some((symbol) => !known.has(symbol)) === true) return answered(400, { code: -1121, msg: 'Invalid symbol.' });
    const { halted } = this.options.faults();
    const symbols = (asked ?? [...known.keys()]).map((symbol) => symbolInfo(known.get(symbol)!, halted.includes(symbol)));
    const rateLimits = [{ rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: WEIGHT_LIMIT }];
    return answered(200, { timezone: 'UTC', serverTime: this.nowMs(), rateLimits, exchangeFilters: [], symbols });
  }

  /** @returns seconds to wait where the minute has no room for it */
  private charge(weight: number): number {
    const now = this.options.clock.now();
    const minute = Math.floor(now / MINUTE_US);
    if (minute !== this.minute) this.weight = 0;
    this.minute = minute;
    this.weight += weight;
    return this.weight <= WEIGHT_LIMIT ? 0 : Math.ceil(((minute + 1) * MINUTE_US - now) / 1_000_000);
  }

  private nowMs(): number {
    return Math.floor(this.options.clock.now() / 1000);
  }
}

/** What the request for faults answers: those that hold now, or what is wrong with those asked for. */
export function faultsAnswer(body: string, before: Faults, change: (faults: Faults) => void): DeskAnswer {
  let given: unknown;
  try {
    given = body === '' ? {} : JSON.parse(body);
  } catch {
    return answered(400, { msg: 'The body is no JSON.' });
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return answered(400, { msg: 'The body is no JSON object.' });
  const faults = readFaults(given as Record<string, unknown>, before);
  if (typeof faults === 'string') return answered(400, { msg: faults });
  change(faults);
  return answered(200, faults);
}

function answered(status: number, body: unknown): DeskAnswer {
  return { status, body: JSON.stringify(body), headers: {} };
}

function refused(status: 418 | 429, retryAfterS: number): DeskAnswer {
  const body = JSON.stringify({ code: -1003, msg: 'Too much request weight used.' });
  return { status, body, headers: { 'retry-after': String(retryAfterS) } };
}

/** Source: the weights of the REST page. */
function weightOf(path: string, limit: number): number {
  if (path === '/api/v3/exchangeInfo') return 20;
  if (path !== '/api/v3/depth') return 1;
  return limit <= 100 ? 5 : limit <= 500 ? 25 : limit <= 1000 ? 50 : 250;
}

/** Null where all are wanted. */
function symbolsAsked(query: URLSearchParams): readonly string[] | null {
  const one = query.get('symbol');
  if (one !== null) return [one];
  const list = query.get('symbols');
  if (list === null) return null;
  try {
    const symbols: unknown = JSON.parse(list);
    return Array.isArray(symbols) ? symbols.map(String) : [''];
  } catch {
    return [''];
  }
}

function symbolInfo({ symbol, baseAsset, quoteAsset, tickSize, stepSize, minNotional }: ServedSymbol, isHalted: boolean): object {
  return {
    symbol,
    status: isHalted ? 'HALT' : 'TRADING',
    baseAsset,
    baseAssetPrecision: 8,
    quoteAsset,
    quotePrecision: 8,
    quoteAssetPrecision: 8,
    orderTypes: ['LIMIT', 'LIMIT_MAKER', 'MARKET'],
    icebergAllowed: true,
    isSpotTradingAllowed: true,
    isMarginTradingAllowed: false,
    filters: [
      { filterType: 'PRICE_FILTER', minPrice: tickSize, maxPrice: '1000000.00000000', tickSize },
      { filterType: 'LOT_SIZE', minQty: stepSize, maxQty: '9000.00000000', stepSize },
      { filterType: 'NOTIONAL', minNotional, applyMinToMarket: true, maxNotional: '9000000.00000000', avgPriceMins: 5 },
    ],
    permissions: [],
    permissionSets: [['SPOT']],
  };
}
