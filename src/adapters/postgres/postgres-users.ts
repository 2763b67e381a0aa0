import { and, asc, eq } from 'drizzle-orm';
import type { ApiKeyRecord, ApiKeyStore } from '../../ports/api-key-store.ts';
import type { UserRecord, UserStore } from '../../ports/user-store.ts';
import { API_KEYS, USERS } from './access-tables.ts';
import { answered, type Queries } from './queries.ts';

/** Users. A change names the revision that it was made from, so that of two at once one fails. */
export class PostgresUsers implements UserStore {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  async byId(userId: string): Promise<UserRecord | null> {
    return (await answered(this.#queries.select().from(USERS).where(eq(USERS.userId, userId))))[0] ?? null;
  }

  async byName(name: string): Promise<UserRecord | null> {
    return (await answered(this.#queries.select().from(USERS).where(eq(USERS.name, name))))[0] ?? null;
  }

  all(): Promise<readonly UserRecord[]> {
    return answered(this.#queries.select().from(USERS).orderBy(asc(USERS.name)));
  }

  /** @returns false, and nothing is stored, where id or name are taken */
  async insert(user: UserRecord): Promise<boolean> {
    const stored = await answered(
      this.#queries.insert(USERS).values(rowOf(user)).onConflictDoNothing().returning({ userId: USERS.userId }),
    );
    return stored.length === 1;
  }

  /** Replaces the record whose revision is one less. @returns false, and nothing is stored, where there is none */
  async replace(user: UserRecord): Promise<boolean> {
    const isFormer = and(eq(USERS.userId, user.userId), eq(USERS.revision, user.revision - 1));
    const stored = await answered(this.#queries.update(USERS).set(rowOf(user)).where(isFormer).returning({ userId: USERS.userId }));
    return stored.length === 1;
  }
}

function rowOf(user: UserRecord): typeof USERS.$inferInsert {
  return { ...user, recoveryHashes: [...user.recoveryHashes], knownAddresses: [...user.knownAddresses] };
}

/** API keys. */
export class PostgresApiKeys implements ApiKeyStore {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  async insert(key: ApiKeyRecord): Promise<void> {
    await answered(this.#queries.insert(API_KEYS).values({ ...key, scopes: [...key.scopes], addresses: [...key.addresses] }));
  }

  async byId(keyId: string): Promise<ApiKeyRecord | null> {
    return (await answered(this.#queries.select().from(API_KEYS).where(eq(API_KEYS.keyId, keyId))))[0] ?? null;
  }

  ofUser(userId: string): Promise<readonly ApiKeyRecord[]> {
    const query = this.#queries.select().from(API_KEYS).where(eq(API_KEYS.userId, userId));
    return answered(query.orderBy(asc(API_KEYS.tsCreated), asc(API_KEYS.keyId)));
  }

  async markUsed(keyId: string, tsUsed: number, address: string): Promise<void> {
    await answered(this.#queries.update(API_KEYS).set({ tsUsed, addressUsed: address }).where(eq(API_KEYS.keyId, keyId)));
  }

  /** @returns false where it is unknown or was revoked before */
  async revoke(keyId: string): Promise<boolean> {
    const isGood = and(eq(API_KEYS.keyId, keyId), eq(API_KEYS.isRevoked, false));
    const revoked = await answered(
      this.#queries.update(API_KEYS).set({ isRevoked: true }).where(isGood).returning({ keyId: API_KEYS.keyId }),
    );
    return revoked.length === 1;
  }
}
