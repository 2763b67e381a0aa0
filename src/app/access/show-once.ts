import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { WorldError } from '../../ports/errors.ts';

/** What was shown, and where: whoever writes about it must not hold it. */
export type Shown = { readonly on: 'TERMINAL' } | { readonly on: 'FILE'; readonly file: string };

export interface ShowOnce {
  /** Whether a person looks at where lines go; else they lie in a log for years. */
  readonly isTerminal: boolean;
  readonly say: (line: string) => void;
  /** Where the file goes when nobody looks. */
  readonly folder: string;
}

/**
 * Shows what nobody can be shown again: on a terminal, or without one in a file for its owner alone.
 *
 * @param label what it is, such as `password of ada`
 * @param name of the file
 */
export function showOnce(label: string, text: string, name: string, { isTerminal, say, folder }: ShowOnce): Shown {
  const file = path.join(folder, name);
  try {
    // One of the same name held what is no longer good. A link in its place is taken away, not followed.
    rmSync(file, { force: true });
    if (!isTerminal) writeForOwner(file, `${text}\n`);
  } catch (cause) {
    throw new WorldError('ONE_TIME_FILE_FAILED', `${file} cannot be written anew, so nobody was shown the ${label}.`, {
      retryable: true,
      cause,
    });
  }
  if (isTerminal) {
    say(`${label}: ${text}`);
    return { on: 'TERMINAL' };
  }
  say(`${label}: in the file ${file}, which only you can read. Delete it when you have used it.`);
  return { on: 'FILE', file };
}

function writeForOwner(file: string, text: string): void {
  const descriptor = openSync(file, 'wx', 0o600);
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
