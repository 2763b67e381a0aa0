/** Symbols that a message lists. */
export const SYMBOLS_SHOWN_MAX = 10;
/** Symbols that are counted for a message. */
export const SYMBOLS_COUNTED_MAX = 10_000;
/** Messages, or rows, that are looked at for further symbols once there is a second and none was chosen: what a file has need not be read to its end. */
export const SYMBOL_SEARCH_MAX = 10_000;

/**
 * `BTCUSDT, ETHUSDT`; the first ten of more, and how many more.
 *
 * @param isAll there are no others
 */
export function symbolsText(names: readonly string[], isAll: boolean): string {
  const shown = names.slice(0, SYMBOLS_SHOWN_MAX).join(', ');
  const count = names.length - SYMBOLS_SHOWN_MAX;
  return count <= 0 ? shown : `${shown} and ${isAll ? '' : 'at least '}${count} more`;
}
