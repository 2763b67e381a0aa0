import { carryOutAct, type ActParts, type ConsoleResult } from './carry-out-act.ts';
import { ConsoleAct } from './console-act.ts';
import { askConsole, consoleSocketPath, type ConsoleServer, serveConsole } from '../../adapters/console/console-socket.ts';
import type { Answer } from '../../ports/answer.ts';
import { WorldError } from '../../ports/errors.ts';

/** Lets the command line act through the process that has the database. @returns null where there can be no such door */
export async function openConsoleDoor(folder: string, parts: ActParts): Promise<ConsoleServer | null> {
  const file = consoleSocketPath(folder);
  if (file === null) return null;
  return serveConsole(file, async (line) => {
    const asked = ConsoleAct.safeParse(parsed(line));
    const answer: Answer<ConsoleResult> = asked.success
      ? await carryOutAct(asked.data, parts)
      : { ok: false, code: 'CONSOLE_FAILED', message: 'The session that runs is of another version, and does not know this command.' };
    return JSON.stringify(answer);
  });
}

/** Asks the session that runs in a folder. @returns null where none does, or it has no door */
export async function askConsoleDoor(folder: string, act: ConsoleAct): Promise<Answer<ConsoleResult> | null> {
  const file = consoleSocketPath(folder);
  if (file === null) return null;
  try {
    const line = await askConsole(file, JSON.stringify(act));
    return line === null ? null : (JSON.parse(line) as Answer<ConsoleResult>);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new WorldError('CONSOLE_FAILED', `The session that runs in ${folder} did not answer: ${why}.`, { retryable: true, cause });
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
