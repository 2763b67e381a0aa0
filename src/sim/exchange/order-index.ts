import { type OrderPool, ROW_BITS } from '../../book/order-pool.ts';

/** Ids are kept in 32 bits. */
export const ID_MAX = 0x7fff_ffff;

/** Fields of {@link OrderPool.links} that the index uses: the order's id, and the next order whose id falls into the same bucket. */
export const ID = 2;
const NEXT_IN_BUCKET = 3;

const BUCKETS_FIRST = 2048;

/**
 * Finds the slot of an order by its id, a whole number from 1 to {@link ID_MAX}. A bucket is the first slot of a list that goes on through the
 * orders' own rows, which who looks for an order reads anyway. Ids are counted up, so that their lowest bits are spread as they are and lists
 * are short: there are at least twice as many buckets as orders.
 *
 * Hot: two lookups for an order's life (bench row matching/cpp).
 */
export class OrderIndex {
  private readonly pool: OrderPool;
  private buckets = new Int32Array(BUCKETS_FIRST);

  constructor(pool: OrderPool) {
    this.pool = pool;
  }

  /**
   * @param id not in the index yet
   * @param slot taken from the pool for it; all others that are taken have been added
   */
  add(id: number, slot: number): void {
    // There are at most as many orders as the highest slot that was ever taken.
    if (slot * 2 > this.buckets.length) this.grow();
    this.pool.links[(slot << ROW_BITS) | ID] = id;
    this.put(id, slot);
  }

  /** 0 where the id is not in the index. */
  get(id: number): number {
    const { links } = this.pool;
    const { buckets } = this;
    let slot = buckets[id & (buckets.length - 1)]!;
    while (slot !== 0 && links[(slot << ROW_BITS) | ID] !== id) slot = links[(slot << ROW_BITS) | NEXT_IN_BUCKET]!;
    return slot;
  }

  /** Forgets the id of an order that is in the index. */
  remove(slot: number): void {
    const { links } = this.pool;
    const { buckets } = this;
    const row = slot << ROW_BITS;
    const bucket = links[row | ID]! & (buckets.length - 1);
    const next = links[row | NEXT_IN_BUCKET]!;
    let before = buckets[bucket]!;
    if (before === slot) {
      buckets[bucket] = next;
      return;
    }
    while (links[(before << ROW_BITS) | NEXT_IN_BUCKET] !== slot) before = links[(before << ROW_BITS) | NEXT_IN_BUCKET]!;
    links[(before << ROW_BITS) | NEXT_IN_BUCKET] = next;
  }

  /** All ids, rising. Rare. */
  sortedIds(): readonly number[] {
    const { links } = this.pool;
    const ids: number[] = [];
    for (const first of this.buckets) {
      for (let slot = first; slot !== 0; slot = links[(slot << ROW_BITS) | NEXT_IN_BUCKET]!) ids.push(links[(slot << ROW_BITS) | ID]!);
    }
    return ids.sort((a, b) => a - b);
  }

  private put(id: number, slot: number): void {
    const { buckets } = this;
    const bucket = id & (buckets.length - 1);
    this.pool.links[(slot << ROW_BITS) | NEXT_IN_BUCKET] = buckets[bucket]!;
    buckets[bucket] = slot;
  }

  private grow(): void {
    const { links } = this.pool;
    const { buckets } = this;
    this.buckets = new Int32Array(buckets.length * 2);
    for (const first of buckets) {
      for (let slot = first; slot !== 0; ) {
        const next = links[(slot << ROW_BITS) | NEXT_IN_BUCKET]!;
        this.put(links[(slot << ROW_BITS) | ID]!, slot);
        slot = next;
      }
    }
  }
}
