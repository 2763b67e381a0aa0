import { printableLine } from '../../base/printable-line.ts';
import type { AuditHead, AuditRecord, AuditStore } from '../../ports/audit-store.ts';
import type { Clock } from '../../ports/clock.ts';
import { auditHash, FIRST_PREVIOUS_HASH, verifyAudit } from './audit-chain.ts';
import type { AuditedAction } from './audited-actions.ts';
import type { Outcome } from '../outcome.ts';

/** Characters kept of actor, address and subject, and of the JSON of before and after. */
export const AUDIT_TEXT_MAX = 256;
export const AUDIT_VALUE_MAX = 4096;
/** How often a record is tried anew because another process was first. */
const TRIES = 10;
/** Records that wait for the store. */
export const AUDIT_WAITING_MAX = 1000;

export interface AuditEntry {
  /** User name, `key:` and the id of an API key, or `system`. */
  readonly actor: string;
  readonly address: string;
  readonly action: AuditedAction;
  readonly subject: string;
  /** What it was and what it is now, as plain data. A secret in it stays hidden. */
  readonly before?: unknown;
  readonly after?: unknown;
}

/**
 * Who did what, when, from where. Each record holds the hash of the one before it, so that nothing can be changed, removed or moved without a trace.
 *
 * Appends follow each other whatever their callers do; where another process (a command line beside the server) was first, the record is made anew behind its
 * own. An append that throws has not happened for sure: whoever needs it denies.
 */
export class AuditLog {
  private readonly store: AuditStore;
  private readonly clock: Clock;
  private head: AuditHead | null = null;
  private hasHead = false;
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  constructor(store: AuditStore, clock: Clock) {
    this.store = store;
    this.clock = clock;
  }

  /** @throws whatever the store throws, and Error where too many records wait for it */
  append(entry: AuditEntry): Promise<AuditRecord> {
    if (this.waiting >= AUDIT_WAITING_MAX) return Promise.reject(new Error(`${AUDIT_WAITING_MAX} audit records wait for the store`));
    this.waiting += 1;
    const mine = this.last.then(() => this.write(entry, TRIES)).finally(() => (this.waiting -= 1));
    // The next one follows whether this one fails or not; its failure is its caller's.
    this.last = mine.catch(() => undefined);
    return mine;
  }

  /** Reads the whole log; see {@link verifyAudit}. @param kept a head that was written down earlier, elsewhere */
  verify(kept: AuditHead | null): Promise<Outcome<AuditHead | null>> {
    return verifyAudit(this.store, kept);
  }

  private async write(entry: AuditEntry, triesLeft: number): Promise<AuditRecord> {
    if (!this.hasHead) this.head = await this.store.head();
    const body = {
      sequence: (this.head?.sequence ?? 0) + 1,
      ts: this.clock.now(),
      actor: printableLine(entry.actor, AUDIT_TEXT_MAX),
      address: printableLine(entry.address, AUDIT_TEXT_MAX),
      action: entry.action,
      subject: printableLine(entry.subject, AUDIT_TEXT_MAX),
      before: valueText(entry.before),
      after: valueText(entry.after),
      previousHash: this.head?.hash ?? FIRST_PREVIOUS_HASH,
    };
    const record = { ...body, hash: auditHash(body) };
    // Until the store has answered nobody knows where the log ends.
    this.hasHead = false;
    try {
      await this.store.append(record);
    } catch (error) {
      const used = this.head?.hash;
      this.head = await this.store.head();
      const isWritten = this.head?.hash === record.hash;
      if (!isWritten && (this.head?.hash === used || triesLeft === 1)) throw error;
      if (!isWritten) {
        this.hasHead = true;
        return this.write(entry, triesLeft - 1);
      }
    }
    this.head = { sequence: record.sequence, hash: record.hash };
    this.hasHead = true;
    return record;
  }
}

function valueText(value: unknown): string {
  return value === undefined ? '' : printableLine(JSON.stringify(value), AUDIT_VALUE_MAX);
}
