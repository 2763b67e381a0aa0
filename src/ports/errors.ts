import type { Code } from '../model/codes/catalogue.ts';

/** One thing wrong with what a person gave us: where, what, which rule, and how to mend it. */
export interface InputProblem {
  readonly code: Code;
  /** The rule that was broken, as a sentence. */
  readonly rule: string;
  readonly fix: string;
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  /** Column name, or its number from 1. */
  readonly column?: string;
  /** The offending text, as found. */
  readonly value?: string;
}

/** Bad input (file, run file, option): the command ends with exit status 2 and nothing half-done stays behind. */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly problems: readonly InputProblem[];

  constructor(problems: readonly InputProblem[]) {
    super(problems.map(describeProblem).join('\n'));
    this.problems = problems;
  }
}

/** The world failed (disk, network, venue): `retryable` says whether the same call may work later. */
export class WorldError extends Error {
  override readonly name = 'WorldError';
  readonly code: Code;
  readonly retryable: boolean;

  constructor(code: Code, message: string, options: { readonly retryable: boolean; readonly cause?: unknown }) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable;
  }
}

/** `file:line, column "price", value "abc": rule Fix: … [CODE]` */
export function describeProblem(problem: InputProblem): string {
  const place = [
    problem.file === undefined ? '' : problem.line === undefined ? problem.file : `${problem.file}:${problem.line}`,
    problem.column === undefined ? '' : `column "${problem.column}"`,
    problem.value === undefined ? '' : `value ${JSON.stringify(problem.value)}`,
  ].filter((part) => part !== '');
  return `${place.length === 0 ? '' : `${place.join(', ')}: `}${problem.rule} ${problem.fix} [${problem.code}]`;
}
