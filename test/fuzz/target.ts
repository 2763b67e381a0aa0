import type { Random } from '../../src/base/random.ts';
import { InvariantError } from '../../src/base/assert.ts';
import { CODES } from '../../src/model/codes/catalogue.ts';
import { InputError } from '../../src/ports/errors.ts';

/** An input as plain data (texts, bytes, numbers, lists, objects), so that one shrinker fits all. */
export type FuzzInput = unknown;

/** `accepted`, or the code or word of the refusal. */
export type Verdict = string;
export const ACCEPTED = 'accepted';

/** A parser or entry point, made ready. */
export interface FuzzRun {
  generate(random: Random): FuzzInput;
  /** Gives the input to the parser. What it throws, but for refusals that have a code of the catalogue, is a failure. */
  feed(input: FuzzInput): Verdict | Promise<Verdict>;
  close?(): void | Promise<void>;
}

/** A row of the inventory. */
export interface FuzzTarget {
  readonly name: string;
  /** `FILE#EXPORT` from the root of the repository: what is fuzzed, directly or through what calls it. */
  readonly entries: readonly string[];
  /** What is made of valid samples, and what must hold of what is accepted: for the docs. */
  readonly inputs: string;
  readonly oracle: string;
  /** Share of the inputs that is fed, where one is as good as many: such as a process of its own for each. */
  readonly share?: number;
  open(): FuzzRun | Promise<FuzzRun>;
}

/** Something that must hold did not. */
export class FuzzFailure extends Error {
  override readonly name = 'FuzzFailure';
}

export function must(condition: boolean, message: string): asserts condition {
  if (!condition) throw new FuzzFailure(message);
}

/** The code that an error refuses with; null where it is no refusal. */
export function codeOf(error: unknown): string | null {
  if (!(error instanceof Error) || error instanceof InvariantError || error instanceof FuzzFailure) return null;
  const code = error instanceof InputError ? error.problems[0]?.code : 'code' in error ? error.code : undefined;
  return typeof code === 'string' && Object.hasOwn(CODES, code) ? code : null;
}

/** Accepted where the work comes to its end, else the code of the refusal. @throws what is no refusal */
export function verdictOf(work: () => unknown): Verdict {
  try {
    work();
    return ACCEPTED;
  } catch (error) {
    const code = codeOf(error);
    if (code === null) throw error;
    return code;
  }
}
