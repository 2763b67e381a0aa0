import type { RecordingFormat } from '../../adapters/files/recordings/recording-format.ts';
import { lookAtRecording } from '../../adapters/files/recordings/recording-look.ts';
import { InputError } from '../../ports/errors.ts';
import { type DescribedIn, refusalOf } from './lean-hint.ts';

/** What is no reading of a file as a table can be said of a recording, and of a packed one. */
const UNREAD = ['FORMAT_UNRECOGNIZED', 'KIND_UNSUPPORTED'];

/** The format of a recording that was given as another file; null for what is none. */
export function recordingFormatOf(files: readonly string[], member: string | undefined): RecordingFormat | null {
  const [first] = files;
  return first === undefined ? null : (lookAtRecording(first, member)?.format ?? null);
}

/** The refusal of a table that was not recognized, in words that fit a recording or a file of LEAN where it is one. */
export function hintedRefusal(error: unknown, files: readonly string[], member: string | undefined, describedIn: DescribedIn): unknown {
  if (!(error instanceof InputError) || !UNREAD.includes(error.problems[0]!.code)) return refusalOf(error, files, describedIn);
  const format = recordingFormatOf(files, member);
  if (format === null) return refusalOf(error, files, describedIn);
  const file = files[0]!;
  const rule = `This is a recording of the format ${format}, not a file of bars, trades or quotes alone.`;
  return new InputError([{ code: 'FORMAT_UNRECOGNIZED', file, line: 1, rule, fix: fixOf(format, files, member, describedIn) }]);
}

function fixOf(format: RecordingFormat, files: readonly string[], member: string | undefined, describedIn: DescribedIn): string {
  const kinds = 'book-deltas (or trades, quotes where it has them: docs/guide/recordings.md)';
  if (describedIn === 'run file') {
    const named = files.length === 1 ? files[0]! : `[${files.join(', ')}]`;
    const chosen = member === undefined ? '' : `, member: ${member}`;
    return `Write recording: { format: ${format}, file: ${named}${chosen} } in place of csv:, and kind: ${kinds}.`;
  }
  return `Add --recording ${format} and --kind ${kinds}.`;
}
