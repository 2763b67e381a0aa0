import path from 'node:path';
import type { JournalDisk, JournalFile } from './disk.ts';
import { isSystemError, onDisk } from './journal-problem.ts';

const SEGMENT_NAME = /^(\d{16})\.journal(\.gz)?$/;
const SNAPSHOT_NAME = /^(\d{16})\.snapshot$/;
/** Files that are being made end so, and count for nothing. */
export const PART_ENDING = '.part';
export const START_NAME = 'start';

/** A segment by its name. */
export interface SegmentFile {
  readonly file: string;
  readonly firstSequence: number;
  readonly isCompressed: boolean;
}

export interface SnapshotFile {
  readonly file: string;
  readonly sequence: number;
}

/** What a folder holds, by its names; each list in the order of sequence numbers. */
export interface FolderContent {
  readonly segments: readonly SegmentFile[];
  readonly snapshots: readonly SnapshotFile[];
  /** Half-made files, and compressed segments beside the segment that they stand for. */
  readonly leftovers: readonly string[];
  readonly hasStart: boolean;
}

export function segmentName(firstSequence: number): string {
  return `${numberName(firstSequence)}.journal`;
}

export function snapshotName(sequence: number): string {
  return `${numberName(sequence)}.snapshot`;
}

function numberName(sequence: number): string {
  return String(sequence).padStart(16, '0');
}

/** @returns null where there is no such folder */
export function readFolder(disk: JournalDisk, folder: string): FolderContent | null {
  let names: readonly string[];
  try {
    names = disk.list(folder);
  } catch (cause) {
    if (isSystemError(cause) && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')) return null;
    return onDisk('list', folder, () => {
      throw cause;
    });
  }
  const present = new Set(names);
  const segments: SegmentFile[] = [];
  const snapshots: SnapshotFile[] = [];
  const leftovers: string[] = [];
  for (const name of [...names].sort()) {
    const file = path.join(folder, name);
    const segment = SEGMENT_NAME.exec(name);
    const snapshot = SNAPSHOT_NAME.exec(name);
    if (name.endsWith(PART_ENDING)) leftovers.push(file);
    else if (segment !== null && segment[2] !== undefined && present.has(`${segment[1]}.journal`)) leftovers.push(file);
    else if (segment !== null) segments.push({ file, firstSequence: Number(segment[1]), isCompressed: segment[2] !== undefined });
    else if (snapshot !== null) snapshots.push({ file, sequence: Number(snapshot[1]) });
  }
  return { segments, snapshots, leftovers, hasStart: present.has(START_NAME) };
}

/** All bytes of a file, in a buffer of their own. */
export function readWhole(disk: JournalDisk, file: string): Uint8Array<ArrayBuffer> {
  const open = onDisk('open', file, () => disk.open(file, 'read'));
  try {
    return onDisk('read', file, () => {
      const bytes = new Uint8Array(open.size());
      let at = 0;
      while (at < bytes.length) {
        const read = open.read(bytes.subarray(at), at);
        if (read === 0) break;
        at += read;
      }
      return at === bytes.length ? bytes : bytes.slice(0, at);
    });
  } finally {
    open.close();
  }
}

/** Writes all of it, in as many pieces as the system takes. */
export function writeWhole(file: JournalFile, source: Uint8Array, length: number, position: number): void {
  for (let done = 0; done < length; ) done += taken(file.write(source, done, length - done, position + done));
}

/** As {@link writeWhole}, beside the event loop. */
export async function writeWholeLater(file: JournalFile, source: Uint8Array, length: number, position: number): Promise<void> {
  for (let done = 0; done < length; ) done += taken(await file.writeLater(source, done, length - done, position + done));
}

function taken(bytes: number): number {
  if (bytes > 0) return bytes;
  throw Object.assign(new Error('the system wrote nothing and gave no reason'), { code: 'EIO', syscall: 'write' });
}

/**
 * Makes a file durable under its name in one step: written beside it, synced, renamed, and the folder synced. Whoever looks sees all of it or nothing.
 *
 * @param write fills the file
 */
export function makeFile(disk: JournalDisk, file: string, write: (part: JournalFile) => void): void {
  const name = file + PART_ENDING;
  onDisk('write', file, () => {
    removeIfThere(disk, name);
    const part = disk.open(name, 'create');
    try {
      write(part);
      part.sync();
    } finally {
      part.close();
    }
    disk.rename(name, file);
    disk.syncFolder(path.dirname(file));
  });
}

export function removeIfThere(disk: JournalDisk, file: string): void {
  try {
    disk.remove(file);
  } catch (cause) {
    if (!isSystemError(cause) || cause.code !== 'ENOENT') throw cause;
  }
}
