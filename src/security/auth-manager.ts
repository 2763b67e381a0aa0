import type { Secret } from '../base/secret.ts';
import { type Right, RIGHTS_OF_ROLE, STEP_UP_RIGHTS } from '../model/rights.ts';
import type { ClockCall } from '../ports/clock.ts';
import type { SessionRecord } from '../ports/session-store.ts';
import type { UserRecord } from '../ports/user-store.ts';
import { ApiKeyRing, type ApiKeyTerms, type ApiKeyView } from './api-keys/api-key-ring.ts';
import type { AuditLog } from './audit/audit-log.ts';
import { auditAfter, type AuthParts, type AuthWorld, makeAuthParts } from './auth-parts.ts';
import { Authorizer, type Permit } from './authorizer.ts';
import { callerName } from '../ports/gatekeeper.ts';
import type { AccessEnd, Identity } from './identity.ts';
import { failClosed, granted, type Outcome, type Refusal, refused } from './outcome.ts';
import { StepUps, Tickets } from './sessions/one-time-grants.ts';
import type { SessionGrant } from './sessions/session-keeper.ts';
import { type SignedIn, type SignInRequest, signIn } from './sign-in/sign-in.ts';
import { OwnAccount } from './users/own-account.ts';
import { UserAdministration } from './users/user-administration.ts';

const SWEEP_EVERY_US = 30 * 1e6;

/**
 * Who is there and what they may do. Every answer is a refusal with a code or what was asked for; whatever fails underneath is a refusal too (law 7).
 *
 * The server turns addresses, cookies and headers into the arguments here, and nothing here knows of HTTP.
 */
export class AuthManager {
  private readonly parts: AuthParts;
  private readonly authorizer: Authorizer;
  private readonly keys: ApiKeyRing;
  private readonly tickets = new Tickets();
  private readonly stepUps = new StepUps();
  private readonly administration: UserAdministration;
  private readonly account: OwnAccount;
  private sweeping: ClockCall | null = null;

  private constructor(parts: AuthParts) {
    this.parts = parts;
    this.keys = new ApiKeyRing(parts);
    this.administration = new UserAdministration(parts);
    this.account = new OwnAccount(parts);
    this.authorizer = new Authorizer(
      parts.audit,
      this.stepUps,
      parts.clock,
      parts.report,
      async (identity) => (await this.again(identity)) !== null,
    );
  }

  static async open(world: AuthWorld): Promise<AuthManager> {
    return new AuthManager(await makeAuthParts(world));
  }

  /** For what is audited elsewhere: orders, limits, the kill switch. */
  get audit(): AuditLog {
    return this.parts.audit;
  }

  /** Ends idle and old sessions from now on, so that their open connections are closed. */
  start(): void {
    this.sweeping = this.parts.clock.callAt(this.parts.clock.now() + SWEEP_EVERY_US, () => {
      this.parts.keeper.sweep().catch(this.parts.report);
      this.start();
    });
  }

  stop(): void {
    this.sweeping?.cancel();
    this.sweeping = null;
  }

  /** Is called in the same turn in which an access ends. @returns stops it */
  onAccessEnd(listener: (end: AccessEnd) => void): () => void {
    return this.parts.ends.listen(listener);
  }

  signIn(request: SignInRequest): Promise<Outcome<SignedIn>> {
    return this.closed(() => signIn(this.parts, request));
  }

  /** New tokens for an old refresh token. One that comes a second time ends the session. */
  refresh(refreshToken: Secret, address: string): Promise<Outcome<SessionGrant>> {
    return this.closed(async () => {
      const spent = await this.parts.keeper.spend(refreshToken);
      if (spent === null) return refused('AUTH_TOKEN_REFUSED', 'This refresh token is not good.');
      const { session, wasSpent } = spent;
      const user = await this.parts.users.byId(session.userId);
      if (wasSpent) {
        if (!(await this.parts.keeper.end(session, 'REFRESH_REUSED'))) return sessionEnded();
        const before = { address: session.address };
        await auditAfter(this.parts, {
          actor: user?.name ?? session.userId,
          address,
          action: 'REFRESH_REUSED',
          subject: session.sessionId,
          before,
        });
        return refused('AUTH_REFRESH_REUSED', 'This refresh token was used before; the session was ended.');
      }
      const living = user === null ? null : await this.parts.keeper.living(session.sessionId, user);
      return living === null ? sessionEnded() : granted(await this.parts.keeper.grant(living));
    });
  }

  /** Who an access token stands for now. */
  authenticate(accessToken: Secret, address: string): Promise<Outcome<Identity>> {
    return this.closed(async () => {
      const claims = await this.parts.tokens.verify(accessToken);
      if (claims === null) return refused('AUTH_TOKEN_REFUSED', 'This access token is not good.');
      const identity = await this.sessionIdentity(claims.userId, claims.sessionId, address);
      return identity === null ? sessionEnded() : granted(identity);
    });
  }

  authenticateKey(key: Secret, address: string): Promise<Outcome<Identity>> {
    return this.closed(() => this.keys.authenticate(key, address));
  }

  authorize<R extends Right>(identity: Identity, right: R): Promise<Outcome<Permit<R>>> {
    return this.authorizer.authorize(identity, right);
  }

  /** The second factor again (the password until there is one), for one act of those that ask for it. */
  stepUp(identity: Identity, act: Right, proof: Secret): Promise<Outcome<null>> {
    return this.closed(async () => {
      const user = identity.kind === 'SESSION' ? await this.parts.users.byId(identity.userId) : null;
      if (user === null || (await this.again(identity)) === null) return sessionEnded();
      if (!STEP_UP_RIGHTS.has(act) || !identity.rights.has(act)) return refused('AUTH_RIGHT_MISSING', 'There is nothing to confirm.');
      const proven = await this.parts.proofs.strongest(user, proof, identity.address);
      if (!proven.ok) return proven;
      await this.parts.audit.append({ actor: callerName(identity), address: identity.address, action: 'STEP_UP', subject: act });
      this.stepUps.confirm(identity.accessId, act, this.parts.clock.now());
      return granted(null);
    });
  }

  /** For one WebSocket from the same address, within half a minute. */
  issueTicket(identity: Identity): Promise<Outcome<Secret>> {
    return this.closed(async () => {
      if ((await this.again(identity)) === null) return sessionEnded();
      if (identity.mustChangePassword) return refused('AUTH_PASSWORD_CHANGE_NEEDED', 'Set a password of your own first.');
      const { accessId, userId, kind, address } = identity;
      const ticket = this.tickets.issue({ accessId, userId, kind, address }, this.parts.clock.now());
      return ticket === null ? refused('AUTH_BUSY', 'Too many tickets wait to be used.', 1e6) : granted(ticket);
    });
  }

  redeemTicket(ticket: Secret, address: string): Promise<Outcome<Identity>> {
    return this.closed(async () => {
      const found = this.tickets.redeem(ticket, address, this.parts.clock.now());
      const identity = found === null ? null : await this.again({ ...found, address });
      return identity === null ? refused('AUTH_TOKEN_REFUSED', 'This ticket is not good.') : granted(identity);
    });
  }

  createKey(
    permit: Permit<'keys:add'>,
    terms: ApiKeyTerms,
    ownerName?: string,
  ): Promise<Outcome<{ readonly keyId: string; readonly key: Secret }>> {
    return this.closed(async () => {
      // The command line says whose key it is; whoever is signed in makes their own.
      const owner =
        permit.identity === null ? await this.parts.users.byName(ownerName ?? '') : await this.parts.users.byId(permit.identity.userId);
      return owner === null ? refused('USER_UNKNOWN', 'There is no such user.') : this.keys.create(permit, owner, terms);
    });
  }

  listKeys(userId: string): Promise<Outcome<readonly ApiKeyView[]>> {
    return this.closed(async () => granted(await this.keys.list(userId)));
  }

  /** Whose key it is: the command line is told a key alone. */
  ownerOfKey(_permit: Permit<'users:manage'>, keyId: string): Promise<Outcome<string>> {
    return this.closed(async () => {
      const owner = await this.keys.ownerOf(keyId);
      return owner === null ? refused('API_KEY_REFUSED', 'There is no such key.') : granted(owner);
    });
  }

  revokeKey(permit: Permit<'keys:revoke'> | Permit<'users:manage'>, ownerId: string, keyId: string): Promise<Outcome<null>> {
    return this.closed(async () => {
      const mayRevoke = permit.right === 'users:manage' || permit.identity === null || permit.identity.userId === ownerId;
      return mayRevoke ? this.keys.revoke(permit, ownerId, keyId) : refused('AUTH_RIGHT_MISSING', 'This is the key of somebody else.');
    });
  }

  /** What an admin does to users; each refused where anything fails. */
  manageUsers<T>(act: (administration: UserAdministration) => Promise<Outcome<T>>): Promise<Outcome<T>> {
    return this.closed(() => act(this.administration));
  }

  /** What somebody does to their own account; each refused where anything fails, or where the session has ended. */
  manageOwn<T>(identity: Identity, act: (account: OwnAccount) => Promise<Outcome<T>>): Promise<Outcome<T>> {
    return this.closed(async () => ((await this.again(identity)) === null ? sessionEnded() : act(this.account)));
  }

  async isAlive(identity: Identity): Promise<boolean> {
    const answer = await this.closed(async () => granted((await this.again(identity)) !== null));
    return answer.ok && answer.value;
  }

  /**
   * For connections that stay open: what another process ended (a reset by the command line) is announced there, not here, so the server asks every second.
   * Users and sessions are read once for all of them, and to be asked about is no use of a session.
   *
   * @returns ids of the sessions and keys that are no longer what they were when their connection was opened
   */
  endedOf(identities: readonly Identity[]): Promise<Outcome<ReadonlySet<string>>> {
    return this.closed(async () => {
      const ended = new Set<string>();
      const users = new Map((await this.parts.users.all()).map((user) => [user.userId, user]));
      const sessions = await this.parts.keeper.stored();
      for (const identity of identities) {
        const { kind, accessId, userId } = identity;
        if (kind === 'API_KEY') {
          const now = await this.again(identity);
          if (now === null || !haveSame(now.rights, identity.rights)) ended.add(accessId);
          continue;
        }
        const [user, session] = [users.get(userId), sessions.get(accessId)];
        if (user === undefined || session === undefined || !this.parts.keeper.livesNow(session, user)) ended.add(accessId);
      }
      return granted(ended);
    });
  }

  /** The identity as it is now, or null where the access has ended. */
  private again({ kind, accessId, userId, address }: Pick<Identity, 'kind' | 'accessId' | 'userId' | 'address'>): Promise<Identity | null> {
    return kind === 'API_KEY' ? this.keys.again(accessId, address) : this.sessionIdentity(userId, accessId, address);
  }

  private async sessionIdentity(userId: string, sessionId: string, address: string): Promise<Identity | null> {
    const user = await this.parts.users.byId(userId);
    const session = user === null ? null : await this.parts.keeper.living(sessionId, user);
    return user === null || session === null ? null : identityOf(session, user, address);
  }

  private closed<T>(decide: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
    return failClosed(this.parts.report, decide);
  }
}

function identityOf(session: SessionRecord, user: UserRecord, address: string): Identity {
  return {
    kind: 'SESSION',
    accessId: session.sessionId,
    userId: user.userId,
    userName: user.name,
    role: user.role,
    rights: RIGHTS_OF_ROLE[user.role],
    address,
    mustChangePassword: user.oneTimeUntil !== null,
    tsEnd: session.tsEnd,
  };
}

function haveSame(one: ReadonlySet<Right>, other: ReadonlySet<Right>): boolean {
  return one.size === other.size && [...one].every((right) => other.has(right));
}

function sessionEnded(): Refusal {
  return refused('AUTH_SESSION_ENDED', 'The session has ended. Sign in again.');
}
