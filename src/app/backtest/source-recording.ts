import { existsSync } from 'node:fs';
import { type OpenAnyRecordingOptions, openRecording } from '../../adapters/files/recordings/open-recording.ts';
import { BLOCK_KIND_OF, BlockKind, type BookDeltaBlock, isBarKind } from '../../model/blocks.ts';
import type { BlockReader } from '../../ports/block-reader.ts';
import { InputError } from '../../ports/errors.ts';
import { BookStart } from '../../runtime/book-start.ts';
import type { DataSource, SourceContext } from './data-source.ts';
import { fileDigest } from './file-digests.ts';

/** Rows of a recording of a venue's messages, or of a vendor's. */
export function recordingSource(context: SourceContext): DataSource {
  const { loaded, data, instrument, span, path } = context;
  const { format, file, member, symbol } = data.recording!;
  const kind = BLOCK_KIND_OF[data.kind ?? 'book-deltas'];
  if (isBarKind(kind)) throw loaded.refusal([...path, 'kind'], 'Recordings have no bars.', 'Give kind: book-deltas, quotes or trades.');
  const files = (typeof file === 'string' ? [file] : file).map((each) => loaded.path(each));
  const missing = files.find((each) => !existsSync(each));
  if (missing !== undefined) {
    const fix = 'Check the path; it is relative to the run file.';
    throw new InputError([loaded.problem('FILE_MISSING', [...path, 'recording', 'file'], `There is no file ${missing}.`, fix)]);
  }
  const isBook = kind === BlockKind.BOOK_DELTAS;
  const options: OpenAnyRecordingOptions = {
    format,
    path: files,
    kind,
    instrument,
    range: { ...(span.fromTs === null ? {} : { fromTs: span.fromTs }), ...(span.toTs === null ? {} : { toTs: span.toTs }) },
    ...(member === undefined ? {} : { member }),
    ...(symbol === undefined ? {} : { symbol }),
  };
  return {
    kind,
    every: null,
    assumed: [],
    open: () => {
      const reader = openRecording(options);
      // What lies before the period has made the book that it begins with.
      return isBook && span.fromTs !== null ? new BookStart(reader as BlockReader<BookDeltaBlock>, span.fromTs) : reader;
    },
    identity: () =>
      `recording ${format} ${data.kind ?? 'book-deltas'} ${JSON.stringify([symbol, member])} ${files.map(fileDigest).join(' ')}`,
    accountEvents: () => [],
  };
}
