import { TradingCalendar } from '../../model/calendar.ts';
import { DAY_US, parseDate, weekdayOf, type DayNumber } from '../../model/civil-date.ts';
import { InputError, type InputProblem } from '../../ports/errors.ts';
import { zoneClock, type ZoneClock } from '../../ports/zone-clock.ts';

/** One session of the week. */
interface WeeklySession {
  /** Trading days it belongs to: 0 Sunday to 6 Saturday, the local date it closes on. */
  readonly days: readonly number[];
  /** Local time, `HH:MM` or `HH:MM:SS`. */
  readonly open: string;
  /** Local time; `24:00` is the end of the day. */
  readonly close: string;
  /** It opens on the evening before its trading day (17:00 to 16:00 at CME). */
  readonly opensOnEve?: boolean;
}

/** A trading calendar as people state it, in local time. Dates are trading days, `YYYY-MM-DD`. */
export interface CalendarDefinition {
  readonly name: string;
  /** IANA time zone. */
  readonly zone: string;
  readonly sessions: readonly WeeklySession[];
  /** Trading days without any session. */
  readonly holidays?: readonly string[];
  /** Date to local time: sessions of that trading day end then at the latest; those that would open later fall away. */
  readonly earlyCloses?: Readonly<Record<string, string>>;
  /** Date to local time on that date: sessions of that trading day open then at the earliest; those that closed before fall away. */
  readonly lateOpens?: Readonly<Record<string, string>>;
}

interface ParsedSession {
  readonly days: readonly number[];
  readonly openUs: number;
  readonly closeUs: number;
}

/**
 * Builds the sessions of a calendar for the trading days from `dayFrom` up to, not including, `dayTo`, correct across daylight saving.
 * The calendar answers for every instant of those UTC days; the local days that reach into them from both sides are built too.
 *
 * @throws InputError CALENDAR_INVALID or ZONE_UNKNOWN, all problems at once
 */
export function buildCalendar(definition: CalendarDefinition, dayFrom: DayNumber, dayTo: DayNumber): TradingCalendar {
  const problems: InputProblem[] = [];
  const problem = (value: string, rule: string, fix: string): void => {
    problems.push({ code: 'CALENDAR_INVALID', rule: `Calendar ${definition.name}: ${rule}`, fix, value });
  };
  const sessions = definition.sessions.map((session) => parseSession(session, problem));
  const holidays = new Set((definition.holidays ?? []).map((text) => parseDay(text, problem)));
  const earlyCloses = parseTimes(definition.earlyCloses, problem);
  const lateOpens = parseTimes(definition.lateOpens, problem);
  if (dayTo <= dayFrom) problem(`${dayFrom} to ${dayTo}`, 'the span has no day.', 'End after the start.');
  if (sessions.length === 0) problem('', 'there is no session.', 'State at least one, or use the 24/7 calendar.');
  if (problems.length > 0) throw new InputError(problems);
  const clock = zoneClock(definition.zone);

  const spans: { open: number; close: number; day: number }[] = [];
  // One day more on each side: local days do not begin at midnight UTC.
  for (let day = dayFrom - 1; day <= dayTo + 1; day += 1) {
    if (holidays.has(day)) continue;
    for (const session of sessions) {
      if (!session.days.includes(weekdayOf(day))) continue;
      const openUs = Math.max(session.openUs, lateOpens.get(day) ?? -Infinity);
      const closeUs = Math.min(session.closeUs, earlyCloses.get(day) ?? Infinity);
      if (openUs < closeUs) spans.push({ open: toUtc(clock, day, openUs), close: toUtc(clock, day, closeUs), day });
    }
  }
  // A night's change of the clock can leave a session nothing (open and close in the skipped hour).
  const kept = spans.filter((span) => span.open < span.close).sort((a, b) => a.open - b.open);
  for (let i = 1; i < kept.length; i += 1) {
    if (kept[i]!.open >= kept[i - 1]!.close) continue;
    problem(String(kept[i]!.day), 'sessions overlap on this day number.', 'Let each session open at or after the close of the one before.');
    throw new InputError(problems);
  }
  return new TradingCalendar({
    name: definition.name,
    zone: definition.zone,
    spanFromTs: dayFrom * DAY_US,
    spanToTs: dayTo * DAY_US,
    sessionOpen: Float64Array.from(kept, (span) => span.open),
    sessionClose: Float64Array.from(kept, (span) => span.close),
    sessionDay: Float64Array.from(kept, (span) => span.day),
  });
}

type ProblemSink = (value: string, rule: string, fix: string) => void;

function parseSession(session: WeeklySession, problem: ProblemSink): ParsedSession {
  const openUs = parseTime(session.open, problem) - (session.opensOnEve === true ? DAY_US : 0);
  const closeUs = parseTime(session.close, problem);
  if (openUs >= closeUs) {
    problem(
      `${session.open} to ${session.close}`,
      'a session opens before it closes.',
      'State opensOnEve for a session that begins the evening before.',
    );
  }
  if (session.days.length === 0 || session.days.some((day) => !Number.isInteger(day) || day < 0 || day > 6)) {
    problem(String(session.days), 'a session has weekdays from 0 (Sunday) to 6.', 'List the trading days it belongs to.');
  }
  return { days: session.days, openUs, closeUs };
}

function parseTimes(times: Readonly<Record<string, string>> | undefined, problem: ProblemSink): Map<DayNumber, number> {
  return new Map(Object.entries(times ?? {}).map(([date, time]) => [parseDay(date, problem), parseTime(time, problem)]));
}

function parseDay(text: string, problem: ProblemSink): DayNumber {
  const day = parseDate(text);
  if (day === null) problem(text, 'this is no date.', 'Write YYYY-MM-DD.');
  return day ?? 0;
}

function parseTime(text: string, problem: ProblemSink): number {
  const match = /^(\d{2}):(\d{2})(?::(\d{2}))?$/.exec(text);
  const [hours, minutes, seconds] = match === null ? [99, 0, 0] : [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
  const us = ((hours * 60 + minutes) * 60 + seconds) * 1e6;
  if (us > DAY_US || minutes > 59 || seconds > 59) problem(text, 'this is no time of day.', 'Write HH:MM or HH:MM:SS, 00:00 to 24:00.');
  return us;
}

function toUtc(clock: ZoneClock, day: DayNumber, timeUs: number): number {
  return clock.localToUtcUs(day * DAY_US + timeUs);
}
