import type { Numbered, PageOf, PageRequest } from '../../../ports/session-view.ts';

/** The items are not copied: they do not change. */
export interface RecentListState<T> {
  readonly count: number;
  /** Oldest first. */
  readonly items: readonly T[];
}

/** The newest of a kind of thing, numbered from 1 in the order in which they came; the oldest gives way. */
export class RecentList<T> {
  /** How many there have been. */
  count = 0;
  private readonly countMax: number;
  private items: T[] = [];

  constructor(countMax: number) {
    this.countMax = countMax;
  }

  push(item: T): void {
    this.items.push(item);
    this.count += 1;
    // Twice the bound at most, so that cutting costs nothing on average.
    if (this.items.length >= 2 * this.countMax) this.items = this.items.slice(-this.countMax);
  }

  saveState(): RecentListState<T> {
    return { count: this.count, items: this.items.slice(-this.countMax) };
  }

  loadState({ count, items }: RecentListState<T>): void {
    this.count = count;
    this.items = [...items];
  }

  /** Newest first. */
  page({ before, limit }: PageRequest, matches: (item: T) => boolean = () => true): PageOf<Numbered<T>> {
    const found: Numbered<T>[] = [];
    const first = this.count - Math.min(this.items.length, this.countMax) + 1;
    let sequence = Math.min(this.count, (before ?? Number.POSITIVE_INFINITY) - 1);
    for (; sequence >= first && found.length < limit; sequence -= 1) {
      const item = this.items[this.items.length - 1 - (this.count - sequence)]!;
      if (matches(item)) found.push({ sequence, item });
    }
    return { items: found, before: sequence >= first ? sequence + 1 : null };
  }

  /** The newest, oldest first. */
  newest(limit: number): readonly T[] {
    return this.items.slice(-Math.min(limit, this.countMax));
  }
}
