/** U+202F, thin and never broken at the end of a line, between thousands; U+2212 before what is below zero. */
export const THIN = '\u202f';
export const MINUS = '\u2212';

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?$/;

function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, THIN);
}

interface DecimalFormat {
  /** Exactly so many; what is beyond is rounded half away from zero, what is missing is zeros. Left out: as it came. */
  readonly decimals?: number;
  /** A plus before what is above zero. */
  readonly signed?: boolean;
}

/** Adds one to a text of digits. */
function increased(digits: string): string {
  const at = digits.search(/9*$/);
  const nines = '0'.repeat(digits.length - at);
  return at === 0 ? `1${nines}` : `${digits.slice(0, at - 1)}${Number(digits[at - 1]) + 1}${nines}`;
}

/** An exact decimal for people. What is no decimal is shown as it came: a screen must not make a number of it. */
export function decimalText(text: string, { decimals, signed = false }: DecimalFormat = {}): string {
  const parts = DECIMAL.exec(text);
  if (parts === null) return text;
  let whole = parts[2]!.replace(/^0+(?=\d)/, '');
  let fraction = parts[3] ?? '';
  if (decimals !== undefined) {
    const isUp = (fraction[decimals] ?? '0') >= '5';
    const kept = `${whole}${fraction.slice(0, decimals).padEnd(decimals, '0')}`;
    const rounded = isUp ? increased(kept) : kept;
    whole = rounded.slice(0, rounded.length - decimals) || '0';
    fraction = rounded.slice(rounded.length - decimals);
  }
  const isZero = /^0*$/.test(whole + fraction);
  const sign = isZero ? '' : parts[1] === '-' ? MINUS : signed ? '+' : '';
  return `${sign}${grouped(whole)}${fraction === '' ? '' : `.${fraction}`}`;
}

/** −1, 0 or 1; 0 for what is no decimal. */
export function signOf(text: string | null): -1 | 0 | 1 {
  if (text === null || !DECIMAL.test(text) || /^[+-]?[0.]*$/.test(text)) return 0;
  return text.startsWith('-') ? -1 : 1;
}

/** A double for people; a dash for what is missing. */
export function doubleText(value: number | null, decimals: number, signed = false): string {
  return value === null || !Number.isFinite(value) ? '–' : decimalText(value.toFixed(decimals), { signed });
}

export function percentText(share: number | null, decimals = 2, signed = false): string {
  return share === null || !Number.isFinite(share) ? '–' : `${decimalText((share * 100).toFixed(decimals), { signed })}${THIN}%`;
}

/** Digits after the point. */
export function decimalsOf(text: string): number {
  const point = text.indexOf('.');
  return point < 0 ? 0 : text.length - point - 1;
}

/** True for a decimal above zero as a person may type it. */
export function isPositiveDecimal(text: string): boolean {
  return /^\d{1,15}(\.\d{1,12})?$/.test(text) && signOf(text) === 1;
}

function scaled(text: string, decimals: number): bigint {
  const negative = text.startsWith('-');
  const [whole, fraction = ''] = text.replace(/^[+-]/, '').split('.');
  const digits = BigInt(`${whole}${fraction.slice(0, decimals).padEnd(decimals, '0')}`);
  return negative ? -digits : digits;
}

/** True where `text` is a multiple of `increment`: exact. */
export function isMultipleOf(text: string, increment: string): boolean {
  const decimals = Math.max(decimalsOf(text), decimalsOf(increment));
  const step = scaled(increment, decimals);
  return step === 0n || scaled(text, decimals) % step === 0n;
}

/** −1, 0 or 1: exact. */
export function compareDecimals(a: string, b: string): number {
  const decimals = Math.max(decimalsOf(a), decimalsOf(b));
  const left = scaled(a, decimals);
  const right = scaled(b, decimals);
  return left < right ? -1 : left > right ? 1 : 0;
}

function unscaled(value: bigint, decimals: number): string {
  const negative = value < 0n;
  const digits = (negative ? -value : value).toString().padStart(decimals + 1, '0');
  const text = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  return negative ? `-${text}` : text;
}

/** a + b, exact. */
export function addDecimals(a: string, b: string): string {
  const decimals = Math.max(decimalsOf(a), decimalsOf(b));
  return unscaled(scaled(a, decimals) + scaled(b, decimals), decimals);
}

/** a × b, exact. */
export function multiplyDecimals(a: string, b: string): string {
  const decimals = decimalsOf(a) + decimalsOf(b);
  return unscaled(scaled(a, decimalsOf(a)) * scaled(b, decimalsOf(b)), decimals);
}

export function withoutSign(text: string): string {
  return text.replace(/^[+-]/, '');
}
