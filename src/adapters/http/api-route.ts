import type { Static, TSchema } from '@sinclair/typebox';
import type { FastifyReply } from 'fastify';
import type { Right } from '../../model/rights.ts';
import type { AccountDesk } from '../../ports/account-desk.ts';
import type { AuditTrail } from '../../ports/audit-trail.ts';
import type { HealthSource } from '../../ports/component-health.ts';
import type { Caller, Gatekeeper, Grant } from '../../ports/gatekeeper.ts';
import type { OnceKeeper, RateKeeper } from '../../ports/request-keepers.ts';
import type { RunLibrary } from '../../ports/run-library.ts';
import type { SessionControl } from '../../ports/session-control.ts';
import type { SessionView } from '../../ports/session-view.ts';

/** Who may use a route: whoever has a right; whoever is signed in; everybody. */
export type Access = Right | 'signed-in' | 'public';

/** What the API reads and asks. */
export interface ApiParts {
  readonly view: SessionView;
  readonly control: SessionControl;
  readonly gatekeeper: Gatekeeper;
  readonly accounts: AccountDesk;
  readonly audit: AuditTrail;
  readonly once: OnceKeeper;
  readonly rates: RateKeeper;
  readonly runs: RunLibrary;
  readonly health: HealthSource;
  /** Is told what went wrong inside, with the id that the client got. */
  readonly report: (error: unknown, correlationId: string) => void;
}

export interface ApiCall<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** Null on routes that are open to everybody. */
  readonly caller: Caller | null;
  /** The right that the route demands, granted for this call; null where it demands none. */
  readonly grant: Grant | null;
  readonly address: string;
  /** The one that the client gets with the answer. */
  readonly correlationId: string;
  /** Cookies of the request, by name. */
  readonly cookies: Readonly<Record<string, string | undefined>>;
  readonly reply: FastifyReply;
}

type Shape<T extends TSchema | undefined> = T extends TSchema ? Static<T> : Readonly<Record<never, never>>;

interface RouteOf<P extends TSchema | undefined, Q extends TSchema | undefined, B extends TSchema | undefined> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Parameters of the path begin with a colon. */
  readonly path: string;
  readonly access: Access;
  /** What it takes of the rate. */
  readonly cost: number;
  /** For the list of routes and OpenAPI. */
  readonly summary: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly answer: TSchema;
  readonly status?: number;
  /** Whether `idempotency-key` is asked for; `optional` where what is asked for is the same done twice. */
  readonly onceBy?: 'required' | 'optional';
  /** Not JSON: what it is instead. */
  readonly media?: string;
  readonly handle: (call: ApiCall<Shape<P>, Shape<Q>, Shape<B>>, parts: ApiParts) => unknown;
}

/** A route as the server registers it. */
export type ApiRoute = RouteOf<TSchema | undefined, TSchema | undefined, TSchema | undefined>;

/** Says what a route is, once: its handler gets what its schemas describe. */
export function defineRoute<
  P extends TSchema | undefined = undefined,
  Q extends TSchema | undefined = undefined,
  B extends TSchema | undefined = undefined,
>(route: RouteOf<P, Q, B>): ApiRoute {
  return route as unknown as ApiRoute;
}

/** What requests cost. */
export const COST = { read: 1, history: 5, order: 5, change: 10 } as const;
