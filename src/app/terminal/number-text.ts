import { formatDecimal, parseBigDecimal, rescale } from '../../base/decimal.ts';
import { percentDecimals } from '../../base/percent.ts';
import { moneyDecimalsBeside } from '../../model/currency.ts';

/** `1,234,567` */
export function countText(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A decimal text with a comma every three digits of its whole part. */
function decimalText(text: string): string {
  const [whole = '', fraction] = text.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** As {@link decimalText}, with a fixed number of decimals, half away from zero. Exact at any length: no double takes part. */
export function roundedText(text: string, decimals: number): string {
  const places = text.split('.')[1]?.length ?? 0;
  const count = parseBigDecimal(text, places);
  return typeof count === 'string' ? text : decimalText(formatDecimal(rescale(count, places, decimals, 'half-up'), decimals));
}

/**
 * An amount as people write it, in the decimals that the report shows: two of USD, none of JPY, of coins more the smaller the amount is.
 *
 * @param beside larger amounts of the currency, whose decimals it is shown with
 */
export function moneyText(amount: string, currency: string, beside: readonly string[] = []): string {
  return `${roundedText(amount, moneyDecimalsBeside(amount, beside, currency))} ${currency}`;
}

/** Seconds as people say them: `12 s`, `3 min 20 s`, `2 h 5 min`. */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
  return `${Math.floor(whole / 86_400)} d`;
}

/** A share as percent; a dash where it is not defined. */
export function percentText(share: number | null | undefined): string {
  return share === null || share === undefined ? '—' : `${(share * 100).toFixed(percentDecimals(share))} %`;
}

export function ratioText(value: number | null | undefined): string {
  return value === null || value === undefined ? '—' : value.toFixed(2);
}
