import { unreachable } from '../../base/assert.ts';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadCounters } from '../../adapters/files/csv-format.ts';
import { openCsv } from '../../adapters/files/csv-reader.ts';
import type { OpenCsvOptions, OpenOptions } from '../../adapters/files/csv-reader.ts';
import { type OpenAnyRecordingOptions, openRecording } from '../../adapters/files/recordings/open-recording.ts';
import { leanTickFiles, type OpenLeanTicksOptions, openLeanTicks } from '../../adapters/files/recordings/lean-ticks.ts';
import type { FileReader } from '../../adapters/files/file-reader.ts';
import { LEAN_EVERY, openLeanBars, openLeanQuoteBars } from '../../adapters/files/lean-reader.ts';
import type { LeanOptions } from '../../adapters/files/lean-reader.ts';
import { QuoteBarPairReader } from '../../adapters/files/quote-bar-pair.ts';
import type { OpenPairOptions } from '../../adapters/files/quote-bar-pair.ts';
import type { ImportTarget } from '../../adapters/store/import-into.ts';
import type { Provenance } from '../../adapters/store/manifest.ts';
import { openStore } from '../../adapters/store/store.ts';
import type { StoredDataSet } from '../../adapters/store/store.ts';
import { everyName } from '../../model/bar-specification.ts';
import { BLOCK_KIND_OF, BlockKind, type BarBlock, type MarketBlock, type QuoteBarBlock } from '../../model/blocks.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { BlockReader } from '../../ports/block-reader.ts';
import { digestOfFile } from '../file-digest.ts';
import { Pacer } from './data-progress.ts';
import { rateOf } from '../terminal/pace.ts';
import type { DataProgress } from './data-progress.ts';
import { factsOf, storeRows } from './store-rows.ts';

/** Where the rows come from: what the loaders take, without what the import decides itself. */
export type ImportSource =
  | ({ readonly type: 'csv' } & Omit<OpenCsvOptions, keyof Decided>)
  | ({ readonly type: 'csv-pair' } & Omit<OpenPairOptions, keyof Decided>)
  | ({ readonly type: 'recording' } & Omit<OpenAnyRecordingOptions, keyof Decided>)
  | ({ readonly type: 'lean-ticks' } & Omit<OpenLeanTicksOptions, keyof Decided>)
  | ({ readonly type: 'lean'; readonly data: 'trade' | 'quote' } & Omit<LeanOptions, keyof Decided>);

type Decided = Pick<OpenOptions, 'instrument' | 'series' | 'rowsPerBlock' | 'shared'>;

interface ImportDataOptions {
  readonly storeRoot: string;
  readonly instrument: Instrument;
  readonly source: ImportSource;
  readonly replace?: boolean;
  /** Program and version, for the manifest: `quanthybrid 0.1.0`. */
  readonly createdBy: string;
  readonly onProgress?: (progress: DataProgress) => void;
  /** Ends the import cleanly: nothing is stored, and the signal's reason is thrown. */
  readonly signal?: AbortSignal;
}

interface ImportDataResult {
  readonly dataSet: StoredDataSet;
  /** Rows skipped, filtered and values rounded by the loader; for a pair of files, of both together. */
  readonly skipped: number;
  readonly filtered: number;
  readonly rounded: number;
  readonly skippedByCode: ReadonlyMap<string, number>;
  readonly seconds: number;
  readonly rowsPerSecond: number;
}

interface OpenedSource {
  readonly reader: BlockReader<MarketBlock> & { readonly progress: number };
  readonly counters: readonly LoadCounters[];
  readonly kind: BlockKind;
  readonly every: string | null;
}

/**
 * Reads files and stores their rows (`quanthybrid data import`).
 *
 * @throws InputError from the loader (file, line, column, value, rule, fix) or the store; WorldError from the disk
 */
export async function importData(options: ImportDataOptions): Promise<ImportDataResult> {
  const { source, instrument, storeRoot, createdBy, replace = false } = options;
  const pacer = new Pacer(options.onProgress, options.signal);
  const { reader, counters, kind, every } = openSource(source, instrument);
  let target: ImportTarget;
  try {
    target = { instrument: factsOf(instrument), kind, every, provenance: provenanceOf(source), createdBy };
  } catch (cause) {
    reader.close();
    throw cause;
  }
  const dataSet = await storeRows(openStore(storeRoot), reader, target, {
    replace,
    pacer,
    fractionAt: () => reader.progress,
    rowsBefore: 0,
  });
  const { rows } = dataSet.manifest;
  pacer.report(rows, dataSet.bytes, 1);
  const seconds = pacer.secondsElapsed;
  const skippedByCode = new Map<string, number>();
  for (const counter of counters)
    for (const [code, count] of counter.skippedByCode) skippedByCode.set(code, (skippedByCode.get(code) ?? 0) + count);
  const sum = (pick: (counter: LoadCounters) => number): number => counters.reduce((total, counter) => total + pick(counter), 0);
  return {
    dataSet,
    skippedByCode,
    seconds,
    rowsPerSecond: rateOf(rows, seconds),
    skipped: sum((counter) => counter.skipped),
    filtered: sum((counter) => counter.filtered),
    rounded: sum((counter) => counter.rounded),
  };
}

function openSource(source: ImportSource, instrument: Instrument): OpenedSource {
  switch (source.type) {
    case 'csv': {
      const reader = openCsv({ ...source, instrument });
      const { kind, every } = source.format;
      return {
        reader,
        counters: [reader.counters],
        kind: BLOCK_KIND_OF[kind],
        every: every === undefined ? null : everyName(every),
      };
    }
    case 'csv-pair': {
      const reader = new QuoteBarPairReader({ ...source, instrument });
      const { every } = source.format;
      return {
        reader,
        counters: [reader.bid.counters, reader.ask.counters],
        kind: BlockKind.QUOTE_BARS,
        every: every === undefined ? null : everyName(every),
      };
    }
    case 'recording': {
      const reader = openRecording({ ...source, instrument });
      return { reader, counters: [reader.counters], kind: source.kind, every: null };
    }
    case 'lean-ticks': {
      const reader = openLeanTicks({ ...source, instrument });
      return { reader, counters: [reader.counters], kind: source.kind, every: null };
    }
    case 'lean': {
      const reader: FileReader<BarBlock> | FileReader<QuoteBarBlock> =
        source.data === 'trade' ? openLeanBars({ ...source, instrument }) : openLeanQuoteBars({ ...source, instrument });
      const kind = source.data === 'trade' ? BlockKind.BARS : BlockKind.QUOTE_BARS;
      return { reader, counters: [reader.counters], kind, every: LEAN_EVERY[source.resolution] };
    }
    default:
      return unreachable(source);
  }
}

function provenanceOf(source: ImportSource): Provenance {
  const { type: _, ...given } = source;
  const options = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
  if (source.type === 'lean') {
    return { source: 'lean', zone: source.zone ?? null, stamp: 'open', files: leanPaths(source).map(fingerprint), options };
  }
  if (source.type === 'lean-ticks')
    return {
      source: 'lean',
      zone: source.zone ?? null,
      stamp: null,
      files: leanTickFiles(source).map(({ path }) => fingerprint(path)),
      options,
    };
  if (source.type === 'recording')
    return { source: 'recording', zone: null, stamp: null, files: [source.path].flat().map(fingerprint), options };
  const { zone, stamp } = source.format;
  const paths = (source.type === 'csv-pair' ? [source.bidPath, source.askPath] : [source.path]).flat();
  return { source: source.type, zone: zone ?? null, stamp: stamp ?? null, files: paths.map(fingerprint), options };
}

/** The files that the LEAN loader reads for a stream (its own checks have passed), and the factor file when prices are adjusted. */
function leanPaths(source: Extract<ImportSource, { readonly type: 'lean' }>): string[] {
  const { root, security, market, resolution, symbol, data, fromDate = '', toDate = '99999999' } = source;
  const isSingle = resolution === 'hour' || resolution === 'daily';
  const folder = isSingle ? join(root, security, market, resolution) : join(root, security, market, resolution, symbol);
  const names = readdirSync(folder).sort();
  const dated = names.filter(
    (name) => name.endsWith(`_${data}.zip`) && /^\d{8}_/.test(name) && name.slice(0, 8) >= fromDate && name.slice(0, 8) <= toDate,
  );
  const single = [`${symbol}_${data}.zip`, `${symbol}.zip`].filter((name) => names.includes(name)).slice(0, 1);
  const factors = source.prices === 'adjusted' ? [source.factorFile ?? join(root, 'equity', market, 'factor_files', `${symbol}.csv`)] : [];
  return [...(isSingle ? single : dated).map((name) => join(folder, name)), ...factors];
}

/** Name, length and SHA-256 of a file. */
function fingerprint(path: string): Provenance['files'][number] {
  return { name: path, ...digestOfFile(path) };
}
