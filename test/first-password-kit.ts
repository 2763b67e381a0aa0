import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The one-time password of a session's first start, where no terminal showed it. */
export function firstPassword(sessionFolder: string): string {
  return readFileSync(path.join(sessionFolder, 'one-time-password-admin.txt'), 'utf8').trim();
}
