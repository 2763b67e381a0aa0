import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Secret } from '../base/secret.ts';
import { appCode, authWorld, HOME, value } from './auth-world.fixture.ts';
import { consolePermit } from './authorizer.ts';
import { MasterKey } from './secrets/master-key.ts';

const MANAGE = consolePermit('users:manage');

/** The ways in which a value could lie hidden in a text. */
function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [
    secret,
    secret.replaceAll('-', ''),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    bytes.toString('hex'),
  ];
}

describe('secrets', () => {
  it('SEC-34, INV-18: none is in what this ring logs, stores, answers, refuses or throws, in any spelling', async () => {
    const world = await authWorld();
    const { auth, clock, users, sessions, apiKeys, audit, secretRows, secrets, reported } = world;
    const canaries = new Map<string, string>();
    const watch = (what: string, secret: Secret): Secret => {
      canaries.set(what, secret.reveal());
      return secret;
    };
    const seen: unknown[] = [];
    const note = <T>(answer: T): T => {
      seen.push(answer);
      return answer;
    };
    const typed = (what: string, text: string) => watch(what, new Secret(text));

    const first = value(note(await auth.manageUsers((administration) => administration.firstStart(MANAGE))))!;
    watch('one-time password', first.password);
    const signedIn = value(note(await auth.signIn({ name: 'admin', password: first.password, address: HOME })));
    watch('first access token', signedIn.accessToken);
    watch('first refresh token', signedIn.refreshToken);
    let identity = value(note(await auth.authenticate(signedIn.accessToken, HOME)));
    const password = typed('password', 'canary parrot yellow feather');
    const grant = value(note(await auth.manageOwn(identity, (account) => account.changePassword(identity, first.password, password))));
    watch('access token', grant.accessToken);
    watch('refresh token', grant.refreshToken);
    identity = value(note(await auth.authenticate(grant.accessToken, HOME)));
    note(await auth.signIn({ name: 'admin', password: typed('wrong password', 'wrong canary magpie nest'), address: HOME }));
    note(
      await auth.manageOwn(identity, (account) => account.changePassword(identity, password, typed('refused password', 'quanthybrid1'))),
    );
    const otpauth = watch(
      'otpauth',
      value(note(await auth.manageOwn(identity, (account) => account.beginSecondFactor(identity, password)))),
    );
    canaries.set('second factor', new URL(otpauth.reveal()).searchParams.get('secret')!);
    const code = new Secret(appCode(otpauth.reveal(), clock.now()));
    const recovery = value(note(await auth.manageOwn(identity, (account) => account.confirmSecondFactor(identity, code))));
    for (const [i, one] of recovery.entries()) watch(`recovery code ${i}`, one);
    note(await auth.stepUp(identity, 'keys:add', recovery[0]!));
    const permit = value(note(await auth.authorize(identity, 'keys:add')));
    const made = value(note(await auth.createKey(permit, { label: 'x', scopes: ['read'], addresses: [], tsEnd: clock.now() + 1e12 })));
    watch('API key', made.key);
    canaries.set('secret of the API key', made.key.reveal().slice(-43));
    note(await auth.authenticateKey(made.key, HOME));
    note(await auth.listKeys(identity.userId));
    watch('ticket', value(note(await auth.issueTicket(identity))));
    watch('refreshed token', value(note(await auth.refresh(grant.refreshToken, HOME))).refreshToken);
    note(await auth.refresh(grant.refreshToken, HOME));
    note(await auth.manageUsers(async (administration) => ({ ok: true, value: await administration.list(MANAGE) })));
    await secrets.put({ userId: 'u', venue: 'BINANCE', keyId: 'k' }, typed('venue key', 'canary-venue-key-4471'));
    note(await secrets.get({ userId: 'u', venue: 'BINANCE', keyId: 'k' }));
    const master = MasterKey.generate();
    canaries.set('master key', master.toHex());
    // A store that throws with what it was given in its message is the worst that can be.
    users.byName = (name) => Promise.reject(new Error(`cannot read ${name}`));
    note(await auth.signIn({ name: 'admin', password, address: HOME }));

    const stored = [users.rows, sessions.rows, sessions.tokens, apiKeys.rows, audit.rows, secretRows.rows, secretRows.state];
    const everything = [auth, secrets, master, seen, reported, stored, permit];
    const text = [
      JSON.stringify(seen),
      JSON.stringify(stored.map((rows) => (rows instanceof Map ? [...rows.values()] : rows))),
      JSON.stringify({ master, permit, reported: reported.map((error) => (error as Error).stack) }),
      inspect(everything, { depth: null, maxArrayLength: null, maxStringLength: null, breakLength: 120 }),
    ].join('\n');
    const found = [...canaries].filter(([, secret]) => spellings(secret).some((spelling) => text.includes(spelling))).map(([what]) => what);
    expect(found).toEqual([]);
    expect(canaries.size).toBeGreaterThan(25);
    expect(reported).toHaveLength(1);
  });
});
