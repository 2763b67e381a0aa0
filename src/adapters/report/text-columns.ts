import { makeCurrency } from '../../model/currency.ts';

/**
 * Decimals that show a column of decimal texts in full, between a minimum and a maximum; zeros at the end do not count.
 */
export function columnDecimals(texts: readonly string[], decimalsMin: number, decimalsMax: number): number {
  let decimals = decimalsMin;
  for (const text of texts) {
    const point = text.indexOf('.');
    if (point < 0) continue;
    let end = text.length;
    while (end > point && text.charCodeAt(end - 1) === 48) end -= 1; // '0'
    decimals = Math.max(decimals, end - point - 1);
  }
  return Math.min(decimals, decimalsMax);
}

/**
 * Decimals for a column of money: what people write of the currency (USD 2, JPY 0, BTC 8), and of the finely divided ones fewer where the
 * amounts are large: 2 from 1,000 up, 4 from 1 up. The exact amount stands in the cell's tooltip.
 */
export function moneyDecimals(texts: readonly string[], currencies: readonly string[]): number {
  const display = Math.max(0, ...new Set(currencies.map((code) => makeCurrency(code === '' ? '?' : code).displayDecimals)));
  if (display <= 2) return display;
  let largest = 0;
  for (const text of texts) largest = Math.max(largest, Math.abs(Number(text)) || 0);
  return columnDecimals(texts, 2, largest >= 1000 ? 2 : largest >= 1 ? 4 : display);
}

/** How many characters of ISO 8601 times tell them apart: 10 a day, 16 a minute, 19 a second, 26 a microsecond. */
export function timeDigits(times: readonly string[]): number {
  let digits = 10;
  for (const time of times) {
    const rest = time.slice(10);
    if (/^T00:00:00(\.0*)?Z$/.test(rest)) continue;
    if (/^T\d\d:\d\d:00(\.0*)?Z$/.test(rest)) digits = Math.max(digits, 16);
    else if (/^T\d\d:\d\d:\d\d(\.0*)?Z$/.test(rest)) digits = Math.max(digits, 19);
    else return 26;
  }
  return digits;
}

/** An ISO time as people read it, cut to `digits` characters. */
export function timeText(iso: string, digits: number): string {
  return iso.slice(0, digits).replace('T', ' ');
}
