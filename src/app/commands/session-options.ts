import path from 'node:path';
import type { Command } from 'commander';
import { type DatabaseSettings, databaseSettings, serverAddress } from '../../adapters/postgres/database-settings.ts';
import { InputError } from '../../ports/errors.ts';
import { SESSION_SPEED_MAX } from '../../runtime/session/session-clock.ts';
import { again } from '../command-frame.ts';
import { SESSIONS_FOLDER } from '../session/session-folder.ts';
import { STOP_POLICIES, type StopPolicy } from '../session/stop-policy.ts';

/** Minutes after which a session may be told to end. */
export const SESSION_MINUTES_MAX = 1_000_000;

/** What the commands that run a session have in common. */
export interface SessionCommandOptions {
  readonly folder?: string;
  readonly speed: string;
  readonly port: string;
  readonly databaseUrl?: string;
  readonly databaseFolder?: string;
  readonly set?: readonly string[];
  readonly minutes?: string;
  readonly onStop: string;
}

export function withSessionOptions(command: Command): Command {
  return command
    .option('--folder <folder>', `where the session lies; the same folder again goes on with it (default: ${SESSIONS_FOLDER}/NAME)`)
    .option('--speed <n>', 'so many times as fast as the clock', '1')
    .option('--minutes <n>', 'end by itself after so many minutes of trading')
    .option('--on-stop <policy>', 'working orders at the end: keep, which leaves them for the next start, or cancel', 'keep')
    .option('--port <n>', 'where the dashboard is; the next free one where it is taken', '8321')
    .option('--database-url <url>', 'a PostgreSQL server, postgres://USER:PASSWORD@HOST:PORT/NAME (default: DATABASE_URL)')
    .option('--database-folder <folder>', 'folder of the embedded database (default without a server: db in the folder of the session)')
    .option('--set <path=value>', 'set a value of the run file; may be given again', again);
}

/** Options, read. */
export interface SessionChoices {
  readonly speed: number;
  readonly port: number;
  readonly stopPolicy: StopPolicy;
  /** Of trading; null without end. */
  readonly minutes: number | null;
}

/** @throws InputError OPTION_INVALID */
export function choicesOf(options: SessionCommandOptions): SessionChoices {
  return {
    speed: speedOf(options.speed),
    port: portOf(options.port),
    stopPolicy: stopPolicyOf(options.onStop),
    minutes: options.minutes === undefined ? null : minutesOf(options.minutes),
  };
}

/** Where a session's database is: a server, or a folder within the session's. @throws InputError */
export function databaseOf({ databaseUrl, databaseFolder }: SessionCommandOptions, sessionFolder: string): DatabaseSettings {
  const isServer = serverAddress({ databaseUrl, databaseFolder }, process.env) !== null;
  const folder = databaseFolder ?? (isServer ? undefined : path.join(sessionFolder, 'db'));
  return databaseSettings({ databaseUrl, databaseFolder: folder }, process.env);
}

function speedOf(text: string): number {
  const speed = Number(text);
  if (speed > 0 && speed <= SESSION_SPEED_MAX) return speed;
  throw invalid('--speed', text, `--speed takes a number above 0, to ${SESSION_SPEED_MAX}.`, 'Write for example --speed 60.');
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw invalid('--port', text, '--port takes a whole number from 0 to 65535.', 'Write for example --port 8321.');
}

function minutesOf(text: string): number {
  const minutes = Number(text);
  if (minutes > 0 && minutes <= SESSION_MINUTES_MAX) return minutes;
  throw invalid('--minutes', text, `--minutes takes a number above 0, to ${SESSION_MINUTES_MAX}.`, 'Write for example --minutes 5.');
}

function stopPolicyOf(text: string): StopPolicy {
  const policy = STOP_POLICIES.find((each) => each === text);
  if (policy !== undefined) return policy;
  throw invalid('--on-stop', text, '--on-stop takes keep or cancel.', 'Write --on-stop cancel to cancel what works at the venue.');
}

function invalid(column: string, value: string, rule: string, fix: string): InputError {
  return new InputError([{ code: 'OPTION_INVALID', column, value, rule, fix }]);
}
