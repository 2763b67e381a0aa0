import path from 'node:path';
import { openConsoleDoor } from '../access/console-door.ts';
import { administrationOf, MASTER_KEY_FILE, openAuth, openSecrets } from '../access/open-access.ts';
import { firstSignIn, forgettingPasswords } from '../access/password-file.ts';
import { accountDeskOf } from './account-desk.ts';
import { auditTrailOf, gatekeeperOf, rateKeeperOf } from './desk-access.ts';
import { deskHealth } from './desk-health.ts';
import { planParts } from './plan-parts.ts';
import { replayOutputs } from './replay-session.ts';
import { storingLines, unstoredText } from './storing-lines.ts';
import { storedSwitches } from './stored-switches.ts';
import { sessionFacts } from './session-facts.ts';
import { sessionRuns } from './session-runs.ts';
import type { HttpOptions } from '../../adapters/http/http-server.ts';
import type { DatabaseManager } from '../../adapters/postgres/database-manager.ts';
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
import { Idempotency } from '../../security/requests/idempotency.ts';
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
  /** How the market data are. */
  readonly market: () => ComponentHealth;
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
  const { DatabaseManager } = await import('../../adapters/postgres/database-manager.ts');
  const database = await DatabaseManager.open(options.database, 'PAPER');
  const opened: Closing[] = [() => database.close()];
  try {
    return await deskOn(database, opened, options);
  } catch (error) {
    // What stays open keeps the process alive, and the embedded database locked.
    for (const close of opened.reverse()) await close();
    throw error;
  }
}

type Closing = () => void | Promise<void>;

/** @param opened what is to be closed where the rest fails: what is opened here is put behind it */
async function deskOn(database: DatabaseManager, opened: Closing[], options: DeskOptions): Promise<SessionDesk> {
  const { plan, session, mirror, journal, folder, clock, say } = options;
  const { startHttpServer } = await import('../../adapters/http/http-server.ts');
  const report = (error: unknown): void => say(`error: ${error instanceof Error ? error.message : String(error)}`);
  const secrets = await openSecrets(database, path.join(folder, MASTER_KEY_FILE), say);
  // What a crash or a new key in the environment has left to do.
  await secrets.rewrapAll();
  const auth = await openAuth(database, secrets, { clock, issuer: plan.name, report });
  auth.start();
  opened.push(() => auth.stop());
  const facts = sessionFacts(plan, folder);
  const runs = sessionRuns(plan, mirror, folder);
  const projection = await database.sessions.open(facts);
  mirror.takeStoredSwitches(storedSwitches(await database.records.tradingSwitches(facts.sessionId), facts));
  const writer = new BatchWriter(
    { open: () => Promise.resolve(projection), readFrom: (from) => replayOutputs(plan, journal, from), clock, onChange: storingLines(say) },
    // The plan itself gives no output.
    Math.max(PLAN_SEQUENCE, journal.lastSequence),
  );
  writer.start();
  opened.push(() => writer.stop());
  const server = await startHttpServer(
    {
      view: mirror,
      control: session,
      gatekeeper: forgettingPasswords(gatekeeperOf(auth), folder, report),
      accounts: accountDeskOf(auth, clock),
      audit: auditTrailOf(auth.audit, database.audit),
      once: new Idempotency(database.idempotency, clock, report),
      rates: rateKeeperOf(clock),
      runs: runs.library,
      health: { components: () => [options.market(), ...deskHealth(mirror, journal, writer)] },
      report: (error) => report(error),
    },
    httpOptionsOf(options),
  );
  opened.push(() => server.close());
  const administration = administrationOf(database, secrets, auth);
  const door = await openConsoleDoor(folder, { auth, secrets: administration, clock, report });
  opened.push(() => door?.close());
  let stopped: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    await door?.close();
    await server.close();
    auth.stop();
  };
  if (options.port !== 0 && server.port !== options.port) say(`Port ${options.port} is taken; the dashboard is at the next free one.`);
  return {
    url: server.url,
    signIn: await firstSignIn(auth, { folder, isWatched: options.isWatched }),
    take: (outputs) => outputs.forEach((output) => writer.push(output)),
    stopServing: () => {
      stopped ??= close();
      return stopped;
    },
    close: async () => {
      if (await writer.drain(clock.now() + DRAIN_US)) await projection.end(session.lastTs);
      else say(unstoredText(writer.status));
      await writer.stop();
      await database.close();
      runs.keep(report);
    },
  };
}

/** On this machine only: whoever wants another address puts a proxy before it. */
function httpOptionsOf({ port, clock }: DeskOptions): HttpOptions {
  const webFolder = path.join(PACKAGE_FOLDER, 'dist/web');
  return { host: '127.0.0.1', port, tls: null, proxies: [], publicOrigins: [], webFolder, version: VERSION, clock };
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
