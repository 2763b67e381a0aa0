import type { Price, Quantity } from '../../model/instrument.ts';
import type { ClientOrderId } from '../../model/order.ts';
import type { OrderTable } from './order-table.ts';

/** What is hashed, laid out afresh at every call: what the table keeps in 32 bits is one word, what it keeps in doubles is two. */
const WORDS = new Int32Array(14);
const DOUBLES = new Float64Array(WORDS.buffer, 16);

/**
 * A 53-bit fingerprint of what an approval is about: who, what, which side, how, how much, at which prices, until when.
 * Two murmur3 lanes (Appleby, public domain) over the words of the order, good within a run. It catches our own mistakes; it is no defense
 * against forgery. Hot: twice for every order.
 */
export function orderHash(table: OrderTable, id: ClientOrderId, orderQty: Quantity, limitPrice: Price, stopPrice: Price): number {
  WORDS[0] = id;
  WORDS[1] = table.strategy[id]!;
  WORDS[2] = table.instrument[id]!;
  // A byte each.
  WORDS[3] = ((table.side[id]! + 1) << 24) | (table.orderType[id]! << 16) | (table.timeInForce[id]! << 8) | table.flags[id]!;
  DOUBLES[0] = orderQty;
  DOUBLES[1] = limitPrice;
  DOUBLES[2] = stopPrice;
  DOUBLES[3] = table.expireTs[id]!;
  DOUBLES[4] = table.targetWeightPpb[id]!;
  let low = 0x9747b28c | 0;
  let high = 0x1b873593;
  // Both lanes in one walk: what a word is made of is the same for both.
  for (let at = 0; at < WORDS.length; at += 1) {
    const word = scrambled(WORDS[at]!);
    low = mixed(low, word);
    high = mixed(high, word);
  }
  return finished(high) * 2 ** 21 + (finished(low) >>> 11);
}

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
