import { type ApiCall, type ApiRoute, COST, defineRoute } from '../api-route.ts';
import type { CsrfTokens, SessionCookies } from '../cookies.ts';
import { HttpRefusal, valueOf } from '../refusal.ts';
import { ChangePassword, Login, Me, SignedIn, StepUp, Ticket } from '../../../contract/api/auth.ts';
import { Done } from '../../../contract/api/scalars.ts';
import { RIGHTS, type Right } from '../../../model/rights.ts';
import type { AccessGrant } from '../../../ports/gatekeeper.ts';

/** Sign-in and sessions. Tokens leave in cookies only. */
export function authRoutes(cookies: SessionCookies, csrf: CsrfTokens): readonly ApiRoute[] {
  return [...openingRoutes(cookies, csrf), ...ownRoutes(cookies, csrf)];
}

/** Routes that begin a session or carry it on. */
function openingRoutes(cookies: SessionCookies, csrf: CsrfTokens): readonly ApiRoute[] {
  const signedIn = (
    call: Pick<ApiCall<unknown, unknown, unknown>, 'reply'>,
    grant: AccessGrant,
    userName: string,
    mustChange: boolean,
  ): SignedIn => {
    cookies.give(call.reply, grant);
    const { sessionId, tsAccessEnd, tsEnd } = grant;
    return { userName, mustChangePassword: mustChange, csrfToken: csrf.tokenOf(sessionId), tsAccessEnd, tsEnd };
  };
  return [
    defineRoute({
      method: 'POST',
      path: '/auth/login',
      access: 'public',
      cost: COST.change,
      summary: 'Sign in by name, password and, where there is one, a code',
      body: Login,
      answer: SignedIn,
      handle: async (call, { gatekeeper }) => {
        const grant = valueOf(await gatekeeper.signIn({ ...call.body, address: call.address }));
        return signedIn(call, grant, grant.userName, grant.mustChangePassword);
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/auth/refresh',
      access: 'public',
      cost: COST.change,
      summary: 'New tokens for the refresh cookie, which is good once',
      answer: Me,
      handle: async (call, { gatekeeper }) => {
        const token = call.cookies[cookies.names.refresh];
        if (token === undefined) throw new HttpRefusal('AUTH_NEEDED', 'There is no refresh cookie.');
        const answer = await gatekeeper.refresh(token, call.address);
        if (!answer.ok) cookies.take(call.reply);
        const grant = valueOf(answer);
        cookies.give(call.reply, grant);
        return meOf(valueOf(await gatekeeper.authenticate(grant.accessToken, call.address)), csrf);
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/auth/password',
      access: 'signed-in',
      cost: COST.change,
      summary: 'Set another password; every session of the user ends, and a new one begins',
      body: ChangePassword,
      answer: SignedIn,
      handle: async (call, { gatekeeper }) => {
        const { current, next } = call.body;
        const grant = valueOf(await gatekeeper.changePassword(call.caller!, current, next));
        return signedIn(call, grant, call.caller!.userName, false);
      },
    }),
  ];
}

/** What whoever is signed in asks for themselves. */
function ownRoutes(cookies: SessionCookies, csrf: CsrfTokens): readonly ApiRoute[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/auth/me',
      access: 'signed-in',
      cost: COST.read,
      summary: 'Who is signed in, with which rights',
      answer: Me,
      handle: ({ caller }) => meOf(caller!, csrf),
    }),
    defineRoute({
      method: 'POST',
      path: '/auth/logout',
      access: 'signed-in',
      cost: COST.read,
      summary: 'End the session, and close what is open under it',
      answer: Done,
      handle: async (call, { gatekeeper }) => {
        valueOf(await gatekeeper.signOut(call.caller!));
        cookies.take(call.reply);
        return { done: true };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/auth/step-up',
      access: 'signed-in',
      cost: COST.change,
      summary: 'Confirm one act by a code, or by the password while there is no second factor',
      body: StepUp,
      answer: Done,
      handle: async ({ body: { act, proof }, caller }, { gatekeeper }) => {
        if (!Object.hasOwn(RIGHTS, act)) throw new HttpRefusal('REQUEST_INVALID', 'body/act: there is no such right.');
        valueOf(await gatekeeper.stepUp(caller!, act as Right, proof));
        return { done: true };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/auth/ws-ticket',
      access: 'signed-in',
      cost: COST.order,
      summary: 'A ticket for one WebSocket, good once within half a minute',
      answer: Ticket,
      handle: async ({ caller }, { gatekeeper }) => ({ ticket: valueOf(await gatekeeper.issueTicket(caller!)) }),
    }),
  ];
}

function meOf(caller: NonNullable<ApiCall<unknown, unknown, unknown>['caller']>, csrf: CsrfTokens): Me {
  const { userName, kind, role, rights, mustChangePassword, accessId, tsEnd } = caller;
  const csrfToken = kind === 'SESSION' ? csrf.tokenOf(accessId) : '';
  return { userName, kind, role, rights: [...rights].sort(), mustChangePassword, csrfToken, tsEnd };
}
