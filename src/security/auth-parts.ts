import { Secret } from '../base/secret.ts';
import type { ApiKeyStore } from '../ports/api-key-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { SessionStore } from '../ports/session-store.ts';
import type { UserRecord, UserStore } from '../ports/user-store.ts';
import { AuditLog, type AuditEntry } from './audit/audit-log.ts';
import type { AuditStore } from '../ports/audit-store.ts';
import { randomToken } from './chance.ts';
import { AccessEnds } from './identity.ts';
import type { PasswordHasher } from './passwords/password-hasher.ts';
import type { SecretKeeper } from './secrets/security-manager.ts';
import { AccessTokens } from './sessions/access-tokens.ts';
import { SESSION_LIMITS, SessionKeeper, type SessionLimits } from './sessions/session-keeper.ts';
import { Proofs } from './sign-in/proofs.ts';
import { SecondFactor } from './sign-in/second-factor.ts';
import { SignInThrottle } from './sign-in/sign-in-throttle.ts';

/** What the manager of authentication is given. */
export interface AuthWorld {
  readonly users: UserStore;
  readonly sessions: SessionStore;
  readonly apiKeys: ApiKeyStore;
  readonly audit: AuditStore;
  readonly secrets: SecretKeeper;
  readonly hasher: PasswordHasher;
  readonly clock: Clock;
  /** Names this installation in its tokens. */
  readonly issuer: string;
  /** Is told what was thrown while a right was judged. */
  readonly report: (error: unknown) => void;
  readonly limits?: SessionLimits;
}

/** What the parts of authentication share. */
export interface AuthParts {
  readonly users: UserStore;
  readonly apiKeys: ApiKeyStore;
  readonly hasher: PasswordHasher;
  readonly clock: Clock;
  readonly report: (error: unknown) => void;
  readonly audit: AuditLog;
  readonly ends: AccessEnds;
  readonly keeper: SessionKeeper;
  readonly tokens: AccessTokens;
  readonly throttle: SignInThrottle;
  readonly factor: SecondFactor;
  readonly proofs: Proofs;
  /** The hash of a password that nobody has: verified where there is no user, so that the answer takes as long. */
  readonly nobodysHash: string;
}

export async function makeAuthParts(world: AuthWorld): Promise<AuthParts> {
  const { users, apiKeys, hasher, clock, report } = world;
  const audit = new AuditLog(world.audit, clock);
  const ends = new AccessEnds(report);
  const tokens = new AccessTokens(clock, world.issuer);
  const keeper = new SessionKeeper(world.sessions, tokens, ends, clock, world.limits ?? SESSION_LIMITS);
  const throttle = new SignInThrottle();
  const factor = new SecondFactor(users, world.secrets, clock);
  const proofs = new Proofs(hasher, factor, throttle, audit, clock);
  const nobodysHash = await hasher.hash(new Secret(randomToken()));
  return { users, apiKeys, hasher, clock, report, audit, ends, keeper, tokens, throttle, factor, proofs, nobodysHash };
}

/** Stores a change of a user; what is open under the user dies with it where `endsAccess` says so. */
export async function changeUser(
  parts: AuthParts,
  user: UserRecord,
  change: Partial<UserRecord>,
  endsAccess: boolean,
): Promise<UserRecord | null> {
  const accessEpoch = user.accessEpoch + (endsAccess ? 1 : 0);
  const changed = { ...user, ...change, accessEpoch, revision: user.revision + 1 };
  return (await parts.users.replace(changed)) ? changed : null;
}

/**
 * For acts that take access away: those come first, for a log that cannot be written must not keep anybody's access open; then the failure is reported.
 */
export async function auditAfter(parts: AuthParts, entry: AuditEntry): Promise<void> {
  try {
    await parts.audit.append(entry);
  } catch (error) {
    parts.report(error);
  }
}
