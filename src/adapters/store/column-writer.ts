import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { crc32c, crc32cHex } from '../../base/crc32c.ts';
import { widthOf } from './layout.ts';
import type { ColumnSpec } from './layout.ts';
import type { StoredColumn } from './manifest.ts';
import { onDisk } from './problem.ts';

/** Writes one column's file, a chunk of rows at a time, and takes its checksums on the way. */
export class ColumnWriter {
  readonly file: string;
  private readonly spec: ColumnSpec;
  private readonly values: Float64Array | Int8Array;
  private readonly bytes: Uint8Array;
  private readonly hash = createHash('sha256');
  private readonly chunks: string[] = [];
  private descriptor: number;
  private used = 0;
  private bytesWritten = 0;

  constructor(folder: string, spec: ColumnSpec, chunkRows: number) {
    this.spec = spec;
    this.file = `${spec.name}.${spec.type === 'float64' ? 'f64' : 'i8'}`;
    this.values = spec.type === 'float64' ? new Float64Array(chunkRows) : new Int8Array(chunkRows);
    this.bytes = new Uint8Array(this.values.buffer);
    const path = join(folder, this.file);
    this.descriptor = onDisk('create', path, () => openSync(path, 'wx'));
  }

  /** Takes the first `length` values of a block's column. */
  append(column: Float64Array | Int8Array, length: number): void {
    for (let from = 0; from < length; ) {
      const count = Math.min(length - from, this.values.length - this.used);
      this.values.set(column.subarray(from, from + count), this.used);
      this.used += count;
      from += count;
      if (this.used === this.values.length) this.flush();
    }
  }

  /** Writes the rest, makes it durable and closes the file. */
  finish(): StoredColumn {
    if (this.used > 0) this.flush();
    onDisk('sync', this.file, () => fsyncSync(this.descriptor));
    this.close();
    const { name, type } = this.spec;
    return { name, file: this.file, type, bytes: this.bytesWritten, sha256: this.hash.digest('hex'), chunks: this.chunks };
  }

  /** Closes without keeping a promise about the content; for imports that are given up. */
  close(): void {
    if (this.descriptor < 0) return;
    closeSync(this.descriptor);
    this.descriptor = -1;
  }

  private flush(): void {
    const bytes = this.bytes.subarray(0, this.used * widthOf(this.spec));
    this.chunks.push(crc32cHex(crc32c(bytes)));
    this.hash.update(bytes);
    onDisk('write', this.file, () => {
      for (let done = 0; done < bytes.length; ) done += writeSync(this.descriptor, bytes, done);
    });
    this.bytesWritten += bytes.length;
    this.used = 0;
  }
}
