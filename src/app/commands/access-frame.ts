import type { Command } from 'commander';
import type { ConsoleResult } from '../access/carry-out-act.ts';
import type { ConsoleAct } from '../access/console-act.ts';
import { passwordFile } from '../access/password-file.ts';
import { accessPlace, actOn, type AccessOptions, valueOrFailure } from '../access/reach-database.ts';
import { type Shown, showOnce } from '../access/show-once.ts';
import { EXIT, framed, JSON_OPTION } from '../command-frame.ts';
import { withDatabaseOptions } from '../database/database-options.ts';
import { SESSIONS_FOLDER } from '../session/session-folder.ts';
import { print } from './data-frame.ts';

/** What the commands about users, keys and secrets have in common. */

export interface AccessCommandOptions extends AccessOptions {
  readonly json?: boolean;
}

/** The end of the help of each of them. */
export const ACCESS_HELP = `
It acts on the one session in ${SESSIONS_FOLDER}/, or on what --folder, --database-folder or --database-url name. A session that runs carries it out itself, and
it takes hold there at once; everything is in the audit log, with the actor "console".`;

export function withAccessOptions(command: Command): Command {
  return withDatabaseOptions(command.option('--folder <folder>', `folder of a session (default: the one in ${SESSIONS_FOLDER}/)`)).option(
    '--json',
    JSON_OPTION,
  );
}

/** Carries an act out and prints what it came to: lines for people, or one object. */
export function runAct<T extends ConsoleResult['kind']>(
  options: AccessCommandOptions,
  makeAct: () => ConsoleAct | Promise<ConsoleAct>,
  kind: T,
  lines: (result: Extract<ConsoleResult, { kind: T }>) => readonly string[],
): Promise<void> {
  return framed(async () => {
    const result = valueOrFailure(await actOn(options, await makeAct()));
    if (result.kind !== kind) throw new Error(`the act came to ${result.kind}, not to ${kind}`);
    if (result.kind === 'password') {
      const { name, tsEnd } = result;
      const shown = shownOnce(options, `One-time password of ${name}`, result.password, passwordFile(name));
      if (options.json === true) print([JSON.stringify({ name, tsEnd, ...placeOf(shown, { password: result.password }) })]);
    } else if (result.kind === 'key') {
      const { keyId, tsEnd } = result;
      const shown = shownOnce(options, `Key ${keyId}`, result.key, `api-key-${keyId}.txt`);
      if (options.json === true) print([JSON.stringify({ keyId, tsEnd, ...placeOf(shown, { key: result.key }) })]);
    } else if (options.json === true) {
      const { kind: _, ...rest } = result;
      print([JSON.stringify(rest)]);
    }
    const text = options.json === true ? [] : lines(result as Extract<ConsoleResult, { kind: T }>);
    if (text.length > 0) print(text);
    return EXIT.ok;
  }, options);
}

function shownOnce(options: AccessCommandOptions, label: string, text: string, name: string): Shown {
  const isTerminal = process.stdout.isTTY === true;
  // As JSON it is part of the object where somebody looks, and a file where nobody does.
  const say = (line: string): void => {
    if (options.json !== true) print([line]);
  };
  const folder = accessPlace(options, process.env).folder ?? '.';
  return showOnce(label, text, name, { isTerminal, say, folder });
}

function placeOf(shown: Shown, itself: object): object {
  return shown.on === 'FILE' ? { file: shown.file } : itself;
}
