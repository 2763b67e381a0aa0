import { inputError } from './input-problem.ts';
import { DAY_US, HOUR_US, SECOND_US } from '../../model/civil-date.ts';

/** Years that files may speak of: outside them a time is taken for a wrong unit. */
export const YEAR_MIN = 1900;
export const YEAR_MAX = 2199;

/** Days of a month, 28 to 31. */
export function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Reads `HH:mm` or `HH:mm:ss` as microseconds since midnight; `24:00` is the end of the day. */
export function timeOfDayUs(text: string): number {
  const match = /^(\d\d):(\d\d)(?::(\d\d))?$/.exec(text);
  const us = match === null ? Number.NaN : Number(match[1]) * HOUR_US + (Number(match[2]) * 60 + Number(match[3] ?? 0)) * SECOND_US;
  if (!(us <= DAY_US) || Number(match?.[2]) > 59 || Number(match?.[3] ?? 0) > 59) {
    throw inputError('FORMAT_INVALID', { value: text, rule: 'A time of day is HH:mm or HH:mm:ss.', fix: 'Write for example 16:00.' });
  }
  return us;
}
