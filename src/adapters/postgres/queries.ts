import { DrizzleQueryError } from 'drizzle-orm/errors';
import { drizzle, type PgRemoteDatabase } from 'drizzle-orm/pg-proxy';
import { WorldError } from '../../ports/errors.ts';
import { databaseError } from './database-error.ts';
import type { SqlConnection, SqlResult } from './sql-connection.ts';

/** What builds queries from the tables; they go through our own connections, embedded or not. */
export type Queries = PgRemoteDatabase;

export function queriesOn(connection: SqlConnection): Queries {
  return drizzle((text, values) => readTwice(connection, text, values));
}

/** A server that was restarted leaves dead connections in the pool, each good for one failure; a read does no harm twice. */
async function readTwice(connection: SqlConnection, text: string, values: unknown[]): Promise<{ rows: unknown[] }> {
  const once = (): Promise<SqlResult> => connection.run(text, values as string[]);
  try {
    return { rows: [...(await once()).rows] };
  } catch (error) {
    const isLost = error instanceof WorldError && error.code === 'DATABASE_UNREACHABLE' && error.retryable;
    if (!isLost || !/^\s*select\b/i.test(text)) throw error;
    return { rows: [...(await once()).rows] };
  }
}

/** A query's failure without its values, which drizzle puts into the message and which may be secret. */
export async function answered<T>(query: PromiseLike<T>): Promise<T> {
  try {
    return await query;
  } catch (error) {
    throw databaseError(error instanceof DrizzleQueryError ? error.cause : error, '');
  }
}
