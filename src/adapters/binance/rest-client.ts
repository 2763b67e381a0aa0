import type { FeedCode } from '../../model/codes/feed.ts';
import type { Clock, ClockCall } from '../../ports/clock.ts';
import { WorldError } from '../../ports/errors.ts';
import type { FetchText, HttpAnswer } from './transport.ts';

/** Requests that wait for their turn. */
export const FEED_REQUESTS_MAX = 1024;
/** Weight of requests a minute, until the venue says what it is. */
const WEIGHT_LIMIT_FIRST = 6000;
/** Share of the venue's weight that the feed uses: the rest is for whoever else has this address, cancels of orders first of all. */
const WEIGHT_SHARE = 0.75;
const MINUTE_US = 60_000_000;
/** How long an answer may take. */
export const REQUEST_TIMEOUT_US_MAX = 10_000_000;
/** Seconds to wait where the venue refuses and does not say how long. */
const RETRY_AFTER_S = 60;
/** The longest wait that is believed: bans last three days at most. */
const RETRY_AFTER_S_MAX = 3 * 86_400;

const TOO_MANY = 429;
const BANNED = 418;
const SERVER_ERRORS = 500;

interface Waiting {
  readonly path: string;
  readonly weight: number;
  readonly resolve: (body: string) => void;
  readonly reject: (error: WorldError) => void;
}

export interface RestOptions {
  readonly clock: Clock;
  readonly fetchText: FetchText;
  /** Without a slash at its end. */
  readonly baseUrl: string;
  /** The venue takes no requests until then, microseconds since the epoch. */
  readonly onLimited?: (code: FeedCode, untilTs: number) => void;
}

/**
 * Requests to the venue within its limits, one at a time. A request that the venue has no room for (429, 418) or that would pass the weight of the minute waits until
 * the venue takes requests again, and is then sent: none is dropped unseen.
 *
 * Source: "LIMITS" of the REST page of Binance Spot.
 */
export class RestClient {
  /** Weight used in the minute at hand, by our count or the venue's, whichever is more. */
  usedWeight = 0;
  /** Nothing is sent before. */
  blockedUntilTs = Number.NEGATIVE_INFINITY;
  weightLimit = WEIGHT_LIMIT_FIRST;
  /** Answers that told us to wait. */
  limited = 0;
  private readonly clock: Clock;
  private readonly fetchText: FetchText;
  private readonly baseUrl: string;
  private readonly onLimited: (code: FeedCode, untilTs: number) => void;
  private readonly waiting: Waiting[] = [];
  private minute = Number.NaN;
  private isSending = false;
  private isStopped = false;
  private timer: ClockCall | null = null;
  private aborter: AbortController | null = null;

  constructor({ clock, fetchText, baseUrl, onLimited = () => {} }: RestOptions) {
    this.clock = clock;
    this.fetchText = fetchText;
    this.baseUrl = baseUrl;
    this.onLimited = onLimited;
  }

  /**
   * @param weight what the request costs by the venue's list
   * @returns the body of the answer
   * @throws WorldError FEED_REQUEST_FAILED, FEED_MAINTENANCE, FEED_BUFFER_FULL
   */
  get(path: string, weight: number): Promise<string> {
    return new Promise((resolve, reject) => {
      if (this.isStopped) reject(new WorldError('FEED_STOPPED', `${path} was asked for after the end`, { retryable: false }));
      else if (this.waiting.length >= FEED_REQUESTS_MAX)
        reject(new WorldError('FEED_BUFFER_FULL', `${FEED_REQUESTS_MAX} requests wait already`, { retryable: true }));
      else {
        this.waiting.push({ path, weight, resolve, reject });
        this.pump();
      }
    });
  }

  stop(): void {
    this.isStopped = true;
    this.timer?.cancel();
    this.timer = null;
    this.aborter?.abort();
    for (const { path, reject } of this.waiting.splice(0))
      reject(new WorldError('FEED_STOPPED', `${path} was not sent`, { retryable: false }));
  }

  private pump(): void {
    const [first] = this.waiting;
    if (first === undefined || this.isSending || this.isStopped) return;
    const now = this.clock.now();
    const minute = Math.floor(now / MINUTE_US);
    if (minute !== this.minute) {
      this.minute = minute;
      this.usedWeight = 0;
    }
    const isOverWeight = this.usedWeight > 0 && this.usedWeight + first.weight > this.weightLimit * WEIGHT_SHARE;
    const fromTs = Math.max(this.blockedUntilTs, isOverWeight ? (minute + 1) * MINUTE_US : now);
    if (fromTs > now) {
      this.timer?.cancel();
      this.timer = this.clock.callAt(fromTs, () => {
        this.timer = null;
        this.pump();
      });
      return;
    }
    this.waiting.shift();
    this.isSending = true;
    this.usedWeight += first.weight;
    void this.send(first).finally(() => {
      this.isSending = false;
      this.pump();
    });
  }

  private async send(request: Waiting): Promise<void> {
    const aborter = new AbortController();
    this.aborter = aborter;
    const timeout = this.clock.callAt(this.clock.now() + REQUEST_TIMEOUT_US_MAX, () => aborter.abort(new Error('no answer in time')));
    try {
      this.take(request, await this.fetchText(this.baseUrl + request.path, aborter.signal));
    } catch (cause) {
      const why = cause instanceof Error ? `${cause.message}${causeText(cause)}` : String(cause);
      request.reject(new WorldError('FEED_REQUEST_FAILED', `${this.baseUrl}${request.path}: ${why}`, { retryable: true, cause }));
    } finally {
      timeout.cancel();
      this.aborter = null;
    }
  }

  private take(request: Waiting, { status, header, body }: HttpAnswer): void {
    const used = Number(header('x-mbx-used-weight-1m') ?? Number.NaN);
    if (used > this.usedWeight) this.usedWeight = used;
    if (status === TOO_MANY || status === BANNED) {
      this.block(status, header('retry-after'));
      if (!this.isStopped) this.waiting.unshift(request);
    } else if (status >= 200 && status < 300) request.resolve(body);
    else {
      const code = status >= SERVER_ERRORS ? 'FEED_MAINTENANCE' : 'FEED_REQUEST_FAILED';
      const detail = `${request.path}: HTTP ${status} ${body.slice(0, 200)}`;
      request.reject(new WorldError(code, detail, { retryable: status >= SERVER_ERRORS }));
    }
  }

  private block(status: number, retryAfter: string | null): void {
    this.limited += 1;
    this.blockedUntilTs = this.clock.now() + waitOf(retryAfter) * 1_000_000;
    this.onLimited(status === BANNED ? 'FEED_BANNED' : 'FEED_RATE_LIMITED', this.blockedUntilTs);
  }
}

/** Seconds of a Retry-After header. */
function waitOf(text: string | null): number {
  const seconds = text !== null && /^\d{1,9}$/.test(text) ? Number(text) : RETRY_AFTER_S;
  return Math.min(Math.max(seconds, 1), RETRY_AFTER_S_MAX);
}

/** fetch says "fetch failed" and keeps the reason to its cause. */
function causeText(error: Error): string {
  return error.cause instanceof Error ? ` (${error.cause.message})` : '';
}
