import { type ApiRoute, COST, defineRoute } from '../api-route.ts';
import { valueOf } from '../refusal.ts';
import {
  ApiKeyList,
  BeginSecondFactor,
  CodeProof,
  KeyParams,
  MadeApiKey,
  NewApiKey,
  RecoveryCodes,
  SecondFactorBegun,
  SecondFactorInfo,
  SessionList,
  SessionParams,
} from '../../../contract/api/access.ts';
import { Done } from '../../../contract/api/scalars.ts';

/** API keys of one's own. */
const KEY_ROUTES: readonly ApiRoute[] = [
  defineRoute({
    method: 'GET',
    path: '/api-keys',
    access: 'keys:revoke',
    cost: COST.read,
    summary: 'API keys of one’s own; the keys themselves are shown to nobody',
    answer: ApiKeyList,
    handle: async ({ caller }, { accounts }) => ({
      items: valueOf(await accounts.keys(caller!)).map((key) => ({ ...key, scopes: [...key.scopes], addresses: [...key.addresses] })),
    }),
  }),
  defineRoute({
    method: 'POST',
    path: '/api-keys',
    access: 'keys:add',
    cost: COST.change,
    summary: 'Make an API key of one’s own; it is shown here and never again',
    body: NewApiKey,
    answer: MadeApiKey,
    status: 201,
    handle: async ({ grant, body }, { accounts }) => ({ ...valueOf(await accounts.createKey(grant!, body)) }),
  }),
  defineRoute({
    method: 'DELETE',
    path: '/api-keys/:key',
    access: 'keys:revoke',
    cost: COST.change,
    summary: 'Revoke an API key of one’s own; what is open under it ends',
    params: KeyParams,
    answer: Done,
    handle: async (call, { accounts }) => {
      valueOf(await accounts.revokeKey(call.grant!, call.caller!, call.params.key));
      return { done: true };
    },
  }),
];

const SESSION_ROUTES: readonly ApiRoute[] = [
  defineRoute({
    method: 'GET',
    path: '/auth/sessions',
    access: 'signed-in',
    cost: COST.read,
    summary: 'Sessions of one’s own that live',
    answer: SessionList,
    handle: async ({ caller }, { accounts }) => ({
      items: valueOf(await accounts.sessions(caller!)).map(({ sessionId, ...rest }) => ({ session: sessionId, ...rest })),
    }),
  }),
  defineRoute({
    method: 'DELETE',
    path: '/auth/sessions/:session',
    access: 'signed-in',
    cost: COST.change,
    summary: 'End a session of one’s own, and close what is open under it',
    params: SessionParams,
    answer: Done,
    handle: async (call, { accounts }) => {
      valueOf(await accounts.endSession(call.caller!, call.params.session));
      return { done: true };
    },
  }),
];

/** Each asks for a proof of its own, so that a session that lies open is not enough. */
const SECOND_FACTOR_ROUTES: readonly ApiRoute[] = [
  defineRoute({
    method: 'GET',
    path: '/auth/totp',
    access: 'signed-in',
    cost: COST.read,
    summary: 'Whether one has a second factor, and how many recovery codes are left',
    answer: SecondFactorInfo,
    handle: async ({ caller }, { accounts }) => ({ ...valueOf(await accounts.secondFactor(caller!)) }),
  }),
  defineRoute({
    method: 'POST',
    path: '/auth/totp/begin',
    access: 'signed-in',
    cost: COST.change,
    summary: 'Begin to enrol a second factor, by the password; it counts once a code has come',
    body: BeginSecondFactor,
    answer: SecondFactorBegun,
    handle: async ({ caller, body }, { accounts }) => {
      const uri = valueOf(await accounts.beginSecondFactor(caller!, body.password));
      return { uri, secret: new URL(uri).searchParams.get('secret') ?? '' };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/auth/totp/confirm',
    access: 'signed-in',
    cost: COST.change,
    summary: 'End the enrolment by a code; the recovery codes are shown here and never again',
    body: CodeProof,
    answer: RecoveryCodes,
    handle: async ({ caller, body }, { accounts }) => ({ codes: [...valueOf(await accounts.confirmSecondFactor(caller!, body.code))] }),
  }),
  defineRoute({
    method: 'POST',
    path: '/auth/totp/recovery-codes',
    access: 'signed-in',
    cost: COST.change,
    summary: 'New recovery codes in the place of the old, by a code',
    body: CodeProof,
    answer: RecoveryCodes,
    handle: async ({ caller, body }, { accounts }) => ({ codes: [...valueOf(await accounts.renewRecoveryCodes(caller!, body.code))] }),
  }),
  defineRoute({
    method: 'POST',
    path: '/auth/totp/disable',
    access: 'signed-in',
    cost: COST.change,
    summary: 'Remove one’s second factor, by a code or a recovery code',
    body: CodeProof,
    answer: Done,
    handle: async ({ caller, body }, { accounts }) => {
      valueOf(await accounts.removeSecondFactor(caller!, body.code));
      return { done: true };
    },
  }),
];

/** What whoever is signed in does to their own keys, sessions and second factor. */
export const OWN_ACCESS_ROUTES: readonly ApiRoute[] = [...KEY_ROUTES, ...SESSION_ROUTES, ...SECOND_FACTOR_ROUTES];
