import path from 'node:path';
import { auditTrailOf, gatekeeperOf, rateKeeperOf } from './desk-access.ts';
import { firstSignIn, forgettingFirst } from './first-password.ts';
import { planParts } from './plan-parts.ts';
import { replayOutputs } from './replay-session.ts';
import { sessionFacts } from './session-facts.ts';
import type { DatabaseSettings } from '../../adapters/postgres/database-settings.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ComponentHealth } from '../../ports/component-health.ts';
import type { Journal } from '../../ports/journal.ts';
import type { SessionOutput } from '../../model/session-output.ts';
import { BatchWriter } from '../../runtime/batch-writer.ts';
import type { Session } from '../../runtime/session/session.ts';
import { PLAN_SEQUENCE } from '../../runtime/session/session-core.ts';
import type { SessionMirror } from '../../runtime/session/session-mirror.ts';
import type { SessionPlan } from '../../runtime/session/session-plan.ts';
import { AuthManager } from '../../security/auth-manager.ts';
import { Argon2Hasher, HASH_COST } from '../../security/passwords/password-hasher.ts';
import { Idempotency } from '../../security/requests/idempotency.ts';
import { findMasterKeys } from '../../security/secrets/key-source.ts';
import { SecurityManager } from '../../security/secrets/security-manager.ts';
import { PACKAGE_FOLDER } from '../package-folder.ts';
import { VERSION } from '../version.ts';

/** How long the end of a session waits for its database, microseconds: what is not stored by then is read from the journal the next time. */
const DRAIN_US = 10_000_000;

export interface DeskOptions {
  readonly plan: SessionPlan;
  readonly session: Session;
  readonly mirror: SessionMirror;
  readonly journal: Journal;
  /** Folder of the session. */
  readonly folder: string;
  readonly database: DatabaseSettings;
  readonly clock: Clock;
  readonly port: number;
  readonly say: (line: string) => void;
  /** A person reads what is said, and nobody keeps it. */
  readonly isWatched: boolean;
}

/** Who watches and steers a session: the dashboard and the API, with users and what is stored of the session in a database. */
export interface SessionDesk {
  readonly url: string;
  /** How to sign in, for whoever started it. */
  readonly signIn: string;
  /** What the session gave, in order: for the database. */
  take(outputs: readonly SessionOutput[]): void;
  /** Nobody is served any more; the session may be stopped then. A second call waits for the first. */
  stopServing(): Promise<void>;
  /** After the session has stopped: stores what it gave last, as far as the database answers in time. */
  close(): Promise<void>;
}

/**
 * Opens the desk of a session.
 *
 * @throws WorldError, InputError
 */
export async function openDesk(options: DeskOptions): Promise<SessionDesk> {
  const { plan, session, mirror, journal, folder, clock, say } = options;
  const { DatabaseManager } = await import('../../adapters/postgres/database-manager.ts');
  const { startHttpServer } = await import('../../adapters/http/http-server.ts');
  const database = await DatabaseManager.open(options.database, 'PAPER');
  const report = (error: unknown): void => say(`error: ${error instanceof Error ? error.message : String(error)}`);
  const keys = findMasterKeys(process.env, path.join(folder, 'master.key'), await database.secrets.count());
  if (keys.warning !== null) say(keys.warning);
  const secrets = await SecurityManager.open(database.secrets, keys);
  const auth = await AuthManager.open({
    users: database.users,
    sessions: database.signIns,
    apiKeys: database.apiKeys,
    audit: database.audit,
    secrets,
    hasher: new Argon2Hasher(HASH_COST),
    clock,
    issuer: plan.name,
    report,
  });
  auth.start();
  const facts = sessionFacts(plan, folder);
  const projection = await database.sessions.open(facts);
  const writer = new BatchWriter(
    { open: () => Promise.resolve(projection), readFrom: (from) => replayOutputs(plan, journal.read(PLAN_SEQUENCE), from), clock },
    // The plan itself gives no output.
    Math.max(PLAN_SEQUENCE, journal.lastSequence),
  );
  writer.start();
  const server = await startHttpServer(
    {
      view: mirror,
      control: session,
      gatekeeper: forgettingFirst(gatekeeperOf(auth), folder),
      audit: auditTrailOf(auth.audit, database.audit),
      once: new Idempotency(database.idempotency, clock, report),
      rates: rateKeeperOf(clock),
      runs: { page: () => Promise.resolve([]), run: () => Promise.resolve(null), report: () => Promise.resolve(null) },
      health: { components: () => [journalHealth(journal), databaseHealth(writer)] },
      report: (error) => report(error),
    },
    {
      host: '127.0.0.1',
      port: options.port,
      tls: null,
      proxies: [],
      publicOrigins: [],
      webFolder: path.join(PACKAGE_FOLDER, 'dist/web'),
      version: VERSION,
      clock,
    },
  );
  let stopped: Promise<void> | null = null;
  if (options.port !== 0 && server.port !== options.port) say(`Port ${options.port} is taken; the dashboard is at the next free one.`);
  return {
    url: server.url,
    signIn: await firstSignIn(auth, { folder, isWatched: options.isWatched }),
    take: (outputs) => {
      for (const output of outputs) writer.push(output);
    },
    stopServing: () => {
      stopped ??= server.close().then(() => auth.stop());
      return stopped;
    },
    close: async () => {
      if (await writer.drain(clock.now() + DRAIN_US)) await projection.end(session.lastTs);
      await writer.stop();
      await database.close();
    },
  };
}

function journalHealth({ isAlive }: Journal): ComponentHealth {
  return { name: 'journal', state: isAlive ? 'OK' : 'DOWN', detail: '' };
}

function databaseHealth({ status }: BatchWriter): ComponentHealth {
  const isDown = status.downSince !== null || status.state === 'FAILED';
  return { name: 'database', state: isDown ? 'DOWN' : status.state === 'LIVE' ? 'OK' : 'DEGRADED', detail: status.problem?.message ?? '' };
}

/** Descriptors of each strategy's parameters, for forms. */
export function descriptorsOf(
  plan: SessionPlan,
): (strategy: number) => NonNullable<ReturnType<ReturnType<typeof planParts>['classOf']>['parameters']> {
  const parts = planParts();
  return (strategy) => {
    const planned = plan.strategies[strategy];
    return planned === undefined ? {} : (parts.classOf(planned.source).parameters ?? {});
  };
}
