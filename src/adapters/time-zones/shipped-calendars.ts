import { unreachable } from '../../base/assert.ts';
import { alwaysOpenCalendarData, TradingCalendar } from '../../model/calendar.ts';
import { dayNumberOf, formatDate, weekdayOf, type DayNumber } from '../../model/civil-date.ts';
import { InputError } from '../../ports/errors.ts';
import { buildCalendar, type CalendarDefinition } from './calendar-builder.ts';
import {
  thanksgiving,
  US_RULES_YEAR_FROM,
  usEquityEarlyCloses,
  usEquityHolidays,
  usFullHolidays,
  usMidYearHolidays,
  yearOf,
} from './us-holidays.ts';

/** Names of the calendars that come with the program. */
const SHIPPED_CALENDARS = ['24/7', 'us-equity', 'fx', 'cme-globex'] as const;
export type ShippedCalendar = (typeof SHIPPED_CALENDARS)[number];

const WEEKDAYS = [1, 2, 3, 4, 5];

/**
 * A shipped calendar for the UTC days from `dayFrom` up to, not including, `dayTo`.
 *
 * @throws InputError CALENDAR_INVALID when the span begins before the shipped US rules hold (1993)
 */
export function shippedCalendar(name: ShippedCalendar, dayFrom: DayNumber, dayTo: DayNumber): TradingCalendar {
  if (name === '24/7') return new TradingCalendar(alwaysOpenCalendarData(dayFrom, dayTo));
  return buildCalendar(shippedDefinition(name, dayFrom, dayTo), dayFrom, dayTo);
}

/** The plain definition behind {@link shippedCalendar}: what a person copies to make a calendar of their own. */
function shippedDefinition(name: Exclude<ShippedCalendar, '24/7'>, dayFrom: DayNumber, dayTo: DayNumber): CalendarDefinition {
  const yearFrom = yearOf(dayFrom - 1);
  const years = Array.from({ length: yearOf(dayTo + 1) - yearFrom + 1 }, (_, i) => yearFrom + i);
  if (name !== 'fx' && yearOf(dayFrom) < US_RULES_YEAR_FROM) {
    throw new InputError([
      {
        code: 'CALENDAR_INVALID',
        rule: `The shipped calendar ${name} knows the rules from ${US_RULES_YEAR_FROM} on.`,
        fix: 'State a calendar of your own for earlier years.',
        value: formatDate(dayFrom),
      },
    ]);
  }
  switch (name) {
    case 'us-equity':
      return usEquity(years);
    case 'fx':
      return fx(years);
    case 'cme-globex':
      return cmeGlobex(years);
    default:
      return unreachable(name);
  }
}

/** New York Stock Exchange and Nasdaq, regular session 09:30 to 16:00. Late openings of single days (2002-09-11, snow) are not in it. */
function usEquity(years: readonly number[]): CalendarDefinition {
  return {
    name: 'us-equity',
    zone: 'America/New_York',
    sessions: [{ days: WEEKDAYS, open: '09:30', close: '16:00' }],
    holidays: years.flatMap(usEquityHolidays),
    earlyCloses: Object.fromEntries(years.flatMap(usEquityEarlyCloses).map((date) => [date, '13:00'])),
  };
}

/**
 * Spot foreign exchange: the week from Sunday 17:00 to Friday 17:00 New York, cut into trading days at 17:00 (one session each, without a
 * break between). The trading days of 25 December and 1 January are closed; dealers differ on everything else.
 */
function fx(years: readonly number[]): CalendarDefinition {
  return {
    name: 'fx',
    zone: 'America/New_York',
    sessions: [{ days: WEEKDAYS, open: '17:00', close: '17:00', opensOnEve: true }],
    holidays: years.flatMap((year) => [`${year}-01-01`, `${year}-12-25`]),
  };
}

/**
 * CME Globex equity index futures, hours since June 2021: 17:00 the evening before to 16:00 Chicago. Closed on the trading days of New Year,
 * Christmas (as observed) and Good Friday; the session of a US holiday ends at 12:00, those of the Friday after Thanksgiving, Christmas Eve and
 * 3 July at 12:15, and each counts as a trading day of its own here. The exchange fixes its hours year by year: Good Fridays with an
 * employment report (2010, 2012, 2015, 2021, 2023) had a short session that this calendar leaves closed, and the breaks of earlier
 * years (15:15 to 15:30) are not in it.
 */
function cmeGlobex(years: readonly number[]): CalendarDefinition {
  const earlyCloses: Record<string, string> = {};
  for (const year of years) {
    const quarterPast = [thanksgiving(year) + 1, dayNumberOf(year, 12, 24)];
    if (weekdayOf(dayNumberOf(year, 7, 4)) >= 2) quarterPast.push(dayNumberOf(year, 7, 3));
    for (const day of quarterPast) earlyCloses[formatDate(day)] = '12:15';
    for (const day of usMidYearHolidays(year)) earlyCloses[formatDate(day)] = '12:00';
  }
  return {
    name: 'cme-globex',
    zone: 'America/Chicago',
    sessions: [{ days: WEEKDAYS, open: '17:00', close: '16:00', opensOnEve: true }],
    holidays: years.flatMap(usFullHolidays).map(formatDate),
    earlyCloses,
  };
}
