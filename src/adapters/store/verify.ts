import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { crc32c, crc32cHex } from '../../base/crc32c.ts';
import { InputError } from '../../ports/errors.ts';
import type { InputProblem } from '../../ports/errors.ts';
import { digestOf } from './import-into.ts';
import { COLUMNS, MANIFEST_FILE, instrumentFolder, dataSetFolder, keyText } from './layout.ts';
import { readFully, readManifest, withFile } from './manifest.ts';
import type { Manifest, StoredColumn } from './manifest.ts';
import { chunkText, openDataSet } from './open-data-set.ts';
import { onDisk, storeProblem } from './problem.ts';
import { RowRules } from './row-rules.ts';
import type { StoredDataSet } from './store.ts';

/** Problems that one verification names; the rest are only counted. */
export const PROBLEMS_MAX = 100;

interface VerifyProgress {
  readonly bytes: number;
  readonly bytesTotal: number;
}

export interface VerifyResult {
  readonly rows: number;
  readonly bytes: number;
  /** Empty when every byte and every row is as it was written. */
  readonly problems: readonly InputProblem[];
  /** Problems beyond the first {@link PROBLEMS_MAX}. */
  readonly problemsUnnamed: number;
}

/**
 * Reads everything again and compares: the manifest with its own checksum, the folder with the manifest's list of files, every file's
 * length, every chunk's CRC-32C, every column's SHA-256 and the digest over them, and, where the bytes are sound, the rules of the rows.
 */
export function verifyDataSet(dataSet: StoredDataSet, onProgress?: (progress: VerifyProgress) => void): VerifyResult {
  return new Verification(dataSet, onProgress).run();
}

class Verification {
  private readonly dataSet: StoredDataSet;
  private readonly onProgress: ((progress: VerifyProgress) => void) | undefined;
  private readonly problems: InputProblem[] = [];
  private problemsUnnamed = 0;
  private bytes = 0;

  constructor(dataSet: StoredDataSet, onProgress: ((progress: VerifyProgress) => void) | undefined) {
    this.dataSet = dataSet;
    this.onProgress = onProgress;
  }

  run(): VerifyResult {
    const manifest = this.manifest();
    if (manifest !== null) {
      this.checkShape(manifest);
      if (this.problems.length === 0) this.checkFiles(manifest);
      if (this.problems.length === 0) this.checkRows(manifest);
    }
    return { rows: this.dataSet.manifest.rows, bytes: this.bytes, problems: this.problems, problemsUnnamed: this.problemsUnnamed };
  }

  /** Read afresh: it may have changed since the data set was opened. */
  private manifest(): Manifest | null {
    try {
      return readManifest(this.dataSet.folder);
    } catch (cause) {
      if (!(cause instanceof InputError)) throw cause;
      for (const problem of cause.problems) this.add(problem);
      return null;
    }
  }

  private checkShape(manifest: Manifest): void {
    const { folder, key } = this.dataSet;
    const file = join(folder, MANIFEST_FILE);
    const expected = COLUMNS[key.kind];
    const isListed =
      manifest.columns.length === expected.length &&
      manifest.columns.every((column, at) => {
        const spec = expected[at]!;
        if (column.name !== spec.name) return false;
        if (!('file' in column)) return column.name === 'tsInit' && column.sameAs === 'tsEvent';
        const bytes = manifest.rows * (spec.type === 'float64' ? 8 : 1);
        return (
          column.type === spec.type && column.bytes === bytes && column.chunks.length === Math.ceil(manifest.rows / manifest.chunkRows)
        );
      });
    if (!isListed) this.damage(file, undefined, 'The manifest does not list the columns of its kind with its number of rows.');
    const place = join(instrumentFolder(key.instrumentId), dataSetFolder(key));
    if (!folder.endsWith(place)) this.damage(folder, undefined, `The folder is not that of ${keyText(key)}, which is ${place}.`);
    const names = new Set([MANIFEST_FILE, ...manifest.columns.flatMap((column) => ('file' in column ? [column.file] : []))]);
    for (const name of onDisk('list', folder, () => readdirSync(folder)).sort()) {
      if (!names.has(name)) this.damage(join(folder, name), undefined, 'The manifest does not know this file.');
    }
  }

  private checkFiles(manifest: Manifest): void {
    const hashes = new Map<string, string>();
    for (const column of manifest.columns) {
      if ('file' in column) hashes.set(column.name, this.checkFile(column, manifest.chunkRows));
    }
    if (this.problems.length > 0) return;
    const columns = manifest.columns.map((column) => ({
      name: column.name,
      sha256: hashes.get('file' in column ? column.name : column.sameAs)!,
    }));
    const digest = digestOf({ instrument: manifest.instrument, kind: this.dataSet.key.kind, every: manifest.every }, columns);
    if (digest !== manifest.digest)
      this.damage(join(this.dataSet.folder, MANIFEST_FILE), undefined, "The columns do not give the data set's digest.");
  }

  /** @returns the column's SHA-256 as it is now */
  private checkFile(column: StoredColumn, chunkRows: number): string {
    const path = join(this.dataSet.folder, column.file);
    if (!existsSync(path)) {
      this.damage(path, column.name, 'The file is missing.');
      return '';
    }
    const { size } = statSync(path);
    if (size !== column.bytes) this.damage(path, column.name, `The file has ${size} bytes, the manifest says ${column.bytes}.`);
    const chunkBytes = chunkRows * (column.type === 'float64' ? 8 : 1);
    const buffer = new Uint8Array(chunkBytes);
    const hash = createHash('sha256');
    withFile(path, (descriptor) => {
      column.chunks.forEach((wanted, chunk) => {
        const bytes = buffer.subarray(0, Math.min(chunkBytes, column.bytes - chunk * chunkBytes));
        const isWhole = readFully(descriptor, bytes, bytes.length, chunk * chunkBytes);
        if (!isWhole) this.damage(path, column.name, `${chunkText(chunk, chunkRows)} is missing in part or whole.`);
        else if (crc32cHex(crc32c(bytes)) !== wanted)
          this.damage(path, column.name, `${chunkText(chunk, chunkRows)} does not match its checksum.`);
        hash.update(bytes);
        this.bytes += bytes.length;
        this.onProgress?.({ bytes: this.bytes, bytesTotal: this.dataSet.bytes });
      });
    });
    const sha256 = hash.digest('hex');
    if (sha256 !== column.sha256 && this.problems.length === 0) this.damage(path, column.name, 'The file does not match its SHA-256.');
    return sha256;
  }

  private checkRows(manifest: Manifest): void {
    const { folder } = this.dataSet;
    const reader = openDataSet({ ...this.dataSet, manifest }, { instrument: 0, verifyChecksums: false });
    const rules = new RowRules();
    let row = 0;
    let firstTs = 0;
    let lastTs = 0;
    try {
      for (let block = reader.next(); block !== null; block = reader.next()) {
        const fault = rules.check(block);
        if (fault !== null) {
          const rule = `Row ${row + fault.row + 1}: ${fault.rule}`;
          this.add(storeProblem('STORE_ROW_INVALID', rule, { file: folder, column: fault.column, value: String(fault.value) }));
        }
        if (row === 0) firstTs = block.tsInit[0]!;
        lastTs = block.tsInit[block.length - 1]!;
        row += block.length;
      }
    } finally {
      reader.close();
    }
    if (row !== manifest.rows || firstTs !== manifest.firstTs || lastTs !== manifest.lastTs) {
      this.damage(join(folder, MANIFEST_FILE), undefined, 'The number of rows or the first or last time is not what the columns hold.');
    }
  }

  private damage(file: string, column: string | undefined, rule: string): void {
    this.add(storeProblem('STORE_DAMAGED', rule, column === undefined ? { file } : { file, column }));
  }

  private add(problem: InputProblem): void {
    if (this.problems.length < PROBLEMS_MAX) this.problems.push(problem);
    else this.problemsUnnamed += 1;
  }
}
