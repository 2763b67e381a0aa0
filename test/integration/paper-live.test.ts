import path from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { makeFolder } from '../files-kit.ts';
import { dashboardOf, endPrograms, run, Running } from '../program-kit.ts';
import { SystemClock } from '../../src/adapters/clock/system-clock.ts';
import { LoopbackServer } from '../../src/adapters/binance/loopback/loopback-server.ts';
import type { MarketSink, ServedMarket } from '../../src/adapters/binance/loopback/served-market.ts';

const EXAMPLE = path.resolve(import.meta.dirname, '../../examples/live/binance-paper.yaml');
const FILL = /(bought|sold) [\d.]+ BTC-USDT/;

/** A price that goes up and down, so that averages cross every few seconds. The best bid and ask are whole dollars; trades never are. */
class Waves implements ServedMarket {
  readonly symbols = [
    { symbol: 'BTCUSDT', baseAsset: 'BTC', quoteAsset: 'USDT', tickSize: '0.01000000', stepSize: '0.00001000', minNotional: '5.00000000' },
  ];
  private id = 0;
  private playing: NodeJS.Timeout | null = null;

  private book: readonly [bid: string, ask: string] | null = null;

  start(sink: MarketSink): void {
    sink.book('BTCUSDT', { lastUpdateId: 0, bids: [], asks: [] });
    this.playing = setInterval(() => this.play(sink), 100);
  }

  stop(): void {
    if (this.playing !== null) clearInterval(this.playing);
  }

  private play(sink: MarketSink): void {
    this.id += 1;
    const now = Date.now();
    const price = 60_000 + Math.round(500 * Math.sin(now / 1000));
    const [b, a, p] = [price - 1, price + 1, price + 0.37].map((each) => each.toFixed(2)) as [string, string, string];
    sink.message('BTCUSDT', 'bookTicker', JSON.stringify({ u: this.id, s: 'BTCUSDT', b, B: '5.00000000', a, A: '5.00000000' }));
    const diff = { e: 'depthUpdate', E: now, s: 'BTCUSDT', U: this.id, u: this.id, b: this.changed(0, b), a: this.changed(1, a) };
    sink.message('BTCUSDT', 'depth@100ms', JSON.stringify(diff));
    this.book = [b, a];
    const trade = { e: 'trade', E: now, s: 'BTCUSDT', t: this.id, p, q: '0.10000000', T: now, m: false, M: true };
    sink.message('BTCUSDT', 'trade', JSON.stringify(trade));
  }

  /** The one level of a side: where it moves, the one that was goes. */
  private changed(side: 0 | 1, price: string): readonly (readonly [price: string, quantity: string])[] {
    const before = this.book?.[side];
    return before === undefined || before === price
      ? [[price, '5.00000000']]
      : [
          [before, '0.00000000'],
          [price, '5.00000000'],
        ];
  }
}

let folder = makeFolder();
let server: LoopbackServer | null = null;

afterEach(async () => {
  await endPrograms();
  await server?.close();
  server = null;
  folder.remove();
  folder = makeFolder();
});
afterAll(() => folder.remove());

async function served(): Promise<string> {
  server = new LoopbackServer({ market: new Waves(), clock: new SystemClock(), seed: 1 });
  return `http://127.0.0.1:${await server.listen(0)}`;
}

/** As the shipped run file, on the venue's order book. */
const ON_BOOK = `
name: on-book
instruments: [{ id: BTC-USDT.BINANCE, kind: spot, priceDecimals: 2, quantityDecimals: 5 }]
accounts: [{ balances: { USDT: 10000 } }]
data: [{ kind: book-deltas, live: { url: URL } }, { kind: trades, live: { url: URL } }]
strategies: [{ use: moving-average-crossover, parameters: { fast: 1, slow: 2, every: 1s, weight: 0.5, allowShort: false } }]
`;

/** The shipped run file, at an address of this machine, with averages that cross soon. */
function paper(url: string, ...more: readonly string[]): Running {
  const set = ['data.0.live.url', 'data.1.live.url'].map((key) => `${key}=${url}`);
  const quick = ['every=1s', 'fast=1', 'slow=2'].map((each) => `strategies.0.parameters.${each}`);
  return new Running(folder.path, ['paper', EXAMPLE, ...[...set, ...quick].flatMap((each) => ['--set', each]), ...more]);
}

async function readiness(running: Running): Promise<number> {
  return (await fetch(`${dashboardOf(running)}/health/ready`)).status;
}

describe('paper on a live feed', () => {
  it('S-25, S-20, INV-16: trades the shipped run file, marks what it missed while the venue was away and while it was killed, and a replay decides the same', async () => {
    const url = await served();
    const first = paper(url, '--dashboard', '--port', '0');
    await first.says(/market data connected \[FEED_CONNECTED\]/);
    await first.says(FILL);
    expect(first.err).toContain(`live from Binance Spot at ${new URL(url).host}: BTC-USDT.BINANCE quotes, trades`);
    expect(await readiness(first)).toBe(200);
    const gaps = first.count(/no market data since/);
    server!.setFaults({ maintenance: true });
    await first.says(/market data down \[FEED_MAINTENANCE\]/);
    expect(await readiness(first)).toBe(503);
    await first.says(/no market data since/, gaps + 1);
    server!.setFaults({ maintenance: false });
    await first.says(/market data connected/, 2);
    await first.says(/no market data since/, gaps + 2);
    await first.says(FILL, first.count(FILL) + 1);
    first.child.kill('SIGKILL');
    expect(await first.ended).toBeNull();

    const second = paper(url);
    await second.says(/market data connected/);
    await second.says(/no market data since/);
    await second.says(FILL);
    second.child.kill('SIGINT');
    expect(await second.ended).toBe(0);
    const [, inputs, digest] = /after (\d+) inputs, digest ([0-9a-f]{32})/.exec(second.err)!;
    const replayed = JSON.parse(run(folder.path, 'replay', 'sessions/binance-paper', '--json').out);
    expect(replayed).toMatchObject({ name: 'binance-paper', inputs: Number(inputs), digest });
  }, 300_000);

  it('INV-16: trades against the order book of the venue where it hears it, and a replay decides the same', async () => {
    const url = await served();
    folder.write('book.yaml', ON_BOOK.replaceAll('URL', `"${url}"`));
    const session = new Running(folder.path, ['paper', 'book.yaml']);
    await session.says(FILL, 3);
    session.child.kill('SIGINT');
    expect(await session.ended).toBe(0);
    expect(session.err).toContain('BTC-USDT.BINANCE book-deltas, trades');
    // At a price of the book, never at one of a trade.
    expect(session.count(FILL)).toBe(session.count(/(bought|sold) [\d.]+ BTC-USDT\S* at \d+(?![\d.])/));
    const [, inputs, digest] = /after (\d+) inputs, digest ([0-9a-f]{32})/.exec(session.err)!;
    const replayed = JSON.parse(run(folder.path, 'replay', 'sessions/on-book', '--json').out);
    expect(replayed).toMatchObject({ name: 'on-book', inputs: Number(inputs), digest });
  }, 300_000);

  it('begins where the venue is away, and says so', async () => {
    const url = await served();
    await server!.close();
    const begun = paper(url);
    await begun.says(/could not be asked about the instruments/);
    await begun.says(/market data down \[FEED_CONNECTION_FAILED\]/);
    begun.child.kill('SIGINT');
    expect(await begun.ended).toBe(0);
  }, 60_000);

  it.each([
    [
      ['--set', 'instruments.0.priceDecimals=1'],
      /tickSize of BTC-USDT\.BINANCE is 0\.1; the venue says 0\.01\..*\[FEED_INSTRUMENT_DIFFERS\]/,
    ],
    [['--speed', '2'], /A live market goes as fast as the clock\..*\[OPTION_INVALID\]/],
  ])(
    'refuses %j',
    async (more, words) => {
      const refused = paper(await served(), ...more);
      expect([await refused.ended, refused.err]).toEqual([2, expect.stringMatching(words)]);
    },
    60_000,
  );
});
