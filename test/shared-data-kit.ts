import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { sharedDataFolder, WITHOUT_SHARED_DATA } from '../reference/shared-data.ts';
import { parseBigDecimal } from '../src/base/decimal.ts';

/** Folder of the shared data set: bars, recordings, and `expected.json`, facts of both that other software computed. */
export const ROOT = `${sharedDataFolder()}/`;
export const isThere = existsSync(`${ROOT}expected.json`);
export const expected: Readonly<Record<string, Readonly<Record<string, unknown>>>> = isThere
  ? (
      JSON.parse(readFileSync(`${ROOT}expected.json`, 'utf8').replaceAll(/: NaN\b/g, ': null')) as {
        files: Record<string, Record<string, unknown>>;
      }
    ).files
  : {};
export const WHY = isThere ? '' : WITHOUT_SHARED_DATA;

export function decimal(text: unknown, decimals: number): bigint {
  const count = parseBigDecimal(String(text), decimals);
  if (typeof count !== 'bigint') throw new Error(`${String(text)} at ${decimals} decimals: ${count}`);
  return count;
}

/** Clock time of an instant in a zone as `yyyyMMddHHmmssSSS`, through Intl: the opposite direction of what the loader computes. */
const formats = new Map<string, Intl.DateTimeFormat>();
export function clockText(us: number, zone: string): string {
  const ms = Math.floor(us / 1000);
  if (/^[+-]/.test(zone))
    return clockText(us + (zone.startsWith('-') ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4))) * 6e7, 'UTC');
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat('sv-SE', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      fractionalSecondDigits: 3,
    });
  formats.set(zone, format);
  return format.format(ms).replace(/\D/g, '').padEnd(17, '0');
}

/** The same shape from a time as expected.json has it. */
export function expectedText(text: string): string {
  if (/^\d{10}$/.test(text)) return clockText(Number(text) * 1e6, 'UTC');
  if (/^\d{13}$/.test(text)) return clockText(Number(text) * 1e3, 'UTC');
  return text
    .replace(/\+00:00$/, '')
    .replace(/\D/g, '')
    .padEnd(17, '0')
    .slice(0, 17);
}

export interface Facts {
  rows: number;
  firstTs: number;
  lastTs: number;
  firstOpen: number;
  lastClose: number;
  low: number;
  high: number;
  sumClose: bigint;
  sumVolume: bigint;
}

interface Rows {
  readonly length: number;
  readonly ts: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
}

/** Sums in a bigint per block: a block of prices stays below 2^53 (8192 × 10^12), volumes are added one by one. */
export function factsOf(next: () => Rows | null): Facts {
  const facts: Facts = { rows: 0, firstTs: 0, lastTs: 0, firstOpen: 0, lastClose: 0, low: Infinity, high: 0, sumClose: 0n, sumVolume: 0n };
  for (let rows = next(); rows !== null; rows = next()) {
    if (facts.rows === 0) {
      facts.firstTs = rows.ts[0]!;
      facts.firstOpen = rows.open[0]!;
    }
    for (let r = 0; r < rows.length; r += 1) {
      if (rows.low[r]! > 0) facts.low = Math.min(facts.low, rows.low[r]!);
      facts.high = Math.max(facts.high, rows.high[r]!);
      facts.sumClose += BigInt(rows.close[r]!);
      facts.sumVolume += BigInt(rows.volume[r]!);
    }
    facts.rows += rows.length;
    facts.lastTs = rows.ts[rows.length - 1]!;
    facts.lastClose = rows.close[rows.length - 1]!;
  }
  return facts;
}

export function expectBars(path: string, facts: Facts, want: Readonly<Record<string, unknown>>, priceDecimals: number): void {
  expect([path, facts.rows]).toEqual([path, want['rows']]);
  expect([path, BigInt(facts.firstOpen)]).toEqual([path, decimal(want['first_open'], priceDecimals)]);
  expect([path, BigInt(facts.lastClose)]).toEqual([path, decimal(want['last_close'], priceDecimals)]);
  expect([path, BigInt(facts.low)]).toEqual([path, decimal(want['min_low'], priceDecimals)]);
  expect([path, BigInt(facts.high)]).toEqual([path, decimal(want['max_high'], priceDecimals)]);
  expect([path, facts.sumClose]).toEqual([path, decimal(want['sum_close'], priceDecimals)]);
}

/** Exact, or within half an increment per rounded value. `want` has more decimals than the instrument where values were rounded. */
export function expectVolume(path: string, sum: bigint, want: unknown, quantityDecimals: number, rounded: number): void {
  const exact = decimal(want, quantityDecimals + 12);
  const offBy = sum * 10n ** 12n - exact;
  expect([path, offBy <= (BigInt(rounded) * 10n ** 12n) / 2n && -offBy <= (BigInt(rounded) * 10n ** 12n) / 2n]).toEqual([path, true]);
}
