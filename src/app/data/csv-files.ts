import type { BlockKindName } from '../../model/blocks.ts';
import type { RunFileCsv } from '../run-file/schema.ts';
import type { RefuseKey } from './csv-description.ts';

/** The files of a stream: of all its rows, or of bids and asks apart. */
export type CsvFiles = { readonly paths: readonly string[] } | { readonly bid: readonly string[]; readonly ask: readonly string[] };

/**
 * Which files a description names. Bars of bid and ask in a file each are quote bars, whatever else is said.
 *
 * @throws InputError by `refuse`
 */
export function csvFilesOf(csv: RunFileCsv, kind: BlockKindName | undefined, refuse: RefuseKey): CsvFiles {
  const { file, bidFile, askFile, onDefect } = csv;
  if (bidFile === undefined && askFile === undefined) {
    if (file === undefined)
      throw refuse('file', 'No file is named.', 'Name one, or bidFile and askFile for bars of bid and ask in a file each.');
    return { paths: listOf(file) };
  }
  if (file !== undefined)
    throw refuse('file', 'There is a file, and one of bids or asks besides.', 'Give file, or bidFile and askFile, not both.');
  if (bidFile === undefined) throw refuse('bidFile', 'There is a file of asks and none of bids.', 'Name both, bidFile and askFile.');
  if (askFile === undefined) throw refuse('askFile', 'There is a file of bids and none of asks.', 'Name both, bidFile and askFile.');
  if (kind !== undefined && kind !== 'quote-bars')
    throw refuse('kind', `Files of bids and of asks are quote-bars, but kind says ${kind}.`, 'Take kind out, or write quote-bars.');
  if (onDefect === 'skip')
    throw refuse('onDefect', 'Rows of bids and asks in a file each cannot be skipped: the files would no longer match.', 'Take it out.');
  return { bid: listOf(bidFile), ask: listOf(askFile) };
}

function listOf(paths: string | readonly string[]): readonly string[] {
  return typeof paths === 'string' ? [paths] : paths;
}
