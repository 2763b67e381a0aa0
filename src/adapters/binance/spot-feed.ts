import { assert } from '../../base/assert.ts';
import { stream as seededStream } from '../../base/random.ts';
import { BlockKind } from '../../model/blocks.ts';
import type { FeedCode } from '../../model/codes/feed.ts';
import type { Clock, ClockCall } from '../../ports/clock.ts';
import { WorldError } from '../../ports/errors.ts';
import { FeedState, type FeedCounters, type FeedSubscription, type MarketFeed, type MarketFeedListener } from '../../ports/market-feed.ts';
import { BackOff } from './back-off.ts';
import type { BookRows } from './book-rows.ts';
import { InstrumentWatch } from './instrument-watch.ts';
import { RefusedMessage } from './message-reading.ts';
import { RestClient } from './rest-client.ts';
import { type ConnectionEnd, type ConnectionOwner, FEED_STREAMS_MAX, SpotConnection } from './spot-connection.ts';
import { SpotDecoder } from './spot-decoder.ts';
import type { FetchText, OpenSocket } from './transport.ts';
import { VenueClock } from './venue-clock.ts';
import { fetchText, openWebSocket } from './ws-transport.ts';

/** Where the venue is. Addresses without a slash at their end. */
export interface SpotAddresses {
  readonly rest: string;
  readonly streams: string;
}

/** Of market data only: no key is needed. */
export const BINANCE_SPOT: SpotAddresses = { rest: 'https://data-api.binance.vision', streams: 'wss://data-stream.binance.vision' };

export interface SpotFeedOptions {
  readonly subscriptions: readonly FeedSubscription[];
  readonly clock: Clock;
  readonly addresses?: SpotAddresses;
  /** Seed of the jitter of waits. */
  readonly seed: number;
  /** Levels of a side in a snapshot, at most; 1000 unless said. */
  readonly snapshotLevels?: 100 | 500 | 1000 | 5000;
  readonly openSocket?: OpenSocket;
  readonly fetchText?: FetchText;
}

/** What snapshots cost, by the venue's list. */
const SNAPSHOT_WEIGHT = { 100: 5, 500: 25, 1000: 50, 5000: 250 } as const;
/** How long two connections stand side by side when one takes the other's place. */
const OVERLAP_US = 2_000_000;
/** A connection that has stood so long lets the waits begin small again. */
const STEADY_US = 60_000_000;

/**
 * Public market data of Binance Spot: no key, one connection, which mends itself. docs/guide/live-data.md says what happens when.
 *
 * A connection that will end by its age, or because the venue says so, is replaced by another before: both are read meanwhile, and what comes twice is
 * passed over by its ids.
 */
export class SpotFeed implements MarketFeed, ConnectionOwner {
  readonly subscriptions: readonly FeedSubscription[];
  readonly rest: RestClient;
  readonly venueClock: VenueClock;
  state: FeedState = FeedState.DOWN;
  private readonly clock: Clock;
  private readonly addresses: SpotAddresses;
  private readonly openSocket: OpenSocket;
  private readonly snapshotLevels: 100 | 500 | 1000 | 5000;
  private readonly decoder: SpotDecoder;
  private readonly books: readonly BookRows[];
  private readonly bookStreams: readonly number[];
  private readonly backOff: BackOff;
  private readonly bookBackOffs: readonly BackOff[];
  private readonly instruments: InstrumentWatch;
  private readonly snapshotsUnderWay = new Set<number>();
  private readonly connections = new Set<SpotConnection>();
  private readonly timers = new Set<ClockCall>();
  private listener: MarketFeedListener | null = null;
  private code: FeedCode = 'FEED_STOPPED';
  private limitCode: FeedCode = 'FEED_RATE_LIMITED';
  private readySinceTs = Number.NaN;
  private lossTs = Number.NaN;
  private lossCode: FeedCode = 'FEED_CONNECTION_LOST';
  private isStopped = false;

  constructor(options: SpotFeedOptions) {
    const { subscriptions, clock, addresses = BINANCE_SPOT, seed, snapshotLevels = 1000 } = options;
    assert(subscriptions.length > 0 && subscriptions.length <= FEED_STREAMS_MAX, `a feed has 1 to ${FEED_STREAMS_MAX} streams`);
    this.subscriptions = subscriptions;
    this.clock = clock;
    this.addresses = addresses;
    this.openSocket = options.openSocket ?? openWebSocket;
    this.snapshotLevels = snapshotLevels;
    this.decoder = new SpotDecoder(subscriptions, {
      onRows: (stream, block) => this.listener?.onRows(stream, block),
      onGap: (gap) => this.listener?.onGap(gap),
      wantSnapshot: (stream) => this.wantSnapshot(stream),
      bookChanged: () => this.evaluate(''),
    });
    this.bookStreams = subscriptions.flatMap(({ kind }, at) => (kind === BlockKind.BOOK_DELTAS ? [at] : []));
    this.books = this.bookStreams.map((at) => this.decoder.bookOf(at)!);
    this.backOff = new BackOff(seededStream(seed, 'binance-connection'));
    this.bookBackOffs = subscriptions.map(({ symbol }) => new BackOff(seededStream(seed, `binance-book-${symbol}`)));
    this.rest = new RestClient({
      clock,
      fetchText: options.fetchText ?? fetchText,
      baseUrl: addresses.rest,
      onLimited: (code) => {
        this.limitCode = code;
        this.evaluate('');
      },
    });
    this.venueClock = new VenueClock(clock, this.rest);
    this.instruments = new InstrumentWatch(subscriptions, clock, this.rest, (change) => this.listener?.onInstrument(change));
  }

  get counters(): FeedCounters {
    return this.decoder.counters;
  }

  get clockOffsetUs(): number {
    return this.venueClock.offsetUs;
  }

  start(listener: MarketFeedListener): void {
    assert(this.listener === null && !this.isStopped, 'a feed is started once');
    this.listener = listener;
    this.venueClock.look();
    this.instruments.look();
    this.connect();
  }

  stop(): void {
    if (this.isStopped) return;
    this.isStopped = true;
    for (const timer of this.timers) timer.cancel();
    this.timers.clear();
    this.venueClock.stop();
    this.instruments.stop();
    for (const connection of this.connections) connection.drop();
    this.connections.clear();
    this.rest.stop();
    this.listener = null;
    this.state = FeedState.DOWN;
  }

  onReady(connection: SpotConnection): void {
    const others = [...this.connections].filter((each) => each !== connection);
    // Those whose place it takes are read a little longer: what is on its way in them is not lost.
    for (const other of others) if (other.isReady) this.after(OVERLAP_US, () => this.drop(other));
    if (others.some(({ isReady }) => isReady)) return;
    const now = this.clock.now();
    this.readySinceTs = now;
    this.evaluate('');
    if (!Number.isNaN(this.lossTs)) this.decoder.resume({ tsFrom: this.lossTs, code: this.lossCode }, now);
    this.lossTs = Number.NaN;
    for (const stream of this.bookStreams) this.wantSnapshot(stream);
    this.venueClock.look();
  }

  onMessage(connection: SpotConnection, bytes: Uint8Array): void {
    const control = this.decoder.take(bytes, this.clock.now());
    if (control === null) return;
    if (control.kind === 'answer') connection.onAnswer(control);
    else if (!connection.isAged) {
      connection.isAged = true;
      this.onAged();
    }
  }

  onStale(): void {
    this.evaluate('');
  }

  onAged(): void {
    if ([...this.connections].every(({ isAged }) => isAged)) this.connect();
  }

  onEnd(connection: SpotConnection, { code, detail, waitUs }: ConnectionEnd): void {
    this.connections.delete(connection);
    if (connection.isReady && !this.isAnyReady()) this.lose(connection.heardTs, code, detail);
    else if (!this.isAnyReady()) this.told(FeedState.DOWN, code, detail);
    if (this.connections.size === 0) this.connectLater(waitUs);
  }

  private isAnyReady(): boolean {
    for (const { isReady } of this.connections) if (isReady) return true;
    return false;
  }

  private connect(): void {
    this.counters.connections += 1;
    const { clock, openSocket, decoder } = this;
    this.connections.add(new SpotConnection(`${this.addresses.streams}/stream`, decoder.names, clock, openSocket, this));
  }

  private connectLater(waitUs: number): void {
    if (this.isStopped) return;
    const now = this.clock.now();
    if (now - this.readySinceTs >= STEADY_US) this.backOff.reset();
    this.readySinceTs = Number.NaN;
    this.after(Math.max(this.backOff.next(), waitUs), () => {
      if (this.connections.size === 0) this.connect();
    });
  }

  private drop(connection: SpotConnection): void {
    if (!this.connections.delete(connection)) return;
    connection.drop();
    this.evaluate('');
  }

  private lose(tsFrom: number, code: FeedCode, detail: string): void {
    this.lossTs = tsFrom;
    this.lossCode = code;
    this.told(FeedState.DOWN, code, detail);
    this.decoder.lose({ tsFrom, code }, this.clock.now());
  }

  private wantSnapshot(stream: number): void {
    if (this.snapshotsUnderWay.has(stream) || this.isStopped || !this.isAnyReady()) return;
    this.snapshotsUnderWay.add(stream);
    void this.fetchSnapshot(stream);
  }

  private async fetchSnapshot(stream: number): Promise<void> {
    const { symbol } = this.subscriptions[stream]!;
    const path = `/api/v3/depth?symbol=${symbol}&limit=${this.snapshotLevels}`;
    let isDone = false;
    try {
      const body = await this.rest.get(path, SNAPSHOT_WEIGHT[this.snapshotLevels]);
      if (this.isStopped) return;
      // One that comes when the connection has gone belongs to nothing: the next connection asks again.
      isDone = !this.isAnyReady() || this.decoder.bookOf(stream)!.snapshot(body, this.clock.now());
      if (isDone) {
        this.counters.snapshots += 1;
        this.bookBackOffs[stream]!.reset();
      }
    } catch (error) {
      if (error instanceof RefusedMessage) this.decoder.refused(error.code);
      else if (!(error instanceof WorldError)) throw error;
    }
    this.snapshotsUnderWay.delete(stream);
    if (!isDone && !this.isStopped) this.after(this.bookBackOffs[stream]!.next(), () => this.wantSnapshotStill(stream));
  }

  private wantSnapshotStill(stream: number): void {
    if (!this.decoder.bookOf(stream)!.isWhole) this.wantSnapshot(stream);
  }

  /** What the feed is, from all that is known; told where it has changed. */
  private evaluate(detail: string): void {
    if (this.isStopped || !this.isAnyReady()) return;
    const ready = [...this.connections].filter(({ isReady }) => isReady);
    if (ready.every(({ isStale }) => isStale)) this.told(FeedState.STALE, 'FEED_STALE', detail);
    else if (this.books.some(({ isWhole }) => !isWhole))
      this.told(FeedState.RESYNCING, this.rest.blockedUntilTs > this.clock.now() ? this.limitCode : 'FEED_RESYNCING', detail);
    else this.told(FeedState.CONNECTED, 'FEED_CONNECTED', detail);
  }

  private told(state: FeedState, code: FeedCode, detail: string): void {
    if (state === this.state && code === this.code) return;
    this.state = state;
    this.code = code;
    this.listener?.onState({ state, code, detail, ts: this.clock.now() });
  }

  private after(us: number, work: () => void): void {
    const call = this.clock.callAt(this.clock.now() + us, () => {
      this.timers.delete(call);
      work();
    });
    this.timers.add(call);
  }
}
