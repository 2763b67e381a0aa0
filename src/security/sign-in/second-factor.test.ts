import { describe, expect, it } from 'vitest';
import { Secret } from '../../base/secret.ts';
import { appCode, authWorld, codeOf, enroll, HOME, PASSWORD, SECOND, value } from '../auth-world.fixture.ts';
import { consolePermit } from '../authorizer.ts';

async function enrolled() {
  const world = await authWorld();
  await world.createUser('alice', 'risk');
  const identity = await world.identityOf('alice');
  const factor = await enroll(world, identity);
  return { ...world, ...factor, identity };
}

describe('the second factor', () => {
  it('the app of these tests shows what RFC 6238 says', () => {
    // Appendix B: the key 12345678901234567890 at 59 s and at 1111111109 s, of which the last six digits count.
    const otpauth = 'otpauth://totp/x?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
    expect([appCode(otpauth, 59e6), appCode(otpauth, 1_111_111_109e6)]).toEqual(['287082', '081804']);
  });

  it('SEC-05: is asked for once it is enrolled; nothing is asked before a code has come', async () => {
    const world = await authWorld();
    await world.createUser('alice', 'risk');
    const identity = await world.identityOf('alice');
    const begin = () => world.auth.manageOwn(identity, (account) => account.beginSecondFactor(identity, new Secret(PASSWORD)));
    value(await begin());
    expect(codeOf(await world.signIn('alice'))).toBe('ok');
    const { codeAt } = await enroll(world, identity);
    expect(codeOf(await begin())).toBe('TOTP_STATE_WRONG');
    expect(codeOf(await world.signIn('alice'))).toBe('AUTH_SECOND_FACTOR_NEEDED');
    expect(codeOf(await world.signIn('alice', 'wrong password here', HOME, codeAt(1)))).toBe('AUTH_FAILED');
    expect(codeOf(await world.signIn('alice', PASSWORD, HOME, '000000'))).toBe('AUTH_FAILED');
    expect(codeOf(await world.signIn('alice', PASSWORD, HOME, codeAt(1)))).toBe('ok');
  });

  it.each([
    [-2, 'AUTH_FAILED'],
    [-1, 'ok'],
    [0, 'ok'],
    [1, 'ok'],
    [2, 'AUTH_FAILED'],
  ])('SEC-05: the code of %i steps away: %s', async (steps, code) => {
    const { clock, signIn, codeAt } = await enrolled();
    clock.forward(300 * SECOND);
    expect(codeOf(await signIn('alice', PASSWORD, HOME, codeAt(steps)))).toBe(code);
  });

  it('SEC-05: a code is used once, and none before it is good afterwards; of two uses at once one wins', async () => {
    const { clock, signIn, codeAt } = await enrolled();
    clock.forward(300 * SECOND);
    const [now, before, after] = [codeAt(0), codeAt(-1), codeAt(1)];
    expect(codeOf(await signIn('alice', PASSWORD, HOME, now))).toBe('ok');
    expect(codeOf(await signIn('alice', PASSWORD, HOME, now))).toBe('AUTH_FAILED');
    expect(codeOf(await signIn('alice', PASSWORD, HOME, before))).toBe('AUTH_FAILED');
    const both = await Promise.all([signIn('alice', PASSWORD, HOME, after), signIn('alice', PASSWORD, HOME, after)]);
    expect(both.map(codeOf).sort()).toEqual(['AUTH_FAILED', 'ok']);
  });

  it('SEC-05: the code of the enrolment is used up by it', async () => {
    const { signIn, codeAt } = await enrolled();
    expect(codeOf(await signIn('alice', PASSWORD, HOME, codeAt(0)))).toBe('AUTH_FAILED');
  });

  it('SEC-05: the secret is sealed, recovery codes are stored as hashes, each is good once', async () => {
    const { users, secretRows, audit, otpauth, recovery, signIn } = await enrolled();
    const secret = new URL(otpauth).searchParams.get('secret')!;
    const stored = JSON.stringify([[...users.rows.values()], [...secretRows.rows.values()], audit.rows]);
    expect(stored).not.toContain(secret);
    expect(secretRows.rows.size).toBe(1);
    expect(recovery).toHaveLength(10);
    for (const code of recovery) expect(stored).not.toContain(code.replaceAll('-', ''));
    expect(stored).not.toContain(recovery[0]);
    expect(codeOf(await signIn('alice', PASSWORD, HOME, recovery[3]))).toBe('ok');
    expect(codeOf(await signIn('alice', PASSWORD, HOME, recovery[3]))).toBe('AUTH_FAILED');
    expect((await users.byName('alice'))!.recoveryHashes).toHaveLength(9);
    // As a person types it.
    expect(
      codeOf(
        await signIn(
          'alice',
          PASSWORD,
          HOME,
          ` ${recovery[4]!.replaceAll('-', ' ').toUpperCase().replaceAll('0', 'O').replaceAll('1', 'L')} `,
        ),
      ),
    ).toBe('ok');
    expect(audit.rows.filter(({ action }) => action === 'RECOVERY_CODE_USED')).toHaveLength(2);
  });

  it('SEC-05: new recovery codes end the old ones, and removing the factor needs a code of it', async () => {
    const { auth, identity, clock, recovery, codeAt, signIn, secretRows } = await enrolled();
    clock.forward(300 * SECOND);
    const renewed = value(await auth.manageOwn(identity, (account) => account.renewRecoveryCodes(identity, new Secret(codeAt(0)))));
    expect(codeOf(await signIn('alice', PASSWORD, HOME, recovery[0]))).toBe('AUTH_FAILED');
    expect(codeOf(await auth.manageOwn(identity, (account) => account.removeSecondFactor(identity, new Secret(PASSWORD))))).toBe(
      'AUTH_FAILED',
    );
    expect(codeOf(await auth.manageOwn(identity, (account) => account.removeSecondFactor(identity, renewed[0]!)))).toBe('ok');
    expect([codeOf(await signIn('alice')), secretRows.rows.size]).toEqual(['ok', 0]);
  });

  it('guesses of codes are throttled as passwords are', async () => {
    const { signIn } = await enrolled();
    const codes: string[] = [];
    for (let i = 0; i < 7; i += 1) codes.push(codeOf(await signIn('alice', PASSWORD, HOME, `00000${i}`)));
    expect(codes.slice(5)).toEqual(['AUTH_THROTTLED', 'AUTH_THROTTLED']);
  });

  it('a lost app is dropped by a reset from the machine itself', async () => {
    const { auth, signIn, secretRows } = await enrolled();
    const manage = consolePermit('users:manage');
    const reset = async (dropSecondFactor: boolean) =>
      value(await auth.manageUsers((administration) => administration.reset(manage, 'alice', { dropSecondFactor })));
    expect(codeOf(await signIn('alice', (await reset(false)).password.reveal()))).toBe('AUTH_SECOND_FACTOR_NEEDED');
    expect(codeOf(await signIn('alice', (await reset(true)).password.reveal()))).toBe('ok');
    expect(secretRows.rows.size).toBe(0);
  });
});

describe('acts that ask for the second factor again', () => {
  it('SEC-06: each of the list is refused until it is confirmed, and one confirmation is good for that act, once, for two minutes', async () => {
    const { auth, identity, clock, codeAt } = await enrolled();
    clock.forward(300 * SECOND);
    expect(codeOf(await auth.authorize(identity, 'kill:reset'))).toBe('AUTH_STEP_UP_NEEDED');
    expect(codeOf(await auth.stepUp(identity, 'kill:reset', new Secret(PASSWORD)))).toBe('AUTH_FAILED');
    expect(codeOf(await auth.stepUp(identity, 'kill:reset', new Secret(codeAt(0))))).toBe('ok');
    expect(codeOf(await auth.authorize(identity, 'risk:raise'))).toBe('AUTH_STEP_UP_NEEDED');
    expect(codeOf(await auth.authorize(identity, 'kill:reset'))).toBe('ok');
    expect(codeOf(await auth.authorize(identity, 'kill:reset'))).toBe('AUTH_STEP_UP_NEEDED');
    expect(codeOf(await auth.stepUp(identity, 'risk:raise', new Secret(codeAt(1))))).toBe('ok');
    clock.forward(120 * SECOND);
    expect(codeOf(await auth.authorize(identity, 'risk:raise'))).toBe('AUTH_STEP_UP_NEEDED');
  });

  it('SEC-06: until a second factor is enrolled the password is asked for again; another session is not confirmed by it', async () => {
    const world = await authWorld();
    await world.createUser('root', 'admin');
    const [identity, other] = [await world.identityOf('root'), await world.identityOf('root')];
    for (const right of ['live:enable', 'risk:raise', 'keys:add', 'secrets:manage', 'kill:reset', 'users:manage'] as const) {
      expect(codeOf(await world.auth.authorize(identity, right))).toBe('AUTH_STEP_UP_NEEDED');
      expect(codeOf(await world.auth.stepUp(identity, right, new Secret('wrong password here')))).toBe('AUTH_FAILED');
      expect(codeOf(await world.auth.stepUp(identity, right, new Secret(PASSWORD)))).toBe('ok');
      expect(codeOf(await world.auth.authorize(other, right))).toBe('AUTH_STEP_UP_NEEDED');
      expect(codeOf(await world.auth.authorize(identity, right))).toBe('ok');
    }
  });

  it('SEC-06: what the role does not have cannot be confirmed', async () => {
    const world = await authWorld();
    await world.createUser('vera', 'viewer');
    const identity = await world.identityOf('vera');
    expect(codeOf(await world.auth.stepUp(identity, 'kill:reset', new Secret(PASSWORD)))).toBe('AUTH_RIGHT_MISSING');
    expect(codeOf(await world.auth.authorize(identity, 'kill:reset'))).toBe('AUTH_RIGHT_MISSING');
    expect(world.audit.rows.at(-1)).toMatchObject({ action: 'RIGHT_REFUSED', actor: 'vera', subject: 'kill:reset' });
  });
});
