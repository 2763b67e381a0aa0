import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import path from 'node:path';
import fastifyCookie from '@fastify/cookie';
import fastifyHelmet from '@fastify/helmet';
import fastifyStatic from '@fastify/static';
import fastifySwagger from '@fastify/swagger';
import { Type } from '@sinclair/typebox';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyRequest } from 'fastify';
import { type ApiParts, type ApiRoute, COST, defineRoute } from './api-route.ts';
import { TrustedProxies } from './client-address.ts';
import { CsrfTokens, SessionCookies } from './cookies.ts';
import { listenOn, refuseOpenAddress } from './listen-address.ts';
import { OwnOrigins } from './own-origins.ts';
import { HttpRefusal } from './refusal.ts';
import { API_PREFIX, registerRoutes } from './register-routes.ts';
import { demandOf, RequestGuard, type RouteDemand, sendRefusal } from './request-guard.ts';
import { makeShapeCheck } from './request-shape.ts';
import { authRoutes } from './routes/auth-routes.ts';
import { HEALTH_ROUTES } from './routes/health-routes.ts';
import { MARKET_ROUTES } from './routes/market-routes.ts';
import { OPERATIONS_ROUTES } from './routes/operations-routes.ts';
import { ORDER_ROUTES } from './routes/order-routes.ts';
import { OWN_ACCESS_ROUTES } from './routes/own-access-routes.ts';
import { PORTFOLIO_ROUTES } from './routes/portfolio-routes.ts';
import { RISK_ROUTES } from './routes/risk-routes.ts';
import { STRATEGY_ROUTES } from './routes/strategy-routes.ts';
import { USER_ROUTES } from './routes/user-routes.ts';
import { StreamDoor } from './stream/stream-door.ts';
import { HTTP_BODY_BYTES_MAX, JsonRefusal, parseStrictJson } from './strict-json.ts';
import type { Clock } from '../../ports/clock.ts';

export interface HttpOptions {
  /** An address of this machine; others than loopback need TLS or a declared proxy. */
  readonly host: string;
  /** Where it is taken, the next free one; 0 for any. */
  readonly port: number;
  readonly tls: { readonly key: string; readonly cert: string } | null;
  /** Addresses or subnets of proxies whose x-forwarded-for is believed. */
  readonly proxies: readonly string[];
  /** Under which the server is reached through a proxy, such as `https://desk.example.org`. */
  readonly publicOrigins: readonly string[];
  /** Folder of the built dashboard; null for none. */
  readonly webFolder: string | null;
  readonly version: string;
  readonly clock: Clock;
  /** How patient the server is; {@link PATIENCE} where it is absent. */
  readonly patience?: Patience;
}

/** How long a client may take to send a whole request and its head, and how often the server looks: milliseconds. */
export interface Patience {
  readonly requestMs: number;
  readonly headMs: number;
  readonly lookEveryMs: number;
}

export interface HttpServer {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  readonly app: FastifyInstance;
  /** Every route that is there, with what it demands. */
  readonly routes: readonly DeclaredRoute[];
  readonly stream: StreamDoor;
  close(): Promise<void>;
}

export interface DeclaredRoute extends RouteDemand {
  readonly method: string;
  readonly url: string;
}

const PATIENCE: Patience = { requestMs: 15_000, headMs: 10_000, lookEveryMs: 2_000 };
/** How long a connection stays open between two requests: milliseconds. */
const KEEP_ALIVE_MS = 30_000;
const CONNECTIONS = 2048;
const PARAMETER_CHARACTERS = 200;

/** @throws WorldError where the address is refused or no port is free */
export async function startHttpServer(parts: ApiParts, options: HttpOptions): Promise<HttpServer> {
  const listening = { ...options, hasTls: options.tls !== null, hasProxy: options.proxies.length > 0 };
  refuseOpenAddress(listening);
  const isSecure = options.tls !== null || options.publicOrigins.some((origin) => origin.startsWith('https:'));
  const origins = new OwnOrigins(options.publicOrigins);
  const proxies = new TrustedProxies(options.proxies);
  const cookies = new SessionCookies(isSecure);
  const csrf = new CsrfTokens();
  const guard = new RequestGuard(parts, { origins, proxies, cookies, csrf });
  const app = makeApp(options);
  const routes = declaredRoutes(app);
  parseBodies(app);
  answerErrors(app, parts);
  await app.register(fastifyCookie);
  await protect(app, isSecure);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-correlation-id', String(request.id));
    reply.header('cache-control', 'no-store');
    await guard.admit(request);
  });
  await app.register(fastifySwagger, { openapi: openApiHead(options.version) });
  registerRoutes(app, [...apiRoutes(cookies, csrf), openApiRoute(app)], { parts, guard });
  if (options.webFolder !== null) await serveDashboard(app, options.webFolder);
  const stream = new StreamDoor(app.server as Server, `${API_PREFIX}/stream`, { ...parts, clock: options.clock, origins, proxies });
  const port = await listenOn(app, listening).catch(async (error: unknown) => {
    stream.close();
    await app.close();
    throw error;
  });
  const scheme = options.tls === null ? 'http' : 'https';
  origins.addAddress(scheme, options.host, port);
  const close = async (): Promise<void> => {
    stream.close();
    app.server.closeAllConnections();
    await app.close();
  };
  return {
    url: `${scheme}://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
    port,
    app,
    routes,
    stream,
    close,
  };
}

/** All routes but the one that describes them. */
export function apiRoutes(cookies: SessionCookies, csrf: CsrfTokens): readonly ApiRoute[] {
  return [
    ...HEALTH_ROUTES,
    ...authRoutes(cookies, csrf),
    ...OWN_ACCESS_ROUTES,
    ...USER_ROUTES,
    ...MARKET_ROUTES,
    ...ORDER_ROUTES,
    ...PORTFOLIO_ROUTES,
    ...STRATEGY_ROUTES,
    ...RISK_ROUTES,
    ...OPERATIONS_ROUTES,
  ];
}

function openApiRoute(app: FastifyInstance): ApiRoute {
  return defineRoute({
    method: 'GET',
    path: '/openapi.json',
    access: 'market:read',
    cost: COST.history,
    summary: 'This description, OpenAPI 3.1',
    answer: Type.Unknown(),
    handle: () => app.swagger(),
  });
}

function makeApp({ tls, patience = PATIENCE }: HttpOptions): FastifyInstance {
  const { requestMs, headMs, lookEveryMs } = patience;
  const server = { requestTimeout: requestMs, headersTimeout: headMs, connectionsCheckingInterval: lookEveryMs };
  const common = {
    logger: false,
    bodyLimit: HTTP_BODY_BYTES_MAX,
    requestTimeout: requestMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    routerOptions: { maxParamLength: PARAMETER_CHARACTERS, ignoreTrailingSlash: false },
    genReqId: () => randomUUID(),
    requestIdHeader: false as const,
    forceCloseConnections: true,
    clientErrorHandler: (_: unknown, socket: Socket) => {
      // Not HTTP, or what smuggles: nothing that came is answered but by a close.
      if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
    },
    frameworkErrors: (_: FastifyError, request: FastifyRequest, reply: Parameters<typeof sendRefusal>[0]) => {
      sendRefusal(reply, new HttpRefusal('REQUEST_INVALID', `The address of request ${request.id} cannot be read.`));
    },
  };
  const app = (tls === null
    ? Fastify({ ...common, http: server } as never)
    : Fastify({ ...common, https: { ...server, ...tls, minVersion: 'TLSv1.2' } } as never)) as unknown as FastifyInstance;
  app.server.maxConnections = CONNECTIONS;
  return app;
}

/** SEC-17: a route that does not say who may use it is refused. @returns the routes, as they are added */
export function declaredRoutes(app: FastifyInstance): readonly DeclaredRoute[] {
  const routes: DeclaredRoute[] = [];
  app.addHook('onRoute', ({ method, url, config }) => {
    const { access, cost } = (config ?? {}) as Partial<RouteDemand>;
    if (access === undefined || cost === undefined) throw new Error(`${String(method)} ${url} does not say who may use it`);
    for (const each of [method].flat()) routes.push({ method: each, url, access, cost });
  });
  return routes;
}

function parseBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_, body, done) => {
    try {
      const bytes = body as Buffer;
      done(null, bytes.length === 0 ? undefined : parseStrictJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
    } catch (error) {
      const isTooLarge = error instanceof JsonRefusal && error.isTooLarge;
      const message = error instanceof JsonRefusal ? error.message : 'The body is not UTF-8.';
      done(new HttpRefusal(isTooLarge ? 'REQUEST_TOO_LARGE' : 'REQUEST_INVALID', message));
    }
  });
  app.setValidatorCompiler(({ schema, httpPart }) =>
    httpPart === 'headers' ? (value: unknown) => ({ value }) : makeShapeCheck(schema as never, httpPart ?? 'body'),
  );
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
}

function answerErrors(app: FastifyInstance, { report }: ApiParts): void {
  app.setNotFoundHandler((_, reply) => sendRefusal(reply, new HttpRefusal('ROUTE_UNKNOWN', 'There is nothing at this address.')));
  app.setErrorHandler((error: FastifyError, request, reply) => {
    if (error instanceof HttpRefusal) return sendRefusal(reply, error);
    if (error.validation !== undefined || error.validationContext !== undefined)
      return sendRefusal(reply, new HttpRefusal('REQUEST_INVALID', error.message));
    if (error.statusCode === 413)
      return sendRefusal(reply, new HttpRefusal('REQUEST_TOO_LARGE', `A body has at most ${HTTP_BODY_BYTES_MAX} bytes.`));
    if (error.statusCode === 415) return sendRefusal(reply, new HttpRefusal('REQUEST_MEDIA_TYPE', 'Send content-type: application/json.'));
    if (error.statusCode !== undefined && error.statusCode < 500 && error.statusCode >= 400)
      return sendRefusal(reply, new HttpRefusal('REQUEST_INVALID', 'The request cannot be read.'));
    report(error, String(request.id));
    return sendRefusal(reply, new HttpRefusal('REQUEST_FAILED', 'Something went wrong inside. The correlation id finds it in the log.'));
  });
}

async function protect(app: FastifyInstance, isSecure: boolean): Promise<void> {
  await app.register(fastifyHelmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        fontSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: isSecure ? { maxAge: 31_536_000, includeSubDomains: false } : false,
  });
}

function openApiHead(version: string) {
  return {
    openapi: '3.1.0',
    info: {
      title: 'QuantHybrid',
      version,
      description:
        'Decimals are texts, exact; times are integer microseconds since the epoch; errors have one shape with a code and a correlation id.',
    },
    components: {
      securitySchemes: {
        session: { type: 'apiKey' as const, in: 'cookie' as const, name: 'quanthybrid-access' },
        key: { type: 'http' as const, scheme: 'bearer' },
      },
    },
    security: [{ session: [] }, { key: [] }],
  };
}

/** Files of the dashboard; what is neither a file nor of the API is the page itself, which finds its own way. */
async function serveDashboard(app: FastifyInstance, folder: string): Promise<void> {
  await app.register(fastifyStatic, { root: path.resolve(folder), serve: false });
  app.get('/*', { config: { access: 'public', cost: COST.read } as object }, (request, reply) => {
    const wanted = (request.params as { readonly '*': string })['*'];
    if (wanted.startsWith('api/') || wanted.startsWith('health/') || demandOf(request) === null)
      throw new HttpRefusal('ROUTE_UNKNOWN', 'There is nothing at this address.');
    const isFile = /^[A-Za-z0-9_/-]{1,150}\.[A-Za-z0-9.]{1,20}$/.test(wanted);
    const isHashed = wanted.startsWith('assets/');
    return reply
      .header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
      .sendFile(isFile ? wanted : 'index.html', { cacheControl: false });
  });
}
