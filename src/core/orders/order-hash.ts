import type { Price, Quantity } from '../../model/instrument.ts';
import type { ClientOrderId } from '../../model/order.ts';
import type { OrderTable } from './order-table.ts';

/**
 * A 53-bit fingerprint of what an approval is about: who, what, which side, how, how much, at which prices, until when.
 * Two murmur3 lanes (Appleby, public domain) over the 32-bit halves of each integer, so the same on every machine. It catches our own
 * mistakes; it is no defense against forgery.
 */
export function orderHash(table: OrderTable, id: ClientOrderId, orderQty: Quantity, limitPrice: Price, stopPrice: Price): number {
  let low = lane(0x9747b28c, table, id, orderQty, limitPrice, stopPrice);
  const high = lane(0x1b873593, table, id, orderQty, limitPrice, stopPrice);
  low >>>= 11;
  return high * 2 ** 21 + low;
}

function lane(seed: number, table: OrderTable, id: ClientOrderId, orderQty: Quantity, limitPrice: Price, stopPrice: Price): number {
  let hash = mix(seed, id);
  hash = mix(hash, table.strategy[id]!);
  hash = mix(hash, table.instrument[id]!);
  hash = mix(hash, table.side[id]!);
  hash = mix(hash, table.orderType[id]! * 65_536 + table.timeInForce[id]! * 256 + table.flags[id]!);
  hash = mix(hash, orderQty);
  hash = mix(hash, limitPrice);
  hash = mix(hash, stopPrice);
  hash = mix(hash, table.expireTs[id]!);
  hash = mix(hash, table.targetWeightPpb[id]!);
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function mix(hash: number, value: number): number {
  return mix32(mix32(hash, value | 0), Math.floor(value / 4_294_967_296) | 0);
}

function mix32(hash: number, word: number): number {
  let k = Math.imul(word, 0xcc9e2d51);
  k = (k << 15) | (k >>> 17);
  const h = hash ^ Math.imul(k, 0x1b873593);
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}
