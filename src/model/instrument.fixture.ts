import { makeCurrency } from './currency.ts';
import { type Instrument, type InstrumentDefinition, type InstrumentIndex, makeInstrument } from './instrument.ts';

const USD = makeCurrency('USD');

/**
 * An instrument for tests that name only what they are about. Unless changed it is a share: prices in cents, whole quantities, each a multiple of
 * one; no bounds, no multiplier, no calendar. Its base is the symbol of its id, and it settles in what it is quoted in.
 */
export function instrumentWith(change: Partial<InstrumentDefinition> = {}, index: InstrumentIndex = 0): Instrument {
  const { id = 'TEST.SIM', quote = USD } = change;
  return makeInstrument(
    {
      id,
      kind: 'EQUITY',
      base: change.base ?? makeCurrency(id.slice(0, id.lastIndexOf('.'))),
      quote,
      settlement: quote,
      priceDecimals: 2,
      quantityDecimals: 0,
      priceIncrement: 1,
      lotSize: 1,
      quantityMin: 0,
      quantityMax: 0,
      notionalMin: 0n,
      multiplier: 1,
      multiplierDecimals: 0,
      calendar: null,
      expiryTs: null,
      ...change,
    },
    index,
  );
}
