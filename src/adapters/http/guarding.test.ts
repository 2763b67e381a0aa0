import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Fastify from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { ApiWorld } from './api-world.fixture.ts';
import { declaredRoutes } from './http-server.ts';
import { OwnOrigins } from './own-origins.ts';
import { reportPolicy } from './report-policy.ts';
import { RIGHTS } from '../../model/rights.ts';

let world: ApiWorld;
afterEach(() => world?.close());

const ORDER = { instrument: 'TEST.SIM', side: 'BUY', orderType: 'MARKET', quantity: '1' };

/** What a server answers to bytes as they are. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(world.server.port, '127.0.0.1', () => socket.write(text));
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(chunks).toString()));
  });
}

/** As {@link ApiWorld.send}, with headers that fetch does not let one set. */
function plain(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ status: number; headers: unknown; body: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port: world.server.port, method, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks).toString() }),
      );
    });
    request.on('error', reject);
    request.end();
  });
}

describe('who may use the API', () => {
  it('SEC-17: every route declares a right that exists, or that it is open or for whoever is signed in; a route without one stops the server', async () => {
    world = await ApiWorld.start();
    const allowed = new Set<string>(['public', 'signed-in', ...Object.keys(RIGHTS)]);
    expect(world.server.routes.filter(({ access }) => !allowed.has(access))).toEqual([]);
    // What the description lists and what the server serves are the same.
    const described = Object.entries(world.server.app.swagger().paths!).flatMap(([url, methods]) =>
      Object.keys(methods as object).map((method) => `${method.toUpperCase()} ${url.replaceAll(/\{([a-z]+)\}/g, ':$1')}`),
    );
    const served = world.server.routes.filter(({ method }) => method !== 'HEAD').map(({ method, url }) => `${method} ${url}`);
    expect(served.sort()).toEqual(described.sort());
    const naked = Fastify();
    declaredRoutes(naked);
    expect(() => naked.get('/naked', () => 'hello')).toThrow('does not say who may use it');
  });

  it('SEC-17: nobody gets an answer without a session or a key, but on routes that are open to everybody', async () => {
    world = await ApiWorld.start();
    const open: string[] = [];
    for (const [path, methods] of Object.entries(world.server.app.swagger().paths!)) {
      for (const method of Object.keys(methods as object)) {
        const url = path.replaceAll(/\{[a-z]+\}/g, 'x');
        const { status } = await world.send(method.toUpperCase(), url);
        if (status !== 401) open.push(`${method} ${path}`);
      }
    }
    // Refreshing asks for its own cookie, and says 401 for want of it.
    expect(open.sort()).toEqual(['get /health/live', 'get /health/ready', 'post /api/v1/auth/login']);
  });

  it('SEC-18: a viewer reads and changes nothing, and is refused by right', async () => {
    world = await ApiWorld.start();
    world.advance(1);
    const tries = [
      ['POST', '/orders', ORDER],
      ['POST', '/orders/cancel-all', {}],
      ['POST', '/kill-switch', { scope: { kind: 'FIRM' }, flatten: false, reason: '' }],
      ['POST', '/strategies/sleeper/stop', { openOrders: 'keep', reason: '' }],
      ['GET', '/audit', undefined],
    ] as const;
    for (const [method, path, body] of tries) {
      const reply = await world.ask('viewer', method, path, body, { 'idempotency-key': path });
      expect([path, reply.status, reply.body.error.code]).toEqual([path, 403, 'AUTH_RIGHT_MISSING']);
    }
    expect(world.gatekeeper.refusals).toEqual([
      'viewer orders:place',
      'viewer orders:cancel',
      'viewer kill:throw',
      'viewer strategies:control',
      'viewer audit:read',
    ]);
    expect((await world.ask('viewer', 'GET', '/strategies/sleeper')).body.status).toBe('RUNNING');
  });

  it('SEC-11: cookies cannot be read by pages nor sent from other sites, and behind TLS they belong to this host alone', async () => {
    world = await ApiWorld.start();
    const plainCookies = (
      await world.send('POST', '/auth/login', { name: 'trader', password: 'correct horse battery staple' })
    ).headers.getSetCookie();
    expect(plainCookies).toHaveLength(2);
    for (const cookie of plainCookies) {
      expect(cookie).toMatch(/; HttpOnly/);
      expect(cookie).toMatch(/; SameSite=Strict/);
      expect(cookie).toMatch(/; Path=\//);
    }
    await world.close();
    world = await ApiWorld.start({ http: { publicOrigins: ['https://desk.example.org'], proxies: ['127.0.0.1'] } });
    const secure = (
      await world.send('POST', '/auth/login', { name: 'trader', password: 'correct horse battery staple' })
    ).headers.getSetCookie();
    for (const cookie of secure) {
      expect(cookie).toMatch(/^__Host-/);
      expect(cookie).toMatch(/; Secure/);
      expect(cookie).not.toMatch(/Domain/i);
    }
  });

  it('SEC-12: what changes something needs the token of the session, and a page of this server', async () => {
    world = await ApiWorld.start();
    const { cookie, csrf } = await world.signIn('trader');
    const other = await world.signIn('trader');
    const act = (headers: Record<string, string>) => world.send('POST', '/orders/cancel-all', {}, { cookie, ...headers });
    expect((await act({})).body.error.code).toBe('CSRF_REFUSED');
    expect((await act({ 'x-csrf-token': other.csrf })).body.error.code).toBe('CSRF_REFUSED');
    expect((await act({ 'x-csrf-token': csrf, origin: 'https://evil.example' })).body.error.code).toBe('ORIGIN_REFUSED');
    expect((await act({ 'x-csrf-token': csrf, origin: 'null' })).status).toBe(403);
    expect((await act({ 'x-csrf-token': csrf, origin: world.server.url })).status).toBe(200);
    expect((await world.send('GET', '/orders', undefined, { cookie })).status).toBe(200);
    expect((await world.send('POST', '/auth/login', { name: 'trader', password: 'x' }, { origin: 'https://evil.example' })).status).toBe(
      403,
    );
  });

  it('a session is refreshed by its cookie, known by me, and gone after it has ended', async () => {
    world = await ApiWorld.start();
    const { cookie, csrf } = await world.signIn('trader');
    expect((await world.send('GET', '/auth/me', undefined, { cookie })).body).toMatchObject({ userName: 'trader', csrfToken: csrf });
    const renewed = await world.send('POST', '/auth/refresh', undefined, { cookie });
    expect(renewed.body.csrfToken).toBe(csrf);
    expect((await world.send('GET', '/auth/me', undefined, { cookie })).status).toBe(401);
    expect((await world.send('POST', '/auth/refresh', undefined, { cookie })).status).toBe(401);
    const fresh = renewed.headers
      .getSetCookie()
      .map((each) => each.split(';')[0])
      .join('; ');
    expect((await world.send('POST', '/auth/logout', undefined, { cookie: fresh, 'x-csrf-token': csrf })).body).toEqual({ done: true });
    expect((await world.send('GET', '/auth/me', undefined, { cookie: fresh })).status).toBe(401);
  });

  it('SEC-20: whoever asks for too much is told when to come back, guessers by their address', async () => {
    world = await ApiWorld.start();
    world.rates.costMax = 12;
    const statuses: number[] = [];
    for (let count = 0; count < 3; count += 1) statuses.push((await world.ask('viewer', 'GET', '/fills')).status);
    // A look into history costs 5.
    expect(statuses).toEqual([200, 200, 429]);
    const refused = await world.ask('viewer', 'GET', '/fills');
    expect([refused.body.error.code, refused.headers.get('retry-after')]).toEqual(['RATE_LIMITED', '2']);
    expect((await world.ask('trader', 'GET', '/fills')).status).toBe(200);
    const guess = () => world.send('GET', '/fills', undefined, { authorization: 'Bearer guess' });
    expect([(await guess()).status, (await guess()).status, (await guess()).status]).toEqual([401, 401, 429]);
  });
});

describe('what the API takes', () => {
  it.each([
    ['a field that is not known', { ...ORDER, price: '1' }],
    ['a number where a decimal is text', { ...ORDER, quantity: 1 }],
    ['an exponent', { ...ORDER, quantity: '1e5' }],
    ['a negative quantity', { ...ORDER, quantity: '-1' }],
    ['NaN', { ...ORDER, quantity: 'NaN' }],
    ['a side that is none', { ...ORDER, side: 'buy' }],
    ['a list', [ORDER]],
  ])('SEC-22: %s is refused', async (_, body) => {
    world = await ApiWorld.start();
    const reply = await world.ask('trader', 'POST', '/orders', body, { 'idempotency-key': 'k' });
    expect([reply.status, reply.body.error.code]).toEqual([400, 'REQUEST_INVALID']);
    expect(world.session.sequence).toBe(1);
  });

  it.each([
    ['__proto__', '{"__proto__":{"admin":true}}'],
    ['constructor', '{"constructor":{"prototype":{"admin":true}}}'],
    ['a field twice', '{"instrument":"A","instrument":"B"}'],
    ['a number beyond all', '{"quantity":1e400}'],
    ['no JSON', '{quantity:1}'],
    ['no UTF-8 in it', '{"tag":"\\ud800"}x'],
  ])('SEC-23: %s is refused, and prototypes are what they were', async (_, text) => {
    world = await ApiWorld.start();
    const reply = await world.ask('trader', 'POST', '/orders', text, { 'idempotency-key': 'k' });
    expect([reply.status, reply.body.error.code]).toEqual([400, 'REQUEST_INVALID']);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  it('SEC-21: a body that is too long, too deep or too wide is refused', async () => {
    world = await ApiWorld.start();
    const ask = async (text: string) => {
      const reply = await world.ask('trader', 'POST', '/orders', text, { 'idempotency-key': 'k' });
      return [reply.status, reply.body.error.code];
    };
    expect(await ask(`{"tag":"${'x'.repeat(65_536)}"}`)).toEqual([413, 'REQUEST_TOO_LARGE']);
    expect(await ask(`${'['.repeat(18)}${']'.repeat(18)}`)).toEqual([413, 'REQUEST_TOO_LARGE']);
    expect(await ask(`[${'1,'.repeat(1000)}1]`)).toEqual([413, 'REQUEST_TOO_LARGE']);
    expect((await world.ask('trader', 'POST', '/orders', 'a=b', { 'content-type': 'text/plain' })).status).toBe(415);
  });

  it.each([
    ['its head', 'GET /health/live HTTP/1.1\r\nhost: x\r\nx-slow'],
    ['its body', 'POST /api/v1/auth/login HTTP/1.1\r\nhost: HOST\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{'],
  ])('SEC-21: a client that never ends %s is closed', async (_, text) => {
    world = await ApiWorld.start({ http: { patience: { requestMs: 200, headMs: 100, lookEveryMs: 50 } } });
    // Nothing more is sent: the test ends because the server closes the connection, or not at all.
    expect(await raw(text.replace('HOST', `127.0.0.1:${world.server.port}`))).not.toMatch(/^HTTP\/1.1 200/);
  });

  it('SEC-22: queries are held to their schema too: unknown, double and wrong ones are refused', async () => {
    world = await ApiWorld.start();
    for (const query of ['admin=1', 'limit=1&limit=2', 'limit=0', 'limit=1e3', 'limit=1001', 'standing=all', '__proto__=1', 'before=-1'])
      expect([query, (await world.ask('viewer', 'GET', `/orders?${query}`)).status]).toEqual([query, 400]);
  });

  it('SEC-43: a failure inside is a code and a correlation id to the client, and all of it to the log', async () => {
    world = await ApiWorld.start();
    const secret = new Error('connect ECONNREFUSED /var/run/secret.sock');
    world.mirror.positions = () => {
      throw secret;
    };
    const reply = await world.ask('viewer', 'GET', '/positions');
    expect([reply.status, reply.body.error.code]).toEqual([500, 'REQUEST_FAILED']);
    expect(JSON.stringify(reply.body)).not.toMatch(/secret|ECONN|\.ts|at /);
    expect(reply.body.error.correlationId).toBe(reply.headers.get('x-correlation-id'));
    expect(world.reported).toEqual([secret]);
  });
});

describe('how the server stands in the network', () => {
  it('SEC-44: pages run nothing inline and nothing from elsewhere, and are framed by nobody', async () => {
    world = await ApiWorld.start();
    const { headers } = await world.send('GET', '/health/live');
    const policy = headers.get('content-security-policy')!;
    expect(policy).not.toMatch(/unsafe/);
    expect(policy.split(';')).toEqual(expect.arrayContaining(["default-src 'self'", "script-src 'self'", "frame-ancestors 'none'"]));
    expect([headers.get('x-content-type-options'), headers.get('referrer-policy'), headers.get('x-frame-options')]).toEqual([
      'nosniff',
      'no-referrer',
      'DENY',
    ]);
    expect(headers.get('strict-transport-security')).toBeNull();
  });

  it('SEC-44: behind TLS a browser is told to come by TLS alone', async () => {
    world = await ApiWorld.start({ http: { publicOrigins: ['https://desk.example.org'], proxies: ['127.0.0.1'] } });
    expect((await world.send('GET', '/health/live')).headers.get('strict-transport-security')).toBe('max-age=31536000');
  });

  it('SEC-44: a report runs its own scripts, named by hash, in a sandbox of no origin', async () => {
    world = await ApiWorld.start();
    const { headers, body } = await world.ask('viewer', 'GET', '/runs/r1/report');
    const policy = headers.get('content-security-policy')!;
    expect(body).toMatch(/^<!doctype html>/);
    expect(policy).toBe(reportPolicy(body));
    // printf 'let a = 1;' | openssl dgst -sha256 -binary | base64
    expect(policy).toContain("script-src 'sha256-xY6QKfH9PRsQnLz56nj6MBwiK5oHg+im1Jkpdp1x/Ck='");
    expect(policy).not.toMatch(/unsafe/);
    expect(policy).toMatch(/sandbox allow-scripts$/);
  });

  it('SEC-58: TRACE and odd methods are refused, no answer says what program this is, and the description needs a right', async () => {
    world = await ApiWorld.start();
    const host = `127.0.0.1:${world.server.port}`;
    for (const method of ['TRACE', 'OPTIONS', 'PROPFIND'])
      expect([method, (await plain(method, '/api/v1/orders', { host })).status]).toEqual([method, 405]);
    const { headers } = await plain('GET', '/health/live', { host });
    expect(Object.keys(headers as object)).not.toEqual(expect.arrayContaining(['server']));
    expect(Object.keys(headers as object)).not.toEqual(expect.arrayContaining(['x-powered-by']));
    expect((await world.send('GET', '/openapi.json')).status).toBe(401);
    expect((await world.ask('viewer', 'GET', '/openapi.json')).body.openapi).toBe('3.1.0');
  });

  it('SEC-58: beyond loopback it listens with TLS or behind a proxy only; a port that is taken gives way to the next', async () => {
    await expect(ApiWorld.start({ http: { host: '0.0.0.0' } })).rejects.toMatchObject({ code: 'BIND_REFUSED' });
    world = await ApiWorld.start();
    const second = await ApiWorld.start({ http: { port: world.server.port } });
    expect(second.server.port).toBeGreaterThan(world.server.port);
    expect((await second.send('GET', '/health/live')).status).toBe(200);
    await second.close();
  });

  it('SEC-59: a request that could be two is refused and the connection closed', async () => {
    world = await ApiWorld.start();
    const head = `POST /api/v1/auth/login HTTP/1.1\r\nhost: 127.0.0.1:${world.server.port}\r\n`;
    for (const lengths of [
      'content-length: 2\r\ncontent-length: 3\r\n',
      'content-length: 2\r\ntransfer-encoding: chunked\r\n',
      'content-length: +2\r\n',
    ])
      expect([lengths, (await raw(`${head}${lengths}\r\n{}`)).startsWith('HTTP/1.1 400')]).toEqual([lengths, true]);
  });

  it('SEC-59: only a declared proxy is believed when it says for whom it asks', async () => {
    world = await ApiWorld.start();
    await world.send('GET', '/health/live', undefined, { 'x-forwarded-for': '203.0.113.9' });
    expect([...world.rates.taken.keys()]).toEqual(['address 127.0.0.1']);
    await world.close();
    world = await ApiWorld.start({ http: { proxies: ['127.0.0.0/8'] } });
    await world.send('GET', '/health/live', undefined, { 'x-forwarded-for': '198.51.100.1, 203.0.113.9' });
    // What stands before the nearest stranger the stranger may have written.
    expect([...world.rates.taken.keys()]).toEqual(['address 203.0.113.9']);
  });

  it('SEC-26: the dashboard is served with its own paths, and nothing outside its folder', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'quanthybrid-web-'));
    mkdirSync(path.join(folder, 'web', 'assets'), { recursive: true });
    writeFileSync(path.join(folder, 'secret.txt'), 'secret');
    writeFileSync(path.join(folder, 'web', 'index.html'), '<!doctype html>page');
    writeFileSync(path.join(folder, 'web', 'assets', 'a.js'), 'let a;');
    world = await ApiWorld.start({ http: { webFolder: path.join(folder, 'web') } });
    const host = `127.0.0.1:${world.server.port}`;
    const get = (url: string) => plain('GET', url, { host });
    expect((await get('/')).body).toBe('<!doctype html>page');
    expect((await get('/orders/O-1')).body).toBe('<!doctype html>page');
    expect(await get('/assets/a.js')).toMatchObject({ status: 200, body: 'let a;' });
    for (const url of [
      '/../secret.txt',
      '/%2e%2e/secret.txt',
      '/assets/..%2f..%2fsecret.txt',
      '/assets/../../secret.txt',
      '//etc/passwd.txt',
      '/secret.txt',
    ])
      expect([url, (await get(url)).body === 'secret']).toEqual([url, false]);
    expect((await get('/api/v1/nothing')).status).toBe(404);
    rmSync(folder, { recursive: true });
  });

  it('another name of the host is refused, so that no page of a name bound anew reaches it', async () => {
    world = await ApiWorld.start();
    const { port } = world.server;
    expect((await plain('GET', '/health/live', { host: `evil.example:${port}` })).status).toBe(421);
    expect((await plain('GET', '/health/live', { host: `localhost:${port}` })).status).toBe(200);
    const origins = new OwnOrigins(['https://desk.example.org']);
    expect([origins.isOwnHost('desk.example.org'), origins.isOwn('https://desk.example.org:8443'), origins.isOwnHost(undefined)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
