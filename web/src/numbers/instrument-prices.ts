import { desk } from '../state/desk.ts';
import { decimalText } from './decimal-text.ts';

/** A price with the decimals of its instrument, so that a column stands in line; a dash for none. */
export function instrumentPrice(instrument: string, price: string | null): string {
  const decimals = desk.instruments.map.get(instrument)?.priceDecimals;
  return price === null ? '–' : decimalText(price, decimals === undefined ? {} : { decimals });
}
