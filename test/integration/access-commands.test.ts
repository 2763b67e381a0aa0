import { PGlite } from '@electric-sql/pglite';
import { Command } from 'commander';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeFolder } from '../files-kit.ts';
import { DatabaseManager } from '../../src/adapters/postgres/database-manager.ts';
import { registerApiKey } from '../../src/app/commands/api-key.ts';
import { registerDb } from '../../src/app/commands/db.ts';
import { registerSecret } from '../../src/app/commands/secret.ts';
import { registerUser } from '../../src/app/commands/user.ts';
import { verifyAudit } from '../../src/security/audit/audit-chain.ts';

const folder = makeFolder();
const session = path.join(folder.path, 'session');

/** What a command printed, and its exit status. */
async function run(...words: readonly string[]): Promise<{ readonly out: string; readonly err: string; readonly status: unknown }> {
  let [out, err] = ['', ''];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => (out += String(text)) !== '');
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => (err += String(text)) !== '');
  const program = new Command().exitOverride();
  for (const register of [registerUser, registerApiKey, registerSecret, registerDb]) register(program);
  await program.parseAsync(['node', 'quanthybrid', ...words, '--folder', session]);
  const status = process.exitCode;
  process.exitCode = undefined;
  vi.restoreAllMocks();
  return { out, err, status };
}

beforeAll(async () => {
  vi.stubEnv('DATABASE_URL', undefined);
  mkdirSync(session);
});
beforeEach(() => Object.defineProperty(process.stdout, 'isTTY', { value: false, configurable: true }));
afterEach(() => vi.restoreAllMocks());
afterAll(() => {
  vi.unstubAllEnvs();
  folder.remove();
});

describe('the commands for users, keys and secrets', () => {
  it('SEC-41: act on the database of a session that does not run, and every act is in the chain of the audit log', {
    timeout: 300_000,
  }, async () => {
    expect(await run('user', 'list')).toMatchObject({ status: 1, out: '' });
    const made = await DatabaseManager.open({ kind: 'EMBEDDED', folder: path.join(session, 'db') }, 'PAPER');
    await made.close();

    const added = await run('user', 'add', 'ada', '--role', 'admin');
    const file = path.join(session, 'one-time-password-ada.txt');
    expect([added.status, added.out.includes(file), statSync(file).mode & 0o777]).toEqual([0, true, 0o600]);
    const password = readFileSync(file, 'utf8').trim();
    expect(added.out + added.err).not.toContain(password);
    expect((await run('user', 'add', 'bob', '--role', 'king')).status).toBe(2);
    expect((await run('user', 'remove', 'ada')).err).toContain('USER_LAST_ADMIN');
    await run('user', 'add', 'bob', '--role', 'trader', '--json');
    expect((await run('user', 'role', 'bob', 'risk')).out).toBe('bob is risk now.\n');
    expect((await run('user', 'disable', 'bob')).status).toBe(0);
    expect((await run('user', 'list')).out).toContain('bob  risk  disabled  no');
    expect((await run('user', 'unlock', 'bob')).status).toBe(0);
    const reset = JSON.parse((await run('user', 'reset', 'ada', '--totp-off', '--json')).out);
    expect(reset).toMatchObject({ name: 'ada', file });
    expect(readFileSync(file, 'utf8').trim()).not.toBe(password);

    const key = JSON.parse((await run('apikey', 'create', 'bob', '--label', 'bot', '--scope', 'read', '--days', '3', '--json')).out);
    expect(readFileSync(key.file, 'utf8')).toMatch(new RegExp(`^qh_${key.keyId}_`));
    expect((await run('apikey', 'list', 'bob')).out).toContain(`${key.keyId}  bob  bot  read  good until`);
    expect((await run('apikey', 'revoke', key.keyId)).status).toBe(0);
    expect((await run('apikey', 'list')).out).toContain('revoked');
    expect((await run('apikey', 'create', 'bob', '--label', 'x', '--scope', 'root')).status).toBe(2);
    // None of these needed a master key, so none was made.
    expect(existsSync(path.join(session, 'master.key'))).toBe(false);

    const text = path.join(folder.path, 'venue-secret');
    writeFileSync(text, 'canary-venue\n');
    expect((await run('secret', 'set', 'BINANCE', 'k1', '--user', 'ada', '--from-file', text)).out).toBe('BINANCE k1 of ada is sealed.\n');
    expect(statSync(path.join(session, 'master.key')).mode & 0o777).toBe(0o600);
    const before = readFileSync(path.join(session, 'master.key'), 'utf8');
    expect((await run('secret', 'rotate')).out).toContain('Version 2 of the master key is in force; 1 secrets were put under it.');
    expect(readFileSync(path.join(session, 'master.key'), 'utf8')).not.toBe(before);
    expect((await run('secret', 'list')).out).toContain('ada  BINANCE  k1  version 2  2');
    expect((await run('secret', 'delete', 'BINANCE', 'k1', '--user', 'ada')).status).toBe(0);

    const audited = await run('db', 'audit');
    const manager = await DatabaseManager.open({ kind: 'EMBEDDED', folder: path.join(session, 'db') }, 'PAPER');
    const records = await manager.audit.read(1, 100);
    expect((await verifyAudit(manager.audit)).ok).toBe(true);
    await manager.close();
    const head = `${records.length}:${records.at(-1)!.hash}`;
    expect(audited).toEqual({ out: `${records.length} records, whole.\nhead  ${head}\n`, err: '', status: 0 });
    expect(new Set(records.map(({ actor }) => actor))).toEqual(new Set(['console']));
    expect(records.map(({ action }) => action)).toEqual([
      ...['USER_CREATED', 'USER_CREATED', 'USER_ROLE_CHANGED', 'USER_DISABLED', 'USER_UNLOCKED', 'USER_RESET'],
      ...['API_KEY_CREATED', 'API_KEY_REVOKED', 'SECRET_STORED', 'MASTER_KEY_ROTATED', 'SECRET_REMOVED'],
    ]);
    expect(JSON.stringify(records)).not.toMatch(/canary|qh_/);
  });

  it('give a password and a key by name in the object, where somebody looks, and no file of an older one stays', {
    timeout: 300_000,
  }, async () => {
    Object.defineProperty(process.stdout, 'isTTY', { value: true, configurable: true });
    const file = path.join(session, 'one-time-password-ada.txt');
    expect(existsSync(file)).toBe(true);
    expect(JSON.parse((await run('user', 'reset', 'ada', '--json')).out)).toEqual({
      name: 'ada',
      tsEnd: expect.any(Number),
      password: expect.stringMatching(/^\S{25,}$/),
    });
    expect(existsSync(file)).toBe(false);
    expect(JSON.parse((await run('apikey', 'create', 'ada', '--label', 'x', '--scope', 'read', '--json')).out)).toEqual({
      keyId: expect.any(String),
      tsEnd: expect.any(Number),
      key: expect.stringMatching(/^qh_/),
    });
  });

  it('SEC-40: db audit finds what was altered, and holds a head that was kept against it', {
    timeout: 300_000,
  }, async () => {
    const { head } = JSON.parse((await run('db', 'audit', '--json')).out) as { head: { sequence: number; hash: string } };
    expect((await run('db', 'audit', '--kept', `${head.sequence}:${head.hash}`)).status).toBe(0);
    const other = await run('db', 'audit', '--kept', `${head.sequence}:${'0'.repeat(64)}`);
    expect([other.status, other.out, other.err]).toEqual([1, '', expect.stringContaining('[AUDIT_CHAIN_BROKEN]')]);
    expect((await run('db', 'audit', '--kept', `${head.sequence + 1}:${head.hash}`)).err).toContain('is missing');
    expect((await run('db', 'audit', '--kept', '12')).status).toBe(2);
    expect(JSON.parse((await run('db', 'audit', '--json')).out)).toEqual({ head });
    const tampering = await PGlite.create(path.join(session, 'db/pglite'));
    await tampering.exec(
      "alter table quanthybrid.audit disable trigger user; update quanthybrid.audit set actor = 'mallory' where sequence = 3",
    );
    await tampering.close();
    const found = await run('db', 'audit');
    expect([found.status, found.out, found.err]).toEqual([1, '', expect.stringContaining('Record 3 of the audit log was altered')]);
  });

  it('say the way where another process has the embedded database and cannot be asked', { timeout: 300_000 }, async () => {
    const manager = await DatabaseManager.open({ kind: 'EMBEDDED', folder: path.join(session, 'db') }, 'PAPER');
    const refused = await run('user', 'list');
    await manager.close();
    expect(refused.status).toBe(2);
    expect(refused.err).toContain('[DATABASE_FOLDER_LOCKED]');
    expect(refused.err).toContain('in its dashboard, Operations;');
  });
});
