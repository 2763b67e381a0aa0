import type { ApiKeyRecord, ApiKeyStore } from '../ports/api-key-store.ts';
import type { AuditHead, AuditRecord, AuditStore } from '../ports/audit-store.ts';
import type { IdempotencyRecord, IdempotencyStore } from '../ports/idempotency-store.ts';
import type { MasterKeyState, SealedName, SealedSecret, SealedSecretStore, SecretBinding } from '../ports/sealed-secret-store.ts';
import type { RefreshRecord, SessionRecord, SessionStore } from '../ports/session-store.ts';
import type { UserRecord, UserStore } from '../ports/user-store.ts';

/** Stores for tests, as the ports say. A record goes in and comes out as a copy, as it does with a database. */

export class MemoryUsers implements UserStore {
  readonly rows = new Map<string, UserRecord>();

  async byId(userId: string): Promise<UserRecord | null> {
    return structuredClone(this.rows.get(userId) ?? null);
  }
  async byName(name: string): Promise<UserRecord | null> {
    return structuredClone([...this.rows.values()].find((row) => row.name === name) ?? null);
  }
  async all(): Promise<readonly UserRecord[]> {
    return structuredClone([...this.rows.values()].sort((a, b) => (a.name < b.name ? -1 : 1)));
  }
  async insert(user: UserRecord): Promise<boolean> {
    if (this.rows.has(user.userId) || [...this.rows.values()].some(({ name }) => name === user.name)) return false;
    this.rows.set(user.userId, structuredClone(user));
    return true;
  }
  async replace(user: UserRecord): Promise<boolean> {
    if (this.rows.get(user.userId)?.revision !== user.revision - 1) return false;
    this.rows.set(user.userId, structuredClone(user));
    return true;
  }
}

export class MemorySessions implements SessionStore {
  readonly rows = new Map<string, SessionRecord>();
  readonly tokens = new Map<string, RefreshRecord>();

  async insert(session: SessionRecord): Promise<void> {
    this.rows.set(session.sessionId, structuredClone(session));
  }
  async byId(sessionId: string): Promise<SessionRecord | null> {
    return structuredClone(this.rows.get(sessionId) ?? null);
  }
  async living(userId: string | null): Promise<readonly SessionRecord[]> {
    const rows = [...this.rows.values()].filter((row) => row.endReason === null && (userId === null || row.userId === userId));
    return structuredClone(rows.sort((a, b) => a.tsCreated - b.tsCreated));
  }
  async touch(sessionId: string, tsUsed: number): Promise<void> {
    const row = this.rows.get(sessionId);
    if (row !== undefined) this.rows.set(sessionId, { ...row, tsUsed });
  }
  async end(sessionId: string, endReason: string): Promise<boolean> {
    const row = this.rows.get(sessionId);
    if (row === undefined || row.endReason !== null) return false;
    this.rows.set(sessionId, { ...row, endReason });
    return true;
  }
  async insertRefresh(token: RefreshRecord): Promise<void> {
    this.tokens.set(token.tokenHash, structuredClone(token));
  }
  async spendRefresh(tokenHash: string): Promise<RefreshRecord | null> {
    const token = this.tokens.get(tokenHash);
    if (token === undefined) return null;
    this.tokens.set(tokenHash, { ...token, isSpent: true });
    return token;
  }
  async forgetEnded(tsCreatedBefore: number): Promise<void> {
    for (const row of [...this.rows.values()]) {
      if (row.endReason === null || row.tsCreated >= tsCreatedBefore) continue;
      this.rows.delete(row.sessionId);
      for (const token of [...this.tokens.values()]) if (token.sessionId === row.sessionId) this.tokens.delete(token.tokenHash);
    }
  }
}

export class MemoryApiKeys implements ApiKeyStore {
  readonly rows = new Map<string, ApiKeyRecord>();

  async insert(key: ApiKeyRecord): Promise<void> {
    this.rows.set(key.keyId, structuredClone(key));
  }
  async byId(keyId: string): Promise<ApiKeyRecord | null> {
    return structuredClone(this.rows.get(keyId) ?? null);
  }
  async ofUser(userId: string): Promise<readonly ApiKeyRecord[]> {
    return structuredClone([...this.rows.values()].filter((row) => row.userId === userId));
  }
  async markUsed(keyId: string, tsUsed: number, address: string): Promise<void> {
    const row = this.rows.get(keyId);
    if (row !== undefined) this.rows.set(keyId, { ...row, tsUsed, addressUsed: address });
  }
  async revoke(keyId: string): Promise<boolean> {
    const row = this.rows.get(keyId);
    if (row === undefined || row.isRevoked) return false;
    this.rows.set(keyId, { ...row, isRevoked: true });
    return true;
  }
}

export class MemoryAudit implements AuditStore {
  readonly rows: AuditRecord[] = [];
  stored: AuditHead | null = null;

  async head(): Promise<AuditHead | null> {
    return this.stored;
  }
  async append(record: AuditRecord): Promise<void> {
    if (record.sequence !== (this.stored?.sequence ?? 0) + 1) throw new Error('the record does not follow the head');
    this.rows.push(structuredClone(record));
    this.stored = { sequence: record.sequence, hash: record.hash };
  }
  async read(fromSequence: number, countMax: number): Promise<readonly AuditRecord[]> {
    return this.rows.filter((row) => row.sequence >= fromSequence).slice(0, countMax);
  }
}

export class MemorySecrets implements SealedSecretStore {
  readonly rows = new Map<string, SealedSecret>();
  state: MasterKeyState | null = null;

  static nameOf({ userId, venue, keyId }: SecretBinding): string {
    return JSON.stringify([userId, venue, keyId]);
  }
  async keyState(): Promise<MasterKeyState | null> {
    return structuredClone(this.state);
  }
  async saveKeyState(state: MasterKeyState): Promise<boolean> {
    if ((this.state?.revision ?? 0) !== state.revision - 1) return false;
    this.state = structuredClone(state);
    return true;
  }
  async get(binding: SecretBinding): Promise<SealedSecret | null> {
    return structuredClone(this.rows.get(MemorySecrets.nameOf(binding)) ?? null);
  }
  async put(secret: SealedSecret): Promise<boolean> {
    const name = MemorySecrets.nameOf(secret);
    if ((this.rows.get(name)?.revision ?? 0) !== secret.revision - 1 || secret.masterVersion !== this.state?.version) return false;
    this.rows.set(name, structuredClone(secret));
    return true;
  }
  async remove(binding: SecretBinding): Promise<boolean> {
    return this.rows.delete(MemorySecrets.nameOf(binding));
  }
  async underVersion(masterVersion: number, countMax: number): Promise<readonly SealedSecret[]> {
    return structuredClone([...this.rows.values()].filter((row) => row.masterVersion === masterVersion).slice(0, countMax));
  }
  async count(): Promise<number> {
    return this.rows.size;
  }
  async names(): Promise<readonly SealedName[]> {
    const names = [...this.rows.values()].map(({ wrappedKey, body, ...name }) => name);
    return names.sort((a, b) => (MemorySecrets.nameOf(a) < MemorySecrets.nameOf(b) ? -1 : 1));
  }
}

export class MemoryIdempotency implements IdempotencyStore {
  readonly rows = new Map<string, IdempotencyRecord>();

  async insertIfAbsent(record: IdempotencyRecord): Promise<IdempotencyRecord | null> {
    const name = JSON.stringify([record.owner, record.key]);
    const found = this.rows.get(name);
    if (found !== undefined) return found;
    this.rows.set(name, record);
    return null;
  }
  async find(owner: string, key: string): Promise<IdempotencyRecord | null> {
    return this.rows.get(JSON.stringify([owner, key])) ?? null;
  }
  async finish(owner: string, key: string, outcome: string): Promise<void> {
    const name = JSON.stringify([owner, key]);
    this.rows.set(name, { ...this.rows.get(name)!, outcome });
  }
  async count(owner: string): Promise<number> {
    return [...this.rows.values()].filter((row) => row.owner === owner).length;
  }
  async forget(tsCreatedBefore: number): Promise<void> {
    for (const [name, row] of [...this.rows]) if (row.tsCreated < tsCreatedBefore) this.rows.delete(name);
  }
}
