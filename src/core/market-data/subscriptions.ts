import type { InstrumentIndex } from '../../model/instrument.ts';
import type { Strategy } from '../strategy/strategy.ts';

const NOBODY: readonly Strategy[] = [];

/**
 * Who wants which stream. Lists are replaced, never changed in place: a handler may unsubscribe while its list is being walked, and the
 * change holds from the next step on.
 */
export class Subscriptions {
  private readonly lists = new Map<number, readonly Strategy[]>();

  add(key: number, strategy: Strategy): void {
    const list = this.of(key);
    if (!list.includes(strategy)) this.lists.set(key, [...list, strategy]);
  }

  remove(key: InstrumentIndex, strategy: Strategy): void {
    this.lists.set(
      key,
      this.of(key).filter((other) => other !== strategy),
    );
  }

  replace(former: Strategy, next: Strategy): void {
    for (const [key, list] of this.lists)
      this.lists.set(
        key,
        list.map((strategy) => (strategy === former ? next : strategy)),
      );
  }

  of(key: number): readonly Strategy[] {
    return this.lists.get(key) ?? NOBODY;
  }
}
