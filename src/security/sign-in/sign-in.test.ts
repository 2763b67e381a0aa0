import { describe, expect, it } from 'vitest';
import { Secret } from '../../base/secret.ts';
import { authWorld, codeOf, HOME, PASSWORD, QuickHasher, SECOND, value } from '../auth-world.fixture.ts';
import { AuthManager } from '../auth-manager.ts';
import { consolePermit } from '../authorizer.ts';
import { Argon2Hasher } from '../passwords/password-hasher.ts';

const MANAGE = consolePermit('users:manage');

describe('the first start', () => {
  it('makes an admin with a one-time password that is good for setting another and nothing else', async () => {
    const world = await authWorld();
    const first = value(await world.auth.manageUsers((administration) => administration.firstStart(MANAGE)))!;
    expect(first.name).toBe('admin');
    // 25 characters of 32: 125 bits.
    expect(first.password.reveal()).toMatch(/^([0-9a-z]{5}-){4}[0-9a-z]{5}$/);
    const signedIn = value(await world.signIn('admin', first.password.reveal()));
    expect(signedIn.mustChangePassword).toBe(true);
    const identity = value(await world.auth.authenticate(signedIn.accessToken, HOME));
    expect(codeOf(await world.auth.authorize(identity, 'market:read'))).toBe('AUTH_PASSWORD_CHANGE_NEEDED');
    expect(codeOf(await world.auth.issueTicket(identity))).toBe('AUTH_PASSWORD_CHANGE_NEEDED');
    expect(codeOf(await world.auth.manageOwn(identity, (account) => account.beginSecondFactor(identity, first.password)))).toBe(
      'AUTH_RIGHT_MISSING',
    );
    const set = (next: string) =>
      world.auth.manageOwn(identity, (account) => account.changePassword(identity, first.password, new Secret(next)));
    expect([codeOf(await set('short')), codeOf(await set('password1234')), codeOf(await set(first.password.reveal()))]).toEqual([
      'PASSWORD_TOO_SHORT',
      'PASSWORD_COMMON',
      'PASSWORD_COMMON',
    ]);
    const grant = value(await set(PASSWORD));
    const after = value(await world.auth.authenticate(grant.accessToken, HOME));
    expect([after.mustChangePassword, codeOf(await world.auth.authorize(after, 'audit:read'))]).toEqual([false, 'ok']);
    expect(codeOf(await world.signIn('admin', first.password.reveal()))).toBe('AUTH_FAILED');
  });

  it('happens once, and its password is good for a week', async () => {
    const world = await authWorld();
    const first = value(await world.auth.manageUsers((administration) => administration.firstStart(MANAGE)))!;
    expect(value(await world.auth.manageUsers((administration) => administration.firstStart(MANAGE)))).toBeNull();
    world.clock.forward(7 * 24 * 3600 * SECOND - 1);
    expect(codeOf(await world.signIn('admin', first.password.reveal()))).toBe('ok');
    world.clock.forward(1);
    expect(codeOf(await world.signIn('admin', first.password.reveal()))).toBe('AUTH_FAILED');
  });
});

describe('signing in', () => {
  it('SEC-03: unknown user, wrong password, disabled user and late one-time password get the same answer after one verification each', async () => {
    const hasher = new QuickHasher();
    const world = await authWorld(hasher);
    await world.createUser('alice', 'trader');
    await world.createUser('bob', 'viewer');
    value(await world.auth.manageUsers((administration) => administration.disable(MANAGE, 'bob')));
    const late = value(await world.auth.manageUsers((administration) => administration.create(MANAGE, 'carol', 'viewer')));
    world.clock.forward(8 * 24 * 3600 * SECOND);
    const tries = [
      () => world.signIn('nobody'),
      () => world.signIn('alice', 'wrong password here'),
      () => world.signIn('bob'),
      () => world.signIn('carol', late.password.reveal()),
      () => world.signIn('alice', `${PASSWORD}${'x'.repeat(5000)}`),
    ];
    const answers: unknown[] = [];
    for (const attempt of tries) {
      const before = hasher.verified.length;
      answers.push({ answer: await attempt(), verified: hasher.verified.length - before });
    }
    const same = { answer: { ok: false, code: 'AUTH_FAILED', message: 'Name, password or code is wrong.' }, verified: 1 };
    expect(answers).toEqual(tries.map(() => same));
  });

  it('SEC-03: what is verified for an unknown user costs what a real hash costs', async () => {
    class Watched extends Argon2Hasher {
      readonly verified: string[] = [];
      override verify(stored: string, password: Secret): Promise<boolean> {
        this.verified.push(stored);
        return super.verify(stored, password);
      }
    }
    const hasher = new Watched();
    const world = await authWorld(hasher);
    expect(codeOf(await world.signIn('nobody'))).toBe('AUTH_FAILED');
    expect(hasher.verified[0]).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('SEC-01: a password stored under a lower cost is stored anew at the next sign-in', async () => {
    const world = await authWorld(new Argon2Hasher({ memoryKiB: 19_456, passes: 3, lanes: 1 }));
    await world.createUser('alice', 'trader');
    const user = (await world.users.byName('alice'))!;
    const old = await new Argon2Hasher().hash(new Secret(PASSWORD));
    await world.users.replace({ ...user, passwordHash: old, revision: user.revision + 1 });
    value(await world.signIn('alice'));
    const stored = (await world.users.byName('alice'))!.passwordHash;
    expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=3,p=1\$/);
    value(await world.signIn('alice'));
    expect((await world.users.byName('alice'))!.passwordHash).toBe(stored);
  });

  it('SEC-04: guesses are counted before they are judged: of a hundred at once five are verified', async () => {
    const hasher = new QuickHasher();
    const world = await authWorld(hasher);
    await world.createUser('alice', 'trader');
    const before = hasher.verified.length;
    const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => world.signIn('alice', `guess number ${i}`, '198.51.100.9')));
    expect(hasher.verified.length - before).toBe(5);
    expect(answers.filter((answer) => codeOf(answer) === 'AUTH_THROTTLED')).toHaveLength(95);
    expect(answers.at(-1)).toMatchObject({ retryAfterUs: SECOND });
  });

  it('SEC-04: an unknown name is throttled as a known one is', async () => {
    const world = await authWorld();
    await world.createUser('alice', 'trader');
    const codes = async (name: string) => {
      const found: string[] = [];
      for (let i = 0; i < 8; i += 1) found.push(codeOf(await world.signIn(name, 'wrong password here', `198.51.100.${name.length}`)));
      return found;
    };
    expect(await codes('alice')).toEqual(await codes('nobody'));
  });

  it('SEC-04: an attack from elsewhere does not lock the owner out, who signs in from where they did before', async () => {
    const world = await authWorld();
    await world.createUser('alice', 'trader');
    for (let i = 0; i < 200; i += 1) await world.signIn('alice', 'wrong password here', `198.51.100.${i}`);
    expect(codeOf(await world.signIn('alice', PASSWORD, '203.0.113.5'))).toBe('AUTH_THROTTLED');
    expect(codeOf(await world.signIn('alice'))).toBe('ok');
    world.clock.forward(60 * SECOND);
    expect(codeOf(await world.signIn('alice', PASSWORD, '203.0.113.5'))).toBe('ok');
  });

  it('names are taken in any case, and every sign-in and failure is in the audit log with its address', async () => {
    const world = await authWorld();
    await world.createUser('alice', 'trader');
    await world.signIn('ALICE', PASSWORD, '198.51.100.1');
    await world.signIn('al\u001b[2Jice\n', PASSWORD, '198.51.100.2');
    const [right, wrong] = world.audit.rows.slice(-2);
    expect(right).toMatchObject({ action: 'SIGN_IN', actor: 'alice', address: '198.51.100.1' });
    expect(wrong).toMatchObject({ action: 'SIGN_IN_FAILED', actor: 'nobody', address: '198.51.100.2' });
    expect(wrong!.subject).not.toMatch(/\p{Cc}/u);
  });
});

describe('a lost password', () => {
  it('SEC-04: is reset from the machine itself, in another process: a one-time password, no waiting, no session left', async () => {
    const world = await authWorld();
    await world.createUser('alice', 'trader');
    const session = value(await world.signIn('alice'));
    for (let i = 0; i < 30; i += 1) await world.signIn('alice', 'wrong password here', '203.0.113.5');
    const machine = await AuthManager.open(world);
    const reset = value(await machine.manageUsers((administration) => administration.reset(MANAGE, 'alice', { dropSecondFactor: false })));
    expect(codeOf(await world.auth.authenticate(session.accessToken, HOME))).toBe('AUTH_SESSION_ENDED');
    expect(codeOf(await world.signIn('alice'))).toBe('AUTH_FAILED');
    expect(value(await world.signIn('alice', reset.password.reveal(), '203.0.113.5')).mustChangePassword).toBe(true);
    expect(world.actions()).toContain('USER_RESET');
  });
});

describe('users', () => {
  it('are refused with bad names, roles and twice, and the last admin stays', async () => {
    const world = await authWorld();
    const create = async (name: string, role: 'admin' | 'viewer') =>
      codeOf(await world.auth.manageUsers((administration) => administration.create(MANAGE, name, role)));
    for (const name of ['', 'Alice', '1a', 'a b', 'a\n', 'x'.repeat(65), '__proto__'])
      expect(await create(name, 'viewer')).toBe('USER_NAME_INVALID');
    expect(await create('alice', 'king' as 'viewer')).toBe('AUTH_RIGHT_MISSING');
    expect([await create('root', 'admin'), await create('root', 'viewer')]).toEqual(['ok', 'USER_EXISTS']);
    const act = async (name: string) => [
      codeOf(await world.auth.manageUsers((administration) => administration.disable(MANAGE, name))),
      codeOf(await world.auth.manageUsers((administration) => administration.setRole(MANAGE, name, 'viewer'))),
    ];
    expect(await act('root')).toEqual(['USER_LAST_ADMIN', 'USER_LAST_ADMIN']);
    expect(await act('nobody')).toEqual(['USER_UNKNOWN', 'USER_UNKNOWN']);
    await create('second', 'admin');
    expect(await act('second')).toEqual(['ok', 'ok']);
    expect((await act('root'))[0]).toBe('USER_LAST_ADMIN');
  });
});
