import { closeSync, fstatSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { assert } from '../../base/assert.ts';
import { crc32c, crc32cHex } from '../../base/crc32c.ts';
import { BLOCK_ROWS } from '../../model/blocks.ts';
import type { BarBlock, MarketBlock, TradeBlock } from '../../model/blocks.ts';
import { BlockKind } from '../../model/blocks.ts';
import type { InstrumentIndex } from '../../model/instrument.ts';
import type { BlockReader } from '../../ports/block-reader.ts';
import { InputError } from '../../ports/errors.ts';
import { columnsOf, makeBlock } from './layout.ts';
import { readFully } from './manifest.ts';
import type { StoredColumn } from './manifest.ts';
import { onDisk, storeProblem } from './problem.ts';
import type { StoredDataSet } from './store.ts';

/** How to read a data set. */
export interface OpenOptions {
  /** The run's numbers for the instrument and, for bars, the series. */
  readonly instrument: InstrumentIndex;
  readonly series?: number;
  /** Rows per block; {@link BLOCK_ROWS} unless told otherwise. */
  readonly blockRows?: number;
  /** First tsInit wanted, microseconds since the epoch (inclusive). */
  readonly startTs?: number;
  /** End of what is wanted: rows with tsInit before it. */
  readonly endTs?: number;
  /** Check the CRC-32C of every chunk before handing out its rows. Costs more than the reading itself; sizes are always checked. */
  readonly verifyChecksums: boolean;
  /** Put the columns into shared memory, for workers. */
  readonly shared?: boolean;
}

/**
 * Reads a data set block by block into the same arrays every time. Where the stored tsInit equals tsEvent, the block's two columns are one
 * array. Blocks are borrowed and never written to by who reads them.
 *
 * @throws InputError STORE_DAMAGED when a file is missing or has another length
 */
export function openDataSet(dataSet: StoredDataSet, options: OpenOptions): StoredBlockReader<MarketBlock> {
  const { key } = dataSet;
  const blockRows = options.blockRows ?? BLOCK_ROWS;
  assert(Number.isInteger(blockRows) && blockRows >= 1, `blockRows is a whole number above zero: ${blockRows}`);
  return new StoredBlockReader(
    dataSet,
    makeBlock(key.kind, options.instrument, options.series ?? 0, blockRows, options.shared ?? false),
    options,
  );
}

/** As {@link openDataSet}, for a data set of trades. */
export function openTrades(dataSet: StoredDataSet, options: OpenOptions): BlockReader<TradeBlock> {
  assert(dataSet.key.kind === BlockKind.TRADES, 'a data set of trades');
  return openDataSet(dataSet, options) as BlockReader<TradeBlock>;
}

/** As {@link openDataSet}, for a data set of bars. */
export function openBars(dataSet: StoredDataSet, options: OpenOptions): BlockReader<BarBlock> {
  assert(dataSet.key.kind === BlockKind.BARS, 'a data set of bars');
  return openDataSet(dataSet, options) as BlockReader<BarBlock>;
}

/** One column's open file and the bytes of the array that it is read into. */
class OpenColumn {
  readonly descriptor: number;
  readonly path: string;
  readonly column: StoredColumn;
  readonly width: number;
  readonly target: Uint8Array;
  private checkedThrough = -1;

  constructor(folder: string, column: StoredColumn, array: Float64Array | Int8Array) {
    this.column = column;
    this.path = join(folder, column.file);
    this.width = column.type === 'float64' ? 8 : 1;
    this.target = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    this.descriptor = openColumnFile(this.path);
    const { size } = fstatSync(this.descriptor);
    if (size === column.bytes) return;
    closeSync(this.descriptor);
    throw damaged(this.path, column.name, `The file has ${size} bytes, the manifest says ${column.bytes}.`);
  }

  /** Hot: one read per column and block (bench row load/c). */
  read(row: number, rows: number): void {
    if (readFully(this.descriptor, this.target, rows * this.width, row * this.width)) return;
    throw damaged(this.path, this.column.name, `The file ends before row ${row + rows}.`);
  }

  /** Checks the chunks that rows `from` to `to` touch, each once. */
  check(from: number, to: number, chunkRows: number, scratch: Uint8Array): void {
    for (let chunk = Math.max(Math.floor(from / chunkRows), this.checkedThrough + 1); chunk * chunkRows < to; chunk += 1) {
      const bytes = scratch.subarray(0, Math.min(chunkRows * this.width, this.column.bytes - chunk * chunkRows * this.width));
      const isWhole = readFully(this.descriptor, bytes, bytes.length, chunk * chunkRows * this.width);
      if (!isWhole || crc32cHex(crc32c(bytes)) !== this.column.chunks[chunk]) {
        throw damaged(this.path, this.column.name, `${chunkText(chunk, chunkRows)} does not match its checksum.`);
      }
      this.checkedThrough = chunk;
    }
  }
}

/** The reader behind {@link openDataSet}; `rows` is how many it will give, known before the first is read. */
class StoredBlockReader<B extends MarketBlock> implements BlockReader<B> {
  readonly rows: number;
  private readonly block: B;
  private readonly files: OpenColumn[] = [];
  private readonly blockRows: number;
  private readonly chunkRows: number;
  private readonly scratch: Uint8Array | null;
  private readonly endRow: number;
  private row: number;
  private isOpen = true;

  constructor(dataSet: StoredDataSet, block: B, options: OpenOptions) {
    const { manifest, folder } = dataSet;
    this.block = block;
    this.blockRows = block.tsEvent.length;
    block.isValidated = block.kind === BlockKind.TRADES || block.kind === BlockKind.BOOK_DELTAS;
    this.chunkRows = manifest.chunkRows;
    this.scratch = options.verifyChecksums ? new Uint8Array(manifest.chunkRows * 8) : null;
    try {
      const arrays = columnsOf(block);
      manifest.columns.forEach((column, at) => {
        if ('file' in column) this.files.push(new OpenColumn(folder, column, arrays[at]!));
        // Assigned, not spread: a spread would give the block another hidden class than those of other readers.
        else (block as { tsInit: Float64Array }).tsInit = block.tsEvent;
      });
      const times = this.files.find((file) => file.column.name === 'tsInit') ?? this.files[0]!;
      this.row = options.startTs === undefined ? 0 : firstRowAt(times, manifest.rows, options.startTs);
      this.endRow = options.endTs === undefined ? manifest.rows : firstRowAt(times, manifest.rows, options.endTs);
    } catch (cause) {
      this.close();
      throw cause;
    }
    this.rows = Math.max(0, this.endRow - this.row);
  }

  next(): B | null {
    assert(this.isOpen, 'a closed reader gives no more blocks');
    const { row, block } = this;
    const rows = Math.min(this.blockRows, this.endRow - row);
    if (rows <= 0) {
      block.length = 0;
      return null;
    }
    for (let at = 0; at < this.files.length; at += 1) {
      const file = this.files[at]!;
      if (this.scratch !== null) file.check(row, row + rows, this.chunkRows, this.scratch);
      file.read(row, rows);
    }
    block.length = rows;
    this.row = row + rows;
    return block;
  }

  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    for (const file of this.files) closeSync(file.descriptor);
  }
}

/** `Chunk 2 (rows 131073 to 196608)`, both counted as people do. */
export function chunkText(chunk: number, chunkRows: number): string {
  return `Chunk ${chunk + 1} (rows ${chunk * chunkRows + 1} to ${(chunk + 1) * chunkRows})`;
}

function openColumnFile(path: string): number {
  return onDisk('open', path, () => openSync(path, 'r'));
}

function damaged(file: string, column: string, rule: string): InputError {
  return new InputError([storeProblem('STORE_DAMAGED', rule, { file, column })]);
}

/** Binary search: the first row whose time is at or after `ts`. Each probe reads one value. */
function firstRowAt(times: OpenColumn, rows: number, ts: number): number {
  const value = new Float64Array(1);
  const bytes = new Uint8Array(value.buffer);
  let low = 0;
  let high = rows;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (!readFully(times.descriptor, bytes, 8, middle * 8)) throw damaged(times.path, times.column.name, 'The file ends too early.');
    if (value[0]! < ts) low = middle + 1;
    else high = middle;
  }
  return low;
}
