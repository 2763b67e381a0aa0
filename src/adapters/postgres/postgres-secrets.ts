import { and, asc, eq, sql, type SQL } from 'drizzle-orm';
import type { MasterKeyState, SealedName, SealedSecret, SealedSecretStore, SecretBinding } from '../../ports/sealed-secret-store.ts';
import { MASTER_KEY, SECRETS } from './access-tables.ts';
import { jsonText } from './array-literal.ts';
import { answered, type Queries } from './queries.ts';
import type { SqlConnection, SqlRunner } from './sql-connection.ts';

/** Sealed secrets, and which master key seals them. The database holds no key that opens them. */
export class PostgresSecrets implements SealedSecretStore {
  readonly #queries: Queries;
  readonly #connection: SqlConnection;

  constructor(queries: Queries, connection: SqlConnection) {
    this.#queries = queries;
    this.#connection = connection;
  }

  async keyState(): Promise<MasterKeyState | null> {
    const rows = await answered(this.#queries.select().from(MASTER_KEY).where(eq(MASTER_KEY.number, 1)));
    if (rows[0] === undefined) return null;
    const { number: _, checks, ...rest } = rows[0];
    return { ...rest, checks: checks as MasterKeyState['checks'] };
  }

  /** Stores the state whose predecessor has a revision of one less (none for 1). @returns false, and nothing is stored, where that is not so */
  saveKeyState(state: MasterKeyState): Promise<boolean> {
    const values = [state.version, jsonText(state.checks), state.rotatingFrom, state.revision];
    return this.#connection.transaction(async (inside) => {
      await lockKeyState(inside);
      const { count } =
        state.revision === 1
          ? await inside.run(
              `insert into quanthybrid.master_key (number, version, checks, rotating_from, revision) values (1, $1, $2::jsonb, $3, $4)
               on conflict (number) do nothing`,
              values,
            )
          : await inside.run(
              `update quanthybrid.master_key set version = $1, checks = $2::jsonb, rotating_from = $3, revision = $4
               where number = 1 and revision = $4 - 1`,
              values,
            );
      return count === 1;
    });
  }

  async get(name: SecretBinding): Promise<SealedSecret | null> {
    return (await answered(this.#queries.select().from(SECRETS).where(isNamed(name))))[0] ?? null;
  }

  /**
   * Stores the secret whose predecessor has a revision of one less (none for 1) and whose master version is the one in force: or else a slow write would land
   * under a version that was retired meanwhile. @returns false, and nothing is stored, where that is not so
   */
  put(secret: SealedSecret): Promise<boolean> {
    const { userId, venue, keyId, masterVersion, wrappedKey, body, revision } = secret;
    const values = [userId, venue, keyId, masterVersion, wrappedKey, body, revision];
    return this.#connection.transaction(async (inside) => {
      await lockKeyState(inside);
      const { rows } = await inside.run('select version from quanthybrid.master_key where number = 1');
      if (rows.length === 0 || Number(rows[0]![0]) !== masterVersion) return false;
      const { count } =
        revision === 1
          ? await inside.run(
              `insert into quanthybrid.secrets (user_id, venue, key_id, master_version, wrapped_key, body, revision)
               values ($1, $2, $3, $4, $5, $6, $7) on conflict (user_id, venue, key_id) do nothing`,
              values,
            )
          : await inside.run(
              `update quanthybrid.secrets set master_version = $4, wrapped_key = $5, body = $6, revision = $7
               where user_id = $1 and venue = $2 and key_id = $3 and revision = $7 - 1`,
              values,
            );
      return count === 1;
    });
  }

  /** @returns false where there was none */
  async remove(name: SecretBinding): Promise<boolean> {
    return (await answered(this.#queries.delete(SECRETS).where(isNamed(name)).returning({ keyId: SECRETS.keyId }))).length === 1;
  }

  underVersion(masterVersion: number, countMax: number): Promise<readonly SealedSecret[]> {
    return answered(this.#queries.select().from(SECRETS).where(eq(SECRETS.masterVersion, masterVersion)).limit(countMax));
  }

  names(): Promise<readonly SealedName[]> {
    const { userId, venue, keyId, masterVersion, revision } = SECRETS;
    const query = this.#queries.select({ userId, venue, keyId, masterVersion, revision }).from(SECRETS);
    return answered(query.orderBy(asc(userId), asc(venue), asc(keyId)));
  }

  async count(): Promise<number> {
    const rows = await answered(this.#queries.select({ count: sql<string>`count(*)` }).from(SECRETS));
    return Number(rows[0]!.count);
  }
}

/** Changes of the master key and of what it seals take turns, also before there is a row to lock. The letters "QHMK". */
async function lockKeyState(inside: SqlRunner): Promise<void> {
  await inside.run(`select pg_advisory_xact_lock(${0x51484d4b})`);
}

function isNamed({ userId, venue, keyId }: SecretBinding): SQL | undefined {
  return and(eq(SECRETS.userId, userId), eq(SECRETS.venue, venue), eq(SECRETS.keyId, keyId));
}
