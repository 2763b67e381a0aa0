import { createHash, createHmac, randomBytes } from 'node:crypto';
import { Secret } from '../base/secret.ts';
import type { Right, Role } from '../model/rights.ts';
import { AuthManager } from './auth-manager.ts';
import { consolePermit, type Permit } from './authorizer.ts';
import type { AccessEnd, Identity } from './identity.ts';
import { ManualClock } from './manual-clock.fixture.ts';
import { MemoryApiKeys, MemoryAudit, MemorySecrets, MemorySessions, MemoryUsers } from './memory-stores.fixture.ts';
import type { Outcome } from './outcome.ts';
import type { PasswordHasher } from './passwords/password-hasher.ts';
import { MasterKey } from './secrets/master-key.ts';
import { SecurityManager } from './secrets/security-manager.ts';

export const SECOND = 1e6;
export const PASSWORD = 'correct horse battery staple';
export const HOME = '192.0.2.1';

/** Stands for argon2 where a test is not about it; counts, because equal work is what tells nothing. */
export class QuickHasher implements PasswordHasher {
  readonly verified: string[] = [];

  async hash(password: Secret): Promise<string> {
    const salt = randomBytes(8).toString('hex');
    return `${salt}$${QuickHasher.digest(salt, password)}`;
  }
  async verify(stored: string, password: Secret): Promise<boolean> {
    this.verified.push(stored);
    const [salt, digest] = stored.split('$') as [string, string];
    return digest === QuickHasher.digest(salt, password);
  }
  isOutdated(): boolean {
    return false;
  }
  private static digest(salt: string, password: Secret): string {
    return createHash('sha256').update(salt).update(password.reveal()).digest('hex');
  }
}

export function value<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`refused: ${outcome.code} ${outcome.message}`);
  return outcome.value;
}

export function codeOf(outcome: Outcome<unknown>): string {
  return outcome.ok ? 'ok' : outcome.code;
}

/** Everything that a manager of authentication needs, in memory, under a clock that the test moves. */
export async function authWorld(hasher: PasswordHasher = new QuickHasher()) {
  const clock = new ManualClock();
  const [users, sessions, apiKeys, audit, secretRows] = [
    new MemoryUsers(),
    new MemorySessions(),
    new MemoryApiKeys(),
    new MemoryAudit(),
    new MemorySecrets(),
  ];
  const secrets = await SecurityManager.open(secretRows, { keys: [MasterKey.generate()], place: 'test', file: null, warning: null });
  const reported: unknown[] = [];
  const world = {
    users,
    sessions,
    apiKeys,
    audit,
    secrets,
    hasher,
    clock,
    issuer: 'test',
    report: (error: unknown) => void reported.push(error),
  };
  const auth = await AuthManager.open(world);
  const ends: AccessEnd[] = [];
  auth.onAccessEnd((end) => ends.push(end));

  const signIn = (name: string, password = PASSWORD, address = HOME, code?: string) =>
    auth.signIn({ name, password: new Secret(password), address, code: code === undefined ? undefined : new Secret(code) });
  /** Creates a user with a password of their own. */
  const createUser = async (name: string, role: Role, password = PASSWORD): Promise<void> => {
    const made = value(await auth.manageUsers((administration) => administration.create(consolePermit('users:manage'), name, role)));
    const first = value(await signIn(name, made.password.reveal()));
    const identity = value(await auth.authenticate(first.accessToken, HOME));
    value(await auth.manageOwn(identity, (account) => account.changePassword(identity, made.password, new Secret(password))));
  };
  const identityOf = async (name: string, password = PASSWORD): Promise<Identity> =>
    value(await auth.authenticate(value(await signIn(name, password)).accessToken, HOME));
  const permit = async <R extends Right>(identity: Identity, right: R, proof = PASSWORD): Promise<Permit<R>> => {
    value(await auth.stepUp(identity, right, new Secret(proof)));
    return value(await auth.authorize(identity, right));
  };
  const actions = (): string[] => audit.rows.map(({ action }) => action);
  return { ...world, secretRows, auth, ends, reported, signIn, createUser, identityOf, permit, actions };
}

export type World = Awaited<ReturnType<typeof authWorld>>;

/** RFC 6238 and RFC 4648 once more, by hand: what the authenticator app shows. */
export function appCode(otpauth: string, ts: number): string {
  const base32 = new URL(otpauth).searchParams.get('secret')!;
  const bits = [...base32].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(ts / 30e6)));
  const mac = createHmac('sha1', key).update(counter).digest();
  const offset = mac.at(-1)! & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** Enrolls the second factor of somebody who is signed in. */
export async function enroll(world: World, identity: Identity) {
  const { auth, clock } = world;
  const otpauth = value(await auth.manageOwn(identity, (account) => account.beginSecondFactor(identity, new Secret(PASSWORD)))).reveal();
  const code = new Secret(appCode(otpauth, clock.now()));
  const recovery = value(await auth.manageOwn(identity, (account) => account.confirmSecondFactor(identity, code))).map((one) =>
    one.reveal(),
  );
  return { otpauth, recovery, codeAt: (steps: number) => appCode(otpauth, clock.now() + steps * 30e6) };
}
