import type { BlockKind } from '../../model/blocks.ts';
import type { InstrumentIndex } from '../../model/instrument.ts';
import type { Strategy } from '../strategy/strategy.ts';

const NOBODY: readonly Strategy[] = [];

/** An instrument's rows of one kind, as one small number. */
export function streamKey(instrument: InstrumentIndex, kind: BlockKind): number {
  return instrument * 8 + kind;
}

/** By key: the numbers of the strategies, in the order of subscribing. */
export type SubscriptionsState = readonly (readonly number[])[];

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

  /** @param strategies of the run, in their order */
  saveState(strategies: readonly Strategy[]): SubscriptionsState {
    return this.lists.map((list) => list.map((strategy) => strategies.indexOf(strategy)));
  }

  loadState(state: SubscriptionsState, strategies: readonly Strategy[]): void {
    this.lists.length = 0;
    for (const list of state) this.lists.push(list.map((strategy) => strategies[strategy]!));
  }

  private put(key: number, list: readonly Strategy[]): void {
    while (this.lists.length <= key) this.lists.push(NOBODY);
    this.lists[key] = list;
  }
}
