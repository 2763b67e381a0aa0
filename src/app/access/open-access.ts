import { takeKeyVariables } from './key-variables.ts';
import type { DatabaseManager } from '../../adapters/postgres/database-manager.ts';
import type { Clock } from '../../ports/clock.ts';
import { AuthManager } from '../../security/auth-manager.ts';
import { Argon2Hasher, HASH_COST } from '../../security/passwords/password-hasher.ts';
import { findMasterKeys } from '../../security/secrets/key-source.ts';
import { SecretAdministration } from '../../security/secrets/secret-administration.ts';
import { type SecretKeeper, SecurityManager } from '../../security/secrets/security-manager.ts';

/** The file of the master key, in the folder of a session. */
export const MASTER_KEY_FILE = 'master.key';

export interface AccessParts {
  readonly clock: Clock;
  /** Whose tokens they are. */
  readonly issuer: string;
  readonly report: (error: unknown) => void;
}

/** Users and their keys, over what a database holds of them. */
export function openAuth(database: DatabaseManager, secrets: SecretKeeper, parts: AccessParts): Promise<AuthManager> {
  return AuthManager.open({
    users: database.users,
    sessions: database.signIns,
    apiKeys: database.apiKeys,
    audit: database.audit,
    secrets,
    hasher: new Argon2Hasher(HASH_COST),
    ...parts,
  });
}

/**
 * Opens the sealed secrets of a database with the master key of the environment, or of a file.
 *
 * @param keyFile is made where there is no key and nothing is sealed yet; whoever starts the program is warned then
 * @throws InputError
 */
export async function openSecrets(database: DatabaseManager, keyFile: string, warn: (line: string) => void): Promise<SecurityManager> {
  const { secrets: store } = database;
  const keys = findMasterKeys(takeKeyVariables(), keyFile, await store.count(), (await store.keyState()) !== null);
  if (keys.warning !== null) warn(keys.warning);
  return SecurityManager.open(store, keys);
}

/** For who opens and seals nothing: no master key is read, and what is sealed is thrown away at most. */
export function closedSecrets(database: DatabaseManager): SecretKeeper {
  const closed = (): Promise<never> => Promise.reject(new Error('no master key was read: this act opens and seals nothing'));
  return { put: closed, get: closed, remove: (binding) => database.secrets.remove(binding) };
}

export function administrationOf(database: DatabaseManager, secrets: SecurityManager, { audit }: AuthManager): SecretAdministration {
  return new SecretAdministration({ users: database.users, store: database.secrets, secrets, audit });
}
