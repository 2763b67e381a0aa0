import type { Clock, ClockCall } from '../../ports/clock.ts';
import { FieldReader, parseObject } from './message-reading.ts';
import type { RestClient } from './rest-client.ts';

/** Between two looks at the venue's clock, microseconds. */
const LOOK_US = 300_000_000;
/** After a look that failed. */
const LOOK_AGAIN_US = 10_000_000;
/** Looks that are remembered: the one with the shortest way counts. */
const LOOKS = 4;

interface Look {
  readonly offsetUs: number;
  readonly wayUs: number;
}

/**
 * How far the venue's clock is ahead of ours, by asking it: its time stands for the middle between asking and answer, so it may be wrong by half the
 * way. Of the last looks that with the shortest way counts, unless a newer one shows that a clock was set: then only the newest.
 */
export class VenueClock {
  /** The venue's clock less ours, microseconds; NaN before the first answer. */
  offsetUs = Number.NaN;
  /** How far {@link offsetUs} may be wrong, microseconds. */
  errorUs = Number.NaN;
  private readonly clock: Clock;
  private readonly rest: RestClient;
  private looks: Look[] = [];
  private call: ClockCall | null = null;
  private isStopped = false;
  private isLooking = false;

  constructor(clock: Clock, rest: RestClient) {
    this.clock = clock;
    this.rest = rest;
  }

  /** What the venue's clock shows now, microseconds since the epoch; ours while its is not known. */
  now(): number {
    return this.clock.now() + (Number.isNaN(this.offsetUs) ? 0 : this.offsetUs);
  }

  /** Looks now, and from then on again and again. */
  look(): void {
    if (this.isStopped || this.isLooking) return;
    this.call?.cancel();
    this.isLooking = true;
    void this.ask().then((isAnswered) => {
      this.isLooking = false;
      if (!this.isStopped) this.call = this.clock.callAt(this.clock.now() + (isAnswered ? LOOK_US : LOOK_AGAIN_US), () => this.look());
    });
  }

  stop(): void {
    this.isStopped = true;
    this.call?.cancel();
  }

  private async ask(): Promise<boolean> {
    try {
      const askedTs = this.clock.now();
      const body = await this.rest.get('/api/v3/time', 1);
      const answeredTs = this.clock.now();
      const serverTs = new FieldReader('FEED_ANSWER_DAMAGED').time(parseObject(body, 'FEED_ANSWER_DAMAGED'), 'serverTime');
      this.note({ offsetUs: Math.round(serverTs - (askedTs + answeredTs) / 2), wayUs: answeredTs - askedTs });
      return true;
    } catch {
      // Whatever it was, the next look is soon, and the offset stays what it was; connections that fail are told by the feed.
      return false;
    }
  }

  private note(look: Look): void {
    const isAgreed = this.looks.every(({ offsetUs, wayUs }) => Math.abs(offsetUs - look.offsetUs) <= (wayUs + look.wayUs) / 2 + 1000);
    this.looks = isAgreed ? [...this.looks.slice(1 - LOOKS), look] : [look];
    const best = this.looks.reduce((least, each) => (each.wayUs < least.wayUs ? each : least));
    this.offsetUs = best.offsetUs;
    this.errorUs = best.wayUs / 2;
  }
}
