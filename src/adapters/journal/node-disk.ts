import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  unlinkSync,
  write,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { JournalDisk, JournalFile } from './disk.ts';
import { takeLock } from './lock.ts';

const writeLater = promisify(write);
const fdatasyncLater = promisify(fdatasync);
const FLAGS = { create: 'wx+', write: 'r+', read: 'r' } as const;

class NodeFile implements JournalFile {
  readonly path: string;
  private readonly descriptor: number;

  constructor(file: string, mode: keyof typeof FLAGS) {
    this.path = file;
    this.descriptor = openSync(file, FLAGS[mode], 0o600);
  }

  size(): number {
    return fstatSync(this.descriptor).size;
  }

  read(target: Uint8Array, position: number): number {
    return readSync(this.descriptor, target, 0, target.length, position);
  }

  write(source: Uint8Array, start: number, length: number, position: number): number {
    return writeSync(this.descriptor, source, start, length, position);
  }

  syncData(): void {
    fdatasyncSync(this.descriptor);
  }

  sync(): void {
    fsyncSync(this.descriptor);
  }

  async writeLater(source: Uint8Array, start: number, length: number, position: number): Promise<number> {
    return (await writeLater(this.descriptor, source, start, length, position)).bytesWritten;
  }

  syncDataLater(): Promise<void> {
    return fdatasyncLater(this.descriptor);
  }

  close(): void {
    closeSync(this.descriptor);
  }
}

/** The file system of the machine. */
export const NODE_DISK: JournalDisk = {
  makeFolder: (folder) => {
    const made = mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (made === undefined) return;
    // From the deepest up: each folder that is new has its entry in the one above it.
    for (let child = path.resolve(folder); child.length >= path.resolve(made).length; child = path.dirname(child))
      syncFolder(path.dirname(child));
  },
  list: (folder) => readdirSync(folder),
  open: (file, mode) => new NodeFile(file, mode),
  rename: renameSync,
  remove: unlinkSync,
  syncFolder,
  lock: takeLock,
};

function syncFolder(folder: string): void {
  // Windows has no way to sync a folder, and renames durably enough by itself.
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
