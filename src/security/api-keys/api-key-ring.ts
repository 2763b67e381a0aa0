import { Secret } from '../../base/secret.ts';
import { KEY_SCOPES, type KeyScope, RIGHTS_OF_ROLE, RIGHTS_OF_SCOPE } from '../../model/rights.ts';
import type { ApiKeyRecord } from '../../ports/api-key-store.ts';
import type { UserRecord } from '../../ports/user-store.ts';
import { auditAfter, type AuthParts } from '../auth-parts.ts';
import type { Permit } from '../authorizer.ts';
import { randomId, randomToken, sha256Hex } from '../chance.ts';
import { equalSecrets } from '../equal-secrets.ts';
import type { Identity } from '../identity.ts';
import { granted, type Outcome, refused } from '../outcome.ts';
import { isAddressOrSubnet, isListed } from './address-list.ts';

/** API keys of one user that are good at a time. */
export const API_KEYS_PER_USER_MAX = 20;
/** Microseconds that a key may live. */
export const API_KEY_LIFE_US_MAX = 366 * 24 * 3600 * 1e6;
/** Addresses and subnets in the list of a key. */
export const API_KEY_ADDRESSES_MAX = 32;
const LABEL_CHARACTERS = 64;
/** A key's last use and refusals are written down no more often than this. */
const NOTE_EVERY_US = 60 * 1e6;

export interface ApiKeyTerms {
  readonly label: string;
  readonly scopes: readonly KeyScope[];
  readonly addresses: readonly string[];
  readonly tsEnd: number;
}

/** A key as its owner sees it later: everything but the secret. */
export type ApiKeyView = Omit<ApiKeyRecord, 'secretHash'>;

/** Keys by which programs sign in: shown once, stored as a hash. The secret has 256 bits of chance, so a fast hash is enough and every request can be checked. */
export class ApiKeyRing {
  private readonly parts: AuthParts;
  private readonly tsNoted = new Map<string, number>();

  constructor(parts: AuthParts) {
    this.parts = parts;
  }

  /** @returns the key itself, which nobody can be shown again */
  async create(
    permit: Permit<'keys:add'>,
    owner: UserRecord,
    terms: ApiKeyTerms,
  ): Promise<Outcome<{ readonly keyId: string; readonly key: Secret }>> {
    const now = this.parts.clock.now();
    const wrong = whatIsWrong(terms, now);
    if (wrong !== null) return refused('API_KEY_INVALID', wrong);
    const good = (await this.parts.apiKeys.ofUser(owner.userId)).filter((key) => !key.isRevoked && key.tsEnd > now);
    if (good.length >= API_KEYS_PER_USER_MAX)
      return refused('API_KEYS_TOO_MANY', `${API_KEYS_PER_USER_MAX} keys are good already; revoke one.`);
    const { label, scopes, addresses, tsEnd } = terms;
    const secret = randomToken();
    const keyId = randomId();
    const after = { owner: owner.name, label, scopes, addresses, tsEnd };
    await this.parts.audit.append({ actor: permit.actor, address: permit.address, action: 'API_KEY_CREATED', subject: keyId, after });
    const record = { keyId, userId: owner.userId, label, secretHash: sha256Hex(secret), scopes, addresses, tsCreated: now, tsEnd };
    await this.parts.apiKeys.insert({ ...record, isRevoked: false, tsUsed: null, addressUsed: null });
    return granted({ keyId, key: new Secret(`qh_${keyId}_${secret}`) });
  }

  async list(userId: string): Promise<readonly ApiKeyView[]> {
    return (await this.parts.apiKeys.ofUser(userId)).map(({ secretHash, ...view }) => view);
  }

  async ownerOf(keyId: string): Promise<string | null> {
    return (await this.parts.apiKeys.byId(keyId))?.userId ?? null;
  }

  async revoke(permit: Permit<'keys:revoke'> | Permit<'users:manage'>, ownerId: string, keyId: string): Promise<Outcome<null>> {
    const key = await this.parts.apiKeys.byId(keyId);
    if (key === null || key.userId !== ownerId) return refused('API_KEY_REFUSED', 'There is no such key.');
    await this.parts.apiKeys.revoke(keyId);
    this.parts.ends.announce({ userId: ownerId, accessId: keyId, reason: 'REVOKED' });
    await auditAfter(this.parts, { actor: permit.actor, address: permit.address, action: 'API_KEY_REVOKED', subject: keyId });
    return granted(null);
  }

  /** Who the key stands for now, or API_KEY_REFUSED, the same for every reason. */
  async authenticate(key: Secret, address: string): Promise<Outcome<Identity>> {
    const parsed = /^qh_([0-9a-f]{32})_([\w-]{43})$/.exec(key.reveal());
    const record = parsed === null ? null : await this.parts.apiKeys.byId(parsed[1]!);
    if (record === null || !equalSecrets(sha256Hex(parsed![2]!), record.secretHash)) return refusedKey();
    const identity = await this.identityOf(record, address);
    if (identity === null) {
      await this.note(record, address, 'API_KEY_REFUSED');
      return refusedKey();
    }
    // A key that turns up elsewhere is worth a line at once.
    if (record.addressUsed !== address) await this.parts.audit.append(noteOf(identity.userName, record, address, 'API_KEY_USED'));
    const now = this.parts.clock.now();
    if (record.addressUsed !== address || now - (record.tsUsed ?? 0) >= NOTE_EVERY_US)
      await this.parts.apiKeys.markUsed(record.keyId, now, address);
    return granted(identity);
  }

  /** Looks again at a key that was good: for a WebSocket, and before each act. */
  async again(keyId: string, address: string): Promise<Identity | null> {
    const record = await this.parts.apiKeys.byId(keyId);
    return record === null ? null : this.identityOf(record, address);
  }

  private async identityOf(record: ApiKeyRecord, address: string): Promise<Identity | null> {
    if (record.isRevoked || this.parts.clock.now() >= record.tsEnd) return null;
    if (record.addresses.length > 0 && !isListed(address, record.addresses)) return null;
    const owner = await this.parts.users.byId(record.userId);
    if (owner === null || owner.isDisabled) return null;
    const scopes = record.scopes.map((scope) => RIGHTS_OF_SCOPE[scope]);
    const rights = new Set([...RIGHTS_OF_ROLE[owner.role]].filter((right) => scopes.some((scope) => scope.has(right))));
    const { keyId, userId, tsEnd } = record;
    return {
      kind: 'API_KEY',
      accessId: keyId,
      userId,
      userName: owner.name,
      role: owner.role,
      rights,
      address,
      mustChangePassword: false,
      tsEnd,
    };
  }

  private async note(record: ApiKeyRecord, address: string, action: 'API_KEY_REFUSED'): Promise<void> {
    const now = this.parts.clock.now();
    if (now - (this.tsNoted.get(record.keyId) ?? Number.NEGATIVE_INFINITY) < NOTE_EVERY_US) return;
    this.tsNoted.set(record.keyId, now);
    await this.parts.audit.append(noteOf(record.userId, record, address, action));
  }
}

function noteOf(owner: string, record: ApiKeyRecord, address: string, action: 'API_KEY_REFUSED' | 'API_KEY_USED') {
  return { actor: `${owner} key:${record.keyId}`, address, action, subject: record.keyId };
}

function refusedKey(): Outcome<never> {
  return refused('API_KEY_REFUSED', 'This API key is not good here.');
}

function whatIsWrong({ label, scopes, addresses, tsEnd }: ApiKeyTerms, now: number): string | null {
  if (label.length === 0 || label.length > LABEL_CHARACTERS) return `A label has 1 to ${LABEL_CHARACTERS} characters.`;
  if (scopes.length === 0 || scopes.some((scope) => !KEY_SCOPES.includes(scope)) || new Set(scopes).size !== scopes.length) {
    return `A key has one or more of the scopes ${KEY_SCOPES.join(', ')}.`;
  }
  if (addresses.length > API_KEY_ADDRESSES_MAX) return `A key lists at most ${API_KEY_ADDRESSES_MAX} addresses.`;
  const other = addresses.find((entry) => !isAddressOrSubnet(entry));
  if (other !== undefined) return 'An entry of the list of addresses is neither an address nor a subnet such as 10.0.0.0/8.';
  if (!Number.isSafeInteger(tsEnd) || tsEnd <= now || tsEnd - now > API_KEY_LIFE_US_MAX) return 'A key ends after now and within 366 days.';
  return null;
}
