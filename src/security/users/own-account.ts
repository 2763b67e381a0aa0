import type { Secret } from '../../base/secret.ts';
import type { SessionLine } from '../../ports/account-desk.ts';
import type { UserRecord } from '../../ports/user-store.ts';
import { auditAfter, type AuthParts, changeUser } from '../auth-parts.ts';
import { equalSecrets } from '../equal-secrets.ts';
import type { Identity } from '../identity.ts';
import { granted, type Outcome, type Refusal, refused } from '../outcome.ts';
import { judgePassword } from '../passwords/password-rules.ts';
import type { SessionGrant } from '../sessions/session-keeper.ts';

export interface SecondFactorView {
  readonly state: UserRecord['totp'];
  readonly recoveryCodesLeft: number;
}

/** What somebody who is signed in does to their own account; each asks for a proof again, so a session that lies open is not enough. */
export class OwnAccount {
  private readonly parts: AuthParts;

  constructor(parts: AuthParts) {
    this.parts = parts;
  }

  /** Every session ends, this one too; the answer is a new one. */
  async changePassword(identity: Identity, current: Secret, next: Secret): Promise<Outcome<SessionGrant>> {
    const user = await this.ownerOf(identity);
    if (user === null) return notHere();
    const proven = await this.parts.proofs.password(user, current, identity.address);
    if (!proven.ok) return proven;
    const judged = judgePassword(next, user.name);
    if (!judged.ok) return judged;
    if (equalSecrets(current.reveal(), next.reveal())) return refused('PASSWORD_COMMON', 'The new password is the old one.');
    const passwordHash = await this.parts.hasher.hash(next);
    const changed = await changeUser(this.parts, proven.value, { passwordHash, oneTimeUntil: null }, true);
    if (changed === null) return changedMeanwhile();
    await this.parts.keeper.endAll(user.userId, 'PASSWORD_CHANGED');
    await this.parts.audit.append({ ...by(identity), action: 'PASSWORD_CHANGED', subject: user.name });
    return granted(await this.parts.keeper.begin(changed, identity.address));
  }

  /** @returns the `otpauth:` address that the authenticator app reads; nothing is asked for until a code has come */
  async beginSecondFactor(identity: Identity, password: Secret): Promise<Outcome<Secret>> {
    const user = await this.ownerOf(identity);
    if (user === null || identity.mustChangePassword) return notHere();
    if (user.totp === 'ACTIVE') return wrongState('The second factor is enrolled already.');
    const proven = await this.parts.proofs.password(user, password, identity.address);
    if (!proven.ok) return proven;
    const address = await this.parts.factor.begin(proven.value);
    return address === null ? changedMeanwhile() : granted(address);
  }

  /** @returns the recovery codes, shown once */
  async confirmSecondFactor(identity: Identity, code: Secret): Promise<Outcome<readonly Secret[]>> {
    const user = await this.ownerOf(identity);
    if (user === null || identity.mustChangePassword) return notHere();
    if (user.totp !== 'PENDING') return wrongState('Begin the enrolment first.');
    const codes = await this.parts.factor.confirm(user, code);
    if (codes === null) return refused('AUTH_FAILED', 'The code is wrong.');
    await this.parts.audit.append({ ...by(identity), action: 'TOTP_ENROLLED', subject: user.name });
    return granted(codes);
  }

  async renewRecoveryCodes(identity: Identity, code: Secret): Promise<Outcome<readonly Secret[]>> {
    const proven = await this.proveSecondFactor(identity, code);
    if (!proven.ok) return proven;
    await this.parts.audit.append({ ...by(identity), action: 'RECOVERY_CODES_MADE', subject: identity.userName });
    const codes = await this.parts.factor.renewRecoveryCodes(proven.value);
    return codes === null ? changedMeanwhile() : granted(codes);
  }

  async removeSecondFactor(identity: Identity, code: Secret): Promise<Outcome<null>> {
    const proven = await this.proveSecondFactor(identity, code);
    if (!proven.ok) return proven;
    await this.parts.audit.append({ ...by(identity), action: 'TOTP_REMOVED', subject: identity.userName });
    if ((await changeUser(this.parts, this.parts.factor.without(proven.value), {}, false)) === null) return changedMeanwhile();
    await this.parts.factor.forget(proven.value);
    return granted(null);
  }

  async secondFactor(identity: Identity): Promise<Outcome<SecondFactorView>> {
    const user = await this.ownerOf(identity);
    if (user === null) return notHere();
    return granted({ state: user.totp, recoveryCodesLeft: user.recoveryHashes.length });
  }

  /** What the owner has open, the oldest first. */
  async sessions(identity: Identity): Promise<Outcome<readonly SessionLine[]>> {
    const user = await this.ownerOf(identity);
    if (user === null || identity.mustChangePassword) return notHere();
    const living = await this.parts.keeper.livingOf(user);
    return granted(
      living.map(({ sessionId, address, tsCreated, tsUsed, tsEnd }) => ({
        ...{ sessionId, address, tsCreated, tsUsed, tsEnd },
        isThis: sessionId === identity.accessId,
      })),
    );
  }

  /** Ends one of the owner's sessions. A session that is not theirs is as one that is not there. */
  async endSession(identity: Identity, sessionId: string): Promise<Outcome<null>> {
    const user = await this.ownerOf(identity);
    if (user === null || identity.mustChangePassword) return notHere();
    const session = (await this.parts.keeper.livingOf(user)).find((each) => each.sessionId === sessionId);
    if (session === undefined) return refused('SESSION_UNKNOWN', 'You have no such session.');
    await this.parts.keeper.end(session, 'ENDED_BY_OWNER');
    await auditAfter(this.parts, { ...by(identity), action: 'SESSION_ENDED', subject: sessionId });
    return granted(null);
  }

  async signOut(identity: Identity): Promise<Outcome<null>> {
    const user = await this.ownerOf(identity);
    const session = user === null ? null : await this.parts.keeper.living(identity.accessId, user);
    if (session === null) return notHere();
    await this.parts.keeper.end(session, 'SIGNED_OUT');
    await auditAfter(this.parts, { ...by(identity), action: 'SIGN_OUT', subject: identity.userName });
    return granted(null);
  }

  private async proveSecondFactor(identity: Identity, code: Secret): Promise<Outcome<UserRecord>> {
    const user = await this.ownerOf(identity);
    if (user === null || identity.mustChangePassword) return notHere();
    if (user.totp !== 'ACTIVE') return wrongState('There is no second factor.');
    return this.parts.proofs.code(user, code, identity.address);
  }

  /** Programs have no account of their own. */
  private async ownerOf(identity: Identity): Promise<UserRecord | null> {
    return identity.kind === 'SESSION' ? this.parts.users.byId(identity.userId) : null;
  }
}

function by(identity: Identity): { readonly actor: string; readonly address: string } {
  return { actor: identity.userName, address: identity.address };
}

function notHere(): Refusal {
  return refused('AUTH_RIGHT_MISSING', 'This needs a session of a user with a password of their own.');
}

function wrongState(what: string): Refusal {
  return refused('TOTP_STATE_WRONG', what);
}

function changedMeanwhile(): Refusal {
  return refused('USER_CHANGED', 'The user was changed meanwhile. Try again.');
}
