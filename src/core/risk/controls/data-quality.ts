import { durationText } from '../../../model/duration-text.ts';
import type { Assessment } from '../assessment.ts';
import { deny, type Control, type Denial } from '../control.ts';
import { onlyReduces } from './halts.ts';

/**
 * C-21: no order that opens or adds is decided while data of its instrument is missing, too old, or crossed, where the limits say so, nor ever while an
 * order book that a strategy looks at is worth nothing. What reduces passes: the way out must not hang on the feed. A fill is a fact and is not asked.
 */
export const DATA_QUALITY: Control = {
  id: 'C-21',
  name: 'stale or missing market data',
  codes: ['STALE_MARKET_DATA'],
  parameters: [
    'instruments.denyOnGap',
    'instruments.denyOnStale',
    'instruments.denyOnCrossed',
    'instruments.maxDataAge',
    'marketData.gapMax',
    'marketData.ageMax',
    'marketData.bookCrossedMax',
  ],
  onlyWith: null,
  check(a) {
    if (a.mode === 'FILL') return null;
    const denial = problem(a);
    return denial === null || onlyReduces(a) ? null : denial;
  },
};

function problem(a: Assessment): Denial | null {
  const { id, index } = a.instrument;
  const { denyOnGap, denyOnStale, denyOnCrossed, maxDataAgeUs } = a.limits.instrument(index);
  const { marketData } = a.world;
  if (denyOnGap === true && marketData.isGapped(index)) return refusal(`Market data is missing for ${id}`);
  if (maxDataAgeUs !== undefined && marketData.isStale(index, a.ts, maxDataAgeUs)) {
    const observed = durationText(marketData.ageUs(index, a.ts));
    return refusal(`The newest market data is too old for ${id}`, durationText(maxDataAgeUs), observed);
  }
  const unfit = marketData.unfitBookReason(index, a.ts);
  if (unfit !== null) return refusal(`The order book of ${id} ${unfit}`);
  if (denyOnStale === true && marketData.isStale(index, a.ts))
    return refusal(`The newest market data is older than marketData.ageMax for ${id}`);
  return denyOnCrossed === true && marketData.isCrossed(index) ? refusal(`The newest quote of ${id} is crossed or locked`) : null;
}

function refusal(what: string, limit = '', observed = ''): Denial {
  return deny('C-21', 'STALE_MARKET_DATA', `${what}: only orders that reduce the position pass.`, limit, observed);
}
