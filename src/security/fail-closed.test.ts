import { describe, expect, it } from 'vitest';
import { Secret } from '../base/secret.ts';
import { authWorld, enroll, HOME, PASSWORD, value } from './auth-world.fixture.ts';
import { consolePermit } from './authorizer.ts';
import type { Outcome } from './outcome.ts';

const MANAGE = consolePermit('users:manage');

/** One of everything that can be asked, each of which is granted while nothing fails. */
async function everyQuestion() {
  const world = await authWorld();
  const { auth, clock } = world;
  await world.createUser('alice', 'admin');
  await world.createUser('bob', 'admin');
  const session = value(await world.signIn('alice'));
  const identity = value(await auth.authenticate(session.accessToken, HOME));
  const permit = await world.permit(identity, 'keys:add');
  const terms = { label: 'x', scopes: ['read'] as const, addresses: [], tsEnd: clock.now() + 1e12 };
  const { key, keyId } = value(await auth.createKey(permit, terms));
  const bob = await world.identityOf('bob');
  const { recovery } = await enroll(world, bob);
  const code = new Secret(recovery[0]!);
  value(await auth.stepUp(identity, 'kill:reset', new Secret(PASSWORD)));
  const ticket = value(await auth.issueTicket(identity));
  const questions: Record<string, () => Promise<Outcome<unknown>>> = {
    signIn: () => world.signIn('alice'),
    'signIn with a code': () => world.signIn('bob', PASSWORD, HOME, recovery[1]),
    refresh: () => auth.refresh(session.refreshToken, HOME),
    authenticate: () => auth.authenticate(session.accessToken, HOME),
    authenticateKey: () => auth.authenticateKey(key, HOME),
    authorize: () => auth.authorize(identity, 'orders:place'),
    'authorize a confirmed act': () => auth.authorize(identity, 'kill:reset'),
    stepUp: () => auth.stepUp(identity, 'risk:raise', new Secret(PASSWORD)),
    issueTicket: () => auth.issueTicket(identity),
    redeemTicket: () => auth.redeemTicket(ticket, HOME),
    createKey: () => auth.createKey(permit, terms),
    listKeys: () => auth.listKeys(identity.userId),
    revokeKey: () => auth.revokeKey(consolePermit('keys:revoke'), identity.userId, keyId),
    create: () => auth.manageUsers((administration) => administration.create(MANAGE, 'carol', 'viewer')),
    setRole: () => auth.manageUsers((administration) => administration.setRole(MANAGE, 'bob', 'viewer')),
    disable: () => auth.manageUsers((administration) => administration.disable(MANAGE, 'bob')),
    reset: () => auth.manageUsers((administration) => administration.reset(MANAGE, 'bob', { dropSecondFactor: true })),
    changePassword: () =>
      auth.manageOwn(identity, (account) => account.changePassword(identity, new Secret(PASSWORD), new Secret('another battery staple'))),
    beginSecondFactor: () => auth.manageOwn(identity, (account) => account.beginSecondFactor(identity, new Secret(PASSWORD))),
    removeSecondFactor: () => auth.manageOwn(bob, (account) => account.removeSecondFactor(bob, code)),
    renewRecoveryCodes: () => auth.manageOwn(bob, (account) => account.renewRecoveryCodes(bob, code)),
    signOut: () => auth.manageOwn(identity, (account) => account.signOut(identity)),
  };
  return { ...world, questions };
}

const NAMES = Object.keys((await everyQuestion()).questions);

/** What gives nothing away may answer although a store failed at the end: access was taken, and only the note of it is missing. */
const TAKES_AWAY = ['disable', 'revokeKey', 'signOut'];

type Work = (...values: unknown[]) => Promise<unknown>;

/** Puts something in the place of a method of a store. */
function replaceMethod(store: object, method: string, make: (work: Work) => Work): void {
  const work = (Reflect.get(store, method) as Work).bind(store);
  Object.assign(store, { [method]: make(work) });
}

const STORES = ['users', 'sessions', 'apiKeys', 'audit', 'secretRows'] as const;

/** Which methods of which stores a question calls. */
async function methodsCalled(name: string) {
  const world = await everyQuestion();
  const called = new Map<string, { readonly store: (typeof STORES)[number]; readonly method: string }>();
  for (const store of STORES) {
    for (const method of Object.getOwnPropertyNames(Object.getPrototypeOf(world[store])).filter((each) => each !== 'constructor')) {
      replaceMethod(world[store], method, (work) => (...values) => {
        called.set(`${store} ${method}`, { store, method });
        return work(...values);
      });
    }
  }
  await world.questions[name]!();
  return [...called.values()];
}

describe('where a store fails', () => {
  it('nothing of this is refused while all is well', async () => {
    for (const name of NAMES) {
      const { questions } = await everyQuestion();
      expect([name, (await questions[name]!()).ok]).toEqual([name, true]);
    }
  });

  it.each(NAMES)(
    'SEC-48: %s is refused, whichever method of whichever store it was, and the cause is reported and not told',
    async (name) => {
      const called = await methodsCalled(name);
      expect(called.length).toBeGreaterThan(0);
      for (const { store, method } of called) {
        const world = await everyQuestion();
        replaceMethod(world[store], method, () => () => Promise.reject(new Error(`database gone at ${method}`)));
        const answer = await world.questions[name]!();
        expect([store, method, world.reported.length > 0]).toEqual([store, method, true]);
        if (TAKES_AWAY.includes(name) && store === 'audit') {
          expect(answer.ok).toBe(true);
          continue;
        }
        expect([store, method, answer]).toEqual([
          store,
          method,
          { ok: false, code: 'AUTH_UNAVAILABLE', message: expect.not.stringContaining('gone') },
        ]);
      }
    },
  );

  it('SEC-48: a hasher that fails lets nobody in', async () => {
    const world = await everyQuestion();
    world.hasher.verify = () => Promise.reject(new Error('out of memory'));
    expect(await world.signIn('alice')).toMatchObject({ ok: false, code: 'AUTH_UNAVAILABLE' });
    expect(await world.signIn('nobody')).toMatchObject({ ok: false, code: 'AUTH_UNAVAILABLE' });
  });

  it('SEC-48: a second factor whose secret does not open lets nobody in by its codes', async () => {
    const world = await everyQuestion();
    for (const [name, row] of world.secretRows.rows) world.secretRows.rows.set(name, { ...row, body: row.wrappedKey });
    expect(await world.signIn('bob', PASSWORD, HOME, '123456')).toMatchObject({ ok: false, code: 'AUTH_UNAVAILABLE' });
  });
});
