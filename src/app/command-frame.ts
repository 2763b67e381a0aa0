import { describeProblem, InputError, type InputProblem, WorldError } from '../ports/errors.ts';
import { StrategyFailure } from './strategy-failure.ts';

/** What a command ends with. As shells count signals: 130 ended by Ctrl-C (128 + 2), 141 nobody reads its output any more (128 + 13). */
export const EXIT = { ok: 0, failed: 1, badInput: 2, interrupted: 130, closedPipe: 141 } as const;

/** What `--json` does, in the help of every command that has it. */
export const JSON_OPTION = 'print the result (or the error) as one JSON object on standard output, and nothing else';

/** For options that may be given again: what was given so far, and one more. */
export function again(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

/**
 * Runs a command and turns what it throws into a message and an exit status. Problems go to standard error, so that standard output
 * holds results only.
 */
export async function framed(
  command: () => Promise<number>,
  { json = false }: { readonly json?: boolean | undefined } = {},
): Promise<void> {
  try {
    process.exitCode = await command();
  } catch (error) {
    if (json) process.stdout.write(failureJson(errorFacts(error)));
    process.exitCode = reportFailure(error);
  }
}

/** Ends the program quietly when whoever reads its output has gone (`| head`): Node ignores SIGPIPE, so a write fails in its place. */
export function endWithReader(streams: readonly NodeJS.WritableStream[]): void {
  for (const stream of streams)
    stream.on('error', (error) => {
      if (!isClosedPipe(error)) throw error;
      process.exit(EXIT.closedPipe);
    });
}

/** Windows says EOF where others say EPIPE. */
export function isClosedPipe(error: Error): boolean {
  return 'code' in error && (error.code === 'EPIPE' || error.code === 'EOF');
}

/** What a program that reads `--json` is told of a failure; of bad input every problem by itself. */
interface ErrorFacts {
  readonly code: string;
  readonly message: string;
  readonly problems?: readonly InputProblem[];
}

/** The one object that `--json` prints where there is no result. */
export function failureJson(error: ErrorFacts): string {
  return `${JSON.stringify({ status: 'failed', error })}\n`;
}

function errorFacts(error: unknown): ErrorFacts {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof InputError) return { code: error.problems[0]?.code ?? 'INPUT', message, problems: error.problems };
  if (error instanceof StrategyFailure || error instanceof WorldError) return { code: error.code, message };
  return { code: 'DEFECT', message };
}

/** Says on standard error what went wrong; the exit status that it stands for. */
export function reportFailure(error: unknown): number {
  if (error instanceof InputError) {
    for (const problem of error.problems) process.stderr.write(`error: ${describeProblem(problem)}\n`);
    return EXIT.badInput;
  }
  if (error instanceof StrategyFailure) {
    process.stderr.write(`error: ${error.message}\n`);
    return EXIT.failed;
  }
  if (error instanceof WorldError) {
    process.stderr.write(`error: ${error.message} [${error.code}]\n`);
    return EXIT.failed;
  }
  process.stderr.write(
    `error: this is a defect of the program; please report it with these lines.\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  return EXIT.failed;
}

/** A signal that Ctrl-C sets; a second Ctrl-C ends the program at once. */
export function interruption(): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const onInterrupt = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort();
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  return {
    signal: controller.signal,
    release: () => {
      process.off('SIGINT', onInterrupt);
      process.off('SIGTERM', onInterrupt);
    },
  };
}
