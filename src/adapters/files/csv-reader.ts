import { unreachable } from '../../base/assert.ts';
import {
  BlockKind,
  BLOCK_KIND_OF,
  BLOCK_ROWS,
  isBarKind,
  makeBarBlock,
  makeQuoteBarBlock,
  makeQuoteBlock,
  makeTradeBlock,
  type BarBlock,
  type PricedBlock,
  type QuoteBarBlock,
  type QuoteBlock,
  type TradeBlock,
} from '../../model/blocks.ts';
import type { Instrument } from '../../model/instrument.ts';
import { BarClock } from './bar-clock.ts';
import { openByteSource } from './byte-source.ts';
import type { CsvField, CsvFormat, CsvKind, SessionFilter, TimeRange } from './csv-format.ts';
import { FileReader, type StreamFile } from './file-reader.ts';
import { inputError } from './input-problem.ts';
import { isEpochFormat, planColumns } from './row-layout.ts';
import { makeStampParser } from './stamp-parser.ts';
import { timeOfDayUs } from './time-of-day.ts';
import { ZoneClock } from '../../ports/zone-clock.ts';

/** What every opener takes. */
export interface OpenOptions {
  readonly instrument: Instrument;
  /** Bars: position of the series in the run's list; default 0. */
  readonly series?: number;
  /** Rows per block; default {@link BLOCK_ROWS}. */
  readonly rowsPerBlock?: number;
  /** Blocks in shared memory, for workers. */
  readonly shared?: boolean;
  /** What a defective row does: ends the run (default), or is left out and counted. */
  readonly onDefect?: 'refuse' | 'skip';
  readonly range?: TimeRange;
  /** Bars only. */
  readonly session?: SessionFilter;
}

export interface OpenCsvOptions extends OpenOptions {
  /** One file, or several that follow each other in time. `.gz` and `.zip` are unpacked. */
  readonly path: string | readonly string[];
  /** Zip archives with several members: which one. */
  readonly member?: string;
  readonly format: CsvFormat;
}

export function openCsvBars(options: OpenCsvOptions): FileReader<BarBlock> {
  return openRows('bars', csvFiles(options), options);
}

export function openCsvTrades(options: OpenCsvOptions): FileReader<TradeBlock> {
  return openRows('trades', csvFiles(options), options);
}

export function openCsvQuotes(options: OpenCsvOptions): FileReader<QuoteBlock> {
  return openRows('quotes', csvFiles(options), options);
}

/** Opens a file by the kind that its format states. For bid and ask bars in a file each see quote-bar-pair.ts. */
export function openCsv(options: OpenCsvOptions): FileReader<PricedBlock> {
  return openRows(options.format.kind, csvFiles(options), options);
}

function csvFiles(options: OpenCsvOptions): readonly StreamFile[] {
  const { path, member, format } = options;
  const paths = typeof path === 'string' ? [path] : path;
  if (paths.length === 0) throw inputError('FORMAT_INVALID', { rule: 'There is no file to read.', fix: 'Give at least one path.' });
  const dateUs = fileDateUs(format);
  return paths.map((each) => ({ open: () => openByteSource(each, member), dateUs }));
}

function fileDateUs(format: CsvFormat): number {
  const needs = format.columns.timeOfDay !== undefined && format.columns.date === undefined;
  if (needs !== (format.fileDate !== undefined)) {
    throw inputError('FORMAT_INVALID', {
      rule: 'A timeOfDay column without a date column goes together with the date of the file.',
      fix: 'State fileDate: yyyy-MM-dd.',
    });
  }
  if (format.fileDate === undefined) return 0;
  const us = makeStampParser('yyyy-MM-dd', 'date').read(new TextEncoder().encode(format.fileDate), 0);
  if (!Number.isFinite(us) || format.fileDate.length !== 10) {
    throw inputError('FORMAT_INVALID', { value: format.fileDate, rule: 'fileDate is not a date.', fix: 'Write yyyy-MM-dd.' });
  }
  return us;
}

interface KindOfBlock {
  readonly bars: BarBlock;
  readonly trades: TradeBlock;
  readonly quotes: QuoteBlock;
  readonly 'quote-bars': QuoteBarBlock;
}

function makeBlock(kind: CsvKind, options: OpenOptions): PricedBlock {
  const { instrument, series = 0, rowsPerBlock = BLOCK_ROWS, shared = false } = options;
  switch (kind) {
    case 'bars':
      return makeBarBlock(instrument.index, series, rowsPerBlock, shared);
    case 'trades':
      return makeTradeBlock(instrument.index, rowsPerBlock, shared);
    case 'quotes':
      return makeQuoteBlock(instrument.index, rowsPerBlock, shared);
    case 'quote-bars':
      return makeQuoteBarBlock(instrument.index, series, rowsPerBlock, shared);
    default:
      return unreachable(kind);
  }
}

/** Wires a reader for rows of one kind; `finish` may work on each block before it is handed out. */
export function openRows<K extends CsvKind>(
  kind: K,
  files: readonly StreamFile[],
  options: OpenOptions & { readonly format: CsvFormat },
  finish: ((block: KindOfBlock[K]) => void) | null = null,
): FileReader<KindOfBlock[K]> {
  const { format, instrument, range, session, onDefect = 'refuse' } = options;
  if (format.kind !== kind) {
    throw inputError('FORMAT_INVALID', { rule: `The description is of ${format.kind}; ${kind} were asked for.`, fix: 'Correct kind.' });
  }
  checkCharacters(format);
  const isBars = isBarKind(BLOCK_KIND_OF[kind]);
  if (!isBars && (session !== undefined || format.every !== undefined || format.stamp !== undefined)) {
    throw inputError('FORMAT_INVALID', { rule: 'every, stamp and session are for bars.', fix: 'Leave them out.' });
  }
  const columns = planColumns(format, instrument);
  const isEpoch = isEpochFormat(format.timeFormat) && format.columns.timeOfDay === undefined;
  // Times that are instants need no zone; days of such files are UTC days unless a zone is stated.
  const clock = format.zone === undefined && !isEpoch ? null : new ZoneClock(format.zone ?? 'UTC');
  const block = makeBlock(kind, options);
  const side = new Float64Array(kind === 'trades' ? block.tsEvent.length : 0);
  return new FileReader<PricedBlock>({
    files,
    format,
    columns,
    block,
    clock,
    onDefect,
    targetOf: (field) => targetOf(block, field, side),
    scratch: kind === 'trades' ? [side] : [],
    bars: isBars ? new BarClock(format, clock ?? new ZoneClock('UTC')) : null,
    fromTs: range?.fromTs ?? -Infinity,
    toTs: range?.toTs ?? Infinity,
    session:
      session === undefined
        ? null
        : { fromUs: timeOfDayUs(session.from), toUs: timeOfDayUs(session.to), clock: new ZoneClock(session.zone) },
    finish: (done) => {
      if (done.kind === BlockKind.TRADES) setSides(done, side, format.columns.buyerIsMaker !== undefined);
      finish?.(done as KindOfBlock[K]);
    },
  }) as unknown as FileReader<KindOfBlock[K]>;
}

function checkCharacters(format: CsvFormat): void {
  const { delimiter = ',', comment, decimalMark = '.' } = format;
  if (delimiter.length !== 1 || /[\d"\r\n+-]/.test(delimiter) || (comment !== undefined && comment.length !== 1)) {
    throw inputError('FORMAT_INVALID', {
      value: delimiter,
      rule: 'The delimiter and the comment mark are one character each.',
      fix: 'State for example delimiter: ";".',
    });
  }
  if (delimiter === decimalMark) {
    throw inputError('FORMAT_INVALID', {
      value: delimiter,
      rule: `The delimiter and the decimal mark are both "${delimiter}".`,
      fix: 'State the delimiter of the file: delimiter: ";", or "\\t" for tabs.',
    });
  }
  if (format.columns.side !== undefined && format.columns.buyerIsMaker !== undefined) {
    throw inputError('FORMAT_INVALID', { rule: 'side and buyerIsMaker say the same thing.', fix: 'Map one of them.' });
  }
}

/** A buyer who was the maker was hit by a seller: the aggressor sold. */
function setSides(block: TradeBlock, side: Float64Array, isBuyerMaker: boolean): void {
  for (let r = 0; r < block.length; r += 1) block.aggressorSide[r] = isBuyerMaker ? 1 - 2 * side[r]! : side[r]!;
}

function targetOf(block: PricedBlock, field: CsvField, side: Float64Array): Float64Array {
  if (field === 'side' || field === 'buyerIsMaker') return side;
  const name = block.kind === BlockKind.QUOTES && (field === 'bid' || field === 'ask') ? `${field}Price` : field;
  const column: unknown = block[name as keyof PricedBlock];
  if (!(column instanceof Float64Array)) throw inputError('FORMAT_INVALID', { rule: `"${field}" has no place in this kind of data.` });
  return column;
}
