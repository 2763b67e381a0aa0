import { assert } from '../../base/assert.ts';
import type { InstrumentIndex, Price, Quantity } from '../../model/instrument.ts';

/** Most that the starting price counts: prices that grow a few hundredfold are still counted exactly. */
export const GENERATED_PRICE_MAX = 1e13;
/** Most that the typical quantity counts: the largest trades are some eighty times it. */
export const GENERATED_QUANTITY_MAX = 1e12;

/** One instrument of a generated market. Prices and quantities are counts, as everywhere inside. */
export interface GeneratedInstrument {
  readonly instrument: InstrumentIndex;
  /** A multiple of the increment, at least 100 increments. */
  readonly startPrice: Price;
  readonly priceIncrement: Price;
  readonly lotSize: Quantity;
  /** The middle of the sizes drawn lies near this. */
  readonly quantityTypical: Quantity;
  /** Deviation of a year's log return before jumps and spells: 0.6 is 60 %. */
  readonly annualVolatility: number;
  /** Mean over the day, 0 to 6000; every minute has at least one. */
  readonly tradesPerMinute: number;
  /** Usual bid-ask spread, in increments; wider when volatility is high. */
  readonly spreadIncrements: number;
  /** Share of variance that all instruments of the market have in common, 0 to 1. */
  readonly marketShare: number;
  /** Position of an instrument whose price this one follows (cointegrated), with the deviation of the log ratio; null for none. */
  readonly pairedWith: { readonly position: number; readonly spreadDeviation: number } | null;
}

/** Values that make a lively, liquid instrument of whatever price and increment. */
export function generatedInstrument(
  basis: Pick<GeneratedInstrument, 'instrument' | 'startPrice' | 'priceIncrement' | 'lotSize' | 'quantityTypical'> &
    Partial<GeneratedInstrument>,
): GeneratedInstrument {
  return { annualVolatility: 0.6, tradesPerMinute: 6, spreadIncrements: 2, marketShare: 0.3, pairedWith: null, ...basis };
}

/** @throws InvariantError on a broken bound: the caller has validated user input */
export function checkInstrument(instrument: GeneratedInstrument, position: number, all: readonly GeneratedInstrument[]): void {
  const {
    startPrice,
    priceIncrement,
    lotSize,
    quantityTypical,
    annualVolatility,
    tradesPerMinute,
    spreadIncrements,
    marketShare,
    pairedWith,
  } = instrument;
  const name = `generated instrument ${position}`;
  assert(Number.isSafeInteger(priceIncrement) && priceIncrement >= 1, `${name}: priceIncrement`);
  assert(
    startPrice % priceIncrement === 0 && startPrice >= 100 * priceIncrement && startPrice <= GENERATED_PRICE_MAX,
    `${name}: startPrice`,
  );
  const isQuantity =
    Number.isSafeInteger(lotSize) && lotSize >= 1 && quantityTypical >= lotSize && quantityTypical <= GENERATED_QUANTITY_MAX;
  assert(isQuantity, `${name}: quantity`);
  assert(annualVolatility > 0 && annualVolatility <= 5, `${name}: annualVolatility`);
  assert(tradesPerMinute >= 0 && tradesPerMinute <= 6000, `${name}: tradesPerMinute`);
  assert(Number.isInteger(spreadIncrements) && spreadIncrements >= 1 && spreadIncrements <= 1000, `${name}: spreadIncrements`);
  assert(marketShare >= 0 && marketShare <= 1, `${name}: marketShare`);
  if (pairedWith === null) return;
  assert(
    pairedWith.position !== position && all[pairedWith.position]?.pairedWith === null,
    `${name}: pairedWith names an unpaired instrument`,
  );
  assert(pairedWith.spreadDeviation > 0 && pairedWith.spreadDeviation <= 1, `${name}: spreadDeviation`);
}
