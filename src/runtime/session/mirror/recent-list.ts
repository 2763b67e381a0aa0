import type { Numbered, PageOf, PageRequest } from '../../../ports/session-view.ts';

/** The items are not copied: they do not change. */
export interface RecentListState<T> {
  readonly count: number;
  /** Oldest first. */
  readonly items: readonly T[];
}

/** The newest of a kind of thing, numbered from 1 in the order in which they came. Each takes the place of the oldest, so that a full list stays as large as it is. */
export class RecentList<T> {
  /** How many there have been. */
  count = 0;
  private readonly countMax: number;
  /** A ring: number n lies at (n − 1) modulo the bound. */
  private readonly items: T[] = [];

  constructor(countMax: number) {
    this.countMax = countMax;
  }

  push(item: T): void {
    this.items[this.count % this.countMax] = item;
    this.count += 1;
  }

  saveState(): RecentListState<T> {
    return { count: this.count, items: this.newest(this.countMax) };
  }

  /** Of an empty list. */
  loadState({ count, items }: RecentListState<T>): void {
    // Where the oldest lies: at the beginning until the ring is full.
    const oldest = count > items.length ? count % items.length : 0;
    for (let place = 0; place < items.length; place += 1) this.items.push(items[(place - oldest + items.length) % items.length]!);
    this.count = count;
  }

  /** Newest first. */
  page({ before, limit }: PageRequest, matches: (item: T) => boolean = () => true): PageOf<Numbered<T>> {
    const found: Numbered<T>[] = [];
    const first = this.count - this.items.length + 1;
    let sequence = Math.min(this.count, (before ?? Number.POSITIVE_INFINITY) - 1);
    for (; sequence >= first && found.length < limit; sequence -= 1) {
      const item = this.items[(sequence - 1) % this.countMax]!;
      if (matches(item)) found.push({ sequence, item });
    }
    return { items: found, before: sequence >= first ? sequence + 1 : null };
  }

  /** The newest, oldest first. */
  newest(limit: number): readonly T[] {
    const length = Math.min(limit, this.items.length);
    return Array.from({ length }, (_, at) => this.items[(this.count - length + at) % this.countMax]!);
  }
}
