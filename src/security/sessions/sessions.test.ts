import { createHmac, generateKeyPairSync, randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../base/secret.ts';
import { authWorld, codeOf, HOME, PASSWORD, SECOND, value } from '../auth-world.fixture.ts';
import { AuthManager } from '../auth-manager.ts';
import { consolePermit } from '../authorizer.ts';
import { ManualClock } from '../manual-clock.fixture.ts';
import { AccessTokens } from './access-tokens.ts';
import { SESSIONS_PER_USER_MAX } from './session-keeper.ts';

const MANAGE = consolePermit('users:manage');
const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const read = (part: string | undefined) => JSON.parse(Buffer.from(part!, 'base64url').toString()) as Record<string, unknown>;

async function trader() {
  const world = await authWorld();
  await world.createUser('alice', 'trader');
  const session = value(await world.signIn('alice'));
  world.ends.length = 0;
  const whoami = async (token: Secret = session.accessToken) => codeOf(await world.auth.authenticate(token, HOME));
  const refresh = (token: Secret, address = HOME) => world.auth.refresh(token, address);
  return { ...world, session, whoami, refresh };
}

describe('access tokens', () => {
  const claims = { userId: 'u', sessionId: 's' };

  it('SEC-07: live for 15 minutes at most, and not a second longer than they say', async () => {
    const clock = new ManualClock();
    const tokens = new AccessTokens(clock, 'here');
    const { token, tsEnd } = await tokens.issue(claims);
    const { iat, exp } = read(token.reveal().split('.')[1]) as { iat: number; exp: number };
    expect(exp - iat).toBeLessThanOrEqual(900);
    expect(tsEnd).toBe(exp * SECOND);
    clock.forward(tsEnd - clock.now() - 1);
    expect(await tokens.verify(token)).toEqual(claims);
    clock.forward(1);
    expect(await tokens.verify(token)).toBeNull();
  });

  it('SEC-07: anything that is not signed by us in our way is refused', async () => {
    const clock = new ManualClock();
    const tokens = new AccessTokens(clock, 'here');
    const [head, body, signature] = (await tokens.issue(claims)).token.reveal().split('.') as [string, string, string];
    const header = read(head);
    const good = { head, body, signature };
    const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const hs = (key: Buffer | string, changed: unknown) => {
      const text = `${base64(changed)}.${body}`;
      return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
    };
    const forged = {
      'alg none': `${base64({ ...header, alg: 'none' })}.${body}.`,
      'alg none with the old signature': `${base64({ ...header, alg: 'none' })}.${body}.${signature}`,
      'alg None': `${base64({ ...header, alg: 'None' })}.${body}.`,
      'another algorithm of the same family': `${base64({ ...header, alg: 'HS512' })}.${body}.${signature}`,
      'RS256 under our key id': await new SignJWT(read(body)).setProtectedHeader({ ...header, alg: 'RS256' }).sign(pair.privateKey),
      'a public key taken for a shared one': hs(pair.publicKey.export({ type: 'spki', format: 'pem' }) as string, header),
      'an empty key': hs('', header),
      'a key of one’s own under our key id': hs(randomBytes(32), header),
      'an unknown key id': hs(randomBytes(32), { ...header, kid: 'ffff' }),
      'a key id that is a path': hs(Buffer.alloc(32), { ...header, kid: '../../dev/null' }),
      'a key id that is a property of objects': hs(randomBytes(32), { ...header, kid: '__proto__' }),
      'no key id': hs(randomBytes(32), { alg: 'HS256', typ: 'at+jwt' }),
      'a key in the header': hs(Buffer.alloc(32, 7), { ...header, jwk: { kty: 'oct', k: Buffer.alloc(32, 7).toString('base64url') } }),
      'another body': `${head}.${base64({ ...read(body), sub: 'root' })}.${signature}`,
      'no signature': `${head}.${body}.`,
      'two parts': `${head}.${body}`,
      'too long': `${head}.${body}.${signature}${'A'.repeat(3000)}`,
      nothing: '',
    };
    for (const [what, text] of Object.entries(forged)) expect([what, await tokens.verify(new Secret(text))]).toEqual([what, null]);
    expect(await tokens.verify(new Secret(`${good.head}.${good.body}.${good.signature}`))).toEqual(claims);
  });

  it('SEC-07: tokens under the right key with a wrong issuer, audience, type or time are refused', async () => {
    const clock = new ManualClock();
    const tokens = new AccessTokens(clock, 'here');
    // The key, taken out of the object as no program outside a test could.
    const { keyId, bytes } = (tokens as unknown as { current: { keyId: string; bytes: Uint8Array } }).current;
    const now = Math.floor(clock.now() / SECOND);
    const sign = (change: Record<string, unknown>, header: Record<string, unknown> = {}) =>
      new SignJWT({ sub: 'u', sid: 's', iss: 'here', aud: 'quanthybrid-api', iat: now, nbf: now, exp: now + 600, ...change })
        .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: keyId, ...header })
        .sign(bytes);
    const byHand = (header: unknown) => {
      const text = `${base64(header)}.${base64({ sub: 'u', sid: 's', iss: 'here', aud: 'quanthybrid-api', iat: now, nbf: now, exp: now + 600 })}`;
      return `${text}.${createHmac('sha256', bytes).update(text).digest('base64url')}`;
    };
    expect(await tokens.verify(new Secret(await sign({})))).toEqual(claims);
    expect(await tokens.verify(new Secret(byHand({ alg: 'HS256', typ: 'at+jwt', kid: keyId })))).toEqual(claims);
    const wrong = {
      issuer: await sign({ iss: 'there' }),
      'no issuer': await sign({ iss: undefined }),
      audience: await sign({ aud: 'another' }),
      'no audience': await sign({ aud: undefined }),
      type: await sign({}, { typ: 'JWT' }),
      'no type': await sign({}, { typ: undefined }),
      expired: await sign({ exp: now }),
      'no end': await sign({ exp: undefined }),
      'not yet': await sign({ nbf: now + 60 }),
      'made too long ago': await sign({ iat: now - 601, nbf: now - 601, exp: now + 3600 }),
      'made in the future': await sign({ iat: now + 60 }),
      'no session': await sign({ sid: undefined }),
      'a session that is no text': await sign({ sid: 7 }),
      'no user': await sign({ sub: undefined }),
      'another algorithm': await sign({}, { alg: 'HS512' }),
      'an unknown key id': await sign({}, { kid: 'ffff' }),
      'a key id that is a property of objects': await sign({}, { kid: '__proto__' }),
      'no key id': byHand({ alg: 'HS256', typ: 'at+jwt' }),
      'an extension that must be understood': byHand({ alg: 'HS256', typ: 'at+jwt', kid: keyId, crit: ['ours'], ours: 1 }),
    };
    for (const [what, text] of Object.entries(wrong)) expect([what, await tokens.verify(new Secret(text))]).toEqual([what, null]);
  });

  it('SEC-07: the keys change daily; a token of the key before is good until its own end, and a restart ends all', async () => {
    const clock = new ManualClock();
    const tokens = new AccessTokens(clock, 'here');
    clock.forward(24 * 3600 * SECOND - 60 * SECOND);
    const { token: old } = await tokens.issue(claims);
    clock.forward(60 * SECOND);
    const { token: next } = await tokens.issue(claims);
    const kidOf = (token: Secret) => read(token.reveal().split('.')[0])['kid'];
    expect(kidOf(next)).not.toBe(kidOf(old));
    expect([await tokens.verify(old), await tokens.verify(next)]).toEqual([claims, claims]);
    expect(await new AccessTokens(clock, 'here').verify(next)).toBeNull();
  });
});

describe('refresh tokens', () => {
  it('SEC-08: each is good once and brings the next', async () => {
    const { session, refresh, whoami } = await trader();
    const second = value(await refresh(session.refreshToken));
    const third = value(await refresh(second.refreshToken));
    expect([await whoami(second.accessToken), await whoami(third.accessToken)]).toEqual(['ok', 'ok']);
    expect([second.sessionId, third.tsEnd]).toEqual([session.sessionId, session.tsEnd]);
  });

  it('SEC-08: an old one that comes again ends the whole family, at once and in the audit log', async () => {
    const { session, refresh, whoami, ends, audit } = await trader();
    const second = value(await refresh(session.refreshToken));
    const third = value(await refresh(second.refreshToken));
    expect(codeOf(await refresh(session.refreshToken, '203.0.113.5'))).toBe('AUTH_REFRESH_REUSED');
    expect([await whoami(third.accessToken), codeOf(await refresh(third.refreshToken))]).toEqual([
      'AUTH_SESSION_ENDED',
      'AUTH_SESSION_ENDED',
    ]);
    expect(ends).toMatchObject([{ accessId: session.sessionId, reason: 'REFRESH_REUSED' }]);
    expect(audit.rows.at(-1)).toMatchObject({
      action: 'REFRESH_REUSED',
      actor: 'alice',
      address: '203.0.113.5',
      before: `{"address":"${HOME}"}`,
    });
  });

  it('SEC-08: of two uses at once one wins, and the session ends', async () => {
    const { session, refresh, whoami } = await trader();
    const both = await Promise.all([refresh(session.refreshToken), refresh(session.refreshToken)]);
    expect(both.map(codeOf)).toContain('AUTH_REFRESH_REUSED');
    expect(await whoami()).toBe('AUTH_SESSION_ENDED');
  });

  it('SEC-08: one that we never made is refused and ends nothing', async () => {
    const { refresh, whoami } = await trader();
    for (const text of ['', 'x', randomBytes(32).toString('base64url')])
      expect(codeOf(await refresh(new Secret(text)))).toBe('AUTH_TOKEN_REFUSED');
    expect(await whoami()).toBe('ok');
  });

  it('SEC-08: they are stored as hashes', async () => {
    const { session, sessions } = await trader();
    expect(JSON.stringify([[...sessions.rows], [...sessions.tokens]])).not.toContain(session.refreshToken.reveal());
  });
});

/** What ends a session, by the reason that is given. */
const ACTS: Record<string, (world: Awaited<ReturnType<typeof trader>>) => Promise<unknown>> = {
  SIGNED_OUT: async ({ auth, session }) => {
    const identity = value(await auth.authenticate(session.accessToken, HOME));
    return auth.manageOwn(identity, (account) => account.signOut(identity));
  },
  PASSWORD_CHANGED: async ({ auth, identityOf }) => {
    const other = await identityOf('alice');
    return auth.manageOwn(other, (account) =>
      account.changePassword(other, new Secret(PASSWORD), new Secret('another battery staple horse')),
    );
  },
  ROLE_CHANGED: ({ auth }) => auth.manageUsers((administration) => administration.setRole(MANAGE, 'alice', 'viewer')),
  DISABLED: ({ auth }) => auth.manageUsers((administration) => administration.disable(MANAGE, 'alice')),
  PASSWORD_RESET: ({ auth }) => auth.manageUsers((administration) => administration.reset(MANAGE, 'alice', { dropSecondFactor: false })),
};

describe('the end of sessions', () => {
  it.each(Object.keys(ACTS))(
    'SEC-09: %s ends access and refresh token at once, and open connections are told before the act has answered',
    async (reason) => {
      const world = await trader();
      const identity = value(await world.auth.authenticate(world.session.accessToken, HOME));
      const ticket = value(await world.auth.issueTicket(identity));
      expect(codeOf((await ACTS[reason]!(world)) as never)).toBe('ok');
      expect(await world.whoami()).toBe('AUTH_SESSION_ENDED');
      expect(codeOf(await world.refresh(world.session.refreshToken))).toBe('AUTH_SESSION_ENDED');
      expect(codeOf(await world.auth.redeemTicket(ticket, HOME))).toBe('AUTH_TOKEN_REFUSED');
      expect(codeOf(await world.auth.authorize(identity, 'market:read'))).toBe('AUTH_SESSION_ENDED');
      expect(world.ends).toContainEqual({ userId: identity.userId, accessId: identity.accessId, reason });
    },
  );

  it('SEC-09: a change of the user ends the sessions even where the store of sessions fails half-way', async () => {
    const world = await trader();
    const { sessions, auth, whoami, ends } = world;
    const identity = value(await auth.authenticate(world.session.accessToken, HOME));
    sessions.end = () => Promise.reject(new Error('database gone'));
    sessions.living = () => Promise.reject(new Error('database gone'));
    expect(codeOf((await ACTS['DISABLED']!(world)) as never)).toBe('AUTH_UNAVAILABLE');
    expect(ends).toContainEqual({ userId: identity.userId, accessId: null, reason: 'DISABLED' });
    Reflect.deleteProperty(sessions, 'end');
    value(await auth.manageUsers((administration) => administration.enable(MANAGE, 'alice')));
    expect(await whoami()).toBe('AUTH_SESSION_ENDED');
  });

  it('SEC-09: what another process ended is not alive here, and neither is anything while the store fails', async () => {
    const world = await trader();
    const identity = value(await world.auth.authenticate(world.session.accessToken, HOME));
    const alive = () => world.auth.isAlive(identity);
    expect(await alive()).toBe(true);
    const machine = await AuthManager.open(world);
    value(await machine.manageUsers((administration) => administration.reset(MANAGE, 'alice', { dropSecondFactor: false })));
    expect(await alive()).toBe(false);
    const other = await trader();
    const another = value(await other.auth.authenticate(other.session.accessToken, HOME));
    other.users.byId = () => Promise.reject(new Error('database gone'));
    expect(await other.auth.isAlive(another)).toBe(false);
  });

  it('SEC-09: one listener that fails does not keep the others from closing', async () => {
    const world = await trader();
    const closed: string[] = [];
    const stop = world.auth.onAccessEnd(() => {
      throw new Error('socket gone');
    });
    world.auth.onAccessEnd(({ reason }) => closed.push(reason));
    await ACTS['SIGNED_OUT']!(world);
    expect(closed).toEqual(['SIGNED_OUT']);
    expect(world.reported).toHaveLength(1);
    stop();
  });

  it('SEC-10: ids have 256 bits and are new after every sign-in and change of password', async () => {
    const { signIn, session, auth } = await trader();
    const other = value(await signIn('alice'));
    const identity = value(await auth.authenticate(other.accessToken, HOME));
    const next = 'another battery staple horse';
    const changed = value(
      await auth.manageOwn(identity, (account) => account.changePassword(identity, new Secret(PASSWORD), new Secret(next))),
    );
    const ids = [session.sessionId, other.sessionId, changed.sessionId];
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(Buffer.from(id, 'base64url')).toHaveLength(32);
  });

  it('SEC-10: an hour without use ends a session, twelve hours end it however much it is used', async () => {
    const { clock, session, refresh, whoami } = await trader();
    clock.forward(3600 * SECOND - 1);
    let latest = value(await refresh(session.refreshToken));
    clock.forward(3600 * SECOND - 1);
    latest = value(await refresh(latest.refreshToken));
    for (let hours = 2; hours < 11.5; hours += 0.5) {
      clock.forward(1800 * SECOND);
      latest = value(await refresh(latest.refreshToken));
    }
    clock.forward(session.tsEnd - clock.now() - 1);
    latest = value(await refresh(latest.refreshToken));
    expect(await whoami(latest.accessToken)).toBe('ok');
    clock.forward(1);
    expect([await whoami(latest.accessToken), codeOf(await refresh(latest.refreshToken))]).toEqual([
      'AUTH_SESSION_ENDED',
      'AUTH_SESSION_ENDED',
    ]);
  });

  it('SEC-10: a session that nobody uses is ended by the sweep, so that its open connection closes', async () => {
    const { clock, auth, ends, session, whoami } = await trader();
    auth.start();
    for (let minutes = 0; minutes < 60; minutes += 0.5) {
      expect(ends).toEqual([]);
      clock.forward(30 * SECOND);
      await new Promise(setImmediate);
    }
    expect(ends.map(({ accessId, reason }) => [accessId, reason])).toContainEqual([session.sessionId, 'EXPIRED']);
    expect(await whoami()).not.toBe('ok');
    auth.stop();
    expect(clock.waiting).toBe(0);
  });

  it('SEC-10: an hour without use ends it where no sweep has run', async () => {
    const { clock, session, refresh } = await trader();
    clock.forward(3600 * SECOND);
    expect(codeOf(await refresh(session.refreshToken))).toBe('AUTH_SESSION_ENDED');
  });

  it('one user has so many sessions; the oldest gives way', async () => {
    const { signIn, whoami, sessions, clock } = await trader();
    for (let i = 0; i < SESSIONS_PER_USER_MAX; i += 1) {
      clock.forward(1);
      value(await signIn('alice'));
    }
    expect(await whoami()).toBe('AUTH_SESSION_ENDED');
    expect(await sessions.living(null)).toHaveLength(SESSIONS_PER_USER_MAX);
  });
});

describe('tickets for WebSockets', () => {
  async function withTicket() {
    const world = await trader();
    const identity = value(await world.auth.authenticate(world.session.accessToken, HOME));
    return { ...world, identity, ticket: value(await world.auth.issueTicket(identity)) };
  }

  it('SEC-14: open one connection', async () => {
    const { auth, ticket, identity } = await withTicket();
    expect(value(await auth.redeemTicket(ticket, HOME))).toEqual(identity);
    expect(codeOf(await auth.redeemTicket(ticket, HOME))).toBe('AUTH_TOKEN_REFUSED');
  });

  it('SEC-14: are good for less than 30 seconds', async () => {
    const { auth, ticket, clock, identity } = await withTicket();
    clock.forward(29 * SECOND);
    const later = value(await auth.issueTicket(identity));
    expect(codeOf(await auth.redeemTicket(ticket, HOME))).toBe('ok');
    clock.forward(30 * SECOND);
    expect(codeOf(await auth.redeemTicket(later, HOME))).toBe('AUTH_TOKEN_REFUSED');
  });

  it('SEC-14: are good from the address that asked for them, and a try from another uses them up', async () => {
    const { auth, ticket } = await withTicket();
    expect(codeOf(await auth.redeemTicket(ticket, '203.0.113.5'))).toBe('AUTH_TOKEN_REFUSED');
    expect(codeOf(await auth.redeemTicket(ticket, HOME))).toBe('AUTH_TOKEN_REFUSED');
  });

  it('SEC-14: are no access tokens, and access tokens are no tickets', async () => {
    const { auth, ticket, session, whoami } = await withTicket();
    expect(await whoami(ticket)).toBe('AUTH_TOKEN_REFUSED');
    expect(codeOf(await auth.redeemTicket(session.accessToken, HOME))).toBe('AUTH_TOKEN_REFUSED');
  });
});
