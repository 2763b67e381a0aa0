import type { Clock, ClockCall } from '../../ports/clock.ts';

/** Node's timers count milliseconds in 31 bits: longer waits are made of several. */
const WAIT_MS_MAX = 2 ** 31 - 1;

/**
 * The machine's clock, to the millisecond, and Node's timers. A call that waits keeps the process alive.
 *
 * The wall clock and not the steady one, because the steady one stands still on Linux while the machine sleeps. Timers run by the steady one and may come
 * early or late by the wall: each looks at the clock when it comes, and waits on if it must. Where the wall clock is set back, this one goes on from what it
 * showed last, and is so much ahead of the wall from then on.
 */
export class SystemClock implements Clock {
  private shownMs = 0;
  private aheadMs = 0;

  now(): number {
    const wallMs = Date.now();
    this.aheadMs = Math.max(this.aheadMs, this.shownMs - wallMs);
    this.shownMs = wallMs + this.aheadMs;
    return this.shownMs * 1000;
  }

  callAt(ts: number, work: () => void): ClockCall {
    let timer: NodeJS.Timeout;
    const wait = (): void => {
      const leftMs = Math.ceil((ts - this.now()) / 1000);
      timer = setTimeout(come, Math.min(Math.max(leftMs, 0), WAIT_MS_MAX));
    };
    const come = (): void => (this.now() >= ts ? work() : wait());
    wait();
    return { cancel: () => clearTimeout(timer) };
  }
}
