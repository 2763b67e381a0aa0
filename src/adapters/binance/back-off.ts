import type { Random } from '../../base/random.ts';

/** The first wait, microseconds; each further one is twice as long. */
const WAIT_FIRST_US = 500_000;
/** The longest wait between two tries, microseconds. */
export const BACK_OFF_US_MAX = 30_000_000;

/**
 * How long to wait before the next try: twice as long each time, and by chance between half and the whole of that, so that many clients that lost
 * the same venue do not come back at once.
 */
export class BackOff {
  private readonly random: Random;
  private tries = 0;

  constructor(random: Random) {
    this.random = random;
  }

  /** Microseconds. */
  next(): number {
    const most = Math.min(BACK_OFF_US_MAX, WAIT_FIRST_US * 2 ** Math.min(this.tries, 16));
    this.tries += 1;
    return Math.ceil(most * (0.5 + 0.5 * this.random.nextDouble()));
  }

  reset(): void {
    this.tries = 0;
  }
}
