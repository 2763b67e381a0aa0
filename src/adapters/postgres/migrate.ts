import { createHash } from 'node:crypto';
import { WorldError } from '../../ports/errors.ts';
import { MIGRATIONS, type Migration } from './migrations/migration-list.ts';
import type { SqlConnection, SqlRunner } from './sql-connection.ts';

/** Two programs that migrate the same database take turns. Any number does that nobody else uses: these are the letters "QHDB". */
const LOCK_NUMBER = 0x51484442;

const BOOK = `create table if not exists quanthybrid.migrations (
  number integer primary key,
  name text not null,
  checksum text not null,
  applied_at timestamp with time zone not null default now()
)`;

/** How far a database is. */
export interface MigrationState {
  /** Of the database: 0 where there are no tables of ours. */
  readonly applied: number;
  /** Of this program. */
  readonly known: number;
}

/**
 * Brings the tables to what this program knows, all of it or nothing.
 *
 * @returns the names of the migrations that were carried out
 * @throws WorldError DATABASE_NEWER, DATABASE_MIGRATION_CHANGED
 */
export function migrate(connection: SqlConnection, migrations: readonly Migration[] = MIGRATIONS): Promise<readonly string[]> {
  return connection.transaction(async (inside) => {
    await inside.run(`select pg_advisory_xact_lock(${LOCK_NUMBER})`);
    await inside.run('create schema if not exists quanthybrid');
    await inside.run(BOOK);
    const applied = await appliedCount(inside, connection.place, migrations);
    const ahead = migrations.slice(applied);
    for (const migration of ahead) {
      for (const statement of migration.sql.trim().split(/\n\s*\n/)) await inside.run(statement);
      await inside.run('insert into quanthybrid.migrations (number, name, checksum) values ($1, $2, $3)', [
        migration.number,
        migration.name,
        checksumOf(migration),
      ]);
    }
    return ahead.map((migration) => migration.name);
  });
}

/** @throws WorldError as {@link migrate} */
export async function migrationState(connection: SqlConnection, migrations: readonly Migration[] = MIGRATIONS): Promise<MigrationState> {
  const { rows } = await connection.run(`select to_regclass('quanthybrid.migrations') is not null`);
  const applied = rows[0]![0] === true ? await appliedCount(connection, connection.place, migrations) : 0;
  return { applied, known: migrations.length };
}

/** @throws WorldError DATABASE_NOT_MIGRATED and as {@link migrate} */
export async function assertMigrated(connection: SqlConnection): Promise<void> {
  const { applied, known } = await migrationState(connection);
  if (applied === known) return;
  const message = `The database ${connection.place} has ${applied} of ${known} migrations; run "quanthybrid init-db".`;
  throw new WorldError('DATABASE_NOT_MIGRATED', message, { retryable: false });
}

async function appliedCount(runner: SqlRunner, place: string, migrations: readonly Migration[]): Promise<number> {
  const { rows } = await runner.run('select number, name, checksum from quanthybrid.migrations order by number');
  for (const [index, [number, name, checksum]] of rows.entries()) {
    const known = migrations[index];
    if (known === undefined)
      throw refusal(
        'DATABASE_NEWER',
        `The database ${place} went through migration ${number} "${name}", which this version does not know.`,
      );
    if (known.number !== number || checksumOf(known) !== checksum)
      throw refusal(
        'DATABASE_MIGRATION_CHANGED',
        `The database ${place} went through another migration ${number} "${name}" than this version has.`,
      );
  }
  return rows.length;
}

function refusal(code: 'DATABASE_NEWER' | 'DATABASE_MIGRATION_CHANGED', message: string): WorldError {
  return new WorldError(code, message, { retryable: false });
}

function checksumOf({ number, name, sql }: Migration): string {
  return createHash('sha256')
    .update(JSON.stringify([number, name, sql]))
    .digest('hex');
}

/** Statements that give a role what the program needs while it runs, and no more: it owns nothing, and the audit it can only read and add to. */
export function grantStatements(role: string): readonly string[] {
  const name = `"${role.replaceAll('"', '""')}"`;
  return [
    `grant usage on schema quanthybrid to ${name}`,
    `grant select, insert, update, delete on all tables in schema quanthybrid to ${name}`,
    `revoke update, delete, truncate on quanthybrid.audit from ${name}`,
    `revoke delete, truncate on quanthybrid.audit_head from ${name}`,
    `revoke insert, update, delete on quanthybrid.migrations from ${name}`,
  ];
}
