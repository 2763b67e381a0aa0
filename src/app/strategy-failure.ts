import { CODES, type Code } from '../model/codes/catalogue.ts';
import { StrategyMistake } from '../core/strategy/strategy-mistake.ts';
import type { ResolvedRun } from './backtest/resolve-run.ts';
import type { FailureMoment } from './backtest/run-backtest.ts';
import { instantText } from '../model/instant.ts';
import { mapStrategyStack, strategyPlace } from './strategies/strategy-stack.ts';

/** A handler of a strategy threw. The command ends with exit status 1. */
export class StrategyFailure extends Error {
  override readonly name = 'StrategyFailure';
  readonly code: Code;

  constructor(message: string, cause: Error) {
    super(message, { cause });
    this.code = cause instanceof StrategyMistake ? cause.code : 'STRATEGY_FAILED';
  }
}

const HANDLER_FRAME =
  /^\s*at (?:async )?(?:new (\w+)|(\w+)\.(on(?:Start|Trade|Quote|Book|Bar|QuoteBar|OrderEvent|Fill|Timer|Gap|Stop)|saveState|loadState))(?: \[as \w+\])? \((.+)\)$/;
const PLACE_FRAME = /\(?([^()\s]+:\d+:\d+)\)?$/;

/** What an error says, with what to do about it where it bears a code of its own. */
function wordsOf(error: Error): string {
  return error instanceof StrategyMistake
    ? `${/[.!?]$/.test(error.message) ? error.message : `${error.message}.`} ${CODES[error.code].fix} [${error.code}]`
    : `${error.message} [STRATEGY_FAILED]`;
}

/**
 * Tells whether an error came out of a strategy, by its stack or its type, and if so says which handler and line.
 *
 * A shipped strategy that refuses to start is told with the line of the run file that names it: its own source is none of the user's.
 *
 * @param run the classes of its strategies, and where it names shipped ones
 * @param moment where the run stood, for finding the row that did it
 * @returns the failure in words, or null for an error of ours
 */
export function strategyFailure(
  error: unknown,
  run: Pick<ResolvedRun, 'classNames' | 'shippedAt'>,
  moment: FailureMoment | null = null,
): StrategyFailure | null {
  // Our own code throws errors only; an error of a strategy may lack its stack.
  if (!(error instanceof Error))
    return new StrategyFailure(
      `a strategy threw ${thrownText(error)}, which is no Error and so does not say where: throw new Error(…) instead. [STRATEGY_FAILED]${momentText(moment)}`,
      new Error('a strategy threw what is no Error'),
    );
  if (error.stack === undefined) return null;
  const written = error.stack.split('\n').filter((line) => /^\s*at /.test(line));
  const frames = written.map(mapStrategyStack);
  for (const [index, frame] of frames.entries()) {
    const match = HANDLER_FRAME.exec(frame);
    if (match === null) continue;
    const className = match[1] ?? match[2]!;
    if (!run.classNames.includes(className)) continue;
    // The line that threw may lie in a function that the handler called: the first frame of the same file is nearest to the cause.
    const file = fileOf(match[4]!);
    const nearest = frames.find((candidate) => placeOf(candidate) !== null && fileOf(placeOf(candidate)!) === file) ?? frame;
    const place = shortPlace(placeOf(nearest) ?? match[4]!);
    // A frame of a user's file is another one before it is mapped.
    const shippedAt = frame === written[index] ? run.shippedAt.get(className) : undefined;
    const handler = match[1] === undefined ? `${className}.${match[3]!}` : `the constructor of ${className}`;
    const isRefusal = match[1] !== undefined || match[3] === 'onStart';
    const where =
      shippedAt === undefined
        ? ` at ${place}`
        : isRefusal
          ? `, of the strategy at ${shippedAt}`
          : ` at ${place}, of the strategy at ${shippedAt}`;
    return new StrategyFailure(`${handler} failed${where}: ${wordsOf(error)}${momentText(moment)}`, error);
  }
  const place = strategyPlace(error);
  if (place !== null)
    return new StrategyFailure(`the strategy failed at ${place.file}:${place.line}: ${wordsOf(error)}${momentText(moment)}`, error);
  return error instanceof StrategyMistake ? new StrategyFailure(`${wordsOf(error)}${momentText(moment)}`, error) : null;
}

/** What was thrown, as far as it can be written. */
function thrownText(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return 'a value that cannot be written out';
  }
}

function momentText(moment: FailureMoment | null): string {
  if (moment === null) return '';
  const { now, events, logTail } = moment;
  const log = logTail.length === 0 ? '' : `\nThe last that the strategies logged:\n${logTail.map((line) => `  ${line}`).join('\n')}`;
  return `\nThe run stood at ${instantText(now)}, after ${events} events; no result and no report is written.${log}`;
}

function placeOf(frame: string): string | null {
  return PLACE_FRAME.exec(frame)?.[1] ?? null;
}

function fileOf(place: string): string {
  return place.replace(/:\d+:\d+$/, '');
}

function shortPlace(place: string): string {
  return place.startsWith('file://') ? decodeURIComponent(place.slice('file://'.length)) : place;
}
