import { assert } from '../../base/assert.ts';
import type { MarketBlock } from '../../model/blocks.ts';

/** Rows kept per instrument and kind, and per series of bars, unless the run says otherwise. */
export const HISTORY_ROWS_DEFAULT = 1024;

/**
 * The row being handled. Rows of `cursorBlock` from `cursorFrom` up to `cursorRow` are known but not yet copied: histories look at them in
 * place, so that nothing is copied per tick. A row after `cursorRow` cannot be asked for: that would be the future.
 */
export interface RowCursor {
  readonly cursorBlock: MarketBlock | null;
  readonly cursorFrom: number;
  readonly cursorRow: number;
}

/** Where the rows of a ring lie. The ring's storage is itself a block, so that a getter reads the same columns in both places. */
export class RingPosition {
  readonly capacity: number;
  /** Slot of the next row. */
  next = 0;
  /** Rows kept, at most `capacity`. */
  count = 0;

  constructor(capacity: number) {
    assert(Number.isInteger(capacity) && capacity >= 1, 'a history keeps at least one row');
    this.capacity = capacity;
  }

  /** Slot of the row `ago` rows before the newest kept. */
  slot(ago: number): number {
    const slot = this.next - 1 - ago;
    return slot < 0 ? slot + this.capacity : slot;
  }

  /** The first `count` slots are in use, the oldest row first. */
  reset(count: number): void {
    this.count = count;
    this.next = count % this.capacity;
  }

  advance(rows: number): void {
    this.next = (this.next + rows) % this.capacity;
    this.count = Math.min(this.capacity, this.count + rows);
  }
}

/** Copies rows [from, to) of a column, at most `capacity` of them, to slots from `at` on, wrapping. Hot: a leaf loop. */
export function copyColumn(source: Float64Array, from: number, to: number, ring: Float64Array, at: number, capacity: number): void {
  const head = Math.min(to, from + capacity - at);
  for (let row = from, slot = at; row < head; row += 1, slot += 1) ring[slot] = source[row]!;
  for (let row = head, slot = 0; row < to; row += 1, slot += 1) ring[slot] = source[row]!;
}

/** As {@link copyColumn}, for the aggressor's side; at most `capacity` rows. */
export function copySides(source: Int8Array, from: number, to: number, ring: Int8Array, at: number, capacity: number): void {
  for (let row = from, slot = at; row < to; row += 1) {
    ring[slot] = source[row]!;
    slot = slot + 1 === capacity ? 0 : slot + 1;
  }
}

/** Refuses rows that a history does not have: 0 is the newest, a negative number would be the future. */
export function checkAgo(ago: number, length: number): void {
  assert(Number.isInteger(ago) && ago >= 0 && ago < length, 'history is asked for a row it does not have: check length, 0 is the newest');
}
