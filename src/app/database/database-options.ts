import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { DatabaseManager } from '../../adapters/postgres/database-manager.ts';
import { databaseSettings, type DatabaseOptions } from '../../adapters/postgres/database-settings.ts';
import { WorldError } from '../../ports/errors.ts';

/** The options that say which database is meant, the same for every command that has one. */
export function withDatabaseOptions(command: Command): Command {
  return command
    .option('--database-url <url>', 'a PostgreSQL server, postgres://USER:PASSWORD@HOST:PORT/NAME (default: DATABASE_URL)')
    .option('--database-folder <folder>', 'folder of the embedded database (default without a server: ./data/db)');
}

/** Looking must not make: an embedded database that is not there is said to be missing. @throws WorldError DATABASE_NOT_MIGRATED */
export function assertThere(options: DatabaseOptions): void {
  const settings = databaseSettings(options, process.env);
  if (settings.kind === 'SERVER' || existsSync(settings.folder)) return;
  throw new WorldError('DATABASE_NOT_MIGRATED', `There is no database in ${settings.folder}; "quanthybrid init-db" makes it.`, {
    retryable: false,
  });
}

/**
 * Opens the database for one command and closes it afterwards. Its driver is loaded only here: other commands start without it.
 *
 * @throws InputError, WorldError
 */
export async function withDatabase<T>(options: DatabaseOptions, work: (database: DatabaseManager) => Promise<T>): Promise<T> {
  const settings = databaseSettings(options, process.env);
  const { DatabaseManager } = await import('../../adapters/postgres/database-manager.ts');
  const database = await DatabaseManager.connect(settings);
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}
