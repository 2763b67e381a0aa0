import path from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { Running } from './running.fixture.ts';
import { makeFolder } from '../files-kit.ts';
import { SystemClock } from '../../src/adapters/clock/system-clock.ts';
import { LoopbackServer } from '../../src/adapters/binance/loopback/loopback-server.ts';
import type { MarketSink, ServedMarket } from '../../src/adapters/binance/loopback/served-market.ts';

const EXAMPLE = path.resolve(import.meta.dirname, '../../examples/live/binance-paper.yaml');
const FILL = /(bought|sold) [\d.]+ BTC-USDT/;

/** A price that goes up and down, so that averages cross every few seconds. */
class Waves implements ServedMarket {
  readonly symbols = [
    { symbol: 'BTCUSDT', baseAsset: 'BTC', quoteAsset: 'USDT', tickSize: '0.01000000', stepSize: '0.00001000', minNotional: '5.00000000' },
  ];
  private id = 0;
  private playing: NodeJS.Timeout | null = null;

  start(sink: MarketSink): void {
    sink.book('BTCUSDT', { lastUpdateId: 1, bids: [], asks: [] });
    this.playing = setInterval(() => this.play(sink), 100);
  }

  stop(): void {
    if (this.playing !== null) clearInterval(this.playing);
  }

  private play(sink: MarketSink): void {
    this.id += 1;
    const now = Date.now();
    const price = 60_000 + 500 * Math.sin(now / 1000);
    const [b, a, p] = [price - 1, price + 1, price].map((each) => each.toFixed(2));
    sink.message('BTCUSDT', 'bookTicker', JSON.stringify({ u: this.id, s: 'BTCUSDT', b, B: '5.00000000', a, A: '5.00000000' }));
    const trade = { e: 'trade', E: now, s: 'BTCUSDT', t: this.id, p, q: '0.10000000', T: now, m: false, M: true };
    sink.message('BTCUSDT', 'trade', JSON.stringify(trade));
  }
}

let folder = makeFolder();
const running = new Set<Running>();
let server: LoopbackServer | null = null;

afterEach(async () => {
  for (const { child } of running) child.kill('SIGKILL');
  running.clear();
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

/** The shipped run file, at an address of this machine, with averages that cross soon. */
function paper(url: string, ...more: readonly string[]): Running {
  const set = ['data.0.live.url', 'data.1.live.url'].map((key) => `${key}=${url}`);
  const quick = ['every=1s', 'fast=1', 'slow=2'].map((each) => `strategies.0.parameters.${each}`);
  const begun = new Running(folder.path, 'paper', EXAMPLE, ...[...set, ...quick].flatMap((each) => ['--set', each]), ...more);
  running.add(begun);
  return begun;
}

async function readiness({ err }: Running): Promise<number> {
  const [, url] = /dashboard (http:\S+)/.exec(err)!;
  return (await fetch(`${url}/health/ready`)).status;
}

describe('paper on a live feed', () => {
  it('S-25, S-20, INV-16: trades the shipped run file, marks what it missed while the venue was away and while it was killed, and a replay decides the same', async () => {
    const url = await served();
    const first = paper(url, '--dashboard', '--port', '0');
    await first.says('err', /market data connected \[FEED_CONNECTED\]/);
    await first.says('out', FILL);
    expect(first.err).toContain(`live from Binance Spot at ${new URL(url).host}: BTC-USDT.BINANCE quotes, trades`);
    expect(await readiness(first)).toBe(200);
    const gaps = first.count('out', /no market data since/);
    server!.setFaults({ maintenance: true });
    await first.says('err', /market data down \[FEED_MAINTENANCE\]/);
    expect(await readiness(first)).toBe(503);
    await first.says('out', /no market data since/, gaps + 1);
    server!.setFaults({ maintenance: false });
    await first.says('err', /market data connected/, 2);
    await first.says('out', /no market data since/, gaps + 2);
    await first.says('out', FILL, first.count('out', FILL) + 1);
    first.child.kill('SIGKILL');
    expect(await first.ended).toBeNull();

    const second = paper(url);
    await second.says('err', /market data connected/);
    await second.says('out', /no market data since/);
    await second.says('out', FILL);
    second.child.kill('SIGINT');
    expect(await second.ended).toBe(0);
    const [, inputs, digest] = /after (\d+) inputs, digest ([0-9a-f]{32})/.exec(second.err)!;
    const replay = new Running(folder.path, 'replay', 'sessions/binance-paper', '--json');
    expect(await replay.ended).toBe(0);
    expect(JSON.parse(replay.out)).toMatchObject({ name: 'binance-paper', inputs: Number(inputs), digest });
  }, 300_000);

  it('begins where the venue is away, and says so', async () => {
    const url = await served();
    await server!.close();
    const begun = paper(url);
    await begun.says('err', /could not be asked about the instruments/);
    await begun.says('err', /market data down \[FEED_CONNECTION_FAILED\]/);
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
