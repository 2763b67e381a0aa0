/*
 * What the journal asks of a disk, and nothing more: small enough that a simulated one can lose, tear and reorder whatever was not synced.
 * Errors are the operating system's, with their `code` (ENOSPC, EIO, ENOENT).
 */

export interface JournalFile {
  readonly path: string;
  size(): number;
  /** @returns bytes read; fewer than asked for at the end of the file, or at the whim of the system */
  read(target: Uint8Array, position: number): number;
  /** @returns bytes written; may be fewer than `length` */
  write(source: Uint8Array, start: number, length: number, position: number): number;
  /** Data, and as much of the metadata as reading them back needs. */
  syncData(): void;
  /** Data and metadata. */
  sync(): void;
  /** As `write` and `syncData`, beside the event loop. */
  writeLater(source: Uint8Array, start: number, length: number, position: number): Promise<number>;
  syncDataLater(): Promise<void>;
  close(): void;
}

export interface JournalDisk {
  /** Makes the folder and those above it where they are not there, durably. */
  makeFolder(folder: string): void;
  /** Names in the folder, in no order. @throws with code ENOENT where there is no folder */
  list(folder: string): readonly string[];
  /** `create` needs that there is no such file; the others that there is one. */
  open(path: string, mode: 'create' | 'write' | 'read'): JournalFile;
  /** Takes the place of a file that is there. */
  rename(from: string, to: string): void;
  remove(path: string): void;
  /** Makes what was created, renamed and removed in the folder durable. */
  syncFolder(folder: string): void;
  /**
   * The right to write to the folder, for one process.
   *
   * @returns gives it back
   * @throws WorldError `JOURNAL_LOCKED` where a process that is alive has it
   */
  lock(folder: string): () => void;
}
