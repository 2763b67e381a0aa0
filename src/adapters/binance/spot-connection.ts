import type { FeedCode } from '../../model/codes/feed.ts';
import type { Clock, ClockCall } from '../../ports/clock.ts';
import type { SlowReading } from './spot-json.ts';
import type { FeedSocket, OpenSocket, SocketEnd } from './transport.ts';

/** Streams of one connection, the venue's bound. */
export const FEED_STREAMS_MAX = 1024;
/** Names in one request to subscribe. */
const NAMES_PER_REQUEST = 200;
/** Between two of our messages: the venue ends a connection that sends more than five a second, pings and pongs counted. */
const SEND_EVERY_US = 300_000;
/** How long opening and the acknowledgement of the subscriptions may take. */
export const OPEN_US_MAX = 10_000_000;
/** Between two of our pings where nothing came; the venue's own come every 20 s. */
const PING_US = 5_000_000;
/** So long without anything, and the connection is stale. */
export const STALE_US_MAX = 10_000_000;
/** So long without anything, and it is taken for half-open and ended. */
export const SILENT_US_MAX = 20_000_000;
/** The venue ends a connection after 24 hours; it is replaced this much earlier. */
export const CONNECTION_AGE_US_MAX = 86_400_000_000 - 600_000_000;

/** Who owns a connection. */
export interface ConnectionOwner {
  onReady(connection: SpotConnection): void;
  onMessage(connection: SpotConnection, bytes: Uint8Array): void;
  /** It is silent for longer than it should be, or not any more. */
  onStale(connection: SpotConnection): void;
  /** It will end soon: another is to take its place. */
  onAged(connection: SpotConnection): void;
  onEnd(connection: SpotConnection, end: ConnectionEnd): void;
}

export interface ConnectionEnd {
  readonly code: FeedCode;
  readonly detail: string;
  /** The venue wants us to stay away for so long; 0 where it does not say. */
  readonly waitUs: number;
}

/** One connection with its subscriptions, from opening to its end. It pings, watches for silence and for its own age. */
export class SpotConnection {
  /** Subscribed and acknowledged. */
  isReady = false;
  isStale = false;
  isAged = false;
  /** When anything came last, microseconds since the epoch. */
  heardTs: number;
  private readonly clock: Clock;
  private readonly owner: ConnectionOwner;
  private readonly requests: readonly string[];
  private readonly socket: FeedSocket;
  private readonly openedTs: number;
  private sent = 0;
  private answered = 0;
  private isOver = false;
  private isOpen = false;
  private timers: ClockCall[] = [];

  /** @param names of streams, at most {@link FEED_STREAMS_MAX} */
  constructor(url: string, names: readonly string[], clock: Clock, openSocket: OpenSocket, owner: ConnectionOwner) {
    this.clock = clock;
    this.owner = owner;
    this.openedTs = clock.now();
    this.heardTs = this.openedTs;
    this.requests = Array.from({ length: Math.ceil(names.length / NAMES_PER_REQUEST) }, (_, at) => {
      const params = names.slice(at * NAMES_PER_REQUEST, (at + 1) * NAMES_PER_REQUEST);
      return JSON.stringify({ method: 'SUBSCRIBE', params, id: at + 1 });
    });
    this.socket = openSocket(url, {
      onOpen: () => this.opened(),
      onMessage: (bytes) => {
        this.heard();
        this.owner.onMessage(this, bytes);
      },
      onAlive: () => this.heard(),
      onClose: (end) => this.closed(end),
    });
    this.after(OPEN_US_MAX, () => {
      if (!this.isReady) this.finish('FEED_CONNECTION_FAILED', 'no connection, or no answer to the subscription, in time');
    });
  }

  /** An answer to a request of ours. */
  onAnswer({ isTaken, detail }: Extract<SlowReading, { kind: 'answer' }>): void {
    if (!isTaken) return this.finish('FEED_CONNECTION_FAILED', `the venue refuses the subscription: ${detail}`);
    this.answered += 1;
    if (this.answered !== this.requests.length || this.isReady) return;
    this.isReady = true;
    this.owner.onReady(this);
  }

  /** Nothing is told of it any more. */
  drop(): void {
    if (this.isOver) return;
    this.isOver = true;
    for (const timer of this.timers) timer.cancel();
    this.timers = [];
    this.socket.terminate();
  }

  private opened(): void {
    this.isOpen = true;
    this.heard();
    this.subscribe();
    this.after(PING_US, () => this.watch());
  }

  private subscribe(): void {
    if (this.sent === this.requests.length) return;
    this.socket.send(this.requests[this.sent]!);
    this.sent += 1;
    this.after(SEND_EVERY_US, () => this.subscribe());
  }

  private heard(): void {
    this.heardTs = this.clock.now();
    if (!this.isStale) return;
    this.isStale = false;
    this.owner.onStale(this);
  }

  /** Looks every few seconds how long nothing has come. */
  private watch(): void {
    const now = this.clock.now();
    const silentUs = now - this.heardTs;
    if (silentUs >= SILENT_US_MAX) return this.finish('FEED_SILENT', `nothing came for ${Math.round(silentUs / 1e6)} s`);
    if (silentUs >= STALE_US_MAX && !this.isStale) {
      this.isStale = true;
      this.owner.onStale(this);
    }
    if (silentUs >= PING_US) this.socket.ping();
    if (now - this.openedTs >= CONNECTION_AGE_US_MAX && !this.isAged) {
      this.isAged = true;
      this.owner.onAged(this);
    }
    if (!this.isOver) this.after(PING_US, () => this.watch());
  }

  private closed({ status, retryAfterS, detail }: SocketEnd): void {
    if (this.isOver) return;
    const code =
      status === 429
        ? 'FEED_RATE_LIMITED'
        : status === 418
          ? 'FEED_BANNED'
          : status >= 500
            ? 'FEED_MAINTENANCE'
            : this.isOpen
              ? 'FEED_CONNECTION_LOST'
              : 'FEED_CONNECTION_FAILED';
    this.finish(code, detail, retryAfterS > 0 ? retryAfterS * 1_000_000 : 0);
  }

  private finish(code: FeedCode, detail: string, waitUs = 0): void {
    if (this.isOver) return;
    this.drop();
    this.owner.onEnd(this, { code, detail, waitUs });
  }

  private after(us: number, work: () => void): void {
    const call = this.clock.callAt(this.clock.now() + us, () => {
      this.timers = this.timers.filter((each) => each !== call);
      if (!this.isOver) work();
    });
    this.timers.push(call);
  }
}
