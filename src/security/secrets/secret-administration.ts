import type { Secret } from '../../base/secret.ts';
import type { SealedName, SealedSecretStore, SecretBinding } from '../../ports/sealed-secret-store.ts';
import type { UserStore } from '../../ports/user-store.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Permit } from '../authorizer.ts';
import { granted, type Outcome, type Refusal, refused } from '../outcome.ts';
import type { SecurityManager } from './security-manager.ts';

/** Sealed secrets of venues that are kept, of all users. */
export const VENUE_SECRETS_MAX = 1000;
/** Bytes of one, in UTF-8. */
export const SECRET_BYTES_MAX = 16_384;
/** Sealed by the program itself, such as secrets of second factors: not for anybody to list, set or delete. */
const OWN_VENUE = 'quanthybrid';
const VENUE = /^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/;
const KEY_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** What a secret is called by people. */
export interface SecretName {
  readonly owner: string;
  readonly venue: string;
  readonly keyId: string;
}

/** A secret as it may be shown: everything but what it holds. */
export interface SecretView extends SecretName {
  readonly masterVersion: number;
  readonly revision: number;
}

export interface Rotation {
  readonly version: number;
  readonly rewrapped: number;
  /** One that had been cut short was brought to its end; no further key was made. */
  readonly wasResumed: boolean;
}

interface SecretParts {
  readonly users: UserStore;
  readonly store: SealedSecretStore;
  readonly secrets: SecurityManager;
  readonly audit: AuditLog;
}

type Manage = Permit<'secrets:manage'>;

/** What is done to keys of venues and to the master key, each written to the audit log by name, never with what it holds. */
export class SecretAdministration {
  private readonly parts: SecretParts;

  constructor(parts: SecretParts) {
    this.parts = parts;
  }

  async list(_permit: Manage): Promise<Outcome<readonly SecretView[]>> {
    const owners = new Map((await this.parts.users.all()).map(({ userId, name }) => [userId, name]));
    const names = (await this.parts.store.names()).filter(isOfVenue);
    return granted(names.map(({ userId, ...rest }) => ({ owner: owners.get(userId) ?? userId, ...rest })));
  }

  async set(permit: Manage, name: SecretName, secret: Secret): Promise<Outcome<null>> {
    const bytes = Buffer.byteLength(secret.reveal());
    if (bytes === 0 || bytes > SECRET_BYTES_MAX) return refused('SECRET_NAME_INVALID', `A secret has 1 to ${SECRET_BYTES_MAX} bytes.`);
    const bound = await this.bindingOf(name);
    if (!bound.ok) return bound;
    const known = (await this.parts.store.names()).filter(isOfVenue);
    const isNew = !known.some((each) => isSame(each, bound.value));
    if (isNew && known.length >= VENUE_SECRETS_MAX) return refused('SECRETS_TOO_MANY', `There are ${VENUE_SECRETS_MAX} secrets.`);
    await this.parts.audit.append({ ...by(permit), action: 'SECRET_STORED', subject: textOf(name), after: { isNew } });
    await this.parts.secrets.put(bound.value, secret);
    return granted(null);
  }

  async remove(permit: Manage, name: SecretName): Promise<Outcome<null>> {
    const bound = await this.bindingOf(name);
    if (!bound.ok) return bound;
    if (!(await this.parts.secrets.remove(bound.value))) return refused('SECRET_UNKNOWN', 'There is no such secret.');
    await this.parts.audit.append({ ...by(permit), action: 'SECRET_REMOVED', subject: textOf(name) });
    return granted(null);
  }

  /** A new master key, and everything under it; a rotation that was cut short comes to its end instead. */
  async rotate(permit: Manage): Promise<Outcome<Rotation>> {
    const { secrets, audit } = this.parts;
    const wasResumed = secrets.isRotating;
    if (!wasResumed && !secrets.canRotate)
      return refused('SECRET_KEY_BY_ENVIRONMENT', 'The master key comes from the environment: the program cannot write a new one.');
    await audit.append({ ...by(permit), action: 'MASTER_KEY_ROTATED', subject: 'master key', before: { version: secrets.masterVersion } });
    const rewrapped = wasResumed ? await secrets.rewrapAll() : await secrets.rotate();
    return granted({ version: secrets.masterVersion, rewrapped, wasResumed });
  }

  private async bindingOf({ owner, venue, keyId }: SecretName): Promise<Outcome<SecretBinding>> {
    if (!VENUE.test(venue) || !KEY_ID.test(keyId) || venue.toLowerCase() === OWN_VENUE) return wrongName();
    const user = await this.parts.users.byName(owner);
    return user === null ? refused('USER_UNKNOWN', 'There is no user of this name.') : granted({ userId: user.userId, venue, keyId });
  }
}

function isOfVenue({ venue }: SealedName): boolean {
  return venue !== OWN_VENUE;
}

function isSame(one: SecretBinding, other: SecretBinding): boolean {
  return one.userId === other.userId && one.venue === other.venue && one.keyId === other.keyId;
}

function textOf({ owner, venue, keyId }: SecretName): string {
  return `${owner} ${venue} ${keyId}`;
}

function by({ actor, address }: Manage): { readonly actor: string; readonly address: string } {
  return { actor, address };
}

function wrongName(): Refusal {
  return refused(
    'SECRET_NAME_INVALID',
    `This cannot name a secret: a venue such as BINANCE and a key id such as trading-1, not ${OWN_VENUE}.`,
  );
}
