import { DAY_US, HOUR_US, MINUTE_US, SECOND_US } from './civil-date.ts';

const UNITS = [
  ['d', DAY_US],
  ['h', HOUR_US],
  ['m', MINUTE_US],
  ['s', SECOND_US],
  ['ms', 1_000],
] as const;

/** A length of time as run files write it, in its largest whole unit: `90s`, `250ms`, `1d`. @param us whole microseconds */
export function durationText(us: number): string {
  if (!Number.isFinite(us)) return 'forever';
  for (const [unit, unitUs] of UNITS) if (us !== 0 && us % unitUs === 0) return `${us / unitUs}${unit}`;
  return `${us}us`;
}

const DURATION = /^(\d+(?:\.\d+)?)(us|ms|s|m|h|d)$/;
const DURATION_US: Readonly<Record<string, number>> = { us: 1, ...Object.fromEntries(UNITS) };

/** Reads what {@link durationText} writes, and fractions such as `1.5h`; whole microseconds, null for anything else. */
export function parseDuration(text: string): number | null {
  const match = DURATION.exec(text);
  const us = match === null ? Number.NaN : Math.round(Number(match[1]) * DURATION_US[match[2]!]!);
  return Number.isSafeInteger(us) ? us : null;
}
