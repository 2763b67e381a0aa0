import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder } from '../../../test/files-kit.ts';
import type { OrderResult, RunResult } from '../../contract/run-result.ts';
import { Backtest } from '../../runtime/backtest.ts';
import { readRunFile } from '../run-file/read-run-file.ts';
import { loadStrategyFile } from '../strategies/load-strategy-file.ts';
import { orderResults } from './order-results.ts';
import { resolveRun } from './resolve-run.ts';
import { runBacktest } from './run-backtest.ts';

const folder = makeFolder();
afterAll(() => folder.remove());

/** Of each bar's volume, 10, half may be taken. */
const RUN = `instruments: [{ id: A.SIM, kind: equity, quote: USD, fills: { volumeShare: 0.5 } }]
accounts: [{ balances: { USD: 10000 } }]
risk: { maxOrderQuantity: { A.SIM: 500 } }
data: [{ csv: days.csv }]
strategies: [{ file: ./sender.ts, name: sender }]
`;
const DAYS = [
  'Date,Open,High,Low,Close,Volume',
  '2020-01-01,10.00,10.00,10.00,10.00,10',
  '2020-01-02,10.50,10.60,10.40,10.50,10',
  '2020-01-03,11.00,11.10,10.90,11.00,10',
  '2020-01-04,12.00,12.10,11.90,12.00,10',
].join('\n');
const SENDER = `import { Strategy, type Bar } from 'quanthybrid';
export class Sender extends Strategy {
  private bars = 0;
  override onStart(): void {
    this.subscribeBars(0, '1d');
  }
  override onBar(_bar: Bar): void {
    this.bars += 1;
    if (this.bars !== 1) return;
    this.marketOrder(0, 'BUY', 8, { tag: 'entry' });
    this.limitOrder(0, 'BUY', 3, 9);
    this.stopLimitOrder(0, 'SELL', 4, { stopPrice: 8, limitPrice: 7.95 }, { timeInForce: 'GTD', expireAt: 1_578_009_600_000_000 });
    this.marketOrder(0, 'BUY', 501);
  }
}
`;

async function run(): Promise<{ readonly result: RunResult; readonly firstTwo: readonly OrderResult[] }> {
  folder.write('days.csv', `${DAYS}\n`);
  folder.write('sender.ts', SENDER);
  const resolved = await resolveRun(readRunFile(folder.write('run.yaml', RUN)), loadStrategyFile);
  const { result } = await runBacktest(resolved, {});
  const backtest = new Backtest(resolved.open().spec);
  backtest.advance(1_000);
  backtest.finish();
  return { result, firstTwo: orderResults(backtest, resolved, 2) };
}

const MIDNIGHT = (day: number): string => `2020-01-0${day}T00:00:00.000000Z`;

describe('the orders of a result', () => {
  it('are listed as they stand at the end, exact, in the order in which they were sent', async () => {
    const { result, firstTwo } = await run();
    const common = { strategy: 'sender', instrument: 'A.SIM', time: MIDNIGHT(2), tag: '' };
    const none = { limitPrice: null, stopPrice: null, expireTime: null, averagePrice: null };
    expect(result.orders).toEqual([
      // Half of 10 at the open of January 2, the rest at that of January 3, known when their bars close: (5 × 10.50 + 3 × 11.00) ÷ 8 = 10.6875.
      {
        ...{ ...common, ...none, id: 'O-1', side: 'BUY', type: 'MARKET', timeInForce: 'GTC', tag: 'entry' },
        ...{ quantity: '8', filled: '8', averagePrice: '10.6875', status: 'FILLED', lastTime: MIDNIGHT(4) },
      },
      {
        ...{ ...common, ...none, id: 'O-2', side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', limitPrice: '9.00' },
        ...{ quantity: '3', filled: '0', status: 'ACCEPTED', lastTime: MIDNIGHT(2) },
      },
      // What happens at the instant of expiry still counts, so that it is over a microsecond later.
      {
        ...{ ...common, ...none, id: 'O-3', side: 'SELL', type: 'STOP_LIMIT', timeInForce: 'GTD', limitPrice: '7.95', stopPrice: '8.00' },
        ...{ quantity: '4', filled: '0', status: 'EXPIRED', lastTime: '2020-01-03T00:00:00.000001Z', expireTime: MIDNIGHT(3) },
      },
      {
        ...{ ...common, ...none, id: 'O-4', side: 'BUY', type: 'MARKET', timeInForce: 'GTC' },
        ...{ quantity: '501', filled: '0', status: 'DENIED', lastTime: MIDNIGHT(2) },
      },
    ]);
    expect(result.orderCounts).toEqual({ total: 4, filled: 1, canceled: 0, expired: 1, rejected: 0, denied: 1, open: 1 });
    expect(result.fills.map(({ order }) => order)).toEqual(['O-1', 'O-1']);
    expect(firstTwo.map(({ id }) => id)).toEqual(['O-1', 'O-2']);
  });
});
