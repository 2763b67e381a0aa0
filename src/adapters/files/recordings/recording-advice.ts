import { instantText } from '../../../model/instant.ts';
import { InputError, type InputProblem } from '../../../ports/errors.ts';
import { inputError } from '../input-problem.ts';
import type { RecordingFormat } from './recording-format.ts';
import { lookAtRecording } from './recording-look.ts';

interface Recording {
  readonly format: RecordingFormat;
  readonly path: string | readonly string[];
  readonly member?: string;
}

/** Refusals of a path itself, about which the contents say no more. */
const OF_PATHS: readonly string[] = ['FILE_MISSING', 'FILE_UNREADABLE', 'FILE_EMPTY', 'ARCHIVE_MEMBER_MISSING', 'ARCHIVE_MEMBER_AMBIGUOUS'];
const TABLES: readonly RecordingFormat[] = ['binance-depth-csv', 'tardis', 'bitstamp'];
const UNTIMED_FIX = 'Record anew with the time in front of each message: nobody can tell afterwards when it came.';
/** What there is to write for a table that is no recording. */
const TABLE_FIX =
  'Tables of other columns are read with csv: in place of recording: (data import without --recording); docs/guide/recordings.md says what each format holds.';

/**
 * The error to throw where reading a recording failed: where the files are not what their format says, or stand in the wrong order of time, one that
 * tells what they are and what to write; else the error as it is.
 */
export function advisedError(error: unknown, recording: Recording): unknown {
  if (!(error instanceof InputError)) return error;
  const problem = error.problems[0]!;
  const paths = typeof recording.path === 'string' ? [recording.path] : recording.path;
  if (problem.code === 'TIME_BACKWARDS') return orderError(problem, paths, recording);
  return OF_PATHS.includes(problem.code) ? error : (formatError(problem, paths, recording) ?? error);
}

/** What there is to write for a recording of this format. */
function formatFix(format: RecordingFormat): string {
  return `Write format: ${format} under recording: (--recording ${format} with data import).`;
}

function formatError(problem: InputProblem, paths: readonly string[], { format, member }: Recording): InputError | null {
  const path = paths.find((each) => problem.file?.startsWith(each) === true) ?? paths[0]!;
  const look = lookAtRecording(path, member);
  // What is wrong with the columns of a table is told best by what reads tables.
  if (look === null || look.format === format || (look.isTable && TABLES.includes(format))) return null;
  const fix = look.format !== null ? formatFix(look.format) : look.isTable ? TABLE_FIX : UNTIMED_FIX;
  return inputError('RECORDING_FORMAT_WRONG', {
    file: problem.file === undefined || paths.join(', ') === problem.file ? path : problem.file,
    line: 1,
    rule: `The file ${look.what}, which is not what the format ${format} reads.`,
    fix,
  });
}

function orderError(problem: InputProblem, paths: readonly string[], { member }: Recording): InputError {
  const fix =
    'Rows cannot be left out of a recording: sort the file by time, oldest first, or cut it before the place and read what lies before.';
  if (paths.length < 2) return new InputError([{ ...problem, fix }]);
  const begun = paths.map((path) => ({ path, ts: lookAtRecording(path, member)?.beginsTs ?? Number.NaN }));
  const sorted = [...begun].sort((a, b) => a.ts - b.ts);
  if (begun.some(({ ts }) => Number.isNaN(ts)) || sorted.every((each, index) => each === begun[index])) {
    return new InputError([{ ...problem, fix: `${fix} Files of a list may not overlap.` }]);
  }
  const begins = begun.map(({ path, ts }) => `${nameOf(path)} begins ${instantText(ts)}`).join(', ');
  return new InputError([
    {
      ...problem,
      rule: `The files are not in order of time: ${begins}.`,
      fix: `Give them in this order: ${sorted.map(({ path }) => nameOf(path)).join(', ')}.`,
    },
  ]);
}

function nameOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
