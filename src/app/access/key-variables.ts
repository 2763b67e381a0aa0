/** Variables of the environment that hold master keys. */
const KEY_VARIABLES = ['ENCRYPTION_KEY', 'ENCRYPTION_KEY_PREVIOUS'] as const;

/** Master keys as the environment gave them. */
export type KeyVariables = Readonly<Record<string, string | undefined>>;

const taken: Record<string, string | undefined> = {};

/**
 * Moves master keys out of the environment, first of all: what reads the environment later (a package, a program that is started, a crash report) does not
 * find them. A second call finds what the first took.
 */
export function takeKeyVariables(): KeyVariables {
  for (const name of KEY_VARIABLES) {
    const value = process.env[name];
    if (value !== undefined) taken[name] = value;
    delete process.env[name];
  }
  return taken;
}
