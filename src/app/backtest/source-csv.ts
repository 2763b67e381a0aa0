import { existsSync } from 'node:fs';
import { BlockKind, BLOCK_KIND_OF, isBarKind } from '../../model/blocks.ts';
import { openCsv } from '../../adapters/files/csv-reader.ts';
import { QuoteBarPairReader } from '../../adapters/files/quote-bar-pair.ts';
import { describeCsv, describeCsvPair, layoutOf, type RefuseKey } from '../data/csv-description.ts';
import { csvFilesOf } from '../data/csv-files.ts';
import type { RunFileCsv } from '../run-file/schema.ts';
import { InputError } from '../../ports/errors.ts';
import type { DataSource, SourceContext } from './data-source.ts';
import { fileDigest } from './file-digests.ts';

/** Rows of delimited text files. Where no columns are given the layout is recognized from the first lines, and what was assumed is said. */
export function csvSource(context: SourceContext): DataSource {
  const { loaded, data, instrument, span, path } = context;
  const csv = typeof data.csv === 'string' ? { file: data.csv } : data.csv!;
  const refuse = refusal(context, csv);
  const named = csvFilesOf(csv, data.kind, refuse);
  const absolute = (paths: readonly string[]): readonly string[] => paths.map((file) => loaded.path(file));
  const { kind } = data;
  if (kind === 'book-deltas')
    throw refuse('kind', 'Changes of a book are not read from delimited files.', 'Give recording: instead of csv:, or another kind.');
  const files = 'paths' in named ? { paths: absolute(named.paths) } : { bid: absolute(named.bid), ask: absolute(named.ask) };
  const all = 'paths' in files ? files.paths : [...files.bid, ...files.ask];
  const missing = all.find((file) => !existsSync(file));
  if (missing !== undefined) {
    throw new InputError([
      loaded.problem('FILE_MISSING', [...path, 'csv'], `There is no file ${missing}.`, 'Check the path; it is relative to the run file.'),
    ]);
  }
  const description = { layout: layoutOf(csv), kind, every: data.every, describedIn: 'run file' } as const;
  const { format, assumed } =
    'paths' in files ? describeCsv(files.paths, description, refuse) : describeCsvPair(files, description, refuse);
  const { session, onDefect = 'refuse', member } = csv;
  const range = { ...(span.fromTs === null ? {} : { fromTs: span.fromTs }), ...(span.toTs === null ? {} : { toTs: span.toTs }) };
  const isBars = isBarKind(BLOCK_KIND_OF[format.kind]);
  const reading = {
    instrument,
    format,
    onDefect,
    range,
    ...(member === undefined ? {} : { member }),
    ...(session === undefined ? {} : { session }),
  };
  const how = JSON.stringify({ format, session: session ?? null, onDefect, member: member ?? null });
  return {
    kind: 'paths' in files ? BLOCK_KIND_OF[format.kind] : BlockKind.QUOTE_BARS,
    every: isBars ? (format.every ?? null) : null,
    assumed,
    open: (series) => {
      const options = { ...reading, ...(series >= 0 ? { series } : {}) };
      return 'paths' in files
        ? openCsv({ ...options, path: files.paths })
        : new QuoteBarPairReader({ ...options, bidPath: files.bid, askPath: files.ask });
    },
    identity: () =>
      'paths' in files
        ? `csv ${how} ${files.paths.map(fileDigest).join(' ')}`
        : `csv-pair ${how} bid ${files.bid.map(fileDigest).join(' ')} ask ${files.ask.map(fileDigest).join(' ')}`,
    accountEvents: () => [],
  };
}

/** Length and kind stand beside `csv:`, all else in it. */
function refusal({ loaded, data, path }: SourceContext, csv: RunFileCsv): RefuseKey {
  return (key, rule, fix) => {
    const isBeside = key === 'every' || key === 'kind';
    const place = key === 'every' && data.every === undefined ? ' It stands in the data entry, beside csv: and not in it.' : '';
    const inner = isBeside ? [...path, key] : csv[key] === undefined ? [...path, 'csv'] : [...path, 'csv', key];
    return new InputError([loaded.problem('RUN_FILE_INVALID', inner, rule, `${fix}${place}`)]);
  };
}
