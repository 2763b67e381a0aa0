import { WorldError } from '../../ports/errors.ts';
import type { DatabaseSettings } from './database-settings.ts';
import { EmbeddedConnection } from './embedded-connection.ts';
import { assertMigrated, grantStatements, migrate, type MigrationState, migrationState } from './migrate.ts';
import { PostgresAudit } from './postgres-audit.ts';
import { PostgresRecords } from './postgres-records.ts';
import { PostgresSecrets } from './postgres-secrets.ts';
import { PostgresSessions } from './postgres-sessions.ts';
import { PostgresIdempotency, PostgresSignIns } from './postgres-sign-ins.ts';
import { PostgresApiKeys, PostgresUsers } from './postgres-users.ts';
import { ServerConnection } from './server-connection.ts';
import { queriesOn } from './queries.ts';
import type { SqlConnection } from './sql-connection.ts';

/** How a database stands. */
export interface DatabaseStatus {
  readonly kind: 'EMBEDDED' | 'SERVER';
  readonly place: string;
  /** As the server says it: `15.20`. */
  readonly serverVersion: string;
  readonly migrations: MigrationState;
  readonly runs: readonly RunStatus[];
}

interface RunStatus {
  readonly runId: string;
  readonly name: string;
  readonly kind: string;
  readonly status: string;
  /** Journal number up to which it is stored; null for backtests, which have no journal. */
  readonly sequence: number | null;
  readonly ts: number | null;
}

/** Runs that a status lists, the newest first. */
export const STATUS_RUNS_MAX = 100;

/**
 * The database: one set of tables, embedded (PGlite) or on a PostgreSQL server.
 *
 * What can be retried is told by `retryable` of the WorldError. Nothing is retried in here but a read whose connection had died while it lay unused:
 * who writes decides how long to wait, and writes twice without harm.
 */
export class DatabaseManager {
  readonly connection: SqlConnection;
  /** Sessions write here. */
  readonly sessions: PostgresSessions;
  /** What has happened in them. */
  readonly records: PostgresRecords;
  readonly users: PostgresUsers;
  readonly apiKeys: PostgresApiKeys;
  readonly signIns: PostgresSignIns;
  readonly secrets: PostgresSecrets;
  readonly idempotency: PostgresIdempotency;
  readonly audit: PostgresAudit;

  private constructor(connection: SqlConnection) {
    const queries = queriesOn(connection);
    this.connection = connection;
    this.sessions = new PostgresSessions(connection);
    this.records = new PostgresRecords(queries);
    this.users = new PostgresUsers(queries);
    this.apiKeys = new PostgresApiKeys(queries);
    this.signIns = new PostgresSignIns(queries, connection);
    this.secrets = new PostgresSecrets(queries, connection);
    this.idempotency = new PostgresIdempotency(queries);
    this.audit = new PostgresAudit(queries, connection);
  }

  /** Opens the database without looking at its tables. @throws InputError, WorldError */
  static async connect(settings: DatabaseSettings): Promise<DatabaseManager> {
    if (settings.kind === 'EMBEDDED') return DatabaseManager.on(await EmbeddedConnection.open(settings.folder));
    const connection = new ServerConnection(settings);
    try {
      await connection.run('select 1');
    } catch (error) {
      await connection.close();
      throw error;
    }
    return DatabaseManager.on(connection);
  }

  static on(connection: SqlConnection): DatabaseManager {
    return new DatabaseManager(connection);
  }

  /**
   * As {@link connect}, for a running system: the tables must be there, the embedded database brings its own level, and live trading takes a server only.
   *
   * @throws WorldError DATABASE_NOT_MIGRATED, DATABASE_EMBEDDED_ONLY_PAPER
   */
  static async open(settings: DatabaseSettings, mode: 'PAPER' | 'LIVE'): Promise<DatabaseManager> {
    if (mode === 'LIVE' && settings.kind === 'EMBEDDED')
      throw new WorldError('DATABASE_EMBEDDED_ONLY_PAPER', 'Live trading needs a PostgreSQL server.', { retryable: false });
    const manager = await DatabaseManager.connect(settings);
    try {
      if (settings.kind === 'EMBEDDED') await manager.migrate();
      else await assertMigrated(manager.connection);
    } catch (error) {
      await manager.close();
      throw error;
    }
    return manager;
  }

  /** @returns the names of what was carried out. @throws WorldError DATABASE_NEWER, DATABASE_MIGRATION_CHANGED */
  migrate(): Promise<readonly string[]> {
    return migrate(this.connection);
  }

  /** Gives a role of the server the rights that the running program needs, and no more. */
  async grant(role: string): Promise<void> {
    await this.connection.transaction(async (inside) => {
      for (const statement of grantStatements(role)) await inside.run(statement);
    });
  }

  async status(): Promise<DatabaseStatus> {
    const { connection } = this;
    const migrations = await migrationState(connection);
    const version = await connection.run('show server_version');
    const runs =
      migrations.applied < migrations.known
        ? { rows: [] }
        : await connection.run(
            `select r.run_id, r.name, r.kind, r.status, p.sequence, p.ts from quanthybrid.runs r
             left join quanthybrid.journal_position p on p.run_id = r.run_id order by r.started_ts desc, r.run_id desc limit ${STATUS_RUNS_MAX}`,
          );
    return {
      kind: connection.kind,
      place: connection.place,
      serverVersion: String(version.rows[0]![0]),
      migrations,
      runs: runs.rows.map(([runId, name, kind, status, sequence, ts]) => ({
        runId: String(runId),
        name: String(name),
        kind: String(kind),
        status: String(status),
        sequence: sequence === null ? null : Number(sequence),
        ts: ts === null ? null : Number(ts),
      })),
    };
  }

  close(): Promise<void> {
    return this.connection.close();
  }
}
