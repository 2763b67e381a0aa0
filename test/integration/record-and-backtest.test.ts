import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder } from '../files-kit.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const folder = makeFolder();
const running = new Set<ChildProcess>();
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
  folder.remove();
});

/** The program at work: what it says, and its end. */
class Running {
  out = '';
  err = '';
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  private waiting: { readonly isMet: () => boolean; readonly resolve: () => void }[] = [];

  constructor(...given: readonly string[]) {
    const child = spawn(process.execPath, ['scripts/run-ts.mjs', 'src/app/main.ts', ...given], { cwd: ROOT });
    this.child = child;
    running.add(child);
    child.stdout.on('data', (chunk: Buffer) => this.heard('out', chunk));
    child.stderr.on('data', (chunk: Buffer) => this.heard('err', chunk));
    this.ended = new Promise((resolve) =>
      child.on('close', (status) => {
        running.delete(child);
        resolve(status);
      }),
    );
  }

  /** Waits until it has said it so many times. */
  async says(stream: 'out' | 'err', pattern: RegExp, times = 1): Promise<void> {
    const isMet = (): boolean => [...this[stream].matchAll(new RegExp(pattern, 'g'))].length >= times;
    const said = isMet() ? Promise.resolve() : new Promise<void>((resolve) => this.waiting.push({ isMet, resolve }));
    const died = this.ended.then(() => {
      if (!isMet()) throw new Error(`it ended without ${String(pattern)}: ${this.out}${this.err}`);
    });
    await Promise.race([said, died]);
  }

  private heard(stream: 'out' | 'err', chunk: Buffer): void {
    this[stream] += chunk.toString();
    const met = this.waiting.filter(({ isMet }) => isMet());
    this.waiting = this.waiting.filter((each) => !met.includes(each));
    for (const { resolve } of met) resolve();
  }
}

const BUYER = `
import { type Book, Strategy } from 'quanthybrid';

export class Buyer extends Strategy {
  private isDone = false;

  override onStart(): void {
    this.subscribeBook(this.instruments[0]!);
  }

  override onBook(book: Book): void {
    if (!this.isDone) this.marketOrder(book.instrument, 'BUY', 1);
    this.isDone = true;
  }
}
`;

describe('a venue on this machine, recorded', () => {
  it('is stored until Ctrl-C, downtime as a gap, and the recording is backtested', { timeout: 120_000 }, async () => {
    const server = new Running('venue', 'serve', '--port', '0', '--events-per-second', '2000', '--seed', '3');
    await server.says('out', /ws:\/\/127/);
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(server.out)![0];
    const faults = (given: object): Promise<Response> => fetch(`${url}/loopback/faults`, { method: 'POST', body: JSON.stringify(given) });
    const store = path.join(folder.path, 'store');
    const record = new Running(
      'data',
      'record',
      '--symbol',
      'AAAUSDT',
      '--kinds',
      'trades,quotes,book-deltas',
      '--url',
      url,
      '--store',
      store,
    );
    await record.says('err', / connected /);
    await faults({ maintenance: true });
    await record.says('err', / down \[FEED_MAINTENANCE\]/);
    await faults({ maintenance: false });
    await record.says('err', /gap in AAA-USDT\.BINANCE /, 3);
    await record.says('err', / connected /, 2);
    record.child.kill('SIGINT');
    expect([await record.ended, record.out]).toEqual([
      0,
      expect.stringMatching(/AAA-USDT\.BINANCE +book-deltas[\s\S]*[\d,]+ rows recorded, [3-9] gaps\.\n$/),
    ]);
    server.child.kill('SIGINT');
    expect(await server.ended).toBe(130);
    const verified = new Running('data', 'verify', '--store', store);
    expect([await verified.ended, verified.out]).toEqual([
      0,
      expect.stringMatching(/^3 data sets, [\d,]+ rows: everything is as it was written\.\n$/),
    ]);
    // Buys once, so that however little was recorded there is an order.
    writeFileSync(path.join(folder.path, 'buyer.ts'), BUYER);
    const run = path.join(folder.path, 'run.yaml');
    writeFileSync(
      run,
      `name: recorded
instruments: [{ id: AAA-USDT.BINANCE, kind: spot, priceDecimals: 2, quantityDecimals: 3 }]
accounts: [{ venue: BINANCE, balances: { USDT: 100000 } }]
venues: [{ name: BINANCE, fills: { book: { queue: { kind: riskAverse }, impactHalfLife: 10s } } }]
data:
  - { kind: book-deltas, store: { root: ${store} } }
  - { kind: trades, store: { root: ${store} } }
strategies: [{ file: ./buyer.ts }]
`,
    );
    const backtest = new Running('backtest', run, '--json');
    expect([await backtest.ended, backtest.err]).toEqual([0, expect.any(String)]);
    const result = JSON.parse(backtest.out) as { readonly status: string; readonly orders: readonly unknown[] };
    expect([result.status, result.orders.length > 0]).toEqual(['completed', true]);
  });
});
