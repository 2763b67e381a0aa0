import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { showOnce } from './show-once.ts';
import { WorldError } from '../../ports/errors.ts';
import type { Gatekeeper } from '../../ports/gatekeeper.ts';
import type { AuthManager } from '../../security/auth-manager.ts';
import { consolePermit } from '../../security/authorizer.ts';

const USE = 'good once, for setting one of your own';

/** Where a one-time password stands that no terminal showed, in the folder of the session. */
export function passwordFile(userName: string): string {
  return `one-time-password-${userName}.txt`;
}

interface FirstSignIn {
  /** Folder of the session. */
  readonly folder: string;
  /** A person reads what is printed; else it may end up in a log, and a password does not belong there. */
  readonly isWatched: boolean;
}

/** Makes the first user where there is none. @returns how to sign in, for the terminal @throws WorldError */
export async function firstSignIn(auth: AuthManager, { folder, isWatched }: FirstSignIn): Promise<string> {
  const made = await auth.manageUsers((administration) => administration.firstStart(consolePermit('users:manage')));
  if (!made.ok) throw new WorldError(made.code, made.message, { retryable: false });
  if (made.value === null) {
    const file = path.join(folder, passwordFile('admin'));
    const password = existsSync(file) ? `password in ${file} (${USE})` : 'with your password (a first one was shown by the first start)';
    return `user admin, ${password}; forgotten: npx quanthybrid user reset admin`;
  }
  const { name, password } = made.value;
  // What is returned says it.
  const say = (): void => undefined;
  const shown = showOnce(`password of ${name}`, password.reveal(), passwordFile(name), { isTerminal: isWatched, say, folder });
  return shown.on === 'FILE'
    ? `user ${name}, password in ${shown.file} (${USE})`
    : `user ${name}, password ${password.reveal()} (shown once; ${USE})`;
}

/** The same gatekeeper, which removes the file of a user's one-time password when they have set another: what it says is good no more. */
export function forgettingPasswords(gatekeeper: Gatekeeper, folder: string, report: (error: unknown) => void): Gatekeeper {
  return {
    ...gatekeeper,
    changePassword: async (...asked) => {
      const answer = await gatekeeper.changePassword(...asked);
      if (!answer.ok) return answer;
      try {
        rmSync(path.join(folder, passwordFile(asked[0].userName)), { force: true });
      } catch (error) {
        // The password is changed; a file that stays opens nothing.
        report(error);
      }
      return answer;
    },
  };
}
