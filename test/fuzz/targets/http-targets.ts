import { connect } from 'node:net';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { ACCEPTED, type FuzzRun, type FuzzTarget, must } from '../target.ts';
import { ApiDesk, keyOf } from '../api-desk.ts';
import { mutatedBytes, mutatedText, oddText, pick } from '../mutate.ts';
import { mutatedJson } from '../mutate-json.ts';
import { PASSWORD } from '../../../src/adapters/http/memory-gatekeeper.fixture.ts';
import type { Random } from '../../../src/base/random.ts';
import { ApiError } from '../../../src/contract/api/scalars.ts';
import { CODES } from '../../../src/model/codes/catalogue.ts';

const PREFIX = '/api/v1';
const isError = TypeCompiler.Compile(ApiError);
const ORDER = {
  instrument: 'TEST.SIM',
  side: 'BUY',
  orderType: 'LIMIT',
  quantity: '1',
  limitPrice: '90.00',
  timeInForce: 'GTC',
  postOnly: false,
  reduceOnly: false,
  tag: 'a',
};
const SCOPE = { kind: 'INSTRUMENT', instrument: 'TEST.SIM' };

/** Requests that are good, or would be: by method, path and body. */
export const REQUESTS: readonly (readonly [method: string, path: string, body?: unknown])[] = [
  ['POST', '/orders', ORDER],
  ['POST', '/orders', { ...ORDER, orderType: 'STOP_LIMIT', stopPrice: '110.00', limitPrice: '111.00' }],
  ['POST', '/orders', { ...ORDER, orderType: 'MARKET', quantity: '1000000' }],
  ['PATCH', '/orders/O-1', { quantity: '2', limitPrice: '89.00' }],
  ['DELETE', '/orders/O-1'],
  ['GET', '/orders?standing=open&limit=10&before=5&instrument=TEST.SIM&strategy=manual'],
  ['GET', '/orders/O-2'],
  ['POST', '/orders/cancel-all', { instrument: 'TEST.SIM' }],
  ['GET', '/fills?limit=5'],
  ['GET', '/positions'],
  ['GET', '/portfolio'],
  ['GET', '/instruments/TEST.SIM/candles?interval=1m&limit=10&before=1767614400000000'],
  ['GET', '/instruments/TEST.SIM/book?levels=5'],
  ['GET', '/instruments/TEST.SIM/trades?limit=5'],
  ['POST', '/strategies/sleeper/stop', { openOrders: 'keep', reason: 'x' }],
  ['POST', '/strategies/sleeper/start', { parameters: { size: 3 } }],
  ['PUT', '/strategies/sleeper/parameters', { parameters: { size: 4 } }],
  ['GET', '/risk'],
  ['PUT', '/trading-state', { scope: SCOPE, state: 'HALTED', reason: 'x' }],
  ['POST', '/kill-switch', { scope: SCOPE, flatten: false, reason: 'x' }],
  ['GET', '/runs/r1'],
  ['GET', '/audit?limit=5'],
  ['GET', '/log?limit=5'],
  ['POST', '/auth/login', { name: 'trader', password: PASSWORD }],
  ['POST', '/auth/refresh'],
  ['POST', '/auth/password', { current: PASSWORD, next: 'seven quiet herons at dusk' }],
  ['GET', '/auth/me'],
  ['POST', '/auth/logout'],
  ['POST', '/auth/step-up', { act: 'kill:release', proof: 'x' }],
  ...(['kill:reset', 'risk:raise', 'keys:add', 'users:manage'] as const).map(
    (act) => ['POST', '/auth/step-up', { act, proof: PASSWORD }] as const,
  ),
  ['POST', '/auth/ws-ticket'],
  ['GET', '/auth/sessions'],
  ['DELETE', '/auth/sessions/session-1'],
  ['GET', '/auth/totp'],
  ['POST', '/auth/totp/begin', { password: PASSWORD }],
  ['POST', '/auth/totp/confirm', { code: '123456' }],
  ['POST', '/auth/totp/recovery-codes', { code: '123456' }],
  ['POST', '/auth/totp/disable', { code: '123456' }],
  ['GET', '/api-keys'],
  ['POST', '/api-keys', { label: 'bot', scopes: ['read'], addresses: ['127.0.0.1'], days: 30 }],
  ['DELETE', `/api-keys/${'1'.padStart(32, '0')}`],
  ['GET', '/users'],
  ['POST', '/users', { name: 'cay', role: 'viewer' }],
  ['POST', '/users/ann/role', { role: 'trader' }],
  ['POST', '/users/ben/disable'],
  ['POST', '/users/ann/unlock'],
  ['POST', '/users/ann/reset', { dropSecondFactor: true }],
  ['GET', '/health/live'],
  ['GET', '/health/ready'],
  ['GET', '/health'],
  ['GET', '/instruments'],
  ['GET', '/instruments/TEST.SIM'],
  ['GET', '/instruments/TEST.SIM/price'],
  ['GET', '/positions/TEST.SIM'],
  ['POST', '/positions/TEST.SIM/flatten', { strategy: 'manual' }],
  ['GET', '/balances'],
  ['GET', '/portfolio/metrics'],
  ['GET', '/portfolio/equity'],
  ['GET', '/risk/scenarios'],
  ['GET', '/risk/denials?limit=5'],
  ['GET', '/risk/alerts?limit=5'],
  ['PUT', '/risk/limits', { scope: SCOPE, name: 'maxOrderQty', value: '1000', reason: 'x' }],
  ['PUT', '/risk/limits/raise', { scope: SCOPE, name: 'maxOrderQty', value: null, reason: 'x' }],
  ['GET', '/trading-state'],
  ['POST', '/trading-state/activate', { scope: SCOPE, reason: 'x' }],
  ['POST', '/kill-switch/release', { scope: SCOPE, reason: 'x' }],
  ['GET', '/strategies'],
  ['GET', '/strategies/sleeper'],
  ['GET', '/runs'],
  ['GET', '/runs/r1/report'],
  ['GET', '/openapi.json'],
];

interface Request {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

function spoiledUrl(random: Random, url: string): string {
  if (random.nextBelow(3) !== 0) return url;
  const spoiled = mutatedText(random, url);
  // What makes no address at all cannot be handed to the server but on the wire; see rest-wire.
  return URL.canParse(spoiled, 'http://127.0.0.1') && spoiled.startsWith('/') && !spoiled.startsWith('//') ? spoiled : url;
}

/** What a header can hold at all: others never leave a client. */
function headerText(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '');
}

function requestFrom(random: Random): Request {
  const [method, path, body] = pick(random, REQUESTS);
  const url = path === '/health/live' || path === '/health/ready' ? path : PREFIX + path;
  const headers: Record<string, string> = {
    authorization:
      random.nextBelow(12) === 0
        ? headerText(oddText(random))
        : `Bearer ${keyOf(pick(random, ['trader', 'admin', 'admin', 'viewer'] as const))}`,
    'idempotency-key': random.nextBelow(10) === 0 ? headerText(oddText(random)) : `k${random.nextUint32()}-${random.nextUint32()}`,
  };
  if (random.nextBelow(10) === 0)
    headers[
      pick(random, ['origin', 'cookie', 'x-csrf-token', 'x-forwarded-for', 'content-type', 'accept', 'transfer-encoding', 'expect'])
    ] = headerText(oddText(random));
  const asked = {
    method: random.nextBelow(25) === 0 ? pick(random, ['PUT', 'HEAD', 'OPTIONS', 'POST', 'GET', 'DELETE']) : method,
    url: spoiledUrl(random, url),
    headers,
  };
  const sent = body === undefined && random.nextBelow(10) !== 0 ? undefined : mutatedJson(random, body ?? {});
  if (sent === undefined) return asked;
  return { ...asked, headers: { 'content-type': 'application/json', ...headers }, body: sent };
}

/** Every answer is one that the contract knows: a success, or a refusal of the one shape with a code of the catalogue. */
function judged(status: number, text: string): string {
  must(status >= 200 && status < 500, `status ${status}: ${text}`);
  if (status < 400) return ACCEPTED;
  const error: unknown = JSON.parse(text);
  must(isError.Check(error), `not the shape of a refusal: ${text}`);
  must(Object.hasOwn(CODES, error.error.code), `${error.error.code} is no code`);
  must(!/node_modules|\.ts:|\bat \w+ \(/.test(text), `it tells of the inside: ${text}`);
  return error.error.code;
}

/** Statuses of refusals that the session itself gave: a denied order is one that was asked for. */
const BY_SESSION = new Set([409, 422]);

const rest: FuzzTarget = {
  name: 'rest',
  entries: [
    'src/adapters/http/http-server.ts#startHttpServer',
    'src/adapters/http/strict-json.ts#parseStrictJson',
    'src/runtime/session/session.ts#Session',
  ],
  inputs: 'requests to all routes: paths, queries, headers, bodies',
  oracle:
    'never 5xx; a refusal has the one shape and a code, and changes no order, position, limit, strategy, trading state, user, key or sign-in',
  open: async (): Promise<FuzzRun> => {
    const desk = await ApiDesk.open();
    return {
      generate: requestFrom,
      feed: async (input) => {
        await desk.ready();
        const { method, url, headers, body } = input as Request;
        const before = desk.standing();
        const { server } = desk.world;
        const answer = await server.app.inject({
          method: method as 'GET',
          url,
          headers: { host: `127.0.0.1:${server.port}`, ...headers },
          ...(body === undefined ? {} : { payload: body }),
        });
        const verdict = method === 'HEAD' && answer.statusCode >= 400 ? 'HEAD refused' : judged(answer.statusCode, answer.body);
        if (verdict !== ACCEPTED) desk.holds(before, BY_SESSION.has(answer.statusCode));
        else must(desk.world.reported.length === 0, `the server reported ${String(desk.world.reported[0])}`);
        return verdict;
      },
      close: () => desk.close(),
    };
  },
};

/** A request as it stands on the wire. */
function wireFrom(random: Random): Uint8Array {
  const { method, url, headers, body } = requestFrom(random);
  const lines = Object.entries({ host: 'HOST', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  const length = body === undefined ? '' : `content-length: ${Buffer.byteLength(body)}\r\n`;
  const text = `${method} ${url} HTTP/1.1\r\n${lines.join('')}connection: close\r\n${length}\r\n${body ?? ''}`;
  return random.nextBelow(2) === 0 ? Buffer.from(mutatedText(random, text)) : mutatedBytes(random, Buffer.from(text));
}

/** Sends bytes, says that there are no more, and takes what comes until the server closes. */
export function exchanged(port: number, bytes: Uint8Array): Promise<Buffer> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', () => {
      // The server may close while bytes are still on their way.
    });
    socket.on('close', () => resolve(Buffer.concat(chunks)));
    socket.end(bytes);
  });
}

const wire: FuzzTarget = {
  name: 'rest-wire',
  entries: ['src/adapters/http/http-server.ts#startHttpServer'],
  inputs: 'bytes on a connection to the server: request lines, heads, lengths, bodies',
  oracle: 'as rest; what is no HTTP is closed',
  share: 0.1,
  open: async (): Promise<FuzzRun> => {
    const desk = await ApiDesk.open();
    return {
      generate: wireFrom,
      feed: async (input) => {
        await desk.ready();
        const { port } = desk.world.server;
        const text = Buffer.from(input as Uint8Array)
          .toString('latin1')
          .replace('HOST', `127.0.0.1:${port}`);
        const before = desk.standing();
        const answer = (await exchanged(port, Buffer.from(text, 'latin1'))).toString('utf8');
        if (answer === '') return 'closed';
        const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);
        must(status >= 200 && status < 500, `status ${status}: ${answer.slice(0, 300)}`);
        // Several requests on one connection may have several answers.
        if (status >= 400 && answer.indexOf('HTTP/1.1', 1) < 0) desk.holds(before, BY_SESSION.has(status));
        return status < 400 ? ACCEPTED : `status ${status}`;
      },
      close: () => desk.close(),
    };
  },
};

export const HTTP_TARGETS: readonly FuzzTarget[] = [rest, wire];
