import { BlockKind } from '../../model/blocks.ts';
import { makeCurrency } from '../../model/currency.ts';
import { type Instrument, makeInstrument } from '../../model/instrument.ts';
import type { FeedBlock, FeedSubscription, MarketFeedListener } from '../../ports/market-feed.ts';
import { HandClock } from '../../runtime/hand-clock.fixture.ts';
import { SpotFeed } from './spot-feed.ts';
import type { FeedSocket, FeedSocketListener, HttpAnswer, SocketEnd } from './transport.ts';

export const START = 1_700_000_000_000_000;
export const SECOND = 1_000_000;

export function btc(priceDecimals = 2, quantityDecimals = 5, index = 0): Instrument {
  const usdt = makeCurrency('USDT', 18);
  return makeInstrument(
    {
      id: 'BTC-USDT.BINANCE',
      kind: 'SPOT',
      base: makeCurrency('BTC'),
      quote: usdt,
      settlement: usdt,
      priceDecimals,
      quantityDecimals,
      priceIncrement: 1,
      lotSize: 1,
      quantityMin: 0,
      quantityMax: 0,
      notionalMin: 0n,
      multiplier: 1,
      multiplierDecimals: 0,
      calendar: null,
      expiryTs: null,
    },
    index,
  );
}

export function subscription(kind: FeedBlock['kind'], every: string | null = null): FeedSubscription {
  return { instrument: btc(), symbol: 'BTCUSDT', kind, every, series: 0 };
}

export const ALL_KINDS: readonly FeedSubscription[] = [
  subscription(BlockKind.BOOK_DELTAS),
  subscription(BlockKind.QUOTES),
  subscription(BlockKind.TRADES),
  subscription(BlockKind.BARS, '1m'),
];

export function diffText(from: number, to: number, bids: readonly (readonly [string, string])[] = [], asks: typeof bids = []): string {
  const data = { e: 'depthUpdate', E: START / 1000, s: 'BTCUSDT', U: from, u: to, b: bids, a: asks };
  return JSON.stringify({ stream: 'btcusdt@depth@100ms', data });
}

export function tradeText(id: number, price = '100.00000000', quantity = '0.50000000'): string {
  const data = { e: 'trade', E: START / 1000, s: 'BTCUSDT', t: id, p: price, q: quantity, T: START / 1000, m: true, M: true };
  return JSON.stringify({ stream: 'btcusdt@trade', data });
}

export function quoteText(id: number, bid = '99.00000000', ask = '101.00000000'): string {
  const data = { u: id, s: 'BTCUSDT', b: bid, B: '1.00000000', a: ask, A: '2.00000000' };
  return JSON.stringify({ stream: 'btcusdt@bookTicker', data });
}

export function klineText(openMs: number, isFinal = true): string {
  const k = { t: openMs, T: openMs + 59_999, s: 'BTCUSDT', i: '1m', o: '1.00', c: '2.00', h: '3.00', l: '0.50', v: '7', x: isFinal };
  return JSON.stringify({ stream: 'btcusdt@kline_1m', data: { e: 'kline', E: openMs + 60_000, s: 'BTCUSDT', k } });
}

export function snapshotText(lastUpdateId: number, bids: readonly (readonly [string, string])[] = [], asks: typeof bids = []): string {
  return JSON.stringify({ lastUpdateId, bids, asks });
}

export function infoText(status = 'TRADING', limit = 6000): string {
  const filters = [
    { filterType: 'PRICE_FILTER', minPrice: '0.01', maxPrice: '1000000', tickSize: '0.01000000' },
    { filterType: 'LOT_SIZE', minQty: '0.00001', maxQty: '9000', stepSize: '0.00001000' },
    { filterType: 'NOTIONAL', minNotional: '5.00000000' },
  ];
  const symbols = [{ symbol: 'BTCUSDT', status, baseAsset: 'BTC', quoteAsset: 'USDT', filters }];
  const rateLimits = [{ rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit }];
  return JSON.stringify({ rateLimits, symbols });
}

/** A connection as a test sees it from the venue's side. */
export class FakeSocket implements FeedSocket {
  readonly sent: string[] = [];
  pings = 0;
  isTerminated = false;
  readonly url: string;
  private readonly listener: FeedSocketListener;

  constructor(url: string, listener: FeedSocketListener) {
    this.url = url;
    this.listener = listener;
  }

  send(text: string): void {
    this.sent.push(text);
  }

  ping(): void {
    this.pings += 1;
  }

  terminate(): void {
    this.isTerminated = true;
  }

  /** Opens it and acknowledges the subscription. */
  accept(): void {
    this.open();
    this.say(JSON.stringify({ result: null, id: 1 }));
  }

  open(): void {
    this.listener.onOpen();
  }

  say(text: string): void {
    if (!this.isTerminated) this.listener.onMessage(Buffer.from(text));
  }

  alive(): void {
    this.listener.onAlive();
  }

  close(end: Partial<SocketEnd> = {}): void {
    this.listener.onClose({ status: 0, retryAfterS: Number.NaN, detail: 'closed with 1006', ...end });
  }
}

/** The venue of a test: its connections, and requests that wait until the test answers. */
export class FakeVenue {
  readonly clock = new HandClock(START);
  readonly sockets: FakeSocket[] = [];
  readonly asked: string[] = [];
  /** What the venue's clock is ahead of ours. */
  aheadUs = 0;
  info = infoText();
  private readonly depth: ((answer: Partial<HttpAnswer>) => void)[] = [];

  get socket(): FakeSocket {
    return this.sockets.at(-1)!;
  }

  /** Requests for a snapshot that wait. */
  get depthAsked(): number {
    return this.depth.length;
  }

  readonly openSocket = (url: string, listener: FeedSocketListener): FakeSocket => {
    const socket = new FakeSocket(url, listener);
    this.sockets.push(socket);
    return socket;
  };

  readonly fetchText = (url: string, signal: AbortSignal): Promise<HttpAnswer> => {
    this.asked.push(url);
    const answer = (body: string, more: Partial<HttpAnswer> = {}): HttpAnswer => ({ status: 200, header: () => null, body, ...more });
    if (url.includes('/api/v3/time')) {
      return Promise.resolve(answer(JSON.stringify({ serverTime: Math.floor((this.clock.now() + this.aheadUs) / 1000) })));
    }
    if (url.includes('/api/v3/exchangeInfo')) return Promise.resolve(answer(this.info));
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('aborted')));
      this.depth.push((more) => resolve(answer('', more)));
    });
  };

  /** Answers the oldest request for a snapshot. */
  async answerDepth(more: Partial<HttpAnswer>): Promise<void> {
    this.depth.shift()!(more);
    await settled();
  }

  async advance(us: number): Promise<void> {
    this.clock.advanceTo(this.clock.now() + us);
    await settled();
  }
}

/** Promises that are ready have been taken up. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

/** What a feed told, in order, in words. */
export class FeedLog implements MarketFeedListener {
  readonly lines: string[] = [];

  onRows(stream: number, block: FeedBlock): void {
    for (let row = 0; row < block.length; row += 1) this.lines.push(`rows ${stream} ${rowText(block, row)}`);
  }

  onGap({ stream, tsFrom, tsTo, code }: Parameters<MarketFeedListener['onGap']>[0]): void {
    this.lines.push(`gap ${stream} ${(tsFrom - START) / SECOND} ${(tsTo - START) / SECOND} ${code}`);
  }

  onState({ state, code }: Parameters<MarketFeedListener['onState']>[0]): void {
    this.lines.push(`state ${state} ${code}`);
  }

  onInstrument({ isTrading, code }: Parameters<MarketFeedListener['onInstrument']>[0]): void {
    this.lines.push(`instrument ${isTrading} ${code}`);
  }

  /** What came since the last call. */
  take(): readonly string[] {
    return this.lines.splice(0);
  }
}

function rowText(block: FeedBlock, row: number): string {
  switch (block.kind) {
    case BlockKind.BOOK_DELTAS:
      return `${['CLEAR', 'SET', 'ADD', 'MODIFY', 'REDUCE', 'GAP'][block.action[row]!]} ${block.side[row]} ${block.price[row]} ${block.quantity[row]} ${block.flags[row]}`;
    case BlockKind.QUOTES:
      return `${block.bidPrice[row]} ${block.bidSize[row]} ${block.askPrice[row]} ${block.askSize[row]}`;
    case BlockKind.TRADES:
      return `${block.price[row]} ${block.quantity[row]} ${block.aggressorSide[row]}`;
    default:
      return `${block.open[row]} ${block.high[row]} ${block.low[row]} ${block.close[row]} ${block.volume[row]}`;
  }
}

/** A feed of a venue that a test plays, started. */
export async function startedFeed(subscriptions: readonly FeedSubscription[]): Promise<{
  readonly venue: FakeVenue;
  readonly feed: SpotFeed;
  readonly log: FeedLog;
  /** What it told at its start, which is not in the log any more. */
  readonly toldFirst: readonly string[];
}> {
  const venue = new FakeVenue();
  const { clock, openSocket, fetchText } = venue;
  const addresses = { rest: 'http://venue', streams: 'ws://venue' };
  const feed = new SpotFeed({ subscriptions, clock, addresses, seed: 1, openSocket, fetchText });
  const log = new FeedLog();
  feed.start(log);
  await settled();
  return { venue, feed, log, toldFirst: log.take() };
}
