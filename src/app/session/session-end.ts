import { MINUTE_US } from '../../model/civil-date.ts';
import type { Clock } from '../../ports/clock.ts';

/** How a session comes to its end: somebody asked for it, its time was up, or it failed. */
export class SessionEnds {
  readonly ended: Promise<void>;
  end: () => void = () => {};
  fail: (error: unknown) => void = () => {};
  /** A recording has no more rows. */
  isPlayedOut = false;

  constructor() {
    this.ended = new Promise((resolve, reject) => {
      this.end = resolve;
      this.fail = reject;
    });
  }

  /** @param say hears once that there is no more to play */
  endPlayedOut(say: (line: string) => void): void {
    if (!this.isPlayedOut) say('The recording is played out.');
    this.isPlayedOut = true;
    this.end();
  }

  /** @param minutes by the clock, from now on; null for no end */
  endAfter(minutes: number | null, clock: Clock): void {
    if (minutes !== null) clock.callAt(clock.now() + Math.round(minutes * MINUTE_US), () => this.end());
  }
}
