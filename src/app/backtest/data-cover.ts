import { InputError } from '../../ports/errors.ts';
import { exactTimeText } from '../terminal/exact-time.ts';
import type { SourceReader } from './data-source.ts';

/** Rows that are read, at most, to see where a source ends. */
export const COVER_ROWS_MAX = 20_000_000;

/**
 * What a source without a row in the period has, as a sentence for a message.
 *
 * @param open opens the whole source
 */
export function coverText(open: () => SourceReader, rowsMax = COVER_ROWS_MAX): string {
  try {
    return coverOf(open(), rowsMax);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return `Outside the period it cannot be read: ${error.problems[0]!.code}.`;
  }
}

function coverOf(reader: SourceReader, rowsMax: number): string {
  let rows = 0;
  let firstTs = 0;
  let lastTs = 0;
  let isAtEnd = false;
  try {
    while (rows < rowsMax && !isAtEnd) {
      const block = reader.next();
      if (block === null) isAtEnd = true;
      else if (block.length > 0) {
        if (rows === 0) firstTs = block.tsInit[0]!;
        lastTs = block.tsInit[block.length - 1]!;
        rows += block.length;
      }
    }
  } finally {
    reader.close();
  }
  if (rows === 0) return 'The source has no row of this kind at all.';
  return `The source has rows from ${exactTimeText(firstTs)} to ${exactTimeText(lastTs)}${isAtEnd ? '' : ' and beyond'}.`;
}
