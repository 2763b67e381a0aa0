const DECIMALS_MIN = 2;
const DECIMALS_MAX = 6;

/** Decimals in which a share is shown as percent: two, and of less than 0.01 % as many as two digits that count need, at most six. */
export function percentDecimals(share: number): number {
  const percent = Math.abs(share * 100);
  if (!(percent > 0) || percent >= 0.01) return DECIMALS_MIN;
  return Math.min(DECIMALS_MAX, Math.ceil(-Math.log10(percent)) + 1);
}
