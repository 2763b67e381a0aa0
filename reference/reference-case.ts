import type { AccountResult, FillResult, RunResult, TradeResult } from '../src/contract/run-result.ts';
import { bigPowerOfTen, formatDecimalShort, parseBigDecimal } from '../src/base/decimal.ts';

/** One run of a case: a run file, and values set in it as by `--set`. */
export interface ReferenceRun {
  /** Relative to this folder. */
  readonly file: string;
  readonly set?: readonly string[];
}

/**
 * How obtained is held against expected: `exact`, the same decimal to its last digit; `printed`, the expected number is what obtained gives
 * when rounded to the digits that were printed; `text`, the same characters.
 */
export type Comparison = 'exact' | 'printed' | 'text';

export interface ReferenceRow {
  readonly what: string;
  readonly expected: string;
  readonly comparison: Comparison;
  /** @param results of the case's runs, in order */
  readonly obtain: (...results: readonly RunResult[]) => string;
  readonly note?: string;
}

/** A published result: where it comes from, how it is run, what must come out. */
export interface ReferenceCase {
  /** Of docs and of `--only`. */
  readonly id: string;
  readonly title: string;
  readonly runs: readonly ReferenceRun[];
  readonly rows: readonly ReferenceRow[];
}

export type Obtain = (...results: readonly RunResult[]) => string | number;

export function exact(what: string, expected: string, obtain: Obtain): ReferenceRow {
  return { what, expected, comparison: 'exact', obtain: (...results) => String(obtain(...results)) };
}

export function printed(what: string, expected: string, obtain: Obtain, note?: string): ReferenceRow {
  return {
    what,
    expected,
    comparison: 'printed',
    obtain: (...results) => String(obtain(...results)),
    ...(note === undefined ? {} : { note }),
  };
}

export function text(what: string, expected: string, obtain: Obtain): ReferenceRow {
  return { what, expected, comparison: 'text', obtain: (...results) => String(obtain(...results)) };
}

/** More decimals than a double or an exact amount of any row has. */
const DECIMALS_COMPARED = 40;

/** True when what was obtained is what was expected, in the row's way. */
export function agrees({ expected, comparison }: ReferenceRow, obtained: string): boolean {
  if (comparison === 'text') return obtained === expected;
  const want = parseBigDecimal(expected, DECIMALS_COMPARED);
  const got = parseBigDecimal(obtained, DECIMALS_COMPARED);
  if (typeof want !== 'bigint') throw new RangeError(`the expected number ${expected} is no decimal (${want})`);
  if (typeof got !== 'bigint') return false;
  if (comparison === 'exact') return got === want;
  const printedDecimals = expected.split('.')[1]?.length ?? 0;
  const offBy = got > want ? got - want : want - got;
  return 2n * offBy <= bigPowerOfTen(DECIMALS_COMPARED - printedDecimals);
}

// What rows look at in a result. A thing that is missing is an error with its name: it must not compare as nothing.

export function account(result: RunResult): AccountResult {
  return there(result.accounts[0], 'account');
}

export function balance(result: RunResult, currency: string): string {
  return there(account(result).balances[currency], `balance in ${currency}`);
}

export function equity(result: RunResult): string {
  return there(account(result).equity ?? undefined, 'equity');
}

export function statistic(result: RunResult, name: string): number {
  return there(result.statistics[name] ?? undefined, `statistic ${name}`);
}

export function percent(result: RunResult, name: string): number {
  return 100 * statistic(result, name);
}

const DAY_US = 86_400_000_000;

export function days(result: RunResult, name: string): number {
  return statistic(result, name) / DAY_US;
}

/** @param index from 0; negative from the end */
export function fill(result: RunResult, index: number): FillResult {
  return there(result.fills.at(index), `fill ${index}`);
}

export function trade(result: RunResult, index: number): TradeResult {
  return there(result.trades.at(index), `trade ${index}`);
}

/** `2006-11-01` of a time. */
export function day(time: string): string {
  return time.slice(0, 10);
}

/** Of decimals as texts, exactly. */
export function sum(amounts: readonly string[]): string {
  let total = 0n;
  for (const amount of amounts) {
    const count = parseBigDecimal(amount, DECIMALS_COMPARED);
    if (typeof count !== 'bigint') throw new RangeError(`${amount} is no decimal (${count})`);
    total += count;
  }
  return formatDecimalShort(total, DECIMALS_COMPARED);
}

function there<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`the result has no ${name}`);
  return value;
}
