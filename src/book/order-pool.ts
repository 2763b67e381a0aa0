import { assert } from '../base/assert.ts';

/** Numbers and links of an order: 2 to this power each, so that an order's numbers fill one cache line and its links half of one. */
export const ROW_BITS = 3;
/** Fields of {@link OrderPool.numbers} that ladders use; the others are for who keeps the pool. */
export const KEY = 0;
export const QUANTITY = 1;
/** Fields of {@link OrderPool.links} that ladders use; the others are for who keeps the pool. */
export const NEXT = 0;
export const PREVIOUS = 1;

const SLOTS_FIRST = 1024;

/**
 * Orders of books, and of what waits for a price, as rows of numbers and of links. A slot is an integer handle above 0, reused after
 * {@link release}; 0 stands for none; its row begins at `slot << ROW_BITS`. Queues of one price are linked through `NEXT` and `PREVIOUS` by the
 * ladder that holds the order.
 *
 * Hot: an order that rests costs a few stores into two cache lines (bench row matching/cpp). Who works on the arrays reads them anew after
 * {@link take}, which may replace them.
 */
export class OrderPool {
  /** `KEY`: where the order stands in its ladder; `QUANTITY`: lots that the book shows of it. */
  numbers = new Float64Array(SLOTS_FIRST << ROW_BITS);
  links = new Int32Array(SLOTS_FIRST << ROW_BITS);
  /** Slots in use. */
  count = 0;
  private readonly ordersMax: number;
  private capacity = SLOTS_FIRST;
  /** Released slots, linked through `NEXT`. */
  private firstFree = 0;
  /** The slots from here on were never used. */
  private fresh = 1;

  /** @param ordersMax orders at once; who asks for more looks at {@link isFull} first */
  constructor(ordersMax: number) {
    this.ordersMax = ordersMax;
  }

  get isFull(): boolean {
    return this.count >= this.ordersMax;
  }

  /** A slot that nobody has, with what the last order left in it. */
  take(): number {
    this.count += 1;
    const free = this.firstFree;
    if (free !== 0) {
      this.firstFree = this.links[(free << ROW_BITS) | NEXT]!;
      return free;
    }
    if (this.count > this.ordersMax) assert(false, 'whoever takes a slot has asked whether the pool is full');
    if (this.fresh === this.capacity) this.grow();
    const slot = this.fresh;
    this.fresh = slot + 1;
    return slot;
  }

  /** The order is in no ladder any more. */
  release(slot: number): void {
    this.links[(slot << ROW_BITS) | NEXT] = this.firstFree;
    this.firstFree = slot;
    this.count -= 1;
  }

  private grow(): void {
    this.capacity *= 2;
    const { numbers, links } = this;
    this.numbers = new Float64Array(this.capacity << ROW_BITS);
    this.numbers.set(numbers);
    this.links = new Int32Array(this.capacity << ROW_BITS);
    this.links.set(links);
  }
}
