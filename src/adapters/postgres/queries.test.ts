import { describe, expect, it } from 'vitest';
import { WorldError } from '../../ports/errors.ts';
import { USERS } from './access-tables.ts';
import { answered, queriesOn } from './queries.ts';
import type { SqlConnection, SqlResult } from './sql-connection.ts';

const LOST = new WorldError('DATABASE_UNREACHABLE', 'gone', { retryable: true });
const REFUSED = new WorldError('DATABASE_REFUSED', 'no right', { retryable: false });

/** A connection that fails as told, then answers with no rows. */
function failing(failures: WorldError[]): { readonly connection: SqlConnection; readonly asked: string[] } {
  const asked: string[] = [];
  const run = async (text: string): Promise<SqlResult> => {
    asked.push(text.slice(0, 6));
    const failure = failures.shift();
    if (failure !== undefined) throw failure;
    return { rows: [], count: 0 };
  };
  const connection: SqlConnection = {
    kind: 'SERVER',
    place: 'here',
    run,
    transaction: (work) => work({ run }),
    close: async () => {},
  };
  return { connection, asked };
}

const row = {
  ...{
    userId: 'u',
    name: 'hunter2',
    role: 'viewer' as const,
    isDisabled: false,
    passwordHash: 'h',
    totp: 'NONE' as const,
    totpStepUsed: -1,
    recoveryHashes: [],
  },
  ...{ knownAddresses: [], tsCreated: 1, accessEpoch: 1, revision: 1 },
};

describe('queries', () => {
  it('a read whose connection was lost is asked once more, and no more than once', async () => {
    const once = failing([LOST]);
    expect(await answered(queriesOn(once.connection).select().from(USERS))).toEqual([]);
    expect(once.asked).toEqual(['select', 'select']);
    const twice = failing([LOST, LOST]);
    await expect(answered(queriesOn(twice.connection).select().from(USERS))).rejects.toBe(LOST);
    expect(twice.asked).toHaveLength(2);
  });

  it('a write is never sent again, nor a read that was refused', async () => {
    const write = failing([LOST]);
    await expect(answered(queriesOn(write.connection).insert(USERS).values(row))).rejects.toBe(LOST);
    expect(write.asked).toEqual(['insert']);
    const read = failing([REFUSED]);
    await expect(answered(queriesOn(read.connection).select().from(USERS))).rejects.toBe(REFUSED);
    expect(read.asked).toEqual(['select']);
  });
});
