import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../base/secret.ts';
import { ManualClock } from '../manual-clock.fixture.ts';
import { MemoryAudit } from '../memory-stores.fixture.ts';
import { AUDIT_WAITING_MAX, AuditLog } from './audit-log.ts';
import { auditHash, verifyAudit } from './audit-chain.ts';
import { AUDITED_ACTIONS } from './audited-actions.ts';

const entry = (subject: string) => ({ actor: 'alice', address: '10.0.0.1', action: 'LIMIT_CHANGED' as const, subject });

async function filled(count: number) {
  const store = new MemoryAudit();
  const log = new AuditLog(store, new ManualClock());
  for (let i = 1; i <= count; i += 1) await log.append(entry(`limit ${i}`));
  return { store, log };
}

describe('the audit log', () => {
  it('SEC-40: numbers records from 1 and chains each to the one before by SHA-256', async () => {
    const { store } = await filled(3);
    const ts = Date.UTC(2026, 0, 5) * 1000;
    let previous = '0000000000000000000000000000000000000000000000000000000000000000';
    for (const i of [1, 2, 3]) {
      // The form is written out here once more by hand.
      const text = `[${i},${ts},"alice","10.0.0.1","LIMIT_CHANGED","limit ${i}","","","${previous}"]`;
      const hash = createHash('sha256').update(text).digest('hex');
      expect(store.rows[i - 1]).toMatchObject({ sequence: i, previousHash: previous, hash });
      previous = hash;
    }
    expect(await verifyAudit(store)).toEqual({ ok: true, value: { sequence: 3, hash: previous } });
  });

  it('SEC-40: any altered field of any record is found, with its number', async () => {
    const { store } = await filled(4);
    const changes: [string, unknown][] = [
      ['ts', 1],
      ['actor', 'mallory'],
      ['address', '::1'],
      ['action', 'SIGN_IN'],
      ['subject', 'x'],
      ['before', '1'],
      ['after', '2'],
      ['hash', '0'.repeat(64)],
      ['previousHash', 'f'.repeat(64)],
      ['sequence', 9],
    ];
    for (const row of store.rows.keys()) {
      for (const [field, value] of changes) {
        const kept = store.rows[row]!;
        store.rows[row] = { ...kept, [field]: value };
        const found = await verifyAudit(store);
        expect(found).toMatchObject({ ok: false, code: 'AUDIT_CHAIN_BROKEN' });
        expect(found.ok || found.message).toMatch(new RegExp(`^Record ${row + 1} `));
        store.rows[row] = kept;
      }
    }
    expect((await verifyAudit(store)).ok).toBe(true);
  });

  it('SEC-40: one removed record is found, wherever it was, the last one too', async () => {
    for (const index of [0, 1, 2, 3]) {
      const { store } = await filled(4);
      store.rows.splice(index, 1);
      expect(await verifyAudit(store)).toMatchObject({ ok: false });
    }
    const { store } = await filled(2);
    store.rows.length = 0;
    expect(await verifyAudit(store)).toMatchObject({ ok: false });
  });

  it('SEC-40: a record whose hash was made anew is found by the one after it, and the last by the head', async () => {
    const found: unknown[] = [];
    for (const index of [0, 1, 2, 3]) {
      const { store } = await filled(4);
      const altered = { ...store.rows[index]!, actor: 'mallory' };
      store.rows[index] = { ...altered, hash: auditHash(altered) };
      const verified = await verifyAudit(store);
      found.push(verified.ok || verified.message.replace('Record ', '').replace(' of the audit log', ''));
    }
    const next = (record: number) => `${record} does not follow the one before it.`;
    expect(found).toEqual([next(2), next(3), next(4), '4 is not the one that the head names.']);
  });

  it('SEC-40: a missing record is told by its number, within the log and at its end', async () => {
    const messages: string[] = [];
    for (const index of [1, 3]) {
      const { store } = await filled(4);
      store.rows.splice(index, 1);
      const verified = await verifyAudit(store);
      if (!verified.ok) messages.push(verified.message);
    }
    expect(messages).toEqual([
      'Record 2 of the audit log is missing: 3 stands in its place.',
      'Record 4 of the audit log is missing: the log ends there, and its head says 4.',
    ]);
  });

  it('SEC-40: reordered and doubled records are found', async () => {
    const { store } = await filled(4);
    const [first, second, third, fourth] = store.rows;
    for (const order of [
      [second, first, third, fourth],
      [first, second, second, third],
      [first, third, second, fourth],
    ]) {
      store.rows.splice(0, 4, ...(order as typeof store.rows));
      expect(await verifyAudit(store)).toMatchObject({ ok: false });
    }
  });

  it('SEC-40: a history that was written anew with its head is found by a head that was kept elsewhere', async () => {
    const { store } = await filled(5);
    const kept = store.stored!;
    const other = await filled(4);
    expect((await verifyAudit(other.store)).ok).toBe(true);
    expect(await verifyAudit(other.store, kept)).toMatchObject({ ok: false });
    await other.log.append(entry('another fifth'));
    expect(await verifyAudit(other.store, kept)).toMatchObject({ ok: false });
    expect((await verifyAudit(store, kept)).ok).toBe(true);
    store.stored = null;
    expect(await verifyAudit(store)).toMatchObject({ ok: false });
  });

  it('a log of several pages is verified to its end', async () => {
    const { store } = await filled(2100);
    expect((await verifyAudit(store)).ok).toBe(true);
    store.rows[2050] = { ...store.rows[2050]!, actor: 'x' };
    const found = await verifyAudit(store);
    expect(found.ok || found.message).toContain('Record 2051 ');
  });

  it('appends at the same time make one chain', async () => {
    const { store, log } = await filled(0);
    await Promise.all(Array.from({ length: 50 }, (_, i) => log.append(entry(`${i}`))));
    expect(await verifyAudit(store)).toMatchObject({ ok: true, value: { sequence: 50 } });
  });

  it('a record whose answer was lost is found written, once', async () => {
    const { store, log } = await filled(1);
    const append = store.append.bind(store);
    // Written, but the answer was lost.
    store.append = (record) => append(record).then(() => Promise.reject(new Error('connection lost')));
    expect(await log.append(entry('lost'))).toMatchObject({ sequence: 2 });
    store.append = append;
    await log.append(entry('next'));
    expect(await verifyAudit(store)).toMatchObject({ ok: true, value: { sequence: 3 } });
  });

  it('a record that was not written throws, and the next goes on where the store ends', async () => {
    const { store, log } = await filled(1);
    const append = store.append.bind(store);
    store.append = () => Promise.reject(new Error('disk full'));
    await expect(log.append(entry('lost'))).rejects.toThrow('disk full');
    store.append = append;
    await log.append(entry('next'));
    expect(store.rows.map(({ subject }) => subject)).toEqual(['limit 1', 'next']);
    expect((await verifyAudit(store)).ok).toBe(true);
  });

  it('two processes that write at the same time make one chain with every record', async () => {
    const { store, log } = await filled(1);
    const other = new AuditLog(store, new ManualClock());
    await Promise.all(Array.from({ length: 30 }, (_, i) => (i % 3 === 0 ? other : log).append(entry(`${i}`))));
    expect(await verifyAudit(store)).toMatchObject({ ok: true, value: { sequence: 31 } });
    expect(new Set(store.rows.map(({ subject }) => subject)).size).toBe(31);
  });

  it('goes on from the log of an earlier process', async () => {
    const { store } = await filled(2);
    await new AuditLog(store, new ManualClock()).append(entry('third'));
    expect(await verifyAudit(store)).toMatchObject({ ok: true, value: { sequence: 3 } });
  });

  it('refuses records beyond what may wait for the store', async () => {
    const { store, log } = await filled(0);
    store.head = () => new Promise(() => undefined);
    const waiting = Array.from({ length: AUDIT_WAITING_MAX }, () => log.append(entry('x')));
    for (const one of waiting) one.catch(() => undefined);
    await expect(log.append(entry('one more'))).rejects.toThrow('wait for the store');
  });

  it('SEC-42: no text of an entry leaves its line or reaches a terminal', async () => {
    const { store, log } = await filled(0);
    const nasty = 'a\r\nfake line\u001b[2J\u009b31m\u2028x\u202e';
    await log.append({ actor: nasty, address: nasty, action: 'SIGN_IN', subject: nasty, before: { [nasty]: nasty }, after: nasty });
    const { hash, ts, ...record } = store.rows[0]!;
    expect(Object.values(record).join('')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(record.actor).toBe('a\\u000d\\u000afake line\\u001b[2J\\u009b31m\\u2028x\\u202e');
  });

  it('SEC-34: a secret that was put into an entry stays hidden', async () => {
    const { store, log } = await filled(0);
    await log.append({ ...entry('x'), after: { password: new Secret('canary-19') }, before: [new Secret('canary-19')] });
    expect(JSON.stringify(store.rows)).not.toContain('canary-19');
    expect(store.rows[0]!.after).toBe('{"password":"[secret]"}');
  });

  it('SEC-41: the list of audited actions has every act of the checklist that the program can carry out', () => {
    const named = [
      ['SIGN_IN', 'SIGN_IN_FAILED', 'RIGHT_REFUSED'],
      ['ORDER_PLACED', 'ORDER_MODIFIED', 'ORDER_CANCELED'],
      ['LIMIT_CHANGED', 'TRADING_STATE_CHANGED', 'STRATEGY_CHANGED'],
      ['API_KEY_USED', 'SECRET_STORED', 'MASTER_KEY_ROTATED'],
      ['KILL_SWITCH_THROWN', 'KILL_SWITCH_RESET'],
    ].flat();
    expect(named.filter((action) => !(action in AUDITED_ACTIONS))).toEqual([]);
  });
});
