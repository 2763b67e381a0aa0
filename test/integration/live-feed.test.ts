import { afterEach, describe, expect, it } from 'vitest';
import { FastClock } from './fast-clock.fixture.ts';
import { FeedLog, SECOND, subscription } from '../../src/adapters/binance/feed.fixture.ts';
import type { Faults } from '../../src/adapters/binance/loopback/fault-plan.ts';
import { LoopbackServer } from '../../src/adapters/binance/loopback/loopback-server.ts';
import type { MarketSink, ServedMarket, ServedSymbol } from '../../src/adapters/binance/loopback/served-market.ts';
import { FEED_MESSAGE_BYTES_MAX } from '../../src/adapters/binance/ws-transport.ts';
import { SpotFeed } from '../../src/adapters/binance/spot-feed.ts';
import { stream as seededStream } from '../../src/base/random.ts';
import { OrderBook } from '../../src/book/order-book.ts';
import { BlockKind } from '../../src/model/blocks.ts';
import type { FeedBlock, FeedGap, FeedInstrumentChange, FeedStateChange, MarketFeedListener } from '../../src/ports/market-feed.ts';

const SPEED = 100;
const SYMBOL: ServedSymbol = {
  symbol: 'BTCUSDT',
  baseAsset: 'BTC',
  quoteAsset: 'USDT',
  tickSize: '0.01000000',
  stepSize: '0.00001000',
  minNotional: '5.00000000',
};

/** A market that a test plays by hand, with a book of its own that nobody else computes. */
class HandMarket implements ServedMarket {
  readonly symbols = [SYMBOL];
  readonly bids = new Map<number, number>();
  readonly asks = new Map<number, number>();
  id = 100;
  trades = 0;
  private readonly random = seededStream(7, 'hand-market');
  private sink: MarketSink | null = null;

  start(sink: MarketSink): void {
    this.sink = sink;
    sink.book('BTCUSDT', { lastUpdateId: this.id, bids: [], asks: [] });
    this.play(1);
  }

  stop(): void {
    this.sink = null;
  }

  /** So many diffs, each with a quote and a trade. */
  play(count: number): void {
    for (let n = 0; n < count; n += 1) {
      const change = (side: Map<number, number>, from: number): readonly (readonly [string, string])[] => {
        const price = from + this.random.nextBelow(50);
        const quantity = this.random.nextBelow(4) * 1000;
        if (quantity === 0) side.delete(price);
        else side.set(price, quantity);
        return [[text(price, 2), text(quantity, 5)]];
      };
      const [b, a] = [change(this.bids, 9900), change(this.asks, 10_000)];
      const ids = { U: this.id + 1, u: this.id + 3 };
      this.id += 3;
      this.trades += 1;
      const E = Date.now();
      this.say('depth@100ms', { e: 'depthUpdate', E, s: 'BTCUSDT', ...ids, b, a });
      this.say('bookTicker', { u: this.id, s: 'BTCUSDT', b: '99.00000000', B: '1.00000000', a: '101.00000000', A: '1.00000000' });
      const pq = { p: '100.00000000', q: '1.00000000' };
      this.say('trade', { e: 'trade', E, s: 'BTCUSDT', t: this.trades, ...pq, T: E, m: false, M: true });
    }
  }

  /** A message that no venue sends. */
  sayHuge(bytes: number): void {
    this.sink?.message('BTCUSDT', 'trade', JSON.stringify('x'.repeat(bytes)));
  }

  private say(suffix: string, data: object): void {
    this.sink?.message('BTCUSDT', suffix, JSON.stringify(data));
  }
}

function text(count: number, decimals: number): string {
  return (count / 10 ** decimals).toFixed(8);
}

/** Hears a feed, builds its book, and lets a test wait for what it says. */
class Ear implements MarketFeedListener {
  readonly book = new OrderBook();
  readonly log = new FeedLog();
  private waiting: { readonly isMet: () => boolean; readonly resolve: () => void }[] = [];

  onRows(stream: number, block: FeedBlock): void {
    if (block.kind === BlockKind.BOOK_DELTAS) for (let row = 0; row < block.length; row += 1) this.book.apply(block, row);
    this.log.onRows(stream, block);
    this.look();
  }

  onGap(gap: FeedGap): void {
    this.log.onGap(gap);
    this.look();
  }

  onState(change: FeedStateChange): void {
    this.log.onState(change);
    this.look();
  }

  onInstrument(change: FeedInstrumentChange): void {
    this.log.onInstrument(change);
    this.look();
  }

  /** Waits until something that was told makes it true. */
  until(isMet: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push({ isMet, resolve });
      this.look();
    });
  }

  has(line: string): boolean {
    return this.log.lines.includes(line);
  }

  private look(): void {
    const met = this.waiting.filter(({ isMet }) => isMet());
    this.waiting = this.waiting.filter((each) => !met.includes(each));
    for (const { resolve } of met) resolve();
  }
}

let close: () => Promise<void> = () => Promise.resolve();
afterEach(() => close());

async function connected(faults: Partial<Faults> = {}) {
  const clock = new FastClock(SPEED);
  const market = new HandMarket();
  const server = new LoopbackServer({ market, clock, seed: 5 });
  const port = await server.listen(0);
  const subscriptions = [subscription(BlockKind.BOOK_DELTAS), subscription(BlockKind.QUOTES), subscription(BlockKind.TRADES)];
  const addresses = { rest: `http://127.0.0.1:${port}`, streams: `ws://127.0.0.1:${port}` };
  const feed = new SpotFeed({ subscriptions, clock, addresses, seed: 1 });
  const ear = new Ear();
  close = async () => {
    feed.stop();
    await server.close();
  };
  feed.start(ear);
  await ear.until(() => feed.state === 'CONNECTED');
  server.setFaults(faults);
  return { clock, market, server, feed, ear, addresses };
}

/** The levels of one side of the book that the rows made. */
function levels(book: OrderBook, side: 1 | -1): Map<number, number> {
  const found = new Map<number, number>();
  for (let price = book.best(side); price !== 0; price = book.priceAfter(side, price)) found.set(price, book.quantityAt(side, price));
  return found;
}

function sorted(side: ReadonlyMap<number, number>): readonly (readonly [number, number])[] {
  return [...side].sort(([a], [b]) => a - b);
}

describe('the feed on the loopback server', () => {
  it('has the book of the market, every trade, and the offset of the clock', async () => {
    const { market, feed, ear } = await connected();
    market.play(50);
    await ear.until(() => ear.log.lines.filter((line) => line.startsWith('rows 2')).length === 50);
    expect([sorted(levels(ear.book, 1)), sorted(levels(ear.book, -1))]).toEqual([sorted(market.bids), sorted(market.asks)]);
    expect([feed.counters.gaps, feed.counters.refused.size, Math.abs(feed.clockOffsetUs) < SECOND * SPEED]).toEqual([0, 0, true]);
  });

  it.each<[string, Partial<Faults>]>([
    ['lost', { drop: 0.05 }],
    ['doubled', { duplicate: 0.2 }],
    ['out of order', { reorder: 0.05 }],
    ['late', { delayMs: 200 }],
    ['all of that', { drop: 0.03, duplicate: 0.1, reorder: 0.03, delayMs: 50 }],
  ])(
    'S-53, S-54: messages that are %s leave the true book once the line is sound again, and what is missing is told',
    async (_, faults) => {
      const { market, server, feed, ear } = await connected(faults);
      for (let round = 0; round < 20; round += 1) {
        market.play(10);
        await new Promise(setImmediate);
      }
      server.setFaults({ drop: 0, duplicate: 0, reorder: 0, delayMs: 0 });
      const isTrue = (): boolean => {
        const ours = [sorted(levels(ear.book, 1)), sorted(levels(ear.book, -1))];
        return ear.book.isUsable && JSON.stringify(ours) === JSON.stringify([sorted(market.bids), sorted(market.asks)]);
      };
      // A diff that was lost shows when the next one comes.
      const playing = setInterval(() => market.play(1), 5);
      await ear.until(() => feed.state === 'CONNECTED' && isTrue()).finally(() => clearInterval(playing));
      if ((faults.drop ?? 0) > 0) expect(feed.counters.gaps).toBeGreaterThan(0);
      if (faults.duplicate === 0.2) expect([feed.counters.gaps, feed.counters.duplicates > 0]).toEqual([0, true]);
    },
  );

  it('S-25, S-23: a half-open connection is found by its silence, and the feed is whole on another; what was missed is told', async () => {
    const { market, server, feed, ear } = await connected();
    market.play(5);
    server.setFaults({ halfOpen: true });
    await ear.until(() => ear.has('state DOWN FEED_SILENT'));
    expect(ear.has('state STALE FEED_STALE')).toBe(true);
    market.play(5);
    server.setFaults({ halfOpen: false });
    await ear.until(() => feed.state === 'CONNECTED');
    market.play(1);
    await ear.until(() => ear.log.lines.some((line) => line.startsWith('gap 2')));
    expect([sorted(levels(ear.book, 1)), sorted(levels(ear.book, -1))]).toEqual([sorted(market.bids), sorted(market.asks)]);
    expect(ear.log.lines.filter((line) => line.startsWith('gap')).map((line) => line.split(' ')[1])).toEqual(['1', '0', '2']);
    expect(feed.counters.connections).toBeGreaterThan(1);
  });

  it('S-65: a message longer than any may be ends the connection and not the feed, which is whole on another', async () => {
    const { market, feed, ear } = await connected();
    market.sayHuge(FEED_MESSAGE_BYTES_MAX);
    await ear.until(() => ear.has('state DOWN FEED_CONNECTION_LOST'));
    await ear.until(() => feed.state === 'CONNECTED');
    market.sayHuge(1000);
    market.play(1);
    await ear.until(() => ear.log.lines.some((line) => line.startsWith('rows 2')));
    expect([...feed.counters.refused]).toEqual([['FEED_MESSAGE_DAMAGED', 1]]);
  });

  it('S-61: 429 on requests and connections is waited out', async () => {
    const { server, feed, ear } = await connected({ tooManyS: 3 });
    server.disconnect();
    await ear.until(() => ear.has('state DOWN FEED_RATE_LIMITED'));
    server.setFaults({ tooManyS: 0 });
    await ear.until(() => feed.state === 'CONNECTED');
  });

  it('S-62: maintenance ends the connection and refuses others; afterwards the feed is whole by itself. A halted symbol is told', async () => {
    const { server, feed, ear } = await connected({ maintenance: true });
    await ear.until(() => ear.has('state DOWN FEED_MAINTENANCE'));
    server.setFaults({ maintenance: false, halted: ['BTCUSDT'] });
    await ear.until(() => feed.state === 'CONNECTED' && ear.has('instrument false FEED_SYMBOL_HALTED'));
  });

  it('a server that says that it shuts down is left for a new connection without a gap', async () => {
    const { market, server, feed, ear } = await connected();
    server.announceShutdown();
    const playing = setInterval(() => market.play(1), 2);
    // The old connection is read for two seconds more, of which a hundred are one here.
    await ear.until(() => server.connections === 2 && server.connected === 1).finally(() => clearInterval(playing));
    const trades = (): number => ear.log.lines.filter((line) => line.startsWith('rows 2')).length;
    market.play(1);
    await ear.until(() => trades() === market.trades - 1);
    expect([feed.counters.gaps, feed.counters.connections, feed.state]).toEqual([0, 2, 'CONNECTED']);
  });

  it('faults are changed by a request, and one that is none is refused', async () => {
    const { server, addresses } = await connected();
    const post = async (body: string): Promise<number> =>
      (await fetch(`${addresses.rest}/loopback/faults`, { method: 'POST', body })).status;
    expect([await post('{"drop":0.5}'), server.faults.drop]).toEqual([200, 0.5]);
    for (const body of ['{"drop":2}', '{"drop":"0.5"}', '{"other":1}', '[]', 'x', '{"drop":0.6,"reorder":0.6}'])
      expect([body, await post(body)]).toEqual([body, 400]);
    expect(server.faults.drop).toBe(0.5);
  });
});
