import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { carryOutAct, type ConsoleResult } from './carry-out-act.ts';
import { type ConsoleAct, isAboutSecrets } from './console-act.ts';
import { askConsoleDoor } from './console-door.ts';
import { takeKeyVariables } from './key-variables.ts';
import { administrationOf, closedSecrets, MASTER_KEY_FILE, openAuth, openSecrets } from './open-access.ts';
import { assertThere } from '../database/database-options.ts';
import { SESSIONS_FOLDER } from '../session/session-folder.ts';
import { SystemClock } from '../../adapters/clock/system-clock.ts';
import { databaseSettings, type DatabaseOptions, serverAddress } from '../../adapters/postgres/database-settings.ts';
import type { Answer } from '../../ports/answer.ts';
import { InputError, WorldError } from '../../ports/errors.ts';

export interface AccessOptions extends DatabaseOptions {
  /** Folder of a session. */
  readonly folder?: string;
}

/** Where an act is carried out. */
export interface AccessPlace {
  readonly database: DatabaseOptions;
  /** Where the master key lies, and where a session that runs listens; null where only a database was named. */
  readonly folder: string | null;
}

/**
 * What the options mean: the folder of a session holds its database and its master key. Without any, the one session that there is.
 *
 * @throws InputError where it cannot be told which one is meant
 */
export function accessPlace(options: AccessOptions, environment: Readonly<Record<string, string | undefined>>): AccessPlace {
  const { databaseUrl, databaseFolder } = options;
  const namesDatabase = databaseFolder !== undefined || serverAddress(options, environment) !== null;
  if (options.folder === undefined && namesDatabase) return { database: { databaseUrl, databaseFolder }, folder: null };
  const folder = options.folder ?? onlySession();
  if (!existsSync(folder)) throw unclear(folder, 'There is no such folder of a session.', 'Correct --folder.');
  const database = namesDatabase ? { databaseUrl, databaseFolder } : { databaseFolder: path.join(folder, 'db') };
  return { database, folder };
}

function onlySession(): string {
  const found = existsSync(SESSIONS_FOLDER)
    ? readdirSync(SESSIONS_FOLDER)
        .map((name) => path.join(SESSIONS_FOLDER, name))
        .filter((folder) => existsSync(path.join(folder, 'db')) || existsSync(path.join(folder, MASTER_KEY_FILE)))
    : [];
  if (found.length === 1) return found[0]!;
  if (found.length > 1) throw unclear(SESSIONS_FOLDER, `There are ${found.length} sessions.`, `Say which: --folder ${found[0]!}`);
  const rule = `No session with users lies in ${path.resolve(SESSIONS_FOLDER)}.`;
  throw unclear(SESSIONS_FOLDER, rule, 'Give --folder, --database-folder or --database-url; a session with --dashboard makes users.');
}

function unclear(place: string, rule: string, fix: string): InputError {
  return new InputError([{ code: 'OPTION_INVALID', column: '--folder', value: place, rule, fix }]);
}

/**
 * Carries an act out: by the session that runs in the folder, where one does, for it has the database and everything takes hold in it at once; else in the
 * database itself, where a server that runs elsewhere finds it within a second.
 *
 * @throws InputError, WorldError
 */
export async function actOn(options: AccessOptions, act: ConsoleAct): Promise<Answer<ConsoleResult>> {
  const place = accessPlace(options, process.env);
  const answered = place.folder === null ? null : await askConsoleDoor(place.folder, act);
  return answered ?? actOnDatabase(place, act);
}

async function actOnDatabase({ database: options, folder }: AccessPlace, act: ConsoleAct): Promise<Answer<ConsoleResult>> {
  assertThere(options);
  const { DatabaseManager } = await import('../../adapters/postgres/database-manager.ts');
  const database = await DatabaseManager.open(databaseSettings(options, process.env), 'PAPER').catch((error: unknown) => {
    throw withTheWay(error);
  });
  try {
    const clock = new SystemClock();
    const warn = (line: string): void => void process.stderr.write(`${line}\n`);
    const report = (error: unknown): void => warn(`error: ${error instanceof Error ? error.message : String(error)}`);
    const secrets = isAboutSecrets(act) ? await openSecrets(database, keyFileIn(folder), warn) : null;
    const auth = await openAuth(database, secrets ?? closedSecrets(database), { clock, issuer: 'console', report });
    const administration = secrets === null ? null : administrationOf(database, secrets, auth);
    return await carryOutAct(act, { auth, secrets: administration, clock, report });
  } finally {
    await database.close();
  }
}

/** @throws InputError where nothing says which key is meant */
function keyFileIn(folder: string | null): string {
  if (folder !== null) return path.join(folder, MASTER_KEY_FILE);
  // The environment has the key, and no file is looked at.
  if (takeKeyVariables()['ENCRYPTION_KEY'] !== undefined) return MASTER_KEY_FILE;
  throw new InputError([
    {
      code: 'SECRET_KEY_MISSING',
      column: '--folder',
      rule: 'Secrets need the master key, and neither ENCRYPTION_KEY nor a folder of a session was given.',
      fix: `Give --folder, where ${MASTER_KEY_FILE} lies, or set ENCRYPTION_KEY.`,
    },
  ]);
}

/** The embedded database has one process at a time; where that one cannot be asked, its dashboard can. */
function withTheWay(error: unknown): unknown {
  if (!(error instanceof InputError) || error.problems[0]?.code !== 'DATABASE_FOLDER_LOCKED') return error;
  return new InputError([
    {
      ...error.problems[0],
      fix: 'Where it is a session, give its --folder, or do this in its dashboard, Operations; or end the session first. If no such process runs, delete this file.',
    },
  ]);
}

/** The value of an answer. @throws WorldError where it is a no */
export function valueOrFailure(answer: Answer<ConsoleResult>): ConsoleResult {
  if (answer.ok) return answer.value;
  throw new WorldError(answer.code, answer.message, { retryable: false });
}
