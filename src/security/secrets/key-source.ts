import { createKeyFile, readKeyFile } from './key-file.ts';
import { keyProblem, MasterKey } from './master-key.ts';

export interface KeySource {
  /** The newest first; the second is there while it is being replaced. */
  readonly keys: readonly MasterKey[];
  /** What to say where the key came from. */
  readonly place: string;
  /** Null where the environment gave the keys. */
  readonly file: string | null;
  /** The key was made just now: whoever starts the program must be told to keep a copy. */
  readonly warning: string | null;
}

/**
 * Finds the master key: in `ENCRYPTION_KEY` (and the one before it in `ENCRYPTION_KEY_PREVIOUS`), else in the file, else it makes the file.
 *
 * @param sealedCount secrets that are sealed already: with any, no key is made, for none could open them
 * @param isKeyInForce the store knows a master key, sealed secrets or not: a new one would not be it
 * @throws InputError SECRET_KEY_MISSING, SECRET_KEY_UNKNOWN, SECRET_KEY_WEAK, SECRET_KEY_MALFORMED, SECRET_KEY_FILE_UNSAFE
 */
export function findMasterKeys(
  environment: Readonly<Record<string, string | undefined>>,
  file: string,
  sealedCount: number,
  isKeyInForce = false,
): KeySource {
  const current = environment['ENCRYPTION_KEY'];
  const previous = environment['ENCRYPTION_KEY_PREVIOUS'];
  if (current !== undefined) {
    const keys = [MasterKey.parse(current, 'ENCRYPTION_KEY')];
    if (previous !== undefined) keys.push(MasterKey.parse(previous, 'ENCRYPTION_KEY_PREVIOUS'));
    return { keys, place: 'ENCRYPTION_KEY', file: null, warning: null };
  }
  if (previous !== undefined) {
    throw keyProblem('SECRET_KEY_MISSING', 'ENCRYPTION_KEY', 'is not set, and ENCRYPTION_KEY_PREVIOUS is.');
  }
  const found = readKeyFile(file);
  if (found !== null) return { keys: found, place: file, file, warning: null };
  if (sealedCount > 0) {
    throw keyProblem('SECRET_KEY_MISSING', file, `is absent, and ${sealedCount} sealed secrets open with it alone.`);
  }
  if (isKeyInForce) throw keyProblem('SECRET_KEY_UNKNOWN', file, 'is absent, and the database knows another that is in force.');
  const keys = createKeyFile(file);
  const warning = `A master key was made in ${file}. Keep a copy apart from backups of the data: without it stored secrets are lost.`;
  return { keys, place: file, file, warning };
}
