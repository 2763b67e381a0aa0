import { DAY_US, HOUR_US, MINUTE_US, SECOND_US, formatDate, parseDate } from './civil-date.ts';

const INSTANT = /^(\d{4}-\d\d-\d\d)(?:[T ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,6}))?)?Z?)?$/;

/**
 * Microseconds since the epoch of a date (its midnight) or an instant in UTC: `2004-08-19`, `2004-08-19T13:30`, `2004-08-19T13:30:00.25Z`.
 * Null for anything else, days that no month has included, and instants that a double does not hold to the microsecond: those before
 * 1684-07-28T00:12:25.259009Z and after 2255-06-05T23:47:34.740991Z.
 */
export function parseInstant(text: string): number | null {
  const match = INSTANT.exec(text);
  const day = match === null ? null : parseDate(match[1]!);
  if (match === null || day === null) return null;
  const clockUs = Number(match[2] ?? 0) * HOUR_US + Number(match[3] ?? 0) * MINUTE_US + Number(match[4] ?? 0) * SECOND_US;
  const ts = day * DAY_US + clockUs + Number((match[5] ?? '').padEnd(6, '0'));
  return Number.isSafeInteger(ts) ? ts : null;
}

/** ISO 8601 in UTC with microseconds: `2013-10-07T13:31:00.000000Z`. */
export function instantText(ts: number): string {
  const day = Math.floor(ts / DAY_US);
  const rest = Math.floor(ts - day * DAY_US);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const clock = `${two(rest / HOUR_US)}:${two((rest % HOUR_US) / MINUTE_US)}:${two((rest % MINUTE_US) / SECOND_US)}`;
  return `${formatDate(day)}T${clock}.${String(rest % SECOND_US).padStart(6, '0')}Z`;
}
