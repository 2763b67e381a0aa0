import { and, asc, eq, isNull, lt, sql } from 'drizzle-orm';
import type { IdempotencyRecord, IdempotencyStore } from '../../ports/idempotency-store.ts';
import type { RefreshRecord, SessionRecord, SessionStore } from '../../ports/session-store.ts';
import { IDEMPOTENCY, REFRESH_TOKENS, SESSIONS } from './access-tables.ts';
import { answered, type Queries } from './queries.ts';
import type { SqlConnection } from './sql-connection.ts';

/** Sign-ins and the tokens that renew them. */
export class PostgresSignIns implements SessionStore {
  readonly #queries: Queries;
  readonly #connection: SqlConnection;

  constructor(queries: Queries, connection: SqlConnection) {
    this.#queries = queries;
    this.#connection = connection;
  }

  async insert(session: SessionRecord): Promise<void> {
    await answered(this.#queries.insert(SESSIONS).values(session));
  }

  async byId(sessionId: string): Promise<SessionRecord | null> {
    return (await answered(this.#queries.select().from(SESSIONS).where(eq(SESSIONS.sessionId, sessionId))))[0] ?? null;
  }

  /** Those that have not ended, the oldest first. */
  living(userId: string | null): Promise<readonly SessionRecord[]> {
    const isLiving = and(isNull(SESSIONS.endReason), userId === null ? undefined : eq(SESSIONS.userId, userId));
    return answered(this.#queries.select().from(SESSIONS).where(isLiving).orderBy(asc(SESSIONS.tsCreated), asc(SESSIONS.sessionId)));
  }

  async touch(sessionId: string, tsUsed: number): Promise<void> {
    await answered(this.#queries.update(SESSIONS).set({ tsUsed }).where(eq(SESSIONS.sessionId, sessionId)));
  }

  /** @returns false where it is unknown or had ended */
  async end(sessionId: string, endReason: string): Promise<boolean> {
    const isLiving = and(eq(SESSIONS.sessionId, sessionId), isNull(SESSIONS.endReason));
    const ended = await answered(
      this.#queries.update(SESSIONS).set({ endReason }).where(isLiving).returning({ sessionId: SESSIONS.sessionId }),
    );
    return ended.length === 1;
  }

  async insertRefresh(token: RefreshRecord): Promise<void> {
    await answered(this.#queries.insert(REFRESH_TOKENS).values(token));
  }

  /** Marks the token as spent; of two calls at once one sees it unspent. @returns what it was before, null where it is unknown */
  async spendRefresh(tokenHash: string): Promise<RefreshRecord | null> {
    const isUnspent = and(eq(REFRESH_TOKENS.tokenHash, tokenHash), eq(REFRESH_TOKENS.isSpent, false));
    const spent = await answered(
      this.#queries.update(REFRESH_TOKENS).set({ isSpent: true }).where(isUnspent).returning({ sessionId: REFRESH_TOKENS.sessionId }),
    );
    if (spent[0] !== undefined) return { tokenHash, sessionId: spent[0].sessionId, isSpent: false };
    return (await answered(this.#queries.select().from(REFRESH_TOKENS).where(eq(REFRESH_TOKENS.tokenHash, tokenHash))))[0] ?? null;
  }

  /** Deletes ended sessions that were created before, with their tokens. */
  async forgetEnded(tsCreatedBefore: number): Promise<void> {
    await this.#connection.transaction(async (inside) => {
      await inside.run(
        `delete from quanthybrid.refresh_tokens where session_id in
           (select session_id from quanthybrid.sessions where ts_created < $1 and end_reason is not null)`,
        [tsCreatedBefore],
      );
      await inside.run('delete from quanthybrid.sessions where ts_created < $1 and end_reason is not null', [tsCreatedBefore]);
    });
  }
}

/** Answers to requests that may come again. */
export class PostgresIdempotency implements IdempotencyStore {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  /** @returns the record that was there, or null where this one was stored */
  async insertIfAbsent(record: IdempotencyRecord): Promise<IdempotencyRecord | null> {
    // A record that is forgotten between the two statements: the second round stores ours.
    for (;;) {
      const stored = await answered(
        this.#queries.insert(IDEMPOTENCY).values(record).onConflictDoNothing().returning({ key: IDEMPOTENCY.key }),
      );
      if (stored.length === 1) return null;
      const found = await this.find(record.owner, record.key);
      if (found !== null) return found;
    }
  }

  async find(owner: string, key: string): Promise<IdempotencyRecord | null> {
    const isIt = and(eq(IDEMPOTENCY.owner, owner), eq(IDEMPOTENCY.key, key));
    return (await answered(this.#queries.select().from(IDEMPOTENCY).where(isIt)))[0] ?? null;
  }

  async finish(owner: string, key: string, outcome: string): Promise<void> {
    await answered(
      this.#queries
        .update(IDEMPOTENCY)
        .set({ outcome })
        .where(and(eq(IDEMPOTENCY.owner, owner), eq(IDEMPOTENCY.key, key))),
    );
  }

  async count(owner: string): Promise<number> {
    const rows = await answered(
      this.#queries.select({ count: sql<string>`count(*)` }).from(IDEMPOTENCY).where(eq(IDEMPOTENCY.owner, owner)),
    );
    return Number(rows[0]!.count);
  }

  async forget(tsCreatedBefore: number): Promise<void> {
    await answered(this.#queries.delete(IDEMPOTENCY).where(lt(IDEMPOTENCY.tsCreated, tsCreatedBefore)));
  }
}
