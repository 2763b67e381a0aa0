import { describe, expect, it } from 'vitest';
import { Secret } from '../base/secret.ts';
import { authWorld, codeOf, enroll, HOME, SECOND, value } from './auth-world.fixture.ts';
import { consolePermit } from './authorizer.ts';
import { verifyAudit } from './audit/audit-chain.ts';

const MANAGE = consolePermit('users:manage');

describe('what this ring writes to the audit log', () => {
  it('SEC-41: every act leaves its record with actor, source, subject, before and after', async () => {
    const world = await authWorld();
    const { auth, audit, clock } = world;
    await world.createUser('alice', 'trader');
    const identity = await world.identityOf('alice');
    const own = (text: string) => new Secret(text);
    const factor = await enroll(world, identity);
    let key = own('');
    let keyId = '';
    const create = async () => {
      const permit = value(await auth.authorize(identity, 'keys:add'));
      ({ key, keyId } = value(
        await auth.createKey(permit, { label: 'bot', scopes: ['read'], addresses: [HOME], tsEnd: clock.now() + 1e12 }),
      ));
    };
    const story: [string, string, () => Promise<unknown>][] = [
      ['SIGN_IN_FAILED', 'nobody', () => world.signIn('alice', 'wrong password here')],
      ['RIGHT_REFUSED', 'alice', () => auth.authorize(identity, 'users:manage')],
      ['STEP_UP_FAILED', 'alice', () => auth.stepUp(identity, 'keys:add', own('123456'))],
      ['STEP_UP', 'alice', () => auth.stepUp(identity, 'keys:add', own(factor.codeAt(1)))],
      ['API_KEY_CREATED', 'alice', create],
      ['API_KEY_USED', 'alice key:', () => auth.authenticateKey(key, HOME)],
      ['API_KEY_REFUSED', `${identity.userId} key:`, () => auth.authenticateKey(key, '203.0.113.5')],
      ['API_KEY_REVOKED', 'console', () => auth.revokeKey(consolePermit('keys:revoke'), identity.userId, keyId)],
      [
        'RECOVERY_CODES_MADE',
        'alice',
        () => auth.manageOwn(identity, (account) => account.renewRecoveryCodes(identity, own(factor.codeAt(1)))),
      ],
      ['TOTP_REMOVED', 'alice', () => auth.manageOwn(identity, (account) => account.removeSecondFactor(identity, own(factor.codeAt(1))))],
      ['TOTP_ENROLLED', 'alice', () => enroll(world, identity)],
      ['SIGN_OUT', 'alice', () => auth.manageOwn(identity, (account) => account.signOut(identity))],
      ['USER_ROLE_CHANGED', 'console', () => auth.manageUsers((administration) => administration.setRole(MANAGE, 'alice', 'risk'))],
      ['USER_DISABLED', 'console', () => auth.manageUsers((administration) => administration.disable(MANAGE, 'alice'))],
      ['USER_ENABLED', 'console', () => auth.manageUsers((administration) => administration.enable(MANAGE, 'alice'))],
      [
        'USER_RESET',
        'console',
        () => auth.manageUsers((administration) => administration.reset(MANAGE, 'alice', { dropSecondFactor: false })),
      ],
    ];
    for (const [action, actor, act] of story) {
      const before = audit.rows.length;
      await act();
      const written = audit.rows.slice(before).map((row) => ({ action: row.action, actor: row.actor.slice(0, actor.length) }));
      expect(written).toEqual([{ action, actor }]);
      clock.forward(40 * SECOND);
    }
    const changed = audit.rows.find(({ action }) => action === 'USER_ROLE_CHANGED')!;
    expect(changed).toMatchObject({ subject: 'alice', address: 'local', before: '{"role":"trader"}', after: '{"role":"risk"}' });
    expect(audit.rows.find(({ action }) => action === 'SIGN_IN_FAILED')).toMatchObject({ subject: 'alice', address: HOME });
    expect(audit.rows.slice(0, 3).map(({ action }) => action)).toEqual(['USER_CREATED', 'SIGN_IN', 'PASSWORD_CHANGED']);
    expect((await verifyAudit(audit)).ok).toBe(true);
  });

  it('SEC-41: an API key that is refused over and over writes one line a minute', async () => {
    const world = await authWorld();
    await world.createUser('alice', 'trader');
    const identity = await world.identityOf('alice');
    const permit = await world.permit(identity, 'keys:add');
    const terms = { label: 'bot', scopes: ['read'] as const, addresses: ['192.0.2.77'], tsEnd: world.clock.now() + 1e12 };
    const { key } = value(await world.auth.createKey(permit, terms));
    const before = world.audit.rows.length;
    for (let i = 0; i < 120; i += 1) {
      expect(codeOf(await world.auth.authenticateKey(key, HOME))).toBe('API_KEY_REFUSED');
      world.clock.forward(SECOND);
    }
    expect(world.audit.rows.length - before).toBe(2);
  });
});
