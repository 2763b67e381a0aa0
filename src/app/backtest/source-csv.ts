import { existsSync } from 'node:fs';
import { barIntervalName } from '../../model/bar-specification.ts';
import { BLOCK_KIND_OF, isBarKind } from '../../model/blocks.ts';
import type { CsvFormat } from '../../adapters/files/csv-format.ts';
import { openCsv } from '../../adapters/files/csv-reader.ts';
import { sniffCsv } from '../../adapters/files/sniff-csv.ts';
import { InputError } from '../../ports/errors.ts';
import type { DataSource, SourceContext } from './data-source.ts';
import { fileDigest } from './file-digests.ts';

/** Rows of delimited text files. Where no columns are given the layout is recognized from the first lines, and what was assumed is said. */
export function csvSource(context: SourceContext): DataSource {
  const { loaded, data, instrument, span, path } = context;
  const csv = typeof data.csv === 'string' ? { file: data.csv } : data.csv!;
  const files = (Array.isArray(csv.file) ? csv.file : [csv.file]).map((file) => loaded.path(file));
  const missing = files.findIndex((file) => !existsSync(file));
  if (missing >= 0) {
    throw new InputError([
      loaded.problem(
        'FILE_MISSING',
        [...path, 'csv'],
        `There is no file ${files[missing]!}.`,
        'Check the path; it is relative to the run file.',
      ),
    ]);
  }
  const { format, assumed } = formatOf(context, csv, files[0]!);
  const { session, onDefect = 'refuse', member } = csv as Exclude<typeof data.csv, string | undefined>;
  const range = { ...(span.fromTs === null ? {} : { fromTs: span.fromTs }), ...(span.toTs === null ? {} : { toTs: span.toTs }) };
  const isBars = isBarKind(BLOCK_KIND_OF[format.kind]);
  return {
    kind: BLOCK_KIND_OF[format.kind],
    every: isBars ? (format.every ?? null) : null,
    assumed,
    open: (series) =>
      openCsv({
        instrument,
        path: files,
        format,
        onDefect,
        range,
        ...(series >= 0 ? { series } : {}),
        ...(member === undefined ? {} : { member }),
        ...(session === undefined ? {} : { session }),
      }),
    identity: () =>
      `csv ${JSON.stringify({ format, session: session ?? null, onDefect, member: member ?? null })} ${files.map(fileDigest).join(' ')}`,
    accountEvents: () => [],
  };
}

type CsvLayout = Exclude<NonNullable<SourceContext['data']['csv']>, string>;

function formatOf(
  context: SourceContext,
  csv: Pick<CsvLayout, 'file'> & Partial<CsvLayout>,
  file: string,
): { readonly format: CsvFormat; readonly assumed: readonly string[] } {
  const { loaded, data, path } = context;
  const { file: _file, member, session: _session, onDefect: _onDefect, columns, timeFormat, ...layout } = csv;
  if (columns !== undefined) {
    const kind = data.kind ?? 'bars';
    const isBars = isBarKind(BLOCK_KIND_OF[kind]);
    if (isBars && data.every === undefined) {
      throw new InputError([
        loaded.problem(
          'RUN_FILE_INVALID',
          [...path, 'every'],
          'How long the bars are is not said.',
          'Add every: 1d (or 1m, 1h …) to the data entry, beside csv: and not in it.',
        ),
      ]);
    }
    const format = {
      ...layout,
      kind,
      columns,
      timeFormat: timeFormat ?? 'iso',
      ...(isBars ? { every: data.every!, stamp: layout.stamp ?? 'open' } : {}),
    };
    return { format: withoutUndefined(format) as unknown as CsvFormat, assumed: [] };
  }
  const sniffed = sniffCsv(file, member);
  if (data.kind !== undefined && data.kind !== sniffed.format.kind) {
    throw new InputError([
      loaded.problem(
        'RUN_FILE_INVALID',
        [...path, 'kind'],
        `The file looks like ${sniffed.format.kind}, not ${data.kind}.`,
        `Write kind: ${sniffed.format.kind}, or give its columns.`,
      ),
    ]);
  }
  refuseOtherLength(context, sniffed.format.every);
  const format = {
    ...sniffed.format,
    ...layout,
    ...(timeFormat === undefined ? {} : { timeFormat }),
    ...(data.every === undefined ? {} : { every: data.every }),
  };
  const given: Readonly<Record<string, unknown>> = { ...layout, timeFormat, every: data.every };
  const assumed = sniffed.assumed.filter(({ key }) => given[key] === undefined).map((each) => each.text);
  return { format: withoutUndefined(format) as unknown as CsvFormat, assumed };
}

/** A wrong length would move the close of every bar without a word. */
function refuseOtherLength({ loaded, data, path }: SourceContext, seen: string | undefined): void {
  if (data.every === undefined || seen === undefined) return;
  if (barIntervalName(data.every) === barIntervalName(seen)) return;
  throw new InputError([
    loaded.problem(
      'RUN_FILE_INVALID',
      [...path, 'every'],
      `The rows of the file are ${seen} apart, but every says ${data.every}.`,
      `Write every: ${seen}, or, where the first rows mislead, give the file's columns: as well.`,
    ),
  ]);
}

function withoutUndefined(object: object): object {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
