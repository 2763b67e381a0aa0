import { hash, parseOptions, verify } from '@node-rs/argon2';
import { assert } from '../../base/assert.ts';
import type { Secret } from '../../base/secret.ts';

/** Hashes at a time: each takes 19 MiB and a core. */
const AT_ONCE = 2;
/** Hashes that wait for their turn; further ones are refused (AUTH_BUSY). */
export const HASHES_WAITING_MAX = 64;

export interface HashCost {
  readonly memoryKiB: number;
  readonly passes: number;
  readonly lanes: number;
}

/** Source: OWASP, Password Storage Cheat Sheet: argon2id with at least these. */
export const HASH_COST: HashCost = { memoryKiB: 19_456, passes: 2, lanes: 1 };

export class HasherBusyError extends Error {
  override readonly name = 'HasherBusyError';
}

/** What passwords are stored as. */
export interface PasswordHasher {
  hash(password: Secret): Promise<string>;
  verify(stored: string, password: Secret): Promise<boolean>;
  /** The stored hash is of less than the cost in force, or of another algorithm. */
  isOutdated(stored: string): boolean;
}

/** Argon2id in PHC form, which holds its parameters and a salt of 128 bits of chance. */
export class Argon2Hasher implements PasswordHasher {
  private readonly cost: HashCost;
  private running = 0;
  private readonly queue: (() => void)[] = [];

  constructor(cost: HashCost = HASH_COST) {
    const isEnough = cost.memoryKiB >= HASH_COST.memoryKiB && cost.passes >= HASH_COST.passes && cost.lanes >= HASH_COST.lanes;
    assert(isEnough, 'a password costs at least 19 MiB, two passes and one lane');
    this.cost = cost;
  }

  hash(password: Secret): Promise<string> {
    const { memoryKiB, passes, lanes } = this.cost;
    return this.inTurn(() => hash(normalized(password), { memoryCost: memoryKiB, timeCost: passes, parallelism: lanes, outputLen: 32 }));
  }

  verify(stored: string, password: Secret): Promise<boolean> {
    return this.inTurn(() => verify(stored, normalized(password)));
  }

  isOutdated(stored: string): boolean {
    if (!stored.startsWith('$argon2id$')) return true;
    const { memoryCost, timeCost, parallelism } = parseOptions(stored);
    return memoryCost < this.cost.memoryKiB || timeCost < this.cost.passes || parallelism < this.cost.lanes;
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= AT_ONCE) {
      if (this.queue.length >= HASHES_WAITING_MAX) throw new HasherBusyError('too many passwords are being hashed');
      await new Promise<void>((resolve) => this.queue.push(resolve));
    } else {
      this.running += 1;
    }
    try {
      return await work();
    } finally {
      // The place goes to whoever waits; nobody who comes now is before them.
      const next = this.queue.shift();
      if (next === undefined) this.running -= 1;
      else next();
    }
  }
}

/** The same password typed on another keyboard may come as other code points (NIST SP 800-63B, 3.1.1.2). */
function normalized(password: Secret): string {
  return password.reveal().normalize('NFKC');
}
