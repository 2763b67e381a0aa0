import { parseBigDecimal } from '../base/decimal.ts';
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
/** A day has 8.64 × 10^10 microseconds: no fraction with more decimals is a whole number of them. */
const FRACTION_DECIMALS = 11;
const FRACTION = 10n ** BigInt(FRACTION_DECIMALS);

/** Reads what {@link durationText} writes, and fractions such as `1.5h`; whole microseconds, exactly, null for anything else. */
export function parseDuration(text: string): number | null {
  const match = DURATION.exec(text);
  const count = match === null ? null : parseBigDecimal(match[1]!, FRACTION_DECIMALS);
  if (typeof count !== 'bigint') return null;
  const scaled = count * BigInt(DURATION_US[match![2]!]!);
  const us = Number(scaled / FRACTION);
  return scaled % FRACTION === 0n && Number.isSafeInteger(us) ? us : null;
}
