import { deny, type Control } from '../control.ts';
import { onlyReduces } from './halts.ts';

/**
 * C-21: no order that opens or adds is decided while data of its instrument is missing or too old, where the limits say so, nor ever while an order
 * book that a strategy looks at is worth nothing. What reduces passes: the way out must not hang on the feed. A fill is a fact and is not asked.
 */
export const DATA_QUALITY: Control = {
  id: 'C-21',
  name: 'stale or missing market data',
  codes: ['STALE_MARKET_DATA'],
  parameters: ['instruments.denyOnGap', 'instruments.denyOnStale', 'marketData.gapMax', 'marketData.ageMax', 'marketData.bookCrossedMax'],
  onlyWith: null,
  check(a) {
    if (a.mode === 'FILL') return null;
    const { id, index } = a.instrument;
    const { denyOnGap, denyOnStale } = a.limits.instrument(index);
    const { marketData } = a.world;
    const isGapped = denyOnGap === true && marketData.isGapped(index);
    const isBad = isGapped || (denyOnStale === true && marketData.isStale(index, a.ts));
    const unfit = marketData.unfitBookReason(index, a.ts);
    if ((!isBad && unfit === null) || onlyReduces(a)) return null;
    const what = isGapped
      ? `Market data is missing for ${id}`
      : unfit === null
        ? `The newest market data is older than marketData.ageMax for ${id}`
        : `The order book of ${id} ${unfit}`;
    return deny('C-21', 'STALE_MARKET_DATA', `${what}: only orders that reduce the position pass.`);
  },
};
