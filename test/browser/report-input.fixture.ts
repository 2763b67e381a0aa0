import type { FillResult, ReportInput, RunResult, TradeResult } from '../../src/contract/run-result.ts';
import type { ClosedTrade } from '../../src/research/run-series.ts';
import { computeStatistics } from '../../src/research/run-statistics.ts';

/** Daily bars: parallel arrays, prices in whole cents. */
export interface DailyBars {
  readonly tsUs: number[];
  readonly open: number[];
  readonly high: number[];
  readonly low: number[];
  readonly close: number[];
}

/** A seeded walk of bars; the same bars for the same arguments. */
export function walkBars(count: number, everyUs: number, seed = 7): DailyBars {
  const bars: DailyBars = { tsUs: [], open: [], high: [], low: [], close: [] };
  let state = seed;
  const draw = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 8) / 2 ** 24;
  };
  let price = 10_000;
  for (let row = 0; row < count; row += 1) {
    const open = price;
    const close = Math.max(100, Math.round(open * (1 + (draw() - 0.495) * 0.04)));
    bars.tsUs.push(Date.UTC(2015, 0, 2) * 1000 + row * everyUs);
    bars.open.push(open);
    bars.close.push(close);
    bars.high.push(Math.round(Math.max(open, close) * (1 + draw() * 0.01)));
    bars.low.push(Math.round(Math.min(open, close) * (1 - draw() * 0.01)));
    price = close;
  }
  return bars;
}

function iso(us: number): string {
  return `${new Date(us / 1000).toISOString().slice(0, 23)}000Z`;
}

function cents(amount: number): string {
  return (amount / 100).toFixed(2);
}

export interface CrossChoice {
  readonly name: string;
  readonly fast: number;
  readonly slow: number;
  readonly status?: RunResult['status'];
}

/** What a crossover of two averages, always long or short, would report: whole shares, filled at the next open, 0.1 % commission. */
export function crossReport(bars: DailyBars, choice: CrossChoice): ReportInput {
  const { fast, slow } = choice;
  const fills: FillResult[] = [];
  const trades: TradeResult[] = [];
  const closed: ClosedTrade[] = [];
  const value: number[] = [];
  const strategy = 'moving averages';
  const instrument = 'GOOG.NASDAQ';
  let cash = 1_000_000;
  let held = 0;
  let commissions = 0;
  let entry = { price: 0, row: 0, commission: 0 };
  let wanted = 0;
  const sums = { fast: 0, slow: 0 };
  const commissionOf = (quantity: number, price: number): number => Math.round((quantity * price) / 1000);
  const fill = (row: number, signed: number, tag: string): number => {
    const price = bars.open[row]!;
    const commission = commissionOf(Math.abs(signed), price);
    cash -= signed * price + commission;
    held += signed;
    commissions += commission;
    fills.push({
      order: `O-${fills.length + 1}`,
      tradeId: `T-${fills.length + 1}`,
      strategy,
      instrument,
      side: signed > 0 ? 'BUY' : 'SELL',
      quantity: String(Math.abs(signed)),
      price: cents(price),
      commission: cents(commission),
      commissionCurrency: 'USD',
      liquidity: 'TAKER',
      time: iso(bars.tsUs[row]!),
      tag,
    });
    return commission;
  };
  for (let row = 0; row < bars.tsUs.length; row += 1) {
    if (wanted !== 0 && Math.sign(held) !== wanted) {
      if (held !== 0) {
        const quantity = Math.abs(held);
        const side = held > 0 ? 1 : -1;
        const commission = fill(row, -held, 'exit') + entry.commission;
        const exitPrice = bars.open[row]!;
        const pnl = side * quantity * (exitPrice - entry.price) - commission;
        const returnShare = pnl / (quantity * entry.price);
        const [entryTs, exitTs] = [bars.tsUs[entry.row]!, bars.tsUs[row]!];
        trades.push({
          strategy,
          instrument,
          side: side > 0 ? 'LONG' : 'SHORT',
          quantity: String(quantity),
          entryTime: iso(entryTs),
          exitTime: iso(exitTs),
          entryPrice: cents(entry.price),
          exitPrice: cents(exitPrice),
          pnl: cents(pnl),
          commission: cents(commission),
          currency: 'USD',
          returnShare,
          durationUs: exitTs - entryTs,
          tag: 'cross',
        });
        closed.push({
          instrument,
          side: side > 0 ? 1 : -1,
          entryTs,
          exitTs,
          entryPrice: entry.price / 100,
          exitPrice: exitPrice / 100,
          quantity,
          pnl: pnl / 100,
          returnShare,
          commission: commission / 100,
          entryBar: entry.row,
          exitBar: row,
          tag: '',
        });
      }
      const quantity = Math.floor((cash * 0.95) / bars.open[row]!);
      if (quantity > 0) entry = { price: bars.open[row]!, row, commission: fill(row, wanted * quantity, 'entry') };
    }
    sums.fast += bars.close[row]! - (bars.close[row - fast] ?? 0);
    sums.slow += bars.close[row]! - (bars.close[row - slow] ?? 0);
    if (row >= slow) wanted = sums.fast / fast > sums.slow / slow ? 1 : -1;
    value.push((cash + held * bars.close[row]!) / 100);
  }
  const last = bars.tsUs.length - 1;
  const benchmark = bars.close.map((close) => (close / bars.close[0]!) * 10_000);
  const statistics = computeStatistics({
    equity: { ts: Float64Array.from(bars.tsUs), value: Float64Array.from(value) },
    benchmark: Float64Array.from(benchmark),
    trades: closed,
  });
  const unrealized = held === 0 ? 0 : held * (bars.close[last]! - entry.price);
  const realized = closed.reduce((sum, trade) => sum + trade.pnl + trade.commission, 0) * 100;
  const result: RunResult = {
    runId: 'run-4f1c09aa7be2',
    name: choice.name,
    digest: '9f2b6c51d0a3e8774c1be0f2a9d86633e1f0a5b47c2d98e06b5a1f3c7d9e2048',
    version: '0.1.0',
    status: choice.status ?? 'completed',
    period: { from: iso(bars.tsUs[0]!), to: iso(bars.tsUs[last]!) },
    events: bars.tsUs.length,
    elapsedMs: 41.7,
    eventsPerSecond: bars.tsUs.length / 0.0417,
    accounts: [
      {
        venue: 'NASDAQ',
        type: 'MARGIN',
        currency: 'USD',
        equity: value.at(-1)!.toFixed(8),
        balances: { USD: (cash / 100).toFixed(8) },
        locked: { USD: '0' },
        free: { USD: (cash / 100).toFixed(8) },
        marginFree: null,
        commissions: { USD: cents(commissions) },
        dividends: { USD: '0' },
        funding: {},
        writtenOff: {},
      },
    ],
    orders: [],
    orderCounts: { total: fills.length + 2, filled: fills.length, canceled: 0, expired: 0, rejected: 0, denied: 2, open: 0 },
    fills,
    trades,
    positions: [
      {
        strategy,
        instrument,
        quantity: String(held),
        averagePrice: held === 0 ? null : cents(entry.price),
        markPrice: cents(bars.close[last]!),
        realizedPnl: cents(realized),
        unrealizedPnl: cents(unrealized),
        commission: cents(commissions),
        currency: 'USD',
      },
    ],
    statistics: Object.fromEntries(Object.entries(statistics).map(([name, figure]) => [name, Number.isNaN(figure) ? null : figure])),
    statisticsUndefined: {},
    statisticsConventions: { preset: 'standard', sampling: 'day', periodsPerYear: 252, riskFreeRate: 0 },
    equity: { currency: 'USD', tsUs: bars.tsUs, value },
    notes: {
      denials: [
        {
          code: 'ORDER_QUANTITY_MAX',
          reason: 'Buy 1,240 is above the limit of 1,000 per order.',
          time: iso(bars.tsUs[Math.min(last, 60)]!),
          ...{ order: 'O-7', strategy, instrument, side: 'BUY', quantity: '1240', tag: 'enter' },
        },
        {
          code: 'WARMING_UP',
          reason: 'History is still replayed.',
          time: iso(bars.tsUs[0]!),
          ...{ order: 'O-1', strategy, instrument, side: 'BUY', quantity: '10', tag: '' },
        },
      ],
      denialCounts: { ORDER_QUANTITY_MAX: 1, WARMING_UP: 1 },
      rejections: [],
      rejectionCounts: {},
      cancellations: [],
      cancellationCounts: {},
      idleStrategies: [],
      alerts: [],
      alertCount: 0,
      gapCount: 1,
      refusedRows: { ROW_DUPLICATE: 3 },
      skippedRows: { TIME_BACKWARDS: 2 },
      assumptions: ["X: the clock of the recording stands 12.5 ms behind the venue's."],
      log: [{ strategy, level: 'info', message: 'crossed up', time: iso(bars.tsUs[Math.min(last, 61)]!) }],
      logCount: 1,
      logWarningCount: 0,
    },
  };
  const price = (column: number[]): number[] => column.map((count) => count / 100);
  return {
    result,
    prices: [
      { instrument, tsUs: bars.tsUs, open: price(bars.open), high: price(bars.high), low: price(bars.low), close: price(bars.close) },
    ],
    benchmark,
    overrides: [],
    runFileText: `name: ${choice.name}\naccounts:\n  - venue: NASDAQ\n    type: margin\n    currency: USD\n    balances: { USD: 10000 }\nstrategies:\n  - use: moving-average-crossover\n    instruments: [${instrument}]\n    parameters: { fast: ${fast}, slow: ${slow} }\n`,
    parameters: { [strategy]: { fast, slow } },
  };
}

/** A run in which nothing was traded. */
export function withoutTrades(input: ReportInput): ReportInput {
  const orderCounts = { total: 0, filled: 0, canceled: 0, expired: 0, rejected: 0, denied: 0, open: 0 };
  const notes = {
    ...{
      denials: [],
      denialCounts: {},
      rejections: [],
      rejectionCounts: {},
      cancellations: [],
      cancellationCounts: {},
      idleStrategies: [],
    },
    ...{
      alerts: [],
      alertCount: 0,
      gapCount: 0,
      refusedRows: {},
      skippedRows: {},
      assumptions: [],
      log: [],
      logCount: 0,
      logWarningCount: 0,
    },
  };
  return { ...input, benchmark: null, result: { ...input.result, fills: [], trades: [], positions: [], orderCounts, notes } };
}
