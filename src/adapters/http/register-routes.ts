import { Type } from '@sinclair/typebox';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ApiCall, ApiParts, ApiRoute } from './api-route.ts';
import { HttpRefusal, valueOf } from './refusal.ts';
import type { RequestGuard } from './request-guard.ts';
import { ApiError, exactly } from '../../contract/api/scalars.ts';

export const API_PREFIX = '/api/v1';

const NOTHING = exactly({});

interface Outcome {
  readonly status: number;
  readonly body: unknown;
}

/** Puts the routes into the server, each with what it demands. */
export function registerRoutes(
  app: FastifyInstance,
  routes: readonly ApiRoute[],
  { parts, guard }: { readonly parts: ApiParts; readonly guard: RequestGuard },
): void {
  for (const route of routes) {
    const { method, path, access, cost, summary, params, query, body, answer, status = 200, media } = route;
    app.route({
      method,
      url: path.startsWith('/health/') ? path : `${API_PREFIX}${path}`,
      config: { access, cost } as object,
      schema: {
        summary,
        tags: [path.split('/')[1]!],
        description:
          access === 'public' ? 'Open to everybody.' : access === 'signed-in' ? 'For whoever is signed in.' : `Needs the right ${access}.`,
        params: params ?? NOTHING,
        querystring: query ?? NOTHING,
        ...(body === undefined ? {} : { body }),
        response: { [status]: media === undefined ? answer : Type.String(), '4xx': ApiError, '5xx': ApiError },
        ...(route.onceBy === undefined ? {} : { headers: idempotencyHeader(route.onceBy) }),
      },
      handler: async (request, reply) => {
        if (body === undefined && request.body !== undefined && request.body !== null)
          throw new HttpRefusal('REQUEST_INVALID', 'This route takes no body.');
        await guard.authorize(request);
        const outcome = await carryOut(route, callOf(request, reply, guard), parts, request);
        reply.code(outcome.status);
        if (media !== undefined && outcome.status < 400) return reply.type(media).send(outcome.body);
        return reply.type('application/json; charset=utf-8').send(JSON.stringify(outcome.body));
      },
    });
  }
}

/** Documented, and judged where the key is used. */
function idempotencyHeader(onceBy: 'required' | 'optional') {
  const key = Type.String({ description: 'the same key twice has one effect, and the same answer' });
  return Type.Object({ 'idempotency-key': onceBy === 'required' ? key : Type.Optional(key) });
}

async function carryOut(route: ApiRoute, call: ApiCall<never, never, never>, parts: ApiParts, request: FastifyRequest): Promise<Outcome> {
  const key = request.headers['idempotency-key'];
  const handle = async (): Promise<Outcome> => {
    const body = await route.handle(call, parts);
    // A handler that knows better has said so.
    return { status: call.reply.statusCode === 200 ? (route.status ?? 200) : call.reply.statusCode, body };
  };
  if (route.onceBy === undefined || (key === undefined && route.onceBy === 'optional')) return handle();
  if (typeof key !== 'string')
    throw new HttpRefusal('IDEMPOTENCY_KEY_INVALID', 'Send the header idempotency-key, another one for every new request.');
  const owner = call.caller!.kind === 'API_KEY' ? `key ${call.caller!.accessId}` : `user ${call.caller!.userId}`;
  const body = `${request.method} ${request.url}\n${JSON.stringify(request.body ?? null)}`;
  // A no is an answer like any: asked again, the request gets it again.
  const answer = await parts.once.once({ owner, key, body }, async (): Promise<Outcome> => {
    try {
      return await handle();
    } catch (error) {
      if (!(error instanceof HttpRefusal)) throw error;
      return { status: error.status, body: error.body(String(request.id)) };
    }
  });
  return valueOf(answer);
}

function callOf(request: FastifyRequest, reply: FastifyReply, guard: RequestGuard): ApiCall<never, never, never> {
  const caller = guard.callerOf(request);
  return {
    params: request.params as never,
    query: request.query as never,
    body: (request.body ?? {}) as never,
    caller,
    grant: guard.grantOf(request),
    address: guard.addressOf(request),
    correlationId: String(request.id),
    cookies: request.cookies,
    reply,
  };
}
