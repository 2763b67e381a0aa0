/** Symbols that a message lists. */
export const SYMBOLS_SHOWN_MAX = 20;

/**
 * `BTCUSDT, ETHUSDT`; the first twenty of more.
 *
 * @param isAll there are no others
 */
export function symbolsText(names: readonly string[], isAll: boolean): string {
  const shown = names.slice(0, SYMBOLS_SHOWN_MAX).join(', ');
  const count = names.length - SYMBOLS_SHOWN_MAX;
  return count <= 0 ? shown : `${shown} and ${isAll ? `${count} ` : ''}more`;
}
