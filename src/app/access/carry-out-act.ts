import type { ConsoleAct } from './console-act.ts';
import { unreachable } from '../../base/assert.ts';
import { Secret } from '../../base/secret.ts';
import { DAY_US } from '../../model/civil-date.ts';
import { type Answer, mapped } from '../../ports/answer.ts';
import type { AuditHead } from '../../ports/audit-store.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ApiKeyView } from '../../security/api-keys/api-key-ring.ts';
import type { AuthManager } from '../../security/auth-manager.ts';
import { consolePermit, type Permit } from '../../security/authorizer.ts';
import { failClosed } from '../../security/outcome.ts';
import type { Rotation, SecretAdministration, SecretView } from '../../security/secrets/secret-administration.ts';
import type { UserLine } from '../../ports/account-desk.ts';
import type { OneTimePassword } from '../../security/users/user-administration.ts';

/** A key with the name of its owner. */
export type OwnedKey = ApiKeyView & { readonly owner: string };

/** What an act came to, as plain data: it may have come from another process. */
export type ConsoleResult =
  | { readonly kind: 'done' }
  | { readonly kind: 'users'; readonly users: readonly UserLine[] }
  | { readonly kind: 'password'; readonly name: string; readonly password: string; readonly tsEnd: number }
  | { readonly kind: 'keys'; readonly keys: readonly OwnedKey[] }
  | { readonly kind: 'key'; readonly keyId: string; readonly key: string; readonly tsEnd: number }
  | { readonly kind: 'secrets'; readonly secrets: readonly SecretView[] }
  | ({ readonly kind: 'rotation' } & Rotation)
  /** Null where nothing was ever written. */
  | { readonly kind: 'audit'; readonly head: AuditHead | null };

export interface ActParts {
  readonly auth: AuthManager;
  /** Null where the act needs none, and no master key was read. */
  readonly secrets: SecretAdministration | null;
  readonly clock: Clock;
  readonly report: (error: unknown) => void;
}

const DONE: ConsoleResult = { kind: 'done' };

/** Does what the command line asked for, in its own process or in the one that has the database. Every act is in the audit log, with the actor `console`. */
export function carryOutAct(act: ConsoleAct, parts: ActParts): Promise<Answer<ConsoleResult>> {
  return failClosed(parts.report, () => carryOut(act, parts));
}

async function carryOut(act: ConsoleAct, { auth, secrets, clock }: ActParts): Promise<Answer<ConsoleResult>> {
  const permit = consolePermit('users:manage');
  switch (act.kind) {
    case 'user-list':
      return mapped(await listUsers(auth, permit), (users) => ({ kind: 'users', users }));
    case 'user-add':
      return mapped(await auth.manageUsers((users) => users.create(permit, act.name, act.role)), passwordResult);
    case 'user-disable':
      return mapped(await auth.manageUsers((users) => users.disable(permit, act.name)), () => DONE);
    case 'user-role':
      return mapped(await auth.manageUsers((users) => users.setRole(permit, act.name, act.role)), () => DONE);
    case 'user-reset':
      return mapped(await auth.manageUsers((users) => users.reset(permit, act.name, act)), passwordResult);
    case 'user-unlock':
      return mapped(await auth.manageUsers((users) => users.unlock(permit, act.name)), () => DONE);
    case 'user-totp-off':
      return mapped(await auth.manageUsers((users) => users.dropSecondFactor(permit, act.name)), () => DONE);
    case 'apikey-list':
      return listKeys(auth, permit, act.owner);
    case 'apikey-create': {
      const { owner, label, scopes, addresses, days } = act;
      const tsEnd = clock.now() + days * DAY_US;
      const made = await auth.createKey(consolePermit('keys:add'), { label, scopes, addresses, tsEnd }, owner);
      return mapped(made, ({ keyId, key }) => ({ kind: 'key', keyId, key: key.reveal(), tsEnd }));
    }
    case 'apikey-revoke': {
      const owner = await auth.ownerOfKey(permit, act.keyId);
      return owner.ok ? mapped(await auth.revokeKey(permit, owner.value, act.keyId), () => DONE) : owner;
    }
    case 'secret-list':
      return mapped(await of(secrets).list(consolePermit('secrets:manage')), (found) => ({ kind: 'secrets', secrets: found }));
    case 'secret-set':
      return mapped(await of(secrets).set(consolePermit('secrets:manage'), act, new Secret(act.secret)), () => DONE);
    case 'secret-delete':
      return mapped(await of(secrets).remove(consolePermit('secrets:manage'), act), () => DONE);
    case 'secret-rotate':
      return mapped(await of(secrets).rotate(consolePermit('secrets:manage')), (rotation) => ({ kind: 'rotation', ...rotation }));
    case 'audit-verify':
      return mapped(await auth.audit.verify(act.kept), (head) => ({ kind: 'audit', head }));
    default:
      return unreachable(act);
  }
}

async function listKeys(auth: AuthManager, permit: Permit<'users:manage'>, owner: string | null): Promise<Answer<ConsoleResult>> {
  const users = await listUsers(auth, permit);
  if (!users.ok) return users;
  const wanted = users.value.filter(({ name }) => owner === null || name === owner);
  if (owner !== null && wanted.length === 0) return { ok: false, code: 'USER_UNKNOWN', message: 'There is no user of this name.' };
  const keys: OwnedKey[] = [];
  for (const { userId, name } of wanted) {
    const found = await auth.listKeys(userId);
    if (!found.ok) return found;
    keys.push(...found.value.map((key) => ({ ...key, owner: name })));
  }
  return { ok: true, value: { kind: 'keys', keys } };
}

function listUsers(auth: AuthManager, permit: Permit<'users:manage'>): Promise<Answer<readonly UserLine[]>> {
  return auth.manageUsers(async (users) => ({ ok: true, value: await users.list(permit) }));
}

function passwordResult({ name, password, tsEnd }: OneTimePassword): ConsoleResult {
  return { kind: 'password', name, password: password.reveal(), tsEnd };
}

function of(secrets: SecretAdministration | null): SecretAdministration {
  if (secrets === null) throw new Error('an act about secrets was carried out without their administration');
  return secrets;
}
