import { BLOCK_ROWS, BlockKind, kindName } from '../../../model/blocks.ts';
import type { Instrument } from '../../../model/instrument.ts';
import type { BlockReader } from '../../../ports/block-reader.ts';
import type { LoadCounters, TimeRange } from '../csv-format.ts';
import { inputError } from '../input-problem.ts';
import { makeRecordedBlock, type RecordedBlock, type RecordedKind, RowBuffer } from './row-buffer.ts';

/** Where a record stands, for messages: its file, and its line or what else tells where. */
export interface RecordPlace {
  readonly file: string;
  readonly line?: number;
  /** For files without lines: `record 17 at byte 1032`. */
  readonly record?: string;
}

/** Where the records of a recording come from. */
export interface RecordSource {
  /** Share of the input that has been read, 0 to 1. */
  readonly progress: number;
  /** Of the record decoded last. */
  readonly place: RecordPlace;
  close(): void;
}

/** Turns the records of a recording into rows, one after another. */
export interface RecordDecoder {
  /**
   * Appends the rows of the next record; none where it holds nothing of the wanted kind.
   *
   * @returns false at the end
   * @throws InputError with the place, for a record that is unknown or damaged: nothing is guessed
   */
  decode(rows: RowBuffer): boolean;
}

/** What openers of recordings take. */
export interface OpenRecordingOptions {
  /** One file, or several that follow each other in time. `.gz` and `.zip` are unpacked. */
  readonly path: string | readonly string[];
  /** Zip archives with several members: which one. */
  readonly member?: string;
  readonly kind: RecordedKind;
  readonly instrument: Instrument;
  /** Which instrument of a recording that has several, by the name that it has there, letter by letter; the others are left out. Logs of Bitstamp name none. */
  readonly symbol?: string;
  /** Rows per block; default {@link BLOCK_ROWS}. */
  readonly rowsPerBlock?: number;
  /** Trades and quotes are kept from `fromTs` on; deltas from the first on, because the book hangs on them. All end before `toTs`. */
  readonly range?: TimeRange;
}

type ReadingOptions = Pick<OpenRecordingOptions, 'kind' | 'instrument' | 'rowsPerBlock' | 'range'>;

/**
 * Refuses kinds of rows that a recording does not have.
 *
 * @throws InputError `KIND_UNSUPPORTED`
 */
export function requireKind({ path, kind }: OpenRecordingOptions, kinds: readonly RecordedKind[], rule: string, fix: string): void {
  if (kinds.includes(kind)) return;
  throw inputError('KIND_UNSUPPORTED', { file: typeof path === 'string' ? path : path.join(', '), value: kindName(kind), rule, fix });
}

/** Reads one kind of rows of one instrument from a recording, in order of tsInit. */
export class RecordingReader implements BlockReader<RecordedBlock> {
  readonly counters: LoadCounters = { rows: 0, skipped: 0, filtered: 0, rounded: 0, skippedByCode: new Map() };
  /** Turns what reading threw into what is told of it. */
  explain: (error: unknown) => unknown = (error) => error;
  private readonly source: RecordSource;
  private readonly decoder: RecordDecoder;
  private readonly rows: RowBuffer;
  private readonly block: RecordedBlock;
  private readonly fromTs: number;
  private readonly toTs: number;
  private previousTs = Number.NEGATIVE_INFINITY;
  private isAtEnd = false;

  constructor(source: RecordSource, decoder: RecordDecoder, options: ReadingOptions) {
    const { kind, instrument, rowsPerBlock = BLOCK_ROWS, range } = options;
    this.source = source;
    this.decoder = decoder;
    this.rows = new RowBuffer(kind, instrument.index, this.counters);
    this.block = makeRecordedBlock(kind, instrument.index, rowsPerBlock);
    this.fromTs = range?.fromTs ?? Number.NEGATIVE_INFINITY;
    this.toTs = range?.toTs ?? Number.POSITIVE_INFINITY;
  }

  get progress(): number {
    return this.isAtEnd ? 1 : this.source.progress;
  }

  next(): RecordedBlock | null {
    try {
      while (!this.isAtEnd && this.rows.length < this.block.tsInit.length) this.decodeNext();
    } catch (error) {
      this.close();
      throw this.explain(error);
    }
    if (this.rows.length === 0) return null;
    this.rows.takeInto(this.block);
    this.counters.rows += this.block.length;
    return this.block;
  }

  close(): void {
    this.isAtEnd = true;
    this.source.close();
  }

  private decodeNext(): void {
    const rows = this.rows;
    const before = rows.length;
    if (!this.decoder.decode(rows)) {
      this.close();
      return;
    }
    for (let row = before; row < rows.length; row += 1) {
      const ts = rows.tsInitAt(row);
      if (ts < this.previousTs) {
        const { record, ...place } = this.source.place;
        const rule = `The record${record === undefined ? '' : ` (${record})`} is ${this.previousTs - ts} µs earlier than the one before.`;
        throw inputError('TIME_BACKWARDS', { ...place, value: String(ts), rule });
      }
      this.previousTs = ts;
    }
    this.cut(before);
  }

  /** Rows of one record are of one time, or rise: what lies outside the range is at the ends. */
  private cut(before: number): void {
    const rows = this.rows;
    if (rows.length === before) return;
    if (this.previousTs >= this.toTs) {
      let end = rows.length;
      while (end > before && rows.tsInitAt(end - 1) >= this.toTs) end -= 1;
      rows.truncate(end);
      this.close();
      return;
    }
    if (this.previousTs < this.fromTs && rows.kind !== BlockKind.BOOK_DELTAS) {
      this.counters.filtered += rows.length - before;
      rows.truncate(before);
    }
  }
}
