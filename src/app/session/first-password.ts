import { existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { WorldError } from '../../ports/errors.ts';
import type { Gatekeeper } from '../../ports/gatekeeper.ts';
import type { AuthManager } from '../../security/auth-manager.ts';
import { consolePermit } from '../../security/authorizer.ts';

/** Where the one-time password of the first start stands where nobody watches it, in the folder of the session. */
export const FIRST_PASSWORD_FILE = 'first-password.txt';

const USE = 'good once, for setting one of your own';

interface FirstSignIn {
  /** Folder of the session. */
  readonly folder: string;
  /** A person reads what is printed; else it may end up in a log, and a password does not belong there. */
  readonly isWatched: boolean;
}

/** Makes the first user where there is none. @returns how to sign in, for the terminal */
export async function firstSignIn(auth: AuthManager, { folder, isWatched }: FirstSignIn): Promise<string> {
  const file = path.join(folder, FIRST_PASSWORD_FILE);
  const made = await auth.manageUsers((administration) => administration.firstStart(consolePermit('users:manage')));
  if (!made.ok) throw new WorldError(made.code, made.message, { retryable: false });
  if (made.value === null) {
    const password = existsSync(file) ? `password in ${file} (${USE})` : 'with your password (a first one was shown by the first start)';
    return `user admin, ${password}; forgotten: npx quanthybrid user reset`;
  }
  const { name, password } = made.value;
  if (isWatched) return `user ${name}, password ${password.reveal()} (shown once; ${USE})`;
  writePassword(file, password.reveal());
  return `user ${name}, password in ${file} (${USE})`;
}

function writePassword(file: string, password: string): void {
  try {
    rmSync(file, { force: true });
    writeFileSync(file, `${password}\n`, { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    const message = `${file} cannot be written: the first password is lost. "quanthybrid user reset" makes another.`;
    throw new WorldError('PASSWORD_FILE_FAILED', message, { retryable: false, cause });
  }
}

/** The same gatekeeper, which removes the file of the first password when its user has set another: what it says is good no more. */
export function forgettingFirst(gatekeeper: Gatekeeper, folder: string): Gatekeeper {
  return {
    ...gatekeeper,
    changePassword: async (...asked) => {
      const answer = await gatekeeper.changePassword(...asked);
      if (answer.ok && asked[0].userName === 'admin') rmSync(path.join(folder, FIRST_PASSWORD_FILE), { force: true });
      return answer;
    },
  };
}
