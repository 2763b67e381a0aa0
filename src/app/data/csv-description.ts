import type { CsvFormat, CsvKind } from '../../adapters/files/csv-format.ts';
import { type SniffedCsv, sniffCsv } from '../../adapters/files/sniff-csv.ts';
import { barIntervalName } from '../../model/bar-specification.ts';
import { BLOCK_KIND_OF, isBarKind } from '../../model/blocks.ts';
import type { InputError } from '../../ports/errors.ts';
import type { RunFileCsv } from '../run-file/schema.ts';
import { type DescribedIn, refusalOf } from './lean-hint.ts';

/** What a person says of a file: the keys of `csv:` in a run file, or the options of `data import`, which are the same. */
interface CsvDescription {
  readonly layout: Omit<RunFileCsv, 'file'>;
  readonly kind: CsvKind | undefined;
  readonly every: string | undefined;
  readonly describedIn: DescribedIn;
}

export interface DescribedCsv {
  readonly format: CsvFormat;
  /** What was assumed because nothing said so, in sentences. */
  readonly assumed: readonly string[];
  /** Most decimals among the first lines, where they were looked at. */
  readonly decimalsSeen?: SniffedCsv['decimalsSeen'];
}

/** Makes the error for what was said under a key of the description. */
export type RefuseKey = (key: 'kind' | 'every', rule: string, fix: string) => InputError;

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
    decimalsSeen: sniffed.decimalsSeen,
  };
}

function recognize(files: readonly string[], member: string | undefined, given: Given, describedIn: DescribedIn): SniffedCsv {
  try {
    return sniffCsv(files[0]!, { member, given });
  } catch (error) {
    throw refusalOf(error, files, describedIn);
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
