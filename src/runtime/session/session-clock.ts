import { assert } from '../../base/assert.ts';
import type { Clock, ClockCall } from '../../ports/clock.ts';

/** A session's time goes so many times as fast as the clock at most. */
export const SESSION_SPEED_MAX = 1_000_000;

/**
 * The time of a session: that of the world, or of what it plays, at a speed. A session that plays a recording of last year lives last year.
 */
export class SessionClock {
  private readonly clock: Clock;
  private readonly speed: number;
  private readonly startTs: number;
  private readonly startUs: number;

  /** @param startTs what the session's time is now, microseconds since the epoch */
  constructor(clock: Clock, startTs: number, speed: number) {
    assert(speed > 0 && speed <= SESSION_SPEED_MAX, `a session goes above 0 to ${SESSION_SPEED_MAX} times as fast as the clock: ${speed}`);
    this.clock = clock;
    this.speed = speed;
    this.startTs = startTs;
    this.startUs = clock.now();
  }

  now(): number {
    return this.startTs + Math.floor((this.clock.now() - this.startUs) * this.speed);
  }

  /** As {@link Clock.callAt}, by the session's time. */
  callAt(ts: number, work: () => void): ClockCall {
    return this.clock.callAt(Math.ceil(this.startUs + (ts - this.startTs) / this.speed), work);
  }
}
