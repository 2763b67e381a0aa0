import type { Code } from '../model/codes/catalogue.ts';
import type { Answer, RefusedAnswer } from '../ports/answer.ts';

/** What the security ring answers: what was asked for, or why not. */
export type Outcome<T> = Answer<T>;
export type Refusal = RefusedAnswer;

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
