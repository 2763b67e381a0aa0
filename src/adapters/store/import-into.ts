import { createHash } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, rmdirSync, unlinkSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { assert } from '../../base/assert.ts';
import { type BlockKind, kindName, type MarketBlock } from '../../model/blocks.ts';
import type { BlockReader } from '../../ports/block-reader.ts';
import { InputError } from '../../ports/errors.ts';
import { ColumnWriter } from './column-writer.ts';
import {
  CHUNK_ROWS,
  COLUMNS,
  IMPORTING_PREFIX,
  MANIFEST_FILE,
  REPLACED_PREFIX,
  columnsOf,
  dataSetFolder,
  instrumentFolder,
  keyText,
} from './layout.ts';
import type { DataSetKey } from './layout.ts';
import { StoreLock } from './lock.ts';
import { FORMAT_VERSION, encodeManifest } from './manifest.ts';
import type { InstrumentFacts, Manifest, Provenance, SharedColumn, StoredColumn } from './manifest.ts';
import { isSystemError, onDisk, storeProblem } from './problem.ts';
import { RowRules } from './row-rules.ts';
import { findDataSet, foldersIn, hasDataSet, instrumentFoldersIn } from './store.ts';
import type { Store, StoredDataSet } from './store.ts';

/** What is about to be stored. */
export interface ImportTarget {
  readonly instrument: InstrumentFacts;
  readonly kind: BlockKind;
  readonly every: string | null;
  readonly provenance: Provenance;
  /** Program and version, for the manifest. */
  readonly createdBy: string;
}

/** Rows taken so far and the bytes of their columns. */
interface ImportProgress {
  readonly rows: number;
  readonly bytes: number;
}

export interface ImportOptions {
  /** Put the new data set in the place of an old one; without it an old one is a refusal. */
  readonly replace?: boolean;
  /** Called after every block. */
  readonly onProgress?: (progress: ImportProgress) => void;
  /** Rows per checksum; 65,536 unless a test wants more chunks. */
  readonly chunkRows?: number;
  /** Of the store, held by the caller, for several imports at once; the caller sweeps before ({@link lockForImports}) and gives it back after the last. */
  readonly lock?: StoreLock;
}

/**
 * Takes the store's lock for several imports at once, and removes what killed imports left.
 *
 * @throws InputError STORE_LOCKED
 */
export function lockForImports(store: Store): StoreLock {
  const lock = StoreLock.acquire(store.root);
  sweepUnderLock(store);
  return lock;
}

/**
 * Stores every row of a reader as one data set. The reader is closed in any case.
 *
 * The rows go to a folder beside the final one, are made durable, and appear by a rename: an error, or a kill at any moment, leaves the
 * store as it was (the remains of a kill are hidden from readers and swept by the next writer).
 *
 * @throws InputError STORE_LOCKED, STORE_DATA_SET_EXISTS, STORE_EMPTY_IMPORT, STORE_ROW_INVALID, or what the reader throws
 */
export function importInto(store: Store, reader: BlockReader, target: ImportTarget, options: ImportOptions = {}): StoredDataSet {
  try {
    const pending = new PendingImport(store, target, options);
    try {
      for (let block = reader.next(); block !== null; block = reader.next()) {
        pending.append(block);
        options.onProgress?.({ rows: pending.rows, bytes: pending.bytes });
      }
      return pending.commit();
    } finally {
      pending.abort();
    }
  } finally {
    reader.close();
  }
}

/** An import under way, for callers that feed it themselves: append blocks, then commit; abort does nothing after a commit. */
export class PendingImport {
  rows = 0;
  bytes = 0;
  private readonly store: Store;
  private readonly target: ImportTarget;
  private readonly key: DataSetKey;
  private readonly chunkRows: number;
  private readonly rowBytes: number;
  private readonly finalFolder: string;
  private readonly tempFolder: string;
  private readonly isNewStore: boolean;
  private readonly lock: StoreLock;
  private readonly isLockBorrowed: boolean;
  private readonly rules = new RowRules();
  private writers: ColumnWriter[] = [];
  private firstTs = 0;
  private lastTs = 0;
  /** True while every row's tsInit equals its tsEvent: then the column is stored once. */
  private isTsShared = true;
  private isOpen = true;

  constructor(store: Store, target: ImportTarget, options: ImportOptions = {}) {
    this.store = store;
    this.target = target;
    this.key = { instrumentId: target.instrument.id, kind: target.kind, every: target.every };
    this.chunkRows = options.chunkRows ?? CHUNK_ROWS;
    this.rowBytes = COLUMNS[target.kind].reduce((sum, spec) => sum + (spec.type === 'float64' ? 8 : 1), 0);
    const name = dataSetFolder(this.key);
    const folder = join(store.root, instrumentFolder(target.instrument.id));
    this.finalFolder = join(folder, name);
    this.tempFolder = join(folder, `${IMPORTING_PREFIX}${name}`);
    this.isNewStore = !existsSync(store.root);
    this.isLockBorrowed = options.lock !== undefined;
    this.lock = options.lock ?? StoreLock.acquire(store.root);
    try {
      if (!this.isLockBorrowed) sweepUnderLock(store);
      if (options.replace !== true && hasDataSet(store, this.key)) {
        const rule = `${keyText(this.key)} is in the store already.`;
        throw new InputError([storeProblem('STORE_DATA_SET_EXISTS', rule, { file: this.finalFolder })]);
      }
      onDisk('create', this.tempFolder, () => mkdirSync(this.tempFolder, { recursive: true }));
      for (const spec of COLUMNS[target.kind]) this.writers.push(new ColumnWriter(this.tempFolder, spec, this.chunkRows));
    } catch (cause) {
      this.abort();
      throw cause;
    }
  }

  /** @throws InputError STORE_ROW_INVALID, naming column, row and rule */
  append(block: MarketBlock): void {
    assert(this.isOpen, 'an import that has ended takes no more rows');
    assert(block.kind === this.target.kind, `blocks of ${kindName(this.target.kind)} were announced, ${kindName(block.kind)} came`);
    if (block.length === 0) return;
    const fault = this.rules.check(block);
    if (fault !== null) {
      const rule = `Row ${this.rows + fault.row + 1} of ${keyText(this.key)}: ${fault.rule}`;
      throw new InputError([storeProblem('STORE_ROW_INVALID', rule, { column: fault.column, value: String(fault.value) })]);
    }
    if (this.rows === 0) this.firstTs = block.tsInit[0]!;
    this.lastTs = block.tsInit[block.length - 1]!;
    if (this.isTsShared) this.isTsShared = areEqual(block.tsEvent, block.tsInit, block.length);
    const columns = columnsOf(block);
    for (let at = 0; at < columns.length; at += 1) this.writers[at]!.append(columns[at]!, block.length);
    this.rows += block.length;
    this.bytes += block.length * this.rowBytes;
  }

  /** Makes the rows durable and visible, and gives the lock back. */
  commit(): StoredDataSet {
    assert(this.isOpen, 'an import is committed once');
    if (this.rows === 0) {
      throw new InputError([storeProblem('STORE_EMPTY_IMPORT', `The source of ${keyText(this.key)} has no rows.`)]);
    }
    const stored = this.writers.map((writer) => writer.finish());
    const columns = stored.map((column) => (this.isTsShared && column.name === 'tsInit' ? this.dropShared(column) : column));
    this.writeManifest(columns, digestOf(this.target, stored));
    syncFolder(this.tempFolder);
    this.lock.assertHeld();
    this.moveIntoPlace();
    this.isOpen = false;
    if (!this.isLockBorrowed) this.lock.release();
    return findDataSet(this.store, this.key);
  }

  /** Leaves nothing behind. */
  abort(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    for (const writer of this.writers) writer.close();
    this.writers = [];
    rmSync(this.tempFolder, { recursive: true, force: true });
    removeIfEmpty(dirname(this.tempFolder));
    if (!this.isLockBorrowed) this.lock.release();
    // A store that this import made goes too.
    if (this.isNewStore && !this.isLockBorrowed) removeIfEmpty(this.store.root);
  }

  private dropShared(column: StoredColumn): SharedColumn {
    onDisk('remove', column.file, () => unlinkSync(join(this.tempFolder, column.file)));
    return { name: column.name, sameAs: 'tsEvent' };
  }

  private writeManifest(columns: Manifest['columns'], digest: string): void {
    const { instrument, kind, every, provenance, createdBy } = this.target;
    const { rows, firstTs, lastTs, chunkRows } = this;
    const manifest: Manifest = {
      formatVersion: FORMAT_VERSION,
      createdBy,
      instrument,
      kind: kindName(kind) as Manifest['kind'],
      every,
      provenance,
      rows,
      firstTs,
      lastTs,
      chunkRows,
      digest,
      columns,
    };
    const file = join(this.tempFolder, MANIFEST_FILE);
    onDisk('write', file, () => {
      const descriptor = openSync(file, 'wx');
      try {
        const bytes = new TextEncoder().encode(encodeManifest(manifest));
        for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
    });
  }

  /** A folder cannot be renamed over a full one, so the old one steps aside first; readers look for it there (see `locate`). */
  private moveIntoPlace(): void {
    const folder = dirname(this.finalFolder);
    const aside = join(folder, `${REPLACED_PREFIX}${dataSetFolder(this.key)}`);
    const isReplacing = existsSync(this.finalFolder);
    onDisk('rename', this.finalFolder, () => {
      if (isReplacing) renameSync(this.finalFolder, aside);
      try {
        renameSync(this.tempFolder, this.finalFolder);
      } catch (cause) {
        if (isReplacing) renameSync(aside, this.finalFolder);
        throw cause;
      }
    });
    syncFolder(folder);
    syncFolder(this.store.root);
    if (isReplacing) rmSync(aside, { recursive: true, force: true });
  }
}

/** Removes what killed imports left, if no writer is at work; a data set that was being replaced comes back. */
export function sweepStore(store: Store): void {
  if (!existsSync(store.root)) return;
  let lock: StoreLock;
  try {
    lock = StoreLock.acquire(store.root);
  } catch (cause) {
    if (cause instanceof InputError) return;
    throw cause;
  }
  try {
    sweepUnderLock(store);
  } finally {
    lock.release();
  }
}

function sweepUnderLock(store: Store): void {
  for (const instrument of instrumentFoldersIn(store)) {
    const folder = join(store.root, instrument);
    for (const name of foldersIn(folder)) {
      const path = join(folder, name);
      if (name.startsWith(IMPORTING_PREFIX)) onDisk('remove', path, () => rmSync(path, { recursive: true, force: true }));
      if (!name.startsWith(REPLACED_PREFIX)) continue;
      const home = join(folder, name.slice(REPLACED_PREFIX.length));
      onDisk('restore', path, () => (existsSync(home) ? rmSync(path, { recursive: true, force: true }) : renameSync(path, home)));
    }
    removeIfEmpty(folder);
  }
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (cause) {
    if (!isSystemError(cause) || !['ENOTEMPTY', 'EEXIST', 'ENOENT', 'EPERM', 'EBUSY'].includes(cause.code)) throw cause;
  }
}

function syncFolder(folder: string): void {
  // Windows has no handle to sync a folder with; NTFS journals the rename itself.
  if (process.platform === 'win32') return;
  onDisk('sync', folder, () => {
    const descriptor = openSync(folder, 'r');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  });
}

function areEqual(a: Float64Array, b: Float64Array, length: number): boolean {
  for (let row = 0; row < length; row += 1) if (a[row] !== b[row]) return false;
  return true;
}

/** Identity of the rows: a run records it (law: the digest of the data set and the position in it). */
export function digestOf(
  target: Pick<ImportTarget, 'instrument' | 'kind' | 'every'>,
  columns: readonly Pick<StoredColumn, 'name' | 'sha256'>[],
): string {
  const { id, priceDecimals, quantityDecimals, priceIncrement, lotSize } = target.instrument;
  const facts = [id, priceDecimals, quantityDecimals, priceIncrement, lotSize, kindName(target.kind), target.every];
  return createHash('sha256')
    .update(JSON.stringify([facts, columns.map(({ name, sha256 }) => [name, sha256])]))
    .digest('hex');
}
