import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Access, ApiParts } from './api-route.ts';
import type { TrustedProxies } from './client-address.ts';
import type { CsrfTokens, SessionCookies } from './cookies.ts';
import type { OwnOrigins } from './own-origins.ts';
import { HttpRefusal, valueOf } from './refusal.ts';
import type { Caller, Grant } from '../../ports/gatekeeper.ts';

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);
const READING = new Set(['GET', 'HEAD']);
const BEARER = /^Bearer ([\x21-\x7e]{1,1024})$/;

/** What a route asks of whoever calls it. Every route has one: the server does not start with a route that has none. */
export interface RouteDemand {
  readonly access: Access;
  readonly cost: number;
}

export interface GuardParts {
  readonly origins: OwnOrigins;
  readonly proxies: TrustedProxies;
  readonly cookies: SessionCookies;
  readonly csrf: CsrfTokens;
}

export function demandOf(request: FastifyRequest): RouteDemand | null {
  const config = request.routeOptions.config as Partial<RouteDemand>;
  return config.access === undefined ? null : { access: config.access, cost: config.cost ?? 1 };
}

/** Stands before every route, before anything of the body is read: who asks, for which host, from which page, and how often. */
export class RequestGuard {
  private readonly parts: ApiParts;
  private readonly own: GuardParts;
  private readonly callers = new WeakMap<FastifyRequest, Caller>();
  private readonly grants = new WeakMap<FastifyRequest, Grant>();

  constructor(parts: ApiParts, own: GuardParts) {
    this.parts = parts;
    this.own = own;
  }

  addressOf(request: FastifyRequest): string {
    return this.own.proxies.clientOf(request.raw);
  }

  callerOf(request: FastifyRequest): Caller | null {
    return this.callers.get(request) ?? null;
  }

  grantOf(request: FastifyRequest): Grant | null {
    return this.grants.get(request) ?? null;
  }

  /** @throws HttpRefusal */
  async admit(request: FastifyRequest): Promise<void> {
    const { headers, method } = request;
    if (!METHODS.has(method)) throw new HttpRefusal('METHOD_REFUSED', 'The API does not take requests of this method.');
    if (!this.own.origins.isOwnHost(headers.host)) throw new HttpRefusal('HOST_REFUSED', 'This server has another name.');
    const { origin } = headers;
    const isReading = READING.has(method);
    if (!isReading && origin !== undefined && !this.own.origins.isOwn(origin))
      throw new HttpRefusal('ORIGIN_REFUSED', 'The page is of another origin.');
    const demand = demandOf(request);
    if (demand === null || demand.access === 'public') {
      valueOf(this.parts.rates.take([`address ${this.addressOf(request)}`], demand?.cost ?? 1));
      return;
    }
    const caller = await this.authenticate(request);
    const owners = caller.kind === 'API_KEY' ? [`user ${caller.userId}`, `key ${caller.accessId}`] : [`user ${caller.userId}`];
    valueOf(this.parts.rates.take(owners, demand.cost));
    this.callers.set(request, caller);
  }

  /** Judged last, when the request is known to be well-formed: a right may be good for one act. @throws HttpRefusal */
  async authorize(request: FastifyRequest): Promise<void> {
    const demand = demandOf(request);
    const caller = this.callerOf(request);
    if (demand === null || caller === null || demand.access === 'public' || demand.access === 'signed-in') return;
    this.grants.set(request, valueOf(await this.parts.gatekeeper.authorize(caller, demand.access)));
  }

  private async authenticate(request: FastifyRequest): Promise<Caller> {
    const address = this.addressOf(request);
    const key = BEARER.exec(request.headers.authorization ?? '')?.[1];
    const token = request.cookies[this.own.cookies.names.access];
    const isByKey = request.headers.authorization !== undefined;
    try {
      if (isByKey) {
        if (key === undefined) throw new HttpRefusal('AUTH_NEEDED', 'Send authorization: Bearer KEY.');
        return valueOf(await this.parts.gatekeeper.authenticateKey(key, address));
      }
      if (token === undefined) throw new HttpRefusal('AUTH_NEEDED', 'Sign in, or send an API key.');
      const caller = valueOf(await this.parts.gatekeeper.authenticate(token, address));
      this.refuseForgery(request, caller);
      return caller;
    } catch (error) {
      // Whoever guesses pays by the address.
      valueOf(this.parts.rates.take([`address ${address}`], demandOf(request)?.cost ?? 1));
      throw error;
    }
  }

  /** A browser sends cookies with whatever a page asks for; only our own pages know the token. */
  private refuseForgery({ method, headers }: FastifyRequest, caller: Caller): void {
    if (READING.has(method)) return;
    const token = headers['x-csrf-token'];
    if (typeof token !== 'string' || !this.own.csrf.isTokenOf(caller.accessId, token))
      throw new HttpRefusal('CSRF_REFUSED', 'The header x-csrf-token is missing or not of this session.');
  }
}

/** One shape for every no. Nothing of the inside leaves: what is not a refusal is reported and called a failure. */
export function sendRefusal(reply: FastifyReply, refusal: HttpRefusal): FastifyReply {
  if (refusal.retryAfterUs !== null) reply.header('retry-after', String(Math.max(1, Math.ceil(refusal.retryAfterUs / 1e6))));
  if (refusal.code === 'METHOD_REFUSED') reply.header('allow', [...METHODS].join(', '));
  return reply
    .code(refusal.status)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(refusal.body(String(reply.request.id))));
}
