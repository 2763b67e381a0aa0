import { describe, expect, it } from 'vitest';
import { summaryLines } from './summary.ts';
import type { AccountResult, PositionResult, RefusedOrder, RunNotes, RunResult } from '../../contract/run-result.ts';

const QUIET: RunNotes = {
  denials: [],
  denialCounts: {},
  rejections: [],
  rejectionCounts: {},
  cancellations: [],
  cancellationCounts: {},
  idleStrategies: [],
  alerts: [],
  alertCount: 0,
  gapCount: 0,
  refusedRows: {},
  skippedRows: {},
  assumptions: [],
  log: [],
  logCount: 0,
  logWarningCount: 0,
};
const REFUSED: RefusedOrder = {
  code: 'ORDER_QUANTITY_MAX',
  reason: 'above 5',
  time: '2024-01-01T00:00:00.000000Z',
  order: 'O-1',
  strategy: 'mine',
  instrument: 'A.SIM',
  side: 'BUY',
  quantity: '7',
  tag: '',
};
const FILL = {} as RunResult['fills'][number];

function lines(more: Partial<RunResult>, notes: Partial<RunNotes> = {}): readonly string[] {
  return summaryLines({
    ...{ runId: 'r', name: 'run', digest: 'd', version: '0', status: 'completed', events: 1, elapsedMs: 1, eventsPerSecond: 1 },
    period: { from: '2024-01-01T00:00:00.000000Z', to: '2024-01-02T00:00:00.000000Z' },
    ...{ accounts: [], positions: [], trades: [], statistics: {}, statisticsUndefined: {}, statisticsConventions: {} },
    orders: [],
    orderCounts: { total: 1, filled: 1, canceled: 0, expired: 0, rejected: 0, denied: 0, open: 0 },
    fills: [FILL],
    equity: { currency: 'USD', tsUs: [], value: [] },
    ...more,
    notes: { ...QUIET, ...notes },
  });
}

function position(strategy: string): PositionResult {
  const money = { realizedPnl: '0', unrealizedPnl: '0', commission: '0', currency: 'USD' };
  return { strategy, instrument: 'A.SIM', quantity: '2', averagePrice: '1', markPrice: '1', ...money };
}

describe('the summary of a run', () => {
  it('begins with the run where orders were filled and few refused', () => {
    expect(lines({})[0]).toBe('run (run r)');
  });

  it('shows a dash for figures by the year of a run that is too short for them, and why', () => {
    const statistics = { totalReturn: 0.01, compoundAnnualGrowthRate: null, annualVolatility: null, sharpeRatio: null, sortinoRatio: null };
    const shown = lines({ statistics, statisticsUndefined: { compoundAnnualGrowthRate: 'Too short.' } });
    expect(shown.filter((line) => line.includes('Too short.'))).toEqual(['  per year (CAGR)       —   Too short.']);
    expect(shown).toContain('  Sharpe / Sortino      — / —');
    expect(shown).toContain('  volatility            —');
    const long = lines({ statistics: { ...statistics, compoundAnnualGrowthRate: 0.5, sharpeRatio: 1.25, sortinoRatio: 2 } });
    expect(long).toContain('  per year (CAGR)       50.00 %');
    expect(long).toContain('  Sharpe / Sortino      1.25 / 2.00');
  });

  it('begins with a warning where more than half of the orders were refused, with the commonest reason and its order', () => {
    const orderCounts = { total: 4, filled: 1, canceled: 0, expired: 0, rejected: 1, denied: 2, open: 0 };
    const counts = { denials: [REFUSED], denialCounts: { ORDER_QUANTITY_MAX: 2 }, rejectionCounts: { VENUE_SIZE_ZERO: 1 } };
    expect(lines({ orderCounts }, counts)[0]).toBe(
      'WARNING: 3 of 4 orders were refused, most of them ORDER_QUANTITY_MAX: mine BUY 7 A.SIM, above 5',
    );
    expect(lines({ orderCounts: { ...orderCounts, denied: 0 } })[0]).toBe('run (run r)');
  });

  it('warns of every denial by code, with the first order', () => {
    const notes = { denials: [REFUSED], denialCounts: { ORDER_QUANTITY_MAX: 2, EXPOSURE_LIMIT: 1 } };
    expect(lines({}, notes)[0]).toBe(
      'WARNING: orders denied by risk: ORDER_QUANTITY_MAX 2×, EXPOSURE_LIMIT 1× (first: mine BUY 7 A.SIM, above 5)',
    );
  });

  it('begins with a warning where nothing was traded, and where a strategy asked for no data', () => {
    const none = { total: 0, filled: 0, canceled: 0, expired: 0, rejected: 0, denied: 0, open: 0 };
    expect(lines({ orderCounts: none, fills: [] }, { idleStrategies: ['mine'] }).slice(0, 2)).toEqual([
      'WARNING: mine subscribed to nothing and set no timer, so nothing ever called it. Subscribe in onStart.',
      'WARNING: No order was sent: nothing was traded.',
    ]);
    expect(lines({ fills: [] })[0]).toBe('WARNING: No order was filled: nothing was traded.');
  });

  it('names what the venue rejected', () => {
    const notes = { rejections: [{ ...REFUSED, code: 'VENUE_SIZE_ZERO' }], rejectionCounts: { VENUE_SIZE_ZERO: 1 } };
    expect(lines({}, notes).join('\n')).toContain('rejected by the venue: VENUE_SIZE_ZERO 1× (first: mine BUY 7 A.SIM, above 5)');
  });

  it('names what the venue canceled of its own accord', () => {
    const notes = { cancellations: [{ ...REFUSED, code: 'VENUE_SIZE_ZERO' }], cancellationCounts: { VENUE_SIZE_ZERO: 3 } };
    expect(lines({}, notes).join('\n')).toContain('canceled by the venue: VENUE_SIZE_ZERO 3× (first: mine BUY 7 A.SIM, above 5)');
  });

  it('counts what the strategies logged, shows the first warning, and says where all of it is', () => {
    const line = { strategy: 'mine', time: '2024-01-01T00:00:00.000000Z' };
    const log = [
      { ...line, level: 'info', message: 'up' },
      { ...line, level: 'warn', message: 'odd' },
    ];
    expect(lines({}, { log, logCount: 2, logWarningCount: 1 }).join('\n')).toContain(
      '2 log lines, 1 warning (first: mine, odd): see the report (--report FILE.html)',
    );
    expect(lines({}).join('\n')).not.toContain('log line');
  });

  it.each([
    ['8455.14365900471167', 'USD', '8,455.14 USD'],
    ['-0.005', 'USD', '-0.01 USD'],
    ['-0.0049', 'USD', '0.00 USD'],
    ['999.995', 'USD', '1,000.00 USD'],
    ['123456789012345678901.5', 'JPY', '123,456,789,012,345,678,902 JPY'],
    ['12345.678901', 'USDT', '12,345.68 USDT'],
    ['0.12345678901', 'BTC', '0.12345679 BTC'],
    ['10000', 'USD', '10,000.00 USD'],
  ])('shows %s %s as %s, for people: the exact amount is in --json', (amount, currency, shown) => {
    const account = {
      venue: 'X',
      type: 'MARGIN',
      currency,
      equity: amount,
      commissions: { [currency]: amount },
    } as unknown as AccountResult;
    const shownLines = lines({ accounts: [account] });
    expect(shownLines).toContain(`  equity X              ${shown}`);
    expect(shownLines).toContain(`  fees X                ${shown}`);
  });

  it('shows fees with the decimals of the equity beside them', () => {
    const account = {
      venue: 'X',
      type: 'MARGIN',
      currency: 'USDT',
      equity: '99982.91234567',
      commissions: { USDT: '9.26634', BNB: '0.1234567' },
    };
    const shownLines = lines({ accounts: [account as unknown as AccountResult] });
    expect(shownLines).toContain('  fees X                9.27 USDT, 0.1234567 BNB');
  });

  it('shows an average price in the decimals of prices', () => {
    const open = { ...position('mine'), averagePrice: '106.82345678', markPrice: '102.28' };
    expect(lines({ positions: [open] }).join('\n')).toMatch(/open A\.SIM +2 at 106\.82, marked 102\.28/);
  });

  it('names the strategy of an open position where there are several', () => {
    expect(lines({ positions: [position('mine')] }).join('\n')).toMatch(/open A\.SIM +2 at 1/);
    expect(lines({ positions: [position('mine'), position('yours')] }).join('\n')).toMatch(/open A\.SIM +yours: 2 at 1/);
  });

  it('keeps a label of any length apart from what it labels', () => {
    // `open ` and 17 characters are 22, the width of the labels.
    const open = { ...position('mine'), instrument: 'BTC-USDT.BINANCEF' };
    expect(lines({ positions: [open] })).toContain('  open BTC-USDT.BINANCEF 2 at 1, marked 1');
  });

  it.each([
    [1, '1 alert (first: late)', '1 gap in the data'],
    [2, '2 alerts (first: late)', '2 gaps in the data'],
  ])('counts %d alert or gap in the right number', (count, alerts, gaps) => {
    const shown = lines({}, { alerts: [{ message: 'late' }] as unknown as RunNotes['alerts'], alertCount: count, gapCount: count });
    expect(shown).toContain(`  note                  ${alerts}`);
    expect(shown).toContain(`  note                  ${gaps}`);
  });
});
