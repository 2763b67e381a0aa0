import { durationText, parseDuration } from '../../model/duration-text.ts';

/** Largest count of a rate: as many times are remembered. */
export const RATE_COUNT_MAX = 100_000;

/** Reads `100 per 1s`; null for anything else. */
export function parseRate(text: string): { readonly count: number; readonly windowUs: number } | null {
  const match = /^(\d{1,6}) per (\S+)$/.exec(text);
  const windowUs = match === null ? null : parseDuration(match[2]!);
  const count = Number(match?.[1]);
  return windowUs === null || windowUs === 0 || count > RATE_COUNT_MAX ? null : { count, windowUs };
}

/** As {@link parseRate} reads it. */
export function rateText({ count, windowUs }: { readonly count: number; readonly windowUs: number }): string {
  return `${count} per ${durationText(windowUs)}`;
}
