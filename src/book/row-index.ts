import { type OrderPool, ROW_BITS } from './order-pool.ts';
import { homeOf } from './id-index.ts';

/** Field of {@link OrderPool.numbers} that the index keeps: the venue's id of the order. */
export const ORDER_ID = 2;
/** Field of {@link OrderPool.links}: the next order whose id falls into the same bucket. */
const NEXT_IN_BUCKET = 2;

const BUCKETS_FIRST = 2048;

/**
 * Finds the slot of an order by the id that its venue gave it, any safe integer. A bucket is the first slot of a list that goes on through the orders' own
 * rows, which who looks for an order reads anyway; there are at least twice as many buckets as orders.
 *
 * Hot: every change of a book of orders asks once (bench row path/cpp).
 */
export class RowIndex {
  private readonly pool: OrderPool;
  private buckets = new Int32Array(BUCKETS_FIRST);
  private shift = Math.clz32(BUCKETS_FIRST - 1);

  constructor(pool: OrderPool) {
    this.pool = pool;
  }

  /** 0 where the id is not in the index. */
  get(id: number): number {
    const { numbers, links } = this.pool;
    let slot = this.buckets[homeOf(id, this.shift)]!;
    while (slot !== 0 && numbers[(slot << ROW_BITS) | ORDER_ID] !== id) slot = links[(slot << ROW_BITS) | NEXT_IN_BUCKET]!;
    return slot;
  }

  /**
   * @param id not in the index yet
   * @param slot taken from the pool for it; all others that are taken have been added
   */
  add(id: number, slot: number): void {
    // There are at most as many orders as the highest slot that was ever taken.
    if (slot * 2 > this.buckets.length) this.grow();
    this.pool.numbers[(slot << ROW_BITS) | ORDER_ID] = id;
    this.put(id, slot);
  }

  /** Forgets an order that is in the index. */
  remove(slot: number): void {
    const { numbers, links } = this.pool;
    const { buckets } = this;
    const row = slot << ROW_BITS;
    const bucket = homeOf(numbers[row | ORDER_ID]!, this.shift);
    const next = links[row | NEXT_IN_BUCKET]!;
    let before = buckets[bucket]!;
    if (before === slot) {
      buckets[bucket] = next;
      return;
    }
    while (links[(before << ROW_BITS) | NEXT_IN_BUCKET] !== slot) before = links[(before << ROW_BITS) | NEXT_IN_BUCKET]!;
    links[(before << ROW_BITS) | NEXT_IN_BUCKET] = next;
  }

  clear(): void {
    this.buckets.fill(0);
  }

  private put(id: number, slot: number): void {
    const { buckets } = this;
    const bucket = homeOf(id, this.shift);
    this.pool.links[(slot << ROW_BITS) | NEXT_IN_BUCKET] = buckets[bucket]!;
    buckets[bucket] = slot;
  }

  private grow(): void {
    const { numbers, links } = this.pool;
    const { buckets } = this;
    this.buckets = new Int32Array(buckets.length * 2);
    this.shift -= 1;
    for (const first of buckets) {
      for (let slot = first; slot !== 0; ) {
        const next = links[(slot << ROW_BITS) | NEXT_IN_BUCKET]!;
        this.put(numbers[(slot << ROW_BITS) | ORDER_ID]!, slot);
        slot = next;
      }
    }
  }
}
