import { describe, expect, it } from 'vitest';
import { Secret } from '../../base/secret.ts';
import type { Right, Role } from '../../model/rights.ts';
import { authWorld, codeOf, HOME, SECOND, value } from '../auth-world.fixture.ts';
import { consolePermit } from '../authorizer.ts';
import { API_KEYS_PER_USER_MAX, type ApiKeyTerms } from './api-key-ring.ts';
import { isAddressOrSubnet, isListed } from './address-list.ts';

const DAY = 24 * 3600 * SECOND;

async function withOwner(role: Role = 'trader') {
  const world = await authWorld();
  await world.createUser('alice', role);
  const identity = await world.identityOf('alice');
  const terms = (change: Partial<ApiKeyTerms> = {}): ApiKeyTerms => ({
    label: 'bot',
    scopes: ['read', 'trade'],
    addresses: [],
    tsEnd: world.clock.now() + 30 * DAY,
    ...change,
  });
  const create = async (change: Partial<ApiKeyTerms> = {}) => world.auth.createKey(await world.permit(identity, 'keys:add'), terms(change));
  const use = (key: Secret, address = HOME) => world.auth.authenticateKey(key, address);
  return { ...world, identity, terms, create, use };
}

describe('API keys', () => {
  it('SEC-19: are shown once and stored as a hash; a wrong letter anywhere is refused', async () => {
    const { create, use, apiKeys, audit, auth, identity } = await withOwner();
    const { key, keyId } = value(await create());
    const text = key.reveal();
    expect(text).toMatch(/^qh_[0-9a-f]{32}_[\w-]{43}$/);
    const secret = text.slice(-43);
    const shown = JSON.stringify([[...apiKeys.rows.values()], audit.rows, await auth.listKeys(identity.userId)]);
    expect(shown).toContain(keyId);
    expect(shown).not.toContain(secret);
    expect(value(await auth.listKeys(identity.userId))[0]).not.toHaveProperty('secretHash');
    expect(codeOf(await use(key))).toBe('ok');
    for (let i = 0; i < text.length; i += 1) {
      const wrong = `${text.slice(0, i)}${text[i] === 'a' ? 'b' : 'a'}${text.slice(i + 1)}`;
      expect([i, codeOf(await use(new Secret(wrong)))]).toEqual([i, 'API_KEY_REFUSED']);
    }
    for (const wrong of ['', 'qh_', text.slice(0, -1), `${text}a`, ` ${text}`])
      expect(codeOf(await use(new Secret(wrong)))).toBe('API_KEY_REFUSED');
  });

  it('SEC-19: have what their scopes let through of the rights of their owner, as the owner is now', async () => {
    const { create, use, auth } = await withOwner('trader');
    const rightsOf = async (key: Secret): Promise<Right[]> => [...value(await use(key)).rights].sort();
    const read = value(await create({ scopes: ['read'] })).key;
    const trade = value(await create({ scopes: ['trade'] })).key;
    const admin = value(await create({ scopes: ['admin'] })).key;
    const reading = ['account:read', 'market:read', 'risk:read', 'runs:read'];
    const trading = [
      'account:read',
      'kill:throw',
      'market:read',
      'orders:cancel',
      'orders:place',
      'risk:read',
      'runs:read',
      'runs:start',
      'strategies:control',
    ];
    expect(await rightsOf(read)).toEqual(reading);
    expect(await rightsOf(trade)).toEqual(trading);
    // The owner is a trader, so the scope admin gives no more than a trader has.
    expect(await rightsOf(admin)).toEqual([...trading, 'keys:revoke'].sort());
    value(await auth.manageUsers((administration) => administration.setRole(consolePermit('users:manage'), 'alice', 'viewer')));
    expect(await rightsOf(trade)).toEqual(reading);
  });

  it('SEC-19: end at their end, when they are revoked, and while their owner is disabled', async () => {
    const { create, use, auth, clock, identity, ends } = await withOwner();
    const [short, revoked, kept] = [value(await create({ tsEnd: clock.now() + DAY })), value(await create()), value(await create())];
    clock.forward(DAY - 1);
    expect(codeOf(await use(short.key))).toBe('ok');
    clock.forward(1);
    expect(codeOf(await use(short.key))).toBe('API_KEY_REFUSED');
    expect(codeOf(await auth.revokeKey(consolePermit('keys:revoke'), identity.userId, revoked.keyId))).toBe('ok');
    expect(ends.at(-1)).toEqual({ userId: identity.userId, accessId: revoked.keyId, reason: 'REVOKED' });
    expect(codeOf(await use(revoked.key))).toBe('API_KEY_REFUSED');
    const manage = consolePermit('users:manage');
    value(await auth.manageUsers((administration) => administration.disable(manage, 'alice')));
    expect(codeOf(await use(kept.key))).toBe('API_KEY_REFUSED');
    // What a key has open must close too.
    expect(ends).toContainEqual({ userId: identity.userId, accessId: null, reason: 'DISABLED' });
    value(await auth.manageUsers((administration) => administration.enable(manage, 'alice')));
    expect(codeOf(await use(kept.key))).toBe('ok');
  });

  it('SEC-19: with a list of addresses are good from those alone, for a WebSocket and for each act too', async () => {
    const { create, use, auth } = await withOwner();
    const { key } = value(await create({ addresses: ['192.0.2.0/24', '2001:db8::/32', '198.51.100.7'] }));
    const answers: string[] = [];
    for (const address of [
      '192.0.2.200',
      '::ffff:192.0.2.1',
      '2001:db8:5::1',
      '198.51.100.7',
      '192.0.3.1',
      '2001:db9::1',
      '198.51.100.8',
      'nowhere',
    ])
      answers.push(codeOf(await use(key, address)));
    expect(answers).toEqual([...Array(4).fill('ok'), ...Array(4).fill('API_KEY_REFUSED')]);
    const identity = value(await use(key));
    expect(codeOf(await auth.authorize({ ...identity, address: '192.0.3.1' }, 'orders:place'))).toBe('AUTH_SESSION_ENDED');
    expect(codeOf(await auth.authorize(identity, 'orders:place'))).toBe('ok');
  });

  it('SEC-19: say when and from where they were last used; a new address is in the audit log', async () => {
    const { create, use, auth, identity, clock, actions } = await withOwner();
    const { key } = value(await create());
    const seen = async () => {
      const [view] = value(await auth.listKeys(identity.userId));
      return [view!.tsUsed, view!.addressUsed];
    };
    expect(await seen()).toEqual([null, null]);
    const first = clock.now();
    await use(key);
    expect(await seen()).toEqual([first, HOME]);
    clock.forward(60 * SECOND);
    await use(key);
    expect(await seen()).toEqual([first + 60 * SECOND, HOME]);
    await use(key, '198.51.100.7');
    expect(await seen()).toEqual([first + 60 * SECOND, '198.51.100.7']);
    expect(actions().filter((action) => action === 'API_KEY_USED')).toHaveLength(2);
  });

  it('SEC-06: cannot do what needs the second factor, whatever their scope', async () => {
    const { create, use, auth } = await withOwner('admin');
    const identity = value(await use(value(await create({ scopes: ['read', 'trade', 'admin'] })).key));
    for (const right of ['kill:reset', 'risk:raise', 'live:enable', 'secrets:manage', 'keys:add', 'users:manage'] as const) {
      expect([right, codeOf(await auth.authorize(identity, right))]).toEqual([right, 'AUTH_RIGHT_MISSING']);
      // Not even where somebody forgets that the scope leaves it out.
      expect(codeOf(await auth.authorize({ ...identity, rights: new Set([right]) }, right))).toBe('AUTH_RIGHT_MISSING');
      expect(codeOf(await auth.stepUp(identity, right, new Secret('x')))).toBe('AUTH_SESSION_ENDED');
    }
    expect(codeOf(await auth.manageOwn(identity, (account) => account.signOut(identity)))).toBe('AUTH_RIGHT_MISSING');
  });

  it('SEC-18: nobody revokes the key of another without the right to manage users', async () => {
    const world = await withOwner();
    const { keyId } = value(await world.create());
    await world.createUser('mallory', 'trader');
    const mallory = await world.identityOf('mallory');
    const permit = value(await world.auth.authorize(mallory, 'keys:revoke'));
    expect(codeOf(await world.auth.revokeKey(permit, world.identity.userId, keyId))).toBe('AUTH_RIGHT_MISSING');
    expect(codeOf(await world.auth.revokeKey(permit, mallory.userId, keyId))).toBe('API_KEY_REFUSED');
    expect(codeOf(await world.auth.revokeKey(consolePermit('users:manage'), world.identity.userId, keyId))).toBe('ok');
  });

  it.each([
    ['no scope', { scopes: [] }],
    ['an unknown scope', { scopes: ['root' as 'read'] }],
    ['a scope twice', { scopes: ['read', 'read'] as const }],
    ['no label', { label: '' }],
    ['a long label', { label: 'x'.repeat(65) }],
    ['an end that has passed', { tsEnd: Date.UTC(2026, 0, 5) * 1000 }],
    ['an end after more than 366 days', { tsEnd: Date.UTC(2027, 0, 7) * 1000 }],
    ['an end that is no time', { tsEnd: Number.NaN }],
    ['an address that is none', { addresses: ['example.org'] }],
    ['too many addresses', { addresses: Array(33).fill('192.0.2.1') as string[] }],
  ])('with %s are refused', async (_, change) => {
    const { create, apiKeys } = await withOwner();
    expect(codeOf(await create(change))).toBe('API_KEY_INVALID');
    expect(apiKeys.rows.size).toBe(0);
  });

  it('one user has so many that are good; revoked ones do not count', async () => {
    const { create, auth, identity } = await withOwner();
    const made: string[] = [];
    for (let i = 0; i < API_KEYS_PER_USER_MAX; i += 1) made.push(value(await create()).keyId);
    expect(codeOf(await create())).toBe('API_KEYS_TOO_MANY');
    value(await auth.revokeKey(consolePermit('keys:revoke'), identity.userId, made[0]!));
    expect(codeOf(await create())).toBe('ok');
  });
});

describe('lists of addresses', () => {
  it.each(['192.0.2.1', '0.0.0.0/0', '10.0.0.0/8', '::1', '2001:db8::/32', '::/0'])('%s is an address or a subnet', (entry) => {
    expect(isAddressOrSubnet(entry)).toBe(true);
  });

  it.each([
    '',
    '192.0.2',
    '192.0.2.256',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '10.0.0.0/',
    '::/129',
    'fe80::1%eth0',
    '10.0.0.0/1e1',
  ])('%j is none', (entry) => {
    expect(isAddressOrSubnet(entry)).toBe(false);
  });

  it('an entry covers its subnet to the bit', () => {
    const list = ['192.0.2.64/26'];
    expect(['192.0.2.63', '192.0.2.64', '192.0.2.127', '192.0.2.128'].map((address) => isListed(address, list))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });
});
