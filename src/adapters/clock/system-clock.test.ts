import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SystemClock } from './system-clock.ts';

const MS = 1000;
const DAY = 86_400_000 * MS;

describe('the clock of the machine', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 1_700_000_000_000 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('counts microseconds since the epoch', () => {
    expect(new SystemClock().now()).toBe(1_700_000_000_000_000);
  });

  it('calls once at the time, not before, and not at all when that was canceled', () => {
    const clock = new SystemClock();
    const called: number[] = [];
    clock.callAt(clock.now() + 5 * MS, () => called.push(1));
    // A part of a millisecond is waited out.
    clock.callAt(clock.now() + 5 * MS + 1, () => called.push(2));
    const canceled = clock.callAt(clock.now() + 5 * MS, () => called.push(3));
    vi.advanceTimersByTime(4);
    canceled.cancel();
    expect(called).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(called).toEqual([1]);
    vi.advanceTimersByTime(1);
    expect(called).toEqual([1, 2]);
    vi.advanceTimersByTime(1000);
    expect(called).toEqual([1, 2]);
  });

  it('calls soon for a time that has passed, but never before callAt has returned', () => {
    const clock = new SystemClock();
    const called: number[] = [];
    clock.callAt(clock.now() - DAY, () => called.push(1));
    expect(called).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(called).toEqual([1]);
  });

  it('waits longer than a timer of Node can, and can be canceled on the way', () => {
    // 2^31 − 1 ms are 24 days and 20 hours; a longer wait in one timer would be over at once.
    const clock = new SystemClock();
    const called: number[] = [];
    clock.callAt(clock.now() + 60 * DAY, () => called.push(1));
    const canceled = clock.callAt(clock.now() + 60 * DAY, () => called.push(2));
    vi.advanceTimersByTime((59 * DAY) / MS);
    expect(called).toEqual([]);
    canceled.cancel();
    vi.advanceTimersByTime(DAY / MS);
    expect(called).toEqual([1]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('never goes back: where the wall clock is set back an hour it goes on, and a wait lasts twice as long at most', () => {
    const clock = new SystemClock();
    const called: number[] = [];
    clock.callAt(clock.now() + 10 * MS, () => called.push(clock.now()));
    vi.advanceTimersByTime(4);
    vi.setSystemTime(Date.now() - 3_600_000);
    // The timer comes after 6 ms more, when the clock has shown no later time than at the start: 10 ms are left.
    vi.advanceTimersByTime(6);
    expect(called).toEqual([]);
    expect(clock.now()).toBe(1_700_000_000_000_000);
    vi.advanceTimersByTime(9);
    expect(called).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(called).toEqual([1_700_000_000_010_000]);
    vi.advanceTimersByTime(5);
    expect(clock.now()).toBe(1_700_000_000_015_000);
  });

  it('shows the time of the wall after a sleep, and calls then', () => {
    const clock = new SystemClock();
    const called: number[] = [];
    clock.callAt(clock.now() + 10 * MS, () => called.push(clock.now()));
    vi.setSystemTime(1_700_000_000_000 + 3_600_000);
    vi.advanceTimersByTime(10);
    expect(called).toEqual([1_700_003_600_010_000]);
  });
});
