import type { Clock, ClockCall } from '../ports/clock.ts';

/** A clock that stands still until a test moves it. */
export class HandClock implements Clock {
  /** How often it has called. */
  calls = 0;
  private time: number;
  private waiting: { readonly ts: number; readonly work: () => void }[] = [];

  constructor(time: number) {
    this.time = time;
  }

  /** Calls that have been asked for and neither came nor were canceled. */
  get waitingCount(): number {
    return this.waiting.length;
  }

  now(): number {
    return this.time;
  }

  callAt(ts: number, work: () => void): ClockCall {
    const call = { ts, work };
    this.waiting.push(call);
    return {
      cancel: () => {
        this.waiting = this.waiting.filter((each) => each !== call);
      },
    };
  }

  /** Goes on to `time`; every call comes at its time. */
  advanceTo(time: number): void {
    for (let call = this.takeDue(time); call !== undefined; call = this.takeDue(time)) {
      this.time = Math.max(this.time, call.ts);
      call.work();
    }
    this.time = Math.max(this.time, time);
  }

  /** Shows `time` at once, as after a sleep: what was due meanwhile comes now, in its order, calls that are asked for now behind those that waited. */
  jumpTo(time: number): void {
    this.time = time;
    for (let call = this.takeDue(time); call !== undefined; call = this.takeDue(time)) call.work();
  }

  private takeDue(time: number): { readonly ts: number; readonly work: () => void } | undefined {
    const [first] = this.waiting.filter(({ ts }) => ts <= time).sort((a, b) => a.ts - b.ts);
    if (first === undefined) return undefined;
    this.waiting = this.waiting.filter((each) => each !== first);
    this.calls += 1;
    return first;
  }
}
