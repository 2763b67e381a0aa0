import type { Clock, ClockCall } from '../ports/clock.ts';

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  private ts = Date.UTC(2026, 0, 5) * 1000;
  private calls: { readonly ts: number; readonly work: () => void }[] = [];

  now(): number {
    return this.ts;
  }

  callAt(ts: number, work: () => void): ClockCall {
    const call = { ts, work };
    this.calls.push(call);
    return { cancel: () => void (this.calls = this.calls.filter((other) => other !== call)) };
  }

  forward(us: number): void {
    this.ts += us;
    const due = this.calls.filter((call) => call.ts <= this.ts);
    this.calls = this.calls.filter((call) => call.ts > this.ts);
    for (const call of due) call.work();
  }

  get waiting(): number {
    return this.calls.length;
  }
}
