import { desk } from '../state/desk.ts';
import { decimalsOf, decimalText } from './decimal-text.ts';

/** A price with the decimals of its instrument, so that a column stands in line; a dash for none. */
export function instrumentPrice(instrument: string, price: string | null): string {
  const decimals = desk.instruments.map.get(instrument)?.priceDecimals;
  return price === null ? '–' : decimalText(price, decimals === undefined ? {} : { decimals });
}

/** A quantity with at least the decimals of the instrument's lots, so that a column stands in line; never rounded. */
export function instrumentQuantity(instrument: string, quantity: string, signed = false): string {
  const lotSize = desk.instruments.map.get(instrument)?.lotSize ?? '';
  return decimalText(quantity, { decimals: Math.max(decimalsOf(lotSize), decimalsOf(quantity)), signed });
}
