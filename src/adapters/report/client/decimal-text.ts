/**
 * A decimal as people read it: fixed decimals (half away from zero), thin spaces between thousands, a true minus sign.
 * What is no plain decimal comes back unchanged. Exact at any length: money is not squeezed through a double.
 *
 * Closed: its compiled text is part of the page (see client-script.ts).
 */
export function decimalText(text: string, decimals: number, isSigned: boolean): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (match === null) return text;
  const fraction = match[3] ?? '';
  let count = BigInt(match[2] + fraction.slice(0, decimals).padEnd(decimals, '0'));
  if (fraction.charCodeAt(decimals) >= 53) count += 1n; // '5'
  const digits = count.toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals).replace(/\B(?=(\d{3})+$)/g, '\u202f');
  const sign = count === 0n ? '' : match[1] === '-' ? '\u2212' : isSigned ? '+' : '';
  return sign + whole + (decimals > 0 ? `.${digits.slice(digits.length - decimals)}` : '');
}
