/**
 * Dates of the Gregorian calendar as day numbers: days since 1970-01-01. Pure arithmetic, so that the inner rings need no clock.
 * Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms" (days_from_civil, civil_from_days), written anew.
 */
export type DayNumber = number;

export const SECOND_US = 1_000_000;
export const MINUTE_US = 60 * SECOND_US;
export const HOUR_US = 60 * MINUTE_US;
/** Microseconds in a day without daylight-saving changes. */
export const DAY_US = 24 * HOUR_US;

/** Days in the 400-year cycle of the Gregorian calendar. */
const ERA_DAYS = 146_097;
/** Days from 0000-03-01 (where the cycle starts, so that the leap day comes last) to 1970-01-01. */
const EPOCH_DAYS = 719_468;

interface CivilDate {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
}

/** The day number of a date; a day beyond the month's end runs into the next month. */
export function dayNumberOf(year: number, month: number, day: number): DayNumber {
  const shiftedYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(shiftedYear / 400);
  const yearOfEra = shiftedYear - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * ERA_DAYS + dayOfEra - EPOCH_DAYS;
}

/** The date of a day number. */
export function civilDateOf(dayNumber: DayNumber): CivilDate {
  const shifted = dayNumber + EPOCH_DAYS;
  const era = Math.floor(shifted / ERA_DAYS);
  const dayOfEra = shifted - era * ERA_DAYS;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1,
  };
}

/** 0 Sunday to 6 Saturday. */
export function weekdayOf(dayNumber: DayNumber): number {
  return (((dayNumber + 4) % 7) + 7) % 7;
}

/** Monday-based week counter: the same for every day from Monday to Sunday. */
export function weekNumberOf(dayNumber: DayNumber): number {
  return Math.floor((dayNumber + 3) / 7);
}

/** The Monday that a week of {@link weekNumberOf} begins with. */
export function mondayOf(weekNumber: number): DayNumber {
  return weekNumber * 7 - 3;
}

/** `YYYY-MM-DD`, or null when the text is no date. */
export function parseDate(text: string): DayNumber | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return null;
  const dayNumber = dayNumberOf(Number(match[1]), Number(match[2]), Number(match[3]));
  return formatDate(dayNumber) === text ? dayNumber : null;
}

/** `YYYY-MM-DD`. */
export function formatDate(dayNumber: DayNumber): string {
  const { year, month, day } = civilDateOf(dayNumber);
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
