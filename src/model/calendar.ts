import { assert } from '../base/assert.ts';
import { upperBound } from '../base/sorted-search.ts';
import { DAY_US, type DayNumber } from './civil-date.ts';

/**
 * The sessions of a trading calendar over a span, as plain data. Built at the rim, where time zones are known; times are UTC microseconds.
 * Sessions are half-open [open, close), sorted, and do not overlap; one may begin where the one before ends.
 */
interface CalendarData {
  readonly name: string;
  /** IANA name of the zone that the sessions were stated in; for people, nothing here computes with it. */
  readonly zone: string;
  /** The span that was built, [spanFromTs, spanToTs): outside it nothing is known. */
  readonly spanFromTs: number;
  readonly spanToTs: number;
  readonly sessionOpen: Float64Array;
  readonly sessionClose: Float64Array;
  /** The trading day each session counts to: day number of the local date it closes on. Sessions of one day (a lunch break) share it. */
  readonly sessionDay: Float64Array;
}

/**
 * When a market is open. Every question is a search in sorted arrays; nothing here knows a time zone.
 *
 * @throws InvariantError when asked about a time outside the built span: the runtime builds it around the run
 */
export class TradingCalendar {
  readonly name: string;
  readonly zone: string;
  readonly spanFromTs: number;
  readonly spanToTs: number;
  readonly sessionOpen: Float64Array;
  readonly sessionClose: Float64Array;
  readonly sessionDay: Float64Array;
  /** Open microseconds before each session, and in all after the last. */
  private readonly openBefore: Float64Array;
  /** The session found last: questions come in order of time, so the next answer is mostly the same or one further. */
  private lastFound = 0;

  constructor(data: CalendarData) {
    const count = data.sessionOpen.length;
    assert(data.sessionClose.length === count && data.sessionDay.length === count, `calendar ${data.name}: columns of different length`);
    this.name = data.name;
    this.zone = data.zone;
    this.spanFromTs = data.spanFromTs;
    this.spanToTs = data.spanToTs;
    this.sessionOpen = data.sessionOpen;
    this.sessionClose = data.sessionClose;
    this.sessionDay = data.sessionDay;
    this.openBefore = new Float64Array(count + 1);
    for (let i = 0; i < count; i += 1) {
      assert(this.sessionOpen[i]! < this.sessionClose[i]!, `calendar ${data.name}: session ${i} closes before it opens`);
      assert(i === 0 || this.sessionOpen[i]! >= this.sessionClose[i - 1]!, `calendar ${data.name}: session ${i} overlaps the one before`);
      this.openBefore[i + 1] = this.openBefore[i]! + this.sessionClose[i]! - this.sessionOpen[i]!;
    }
  }

  get sessionCount(): number {
    return this.sessionOpen.length;
  }

  isOpen(ts: number): boolean {
    return this.sessionAt(ts) >= 0;
  }

  /** The session that contains `ts`, or −1 when the market is closed. */
  sessionAt(ts: number): number {
    const session = this.firstClosingAfter(ts);
    return session < this.sessionOpen.length && this.sessionOpen[session]! <= ts ? session : -1;
  }

  /** The first session that closes after `ts`: the current one, or the next; `sessionCount` when none is left. */
  firstClosingAfter(ts: number): number {
    assert(ts >= this.spanFromTs && ts < this.spanToTs, 'the calendar was asked about a time outside the span it was built for');
    const close = this.sessionClose;
    const guess = this.lastFound;
    if (guess < close.length && close[guess]! > ts && (guess === 0 || close[guess - 1]! <= ts)) return guess;
    this.lastFound = upperBound(close, 0, close.length, ts);
    return this.lastFound;
  }

  /** The first opening strictly after `ts`; Infinity when the span holds none. */
  nextOpen(ts: number): number {
    let session = this.firstClosingAfter(ts);
    if (session < this.sessionOpen.length && this.sessionOpen[session]! <= ts) session += 1;
    return session < this.sessionOpen.length ? this.sessionOpen[session]! : Infinity;
  }

  /** The first close strictly after `ts`: of this session, or of the next when closed; Infinity when the span holds none. */
  nextClose(ts: number): number {
    const session = this.firstClosingAfter(ts);
    return session < this.sessionClose.length ? this.sessionClose[session]! : Infinity;
  }

  /** The trading day that `ts` counts to: that of its session, or of the next one when closed; −1 when the span holds none. */
  tradingDay(ts: number): DayNumber {
    const session = this.firstClosingAfter(ts);
    return session < this.sessionDay.length ? this.sessionDay[session]! : -1;
  }

  /** Microseconds of open market in [fromTs, toTs). */
  openTimeBetween(fromTs: number, toTs: number): number {
    return this.openTimeUntil(toTs) - this.openTimeUntil(fromTs);
  }

  private openTimeUntil(ts: number): number {
    const session = this.firstClosingAfter(ts);
    const before = this.openBefore[session]!;
    if (session >= this.sessionOpen.length) return before;
    return before + Math.max(0, ts - this.sessionOpen[session]!);
  }
}

/** True where more open market than `ageMaxUs` lies between; a market without a calendar (null) is always open, and −∞ is older than all. */
export function isOlder(calendar: TradingCalendar | null, sinceTs: number, now: number, ageMaxUs: number): boolean {
  if (now - sinceTs <= ageMaxUs) return false;
  return calendar === null || sinceTs === Number.NEGATIVE_INFINITY || calendar.openTimeBetween(sinceTs, now) > ageMaxUs;
}

/** A market that never closes; its trading days are UTC days, one session each, so that DAY orders and daily bars end at midnight UTC. */
export function alwaysOpenCalendarData(dayFrom: DayNumber, dayTo: DayNumber): CalendarData {
  assert(dayTo > dayFrom, 'a calendar covers at least one day');
  const count = dayTo - dayFrom;
  const day = (i: number): number => dayFrom + i;
  return {
    name: '24/7',
    zone: 'UTC',
    spanFromTs: dayFrom * DAY_US,
    spanToTs: dayTo * DAY_US,
    sessionOpen: Float64Array.from({ length: count }, (_, i) => day(i) * DAY_US),
    sessionClose: Float64Array.from({ length: count }, (_, i) => (day(i) + 1) * DAY_US),
    sessionDay: Float64Array.from({ length: count }, (_, i) => day(i)),
  };
}
