import { makeFolder, testInstrument } from '../../../../test/files-kit.ts';
import { openDbn } from './dbn-reader.ts';
import { BOOK_DELTAS, QUOTES, rowsOf, TRADES } from './recorded-rows.fixture.ts';
import type { OpenRecordingOptions } from './recording-reader.ts';

type More = Partial<OpenRecordingOptions>;
type Path = string | readonly string[];

const TIMES = ['tsEvent', 'tsInit'];
const COLUMNS = {
  [BOOK_DELTAS]: [...TIMES, 'action', 'side', 'price', 'quantity', 'orderId', 'flags'],
  [TRADES]: [...TIMES, 'price', 'quantity', 'aggressorSide'],
  [QUOTES]: [...TIMES, 'bidPrice', 'askPrice', 'bidSize', 'askSize'],
} as const;

/** Rows as lists: tsEvent, tsInit, then what is of the kind. */
function listsOf(path: Path, kind: keyof typeof COLUMNS, more: More): number[][] {
  const rows = rowsOf(openDbn({ path, kind, instrument: testInstrument(2), ...more }));
  return rows.map((row) => COLUMNS[kind].map((column) => row[column]!));
}

export const dbnDeltas = (path: Path, more: More = {}): number[][] => listsOf(path, BOOK_DELTAS, more);
export const dbnTrades = (path: Path, more: More = {}): number[][] => listsOf(path, TRADES, more);
export const dbnQuotes = (path: Path, more: More = {}): number[][] => listsOf(path, QUOTES, more);

/** A folder for DBN files, each under a name of its own. */
export function makeDbnFolder(): { readonly write: (...parts: readonly Uint8Array[]) => string; readonly remove: () => void } {
  const folder = makeFolder();
  let count = 0;
  const write = (...parts: readonly Uint8Array[]): string => folder.write(`${(count += 1)}.dbn`, Buffer.concat(parts));
  return { write, remove: folder.remove };
}
