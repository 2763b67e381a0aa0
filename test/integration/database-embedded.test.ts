import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DatabaseManager } from '../../src/adapters/postgres/database-manager.ts';
import { EmbeddedConnection } from '../../src/adapters/postgres/embedded-connection.ts';
import { FACTS } from '../../src/model/session-output.fixture.ts';
import { STORY } from './session-story.fixture.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'quanthybrid-embedded-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('the embedded database in its folder', () => {
  it('keeps what it was given, migrates itself, and takes one owner at a time', { timeout: 300_000 }, async () => {
    const settings = { kind: 'EMBEDDED', folder: path.join(root, 'a', 'db') } as const;
    const first = await DatabaseManager.open(settings, 'PAPER');
    await (await first.sessions.open(FACTS)).apply({ after: 1, upTo: 9, upToTs: 9, outputs: STORY });
    await expect(DatabaseManager.open(settings, 'PAPER')).rejects.toThrow('DATABASE_FOLDER_LOCKED');
    await first.close();
    await expect(first.status()).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' });
    const second = await DatabaseManager.open(settings, 'PAPER');
    expect((await second.records.fills(FACTS.sessionId, {}, { limit: 5 })).rows.map(({ tradeId }) => tradeId)).toEqual(['T-2', 'T-1']);
    const status = await second.status();
    expect(status.runs).toEqual([{ runId: FACTS.sessionId, name: FACTS.name, kind: 'PAPER', status: 'RUNNING', sequence: 9, ts: 9 }]);
    await second.close();
    await second.close();
    expect(existsSync(path.join(settings.folder, 'quanthybrid.lock'))).toBe(false);
  });

  it('is refused for live trading', async () => {
    const folder = path.join(root, 'live');
    await expect(DatabaseManager.open({ kind: 'EMBEDDED', folder }, 'LIVE')).rejects.toMatchObject({
      code: 'DATABASE_EMBEDDED_ONLY_PAPER',
    });
    expect(existsSync(folder)).toBe(false);
  });

  it('that does not open is a failure of its own, and leaves no lock', { timeout: 120_000 }, async () => {
    const file = path.join(root, 'file');
    writeFileSync(file, 'in the way');
    await expect(EmbeddedConnection.open(file)).rejects.toMatchObject({ code: 'DATABASE_FOLDER_FAILED' });
    const folder = mkdtempSync(path.join(root, 'damaged-'));
    writeFileSync(path.join(folder, 'pglite'), 'not a folder');
    await expect(EmbeddedConnection.open(folder)).rejects.toMatchObject({ code: 'DATABASE_FOLDER_FAILED' });
    expect(existsSync(path.join(folder, 'quanthybrid.lock'))).toBe(false);
  });
});
