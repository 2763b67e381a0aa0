import { orderCounts, orderResults } from './order-results.ts';
import { pricesAt } from './price-tap.ts';
import type { ResolvedRun } from './resolve-run.ts';
import { runSeries, tradeReturn } from './run-statistics-input.ts';
import { formatDecimal, formatDecimalShort } from '../../base/decimal.ts';
import type {
  AccountResult,
  FillResult,
  PositionResult,
  PriceSeries,
  RefusedOrder,
  RunNotes,
  RunResult,
  TradeResult,
} from '../../contract/run-result.ts';
import { isMoney } from '../../core/portfolio/account-valuation.ts';
import type { LedgerAccountKind } from '../../model/account.ts';
import { CODES } from '../../model/codes/catalogue.ts';
import type { Currency } from '../../model/currency.ts';
import type { OrderCanceled, OrderDenied, OrderRejected } from '../../model/events.ts';
import type { Instrument } from '../../model/instrument.ts';
import { clientOrderIdText, LIQUIDITY_SIDE_NAMES, SIDE_NAMES, type Side } from '../../model/order.ts';
import { averagePriceText } from '../../model/position.ts';
import { instantText } from '../../model/instant.ts';
import { resolveConventions } from '../../research/conventions.ts';
import type { Conventions } from '../../research/conventions.ts';
import { computeStatistics, undefinedStatistics } from '../../research/run-statistics.ts';
import type { Backtest } from '../../runtime/backtest.ts';
import { VERSION } from '../version.ts';

/** Log lines, denials, rejections, cancellations and alerts that a result carries, each; counts are of all. */
export const NOTES_SHOWN_MAX = 1000;

interface ResultInput {
  readonly resolved: ResolvedRun;
  readonly backtest: Backtest;
  readonly status: RunResult['status'];
  readonly startTs: number;
  readonly elapsedMs: number;
  readonly prices: readonly PriceSeries[];
  readonly skippedRows: Readonly<Record<string, number>>;
}

interface BuiltResult {
  readonly result: RunResult;
  /** Benchmark equity at the stamps of the curve: the first equity, had it bought the benchmark; null without one. */
  readonly benchmark: readonly number[] | null;
}

/** Puts together what a finished run came to. */
export function buildResult(input: ResultInput): BuiltResult {
  const { resolved, backtest, startTs, elapsedMs, prices } = input;
  const { engine, sampler } = backtest;
  const { instruments } = resolved.known;
  const stamps = sampler.ts.slice(0, sampler.count);
  const { benchmark: benchmarkId, benchmarkFromBar = 0, ...choice } = resolved.loaded.run.statistics ?? {};
  const series = prices.find((candidate) => candidate.instrument === (benchmarkId ?? instruments[0]!.id));
  const benchmarkPrices = series === undefined || series.tsUs.length === 0 ? null : pricesAt(series, stamps);
  const conventions = resolveConventions(
    Object.fromEntries(Object.entries(choice).filter(([, value]) => value !== undefined)) as Partial<Conventions>,
  );
  const equity = Array.from(sampler.equityApprox.slice(0, sampler.count));
  const firstPrice = benchmarkPrices?.[0] ?? Number.NaN;
  const result: RunResult = {
    runId: resolved.runId,
    name: resolved.loaded.run.name,
    digest: backtest.digest(),
    version: VERSION,
    status: input.status,
    period: { from: instantText(startTs), to: instantText(Math.max(engine.now, startTs)) },
    events: backtest.events,
    elapsedMs: Math.round(elapsedMs),
    eventsPerSecond: elapsedMs > 0 ? Math.round((backtest.events / elapsedMs) * 1000) : 0,
    accounts: accountResults(backtest, resolved),
    orderCounts: orderCounts(backtest),
    orders: orderResults(backtest, resolved),
    fills: fillResults(backtest, resolved),
    positions: positionResults(backtest, resolved),
    trades: tradeResults(backtest, resolved),
    statistics: statisticsOf(backtest, resolved, benchmarkPrices, benchmarkFromBar, conventions),
    statisticsUndefined: sampler.count === 0 ? {} : undefinedStatistics({ ts: stamps, value: sampler.equityApprox }, conventions),
    statisticsConventions: { ...conventions },
    equity: { currency: engine.portfolio.account(0).baseCurrency.code, tsUs: Array.from(stamps), value: equity },
    notes: notesOf(input),
  };
  const benchmark =
    benchmarkPrices === null || !(firstPrice > 0) ? null : Array.from(benchmarkPrices, (price) => (equity[0]! * price) / firstPrice);
  return { result, benchmark };
}

function statisticsOf(
  backtest: Backtest,
  resolved: ResolvedRun,
  prices: Float64Array | null,
  benchmarkFromBar: number,
  conventions: Conventions,
): RunResult['statistics'] {
  const { sampler } = backtest;
  if (sampler.count === 0 || !(sampler.equityApprox[0]! > 0)) return {};
  const start = Math.min(benchmarkFromBar, sampler.count - 1);
  const statistics = computeStatistics(
    runSeries(backtest, resolved.known.instruments, resolved.fillsAtNextBar, prices, start),
    conventions,
  );
  return Object.fromEntries(
    Object.entries(statistics).map(([name, value]: [string, number]) => [name, Number.isFinite(value) ? value : null]),
  );
}

function accountResults(backtest: Backtest, resolved: ResolvedRun): readonly AccountResult[] {
  const { portfolio } = backtest.engine;
  const venues = [...new Set(resolved.known.instruments.map((instrument) => instrument.venue))];
  return venues
    .map((venue) => portfolio.accountAt(venue))
    .sort((a, b) => a - b)
    .map((index): AccountResult => {
      const { baseCurrency, type, venue } = portfolio.account(index);
      const equity = portfolio.valuation.equity(index);
      const marginFree = portfolio.valuation.marginFree(index);
      const cash = portfolio.ledger.cashRows(index);
      // Shares are counted, not paid with: they are written without cents.
      const shares = new Set(
        resolved.known.instruments.filter((instrument) => instrument.kind === 'EQUITY').map((instrument) => instrument.base.code),
      );
      const byCurrency = (amount: (currency: Currency) => bigint | null): Record<string, string> =>
        Object.fromEntries(
          cash.flatMap(({ currency }) => {
            const value = amount(currency);
            return value === null
              ? []
              : [[currency.code, shares.has(currency.code) ? formatDecimalShort(value, currency.decimals) : money(value, currency)]];
          }),
        );
      const booked = (kind: LedgerAccountKind, sign: bigint): Record<string, string> =>
        byCurrency((currency) => {
          const balance = portfolio.ledger.balance(kind, index, currency.code);
          return balance === 0n ? null : sign * balance;
        });
      const known = (value: ReturnType<typeof portfolio.valuation.free>): bigint | null => (isMoney(value) ? value : null);
      return {
        venue,
        type,
        currency: baseCurrency.code,
        equity: isMoney(equity) ? money(equity, baseCurrency) : null,
        balances: byCurrency((currency) => portfolio.valuation.balance(index, currency.code)),
        locked: byCurrency((currency) => known(portfolio.valuation.locked(index, currency.code))),
        free: type === 'CASH' ? byCurrency((currency) => known(portfolio.valuation.free(index, currency.code))) : {},
        marginFree: type === 'MARGIN' && isMoney(marginFree) ? money(marginFree, baseCurrency) : null,
        commissions: booked('COMMISSION', 1n),
        dividends: booked('DIVIDEND', -1n),
        funding: booked('FUNDING', -1n),
        writtenOff: booked('LIQUIDATION_WRITE_OFF', -1n),
      };
    });
}

/** −1 is the house: orders that the venue made of its own accord belong to the strategy whose position they close. */
function strategyName(resolved: ResolvedRun, index: number): string {
  return resolved.strategyNames[index] ?? '';
}

function fillResults(backtest: Backtest, resolved: ResolvedRun): readonly FillResult[] {
  return backtest.recorder.fills.map((fill): FillResult => {
    const instrument = resolved.known.instruments[fill.instrument]!;
    return {
      order: clientOrderIdText(fill.clientOrderId),
      tradeId: fill.tradeId,
      strategy: strategyName(resolved, fill.strategy),
      instrument: instrument.id,
      side: SIDE_NAMES[fill.side],
      quantity: quantity(fill.lastQty, instrument),
      price: formatDecimal(fill.lastPx, instrument.priceDecimals),
      commission: money(fill.commission, instrument.settlement),
      commissionCurrency: instrument.settlement.code,
      liquidity: LIQUIDITY_SIDE_NAMES[fill.liquiditySide],
      time: instantText(fill.tsEvent),
      tag: fill.tag,
    };
  });
}

function positionResults(backtest: Backtest, resolved: ResolvedRun): readonly PositionResult[] {
  const { portfolio, cache } = backtest.engine;
  return portfolio.positions
    .positions()
    .filter((position) => position.quantity !== 0 || position.realizedPnl !== 0n || position.commission !== 0n)
    .map((position): PositionResult => {
      const instrument = resolved.known.instruments[position.instrument]!;
      const mark = cache.lastPrice(position.instrument);
      const unrealized = position.quantity === 0 ? 0n : portfolio.positions.unrealizedPnl(position.strategy, position.instrument, mark);
      return {
        strategy: strategyName(resolved, position.strategy),
        instrument: instrument.id,
        quantity: quantity(position.quantity, instrument),
        averagePrice: position.avgPx === null ? null : averagePriceText(position.avgPx, instrument),
        markPrice: mark === 0 ? null : formatDecimal(mark, instrument.priceDecimals),
        realizedPnl: money(position.realizedPnl, instrument.settlement),
        unrealizedPnl: money(unrealized, instrument.settlement),
        commission: money(position.commission, instrument.settlement),
        currency: instrument.settlement.code,
      };
    });
}

function tradeResults(backtest: Backtest, resolved: ResolvedRun): readonly TradeResult[] {
  return backtest.engine.closedTrades.map((trade): TradeResult => {
    const instrument = resolved.known.instruments[trade.instrument]!;
    return {
      strategy: strategyName(resolved, trade.strategy),
      instrument: instrument.id,
      side: SIDE_NAMES[trade.side],
      quantity: quantity(trade.quantity, instrument),
      entryTime: instantText(trade.entryTs),
      exitTime: instantText(trade.exitTs),
      entryPrice: averagePriceText(trade.entryPx, instrument),
      exitPrice: formatDecimal(trade.exitPx, instrument.priceDecimals),
      pnl: money(trade.pnl, instrument.settlement),
      commission: money(trade.entryCommission + trade.exitCommission, instrument.settlement),
      currency: instrument.settlement.code,
      returnShare: tradeReturn(trade),
      durationUs: trade.exitTs - trade.entryTs,
      tag: trade.exitTag,
    };
  });
}

function notesOf({ backtest, resolved, skippedRows }: ResultInput): RunNotes {
  const { recorder, engine } = backtest;
  const refusedRows: Record<string, number> = {};
  for (const stream of engine.marketData.counters()) {
    for (const [code, count] of Object.entries(stream.refused)) refusedRows[code] = (refusedRows[code] ?? 0) + count;
  }
  return {
    denials: recorder.denials
      .slice(0, NOTES_SHOWN_MAX)
      .map((denial) => refusedOrder(backtest, resolved, denial, { code: denial.code, reason: denial.reason })),
    denialCounts: Object.fromEntries(recorder.denialCounts),
    rejections: recorder.rejections
      .slice(0, NOTES_SHOWN_MAX)
      .map((rejection) => refusedOrder(backtest, resolved, rejection, { code: rejection.reason, reason: meaningOf(rejection.reason) })),
    rejectionCounts: Object.fromEntries(recorder.rejectionCounts),
    cancellations: recorder.cancellations
      .slice(0, NOTES_SHOWN_MAX)
      .map((canceled) => refusedOrder(backtest, resolved, canceled, { code: canceled.reason, reason: meaningOf(canceled.reason) })),
    cancellationCounts: Object.fromEntries(recorder.cancellationCounts),
    idleStrategies: engine.strategies.idle.map((index) => strategyName(resolved, index)),
    alerts: recorder.alerts
      .slice(0, NOTES_SHOWN_MAX)
      .map((alert) => ({ code: alert.code, message: alert.message, time: instantText(alert.tsInit) })),
    alertCount: recorder.alertCount,
    gapCount: recorder.gapCount,
    assumptions: resolved.assumed,
    refusedRows,
    skippedRows,
    log: recorder.logLines.slice(0, NOTES_SHOWN_MAX).map((line) => ({
      strategy: strategyName(resolved, line.strategy),
      level: line.level,
      message: line.message,
      time: instantText(line.tsInit),
    })),
    logCount: recorder.logLineCount,
    logWarningCount: recorder.logWarningCount,
  };
}

function refusedOrder(
  backtest: Backtest,
  resolved: ResolvedRun,
  event: OrderCanceled | OrderDenied | OrderRejected,
  why: Pick<RefusedOrder, 'code' | 'reason'>,
): RefusedOrder {
  const { table } = backtest.engine.orders;
  const id = event.clientOrderId;
  const instrument = resolved.known.instruments[event.instrument]!;
  return {
    ...why,
    time: instantText(event.tsInit),
    order: clientOrderIdText(id),
    strategy: strategyName(resolved, event.strategy),
    instrument: instrument.id,
    side: SIDE_NAMES[table.side[id] as Side] ?? '',
    quantity: quantity(table.orderQty[id]!, instrument),
    tag: table.tagOf(id),
  };
}

/** The simulated venue gives codes; what another venue says is shown as it is. */
function meaningOf(reason: string): string {
  return Object.hasOwn(CODES, reason) ? CODES[reason as keyof typeof CODES].meaning : reason;
}

/** Without zeros beyond what people write of the currency. */
function money(amount: bigint, currency: Currency): string {
  return formatDecimalShort(amount, currency.decimals, Math.min(currency.displayDecimals, currency.decimals));
}

function quantity(count: number, instrument: Instrument): string {
  return formatDecimalShort(count, instrument.quantityDecimals);
}
