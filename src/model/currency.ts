import { assert } from '../base/assert.ts';
import { columnDecimals } from '../base/decimal.ts';
import { doubleOf } from '../base/exact-integer.ts';

/**
 * A unit that the ledger counts: a currency, a coin, or the shares of one instrument.
 *
 * `decimals` is the scale of every amount in it (a bigint counts 10^-decimals, at least 8), wide enough that price × quantity of
 * every instrument of the run is exact. `displayDecimals` is what people write (USD 2, BTC 8) and what fee models round to when told to.
 */
export interface Currency {
  readonly code: string;
  readonly decimals: number;
  readonly displayDecimals: number;
}

/** An amount of one currency, counted in 10^-decimals of that currency. */
export type Money = bigint;

/** Fewest decimals that any amount of money carries (DESIGN section 4). */
const MONEY_DECIMALS_MIN = 8;

/** Decimals people write, where they are not 2. Source: ISO 4217; for coins the smallest on-chain unit in common use, 8 at most. */
const DISPLAY_DECIMALS: Readonly<Record<string, number>> = {
  JPY: 0,
  KRW: 0,
  CLP: 0,
  VND: 0,
  ISK: 0,
  HUF: 2,
  KWD: 3,
  BHD: 3,
  JOD: 3,
  OMR: 3,
  TND: 3,
  BTC: 8,
  XBT: 8,
  ETH: 8,
  USDT: 8,
  USDC: 8,
  BUSD: 8,
  XRP: 6,
  LTC: 8,
  BCH: 8,
  ADA: 6,
  SOL: 8,
  DOGE: 8,
  BNB: 8,
  DOT: 8,
};

/** Makes a currency; `decimals` is raised to the minimum of 8. */
export function makeCurrency(code: string, decimals: number = MONEY_DECIMALS_MIN): Currency {
  assert(code.length > 0, 'a currency has a code');
  return Object.freeze({ code, decimals: Math.max(decimals, MONEY_DECIMALS_MIN), displayDecimals: DISPLAY_DECIMALS[code] ?? 2 });
}

const SCALES: readonly number[] = Array.from({ length: 64 }, (_, decimals) => Number(`1e${decimals}`));

/** An amount in units of its currency, as a double: for curves, statistics and what strategies read as signals, never for a decision about money. */
export function moneyApprox(amount: Money, { decimals }: Currency): number {
  return doubleOf(amount) / (SCALES[decimals] ?? Number(`1e${decimals}`));
}

/**
 * Decimals for a column of money: what people write of the currency (USD 2, JPY 0, BTC 8), and of the finely divided ones fewer where the
 * amounts are large: 2 from 1,000 up, 4 from 1 up.
 */
export function moneyDecimals(texts: readonly string[], currencies: readonly string[]): number {
  const display = Math.max(0, ...new Set(currencies.map((code) => makeCurrency(code === '' ? '?' : code).displayDecimals)));
  if (display <= 2) return display;
  let largest = 0;
  for (const text of texts) largest = Math.max(largest, Math.abs(Number(text)) || 0);
  return columnDecimals(texts, 2, largest >= 1000 ? 2 : largest >= 1 ? 4 : display);
}

/**
 * Decimals for an amount that stands beside larger ones of its currency, such as a fee beside equity: those of the column; its own where it would be
 * shown as nothing.
 */
export function moneyDecimalsBeside(amount: string, beside: readonly string[], currency: string): number {
  const decimals = moneyDecimals([amount, ...beside], [currency]);
  const isNothing = Number(amount) !== 0 && Math.abs(Number(amount)) < 0.5 * 10 ** -decimals;
  return isNothing ? moneyDecimals([amount], [currency]) : decimals;
}
