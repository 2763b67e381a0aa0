import { Secret } from '../../base/secret.ts';
import type { Right } from '../../model/rights.ts';
import { mapped } from '../../ports/answer.ts';
import type { AuditLine, AuditTrail } from '../../ports/audit-trail.ts';
import type { AuditStore } from '../../ports/audit-store.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AccessGrant, Caller, Gatekeeper } from '../../ports/gatekeeper.ts';
import type { RateKeeper } from '../../ports/request-keepers.ts';
import type { AuthManager } from '../../security/auth-manager.ts';
import type { AuditLog } from '../../security/audit/audit-log.ts';
import { RateLimiter } from '../../security/requests/rate-limiter.ts';
import type { SessionGrant } from '../../security/sessions/session-keeper.ts';

/** What one user, key or address may ask of the API: a burst, and what it may ask for ever. */
const RATE = { burst: 400, perSecond: 100 } as const;

/** The door of the API, over the manager of authentication: texts that are secrets become such here, and tokens become texts for cookies. */
export function gatekeeperOf(auth: AuthManager): Gatekeeper {
  return {
    signIn: async ({ name, password, code, address }) => {
      const secretCode = code === undefined ? undefined : new Secret(code);
      const signedIn = await auth.signIn({ name, password: new Secret(password), code: secretCode, address });
      return mapped(signedIn, (value) => ({ ...grantOf(value), userName: value.userName, mustChangePassword: value.mustChangePassword }));
    },
    refresh: async (token, address) => mapped(await auth.refresh(new Secret(token), address), grantOf),
    authenticate: (token, address) => auth.authenticate(new Secret(token), address),
    authenticateKey: (key, address) => auth.authenticateKey(new Secret(key), address),
    authorize: (caller: Caller, right: Right) => auth.authorize(caller, right),
    stepUp: (caller, act, proof) => auth.stepUp(caller, act, new Secret(proof)),
    signOut: (caller) => auth.manageOwn(caller, (account) => account.signOut(caller)),
    changePassword: async (caller, current, next) =>
      mapped(await auth.manageOwn(caller, (account) => account.changePassword(caller, new Secret(current), new Secret(next))), grantOf),
    issueTicket: async (caller) => mapped(await auth.issueTicket(caller), (ticket) => ticket.reveal()),
    redeemTicket: (ticket, address) => auth.redeemTicket(new Secret(ticket), address),
    endedOf: (callers) => auth.endedOf(callers),
    onAccessEnd: (listener) => auth.onAccessEnd(listener),
  };
}

function grantOf({ sessionId, accessToken, tsAccessEnd, refreshToken, tsEnd }: SessionGrant): AccessGrant {
  return { sessionId, accessToken: accessToken.reveal(), tsAccessEnd, refreshToken: refreshToken.reveal(), tsEnd };
}

/** The audit log, as the API writes and reads it. */
export function auditTrailOf(log: AuditLog, store: AuditStore): AuditTrail {
  return {
    append: (note) => log.append(note),
    page: async (before, limit) => {
      const head = await store.head();
      const end = Math.min(before ?? Number.POSITIVE_INFINITY, (head?.sequence ?? 0) + 1);
      const from = Math.max(1, end - limit);
      const records = end <= from ? [] : await store.read(from, end - from);
      return records.map((record): AuditLine => record).reverse();
    },
  };
}

export function rateKeeperOf(clock: Clock): RateKeeper {
  const limiter = new RateLimiter(RATE);
  return { take: (owners, cost) => limiter.take(owners, cost, clock.now()) };
}
