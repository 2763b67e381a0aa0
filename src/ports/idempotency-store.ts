export interface IdempotencyRecord {
  /** Who asked; two owners may use the same key. */
  readonly owner: string;
  readonly key: string;
  /** SHA-256 in hex of what was asked for. */
  readonly bodyHash: string;
  readonly tsCreated: number;
  /** JSON of the answer; null while the work is under way. */
  readonly outcome: string | null;
}

/** Where answers to repeated requests are kept. Whatever a call could not do for certain, it throws. */
export interface IdempotencyStore {
  /** Atomically. @returns the record that was there, or null where this one was stored */
  insertIfAbsent(record: IdempotencyRecord): Promise<IdempotencyRecord | null>;
  find(owner: string, key: string): Promise<IdempotencyRecord | null>;
  finish(owner: string, key: string, outcome: string): Promise<void>;
  /** Records of an owner that are kept. */
  count(owner: string): Promise<number>;
  /** Deletes records that were created before. */
  forget(tsCreatedBefore: number): Promise<void>;
}
