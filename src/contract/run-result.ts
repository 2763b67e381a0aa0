/**
 * What a backtest came to, as `--json` prints it and reports show it. Money, prices and quantities are decimal texts, exact; statistics and the
 * curves are doubles. Times are ISO 8601 in UTC with microseconds (`2013-10-07T13:31:00.000000Z`), in curves microseconds since the epoch.
 */
export interface RunResult {
  /** From what went in: the same run file, strategies and data give the same id. */
  readonly runId: string;
  readonly name: string;
  /** Of orders, fills and the final ledger, and of what went in. */
  readonly digest: string;
  readonly version: string;
  readonly status: 'completed' | 'stopped';
  readonly period: { readonly from: string; readonly to: string };
  /** Rows of market data handled. */
  readonly events: number;
  readonly elapsedMs: number;
  readonly eventsPerSecond: number;
  readonly accounts: readonly AccountResult[];
  /** Of all orders of the run. */
  readonly orderCounts: OrderCounts;
  /** In the order in which they were sent, the first of them (ORDERS_SHOWN_MAX). */
  readonly orders: readonly OrderResult[];
  readonly fills: readonly FillResult[];
  readonly positions: readonly PositionResult[];
  readonly trades: readonly TradeResult[];
  /** Null where a statistic is not defined. */
  readonly statistics: Readonly<Record<string, number | null>>;
  /** Why, by the statistic's name, where the run is too short for it. A statistic that is null without a reason here had nothing to count. */
  readonly statisticsUndefined: Readonly<Record<string, string>>;
  readonly statisticsConventions: Readonly<Record<string, string | number | boolean>>;
  readonly equity: EquityCurve;
  readonly notes: RunNotes;
}

export interface AccountResult {
  readonly venue: string;
  readonly type: string;
  readonly currency: string;
  /** In `currency`; null where a conversion rate is missing. */
  readonly equity: string | null;
  readonly balances: Readonly<Record<string, string>>;
  /** What margin or orders hold back, per currency. */
  readonly locked: Readonly<Record<string, string>>;
  /** Cash accounts: balance less what is locked, per currency. Empty for margin accounts, whose positions are not paid from one balance. */
  readonly free: Readonly<Record<string, string>>;
  /** Margin accounts: equity less initial margin, in `currency`; null for cash accounts and where a rate is missing. */
  readonly marginFree: string | null;
  readonly commissions: Readonly<Record<string, string>>;
  readonly dividends: Readonly<Record<string, string>>;
  readonly funding: Readonly<Record<string, string>>;
  readonly writtenOff: Readonly<Record<string, string>>;
}

export interface OrderCounts {
  readonly total: number;
  readonly filled: number;
  readonly canceled: number;
  readonly expired: number;
  readonly rejected: number;
  readonly denied: number;
  readonly open: number;
}

/** An order as it stands at the end of the run. Prices are null where the type of the order has none. */
export interface OrderResult {
  /** As in `fills[].order`. */
  readonly id: string;
  readonly strategy: string;
  readonly instrument: string;
  readonly side: string;
  readonly type: string;
  readonly timeInForce: string;
  /** As last agreed with the venue; of an order that is sized at the fill the most it may come to, until it is filled. */
  readonly quantity: string;
  readonly limitPrice: string | null;
  readonly stopPrice: string | null;
  readonly filled: string;
  /** Of its fills, with up to six decimals more than prices have, rounded half to even; null before the first. */
  readonly averagePrice: string | null;
  readonly status: string;
  /** When the strategy sent it. */
  readonly time: string;
  /** When something was last learned about it. */
  readonly lastTime: string;
  /** When it expires, with the time in force GTD; else null. */
  readonly expireTime: string | null;
  readonly tag: string;
}

export interface FillResult {
  readonly order: string;
  readonly tradeId: string;
  readonly strategy: string;
  readonly instrument: string;
  readonly side: string;
  readonly quantity: string;
  readonly price: string;
  readonly commission: string;
  readonly commissionCurrency: string;
  readonly liquidity: string;
  readonly time: string;
  readonly tag: string;
}

export interface PositionResult {
  readonly strategy: string;
  readonly instrument: string;
  readonly quantity: string;
  readonly averagePrice: string | null;
  readonly markPrice: string | null;
  readonly realizedPnl: string;
  readonly unrealizedPnl: string;
  readonly commission: string;
  readonly currency: string;
}

/** What one fill closed of a position. */
export interface TradeResult {
  readonly strategy: string;
  readonly instrument: string;
  readonly side: string;
  readonly quantity: string;
  readonly entryTime: string;
  readonly exitTime: string;
  readonly entryPrice: string;
  readonly exitPrice: string;
  /** After commissions, in the settlement currency. */
  readonly pnl: string;
  readonly commission: string;
  readonly currency: string;
  /** After commissions, as a share of the entry value. */
  readonly returnShare: number;
  readonly durationUs: number;
  readonly tag: string;
}

/** Parallel arrays. */
export interface EquityCurve {
  readonly currency: string;
  readonly tsUs: readonly number[];
  readonly value: readonly number[];
}

/** An order that came to nothing, and why. */
export interface RefusedOrder {
  readonly code: string;
  readonly reason: string;
  readonly time: string;
  readonly order: string;
  readonly strategy: string;
  readonly instrument: string;
  readonly side: string;
  readonly quantity: string;
  readonly tag: string;
}

export interface RunNotes {
  /** Refused by risk, before they went out. The first of each list; counts are of all, by code. */
  readonly denials: readonly RefusedOrder[];
  readonly denialCounts: Readonly<Record<string, number>>;
  /** Refused by the venue. */
  readonly rejections: readonly RefusedOrder[];
  readonly rejectionCounts: Readonly<Record<string, number>>;
  /** Canceled by the venue of its own accord, whole or in part. */
  readonly cancellations: readonly RefusedOrder[];
  readonly cancellationCounts: Readonly<Record<string, number>>;
  /** Strategies that never asked for market data and set no timer: nothing called them. */
  readonly idleStrategies: readonly string[];
  readonly alerts: readonly { readonly code: string; readonly message: string; readonly time: string }[];
  readonly alertCount: number;
  readonly gapCount: number;
  /** Rows of market data that validation refused, by code. */
  readonly refusedRows: Readonly<Record<string, number>>;
  /** What was taken for granted because nothing said so, such as the offset of a recording's clock. */
  readonly assumptions: readonly string[];
  /** Rows of files that were left out because of a defect (`onDefect: skip`), by code. */
  readonly skippedRows: Readonly<Record<string, number>>;
  readonly log: readonly { readonly strategy: string; readonly level: string; readonly message: string; readonly time: string }[];
  readonly logCount: number;
  /** Of all log lines, those by `this.warn`. */
  readonly logWarningCount: number;
}

/** What a chart needs besides: prices thinned for drawing (parallel arrays). */
export interface PriceSeries {
  readonly instrument: string;
  readonly tsUs: readonly number[];
  readonly open: readonly number[];
  readonly high: readonly number[];
  readonly low: readonly number[];
  readonly close: readonly number[];
}

/** Everything a report page is made of. */
export interface ReportInput {
  readonly result: RunResult;
  readonly prices: readonly PriceSeries[];
  /** Benchmark equity at the stamps of the equity curve, where there is one. */
  readonly benchmark: readonly number[] | null;
  /** The run file as written. */
  readonly runFileText: string;
  /** What stands in its place, as typed: `--set strategy.parameters.fast=5`. */
  readonly overrides: readonly string[];
  readonly parameters: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}
