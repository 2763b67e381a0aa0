import { bigPowerOfTen, divideRounded, parseBigDecimal } from '../../base/decimal.ts';
import type { DataCode } from './input-problem.ts';

const NOT_FINITE = /^[+-]?(nan|inf|infinity)$/i;
const NUMBER = /^([+-]?)(\d+\.?\d*|\.\d+)(?:[eE]([+-]?\d+))?/;
/** Exponents beyond this are no market data, and powers of ten of their size would cost time. */
const EXPONENT_MAX = 300;
/** Decimals beyond these are no market data either. */
const FRACTION_MAX = 400;

/** What a decimal text means as a count, or why it is refused. */
interface DecimalReading {
  readonly value: number;
  readonly wasRounded: boolean;
  readonly code: DataCode | null;
}

function refusal(code: DataCode): DecimalReading {
  return { value: Number.NaN, wasRounded: false, code };
}

/**
 * Reads a decimal text in full: signs, exponents, any number of digits. Slow and exact; the row scanner does the plain cases itself.
 *
 * @param decimals the result counts 10^-decimals; may be negative
 * @param mayRound digits beyond `decimals` are rounded half to even instead of refused
 */
export function readDecimalText(text: string, decimals: number, mayRound: boolean, mayBeNegative: boolean): DecimalReading {
  if (NOT_FINITE.test(text)) return refusal('NUMBER_NOT_FINITE');
  const match = NUMBER.exec(text);
  if (match === null) return refusal('NUMBER_MALFORMED');
  if (match[0].length < text.length) return refusal('NUMBER_TRAILING_TEXT');
  const exponent = Number(match[3] ?? '0');
  if (Math.abs(exponent) > EXPONENT_MAX) return refusal('NUMBER_OUT_OF_RANGE');
  const point = match[2]!.indexOf('.');
  const fractionDigits = (point < 0 ? 0 : match[2]!.length - point - 1) - exponent;
  if (fractionDigits - Math.min(decimals, 0) > FRACTION_MAX) return refusal('NUMBER_TOO_PRECISE');
  let count = parseBigDecimal(text, decimals);
  let wasRounded = false;
  if (count === 'TOO_MANY_DECIMALS' && mayRound) {
    const exact = parseBigDecimal(text, Math.max(fractionDigits, decimals));
    if (typeof exact === 'bigint') count = divideRounded(exact, bigPowerOfTen(Math.max(fractionDigits, decimals) - decimals), 'half-even');
    wasRounded = true;
  }
  if (count === 'NOT_A_NUMBER') return refusal('NUMBER_MALFORMED');
  if (count === 'TOO_MANY_DECIMALS') return refusal('NUMBER_TOO_PRECISE');
  if (count === 'OUT_OF_RANGE') return refusal('NUMBER_OUT_OF_RANGE');
  if (count < 0n && !mayBeNegative) return refusal('NUMBER_NEGATIVE');
  const value = Number(count);
  return Number.isSafeInteger(value) ? { value, wasRounded, code: null } : refusal('NUMBER_OUT_OF_RANGE');
}

/** Splits a line at its delimiters; texts in double quotes keep theirs. Spaces around a text are dropped. For headers and messages. */
export function splitLine(line: string, delimiter: string): readonly string[] {
  const fields: string[] = [];
  let at = 0;
  while (at <= line.length) {
    const quoted = line[at] === '"';
    const close = quoted ? line.indexOf('"', at + 1) : -1;
    const next = line.indexOf(delimiter, close < 0 ? at : close);
    const end = next < 0 ? line.length : next;
    fields.push(close > 0 ? line.slice(at + 1, close) : line.slice(at, end).trim());
    at = end + 1;
  }
  return fields;
}
