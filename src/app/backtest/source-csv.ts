import { existsSync } from 'node:fs';
import { BLOCK_KIND_OF, isBarKind } from '../../model/blocks.ts';
import { openCsv } from '../../adapters/files/csv-reader.ts';
import { describeCsv, type RefuseKey } from '../data/csv-description.ts';
import type { RunFileCsv } from '../run-file/schema.ts';
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
  const { file: _file, ...layout }: RunFileCsv = csv;
  const refuse: RefuseKey = (key, rule, fix) => {
    const place = key === 'every' && data.every === undefined ? ' It stands in the data entry, beside csv: and not in it.' : '';
    return new InputError([loaded.problem('RUN_FILE_INVALID', [...path, key], rule, `${fix}${place}`)]);
  };
  const description = { layout, kind: data.kind, every: data.every, describedIn: 'run file' } as const;
  const { format, assumed } = describeCsv(files, description, refuse);
  const { session, onDefect = 'refuse', member } = layout;
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
