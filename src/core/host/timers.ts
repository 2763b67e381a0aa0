import { assert } from '../../base/assert.ts';

interface Timer {
  readonly ts: number;
  readonly sequence: number;
  readonly strategy: number;
  readonly name: string;
  readonly everyUs: number;
}

/** How many timers one strategy may have at a time; setting more is a refusal in words (docs/reference/limits.md). */
export const TIMERS_PER_STRATEGY_MAX = 1000;

/** Replaced and canceled timers leave the heap when they come to its top, or when there are more of them than of the others and this many. */
const HEAP_SLACK = 64;

/** The timers of all strategies, in order of (time, order of setting): a binary heap, and a name index for replacing and canceling. */
export class Timers {
  /** When the earliest fires; Infinity for none. */
  nextTs = Number.POSITIVE_INFINITY;
  private readonly heap: Timer[] = [];
  private readonly live = new Map<string, Timer>();
  private sequence = 0;

  /** Sets or replaces. `everyUs` 0 fires once; else again at each multiple of it since the epoch. */
  set(strategy: number, name: string, ts: number, everyUs: number): void {
    assert(Number.isSafeInteger(ts) && Number.isSafeInteger(everyUs) && everyUs >= 0, `timer "${name}": times are whole microseconds`);
    const timer = { ts, sequence: this.sequence, strategy, name, everyUs };
    this.sequence += 1;
    this.live.set(key(strategy, name), timer);
    if (this.heap.length >= 2 * this.live.size + HEAP_SLACK) this.dropReplaced();
    else this.push(timer);
    this.dropDead();
  }

  cancel(strategy: number, name: string): void {
    this.live.delete(key(strategy, name));
    this.dropDead();
  }

  cancelAll(strategy: number): void {
    for (const timer of this.save()) if (timer.strategy === strategy) this.cancel(strategy, timer.name);
  }

  has(strategy: number, name: string): boolean {
    return this.live.has(key(strategy, name));
  }

  /** Entries held, replaced and canceled ones included: at most twice the timers that live and {@link HEAP_SLACK}. */
  get entriesHeld(): number {
    return this.heap.length;
  }

  count(strategy: number): number {
    let count = 0;
    for (const timer of this.live.values()) if (timer.strategy === strategy) count += 1;
    return count;
  }

  /** Takes the earliest; an interval is set again for its next multiple. */
  take(): { readonly ts: number; readonly strategy: number; readonly name: string } {
    const timer = this.heap[0];
    assert(timer !== undefined, 'no timer is due');
    if (timer.everyUs > 0) {
      this.set(timer.strategy, timer.name, (Math.floor(timer.ts / timer.everyUs) + 1) * timer.everyUs, timer.everyUs);
    } else {
      this.cancel(timer.strategy, timer.name);
    }
    return timer;
  }

  save(): readonly Timer[] {
    return [...this.live.values()].sort(before);
  }

  load(timers: readonly Timer[]): void {
    this.heap.length = 0;
    this.live.clear();
    for (const timer of timers) this.set(timer.strategy, timer.name, timer.ts, timer.everyUs);
    this.dropDead();
  }

  /** Makes the heap anew of the timers that live, the newest included: a sorted list is a heap. */
  private dropReplaced(): void {
    this.heap.length = 0;
    this.heap.push(...this.save());
  }

  private dropDead(): void {
    let top = this.heap[0];
    while (top !== undefined && this.live.get(key(top.strategy, top.name)) !== top) {
      this.pop();
      top = this.heap[0];
    }
    this.nextTs = top === undefined ? Number.POSITIVE_INFINITY : top.ts;
  }

  private push(timer: Timer): void {
    const heap = this.heap;
    let child = heap.push(timer) - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (before(heap[parent]!, timer) <= 0) break;
      heap[child] = heap[parent]!;
      child = parent;
    }
    heap[child] = timer;
  }

  private pop(): void {
    const heap = this.heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let parent = 0;
    for (;;) {
      let child = 2 * parent + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!) < 0) child += 1;
      if (before(heap[child]!, last) >= 0) break;
      heap[parent] = heap[child]!;
      parent = child;
    }
    heap[parent] = last;
  }
}

function before(a: Timer, b: Timer): number {
  return a.ts === b.ts ? a.sequence - b.sequence : a.ts - b.ts;
}

function key(strategy: number, name: string): string {
  return `${strategy}/${name}`;
}
