import type { Price, Quantity } from '../../model/instrument.ts';
import type { ClientOrderId } from '../../model/order.ts';
import type { OrderTable } from './order-table.ts';

/**
 * A 53-bit fingerprint of what an approval is about: who, what, which side, how, how much, at which prices, until when.
 * Two murmur3 lanes (Appleby, public domain) over the 32-bit halves of each integer, so the same on every machine. It catches our own
 * mistakes; it is no defense against forgery.
 */
export function orderHash(table: OrderTable, id: ClientOrderId, orderQty: Quantity, limitPrice: Price, stopPrice: Price): number {
  FIELDS[0] = id;
  FIELDS[1] = table.strategy[id]!;
  FIELDS[2] = table.instrument[id]!;
  FIELDS[3] = table.side[id]!;
  FIELDS[4] = table.orderType[id]! * 65_536 + table.timeInForce[id]! * 256 + table.flags[id]!;
  FIELDS[5] = orderQty;
  FIELDS[6] = limitPrice;
  FIELDS[7] = stopPrice;
  FIELDS[8] = table.expireTs[id]!;
  FIELDS[9] = table.targetWeightPpb[id]!;
  let low = 0x9747b28c | 0;
  let high = 0x1b873593;
  // Both lanes in one walk: what a word is made of is the same for both.
  for (let field = 0; field < FIELDS.length; field += 1) {
    const value = FIELDS[field]!;
    const lower = scrambled(value | 0);
    const upper = scrambled(Math.floor(value / 4_294_967_296) | 0);
    low = mixed(mixed(low, lower), upper);
    high = mixed(mixed(high, lower), upper);
  }
  return finished(high) * 2 ** 21 + (finished(low) >>> 11);
}

/** What is hashed, laid out afresh at every call: an array of its own for each would be garbage. */
const FIELDS = new Float64Array(10);

function scrambled(word: number): number {
  const k = Math.imul(word, 0xcc9e2d51);
  return Math.imul((k << 15) | (k >>> 17), 0x1b873593);
}

function mixed(hash: number, word: number): number {
  const h = hash ^ word;
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

function finished(lane: number): number {
  let hash = lane ^ (lane >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
