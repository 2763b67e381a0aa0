import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Secret } from '../../base/secret.ts';
import type { SealedSecret } from '../../ports/sealed-secret-store.ts';
import { MemorySecrets } from '../memory-stores.fixture.ts';
import { findMasterKeys } from './key-source.ts';
import { boundBytes, openBytes } from './sealed-bytes.ts';
import { SecurityManager } from './security-manager.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'quanthybrid-secrets-'));
afterAll(() => rmSync(folder, { recursive: true }));

const hex = (): string => randomBytes(32).toString('hex');
const binding = (index: number) => ({ userId: `u${index % 7}`, venue: 'BINANCE', keyId: `k${index}` });

function start(store: MemorySecrets, current: string, previous?: string): Promise<SecurityManager> {
  const environment = { ENCRYPTION_KEY: current, ...(previous === undefined ? {} : { ENCRYPTION_KEY_PREVIOUS: previous }) };
  return SecurityManager.open(store, findMasterKeys(environment, '', store.rows.size));
}

async function filled(count: number, key: string): Promise<MemorySecrets> {
  const store = new MemorySecrets();
  const manager = await start(store, key);
  for (let i = 0; i < count; i += 1) await manager.put(binding(i), new Secret(`secret ${i}`));
  return store;
}

async function unreadable(manager: SecurityManager, count: number): Promise<number[]> {
  const wrong: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const opened = await manager.get(binding(i));
    if (!opened.ok || opened.value.reveal() !== `secret ${i}`) wrong.push(i);
  }
  return wrong;
}

describe('sealed secrets', () => {
  it('SEC-29: swapped between two places, whole or in part, they do not open', async () => {
    const key = hex();
    const store = await filled(2, key);
    const [first, second] = [...store.rows.values()] as [SealedSecret, SealedSecret];
    const manager = await start(store, key);
    const swap = async (change: Partial<SealedSecret>) => {
      store.rows.set(MemorySecrets.nameOf(first), { ...first, ...change });
      const opened = await manager.get(binding(0));
      return opened.ok ? opened.value.reveal() : opened.code;
    };
    expect(await swap({})).toBe('secret 0');
    expect(await swap({ body: second.body, wrappedKey: second.wrappedKey })).toBe('SECRET_DAMAGED');
    expect(await swap({ body: second.body })).toBe('SECRET_DAMAGED');
    expect(await swap({ wrappedKey: second.wrappedKey })).toBe('SECRET_DAMAGED');
  });

  it('SEC-30: each record has a key of its own, wrapped by the master key with its version; the body is not under the master key', async () => {
    const master = hex();
    const store = await filled(50, master);
    const rows = [...store.rows.values()];
    const masterBytes = Buffer.from(master, 'hex');
    const dataKeys = rows.map((row) => openBytes(masterBytes, row.wrappedKey, boundBytes('key', row, '1'))!);
    expect(new Set(dataKeys.map((key) => key.toString('hex'))).size).toBe(50);
    const opened = rows.map((row, i) => openBytes(dataKeys[i]!, row.body, boundBytes('secret', row))?.toString());
    expect(opened).toEqual(rows.map((_, i) => `secret ${i}`));
    expect(rows.map((row) => openBytes(masterBytes, row.body, boundBytes('secret', row)))).toEqual(rows.map(() => null));
    expect(new Set(rows.map((row) => row.masterVersion))).toEqual(new Set([1]));
    const again = await start(store, hex()).catch((error: Error) => error.message);
    expect(again).toContain('SECRET_KEY_UNKNOWN');
  });

  it('a version that was written beside a record does not make another version of the key open it', async () => {
    const key = hex();
    const store = await filled(1, key);
    const manager = await start(store, hex(), key);
    await manager.rewrapAll();
    const row = [...store.rows.values()][0]!;
    store.rows.set(MemorySecrets.nameOf(row), { ...row, masterVersion: 1 });
    expect(await manager.get(binding(0))).toMatchObject({ ok: false, code: 'SECRET_KEY_RETIRED' });
  });

  it('are replaced and removed, and what is not there is unknown', async () => {
    const manager = await start(new MemorySecrets(), hex());
    expect(await manager.get(binding(1))).toMatchObject({ ok: false, code: 'SECRET_UNKNOWN' });
    await manager.put(binding(1), new Secret('one'));
    await manager.put(binding(1), new Secret('two'));
    const opened = await manager.get(binding(1));
    expect(opened.ok && opened.value.reveal()).toBe('two');
    expect([await manager.remove(binding(1)), await manager.remove(binding(1))]).toEqual([true, false]);
  });
});

describe('rotation of the master key', () => {
  it('SEC-31: rewraps everything while secrets are read and written, bodies untouched; then the old version is refused', async () => {
    const [old, next] = [hex(), hex()];
    const store = await filled(250, old);
    const before = new Map([...store.rows].map(([name, row]) => [name, row.body]));
    const retired = [...store.rows.values()][3]!;
    const manager = await start(store, next, old);
    expect(manager.isRotating).toBe(true);
    const rewrapping = manager.rewrapAll();
    // In between: everything opens, one is replaced, one is added.
    expect(await unreadable(manager, 250)).toEqual([]);
    await manager.put(binding(249), new Secret('secret 249'));
    await manager.put(binding(250), new Secret('secret 250'));
    await rewrapping;
    expect(manager.isRotating).toBe(false);
    expect(new Set([...store.rows.values()].map((row) => row.masterVersion))).toEqual(new Set([2]));
    expect([...before].filter(([name, body]) => store.rows.get(name)!.body !== body)).toHaveLength(1);
    expect(await unreadable(manager, 251)).toEqual([]);
    // A record of before, as from an old backup.
    store.rows.set(MemorySecrets.nameOf(retired), retired);
    expect(await manager.get(retired)).toMatchObject({ ok: false, code: 'SECRET_KEY_RETIRED' });
    await expect(start(store, old)).rejects.toThrow('was retired');
    await expect(start(store, old, next)).rejects.toThrow('SECRET_KEY_UNKNOWN');
  });

  it('SEC-31: a crash after any write resumes at the next start, and ends with everything readable under the new key alone', async () => {
    const [old, next] = [hex(), hex()];
    const source = await filled(12, old);
    // Writes of a rotation of 12: its beginning, 12 records, its end.
    for (let crashAt = 0; crashAt < 14; crashAt += 1) {
      const store = new MemorySecrets();
      for (const [name, row] of source.rows) store.rows.set(name, row);
      store.state = source.state;
      let writes = 0;
      const fail = <T>(work: () => Promise<T>): Promise<T> => {
        if (writes === crashAt) return Promise.reject(new Error('crash'));
        writes += 1;
        return work();
      };
      const dying = Object.assign(Object.create(store) as MemorySecrets, {
        put: (secret: SealedSecret) => fail(() => store.put(secret)),
        saveKeyState: (state: never) => fail(() => store.saveKeyState(state)),
      });
      Object.defineProperty(dying, 'state', { get: () => store.state, set: (state) => void (store.state = state) });
      await expect(start(dying, next, old).then((manager) => manager.rewrapAll())).rejects.toThrow('crash');
      if (crashAt > 0) await expect(start(store, next)).rejects.toThrow('cut short');
      const resumed = await start(store, next, old);
      expect(await unreadable(resumed, 12)).toEqual([]);
      await resumed.rewrapAll();
      expect(await unreadable(await start(store, next), 12)).toEqual([]);
      expect(store.state).toMatchObject({ version: 2, rotatingFrom: null });
    }
  });

  it('SEC-31: a write that was under way when the rotation began does not land under the old version', async () => {
    const [old, next] = [hex(), hex()];
    const store = await filled(3, old);
    const writer = await start(store, old);
    const put = store.put.bind(store);
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    store.put = (secret) => held.then(() => put(secret));
    const slow = writer.put(binding(9), new Secret('slow'));
    await Promise.resolve();
    store.put = put;
    await (await start(store, next, old)).rewrapAll();
    release();
    // The writer is another process that knows nothing of the rotation: its write is refused, not lost.
    await expect(slow).rejects.toThrow('rotates the master key');
    expect(new Set([...store.rows.values()].map((row) => row.masterVersion))).toEqual(new Set([2]));
  });

  it('SEC-31: with a key file, rotate makes the new key, and afterwards the file holds it alone', async () => {
    const file = path.join(folder, 'master.key');
    const store = new MemorySecrets();
    const manager = await SecurityManager.open(store, findMasterKeys({}, file, 0));
    await manager.put(binding(0), new Secret('secret 0'));
    const keysIn = () =>
      readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => /^[0-9a-f]{64}$/.test(line));
    const [old] = keysIn();
    expect(await manager.rotate()).toBe(1);
    expect(keysIn()).toHaveLength(1);
    expect(keysIn()[0]).not.toBe(old);
    expect(await unreadable(await SecurityManager.open(store, findMasterKeys({}, file, 1)), 1)).toEqual([]);
  });

  it('SEC-31: a crash between the key file and the store resumes from the file', async () => {
    const file = path.join(folder, 'crash.key');
    const store = new MemorySecrets();
    const manager = await SecurityManager.open(store, findMasterKeys({}, file, 0));
    await manager.put(binding(0), new Secret('secret 0'));
    store.saveKeyState = () => Promise.reject(new Error('crash'));
    await expect(manager.rotate()).rejects.toThrow('crash');
    Reflect.deleteProperty(store, 'saveKeyState');
    const again = await SecurityManager.open(store, findMasterKeys({}, file, 1));
    expect([again.isRotating, await again.rewrapAll(), again.masterVersion]).toEqual([true, 1, 2]);
    expect(await unreadable(again, 1)).toEqual([]);
  });

  it('stops at a record that does not open, and retires nothing', async () => {
    const [old, next] = [hex(), hex()];
    const store = await filled(2, old);
    const [row] = [...store.rows.values()] as [SealedSecret];
    store.rows.set(MemorySecrets.nameOf(row), {
      ...row,
      wrappedKey: row.wrappedKey.replace(/^./, (letter) => (letter === 'A' ? 'B' : 'A')),
    });
    const manager = await start(store, next, old);
    await expect(manager.rewrapAll()).rejects.toThrow('does not open');
    expect(store.state).toMatchObject({ rotatingFrom: 1 });
  });
});
