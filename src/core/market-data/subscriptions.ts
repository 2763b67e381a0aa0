import type { BlockKind } from '../../model/blocks.ts';
import type { InstrumentIndex } from '../../model/instrument.ts';
import type { Strategy } from '../strategy/strategy.ts';

const NOBODY: readonly Strategy[] = [];

/** An instrument's rows of one kind, as one small number. */
export function streamKey(instrument: InstrumentIndex, kind: BlockKind): number {
  return instrument * 8 + kind;
}

/**
 * Who wants which stream. Lists are replaced, never changed in place: a handler may unsubscribe while its list is being walked, and the
 * change holds from the next step on.
 */
export class Subscriptions {
  /** By key; keys are small. */
  private readonly lists: (readonly Strategy[])[] = [];

  add(key: number, strategy: Strategy): void {
    const list = this.of(key);
    if (!list.includes(strategy)) this.put(key, [...list, strategy]);
  }

  /** Nothing happens where there is no such subscription, whatever the key. */
  remove(key: number, strategy: Strategy): void {
    const list = this.of(key);
    if (!list.includes(strategy)) return;
    this.put(
      key,
      list.filter((other) => other !== strategy),
    );
  }

  /** The strategy wants nothing any more. */
  removeAll(strategy: Strategy): void {
    this.lists.forEach((_, key) => {
      this.remove(key, strategy);
    });
  }

  replace(former: Strategy, next: Strategy): void {
    this.lists.forEach((list, key) => {
      this.put(
        key,
        list.map((strategy) => (strategy === former ? next : strategy)),
      );
    });
  }

  of(key: number): readonly Strategy[] {
    return this.lists[key] ?? NOBODY;
  }

  private put(key: number, list: readonly Strategy[]): void {
    while (this.lists.length <= key) this.lists.push(NOBODY);
    this.lists[key] = list;
  }
}
