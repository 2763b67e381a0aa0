import { WEEK_US } from '../../model/bar-specification.ts';
import type { TradingCalendar } from '../../model/calendar.ts';
import { DAY_US, weekNumberOf } from '../../model/civil-date.ts';

/** 1970-01-05 was a Monday. */
const FIRST_MONDAY_US = 4 * DAY_US;

export interface BarIntervalsState {
  readonly startTs: number;
  readonly endTs: number;
}

/**
 * Cuts time into bars.
 *
 * Without a calendar: multiples of the step from the epoch (so from midnight UTC), weeks from Monday 00:00 UTC. With one: steps from each
 * session's open, the last one of a session ending with it; a daily bar is a trading day from its first open to its last
 * close; a weekly bar the trading days from Monday to Sunday.
 */
export class BarIntervals {
  /** The interval found last, [startTs, endTs). */
  startTs = Infinity;
  endTs = -Infinity;
  private readonly stepUs: number;
  private readonly calendar: TradingCalendar | null;

  constructor(stepUs: number, calendar: TradingCalendar | null) {
    this.stepUs = stepUs;
    this.calendar = calendar;
  }

  /**
   * Finds the interval of an instant.
   *
   * @returns false when the market is closed then; the bounds are meaningless
   */
  locate(ts: number): boolean {
    const { calendar, stepUs } = this;
    if (calendar === null) {
      const origin = stepUs === WEEK_US ? FIRST_MONDAY_US : 0;
      this.startTs = Math.floor((ts - origin) / stepUs) * stepUs + origin;
      this.endTs = this.startTs + stepUs;
      return true;
    }
    const session = calendar.sessionAt(ts);
    if (session < 0) return false;
    if (stepUs < DAY_US) {
      const open = calendar.sessionOpen[session]!;
      this.startTs = open + Math.floor((ts - open) / stepUs) * stepUs;
      this.endTs = Math.min(this.startTs + stepUs, calendar.sessionClose[session]!);
      return true;
    }
    this.locateDays(calendar, session);
    return true;
  }

  /** The first opening at or after a time, Infinity when none is left: where an empty bar would begin. */
  nextStart(ts: number): number {
    const { calendar } = this;
    if (calendar === null) return ts;
    if (ts >= calendar.spanToTs) return Infinity;
    return calendar.isOpen(ts) ? ts : calendar.nextOpen(ts);
  }

  saveState(): BarIntervalsState {
    return { startTs: this.startTs, endTs: this.endTs };
  }

  loadState({ startTs, endTs }: BarIntervalsState): void {
    this.startTs = startTs;
    this.endTs = endTs;
  }

  private locateDays(calendar: TradingCalendar, session: number): void {
    const days = calendar.sessionDay;
    const key = this.dayKey(days[session]!);
    let first = session;
    while (first > 0 && this.dayKey(days[first - 1]!) === key) first -= 1;
    let last = session;
    while (last + 1 < days.length && this.dayKey(days[last + 1]!) === key) last += 1;
    this.startTs = calendar.sessionOpen[first]!;
    this.endTs = calendar.sessionClose[last]!;
  }

  private dayKey(day: number): number {
    return this.stepUs === WEEK_US ? weekNumberOf(day) : day;
  }
}
