import { createHash } from 'node:crypto';
import type { AuditHead, AuditRecord, AuditStore } from '../../ports/audit-store.ts';
import { type Outcome, granted, refused } from '../outcome.ts';

/** What stands for the record before the first. */
export const FIRST_PREVIOUS_HASH = '0'.repeat(64);
/** Records read at a time by a verification. */
const PAGE_RECORDS = 1000;

/** SHA-256 over the fields in order as JSON, which no two different records share. */
export function auditHash(record: Omit<AuditRecord, 'hash'>): string {
  const { sequence, ts, actor, address, action, subject, before, after, previousHash } = record;
  const fields = [sequence, ts, actor, address, action, subject, before, after, previousHash];
  return createHash('sha256').update(JSON.stringify(fields)).digest('hex');
}

/**
 * Reads the whole log and finds whether a record was altered, removed or moved, at the end too.
 *
 * Who can write records and head alike can write another history; so a head that was kept elsewhere is compared too.
 *
 * @param kept a head that was written down earlier, outside the store
 * @returns the head, or AUDIT_CHAIN_BROKEN with the first record that is wrong
 */
export async function verifyAudit(store: AuditStore, kept: AuditHead | null = null): Promise<Outcome<AuditHead | null>> {
  const head = await store.head();
  const end = head?.sequence ?? 0;
  let previousHash = FIRST_PREVIOUS_HASH;
  let sequence = 0;
  while (sequence < end) {
    // Records that were added meanwhile are left to the next time.
    const page = await store.read(sequence + 1, Math.min(PAGE_RECORDS, end - sequence));
    if (page.length === 0) return broken(sequence + 1, `is missing: the log ends there, and its head says ${end}`);
    for (const record of page) {
      sequence += 1;
      if (record.sequence !== sequence) return broken(sequence, `is missing: ${record.sequence} stands in its place`);
      if (record.previousHash !== previousHash) return broken(sequence, 'does not follow the one before it');
      if (record.hash !== auditHash(record)) return broken(sequence, 'was altered');
      if (record.sequence === kept?.sequence && record.hash !== kept.hash)
        return broken(sequence, 'is not what it was when its hash was kept');
      previousHash = record.hash;
    }
  }
  if (head !== null && head.hash !== previousHash) return broken(end, 'is not the one that the head names');
  if (kept !== null && kept.sequence > end)
    return broken(end + 1, `is missing: the log had ${kept.sequence} records when its head was kept`);
  if (head === null && (await store.read(1, 1)).length > 0) return broken(1, 'is there, and the head is missing');
  return granted(head);
}

function broken(sequence: number, what: string): Outcome<never> {
  return refused('AUDIT_CHAIN_BROKEN', `Record ${sequence} of the audit log ${what}.`);
}
