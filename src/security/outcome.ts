import type { Code } from '../model/codes/catalogue.ts';

/** A no with its code. The message is fit for whoever asked: it holds no secret and nothing of the inside. */
export interface Refusal {
  readonly ok: false;
  readonly code: Code;
  readonly message: string;
  /** Microseconds after which asking again may help. */
  readonly retryAfterUs?: number;
}

export type Outcome<T> = { readonly ok: true; readonly value: T } | Refusal;

export function granted<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

export function refused(code: Code, message: string, retryAfterUs?: number): Refusal {
  return retryAfterUs === undefined ? { ok: false, code, message } : { ok: false, code, message, retryAfterUs };
}

/**
 * Runs a decision and turns whatever it throws into a no (law 7): what cannot be judged is denied.
 *
 * @param report is told what was thrown; the caller is not
 */
export async function failClosed<T>(report: (error: unknown) => void, decide: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
  try {
    return await decide();
  } catch (error) {
    report(error);
    return refused('AUTH_UNAVAILABLE', 'This cannot be decided now, so it is refused. Try again later.');
  }
}
