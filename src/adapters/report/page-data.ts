import { thinPoints } from './client/thin-points.ts';
import { columnDecimals } from '../../base/decimal.ts';
import { moneyDecimals } from '../../model/currency.ts';
import { timeDigits } from './text-columns.ts';
import type { EquityCurve, FillResult, PriceSeries, ReportInput, TradeResult } from '../../contract/run-result.ts';
import { parseInstant } from '../../model/instant.ts';

/** Points drawn of a curve at most; the lowest and highest of each stretch are among them, so that no peak or trough is lost. */
export const CURVE_POINTS_MAX = 20_000;
/** Trades in the table, and executions in the chart, at most: the first ones; the page says how many there were. */
export const TRADES_MAX = 100_000;
export const FILLS_MAX = 200_000;

type NumberOrNull = number | null;

export interface CurveData {
  readonly ts: readonly number[];
  readonly value: readonly NumberOrNull[];
  /** Share below the highest value so far, 0 or negative. */
  readonly drawdown: readonly NumberOrNull[];
  readonly benchmark: readonly NumberOrNull[] | null;
}

export interface PriceData {
  readonly instrument: string;
  readonly decimals: number;
  readonly ts: readonly number[];
  readonly open: readonly NumberOrNull[];
  readonly high: readonly NumberOrNull[];
  readonly low: readonly NumberOrNull[];
  readonly close: readonly NumberOrNull[];
}

export interface FillData {
  readonly instrument: readonly string[];
  readonly ts: readonly number[];
  readonly price: readonly string[];
  /** +1 bought, −1 sold. */
  readonly side: readonly number[];
  readonly quantity: readonly string[];
}

/** Columns as wide as the trades are many. */
export interface TradeData {
  readonly count: number;
  readonly strategy: readonly string[];
  readonly instrument: readonly string[];
  readonly side: readonly string[];
  readonly quantity: readonly string[];
  readonly entryTime: readonly string[];
  readonly exitTime: readonly string[];
  readonly entryTs: readonly number[];
  readonly exitTs: readonly number[];
  readonly entryPrice: readonly string[];
  readonly exitPrice: readonly string[];
  readonly pnl: readonly string[];
  readonly commission: readonly string[];
  readonly currency: readonly string[];
  readonly returnShare: readonly NumberOrNull[];
  readonly durationUs: readonly number[];
  readonly tag: readonly string[];
  /** How many characters of an ISO time tell the trades apart: 10 a day, 16 a minute, 19 a second, 26 a microsecond. */
  readonly timeDigits: number;
  readonly priceDecimals: Readonly<Record<string, number>>;
  readonly pnlDecimals: number;
  readonly commissionDecimals: number;
}

/** What the page's script gets, as JSON inside the page. */
export interface PageData {
  readonly currency: string;
  readonly equity: CurveData;
  readonly prices: readonly PriceData[];
  readonly fills: FillData;
  readonly trades: TradeData;
}

export function pageData(input: ReportInput): PageData {
  const { result } = input;
  const priceDecimals = priceDecimalsOf(result.fills);
  return {
    currency: result.equity.currency,
    equity: curveData(result.equity, input.benchmark),
    prices: input.prices.map((series) => priceData(series, priceDecimals)),
    fills: fillData(result.fills.slice(0, FILLS_MAX)),
    trades: tradeData(result.trades.slice(0, TRADES_MAX), priceDecimals),
  };
}

/** Microseconds since the epoch; NaN where the text is no instant. */
export function isoToUs(text: string): number {
  return parseInstant(text) ?? Number.NaN;
}

/** Decimals of each instrument's prices, as its executions have them: average prices are shown with as many. */
export function priceDecimalsOf(fills: readonly FillResult[]): Record<string, number> {
  const texts = new Map<string, string[]>();
  for (const { instrument, price } of fills) {
    const list = texts.get(instrument);
    if (list === undefined) texts.set(instrument, [price]);
    else list.push(price);
  }
  return Object.fromEntries([...texts].map(([instrument, list]) => [instrument, columnDecimals(list, 2, 12)]));
}

function curveData(curve: EquityCurve, benchmark: readonly number[] | null): CurveData {
  let peak = Number.NEGATIVE_INFINITY;
  const drawdown = curve.value.map((value) => {
    if (value > peak) peak = value;
    return peak > 0 ? value / peak - 1 : 0;
  });
  const kept = thinned(curve.tsUs, curve.value, curve.value);
  return {
    ts: pick(curve.tsUs, kept),
    value: pick(curve.value, kept),
    drawdown: pick(drawdown, kept),
    benchmark: benchmark === null ? null : pick(benchmark, kept),
  };
}

function priceData(series: PriceSeries, priceDecimals: Readonly<Record<string, number>>): PriceData {
  const kept = thinned(series.tsUs, series.low, series.high);
  const closes = series.close.slice(-1000).map((price) => String(price));
  return {
    instrument: series.instrument,
    decimals: priceDecimals[series.instrument] ?? columnDecimals(closes, 2, 8),
    ts: pick(series.tsUs, kept),
    open: pick(series.open, kept),
    high: pick(series.high, kept),
    low: pick(series.low, kept),
    close: pick(series.close, kept),
  };
}

function thinned(ts: readonly number[], low: readonly number[], high: readonly number[]): readonly number[] {
  const range = { from: ts[0] ?? 0, to: ts[ts.length - 1] ?? 0 };
  return thinPoints(ts, low, high, range, CURVE_POINTS_MAX / 4);
}

function pick(values: readonly number[], indexes: readonly number[]): number[] {
  return indexes.map((index) => values[index]!);
}

function fillData(fills: readonly FillResult[]): FillData {
  return {
    instrument: fills.map((fill) => fill.instrument),
    ts: fills.map((fill) => isoToUs(fill.time)),
    price: fills.map((fill) => fill.price),
    side: fills.map((fill) => (fill.side === 'BUY' ? 1 : -1)),
    quantity: fills.map((fill) => fill.quantity),
  };
}

function tradeData(trades: readonly TradeResult[], priceDecimals: Readonly<Record<string, number>>): TradeData {
  const column = <K extends keyof TradeResult>(key: K): TradeResult[K][] => trades.map((trade) => trade[key]);
  const currency = column('currency');
  return {
    count: trades.length,
    strategy: column('strategy'),
    instrument: column('instrument'),
    side: column('side'),
    quantity: column('quantity'),
    entryTime: column('entryTime'),
    exitTime: column('exitTime'),
    entryTs: trades.map((trade) => isoToUs(trade.entryTime)),
    exitTs: trades.map((trade) => isoToUs(trade.exitTime)),
    entryPrice: column('entryPrice'),
    exitPrice: column('exitPrice'),
    pnl: column('pnl'),
    commission: column('commission'),
    currency,
    returnShare: column('returnShare'),
    durationUs: column('durationUs'),
    tag: column('tag'),
    timeDigits: timeDigits([...column('entryTime'), ...column('exitTime')]),
    priceDecimals,
    pnlDecimals: moneyDecimals(column('pnl'), currency),
    commissionDecimals: moneyDecimals(column('commission'), currency),
  };
}
