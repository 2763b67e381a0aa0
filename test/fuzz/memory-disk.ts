import path from 'node:path';
import type { JournalDisk, JournalFile } from '../../src/adapters/journal/disk.ts';

/** A disk that keeps what it is given and loses nothing: for bytes that are wrong, not for writes that are. */
export class MemoryDisk implements JournalDisk {
  readonly files: Map<string, Uint8Array>;

  constructor(files: ReadonlyMap<string, Uint8Array> = new Map()) {
    this.files = new Map([...files].map(([name, bytes]) => [name, bytes.slice()]));
  }

  makeFolder(): void {}

  list(folder: string): readonly string[] {
    return [...this.files.keys()].filter((name) => path.dirname(name) === folder).map((name) => path.basename(name));
  }

  open(file: string, mode: 'create' | 'write' | 'read'): JournalFile {
    if (mode === 'create') this.files.set(file, new Uint8Array(0));
    else if (!this.files.has(file)) throw Object.assign(new Error('ENOENT'), { code: 'ENOENT', syscall: 'open' });
    return new MemoryFile(this.files, file);
  }

  rename(from: string, to: string): void {
    this.files.set(to, this.files.get(from)!);
    this.files.delete(from);
  }

  remove(file: string): void {
    if (!this.files.delete(file)) throw Object.assign(new Error('ENOENT'), { code: 'ENOENT', syscall: 'unlink' });
  }

  syncFolder(): void {}

  lock(): () => void {
    return () => {};
  }
}

class MemoryFile implements JournalFile {
  readonly path: string;
  private readonly files: Map<string, Uint8Array>;

  constructor(files: Map<string, Uint8Array>, file: string) {
    this.files = files;
    this.path = file;
  }

  size(): number {
    return this.files.get(this.path)!.length;
  }

  read(target: Uint8Array, position: number): number {
    const piece = this.files.get(this.path)!.subarray(position, position + target.length);
    target.set(piece);
    return piece.length;
  }

  write(source: Uint8Array, start: number, length: number, position: number): number {
    const before = this.files.get(this.path)!;
    const bytes = new Uint8Array(Math.max(before.length, position + length));
    bytes.set(before);
    bytes.set(source.subarray(start, start + length), position);
    this.files.set(this.path, bytes);
    return length;
  }

  syncData(): void {}

  sync(): void {}

  writeLater(source: Uint8Array, start: number, length: number, position: number): Promise<number> {
    return Promise.resolve(this.write(source, start, length, position));
  }

  syncDataLater(): Promise<void> {
    return Promise.resolve();
  }

  close(): void {}
}
