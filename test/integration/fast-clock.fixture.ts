import type { Clock, ClockCall } from '../../src/ports/clock.ts';

/** A clock that runs many times as fast as the machine's, for what takes seconds at a venue. It never goes back. */
export class FastClock implements Clock {
  private readonly speed: number;
  private readonly startMs = Date.now();
  private readonly startUs: number;
  private shownUs: number;

  constructor(speed: number) {
    this.speed = speed;
    this.startUs = this.startMs * 1000;
    this.shownUs = this.startUs;
  }

  now(): number {
    this.shownUs = Math.max(this.shownUs, this.startUs + Math.floor((Date.now() - this.startMs) * 1000 * this.speed));
    return this.shownUs;
  }

  callAt(ts: number, work: () => void): ClockCall {
    let timer: NodeJS.Timeout;
    const wait = (): void => {
      timer = setTimeout(() => (this.now() >= ts ? work() : wait()), Math.max(0, Math.ceil((ts - this.now()) / 1000 / this.speed)));
    };
    wait();
    return { cancel: () => clearTimeout(timer) };
  }
}
