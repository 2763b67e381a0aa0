import { RIGHTS_OF_ROLE, STEP_UP_RIGHTS, type Right, type Role } from '../../model/rights.ts';
import type { Answer, RefusedAnswer } from '../../ports/answer.ts';
import type { AuditLine, AuditNote, AuditTrail } from '../../ports/audit-trail.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AccessGrant, Caller, EndedAccess, Gatekeeper, Grant, SignInAsked } from '../../ports/gatekeeper.ts';
import type { OnceKeeper, RateKeeper } from '../../ports/request-keepers.ts';

const HOUR_US = 3600e6;
export const PASSWORD = 'correct horse battery staple';

const refused = (code: RefusedAnswer['code'], message: string): RefusedAnswer => ({ ok: false, code, message });
const granted = <T>(value: T): Answer<T> => ({ ok: true, value });

/** Users named after their roles, one password, no second factor: what the API needs to know of authentication, and no more. */
export class MemoryGatekeeper implements Gatekeeper {
  readonly refusals: string[] = [];
  /** Where set, everything fails. */
  isBroken = false;
  private readonly clock: Clock;
  private readonly sessions = new Map<string, { readonly caller: Caller; refreshToken: string }>();
  private readonly keys = new Map<string, Caller>();
  private readonly tickets = new Map<string, { readonly caller: Caller; readonly tsEnd: number }>();
  private readonly confirmed = new Set<string>();
  private readonly listeners = new Set<(end: EndedAccess) => void>();
  private made = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Who is signed in, whose key there is and which tickets wait: as a text, to hold one moment against another. */
  get standing(): string {
    const signedIn = [...this.sessions.values()].map(({ caller, refreshToken }) => [caller.accessId, refreshToken]);
    return JSON.stringify([signedIn, [...this.keys.keys()], [...this.tickets.keys()]]);
  }

  addKey(role: Role, key: string): void {
    this.keys.set(key, this.caller(role, 'API_KEY', role, '127.0.0.1', RIGHTS_OF_ROLE[role]));
  }

  signIn({ name, password, address }: SignInAsked): ReturnType<Gatekeeper['signIn']> {
    if (!(name in RIGHTS_OF_ROLE) || password !== PASSWORD)
      return Promise.resolve(refused('AUTH_FAILED', 'Name, password or code is wrong.'));
    return Promise.resolve(granted({ ...this.begin(name as Role, address), userName: name, mustChangePassword: false }));
  }

  refresh(refreshToken: string, address: string): Promise<Answer<AccessGrant>> {
    for (const [accessToken, session] of this.sessions) {
      if (session.refreshToken !== refreshToken) continue;
      this.sessions.delete(accessToken);
      return Promise.resolve(granted(this.begin(session.caller.role, address, session.caller.accessId)));
    }
    return Promise.resolve(refused('AUTH_TOKEN_REFUSED', 'This refresh token is not good.'));
  }

  authenticate(accessToken: string): Promise<Answer<Caller>> {
    if (this.isBroken) return Promise.resolve(refused('AUTH_UNAVAILABLE', 'This cannot be decided now.'));
    const session = this.sessions.get(accessToken);
    return Promise.resolve(
      session === undefined ? refused('AUTH_TOKEN_REFUSED', 'This access token is not good.') : granted(session.caller),
    );
  }

  authenticateKey(key: string): Promise<Answer<Caller>> {
    const caller = this.keys.get(key);
    return Promise.resolve(caller === undefined ? refused('API_KEY_REFUSED', 'This key is not good.') : granted(caller));
  }

  authorize(caller: Caller, right: Right): Promise<Answer<Grant>> {
    if (!caller.rights.has(right)) {
      this.refusals.push(`${caller.userName} ${right}`);
      return Promise.resolve(refused('AUTH_RIGHT_MISSING', `This needs the right ${right}.`));
    }
    if (STEP_UP_RIGHTS.has(right) && !this.confirmed.delete(`${caller.accessId} ${right}`))
      return Promise.resolve(refused('AUTH_STEP_UP_NEEDED', 'Confirm this.'));
    return Promise.resolve(granted({ right }));
  }

  stepUp(caller: Caller, act: Right, proof: string): Promise<Answer<null>> {
    if (proof !== PASSWORD) return Promise.resolve(refused('AUTH_FAILED', 'The proof is wrong.'));
    this.confirmed.add(`${caller.accessId} ${act}`);
    return Promise.resolve(granted(null));
  }

  signOut(caller: Caller): Promise<Answer<null>> {
    for (const [token, session] of this.sessions) if (session.caller.accessId === caller.accessId) this.sessions.delete(token);
    this.end({ userId: caller.userId, accessId: caller.accessId });
    return Promise.resolve(granted(null));
  }

  changePassword(caller: Caller, current: string): Promise<Answer<AccessGrant>> {
    if (current !== PASSWORD) return Promise.resolve(refused('AUTH_FAILED', 'The password is wrong.'));
    this.end({ userId: caller.userId, accessId: null });
    return Promise.resolve(granted(this.begin(caller.role, caller.address)));
  }

  issueTicket(caller: Caller): Promise<Answer<string>> {
    const ticket = `ticket-${(this.made += 1)}`;
    this.tickets.set(ticket, { caller, tsEnd: this.clock.now() + 30e6 });
    return Promise.resolve(granted(ticket));
  }

  redeemTicket(ticket: string): Promise<Answer<Caller>> {
    const found = this.tickets.get(ticket);
    this.tickets.delete(ticket);
    const isGood = found !== undefined && this.clock.now() < found.tsEnd;
    return Promise.resolve(isGood ? granted(found.caller) : refused('AUTH_TOKEN_REFUSED', 'This ticket is not good.'));
  }

  /** Ended elsewhere: nobody here is told, and only asking finds it. */
  readonly endedElsewhere = new Set<string>();

  endedOf(callers: readonly Caller[]): Promise<Answer<ReadonlySet<string>>> {
    if (this.isBroken) return Promise.resolve(refused('AUTH_UNAVAILABLE', 'This cannot be decided now.'));
    return Promise.resolve(granted(new Set(callers.map(({ accessId }) => accessId).filter((id) => this.endedElsewhere.has(id)))));
  }

  onAccessEnd(listener: (end: EndedAccess) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  end(end: EndedAccess): void {
    for (const listener of this.listeners) listener(end);
  }

  private begin(role: Role, address: string, sessionId = `session-${(this.made += 1)}`): AccessGrant {
    const caller = this.caller(role, 'SESSION', sessionId, address, RIGHTS_OF_ROLE[role]);
    const accessToken = `access-${(this.made += 1)}`;
    const refreshToken = `refresh-${(this.made += 1)}`;
    this.sessions.set(accessToken, { caller, refreshToken });
    return { sessionId, accessToken, tsAccessEnd: this.clock.now() + HOUR_US, refreshToken, tsEnd: caller.tsEnd };
  }

  private caller(role: Role, kind: Caller['kind'], accessId: string, address: string, rights: ReadonlySet<Right>): Caller {
    return {
      kind,
      accessId,
      userId: role,
      userName: role,
      role,
      rights,
      address,
      mustChangePassword: false,
      tsEnd: this.clock.now() + HOUR_US,
    };
  }
}

/** So much for each owner, and no more ever. */
export class MemoryRates implements RateKeeper {
  costMax = Number.POSITIVE_INFINITY;
  readonly taken = new Map<string, number>();

  take(owners: readonly string[], cost: number): Answer<null> {
    if (owners.some((owner) => (this.taken.get(owner) ?? 0) + cost > this.costMax))
      return { ok: false, code: 'RATE_LIMITED', message: 'More was asked for than the rate allows.', retryAfterUs: 1_500_000 };
    for (const owner of owners) this.taken.set(owner, (this.taken.get(owner) ?? 0) + cost);
    return granted(null);
  }
}

export class MemoryOnce implements OnceKeeper {
  private readonly kept = new Map<string, { readonly body: string; readonly outcome: Promise<unknown> }>();

  async once<T>({ owner, key, body }: Parameters<OnceKeeper['once']>[0], work: () => Promise<T>): Promise<Answer<T>> {
    const name = `${owner} ${key}`;
    const found = this.kept.get(name);
    if (found !== undefined && found.body !== body) return refused('IDEMPOTENCY_CONFLICT', 'This key came with another content before.');
    const outcome = found?.outcome ?? work();
    if (found === undefined) this.kept.set(name, { body, outcome });
    return granted((await outcome) as T);
  }
}

export class MemoryAudit implements AuditTrail {
  readonly notes: AuditNote[] = [];
  isBroken = false;

  append(note: AuditNote): Promise<unknown> {
    if (this.isBroken) return Promise.reject(new Error('disk full'));
    this.notes.push(note);
    return Promise.resolve();
  }

  page(before: number | null, limit: number): Promise<readonly AuditLine[]> {
    const lines = this.notes.map((note, index): AuditLine => {
      const { actor, address, action, subject } = note;
      return { sequence: index + 1, ts: 0, actor, address, action, subject, before: '', after: JSON.stringify(note.after ?? ''), hash: '' };
    });
    return Promise.resolve(
      lines
        .filter(({ sequence }) => before === null || sequence < before)
        .reverse()
        .slice(0, limit),
    );
  }
}
