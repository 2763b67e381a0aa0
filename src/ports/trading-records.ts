import type { ParameterValue } from '../model/parameters.ts';

/*
 * What has happened in sessions and runs, as the database tells it. Prices, quantities and money are decimal texts, exact; times are microseconds since the
 * epoch. Lists come newest first, a page at a time.
 */

/** Rows of one page at most; more than that are asked for page by page. */
export const PAGE_ROWS_MAX = 1000;

/** A page, and where the next begins; null after the last. A cursor is good for the query that gave it. */
export interface Page<T> {
  readonly rows: readonly T[];
  readonly next: string | null;
}

/** How much, and from where on. */
export interface PageRequest {
  /** 1 to PAGE_ROWS_MAX. */
  readonly limit: number;
  /** `next` of the page before. */
  readonly cursor?: string | undefined;
}

/** From (included) and to (excluded), microseconds since the epoch. */
export interface Span {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

export interface OrderFilter extends Span {
  readonly status?: string | undefined;
  readonly strategy?: string | undefined;
  readonly instrumentId?: string | undefined;
}

export interface OrderRecord {
  readonly clientOrderId: number;
  readonly venueOrderId: string;
  readonly strategy: string;
  readonly instrumentId: string;
  readonly side: string;
  readonly orderType: string;
  readonly timeInForce: string;
  readonly status: string;
  readonly isOpen: boolean;
  readonly flags: number;
  readonly orderQty: string;
  readonly cumQty: string;
  readonly leavesQty: string;
  readonly limitPrice: string | null;
  readonly stopPrice: string | null;
  /** Sum of price × quantity of its fills, exact. */
  readonly filledValue: string;
  readonly expireTs: number | null;
  readonly tsInit: number;
  readonly tsLast: number;
  readonly tag: string;
}

export interface OrderEventRecord {
  readonly sequence: number;
  readonly ordinal: number;
  readonly kind: string;
  readonly code: string | null;
  readonly reason: string | null;
  readonly venueOrderId: string | null;
  readonly orderQty: string | null;
  readonly limitPrice: string | null;
  readonly stopPrice: string | null;
  readonly tsEvent: number;
  readonly tsInit: number;
}

/** An order with all that happened to it, oldest first: `events` and `fills` are told apart, `sequence` and `ordinal` put them in one order. */
export interface OrderStory {
  readonly order: OrderRecord;
  readonly events: readonly OrderEventRecord[];
  readonly fills: readonly FillRecord[];
}

export interface FillFilter extends Span {
  readonly strategy?: string | undefined;
  readonly instrumentId?: string | undefined;
}

export interface FillRecord {
  readonly sequence: number;
  readonly ordinal: number;
  readonly clientOrderId: number;
  readonly tradeId: string;
  readonly strategy: string;
  readonly instrumentId: string;
  readonly side: string;
  readonly lastQty: string;
  readonly lastPx: string;
  readonly cumQty: string;
  readonly leavesQty: string;
  readonly commission: string;
  readonly commissionCurrency: string;
  readonly liquiditySide: string;
  readonly tsEvent: number;
  readonly tsInit: number;
  readonly tag: string;
}

export interface PositionRecord {
  readonly strategy: string;
  readonly instrumentId: string;
  readonly positionSide: string;
  readonly quantity: string;
  readonly cost: string;
  readonly averagePrice: string | null;
  readonly openTs: number | null;
  readonly realizedPnl: string;
  readonly commission: string;
  readonly dividend: string;
  readonly funding: string;
  readonly currency: string;
  readonly changedTs: number;
}

export interface BalanceRecord {
  readonly account: string;
  readonly currency: string;
  readonly total: string;
  readonly locked: string | null;
  readonly free: string | null;
  readonly changedTs: number;
}

export interface EquityRecord {
  readonly ts: number;
  readonly amount: string;
  readonly currency: string;
}

export interface RiskEventFilter extends Span {
  readonly code?: string | undefined;
}

export interface RiskEventRecord {
  readonly sequence: number;
  readonly ordinal: number;
  /** DENIAL or ALERT. */
  readonly kind: string;
  readonly code: string;
  readonly message: string;
  readonly strategy: string | null;
  readonly instrumentId: string | null;
  readonly clientOrderId: number | null;
  readonly tsInit: number;
}

export interface LogLineRecord {
  readonly sequence: number;
  readonly ordinal: number;
  readonly strategy: string;
  readonly level: string;
  readonly message: string;
  readonly tsInit: number;
}

export interface StrategyRecord {
  readonly strategy: string;
  readonly source: string;
  readonly bundleHash: string;
  readonly status: string;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly reason: string;
  readonly changedTs: number;
}

export interface InstrumentRecord {
  readonly instrumentId: string;
  readonly kind: string;
  readonly base: string;
  readonly quote: string;
  readonly settlement: string;
  readonly priceDecimals: number;
  readonly quantityDecimals: number;
  readonly priceIncrement: string;
  readonly lotSize: string;
  readonly quantityMin: string;
  readonly quantityMax: string;
  readonly notionalMin: string;
  readonly multiplier: string;
  readonly calendar: string | null;
  readonly expiryTs: number | null;
}

/** A scope that does not trade freely. */
export interface TradingSwitchRecord {
  /** FIRM, ACCOUNT, STRATEGY or INSTRUMENT. */
  readonly scopeKind: string;
  /** Venue, strategy or instrument; empty for the firm. */
  readonly subject: string;
  readonly state: string;
  readonly isKilled: boolean;
  readonly isFlattening: boolean;
  readonly changedTs: number;
}

/** A backtest, or a session of trading. */
export interface RunRecord {
  readonly runId: string;
  /** BACKTEST, PAPER or LIVE. */
  readonly kind: string;
  readonly name: string;
  readonly status: string;
  readonly startedTs: number;
  readonly endedTs: number | null;
  readonly digest: string | null;
}

/** What the API asks of the database. `runId` is the id of a session or of a backtest. */
export interface TradingRecords {
  runs(page: PageRequest): Promise<Page<RunRecord>>;
  /** A backtest's result as it was stored (contract/run-result.ts); null for sessions and unknown ids. */
  runResult(runId: string): Promise<unknown>;
  /** A run of the same id is written over: it is the same run. */
  storeRun(run: RunRecord, result: unknown): Promise<void>;
  instruments(runId: string): Promise<readonly InstrumentRecord[]>;
  orders(runId: string, filter: OrderFilter, page: PageRequest): Promise<Page<OrderRecord>>;
  order(runId: string, clientOrderId: number): Promise<OrderStory | null>;
  fills(runId: string, filter: FillFilter, page: PageRequest): Promise<Page<FillRecord>>;
  positions(runId: string): Promise<readonly PositionRecord[]>;
  balances(runId: string): Promise<readonly BalanceRecord[]>;
  /** Oldest first; where the span holds more than `samplesMax`, evenly thinned by time: the last sample of each of that many stretches. */
  equity(runId: string, account: string, span: Span, samplesMax: number): Promise<readonly EquityRecord[]>;
  riskEvents(runId: string, filter: RiskEventFilter, page: PageRequest): Promise<Page<RiskEventRecord>>;
  logLines(runId: string, strategy: string | undefined, page: PageRequest): Promise<Page<LogLineRecord>>;
  strategies(runId: string): Promise<readonly StrategyRecord[]>;
  /** Those that do not trade freely. */
  tradingSwitches(runId: string): Promise<readonly TradingSwitchRecord[]>;
}
