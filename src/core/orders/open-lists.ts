import { assert } from '../../base/assert.ts';
import type { ClientOrderId } from '../../model/order.ts';
import { grown } from './grown-column.ts';

/** Doubly linked lists of order ids in two columns, one list per group; id 0 ends a list. */
export class OpenLists {
  readonly #first: Int32Array;
  readonly #last: Int32Array;
  readonly #count: Int32Array;
  #next: Int32Array;
  #previous: Int32Array;

  constructor(groupCount: number, rows: number) {
    this.#next = new Int32Array(rows);
    this.#previous = new Int32Array(rows);
    this.#first = new Int32Array(groupCount);
    this.#last = new Int32Array(groupCount);
    this.#count = new Int32Array(groupCount);
  }

  first(group: number): ClientOrderId {
    return this.#first[group]!;
  }

  next(id: ClientOrderId): ClientOrderId {
    return this.#next[id]!;
  }

  count(group: number): number {
    return this.#count[group]!;
  }

  append(group: number, id: ClientOrderId): void {
    const last = this.#last[group]!;
    if (last === 0) this.#first[group] = id;
    else this.#next[last] = id;
    this.#previous[id] = last;
    this.#next[id] = 0;
    this.#last[group] = id;
    this.#count[group]! += 1;
  }

  /** `next(id)` stays readable after the removal, so that a walk may remove where it stands. */
  remove(group: number, id: ClientOrderId): void {
    const next = this.#next[id]!;
    const previous = this.#previous[id]!;
    if (previous === 0) this.#first[group] = next;
    else this.#next[previous] = next;
    if (next === 0) this.#last[group] = previous;
    else this.#previous[next] = previous;
    this.#count[group]! -= 1;
  }

  /** By group: the ids in order. */
  saveState(): readonly Int32Array[] {
    return Array.from(this.#first, (first, group) => {
      const ids: ClientOrderId[] = [];
      for (let id = first; id !== 0; id = this.#next[id]!) ids.push(id);
      assert(ids.length === this.#count[group]!, 'a list holds as many orders as it counts');
      return Int32Array.from(ids);
    });
  }

  grow(rows: number): void {
    this.#next = grown(this.#next, new Int32Array(rows));
    this.#previous = grown(this.#previous, new Int32Array(rows));
  }
}
