import { expect, it } from 'vitest';
import type { AuditRecord } from '../../src/ports/audit-store.ts';
import type { UserRecord } from '../../src/ports/user-store.ts';
import type { DatabaseManager } from '../../src/adapters/postgres/database-manager.ts';
import { onEveryDatabase } from './database.fixture.ts';

const USER: UserRecord = {
  userId: 'u-1',
  name: 'ada',
  role: 'admin',
  isDisabled: false,
  passwordHash: '$argon2id$…',
  oneTimeUntil: null,
  totp: 'NONE',
  totpStepUsed: -1,
  recoveryHashes: ['a,b', '"quoted\\"'],
  knownAddresses: [],
  tsCreated: 1_700_000_000_123_456,
  accessEpoch: 3,
  revision: 1,
};

function auditRecord(sequence: number, change: Partial<AuditRecord> = {}): AuditRecord {
  return {
    sequence,
    ts: 1000 + sequence,
    actor: 'ada',
    address: '127.0.0.1',
    action: 'SIGN_IN',
    subject: 'ada',
    before: '',
    after: '{"b":1,"a":2}',
    previousHash: sequence === 1 ? '' : `h${sequence - 1}`,
    hash: `h${sequence}`,
    ...change,
  };
}

async function migrated(connect: () => Promise<DatabaseManager>): Promise<DatabaseManager> {
  const manager = await connect();
  await manager.migrate();
  return manager;
}

onEveryDatabase('who may do what', (kind) => {
  it('users come back as they were stored; name and id are taken once; a change from an old revision fails', async () => {
    const manager = await migrated(kind.connect);
    const { users } = manager;
    expect(await users.insert(USER)).toBe(true);
    expect(await users.byName('ada')).toEqual(USER);
    expect(await users.byId('u-1')).toEqual(USER);
    expect(await users.byId('nobody')).toBeNull();
    expect(await users.insert({ ...USER, userId: 'u-2' })).toBe(false);
    expect(await users.insert({ ...USER, name: 'bob' })).toBe(false);
    const changed = await Promise.all([
      users.replace({ ...USER, role: 'viewer', revision: 2 }),
      users.replace({ ...USER, role: 'trader', revision: 2 }),
    ]);
    expect(changed.filter((isStored) => isStored)).toHaveLength(1);
    expect(await users.replace({ ...USER, revision: 2 })).toBe(false);
    await users.insert({ ...USER, userId: 'u-0', name: 'aaron' });
    expect((await users.all()).map(({ name }) => name)).toEqual(['aaron', 'ada']);
    await manager.close();
  });

  it('of two at once one spends a refresh token, one ends a sign-in, one revokes a key', async () => {
    const manager = await migrated(kind.connect);
    const { signIns, apiKeys } = manager;
    const session = {
      sessionId: 's-1',
      userId: 'u-1',
      accessEpoch: 3,
      address: '::1',
      tsCreated: 5,
      tsUsed: 5,
      tsEnd: 100,
      endReason: null,
    };
    await signIns.insert(session);
    await signIns.insertRefresh({ tokenHash: 't-1', sessionId: 's-1', isSpent: false });
    const spent = await Promise.all([signIns.spendRefresh('t-1'), signIns.spendRefresh('t-1')]);
    expect(spent.map((each) => each?.isSpent).sort()).toEqual([false, true]);
    expect(await signIns.spendRefresh('t-2')).toBeNull();
    await signIns.touch('s-1', 9);
    expect(await signIns.living('u-1')).toEqual([{ ...session, tsUsed: 9 }]);
    expect((await Promise.all([signIns.end('s-1', 'SIGNED_OUT'), signIns.end('s-1', 'REUSED')])).sort()).toEqual([false, true]);
    expect(await signIns.living(null)).toEqual([]);
    await signIns.forgetEnded(5);
    expect(await signIns.byId('s-1')).not.toBeNull();
    await signIns.forgetEnded(6);
    expect(await signIns.byId('s-1')).toBeNull();
    expect(await signIns.spendRefresh('t-1')).toBeNull();

    const key = { keyId: 'k-1', userId: 'u-1', label: 'bot', secretHash: 'x', scopes: ['read'] as const, addresses: ['10.0.0.0/8'] };
    const stored = { ...key, tsCreated: 5, tsEnd: 100, isRevoked: false, tsUsed: null, addressUsed: null };
    await apiKeys.insert(stored);
    expect(await apiKeys.ofUser('u-1')).toEqual([stored]);
    await apiKeys.markUsed('k-1', 7, '10.1.1.1');
    expect((await Promise.all([apiKeys.revoke('k-1'), apiKeys.revoke('k-1')])).sort()).toEqual([false, true]);
    expect(await apiKeys.byId('k-1')).toEqual({ ...stored, isRevoked: true, tsUsed: 7, addressUsed: '10.1.1.1' });
    await manager.close();
  });

  it('a secret is stored under the master key in force only, and by the next revision only', async () => {
    const manager = await migrated(kind.connect);
    const { secrets } = manager;
    const state = { version: 1, checks: [{ version: 1, check: 'c1' }], rotatingFrom: null, revision: 1 };
    const secret = { userId: 'u-1', venue: 'SIM', keyId: 'k', masterVersion: 1, wrappedKey: 'w', body: 'b', revision: 1 };
    expect(await secrets.keyState()).toBeNull();
    expect(await secrets.put(secret)).toBe(false);
    expect(await secrets.saveKeyState({ ...state, revision: 2 })).toBe(false);
    expect((await Promise.all([secrets.saveKeyState(state), secrets.saveKeyState(state)])).sort()).toEqual([false, true]);
    expect(await secrets.keyState()).toEqual(state);
    expect(await secrets.put(secret)).toBe(true);
    expect(await secrets.put(secret)).toBe(false);
    expect(await secrets.put({ ...secret, revision: 3 })).toBe(false);
    expect(await secrets.put({ ...secret, masterVersion: 2, revision: 2 })).toBe(false);
    expect(await secrets.saveKeyState({ ...state, version: 2, rotatingFrom: 1, revision: 2 })).toBe(true);
    expect(await secrets.put({ ...secret, revision: 2 })).toBe(false);
    expect(await secrets.underVersion(1, 10)).toEqual([secret]);
    expect(await secrets.put({ ...secret, masterVersion: 2, revision: 2 })).toBe(true);
    expect(await secrets.underVersion(1, 10)).toEqual([]);
    expect(await secrets.count()).toBe(1);
    expect(await secrets.remove(secret)).toBe(true);
    expect(await secrets.remove(secret)).toBe(false);
    expect(await secrets.get(secret)).toBeNull();
    await manager.close();
  });

  it.each([
    "'; drop table quanthybrid.users; --",
    '" or 1=1 --',
    "ada' union select * from quanthybrid.secrets --",
    '$1',
    '%',
    '\\',
    "\u02bc or '1'='1",
  ])('SEC-24: %j is a text in every column and a name that nobody has', async (text) => {
    const manager = await migrated(kind.connect);
    const { users, audit, apiKeys, secrets } = manager;
    await users.insert(USER);
    expect([await users.byName(text), await users.byId(text), await apiKeys.byId(text)]).toEqual([null, null, null]);
    const named = { ...USER, userId: text, name: text, recoveryHashes: [text], knownAddresses: [text] };
    expect(await users.insert(named)).toBe(true);
    expect(await users.byName(text)).toEqual(named);
    await audit.append(auditRecord(1, { actor: text, subject: text, before: text }));
    expect((await audit.page({ actor: text }, { limit: 5 })).rows).toEqual([auditRecord(1, { actor: text, subject: text, before: text })]);
    expect((await audit.page({ actor: 'ada', action: text }, { limit: 5 })).rows).toEqual([]);
    expect(await secrets.get({ userId: text, venue: text, keyId: text })).toBeNull();
    expect((await users.all()).length).toBe(2);
    await manager.close();
  });

  it('secrets are listed in the order of their names, without what they hold', async () => {
    const manager = await migrated(kind.connect);
    const { secrets } = manager;
    await secrets.saveKeyState({ version: 1, checks: [{ version: 1, check: 'c1' }], rotatingFrom: null, revision: 1 });
    const secret = { userId: 'u-1', venue: 'SIM', keyId: 'k', masterVersion: 1, wrappedKey: 'w', body: 'b', revision: 1 };
    for (const keyId of ['k2', 'k1']) expect(await secrets.put({ ...secret, keyId })).toBe(true);
    expect(await secrets.names()).toEqual(
      ['k1', 'k2'].map((keyId) => ({ userId: 'u-1', venue: 'SIM', keyId, masterVersion: 1, revision: 1 })),
    );
    await manager.close();
  });

  it('of requests with the same key at once one is new', async () => {
    const manager = await migrated(kind.connect);
    const { idempotency } = manager;
    const record = { owner: 'o', key: 'k', bodyHash: 'h', tsCreated: 5, outcome: null };
    const answers = await Promise.all([1, 2, 3].map(() => idempotency.insertIfAbsent(record)));
    expect(answers.filter((answer) => answer === null)).toHaveLength(1);
    await idempotency.finish('o', 'k', '{"ok":true}');
    expect(await idempotency.insertIfAbsent({ ...record, bodyHash: 'other' })).toEqual({ ...record, outcome: '{"ok":true}' });
    expect(await idempotency.find('o', 'k')).toMatchObject({ outcome: '{"ok":true}' });
    expect(await idempotency.find('p', 'k')).toBeNull();
    expect(await idempotency.count('o')).toBe(1);
    await idempotency.forget(6);
    expect(await idempotency.count('o')).toBe(0);
    await manager.close();
  });

  it('SEC-40: audit records follow each other without a gap, and nobody changes, deletes or truncates any, its owner included', async () => {
    const manager = await migrated(kind.connect);
    const { audit } = manager;
    expect(await audit.head()).toBeNull();
    await audit.append(auditRecord(1));
    await audit.append(auditRecord(2, { actor: 'bob' }));
    await audit.append(auditRecord(3, { action: 'KILL_SWITCH' }));
    for (const wrong of [auditRecord(3), auditRecord(5), auditRecord(4, { previousHash: 'h2' }), auditRecord(1)])
      await expect(audit.append(wrong)).rejects.toMatchObject({ code: 'DATABASE_REFUSED' });
    const atOnce = await Promise.allSettled([audit.append(auditRecord(4)), audit.append(auditRecord(4))]);
    expect(atOnce.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    for (const statement of [
      `update quanthybrid.audit set actor = 'nobody' where sequence = 2`,
      'delete from quanthybrid.audit where sequence = 4',
      'truncate quanthybrid.audit',
      'update quanthybrid.audit_head set sequence = 3',
      'delete from quanthybrid.audit_head',
      'truncate quanthybrid.audit_head',
    ])
      await expect(manager.connection.run(statement), statement).rejects.toMatchObject({ code: 'DATABASE_REFUSED' });
    expect(await audit.read(1, 10)).toEqual([
      auditRecord(1),
      auditRecord(2, { actor: 'bob' }),
      auditRecord(3, { action: 'KILL_SWITCH' }),
      auditRecord(4),
    ]);
    expect(await audit.read(3, 1)).toEqual([auditRecord(3, { action: 'KILL_SWITCH' })]);
    expect(await audit.head()).toEqual({ sequence: 4, hash: 'h4' });
    expect((await audit.page({ actor: 'ada' }, { limit: 2 })).rows.map(({ sequence }) => sequence)).toEqual([4, 3]);
    expect((await audit.page({ actor: 'ada' }, { limit: 2, cursor: '3' })).rows.map(({ sequence }) => sequence)).toEqual([1]);
    expect((await audit.page({ action: 'KILL_SWITCH', from: 1003, to: 1004 }, { limit: 2 })).rows).toHaveLength(1);
    expect((await audit.page({ to: 1003 }, { limit: 9 })).rows.map(({ sequence }) => sequence)).toEqual([2, 1]);
    await manager.close();
  });
});
