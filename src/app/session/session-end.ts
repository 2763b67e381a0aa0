import { MINUTE_US } from '../../model/civil-date.ts';
import type { Clock } from '../../ports/clock.ts';

/** How a session comes to its end: somebody asked for it, its time was up, or it failed. */
export class SessionEnds {
  readonly ended: Promise<void>;
  end: () => void = () => {};
  fail: (error: unknown) => void = () => {};

  constructor() {
    this.ended = new Promise((resolve, reject) => {
      this.end = resolve;
      this.fail = reject;
    });
  }

  /** @param minutes by the clock, from now on; null for no end */
  endAfter(minutes: number | null, clock: Clock): void {
    if (minutes !== null) clock.callAt(clock.now() + Math.round(minutes * MINUTE_US), () => this.end());
  }
}
