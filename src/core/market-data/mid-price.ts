import type { Price } from '../../model/instrument.ts';

/**
 * Middle of bid and ask as a whole count: half an increment is rounded down, towards the bid. Written so that no sum passes 2^53.
 * Both sides must be present.
 */
export function midPrice(bid: Price, ask: Price): Price {
  return bid + Math.floor((ask - bid) * 0.5);
}
