import { describe, expect, it } from 'vitest';
import { Secret } from '../../base/secret.ts';
import { authWorld, codeOf, enroll, HOME, PASSWORD, SECOND, value } from '../auth-world.fixture.ts';
import { consolePermit, permitOf } from '../authorizer.ts';
import { verifyAudit } from '../audit/audit-chain.ts';
import { AuthManager } from '../auth-manager.ts';

const MANAGE = consolePermit('users:manage');

describe('what an admin or the command line does to users', () => {
  it('SEC-04: unlocking enables a user and ends every waiting, in every process, and closes what was open', async () => {
    const world = await authWorld();
    await world.createUser('root', 'admin');
    await world.createUser('ada', 'trader');
    const identity = await world.identityOf('ada');
    for (let tries = 0; tries < 9; tries += 1) await world.signIn('ada', 'wrong horse battery', '203.0.113.9');
    expect(codeOf(await world.signIn('ada', PASSWORD, '203.0.113.9'))).toBe('AUTH_THROTTLED');
    // As the command line does it: another process, which knows nothing of those tries.
    const other = await AuthManager.open(world);
    value(await other.manageUsers((users) => users.disable(MANAGE, 'ada')));
    value(await other.manageUsers((users) => users.unlock(MANAGE, 'ada')));
    expect(await world.auth.isAlive(identity)).toBe(false);
    expect(codeOf(await world.signIn('ada', PASSWORD, '203.0.113.9'))).toBe('ok');
    expect(world.audit.rows.filter(({ action }) => action === 'USER_UNLOCKED')).toMatchObject([{ actor: 'console', subject: 'ada' }]);
    expect(value(await verifyAudit(world.audit))?.sequence).toBe(world.audit.rows.length);
  });

  it('SEC-05: dropping a second factor removes its secret, closes what was open, and the password is enough from then on', async () => {
    const world = await authWorld();
    await world.createUser('ada', 'admin');
    const identity = await world.identityOf('ada');
    await enroll(world, identity);
    expect(world.secretRows.rows.size).toBe(1);
    expect(codeOf(await world.signIn('ada'))).toBe('AUTH_SECOND_FACTOR_NEEDED');
    value(await world.auth.manageUsers((users) => users.dropSecondFactor(MANAGE, 'ada')));
    expect(world.secretRows.rows.size).toBe(0);
    expect(await world.auth.isAlive(identity)).toBe(false);
    expect(codeOf(await world.signIn('ada'))).toBe('ok');
    expect(codeOf(await world.auth.manageUsers((users) => users.dropSecondFactor(MANAGE, 'ada')))).toBe('TOTP_STATE_WRONG');
    expect(world.actions()).toContain('TOTP_REMOVED');
  });

  it('SEC-06: a grant for one right is no permit for another, nor is anything that was made elsewhere', async () => {
    const world = await authWorld();
    await world.createUser('ada', 'admin');
    const permit = value(await world.auth.authorize(await world.identityOf('ada'), 'users:read'));
    expect(permitOf(permit, 'users:read')).toBe(permit);
    expect(() => permitOf(permit, 'users:manage')).toThrow('users:manage');
    expect(() => permitOf({ right: 'users:manage' }, 'users:manage')).toThrow('users:manage');
    expect(() => permitOf(null, 'users:manage')).toThrow('users:manage');
  });
});

describe('sessions of one’s own', () => {
  it('are listed with where and when, and ended one by one; those of others are as if they were not there', async () => {
    const world = await authWorld();
    await world.createUser('ada', 'trader');
    await world.createUser('bob', 'trader');
    const here = await world.identityOf('ada');
    const there = value(await world.auth.authenticate(value(await world.signIn('ada', PASSWORD, '198.51.100.7')).accessToken, HOME));
    const bobs = await world.identityOf('bob');
    const list = value(await world.auth.manageOwn(here, (account) => account.sessions(here)));
    // The one that began with her own password, at creation, ended with it; so did none of the others.
    expect(list.map(({ address, isThis }) => [address, isThis])).toEqual([
      [HOME, false],
      [HOME, true],
      ['198.51.100.7', false],
    ]);
    const end = (sessionId: string) => world.auth.manageOwn(here, (account) => account.endSession(here, sessionId));
    expect(codeOf(await end(bobs.accessId))).toBe('SESSION_UNKNOWN');
    expect(await world.auth.isAlive(bobs)).toBe(true);
    expect(codeOf(await end(there.accessId))).toBe('ok');
    expect(codeOf(await end(there.accessId))).toBe('SESSION_UNKNOWN');
    expect(await world.auth.isAlive(there)).toBe(false);
    expect(world.ends.at(-1)).toMatchObject({ accessId: there.accessId });
    expect(await world.auth.isAlive(here)).toBe(true);
    expect(world.audit.rows.at(-1)).toMatchObject({ action: 'SESSION_ENDED', actor: 'ada', subject: there.accessId });
  });
});

describe('what another process has ended', () => {
  it('SEC-09: is found by asking: disabled users, other roles, ended sessions, revoked keys, keys whose owner has other rights now', async () => {
    const world = await authWorld();
    const names = ['stays', 'disabled', 'demoted', 'reset', 'signedout'];
    await world.createUser('root', 'admin');
    for (const name of names) await world.createUser(name, 'trader');
    const sessions = await Promise.all(names.map((name) => world.identityOf(name)));
    const keys = await Promise.all(
      names.slice(0, 3).map(async (name) => {
        const tsEnd = world.clock.now() + 3600 * SECOND;
        const terms = { label: 'bot', scopes: ['trade'] as const, addresses: [], tsEnd };
        const { key } = value(await world.auth.createKey(consolePermit('keys:add'), terms, name));
        return value(await world.auth.authenticateKey(key, HOME));
      }),
    );
    const all = [...sessions, ...keys];
    const nameOf = new Map(all.map((identity) => [identity.accessId, `${identity.kind} ${identity.userName}`]));
    const ended = async () => [...value(await world.auth.endedOf(all))].map((id) => nameOf.get(id)).sort();
    expect(await ended()).toEqual([]);
    const other = await AuthManager.open(world);
    const told = world.ends.length;
    value(await other.manageUsers((users) => users.disable(MANAGE, 'disabled')));
    value(await other.manageUsers((users) => users.setRole(MANAGE, 'demoted', 'viewer')));
    value(await other.manageUsers((users) => users.reset(MANAGE, 'reset', { dropSecondFactor: false })));
    const gone = sessions[4]!;
    value(await other.manageOwn(gone, (account) => account.signOut(gone)));
    value(await other.revokeKey(MANAGE, keys[0]!.userId, keys[0]!.accessId));
    // Nobody here was told.
    expect(world.ends.length).toBe(told);
    expect(await ended()).toEqual([
      'API_KEY demoted',
      'API_KEY disabled',
      'API_KEY stays',
      'SESSION demoted',
      'SESSION disabled',
      'SESSION reset',
      'SESSION signedout',
    ]);
  });

  it('SEC-10: being asked about is no use of a session: it ends after an hour, however often that was', async () => {
    const world = await authWorld();
    await world.createUser('ada', 'trader');
    const identity = await world.identityOf('ada');
    for (let minutes = 0; minutes < 59; minutes += 1) {
      world.clock.forward(60 * SECOND);
      expect(value(await world.auth.endedOf([identity])).size).toBe(0);
    }
    world.clock.forward(60 * SECOND);
    expect([...value(await world.auth.endedOf([identity]))]).toEqual([identity.accessId]);
  });

  it('SEC-48: where the store fails nothing is answered', async () => {
    const world = await authWorld();
    await world.createUser('ada', 'trader');
    const identity = await world.identityOf('ada');
    world.users.all = () => Promise.reject(new Error('disk full'));
    expect(codeOf(await world.auth.endedOf([identity]))).toBe('AUTH_UNAVAILABLE');
  });
});

describe('who is not there yet', () => {
  it('somebody with a one-time password neither lists nor ends sessions, nor enrolls', async () => {
    const world = await authWorld();
    const made = value(await world.auth.manageUsers((users) => users.create(MANAGE, 'ada', 'trader')));
    const identity = value(await world.auth.authenticate(value(await world.signIn('ada', made.password.reveal())).accessToken, HOME));
    expect(codeOf(await world.auth.manageOwn(identity, (account) => account.sessions(identity)))).toBe('AUTH_RIGHT_MISSING');
    expect(codeOf(await world.auth.manageOwn(identity, (account) => account.endSession(identity, identity.accessId)))).toBe(
      'AUTH_RIGHT_MISSING',
    );
    const begin = world.auth.manageOwn(identity, (account) => account.beginSecondFactor(identity, new Secret(PASSWORD)));
    expect(codeOf(await begin)).toBe('AUTH_RIGHT_MISSING');
  });
});
