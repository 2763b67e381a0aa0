import { assert } from '../base/assert.ts';
import { bigPowerOfTen, powerOfTen } from '../base/decimal.ts';
import type { Currency } from './currency.ts';

/** `BTC-USDT.BINANCE`: symbol, dot, venue. */
export type InstrumentId = string;
/** Position of an instrument in the run's list: what the hot path uses instead of the text id. */
export type InstrumentIndex = number;
/** A price as a safe integer: the count of the instrument's storage increment, 10^-priceDecimals. */
export type Price = number;
/** A quantity as a safe integer: the count of 10^-quantityDecimals. */
export type Quantity = number;

/** Most decimals that prices and quantities are counted in. */
export const INSTRUMENT_DECIMALS_MAX = 12;

export type InstrumentKind = 'SPOT' | 'EQUITY' | 'FX' | 'FUTURE' | 'PERPETUAL' | 'INVERSE_PERPETUAL';

/** What an instrument is said to be; {@link makeInstrument} checks it and adds what follows from it. */
export interface InstrumentDefinition {
  readonly id: InstrumentId;
  readonly kind: InstrumentKind;
  /** What is bought: a currency for SPOT and FX, the coin for perpetuals, the share itself (its own unit) for EQUITY. */
  readonly base: Currency;
  /** What prices are stated in. */
  readonly quote: Currency;
  /** What profit, loss and fees are paid in: `base` for an inverse perpetual, else `quote`. */
  readonly settlement: Currency;
  /** Prices are counted in 10^-priceDecimals (0 to {@link INSTRUMENT_DECIMALS_MAX}). Split- and dividend-adjusted data uses 8. */
  readonly priceDecimals: number;
  /** Quantities are counted in 10^-quantityDecimals (0 to {@link INSTRUMENT_DECIMALS_MAX}). */
  readonly quantityDecimals: number;
  /** Order prices are multiples of this count (the tick size), >= 1. */
  readonly priceIncrement: Price;
  /** Order quantities are multiples of this count (the lot size), >= 1. */
  readonly lotSize: Quantity;
  /** Smallest order quantity, a multiple of the lot size; 0 for none. */
  readonly quantityMin: Quantity;
  /** Largest order quantity; 0 for none. */
  readonly quantityMax: Quantity;
  /** Smallest order value, in `quote` money; 0n for none. */
  readonly notionalMin: bigint;
  /** Contract multiplier as an integer count of 10^-multiplierDecimals; for INVERSE_PERPETUAL the face value of a contract in `quote`. */
  readonly multiplier: number;
  readonly multiplierDecimals: number;
  /** Name of the trading calendar; null trades around the clock. */
  readonly calendar: string | null;
  /** FUTURE only: microseconds since the epoch; null for none. */
  readonly expiryTs: number | null;
}

/** An instrument, checked and frozen. */
export interface Instrument extends InstrumentDefinition {
  readonly symbol: string;
  readonly venue: string;
  readonly index: InstrumentIndex;
  /** 10^priceDecimals: price as a double = Price / priceScale (the nearest double, since both are exact). */
  readonly priceScale: number;
  /** 10^quantityDecimals. */
  readonly quantityScale: number;
  /** Linear instruments: Price × Quantity × notionalFactor = value in `quote` money, exact. Inverse: face value per Quantity, in `quote` money. */
  readonly notionalFactor: bigint;
  /** The same as a double; NaN where it is no safe integer, so that no product with it is ever taken for exact. */
  readonly notionalFactorDouble: number;
  /** True where a fill exchanges cash for the thing itself (SPOT, EQUITY); false where only profit and loss move cash (FX, FUTURE, perpetuals). */
  readonly isDelivered: boolean;
  readonly isInverse: boolean;
}

/** Decimals that money in the quote currency needs so that price × quantity × multiplier is exact. */
export function moneyDecimalsNeeded(
  definition: Pick<InstrumentDefinition, 'priceDecimals' | 'quantityDecimals' | 'multiplierDecimals'>,
): number {
  return definition.priceDecimals + definition.quantityDecimals + definition.multiplierDecimals;
}

/**
 * Checks a definition and derives scales and factors.
 *
 * @param index position in the run's list of instruments
 * @throws InvariantError on a broken bound: the run file's reader has validated user input
 */
export function makeInstrument(definition: InstrumentDefinition, index: InstrumentIndex): Instrument {
  const { id, priceDecimals, quantityDecimals, multiplier, multiplierDecimals, quote, kind } = definition;
  const dot = id.lastIndexOf('.');
  assert(dot > 0 && dot < id.length - 1, `instrument id is SYMBOL.VENUE: ${id}`);
  assert(Number.isInteger(priceDecimals) && priceDecimals >= 0 && priceDecimals <= INSTRUMENT_DECIMALS_MAX, `${id}: priceDecimals`);
  assert(
    Number.isInteger(quantityDecimals) && quantityDecimals >= 0 && quantityDecimals <= INSTRUMENT_DECIMALS_MAX,
    `${id}: quantityDecimals`,
  );
  assert(Number.isSafeInteger(definition.priceIncrement) && definition.priceIncrement >= 1, `${id}: priceIncrement`);
  assert(Number.isSafeInteger(definition.lotSize) && definition.lotSize >= 1, `${id}: lotSize`);
  assert(Number.isSafeInteger(multiplier) && multiplier >= 1, `${id}: multiplier`);
  assert(definition.quantityMin >= 0 && definition.quantityMin % definition.lotSize === 0, `${id}: quantityMin`);
  const isInverse = kind === 'INVERSE_PERPETUAL';
  const factorDecimals = quote.decimals - (isInverse ? quantityDecimals + multiplierDecimals : moneyDecimalsNeeded(definition));
  assert(factorDecimals >= 0, `${id}: ${quote.code} needs more decimals than ${quote.decimals}`);
  const notionalFactor = BigInt(multiplier) * bigPowerOfTen(factorDecimals);
  // Field by field: instruments that are spread from elsewhere come in several hidden classes, and all that reads them slows down.
  return Object.freeze({
    id,
    kind,
    base: definition.base,
    quote,
    settlement: definition.settlement,
    priceDecimals,
    quantityDecimals,
    priceIncrement: definition.priceIncrement,
    lotSize: definition.lotSize,
    quantityMin: definition.quantityMin,
    quantityMax: definition.quantityMax,
    notionalMin: definition.notionalMin,
    multiplier,
    multiplierDecimals,
    calendar: definition.calendar,
    expiryTs: definition.expiryTs,
    index,
    symbol: id.slice(0, dot),
    venue: id.slice(dot + 1),
    priceScale: powerOfTen(priceDecimals),
    quantityScale: powerOfTen(quantityDecimals),
    notionalFactor,
    notionalFactorDouble: notionalFactor <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(notionalFactor) : Number.NaN,
    isDelivered: kind === 'SPOT' || kind === 'EQUITY',
    isInverse,
  });
}
