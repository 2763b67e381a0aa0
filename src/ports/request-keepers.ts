import type { Answer } from './answer.ts';

/** How much somebody may ask for. */
export interface RateKeeper {
  /**
   * @param owners the user, and the API key if it was one; or the address where nobody is known
   * @returns RATE_LIMITED with the time after which the request passes if nothing else comes
   */
  take(owners: readonly string[], cost: number): Answer<null>;
}

/** Does what a request asks for once, however often it comes. */
export interface OnceKeeper {
  /**
   * @param body method, path and body, as they came
   * @param work called at most once per owner and key; its answer is plain data. Where it throws, the key stays taken: nobody knows how far it came.
   */
  once<T>(request: { readonly owner: string; readonly key: string; readonly body: string }, work: () => Promise<T>): Promise<Answer<T>>;
}
