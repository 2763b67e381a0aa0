import type { Instrument } from '../model/instrument.ts';

/**
 * Refuses a stated quantity that is less than any order of the instrument may have: a strategy with it would never trade.
 *
 * @param name the parameter's
 * @param text units of the instrument
 * @throws RangeError
 */
export function assertTradable(name: string, text: string, { id, lotSize, quantityMin, quantityScale }: Instrument): void {
  const least = Math.max(lotSize, quantityMin) / quantityScale;
  // Both are the doubles nearest to a decimal, so that equal decimals are equal here.
  if (!(Number(text) >= least)) throw new RangeError(`${name} is ${text}, less than the smallest order of ${id}: write ${least} or more`);
}

/** Most that one order of an instrument may have, units; Infinity where there is no bound. */
export function largestOf({ quantityMax, quantityScale }: Instrument): number {
  return quantityMax === 0 ? Number.POSITIVE_INFINITY : quantityMax / quantityScale;
}

/** Units of an instrument that are worth its smallest order value at a price, not rounded to lots; 0 where there is no such bound. */
export function leastWorth({ notionalMin, quote, isInverse, multiplier, multiplierDecimals }: Instrument, price: number): number {
  const factor = multiplier / 10 ** multiplierDecimals;
  return Number(notionalMin) / 10 ** quote.decimals / (isInverse ? factor : factor * price);
}

/**
 * As {@link assertTradable}, and refuses what is no whole number of lots or more than the largest order, which would be denied with every order.
 *
 * @throws RangeError
 */
export function assertOrderable(name: string, text: string, instrument: Instrument): void {
  assertTradable(name, text, instrument);
  const { id, lotSize, quantityScale } = instrument;
  const most = largestOf(instrument);
  if (Number(text) > most) throw new RangeError(`${name} is ${text}, more than the largest order of ${id}: write ${most} or less`);
  const lots = Math.round((Number(text) * quantityScale) / lotSize);
  if ((lots * lotSize) / quantityScale !== Number(text))
    throw new RangeError(`${name} is ${text}, no whole number of lots of ${id}: write a multiple of ${lotSize / quantityScale}`);
}
