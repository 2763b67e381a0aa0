import type { Secret } from '../../base/secret.ts';
import type { UserRecord } from '../../ports/user-store.ts';
import { type AuthParts, changeUser } from '../auth-parts.ts';
import { granted, type Outcome, type Refusal, refused } from '../outcome.ts';
import { HasherBusyError } from '../passwords/password-hasher.ts';
import type { SessionGrant } from '../sessions/session-keeper.ts';
import { addressKey } from './address-key.ts';
import { throttledAccount } from './sign-in-throttle.ts';

/** Addresses of a user that are remembered. */
export const KNOWN_ADDRESSES_MAX = 16;
const NAME_CHARACTERS = 64;
const PASSWORD_UNITS = 1024;

export interface SignInRequest {
  readonly name: string;
  readonly password: Secret;
  /** Of the authenticator app, or a recovery code. */
  readonly code?: Secret | undefined;
  readonly address: string;
}

export interface SignedIn extends SessionGrant {
  readonly userName: string;
  readonly mustChangePassword: boolean;
}

/** Name, password and second factor. An unknown name, a wrong password and a disabled user get the same answer after the same work. */
export async function signIn(parts: AuthParts, request: SignInRequest): Promise<Outcome<SignedIn>> {
  const account = request.name.slice(0, NAME_CHARACTERS).toLowerCase();
  const key = addressKey(request.address);
  const user = await parts.users.byName(account);
  const counted = throttledAccount(account, user?.accessEpoch);
  const waitUs = parts.throttle.begin(counted, key, user?.knownAddresses.includes(key) ?? false, parts.clock.now());
  if (waitUs > 0) return refused('AUTH_THROTTLED', 'Too many wrong passwords or codes. Wait.', waitUs);
  let isRight: boolean;
  try {
    isRight = await parts.hasher.verify(user?.passwordHash ?? parts.nobodysHash, request.password);
  } catch (error) {
    // Neither a wrong password nor a right one: the try does not count.
    parts.throttle.takeBack(counted, key);
    if (error instanceof HasherBusyError) return refused('AUTH_BUSY', 'Too many sign-ins at once. Try again in a second.', 1e6);
    throw error;
  }
  const isLate = user !== null && user.oneTimeUntil !== null && parts.clock.now() >= user.oneTimeUntil;
  if (user === null || !isRight || user.isDisabled || isLate || request.password.reveal().length > PASSWORD_UNITS) {
    return failed(parts, account, request.address);
  }
  if (user.totp !== 'ACTIVE') return succeed(parts, user, request, key);
  if (request.code === undefined) {
    parts.throttle.takeBack(counted, key);
    return refused('AUTH_SECOND_FACTOR_NEEDED', 'A code of the authenticator app is needed besides.');
  }
  const used = await parts.factor.use(user, request.code);
  if (used === null) return failed(parts, account, request.address);
  if (used.kind === 'RECOVERY') {
    await parts.audit.append({ actor: user.name, address: request.address, action: 'RECOVERY_CODE_USED', subject: user.name });
  }
  return succeed(parts, used.user, request, key);
}

async function failed(parts: AuthParts, account: string, address: string): Promise<Refusal> {
  await parts.audit.append({ actor: 'nobody', address, action: 'SIGN_IN_FAILED', subject: account });
  return refused('AUTH_FAILED', 'Name, password or code is wrong.');
}

async function succeed(parts: AuthParts, before: UserRecord, request: SignInRequest, key: string): Promise<Outcome<SignedIn>> {
  parts.throttle.succeeded(throttledAccount(before.name, before.accessEpoch), key);
  const user = await remembered(parts, before, request.password, key);
  await parts.audit.append({ actor: user.name, address: request.address, action: 'SIGN_IN', subject: user.name });
  const grant = await parts.keeper.begin(user, request.address);
  return granted({ ...grant, userName: user.name, mustChangePassword: user.oneTimeUntil !== null });
}

/** Stores the address, and the password under the cost in force; where the user was changed meanwhile, the next sign-in does. */
async function remembered(parts: AuthParts, user: UserRecord, password: Secret, key: string): Promise<UserRecord> {
  const isOutdated = parts.hasher.isOutdated(user.passwordHash);
  if (!isOutdated && user.knownAddresses.at(-1) === key) return user;
  const passwordHash = isOutdated ? await parts.hasher.hash(password) : user.passwordHash;
  const knownAddresses = [...user.knownAddresses.filter((known) => known !== key), key].slice(-KNOWN_ADDRESSES_MAX);
  return (await changeUser(parts, user, { passwordHash, knownAddresses }, false)) ?? user;
}
