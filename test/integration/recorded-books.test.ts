import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder } from '../files-kit.ts';
import { isThere, ROOT, WHY } from '../shared-data-kit.ts';
import { planImport } from '../../src/app/data/import-options.ts';
import { importData } from '../../src/app/data/import-data.ts';
import { resolveRun } from '../../src/app/backtest/resolve-run.ts';
import { runBacktest } from '../../src/app/backtest/run-backtest.ts';
import { readRunFile } from '../../src/app/run-file/read-run-file.ts';
import { loadStrategyFile } from '../../src/app/strategies/load-strategy-file.ts';
import type { RunResult } from '../../src/contract/run-result.ts';

/* Runs on recorded books from end to end, by what other software computed of the same files. */

const USDM = `${ROOT}l2-binance-raw/usdm_btcusdt_20240808.gz`;
const BITSTAMP = `${ROOT}l3-bitstamp/btcusd_20150501_orders.csv.gz`;
const ES = `${ROOT}databento-cme/esh4-glbx-mdp3-20231225.mbo.dbn.zst`;

const folder = makeFolder();
afterAll(() => folder.remove());

const TOPS = `import { Strategy } from 'quanthybrid';
export class Tops extends Strategy {
  text = '';
  onStart() { this.subscribeBook(this.instruments[0]); }
  onBook(book) {
    this.text = [book.bidPrice, book.bidSize, book.askPrice, book.askSize].join(' ') + ' | ' + book.levels('bid', 1e6).length + ' ' + book.levels('ask', 1e6).length;
  }
  onStop() { this.log(this.text); }
}
`;

/** Tells when it sees the first book, the whole book at the first event after 23:57:00, and the best prices at the end. */
const FIRST_AFTER = `import { Strategy } from 'quanthybrid';
export class FirstAfter extends Strategy {
  isTold = false;
  text = '';
  onStart() { this.subscribeBook(this.instruments[0]); }
  onBook(book) {
    if (this.text === '') this.log(String(this.now));
    this.text = book.bidPrice + ' ' + book.askPrice;
    if (this.isTold || this.now <= 1723161420000000) return;
    this.isTold = true;
    const sides = ['bid', 'ask'].map((side) => book.levels(side, 1e6).map(({ price, size }) => price + 'x' + size).join(' '));
    this.log(sides.map((side) => side.length + ' ' + side.slice(0, 1000) + ' ' + side.slice(-1000)).join(' | '));
  }
  onStop() { this.log(this.text); }
}
`;

/** Buys and sells by turns, and tells of each fill how long after the order it happened, and after that it was heard of; microseconds. */
const PROMPT = `import { Strategy } from 'quanthybrid';
export class Prompt extends Strategy {
  seen = 0;
  sentTs = 0;
  onStart() { this.subscribeBook(this.instruments[0]); }
  onBook(book) {
    this.seen += 1;
    if (this.seen % 500 !== 0 || this.openOrders().length > 0) return;
    this.sentTs = this.now;
    this.marketOrder(book.instrument, this.position(book.instrument) > 0 ? 'SELL' : 'BUY', '0.001');
  }
  onFill(fill) { this.log((fill.tsEvent - this.sentTs) + ' ' + (fill.tsInit - fill.tsEvent) + ' ' + (this.now - fill.tsEvent)); }
}
`;

async function run(text: string, stepRowsMax?: number): Promise<RunResult> {
  const resolved = await resolveRun(readRunFile(folder.write('run.yaml', text)), loadStrategyFile);
  return (await runBacktest(resolved, stepRowsMax === undefined ? {} : { stepRowsMax })).result;
}

const BTC = '{ id: BTC-USDT.BINANCE, kind: perpetual, priceDecimals: 1, tickSize: 0.1, quantityDecimals: 3 }';

function binance(
  strategy: string,
  change: { readonly data?: readonly string[]; readonly period?: string; readonly latency?: string } = {},
): string {
  const recording = `recording: { format: binance, file: ${USDM} }`;
  const {
    data = [`{ kind: book-deltas, ${recording} }`, `{ kind: trades, ${recording} }`],
    period,
    latency = '{ orderEntry: 2ms, response: 2ms }',
  } = change;
  return `${period === undefined ? '' : `period: ${period}\n`}accounts: [{ balances: { USDT: 100000 }, margin: { kind: leverage, leverage: 10 } }]
venues: [{ name: BINANCE, latency: ${latency}, fees: { kind: makerTaker, maker: 0.0002, taker: 0.0005 } }]
instruments: [${BTC}]
data: [${data.join(', ')}]
strategies: [${strategy}]
`;
}

describe.skipIf(!isThere)(`runs on recorded books${WHY}`, () => {
  it('Binance USD-M: a strategy sees the final book that other software rebuilt (R5), and every change and trade is a row', async () => {
    folder.write('tops.ts', TOPS);
    const result = await run(binance('{ file: tops.ts }'));
    expect(result.notes.log.map(({ message }) => message)).toEqual(['61659.7 1.486 61659.8 0.981 | 5018 4578']);
    // 443,262 changes of levels, a snapshot of 1000 levels a side behind its clearing, 21,313 trades.
    expect(result.events).toBe(443_262 + 2001 + 21_313);
  });

  it('Bitstamp: no row is refused, and orders from before the log are all that is unknown', async () => {
    folder.write('tops.ts', TOPS);
    const result = await run(`accounts: [{ balances: { USD: 100000 } }]
instruments: [{ id: BTC-USD.BITSTAMP, kind: spot, priceDecimals: 2, quantityDecimals: 8 }]
data: [{ recording: { format: bitstamp, file: ${BITSTAMP} } }]
strategies: [{ file: tops.ts }]
`);
    // Of orders that are not there by their lives as ob-analytics reads them: 203 are deleted, 4 change.
    expect([result.notes.refusedRows, result.notes.gapCount]).toEqual([{ MARKET_DATA_ORDER_UNKNOWN: 207 }, 0]);
  });

  it('ES on 2023-12-25, order by order: the final book of the whole day', async () => {
    folder.write('tops.ts', TOPS);
    const result = await run(`accounts: [{ balances: { USD: 100000 } }]
instruments: [{ id: ESH4.CME, kind: future, quote: USD, tickSize: 0.25, multiplier: 50 }]
data: [{ recording: { format: databento, file: ${ES} } }]
strategies: [{ file: tops.ts }]
`);
    // As a program of the vendor's own example has it.
    expect(result.notes.log.map(({ message }) => message)).toEqual(['4810 22 4810.25 28 | 922 565']);
  });

  it("market making fills as maker, pays the maker's fee, and comes to the same digest whatever the blocks", async () => {
    const text = binance('{ use: market-making }');
    const result = await run(text);
    expect(result.fills.length).toBeGreaterThan(10);
    expect(new Set(result.fills.map(({ liquidity }) => liquidity))).toEqual(new Set(['MAKER']));
    for (const fill of result.fills) expect(Number(fill.commission)).toBeCloseTo(Number(fill.price) * Number(fill.quantity) * 0.0002, 8);
    expect((await run(text, 1)).digest).toBe(result.digest);
    expect((await run(text, 97)).digest).toBe(result.digest);
  });

  it('an order never fills before it has arrived', async () => {
    const result = await run(
      binance('{ use: book-imbalance, parameters: { entry: 0.5 } }', { latency: '{ orderEntry: 3ms, response: 5ms }' }),
    );
    expect(result.fills.length).toBeGreaterThan(10);
    const born = new Map(result.orders.map((order) => [order.id, Date.parse(order.time)]));
    for (const fill of result.fills) expect(Date.parse(fill.time)).toBeGreaterThanOrEqual(born.get(fill.order)! + 3);
  });

  it.each([
    ['stated', '{ orderEntry: 3ms, response: 5ms }'],
    ['drawn', '{ orderEntry: 3ms, response: { kind: uniform, min: 5ms, max: 5ms } }'],
  ])('an order takes as long to arrive as orders take, and its answer as long as answers do, where that is %s', async (_, latency) => {
    folder.write('prompt.ts', PROMPT);
    const { log } = (await run(binance('{ file: prompt.ts }', { latency }))).notes;
    expect(log.length).toBeGreaterThan(5);
    expect(new Set(log.map(({ message }) => message))).toEqual(new Set(['3000 5000 5000']));
  });

  it('the store gives the fills that the recording gives', async () => {
    for (const kind of ['book-deltas', 'trades']) {
      const { source, instrument } = planImport([USDM], { store: folder.path, instrument: 'BTC-USDT.BINANCE', kind, recording: 'binance' });
      await importData({ storeRoot: folder.path, source, instrument, createdBy: 'test 1' });
    }
    const fromStore = ['book-deltas', 'trades'].map((kind) => `{ kind: ${kind}, store: { root: ${folder.path} } }`);
    const [stored, recorded] = await Promise.all([
      run(binance('{ use: market-making }', { data: fromStore })),
      run(binance('{ use: market-making }')),
    ]);
    expect(stored.fills).toEqual(recorded.fills);
    expect(stored.accounts).toEqual(recorded.accounts);
  });

  it('a run that begins in the middle begins with the book as it was then', async () => {
    folder.write('first.ts', FIRST_AFTER);
    const period = '{ from: 2024-08-08T23:57:00Z, to: 2024-08-09 }';
    const result = await run(binance('{ file: first.ts }', { period }));
    const whole = await run(binance('{ file: first.ts }'));
    const [[first, ...told], [, ...wholeTold]] = [result, whole].map(({ notes }) => notes.log.map(({ message }) => message)) as [
      string[],
      string[],
    ];
    expect([first, told.length]).toEqual(['1723161420000000', 2]);
    expect(told).toEqual(wholeTold);
    expect(result.period.from).toBe('2024-08-08T23:57:00.000000Z');
  });
});
