import { assert } from '../base/assert.ts';
import type { Clock, ClockCall } from '../ports/clock.ts';
import { isWithinEvents } from '../sim/agents/agent-data.ts';
import { EVENT_US } from '../sim/agents/agent-market.ts';
import type { AgentMarketSettings } from '../sim/agents/agent-settings.ts';
import { LiveMarket, type LiveMarketListener } from '../sim/agents/live-market.ts';

/** How late, by the clock, what falls due is made up for; microseconds. What is later makes the market's time stand still. */
export const LIVE_LATE_US_MAX = 10_000_000;
/** Steps of a market between two looks at the clock: whatever else the process has to do comes in between. */
export const LIVE_TURN_STEPS_MAX = 4096;
/** A market goes so many times as fast as the clock at most. */
export const LIVE_SPEED_MAX = 1_000_000;

export interface LiveMarketDriverOptions {
  readonly clock: Clock;
  readonly settings: AgentMarketSettings;
  readonly listener: LiveMarketListener;
  /** So many times as fast as the clock the market's time goes: above 0, to {@link LIVE_SPEED_MAX}; 1 is real time. */
  readonly speed: number;
  /** Rows are before it, microseconds since the epoch; at most what `eventsEndTs` says of the settings. */
  readonly endTs: number;
}

/** Why a market runs no more: somebody stopped it, or its end has come. */
export type LiveEnd = 'stopped' | 'ended';

/**
 * Runs a market of agents by a clock: what the clock shows at the start is the market's `startTs`, and from there its time goes `speed` times as fast. Rows
 * come to the listener when they fall due, or as soon after as the clock calls, in order, every one: those of the market's seed, whatever the clock does.
 *
 * Where the process is late (the machine slept, or cannot play the market as fast as asked) it makes up for the last {@link LIVE_LATE_US_MAX} of the
 * clock at once, in turns of {@link LIVE_TURN_STEPS_MAX}; for what was before that the market's time stands still, see {@link stoodStillUs}.
 */
export class LiveMarketDriver {
  readonly market: LiveMarket;
  /** How long, by the clock, the market's time has stood still because more was due than is made up for. */
  stoodStillUs = 0;
  /** Once it runs no more: so many times as fast as the clock its time has gone, all in all, as far as it was played. */
  speedReached = Number.NaN;
  private readonly clock: Clock;
  private readonly speed: number;
  private readonly startTs: number;
  private readonly endTs: number;
  /** What the clock showed when the market began to run. */
  private beganUs = Number.NaN;
  /** What the clock showed at `startTs`, and later as much more as the market's time has stood still. */
  private startUs = Number.NaN;
  /** What the clock showed when it was looked at last. */
  private seenUs = Number.NaN;
  private call: ClockCall | null = null;
  private ending: { readonly resolve: (end: LiveEnd) => void; readonly reject: (error: unknown) => void } | null = null;

  /** The listener hears the first snapshot at once. */
  constructor({ clock, settings, listener, speed, endTs }: LiveMarketDriverOptions) {
    assert(speed > 0 && speed <= LIVE_SPEED_MAX, `a market goes above 0 to ${LIVE_SPEED_MAX} times as fast as the clock: ${speed}`);
    assert(
      endTs > settings.startTs && isWithinEvents(settings, endTs),
      'a live market ends after it starts, while it can number its orders',
    );
    this.clock = clock;
    this.speed = speed;
    this.startTs = settings.startTs;
    this.endTs = endTs;
    this.market = new LiveMarket(settings, listener);
  }

  /**
   * Starts the market's time; once.
   *
   * @returns when the market runs no more
   * @throws what the listener throws: the market runs no more then either
   */
  run(): Promise<LiveEnd> {
    assert(Number.isNaN(this.startUs), 'a market is run once');
    this.startUs = this.clock.now();
    this.seenUs = this.startUs;
    this.beganUs = this.startUs;
    return new Promise((resolve, reject) => {
      this.ending = { resolve, reject };
      this.wait(this.startTs);
    });
  }

  /** Nothing more is told, and nothing waits for the clock. May be called by the listener too, and again. */
  stop(): void {
    this.end('stopped');
  }

  /** The market's time while it runs, microseconds since the epoch: that of an order from outside. */
  now(): number {
    return Math.min(this.lookAtClock(), this.endTs);
  }

  /** Plays what is due, then waits for what comes next. */
  private turn(): void {
    const { market } = this;
    const nowTs = this.lookAtClock();
    // The book that an event leaves is told as of a microsecond later, which has to have come too.
    const dueTs = Math.min(nowTs - 1, this.endTs - EVENT_US);
    for (let steps = 0; market.nextTs <= dueTs && steps < LIVE_TURN_STEPS_MAX; steps += 1) {
      market.advanceTo(market.nextTs);
      if (this.ending === null) return;
    }
    this.wait(nowTs);
  }

  /** @param nowTs the market's time when the clock was looked at last */
  private wait(nowTs: number): void {
    const { market, endTs } = this;
    const hasNext = market.nextTs <= endTs - EVENT_US;
    if (!hasNext && nowTs >= endTs) return this.end('ended');
    const ts = hasNext ? market.nextTs + 1 : endTs;
    const atUs = Math.ceil(this.startUs + (ts - this.startTs) / this.speed);
    // A sum of doubles may be a microsecond early; that instant is not waited for again.
    this.call = this.clock.callAt(ts > nowTs ? Math.max(atUs, this.seenUs + 1) : this.seenUs, () => this.guardedTurn());
  }

  private guardedTurn(): void {
    try {
      this.turn();
    } catch (error) {
      // A listener that stops the market and then throws: nobody waits for its end any more.
      if (this.ending === null) throw error;
      this.ending.reject(error);
      this.ending = null;
    }
  }

  private end(end: LiveEnd): void {
    this.call?.cancel();
    this.call = null;
    if (this.ending !== null) this.speedReached = this.speedUntil(this.clock.now());
    this.ending?.resolve(end);
    this.ending = null;
  }

  private speedUntil(nowUs: number): number {
    const { market, startTs, endTs } = this;
    const dueTs = startTs + (nowUs - this.startUs) * this.speed;
    return (Math.min(dueTs, market.nextTs, endTs) - startTs) / Math.max(1, nowUs - this.beganUs);
  }

  /** @returns the market's time */
  private lookAtClock(): number {
    const nowUs = this.clock.now();
    this.seenUs = nowUs;
    const lateUs = nowUs - this.startUs - (this.market.nextTs - this.startTs) / this.speed;
    if (lateUs > LIVE_LATE_US_MAX) {
      const stoodUs = Math.ceil(lateUs - LIVE_LATE_US_MAX);
      this.startUs += stoodUs;
      this.stoodStillUs += stoodUs;
    }
    return this.startTs + Math.floor((nowUs - this.startUs) * this.speed);
  }
}
