/** A broken promise of our own code. Never caught to go on: whoever sees one stops. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/**
 * States what the code relies on. On in production: a wrong number in a trading program must stop it.
 *
 * @throws InvariantError when `condition` is false
 */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}

/** Ends a switch over a union: the compiler proves it is never reached, the assertion catches data that lies about its type. */
export function unreachable(value: never): never {
  throw new InvariantError(`unreachable case: ${JSON.stringify(value)}`);
}
