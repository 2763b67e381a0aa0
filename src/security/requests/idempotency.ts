import type { Clock } from '../../ports/clock.ts';
import type { IdempotencyStore } from '../../ports/idempotency-store.ts';
import { sha256Hex } from '../chance.ts';
import { failClosed, granted, type Outcome, type Refusal, refused } from '../outcome.ts';

/** Idempotency keys remembered of one owner. */
export const IDEMPOTENCY_KEYS_MAX = 10_000;
export const IDEMPOTENCY_KEY_CHARACTERS_MAX = 128;
/** Microseconds that a key is remembered. */
const LIFE_US = 24 * 3600 * 1e6;
/** How often forgotten keys are deleted. */
const FORGET_EVERY_US = 60 * 1e6;

export interface OnceRequest {
  /** User, or API key. */
  readonly owner: string;
  readonly key: string;
  /** Method, path and body, as they came. */
  readonly body: string;
}

/**
 * Does what a request asks for once, however often it comes. The key is stored before the work begins: a crash in between leaves it pending, and the
 * request is never carried out a second time.
 */
export class Idempotency {
  private readonly store: IdempotencyStore;
  private readonly clock: Clock;
  private readonly report: (error: unknown) => void;
  private tsForgotten = Number.NEGATIVE_INFINITY;

  constructor(store: IdempotencyStore, clock: Clock, report: (error: unknown) => void) {
    this.store = store;
    this.clock = clock;
    this.report = report;
  }

  /**
   * @param work is called at most once per owner and key; its answer must be plain data. Where it throws, the key stays pending: nobody knows how far it came.
   * @returns the answer of the first time, or why not
   */
  once<T>(request: OnceRequest, work: () => Promise<T>): Promise<Outcome<T>> {
    return failClosed(this.report, () => this.decide(request, work));
  }

  private async decide<T>({ owner, key, body }: OnceRequest, work: () => Promise<T>): Promise<Outcome<T>> {
    if (!/^[\x21-\x7e]+$/.test(key) || key.length > IDEMPOTENCY_KEY_CHARACTERS_MAX) {
      return refused(
        'IDEMPOTENCY_KEY_INVALID',
        `An idempotency key has 1 to ${IDEMPOTENCY_KEY_CHARACTERS_MAX} printable ASCII characters.`,
      );
    }
    const tsCreated = this.clock.now();
    if (tsCreated - this.tsForgotten >= FORGET_EVERY_US) {
      this.tsForgotten = tsCreated;
      await this.store.forget(tsCreated - LIFE_US);
    }
    const bodyHash = sha256Hex(body);
    const isFull = (await this.store.count(owner)) >= IDEMPOTENCY_KEYS_MAX;
    const found = isFull
      ? await this.store.find(owner, key)
      : await this.store.insertIfAbsent({ owner, key, bodyHash, tsCreated, outcome: null });
    if (found !== null) {
      if (found.bodyHash !== bodyHash) return refused('IDEMPOTENCY_CONFLICT', 'This idempotency key came with another content before.');
      return found.outcome === null ? pending() : granted(JSON.parse(found.outcome) as T);
    }
    if (isFull) return refused('IDEMPOTENCY_FULL', `${IDEMPOTENCY_KEYS_MAX} idempotency keys are remembered already.`, LIFE_US);
    const answer = await work();
    await this.store.finish(owner, key, JSON.stringify(answer ?? null));
    return granted(answer);
  }
}

function pending(): Refusal {
  return refused('IDEMPOTENCY_PENDING', 'The request with this idempotency key has no outcome yet.');
}
