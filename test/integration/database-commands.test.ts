import { Command } from 'commander';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { makeFolder } from '../files-kit.ts';
import { DatabaseManager } from '../../src/adapters/postgres/database-manager.ts';
import { FACTS, outputWith } from '../../src/model/session-output.fixture.ts';
import type { SessionReplay } from '../../src/ports/session-replay.ts';
import { registerDb, registerInitDb } from '../../src/app/commands/db.ts';

const folder = makeFolder();
const database = path.join(folder.path, 'db');
const outputs = [2, 3, 4].map((sequence) => outputWith(sequence, { equity: [{ account: 0, ts: sequence, amount: BigInt(sequence - 1) }] }));
const opened: string[] = [];

const replay: SessionReplay = {
  facts: FACTS,
  end: 4,
  outputsFrom: async function* (sequence) {
    yield* outputs.slice(sequence - 2);
  },
  close: async () => {
    opened.push('closed');
  },
};

/** What a command printed, and its exit status. */
async function run(...words: readonly string[]): Promise<{ readonly out: string; readonly err: string; readonly status: unknown }> {
  let [out, err] = ['', ''];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => (out += String(text)) !== '');
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => (err += String(text)) !== '');
  const program = new Command().exitOverride();
  registerInitDb(program);
  registerDb(program, async (journal) => {
    opened.push(journal);
    return replay;
  });
  await program.parseAsync(['node', 'quanthybrid', ...words, '--database-folder', database]);
  const status = process.exitCode;
  process.exitCode = undefined;
  return { out, err, status };
}

beforeAll(() => vi.stubEnv('DATABASE_URL', undefined));
afterEach(() => vi.restoreAllMocks());
afterAll(() => {
  vi.unstubAllEnvs();
  folder.remove();
});

describe('the commands of the database', () => {
  it('make it, say how it stands, and build it again from a journal', { timeout: 300_000 }, async () => {
    const before = await run('db', 'status');
    expect(before).toMatchObject({ status: 1, out: '' });
    expect(before.err).toContain('DATABASE_NOT_MIGRATED');
    expect(existsSync(database)).toBe(false);
    expect(await run('init-db')).toMatchObject({ out: `The database ${database} is ready: first tables, trading switches.\n`, status: 0 });
    expect(await run('init-db')).toMatchObject({ out: `The database ${database} is up to date.\n`, status: 0 });
    expect(await run('db', 'rebuild', 'the-journal')).toMatchObject({
      out: `The database ${database} holds session session-1 up to input 4.\n`,
      status: 0,
    });
    expect(opened).toEqual(['the-journal', 'closed']);
    const again = await run('db', 'rebuild', 'the-journal', '--json');
    expect(JSON.parse(again.out)).toEqual({ sessionId: 'session-1', sequence: 4, place: database });
    const status = JSON.parse((await run('db', 'status', '--json')).out) as unknown;
    expect(status).toMatchObject({
      kind: 'EMBEDDED',
      migrations: { applied: 2, known: 2 },
      runs: [{ runId: 'session-1', kind: 'PAPER', status: 'ENDED', sequence: 4 }],
    });
    expect((await run('db', 'status')).out).toContain('session-1  PAPER  ENDED  input 4 of 1970-01-01T00:00:01.000004Z');
    const manager = await DatabaseManager.open({ kind: 'EMBEDDED', folder: database }, 'PAPER');
    expect((await manager.records.equity('session-1', 'SIM', {}, 10)).map(({ amount }) => amount)).toEqual([
      '0.0000000001',
      '0.0000000002',
      '0.0000000003',
    ]);
    await manager.close();
  });
});
