/** A spreadsheet takes a cell that begins so for a formula; the full-width forms count in some locales. Source: OWASP, CSV Injection. */
const FORMULA_START = /^[\s\p{Cc}]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/u;
/** A number is one, whatever its sign: columns of signed amounts stay numbers. */
const PLAIN_NUMBER = /^[+-]?\d{1,40}(\.\d{1,40})?$/;

/**
 * A text as a cell of a CSV file (RFC 4180) that no spreadsheet takes for a formula: those get an apostrophe before them.
 */
export function csvCell(text: string): string {
  const safe = FORMULA_START.test(text) && !PLAIN_NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
