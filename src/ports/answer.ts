import type { Code } from '../model/codes/catalogue.ts';

/** A no with its code. The message is fit for whoever asked: it holds no secret and nothing of the inside. */
export interface RefusedAnswer {
  readonly ok: false;
  readonly code: Code;
  readonly message: string;
  /** Microseconds after which asking again may help. */
  readonly retryAfterUs?: number;
}

/** What was asked for, or why not. */
export type Answer<T> = { readonly ok: true; readonly value: T } | RefusedAnswer;

/** The same answer about another value. */
export function mapped<T, U>(answer: Answer<T>, map: (value: T) => U): Answer<U> {
  return answer.ok ? { ok: true, value: map(answer.value) } : answer;
}
