import { Secret } from '../../base/secret.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SessionRecord, SessionStore } from '../../ports/session-store.ts';
import type { UserRecord } from '../../ports/user-store.ts';
import { randomToken, sha256Hex } from '../chance.ts';
import type { AccessEnds } from '../identity.ts';
import type { AccessTokens } from './access-tokens.ts';

const SECOND_US = 1e6;
/** Sessions that one user may have at a time; the oldest gives way. */
export const SESSIONS_PER_USER_MAX = 20;
/** A session's last use is written down no more often than this. */
const TOUCH_EVERY_US = 60 * SECOND_US;
const FORGET_AFTER_US = 30 * 24 * 3600 * SECOND_US;

export interface SessionLimits {
  readonly idleUs: number;
  readonly absoluteUs: number;
}

/** An hour without use, twelve hours in all. */
export const SESSION_LIMITS: SessionLimits = { idleUs: 3600 * SECOND_US, absoluteUs: 12 * 3600 * SECOND_US };

/** What whoever signed in gets. Both tokens are shown here and nowhere else. */
export interface SessionGrant {
  readonly sessionId: string;
  readonly accessToken: Secret;
  readonly tsAccessEnd: number;
  readonly refreshToken: Secret;
  readonly tsEnd: number;
}

/** Sessions: begun by a sign-in, carried on by refresh tokens that are good once, ended by whatever ends them. */
export class SessionKeeper {
  private readonly store: SessionStore;
  private readonly tokens: AccessTokens;
  private readonly ends: AccessEnds;
  private readonly clock: Clock;
  private readonly limits: SessionLimits;

  constructor(store: SessionStore, tokens: AccessTokens, ends: AccessEnds, clock: Clock, limits: SessionLimits) {
    this.store = store;
    this.tokens = tokens;
    this.ends = ends;
    this.clock = clock;
    this.limits = limits;
  }

  async begin(user: UserRecord, address: string): Promise<SessionGrant> {
    const living = await this.store.living(user.userId);
    for (const session of living.slice(0, Math.max(0, living.length + 1 - SESSIONS_PER_USER_MAX))) await this.end(session, 'TOO_MANY');
    const now = this.clock.now();
    const session: SessionRecord = {
      sessionId: randomToken(),
      userId: user.userId,
      accessEpoch: user.accessEpoch,
      address,
      tsCreated: now,
      tsUsed: now,
      tsEnd: now + this.limits.absoluteUs,
      endReason: null,
    };
    await this.store.insert(session);
    return this.grant(session);
  }

  /** @returns the session where it lives now, for this user; null where not */
  async living(sessionId: string, user: UserRecord): Promise<SessionRecord | null> {
    const session = await this.store.byId(sessionId);
    if (session === null || session.endReason !== null || session.userId !== user.userId) return null;
    const now = this.clock.now();
    const isOver = now >= session.tsEnd || now - session.tsUsed >= this.limits.idleUs;
    if (isOver || user.isDisabled || session.accessEpoch !== user.accessEpoch) {
      await this.end(session, isOver ? 'EXPIRED' : 'USER_CHANGED');
      return null;
    }
    if (now - session.tsUsed >= TOUCH_EVERY_US) await this.store.touch(sessionId, now);
    return session;
  }

  /** Those of a user that live now, the oldest first. Looking is no use: none lives longer for it. */
  async livingOf(user: UserRecord): Promise<readonly SessionRecord[]> {
    return (await this.store.living(user.userId)).filter((session) => this.livesNow(session, user));
  }

  /** Every session that was not ended, by id, of all users; {@link livesNow} judges one. */
  async stored(): Promise<ReadonlyMap<string, SessionRecord>> {
    return new Map((await this.store.living(null)).map((session) => [session.sessionId, session]));
  }

  livesNow(session: SessionRecord, user: UserRecord): boolean {
    const now = this.clock.now();
    const isOver = session.endReason !== null || now >= session.tsEnd || now - session.tsUsed >= this.limits.idleUs;
    return !isOver && !user.isDisabled && session.userId === user.userId && session.accessEpoch === user.accessEpoch;
  }

  /** Spends a refresh token. @returns its session, and whether the token had been spent before; null where it is unknown */
  async spend(refreshToken: Secret): Promise<{ readonly session: SessionRecord; readonly wasSpent: boolean } | null> {
    const text = refreshToken.reveal();
    if (!/^[\w-]{43}$/.test(text)) return null;
    const token = await this.store.spendRefresh(sha256Hex(text));
    const session = token === null ? null : await this.store.byId(token.sessionId);
    return token === null || session === null ? null : { session, wasSpent: token.isSpent };
  }

  /** New tokens for a session that lives. */
  async grant(session: SessionRecord): Promise<SessionGrant> {
    const refreshToken = randomToken();
    await this.store.insertRefresh({ tokenHash: sha256Hex(refreshToken), sessionId: session.sessionId, isSpent: false });
    const access = await this.tokens.issue(session);
    return {
      sessionId: session.sessionId,
      accessToken: access.token,
      tsAccessEnd: access.tsEnd,
      refreshToken: new Secret(refreshToken),
      tsEnd: session.tsEnd,
    };
  }

  /** @returns false where it had ended */
  async end(session: SessionRecord, reason: string): Promise<boolean> {
    const { userId, sessionId } = session;
    try {
      return await this.store.end(sessionId, reason);
    } finally {
      // Whether the store could write it or not: connections are closed.
      this.ends.announce({ userId, accessId: sessionId, reason });
    }
  }

  /** The caller has raised the user's epoch before, so that the sessions are dead even where this fails half-way. */
  async endAll(userId: string, reason: string): Promise<void> {
    this.ends.announce({ userId, accessId: null, reason });
    for (const session of await this.store.living(userId)) await this.end(session, reason);
  }

  /** Ends what has been idle or alive for too long, so that its open connections close too, and forgets what ended long ago. */
  async sweep(): Promise<void> {
    const now = this.clock.now();
    for (const session of await this.store.living(null)) {
      if (now >= session.tsEnd || now - session.tsUsed >= this.limits.idleUs) await this.end(session, 'EXPIRED');
    }
    await this.store.forgetEnded(now - FORGET_AFTER_US);
  }
}
