import type { Code } from './codes/catalogue.ts';

/** A saved state cannot be loaded here: nothing has been changed. */
export class StateRefused extends Error {
  override readonly name = 'StateRefused';
  readonly code: Code;

  constructor(code: Code, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * @param what whose state it is
 * @param loadable versions that can be loaded
 * @throws StateRefused for any other
 */
export function refuseOtherVersion(what: string, found: unknown, loadable: readonly number[]): void {
  if (typeof found === 'number' && loadable.includes(found)) return;
  throw new StateRefused(
    'STATE_VERSION_UNKNOWN',
    `saved state of ${what}, version ${String(found)}; can be loaded: ${loadable.join(', ')}`,
  );
}
