import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ApiWorld } from '../../src/adapters/http/api-world.fixture.ts';
import { STEP_UP_RIGHTS } from '../../src/model/rights.ts';
import { appCode, PASSWORD, type World } from '../../src/security/auth-world.fixture.ts';
import { verifyAudit } from '../../src/security/audit/audit-chain.ts';
import { startAccessWorld, Visitor } from './access-world.fixture.ts';

const OWN = 'seven quiet herons at dusk';

let api: ApiWorld;
let access: World;
beforeEach(async () => {
  ({ api, access } = await startAccessWorld());
  await access.createUser('root', 'admin');
  await access.createUser('tess', 'trader');
});
afterEach(() => api.close());

async function visitor(name: string, password = PASSWORD, code?: string): Promise<Visitor> {
  const made = new Visitor(api);
  expect((await made.signIn(name, password, code)).status).toBe(200);
  return made;
}

const codeIn = (reply: { readonly body: { readonly error?: { readonly code: string } } }) => reply.body.error?.code ?? 'ok';

describe('users by the API', () => {
  it('are listed, made, given another role, disabled, unlocked and reset, each act confirmed anew and written down', async () => {
    const root = await visitor('root');
    const act = (method: string, path: string, body?: unknown) => root.confirmed('users:manage', PASSWORD, method, path, body);
    const made = await act('POST', '/users', { name: 'ada', role: 'viewer' });
    expect([made.status, made.body.name]).toEqual([201, 'ada']);
    expect(codeIn(await act('POST', '/users', { name: 'ada', role: 'viewer' }))).toBe('USER_EXISTS');
    const ada = await visitor('ada', made.body.password);
    expect(codeIn(await ada.send('GET', '/orders'))).toBe('AUTH_PASSWORD_CHANGE_NEEDED');
    expect((await ada.changePassword(made.body.password, OWN)).status).toBe(200);
    expect((await ada.send('GET', '/orders')).status).toBe(200);
    expect((await act('POST', '/users/ada/role', { role: 'trader' })).body).toEqual({ done: true });
    expect((await ada.send('GET', '/orders')).status).toBe(401);
    await ada.signIn('ada', OWN);
    expect((await ada.send('GET', '/auth/me')).body.role).toBe('trader');
    expect((await act('POST', '/users/ada/disable')).body).toEqual({ done: true });
    expect((await ada.send('GET', '/auth/me')).status).toBe(401);
    expect((await ada.signIn('ada', OWN)).status).toBe(401);
    expect((await act('POST', '/users/ada/unlock')).body).toEqual({ done: true });
    expect((await ada.signIn('ada', OWN)).status).toBe(200);
    const reset = await act('POST', '/users/ada/reset', { dropSecondFactor: true });
    expect((await ada.signIn('ada', OWN)).status).toBe(401);
    expect((await ada.signIn('ada', reset.body.password)).body.mustChangePassword).toBe(true);
    expect(codeIn(await act('POST', '/users/root/disable'))).toBe('USER_LAST_ADMIN');
    expect(codeIn(await act('POST', '/users/nobody/disable'))).toBe('USER_UNKNOWN');
    const { items } = (await root.send('GET', '/users')).body;
    expect(items.map(({ name, role }: { name: string; role: string }) => `${name} ${role}`)).toEqual([
      'ada trader',
      'root admin',
      'tess trader',
    ]);
    const acts = access.audit.rows
      .filter(({ actor, action }) => actor === 'root' && action.startsWith('USER_'))
      .map(({ action }) => action);
    expect(acts).toEqual(['USER_CREATED', 'USER_ROLE_CHANGED', 'USER_DISABLED', 'USER_UNLOCKED', 'USER_RESET']);
    expect((await verifyAudit(access.audit)).ok).toBe(true);
  });

  it('SEC-06: one confirmation is good for one act, of its kind, and no API key may', async () => {
    const root = await visitor('root');
    expect(codeIn(await root.send('POST', '/users', { name: 'ada', role: 'viewer' }))).toBe('AUTH_STEP_UP_NEEDED');
    expect(codeIn(await root.confirmed('keys:add', PASSWORD, 'POST', '/users', { name: 'ada', role: 'viewer' }))).toBe(
      'AUTH_STEP_UP_NEEDED',
    );
    expect(codeIn(await root.confirmed('users:manage', 'wrong horse', 'POST', '/users', { name: 'ada', role: 'viewer' }))).toBe(
      'AUTH_STEP_UP_NEEDED',
    );
    expect((await root.confirmed('users:manage', PASSWORD, 'POST', '/users', { name: 'ada', role: 'viewer' })).status).toBe(201);
    expect(codeIn(await root.send('POST', '/users/ada/disable'))).toBe('AUTH_STEP_UP_NEEDED');
    const terms = { label: 'bot', scopes: ['admin'], addresses: [], days: 1 };
    const { key } = (await root.confirmed('keys:add', PASSWORD, 'POST', '/api-keys', terms)).body;
    const byKey = await api.send('POST', '/users/ada/disable', undefined, { authorization: `Bearer ${key}` });
    expect([byKey.status, codeIn(byKey)]).toEqual([403, 'AUTH_RIGHT_MISSING']);
  });

  it('SEC-18: are nobody’s business but the admins’: every route, by every other role', async () => {
    await access.createUser('vera', 'viewer');
    await access.createUser('rick', 'risk');
    const routes = api.server.routes.filter(({ access: right }) => right === 'users:read' || right === 'users:manage');
    expect(routes.filter(({ method }) => method !== 'HEAD')).toHaveLength(6);
    for (const name of ['vera', 'tess', 'rick']) {
      const guest = await visitor(name);
      for (const { method, url } of routes.filter(({ method: each }) => each !== 'HEAD')) {
        const path = url.replace('/api/v1', '').replace(':user', 'root');
        const body =
          path.endsWith('/role') || path === '/users' ? { role: 'viewer', ...(path === '/users' ? { name: 'x' } : {}) } : undefined;
        const sent = path.endsWith('/reset') ? { dropSecondFactor: true } : method === 'GET' ? undefined : body;
        expect([name, path, codeIn(await guest.send(method, path, sent))]).toEqual([name, path, 'AUTH_RIGHT_MISSING']);
      }
    }
  });

  it('SEC-34, INV-18: no one-time password, key or code is in the audit log or kept as the answer of a request', async () => {
    const root = await visitor('root');
    const made = await root.confirmed('users:manage', PASSWORD, 'POST', '/users', { name: 'ada', role: 'viewer' });
    const terms = { label: 'bot', scopes: ['read'], addresses: [], days: 1 };
    const { key } = (await root.confirmed('keys:add', PASSWORD, 'POST', '/api-keys', terms)).body;
    const begun = (await root.send('POST', '/auth/totp/begin', { password: PASSWORD })).body;
    const { codes } = (await root.send('POST', '/auth/totp/confirm', { code: appCode(begun.uri, access.clock.now()) })).body;
    const kept = JSON.stringify([access.audit.rows, [...access.users.rows], [...access.apiKeys.rows], [...access.secretRows.rows]]);
    for (const secret of [made.body.password, key, key.split('_')[2], begun.secret, ...codes, PASSWORD]) expect(kept).not.toContain(secret);
    for (const path of ['/users', '/api-keys', '/auth/totp/begin', '/auth/totp/confirm', '/users/{user}/reset']) {
      const { post } = api.server.app.swagger().paths![`/api/v1${path}`] as { post: { parameters?: readonly { name: string }[] } };
      expect([path, post.parameters?.some(({ name }) => name === 'idempotency-key') ?? false]).toEqual([path, false]);
    }
  });
});

describe('keys of one’s own by the API', () => {
  it('SEC-19: are made after a confirmation, used, listed without themselves, and end at once when they are revoked', async () => {
    const tess = await visitor('tess');
    const terms = { label: 'bot', scopes: ['read', 'trade'], addresses: [], days: 2 };
    expect(codeIn(await tess.send('POST', '/api-keys', terms))).toBe('AUTH_STEP_UP_NEEDED');
    const made = await tess.confirmed('keys:add', PASSWORD, 'POST', '/api-keys', terms);
    expect([made.status, made.body.tsEnd - access.clock.now()]).toEqual([201, 2 * 86_400e6]);
    const headers = { authorization: `Bearer ${made.body.key}` };
    expect((await api.send('GET', '/auth/me', undefined, headers)).body).toMatchObject({ kind: 'API_KEY', userName: 'tess' });
    const { items } = (await tess.send('GET', '/api-keys')).body;
    expect(items).toMatchObject([{ keyId: made.body.keyId, label: 'bot', isRevoked: false, addressUsed: '127.0.0.1' }]);
    expect(JSON.stringify(items)).not.toContain(made.body.key.split('_')[2]);
    // The key of somebody else is as if it were not there.
    const root = await visitor('root');
    expect((await root.send('GET', '/api-keys')).body.items).toEqual([]);
    expect(codeIn(await root.send('DELETE', `/api-keys/${made.body.keyId}`))).toBe('API_KEY_REFUSED');
    expect((await tess.send('DELETE', `/api-keys/${made.body.keyId}`)).body).toEqual({ done: true });
    expect((await api.send('GET', '/auth/me', undefined, headers)).status).toBe(401);
  });

  it.each([
    ['no scope', { scopes: [] }],
    ['a scope that is none', { scopes: ['root'] }],
    ['no label', { label: '' }],
    ['a year and more', { days: 367 }],
    ['the name of an owner', { owner: 'root' }],
  ])('SEC-22: %s is refused', async (_, wrong) => {
    const tess = await visitor('tess');
    const reply = await tess.confirmed('keys:add', PASSWORD, 'POST', '/api-keys', {
      ...{ label: 'bot', scopes: ['read'], addresses: [], days: 1 },
      ...wrong,
    });
    expect([reply.status, access.apiKeys.rows.size]).toEqual([400, 0]);
  });
});

describe('one’s own account by the API', () => {
  it('SEC-05: a second factor is enrolled by password and code, asked for at sign-in and at confirmations, and removed by a code', async () => {
    const tess = await visitor('tess');
    expect((await tess.send('GET', '/auth/totp')).body).toEqual({ state: 'NONE', recoveryCodesLeft: 0 });
    expect(codeIn(await tess.send('POST', '/auth/totp/begin', { password: 'wrong horse' }))).toBe('AUTH_FAILED');
    const { uri, secret } = (await tess.send('POST', '/auth/totp/begin', { password: PASSWORD })).body;
    expect(uri).toBe(`otpauth://totp/QuantHybrid:tess?secret=${secret}&issuer=QuantHybrid`);
    // Nothing is asked for until a code has come.
    expect((await new Visitor(api).signIn('tess', PASSWORD)).status).toBe(200);
    const code = (steps: number) => appCode(uri, access.clock.now() + steps * 30e6);
    expect(codeIn(await tess.send('POST', '/auth/totp/confirm', { code: '000000' }))).toBe('AUTH_FAILED');
    const { codes } = (await tess.send('POST', '/auth/totp/confirm', { code: code(0) })).body;
    expect((await tess.send('GET', '/auth/totp')).body).toEqual({ state: 'ACTIVE', recoveryCodesLeft: 10 });
    expect(codeIn(await new Visitor(api).signIn('tess', PASSWORD))).toBe('AUTH_SECOND_FACTOR_NEEDED');
    expect(codeIn(await new Visitor(api).signIn('tess', PASSWORD, code(0)))).toBe('AUTH_FAILED');
    expect((await new Visitor(api).signIn('tess', PASSWORD, codes[0])).status).toBe(200);
    const terms = { label: 'bot', scopes: ['read'], addresses: [], days: 1 };
    expect(codeIn(await tess.confirmed('keys:add', PASSWORD, 'POST', '/api-keys', terms))).toBe('AUTH_STEP_UP_NEEDED');
    expect((await tess.confirmed('keys:add', code(1), 'POST', '/api-keys', terms)).status).toBe(201);
    const renewed = await tess.send('POST', '/auth/totp/recovery-codes', { code: codes[1] });
    expect(renewed.body.codes).toHaveLength(10);
    expect(codeIn(await tess.send('POST', '/auth/totp/disable', { code: codes[2] }))).toBe('AUTH_FAILED');
    expect((await tess.send('POST', '/auth/totp/disable', { code: renewed.body.codes[0] })).body).toEqual({ done: true });
    expect((await new Visitor(api).signIn('tess', PASSWORD)).status).toBe(200);
    expect(access.actions()).toEqual(
      expect.arrayContaining(['TOTP_ENROLLED', 'RECOVERY_CODES_MADE', 'RECOVERY_CODE_USED', 'TOTP_REMOVED']),
    );
  });

  it('SEC-09: one ends another session of one’s own, and its stream with it; nobody ends those of others', async () => {
    const [here, there, root] = [await visitor('tess'), await visitor('tess'), await visitor('root')];
    const items = async (of: Visitor) => (await of.send('GET', '/auth/sessions')).body.items as { session: string; isThis: boolean }[];
    const other = (await items(there)).find(({ isThis }) => isThis)!.session;
    expect((await items(here)).filter(({ session }) => session === other)).toMatchObject([{ isThis: false }]);
    expect(codeIn(await root.send('DELETE', `/auth/sessions/${other}`))).toBe('SESSION_UNKNOWN');
    expect((await there.send('GET', '/auth/me')).status).toBe(200);
    expect((await here.send('DELETE', `/auth/sessions/${other}`)).body).toEqual({ done: true });
    expect(access.ends.at(-1)).toMatchObject({ accessId: other });
    expect((await there.send('GET', '/auth/me')).status).toBe(401);
    expect((await here.send('GET', '/auth/me')).status).toBe(200);
  });

  it('SEC-06: every right that asks for a confirmation does so on each of its routes', async () => {
    const root = await visitor('root');
    const routes = api.server.routes.filter(({ access: right, method }) => STEP_UP_RIGHTS.has(right as never) && method !== 'HEAD');
    expect(routes.length).toBeGreaterThanOrEqual(7);
    const bodies: Readonly<Record<string, unknown>> = {
      '/users': { name: 'x', role: 'viewer' },
      '/users/:user/role': { role: 'viewer' },
      '/users/:user/reset': { dropSecondFactor: false },
      '/api-keys': { label: 'x', scopes: ['read'], addresses: [], days: 1 },
    };
    for (const { method, url } of routes) {
      const path = url.replace('/api/v1', '');
      const body = path in bodies || path.startsWith('/users') ? bodies[path] : undefined;
      if (body === undefined && !path.startsWith('/users')) continue;
      expect([path, codeIn(await root.send(method, path.replace(':user', 'tess'), body))]).toEqual([path, 'AUTH_STEP_UP_NEEDED']);
    }
  });
});
