import type { CsvFormat, CsvKind } from '../../adapters/files/csv-format.ts';
import { type SniffedCsv, sniffCsv } from '../../adapters/files/sniff-csv.ts';
import { barIntervalName } from '../../model/bar-specification.ts';
import { BLOCK_KIND_OF, isBarKind } from '../../model/blocks.ts';
import type { InputError } from '../../ports/errors.ts';
import type { RunFileCsv } from '../run-file/schema.ts';
import type { DescribedIn } from './lean-hint.ts';
import { hintedRefusal } from './recording-hint.ts';

/** Keys that say which files, not how they are laid out. */
type FileKey = 'file' | 'bidFile' | 'askFile';

/** What a person says of a file: the keys of `csv:` in a run file, or the options of `data import`, which are the same. */
interface CsvDescription {
  readonly layout: Omit<RunFileCsv, FileKey>;
  readonly kind: CsvKind | undefined;
  readonly every: string | undefined;
  readonly describedIn: DescribedIn;
}

export interface DescribedCsv {
  readonly format: CsvFormat;
  /** What was assumed because nothing said so, in sentences. */
  readonly assumed: readonly string[];
}

/** Makes the error for what was said under a key of the description. */
export type RefuseKey = (key: 'kind' | 'every' | 'columns' | 'onDefect' | FileKey, rule: string, fix: string) => InputError;

type Given = Partial<Omit<CsvFormat, 'columns'>>;

/**
 * The format of files from what was said of them. Where no columns are given the layout is recognized from the first lines of the first.
 *
 * @throws InputError by `refuse`, or FORMAT_UNRECOGNIZED
 */
export function describeCsv(files: readonly string[], description: CsvDescription, refuse: RefuseKey): DescribedCsv {
  const { layout, kind, every, describedIn } = description;
  const { member, session: _session, onDefect: _onDefect, columns, ...rest } = layout;
  // A key that is not there must not hide what was recognized.
  const given = Object.fromEntries(Object.entries({ ...rest, kind, every }).filter(([, value]) => value !== undefined)) as Given;
  if (columns !== undefined) return { format: fromColumns(given, columns as CsvFormat['columns'], refuse), assumed: [] };
  const sniffed = recognize(files, member, given, describedIn);
  refuseOtherLength(every, sniffed.format.every, refuse);
  return {
    format: { ...sniffed.format, ...given },
    assumed: sniffed.assumed.filter(({ key }) => key === 'columns' || given[key] === undefined).map(({ text }) => text),
  };
}

/**
 * The one format of bars of bid and of ask in files apart. Where no columns are given both must be recognized as the same.
 *
 * @throws as {@link describeCsv}
 */
export function describeCsvPair(
  { bid, ask }: { readonly bid: readonly string[]; readonly ask: readonly string[] },
  description: CsvDescription,
  refuse: RefuseKey,
): DescribedCsv {
  const ofBars = { ...description, kind: 'bars' } as const;
  const ofBid = describeCsv(bid, ofBars, refuse);
  if (description.layout.columns !== undefined) return ofBid;
  const ofAsk = describeCsv(ask, ofBars, refuse);
  if (JSON.stringify(ofBid.format) !== JSON.stringify(ofAsk.format)) {
    const rule = `${bid[0]!} and ${ask[0]!} are laid out differently.`;
    throw refuse('columns', rule, 'Bring both to one layout; columns and what stands beside them hold for both.');
  }
  return ofBid;
}

/** What was described, as `describeCsv` takes it, without the keys that name files. */
export function layoutOf(csv: RunFileCsv): CsvDescription['layout'] {
  const { file: _file, bidFile: _bid, askFile: _ask, ...layout } = csv;
  return layout;
}

function recognize(files: readonly string[], member: string | undefined, given: Given, describedIn: DescribedIn): SniffedCsv {
  try {
    return sniffCsv(files[0]!, { member, given });
  } catch (error) {
    throw hintedRefusal(error, files, member, describedIn);
  }
}

function fromColumns(given: Given, columns: CsvFormat['columns'], refuse: RefuseKey): CsvFormat {
  const { kind = 'bars', timeFormat = 'iso', stamp = 'open', every, ...rest } = given;
  if (isBarKind(BLOCK_KIND_OF[kind])) {
    if (every === undefined) throw refuse('every', 'How long the bars are is not said.', 'Give every: 1d (or 1m, 1h …).');
    return { ...rest, kind, columns, timeFormat, every, stamp };
  }
  if (every !== undefined)
    throw refuse('every', `every is the length of bars, and these rows are ${kind}.`, 'Take every out, or give kind: bars.');
  return { ...rest, kind, columns, timeFormat, ...(given.stamp === undefined ? {} : { stamp }) };
}

/** A wrong length would move the close of every bar without a word. */
function refuseOtherLength(said: string | undefined, seen: string | undefined, refuse: RefuseKey): void {
  if (said === undefined || seen === undefined || barIntervalName(said) === barIntervalName(seen)) return;
  throw refuse(
    'every',
    `The rows of the file are ${seen} apart, but every says ${said}.`,
    `Write every: ${seen}, or, where the first rows mislead, give the file's columns as well.`,
  );
}
