import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../base/secret.ts';
import { authWorld, codeOf, value } from '../auth-world.fixture.ts';
import { consolePermit } from '../authorizer.ts';
import { MemorySecrets } from '../memory-stores.fixture.ts';
import { findMasterKeys } from './key-source.ts';
import { SECRET_BYTES_MAX, SecretAdministration } from './secret-administration.ts';
import { SecurityManager } from './security-manager.ts';

const MANAGE = consolePermit('secrets:manage');
const NAME = { owner: 'ada', venue: 'BINANCE', keyId: 'trading-1' };
const SEALED = 'canary-3f9c-venue-secret';

let folder = '';
let keyFile = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'quanthybrid-secrets-'));
  keyFile = path.join(folder, 'master.key');
});
afterEach(() => rmSync(folder, { recursive: true }));

async function opened(store: MemorySecrets, environment: Record<string, string> = {}) {
  const world = await authWorld();
  await world.createUser('ada', 'admin');
  const secrets = await SecurityManager.open(store, findMasterKeys(environment, keyFile, store.rows.size));
  const administration = new SecretAdministration({ users: world.users, store, secrets, audit: world.auth.audit });
  return { world, secrets, administration };
}

describe('secrets of venues', () => {
  it('SEC-41: are set, listed and deleted by name, each act in the audit log, none with what they hold', async () => {
    const store = new MemorySecrets();
    const { world, secrets, administration } = await opened(store);
    value(await administration.set(MANAGE, NAME, new Secret(SEALED)));
    value(await administration.set(MANAGE, NAME, new Secret(`${SEALED}-2`)));
    const listed = value(await administration.list(MANAGE));
    expect(listed).toEqual([{ ...NAME, masterVersion: 1, revision: 2 }]);
    const { userId } = (await world.users.byName('ada'))!;
    expect(value(await secrets.get({ ...NAME, userId })).reveal()).toBe(`${SEALED}-2`);
    value(await administration.remove(MANAGE, NAME));
    expect(codeOf(await administration.remove(MANAGE, NAME))).toBe('SECRET_UNKNOWN');
    const records = world.audit.rows.filter(({ action }) => action.startsWith('SECRET_'));
    expect(records.map(({ action, actor, subject }) => [action, actor, subject])).toEqual([
      ['SECRET_STORED', 'console', 'ada BINANCE trading-1'],
      ['SECRET_STORED', 'console', 'ada BINANCE trading-1'],
      ['SECRET_REMOVED', 'console', 'ada BINANCE trading-1'],
    ]);
    expect(JSON.stringify([listed, world.audit.rows, [...store.rows.values()]])).not.toContain('canary');
  });

  it.each([
    ['an empty venue', { ...NAME, venue: '' }, 'SECRET_NAME_INVALID'],
    ['a path', { ...NAME, venue: '../x' }, 'SECRET_NAME_INVALID'],
    ['a key id that leaves its line', { ...NAME, keyId: 'a\nb' }, 'SECRET_NAME_INVALID'],
    ['the place of second factors', { ...NAME, venue: 'quanthybrid', keyId: 'totp' }, 'SECRET_NAME_INVALID'],
    ['the same in capitals', { ...NAME, venue: 'QuantHybrid', keyId: 'totp' }, 'SECRET_NAME_INVALID'],
    ['somebody who is not there', { ...NAME, owner: 'bob' }, 'USER_UNKNOWN'],
  ])('%s is refused, and nothing is stored or written down', async (_, name, code) => {
    const store = new MemorySecrets();
    const { world, administration } = await opened(store);
    const before = world.audit.rows.length;
    expect(codeOf(await administration.set(MANAGE, name, new Secret(SEALED)))).toBe(code);
    expect(codeOf(await administration.remove(MANAGE, name))).toBe(code);
    expect([store.rows.size, world.audit.rows.length]).toEqual([0, before]);
  });

  it('has a length: nothing and too much are refused', async () => {
    const { administration } = await opened(new MemorySecrets());
    expect(codeOf(await administration.set(MANAGE, NAME, new Secret('')))).toBe('SECRET_NAME_INVALID');
    expect(codeOf(await administration.set(MANAGE, NAME, new Secret('é'.repeat(SECRET_BYTES_MAX / 2 + 1))))).toBe('SECRET_NAME_INVALID');
    expect(codeOf(await administration.set(MANAGE, NAME, new Secret('é'.repeat(SECRET_BYTES_MAX / 2))))).toBe('ok');
  });

  it('SEC-48: where the audit log cannot be written nothing is sealed', async () => {
    const store = new MemorySecrets();
    const { world, administration } = await opened(store);
    world.audit.append = () => Promise.reject(new Error('disk full'));
    await expect(administration.set(MANAGE, NAME, new Secret(SEALED))).rejects.toThrow('disk full');
    await expect(administration.rotate(MANAGE)).rejects.toThrow('disk full');
    expect([store.rows.size, store.state!.version]).toEqual([0, 1]);
  });
});

describe('rotation of the master key by command', () => {
  it('SEC-31: beside a server that goes on reading and writing under the key that came', async () => {
    const store = new MemorySecrets();
    const server = await opened(store);
    const { userId } = (await server.world.users.byName('ada'))!;
    value(await server.administration.set(MANAGE, NAME, new Secret(SEALED)));
    const before = readFileSync(keyFile, 'utf8');
    const command = await opened(store);
    expect(value(await command.administration.rotate(MANAGE))).toEqual({ version: 2, rewrapped: 1, wasResumed: false });
    expect(readFileSync(keyFile, 'utf8')).not.toBe(before);
    expect(server.secrets.masterVersion).toBe(1);
    expect(value(await server.secrets.get({ ...NAME, userId })).reveal()).toBe(SEALED);
    expect(server.secrets.masterVersion).toBe(2);
    value(await command.administration.rotate(MANAGE));
    await server.secrets.put({ ...NAME, userId, keyId: 'k2' }, new Secret('second'));
    const again = await opened(store);
    expect(value(await again.secrets.get({ ...NAME, userId, keyId: 'k2' })).reveal()).toBe('second');
    expect(new Set([...store.rows.values()].map(({ masterVersion }) => masterVersion))).toEqual(new Set([3]));
  });

  it('SEC-31: cut short anywhere, the next one ends it, and every secret opens', async () => {
    // Whatever is written is one step: the file, the state, each record, the state again.
    for (let steps = 0; steps < 8; steps += 1) {
      const store = new MemorySecrets();
      const first = await opened(store);
      for (let index = 0; index < 5; index += 1)
        value(await first.administration.set(MANAGE, { ...NAME, keyId: `k${index}` }, new Secret(`secret ${index}`)));
      const { userId } = (await first.world.users.byName('ada'))!;
      let left = steps;
      const cut =
        <A extends unknown[], R>(real: (...args: A) => Promise<R>) =>
        (...args: A): Promise<R> =>
          (left -= 1) < 0 ? Promise.reject(new Error('killed')) : real(...args);
      const [put, saveKeyState] = [store.put.bind(store), store.saveKeyState.bind(store)];
      store.put = cut(put);
      store.saveKeyState = cut(saveKeyState);
      const outcome = await first.administration.rotate(MANAGE).then(codeOf, () => 'killed');
      expect(outcome).toBe(steps < 7 ? 'killed' : 'ok');
      Object.assign(store, { put, saveKeyState });
      const next = await opened(store);
      const rotation = value(await next.administration.rotate(MANAGE));
      expect([steps, rotation.version, rotation.wasResumed]).toEqual([steps, steps < 7 ? 2 : 3, steps < 7]);
      for (let index = 0; index < 5; index += 1)
        expect(value(await next.secrets.get({ userId, venue: 'BINANCE', keyId: `k${index}` })).reveal()).toBe(`secret ${index}`);
      const keys = readFileSync(keyFile, 'utf8')
        .split('\n')
        .filter((line) => /^[0-9a-f]{64}$/.test(line));
      expect([keys.length, store.state!.rotatingFrom]).toEqual([1, null]);
      rmSync(keyFile);
    }
  });

  it('with a key of the environment it says how, and ends the rotation that two keys begin', async () => {
    const [old, next] = [randomBytes(32).toString('hex'), randomBytes(32).toString('hex')];
    const store = new MemorySecrets();
    const first = await opened(store, { ENCRYPTION_KEY: old });
    value(await first.administration.set(MANAGE, NAME, new Secret(SEALED)));
    expect(codeOf(await first.administration.rotate(MANAGE))).toBe('SECRET_KEY_BY_ENVIRONMENT');
    const second = await opened(store, { ENCRYPTION_KEY: next, ENCRYPTION_KEY_PREVIOUS: old });
    expect(value(await second.administration.rotate(MANAGE))).toEqual({ version: 2, rewrapped: 1, wasResumed: true });
    await expect(opened(store, { ENCRYPTION_KEY: old })).rejects.toThrow('SECRET_KEY_UNKNOWN');
  });

  it('SEC-33: a key file that somebody else may read is not taken over by a server that runs', async () => {
    const store = new MemorySecrets();
    const server = await opened(store);
    const { userId } = (await server.world.users.byName('ada'))!;
    value(await server.administration.set(MANAGE, NAME, new Secret(SEALED)));
    value(await (await opened(store)).administration.rotate(MANAGE));
    const text = readFileSync(keyFile, 'utf8');
    rmSync(keyFile);
    writeFileSync(keyFile, text, { mode: 0o644 });
    await expect(server.secrets.get({ ...NAME, userId })).rejects.toThrow('SECRET_KEY_FILE_UNSAFE');
  });
});
