import { parseBarInterval } from '../../model/bar-specification.ts';
import type { BlockKind } from '../../model/blocks.ts';
import type { AccountEvent } from '../../model/events.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { BlockReader } from '../../ports/block-reader.ts';
import type { LoadedRunFile } from '../run-file/read-run-file.ts';
import type { RunFileData } from '../run-file/schema.ts';

/** A reader of a source; files say how far they are read and what they left out. */
export interface SourceReader extends BlockReader {
  readonly progress?: number;
  readonly counters?: { readonly rows: number; readonly skippedByCode: ReadonlyMap<string, number> };
}

/** Where the rows of one entry under `data` come from. */
export interface DataSource {
  readonly kind: BlockKind;
  /** Length of bars as written (`1d`, `1M`); null for ticks. */
  readonly every: string | null;
  /** Opens it for a run; bars carry `series`. */
  open(series: number): SourceReader;
  /** What identifies the rows, for the run's id: digests of files, a store's digest, a generator's seed and settings. */
  identity(): string;
  /** Dividends and splits that come with it. */
  accountEvents(): readonly AccountEvent[];
  /** True where rows are known when they happen (`tsInit` is `tsEvent`), so that nobody need look how long they took. */
  readonly isGenerated?: boolean;
  /** What comes as it happens, and cannot be opened. */
  readonly live?: LiveStream;
  /** What was assumed because nothing said so. */
  readonly assumed: readonly string[];
}

/** A stream of a venue. */
export interface LiveStream {
  /** The venue's name for the instrument. */
  readonly symbol: string;
  /** Where the venue is; null for where it is known to be. */
  readonly url: string | null;
}

/** What part of the data is played: microseconds since the epoch. */
export interface RunSpan {
  readonly fromTs: number | null;
  readonly toTs: number | null;
}

/** What the makers of sources are handed. */
export interface SourceContext {
  readonly loaded: LoadedRunFile;
  readonly data: RunFileData;
  readonly path: readonly (string | number)[];
  readonly instrument: Instrument;
  readonly span: RunSpan;
}

/** Length of `5m`, `1d`, `1M` in microseconds, for telling finer data from coarser; Infinity for bars that no clock closes. */
export function everyUsOf(every: string): number {
  return parseBarInterval(every)?.us ?? Number.POSITIVE_INFINITY;
}
