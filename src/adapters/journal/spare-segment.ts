import path from 'node:path';
import type { JournalDisk, JournalFile } from './disk.ts';
import { encodeSegmentHeader, type SegmentHeader } from './format.ts';
import { PART_ENDING, removeIfThere, writeWhole, writeWholeLater } from './journal-folder.ts';
import { diskError, onDisk } from './journal-problem.ts';

/** Zeros are written in pieces of this size. */
const ZERO_BYTES = 1_048_576;

/**
 * The zeros of the next segment, written beside the event loop while there is still room in this one, so that going on to the next takes one small write and
 * a sync. It has no name that counts before it is needed; what a crash leaves of it is removed at the next opening.
 */
export class SpareSegment {
  readonly done: Promise<void>;
  private readonly file: string;
  private readonly segmentBytes: number;
  private open: JournalFile | null = null;
  /** The disk refused: another may be tried. */
  hasFailed = false;
  private isReady = false;
  private isAbandoned = false;

  /** @param onFailure told once where the disk refuses; the journal can do without */
  constructor(disk: JournalDisk, folder: string, segmentBytes: number, onFailure: (error: unknown) => void) {
    this.file = path.join(folder, `spare${PART_ENDING}`);
    this.segmentBytes = segmentBytes;
    this.done = this.fill(disk).catch((cause: unknown) => {
      this.closed();
      this.hasFailed = true;
      onFailure(diskError('write', this.file, cause));
    });
  }

  private async fill(disk: JournalDisk): Promise<void> {
    const { segmentBytes } = this;
    removeIfThere(disk, this.file);
    const open = disk.open(this.file, 'create');
    this.open = open;
    const zeros = new Uint8Array(Math.min(ZERO_BYTES, segmentBytes));
    for (let at = 0; at < segmentBytes && !this.isAbandoned; at += zeros.length)
      await writeWholeLater(open, zeros, Math.min(zeros.length, segmentBytes - at), at);
    if (!this.isAbandoned) await open.syncDataLater();
    if (this.isAbandoned) this.closed();
    else this.isReady = true;
  }

  /**
   * Makes it a segment of the journal.
   *
   * @returns false where it is not ready
   */
  becomes(disk: JournalDisk, file: string, header: SegmentHeader): boolean {
    const { open } = this;
    if (!this.isReady || open === null || header.segmentBytes !== this.segmentBytes) return false;
    onDisk('write', file, () => {
      const encoded = encodeSegmentHeader(header);
      writeWhole(open, encoded, encoded.length, 0);
      open.sync();
      this.closed();
      disk.rename(this.file, file);
      disk.syncFolder(path.dirname(file));
    });
    return true;
  }

  /**
   * The journal is closed. A file that is still being filled is left for the next opening to remove: its writes are under way.
   *
   * @param disk to remove the file from; null where it has failed
   */
  abandon(disk: JournalDisk | null): void {
    this.isAbandoned = true;
    if (!this.isReady) return;
    this.closed();
    if (disk !== null) onDisk('remove', this.file, () => removeIfThere(disk, this.file));
  }

  private closed(): void {
    this.isReady = false;
    this.open?.close();
    this.open = null;
  }
}
