import { ROW_BITS } from '../../book/order-pool.ts';
import { type ExchangeOrders, NEXT_OWNED, OWNER, PREVIOUS_OWNED } from './exchange-orders.ts';

/**
 * What owners hold by their trades here, and which of their orders may only reduce that. Owner 0 is nobody: its trades count for nothing.
 */
export class OwnerPositions {
  /** Signed lots by owner. */
  readonly position: Float64Array;
  private readonly orders: ExchangeOrders;
  /** First and last reduce-only order of each owner, 0 for none. */
  private readonly first: Int32Array;
  private readonly last: Int32Array;

  constructor(orders: ExchangeOrders, ownersMax: number) {
    this.orders = orders;
    this.position = new Float64Array(ownersMax + 1);
    this.first = new Int32Array(ownersMax + 1);
    this.last = new Int32Array(ownersMax + 1);
  }

  /** Lots that an order of this side can take off the owner's position. */
  reducible(owner: number, side: number): number {
    return Math.max(0, -side * this.position[owner]!);
  }

  hasReduceOnly(owner: number): boolean {
    return this.first[owner] !== 0;
  }

  firstReduceOnly(owner: number): number {
    return this.first[owner]!;
  }

  nextReduceOnly(slot: number): number {
    return this.orders.pool.links[(slot << ROW_BITS) | NEXT_OWNED]!;
  }

  /** A reduce-only order has come. */
  watch(slot: number): void {
    const { links } = this.orders.pool;
    const row = slot << ROW_BITS;
    const owner = links[row | OWNER]!;
    const last = this.last[owner]!;
    links[row | PREVIOUS_OWNED] = last;
    links[row | NEXT_OWNED] = 0;
    if (last === 0) this.first[owner] = slot;
    else links[(last << ROW_BITS) | NEXT_OWNED] = slot;
    this.last[owner] = slot;
  }

  /** A reduce-only order ends. */
  forget(slot: number): void {
    const { links } = this.orders.pool;
    const row = slot << ROW_BITS;
    const owner = links[row | OWNER]!;
    const next = links[row | NEXT_OWNED]!;
    const previous = links[row | PREVIOUS_OWNED]!;
    if (previous === 0) this.first[owner] = next;
    else links[(previous << ROW_BITS) | NEXT_OWNED] = next;
    if (next === 0) this.last[owner] = previous;
    else links[(next << ROW_BITS) | PREVIOUS_OWNED] = previous;
  }
}
