import { Secret } from '../../base/secret.ts';
import { ROLES, type Role } from '../../model/rights.ts';
import type { UserLine } from '../../ports/account-desk.ts';
import type { UserRecord } from '../../ports/user-store.ts';
import { auditAfter, type AuthParts, changeUser } from '../auth-parts.ts';
import type { Permit } from '../authorizer.ts';
import { randomId, readableCode } from '../chance.ts';
import { granted, type Outcome, type Refusal, refused } from '../outcome.ts';

/** Users that are kept, disabled ones included. */
export const USERS_MAX = 1000;
/** Microseconds in which a one-time password must be used. */
export const ONE_TIME_PASSWORD_LIFE_US_MAX = 7 * 24 * 3600 * 1e6;
/** 125 bits. */
const ONE_TIME_CHARACTERS = 25;

export interface OneTimePassword {
  readonly userId: string;
  readonly name: string;
  /** Shown once, to whoever asked. */
  readonly password: Secret;
  readonly tsEnd: number;
}

type Manage = Permit<'users:manage'>;

/** What an admin does to users. What gives access is written to the audit log first; what takes it away is done first. */
export class UserAdministration {
  private readonly parts: AuthParts;

  constructor(parts: AuthParts) {
    this.parts = parts;
  }

  /** Where there is no user at all: makes the admin. @returns null where there are users */
  async firstStart(permit: Manage): Promise<Outcome<OneTimePassword | null>> {
    if ((await this.parts.users.all()).length > 0) return granted(null);
    return this.create(permit, 'admin', 'admin');
  }

  async create(permit: Manage, name: string, role: Role): Promise<Outcome<OneTimePassword>> {
    if (!/^[a-z][a-z0-9._-]{0,63}$/.test(name)) return refused('USER_NAME_INVALID', 'This cannot be the name of a user.');
    if (!ROLES.includes(role)) return refused('AUTH_RIGHT_MISSING', `A role is one of ${ROLES.join(', ')}.`);
    const all = await this.parts.users.all();
    if (all.some((user) => user.name === name)) return refused('USER_EXISTS', 'There is a user of this name.');
    if (all.length >= USERS_MAX) return refused('USERS_TOO_MANY', `There are ${USERS_MAX} users.`);
    const { password, passwordHash, tsEnd } = await this.oneTime();
    const userId = randomId();
    await this.parts.audit.append({ ...by(permit), action: 'USER_CREATED', subject: name, after: { userId, role } });
    const isStored = await this.parts.users.insert({
      ...{ userId, name, role, isDisabled: false, passwordHash, oneTimeUntil: tsEnd, totp: 'NONE', totpStepUsed: -1 },
      ...{ recoveryHashes: [], knownAddresses: [], tsCreated: this.parts.clock.now(), accessEpoch: 1, revision: 1 },
    });
    return isStored ? granted({ userId, name, password, tsEnd }) : refused('USER_EXISTS', 'There is a user of this name.');
  }

  async list(_permit: Manage | Permit<'users:read'>): Promise<readonly UserLine[]> {
    return (await this.parts.users.all()).map((user) => {
      const { userId, name, role, isDisabled, tsCreated } = user;
      return {
        userId,
        name,
        role,
        isDisabled,
        tsCreated,
        hasSecondFactor: user.totp === 'ACTIVE',
        mustChangePassword: user.oneTimeUntil !== null,
      };
    });
  }

  async setRole(permit: Manage, name: string, role: Role): Promise<Outcome<null>> {
    if (!ROLES.includes(role)) return refused('AUTH_RIGHT_MISSING', `A role is one of ${ROLES.join(', ')}.`);
    const user = await this.parts.users.byName(name);
    if (user === null) return unknownUser();
    if (user.role === role) return granted(null);
    if (role !== 'admin' && (await this.isLastAdmin(user))) return lastAdmin();
    await this.parts.audit.append({
      ...by(permit),
      action: 'USER_ROLE_CHANGED',
      subject: name,
      before: { role: user.role },
      after: { role },
    });
    if ((await changeUser(this.parts, user, { role }, true)) === null) return changedMeanwhile();
    await this.parts.keeper.endAll(user.userId, 'ROLE_CHANGED');
    return granted(null);
  }

  async disable(permit: Manage, name: string): Promise<Outcome<null>> {
    const user = await this.parts.users.byName(name);
    if (user === null) return unknownUser();
    if (user.isDisabled) return granted(null);
    if (await this.isLastAdmin(user)) return lastAdmin();
    if ((await changeUser(this.parts, user, { isDisabled: true }, true)) === null) return changedMeanwhile();
    await this.parts.keeper.endAll(user.userId, 'DISABLED');
    await auditAfter(this.parts, { ...by(permit), action: 'USER_DISABLED', subject: name });
    return granted(null);
  }

  async enable(permit: Manage, name: string): Promise<Outcome<null>> {
    const user = await this.parts.users.byName(name);
    if (user === null) return unknownUser();
    if (!user.isDisabled) return granted(null);
    await this.parts.audit.append({ ...by(permit), action: 'USER_ENABLED', subject: name });
    return (await changeUser(this.parts, user, { isDisabled: false }, false)) === null ? changedMeanwhile() : granted(null);
  }

  /** Enables the user and ends every waiting, in whichever process tries were counted; what was open is closed. */
  async unlock(permit: Manage, name: string): Promise<Outcome<null>> {
    const user = await this.parts.users.byName(name);
    if (user === null) return unknownUser();
    await this.parts.audit.append({ ...by(permit), action: 'USER_UNLOCKED', subject: name, before: { isDisabled: user.isDisabled } });
    if ((await changeUser(this.parts, user, { isDisabled: false }, true)) === null) return changedMeanwhile();
    await this.parts.keeper.endAll(user.userId, 'UNLOCKED');
    return granted(null);
  }

  /** For a lost authenticator app: the password is enough from then on, and what was open is closed. */
  async dropSecondFactor(permit: Manage, name: string): Promise<Outcome<null>> {
    const user = await this.parts.users.byName(name);
    if (user === null) return unknownUser();
    if (user.totp === 'NONE') return refused('TOTP_STATE_WRONG', 'There is no second factor.');
    await this.parts.audit.append({ ...by(permit), action: 'TOTP_REMOVED', subject: name });
    if ((await changeUser(this.parts, this.parts.factor.without(user), {}, true)) === null) return changedMeanwhile();
    await this.parts.keeper.endAll(user.userId, 'TOTP_REMOVED');
    await this.parts.factor.forget(user);
    return granted(null);
  }

  /** For a lost password: a new one-time password, every session ended, no waiting left. With `dropSecondFactor` for a lost app besides. */
  async reset(
    permit: Manage,
    name: string,
    { dropSecondFactor }: { readonly dropSecondFactor: boolean },
  ): Promise<Outcome<OneTimePassword>> {
    const user = await this.parts.users.byName(name);
    if (user === null) return unknownUser();
    const { password, passwordHash, tsEnd } = await this.oneTime();
    await this.parts.audit.append({ ...by(permit), action: 'USER_RESET', subject: name, after: { dropSecondFactor } });
    const before = dropSecondFactor ? this.parts.factor.without(user) : user;
    if ((await changeUser(this.parts, before, { passwordHash, oneTimeUntil: tsEnd }, true)) === null) return changedMeanwhile();
    await this.parts.keeper.endAll(user.userId, 'PASSWORD_RESET');
    if (dropSecondFactor) await this.parts.factor.forget(user);
    return granted({ userId: user.userId, name, password, tsEnd });
  }

  private async oneTime(): Promise<{ readonly password: Secret; readonly passwordHash: string; readonly tsEnd: number }> {
    const password = new Secret(readableCode(ONE_TIME_CHARACTERS));
    const passwordHash = await this.parts.hasher.hash(password);
    return { password, passwordHash, tsEnd: this.parts.clock.now() + ONE_TIME_PASSWORD_LIFE_US_MAX };
  }

  private async isLastAdmin(user: UserRecord): Promise<boolean> {
    if (user.role !== 'admin' || user.isDisabled) return false;
    return (await this.parts.users.all()).every((other) => other.userId === user.userId || other.role !== 'admin' || other.isDisabled);
  }
}

function by(permit: Manage): { readonly actor: string; readonly address: string } {
  return { actor: permit.actor, address: permit.address };
}

function unknownUser(): Refusal {
  return refused('USER_UNKNOWN', 'There is no user of this name.');
}

function lastAdmin(): Refusal {
  return refused('USER_LAST_ADMIN', 'This is the last admin.');
}

function changedMeanwhile(): Refusal {
  return refused('USER_CHANGED', 'The user was changed meanwhile. Look again.');
}
