import { lengthWithoutEndZeros } from '../../../base/decimal.ts';
import { INSTRUMENT_DECIMALS_MAX, type Instrument } from '../../../model/instrument.ts';

/** How many decimals an instrument counts prices and quantities in. */
export type Decimals = Pick<Instrument, 'priceDecimals' | 'quantityDecimals'>;

const DECIMAL = /^[+-]?\d*(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/**
 * The rule and the fix for a number with more decimals than its instrument counts in.
 *
 * @param has decimals of the instrument
 * @param text the number as the file has it, a count of 10^-scale
 */
export function tooPrecise(key: keyof Decimals, has: number, text: string, scale = 0): { readonly rule: string; readonly fix: string } {
  const needs = Math.max(0, decimalsOf(text) + scale);
  const rule = `The value needs ${counted(needs)}, and the instrument has ${key}: ${has}.`;
  if (needs > INSTRUMENT_DECIMALS_MAX) {
    return { rule, fix: `No instrument has more than ${INSTRUMENT_DECIMALS_MAX}, and recordings are never rounded: repair the value.` };
  }
  const option = key === 'priceDecimals' ? '--price-decimals' : '--quantity-decimals';
  return {
    rule,
    fix: `Write ${key}: ${needs} for the instrument, more where other values need more; data import takes ${option} ${needs}, or finds what all need without it.`,
  };
}

/** Decimals of a number without the zeros at its end; below 0 for tens and hundreds. */
function decimalsOf(text: string): number {
  const [, fraction = '', exponent = '0'] = DECIMAL.exec(text) ?? [];
  const digits = text.replace(/[eE].*$/, '').replace('.', '');
  const zeros = digits.length - lengthWithoutEndZeros(digits);
  return fraction.length - zeros - Number(exponent);
}

function counted(count: number): string {
  return `${count} decimal${count === 1 ? '' : 's'}`;
}
