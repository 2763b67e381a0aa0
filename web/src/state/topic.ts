import { useSyncExternalStore } from 'react';

/** Topics that changed since the last frame. Listeners are told once per frame, however often a value moved in it. */
const dirty = new Set<Notified>();
let isAsked = false;

interface Notified {
  notify(): void;
}

function flush(): void {
  isAsked = false;
  const waiting = [...dirty];
  dirty.clear();
  for (const topic of waiting) topic.notify();
}

function ask(topic: Notified): void {
  dirty.add(topic);
  if (isAsked) return;
  isAsked = true;
  requestAnimationFrame(flush);
}

/** One value that components look at. */
export class Topic<T> {
  private current: T;
  private readonly listeners = new Set<() => void>();

  constructor(initial: T) {
    this.current = initial;
  }

  readonly get = (): T => this.current;

  set(value: T): void {
    if (Object.is(value, this.current)) return;
    this.current = value;
    ask(this);
  }

  update(change: (value: T) => T): void {
    this.set(change(this.current));
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  notify(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

/** Rows by key. `get` gives an array that stays the same until a row has changed. */
export class TableTopic<K, V> {
  readonly map = new Map<K, V>();
  private rows: readonly V[] = [];
  private isStale = false;
  private readonly listeners = new Set<() => void>();

  readonly get = (): readonly V[] => {
    if (this.isStale) {
      this.rows = [...this.map.values()];
      this.isStale = false;
    }
    return this.rows;
  };

  put(key: K, value: V): void {
    this.map.set(key, value);
    this.touch();
  }

  remove(key: K): void {
    if (this.map.delete(key)) this.touch();
  }

  replace(entries: Iterable<readonly [K, V]>): void {
    this.map.clear();
    for (const [key, value] of entries) this.map.set(key, value);
    this.touch();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  notify(): void {
    for (const listener of [...this.listeners]) listener();
  }

  private touch(): void {
    this.isStale = true;
    ask(this);
  }
}

interface Readable<T> {
  readonly get: () => T;
  readonly subscribe: (listener: () => void) => () => void;
}

export function useTopic<T>(topic: Readable<T>): T {
  return useSyncExternalStore(topic.subscribe, topic.get);
}
