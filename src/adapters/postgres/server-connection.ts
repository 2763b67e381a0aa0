import pg from 'pg';
import { databaseError } from './database-error.ts';
import type { ServerSettings } from './database-settings.ts';
import type { SqlConnection, SqlResult, SqlRunner, SqlValue } from './sql-connection.ts';

/** Connections of one process to the server. Whoever comes when all are busy waits for one. */
export const DATABASE_CONNECTIONS_MAX = 8;
/** Milliseconds that a connection may take, a wait for a free one included; then DATABASE_UNREACHABLE. */
export const DATABASE_CONNECT_MS_MAX = 10_000;
/** Milliseconds that an unused connection is kept. */
const IDLE_MS = 30_000;
/** Beyond the server's own timeout: for a server that does not answer at all. */
const ANSWER_GRACE_MS = 5_000;

/** A PostgreSQL server through a pool. Statements that take too long are given up by the server, and by us where it does not answer. */
export class ServerConnection implements SqlConnection {
  readonly kind = 'SERVER';
  readonly place: string;
  readonly #pool: pg.Pool;

  constructor(settings: ServerSettings) {
    this.place = settings.place;
    this.#pool = new pg.Pool({
      connectionString: settings.url,
      ssl: settings.tls ?? false,
      max: DATABASE_CONNECTIONS_MAX,
      connectionTimeoutMillis: DATABASE_CONNECT_MS_MAX,
      idleTimeoutMillis: IDLE_MS,
      statement_timeout: settings.statementTimeoutMs,
      lock_timeout: settings.statementTimeoutMs,
      idle_in_transaction_session_timeout: settings.statementTimeoutMs,
      query_timeout: settings.statementTimeoutMs + ANSWER_GRACE_MS,
      application_name: 'quanthybrid',
      keepAlive: true,
    });
    // A connection that breaks while nobody uses it: the pool drops it, and the next statement gets a new one.
    this.#pool.on('error', () => {});
  }

  async run(text: string, values: readonly SqlValue[] = []): Promise<SqlResult> {
    try {
      return await send(this.#pool, text, values);
    } catch (cause) {
      throw databaseError(cause, this.place);
    }
  }

  async transaction<T>(work: (inside: SqlRunner) => Promise<T>): Promise<T> {
    let client: pg.PoolClient;
    try {
      client = await this.#pool.connect();
    } catch (cause) {
      throw databaseError(cause, this.place);
    }
    // Without a listener a break between two statements would end the process; the next statement tells of it.
    const ignore = (): void => {};
    client.on('error', ignore);
    let broken = true;
    try {
      await send(client, 'begin', []);
      const result = await this.#tryWork(client, work);
      broken = false;
      return result;
    } catch (cause) {
      throw databaseError(cause, this.place);
    } finally {
      client.off('error', ignore);
      // A connection whose transaction failed is not handed to the next: whatever state it is in ends with it.
      client.release(broken);
    }
  }

  async #tryWork<T>(client: pg.PoolClient, work: (inside: SqlRunner) => Promise<T>): Promise<T> {
    const result = await work({ run: (text, values = []) => send(client, text, values) });
    await send(client, 'commit', []);
    return result;
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }
}

async function send(to: pg.Pool | pg.PoolClient, text: string, values: readonly SqlValue[]): Promise<SqlResult> {
  const { rows, rowCount } = await to.query<unknown[]>({ text, values: [...values], rowMode: 'array' });
  return { rows: rows ?? [], count: rowCount ?? 0 };
}
