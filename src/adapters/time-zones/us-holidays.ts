import { civilDateOf, dayNumberOf, formatDate, weekdayOf, type DayNumber } from '../../model/civil-date.ts';

const SUNDAY = 0;
const MONDAY = 1;
const THURSDAY = 4;
const FRIDAY = 5;
const SATURDAY = 6;

/** First year of the shipped US rules: before it the exchange closed at other hours and dates. */
export const US_RULES_YEAR_FROM = 1993;

/**
 * Days that the New York Stock Exchange was shut outside its rule: the attacks of 2001, hurricane Sandy 2012,
 * the days of mourning for presidents Nixon, Reagan, Ford, G. H. W. Bush and Carter. Source: NYSE, "Special closings".
 */
const UNSCHEDULED_CLOSURES: readonly string[] = [
  '1994-04-27',
  '2001-09-11',
  '2001-09-12',
  '2001-09-13',
  '2001-09-14',
  '2004-06-11',
  '2007-01-02',
  '2012-10-29',
  '2012-10-30',
  '2018-12-05',
  '2025-01-09',
];

/** 13:00 closes outside the rule: the last day of 1999 and the Friday after Christmas 2003 (SPY hourly bars end there too). */
const UNSCHEDULED_EARLY_CLOSES: readonly string[] = ['1999-12-31', '2003-12-26'];

/** Easter Sunday in the Gregorian calendar. Source: the anonymous algorithm (Meeus, "Astronomical Algorithms", chapter 8). */
export function easterSunday(year: number): DayNumber {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const e = b % 4;
  const g = Math.floor((8 * b + 13) / 25);
  const h = (19 * a + b - d - g + 15) % 30;
  const i = Math.floor(c / 4);
  const k = c % 4;
  const l = (32 + 2 * e + 2 * i - h - k) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const month = Math.floor((h + l - 7 * m + 114) / 31);
  return dayNumberOf(year, month, ((h + l - 7 * m + 114) % 31) + 1);
}

/** The n-th (from 1) given weekday of a month. */
function nthWeekday(year: number, month: number, weekday: number, n: number): DayNumber {
  const first = dayNumberOf(year, month, 1);
  return first + ((weekday - weekdayOf(first) + 7) % 7) + (n - 1) * 7;
}

function lastWeekday(year: number, month: number, weekday: number): DayNumber {
  const last = dayNumberOf(year, month + 1, 1) - 1;
  return last - ((weekdayOf(last) - weekday + 7) % 7);
}

export function thanksgiving(year: number): DayNumber {
  return nthWeekday(year, 11, THURSDAY, 4);
}

function goodFriday(year: number): DayNumber {
  return easterSunday(year) - 2;
}

/** The Mondays (and Juneteenth, 4 July, Thanksgiving) on which futures keep a short session and shares none, as observed. */
export function usMidYearHolidays(year: number): DayNumber[] {
  const days = [
    nthWeekday(year, 2, MONDAY, 3),
    lastWeekday(year, 5, MONDAY),
    observed(dayNumberOf(year, 7, 4)),
    nthWeekday(year, 9, MONDAY, 1),
    thanksgiving(year),
  ];
  if (year >= 1998) days.push(nthWeekday(year, 1, MONDAY, 3));
  if (year >= 2022) days.push(observed(dayNumberOf(year, 6, 19)));
  return days.sort((a, b) => a - b);
}

/** The holidays on which futures are shut too, as observed: New Year (not on the Friday before), Good Friday, Christmas. */
export function usFullHolidays(year: number): DayNumber[] {
  const newYear = dayNumberOf(year, 1, 1);
  const days = [goodFriday(year), observed(dayNumberOf(year, 12, 25))];
  if (weekdayOf(newYear) !== SATURDAY) days.push(observed(newYear));
  return days;
}

/**
 * Full closures of the New York Stock Exchange (Nasdaq keeps the same) in a year. Rule 7.2: a holiday on Saturday is kept on the Friday
 * before, unless that Friday ends an accounting period (so New Year's Day is not), one on Sunday on the Monday after.
 */
export function usEquityHolidays(year: number): string[] {
  const texts = [...usMidYearHolidays(year), ...usFullHolidays(year)].map(formatDate);
  texts.push(...UNSCHEDULED_CLOSURES.filter((date) => date.startsWith(`${year}-`)));
  return texts.sort();
}

/**
 * Days on which the exchange closes at 13:00: the Friday after Thanksgiving; Christmas Eve from Monday to Thursday; 3 July when it and the
 * 4th are weekdays, except that until 2012 a Thursday the 4th moved it to Friday the 5th.
 */
export function usEquityEarlyCloses(year: number): string[] {
  const days = [thanksgiving(year) + 1];
  const christmasEve = dayNumberOf(year, 12, 24);
  if (weekdayOf(christmasEve) >= MONDAY && weekdayOf(christmasEve) <= THURSDAY) days.push(christmasEve);
  const july4 = dayNumberOf(year, 7, 4);
  if (weekdayOf(july4) === THURSDAY && year < 2013) days.push(july4 + 1);
  else if (weekdayOf(july4) > MONDAY && weekdayOf(july4) <= FRIDAY) days.push(july4 - 1);
  const texts = days.map(formatDate);
  texts.push(...UNSCHEDULED_EARLY_CLOSES.filter((date) => date.startsWith(`${year}-`)));
  return texts.sort();
}

function observed(day: DayNumber): DayNumber {
  const weekday = weekdayOf(day);
  return weekday === SATURDAY ? day - 1 : weekday === SUNDAY ? day + 1 : day;
}

/** The year a day lies in. */
export function yearOf(day: DayNumber): number {
  return civilDateOf(day).year;
}
