import type {
  ApiKeyInfo,
  MadeApiKey,
  NewApiKey,
  NewUser,
  OneTimePasswordInfo,
  RecoveryCodes,
  SecondFactorBegun,
  UserInfo,
} from '../../../src/contract/api/access.ts';
import type { SignedIn } from '../../../src/contract/api/auth.ts';
import { type Answer, call } from './http.ts';
import { PATHS } from './paths.ts';

/*
 * Users, keys and one's own account. No request here carries an idempotency key: what it answers may be a password, and is kept nowhere.
 */

export const ACCESS_PATHS = {
  users: '/users',
  keys: '/api-keys',
  sessions: '/auth/sessions',
  totp: '/auth/totp',
} as const;

const part = encodeURIComponent;

function post<T>(path: string, body?: unknown): Promise<Answer<T>> {
  return call<T>(path, { method: 'POST', ...(body === undefined ? {} : { body }) });
}

/** For acts that ask for a proof each time: the code, or the password while there is no second factor. */
async function confirmed<T>(act: string, proof: string, ask: () => Promise<Answer<T>>): Promise<Answer<T>> {
  const proven = await post<unknown>(PATHS.stepUp, { act, proof });
  return proven.ok ? ask() : proven;
}

const managed = <T>(proof: string, ask: () => Promise<Answer<T>>) => confirmed('users:manage', proof, ask);

export const createUser = (user: NewUser, proof: string) => managed(proof, () => post<OneTimePasswordInfo>(ACCESS_PATHS.users, user));
export const setRole = ({ name }: UserInfo, role: UserInfo['role'], proof: string) =>
  managed(proof, () => post<unknown>(`${ACCESS_PATHS.users}/${part(name)}/role`, { role }));
export const disableUser = ({ name }: UserInfo, proof: string) =>
  managed(proof, () => post<unknown>(`${ACCESS_PATHS.users}/${part(name)}/disable`));
export const unlockUser = ({ name }: UserInfo, proof: string) =>
  managed(proof, () => post<unknown>(`${ACCESS_PATHS.users}/${part(name)}/unlock`));
export const resetUser = ({ name }: UserInfo, dropSecondFactor: boolean, proof: string) =>
  managed(proof, () => post<OneTimePasswordInfo>(`${ACCESS_PATHS.users}/${part(name)}/reset`, { dropSecondFactor }));

export const createKey = (terms: NewApiKey, proof: string) =>
  confirmed('keys:add', proof, () => post<MadeApiKey>(ACCESS_PATHS.keys, terms));
export const revokeKey = ({ keyId }: ApiKeyInfo) => call<unknown>(`${ACCESS_PATHS.keys}/${part(keyId)}`, { method: 'DELETE' });

export const endSession = (session: string) => call<unknown>(`${ACCESS_PATHS.sessions}/${part(session)}`, { method: 'DELETE' });
export const changePassword = (current: string, next: string) => post<SignedIn>(PATHS.password, { current, next });
export const beginSecondFactor = (password: string) => post<SecondFactorBegun>(`${ACCESS_PATHS.totp}/begin`, { password });
export const confirmSecondFactor = (code: string) => post<RecoveryCodes>(`${ACCESS_PATHS.totp}/confirm`, { code });
export const renewRecoveryCodes = (code: string) => post<RecoveryCodes>(`${ACCESS_PATHS.totp}/recovery-codes`, { code });
export const removeSecondFactor = (code: string) => post<unknown>(`${ACCESS_PATHS.totp}/disable`, { code });
