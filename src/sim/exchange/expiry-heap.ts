/** Times of orders that have ended may be so many at all events: a small book is not looked through at every order. */
const ENDED_SPARE = 64;

interface Expiry {
  readonly ts: number;
  readonly id: number;
}

/** Orders by when they expire, then by id: a binary heap. Orders that have ended stay until their time comes, unless they outnumber the others. */
export class ExpiryHeap {
  private heap: Expiry[] = [];

  /** When the earliest expires; Infinity for none. */
  get nextTs(): number {
    return this.heap[0]?.ts ?? Number.POSITIVE_INFINITY;
  }

  get length(): number {
    return this.heap.length;
  }

  /** More than half of them are of orders that have ended. @param ordersCount orders there are, with a time or without */
  isCrowded(ordersCount: number): boolean {
    return this.heap.length > 2 * ordersCount + ENDED_SPARE;
  }

  push(ts: number, id: number): void {
    const { heap } = this;
    const entry = { ts, id };
    let child = heap.push(entry) - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!isBefore(entry, heap[parent]!)) break;
      heap[child] = heap[parent]!;
      child = parent;
    }
    heap[child] = entry;
  }

  /** Takes the earliest out. @returns its id */
  pop(): number {
    const { heap } = this;
    const { id } = heap[0]!;
    const last = heap.pop()!;
    if (heap.length === 0) return id;
    let parent = 0;
    for (;;) {
      let child = 2 * parent + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
      if (!isBefore(heap[child]!, last)) break;
      heap[parent] = heap[child]!;
      parent = child;
    }
    heap[parent] = last;
    return id;
  }

  /** Keeps those only that still live. */
  keep(isAlive: (id: number) => boolean): void {
    // A sorted list is a heap.
    this.heap = this.heap.filter(({ id }) => isAlive(id)).sort((a, b) => (isBefore(a, b) ? -1 : 1));
  }
}

function isBefore(a: Expiry, b: Expiry): boolean {
  return a.ts < b.ts || (a.ts === b.ts && a.id < b.id);
}
