import path from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { JournalDisk } from './disk.ts';
import { makeFile, type SegmentFile, writeWhole } from './journal-folder.ts';
import { onDisk } from './journal-problem.ts';
import { loadSegment } from './segment-file.ts';
import { writtenEnd } from './segment-scan.ts';
import { type StartMark, writeStart } from './start-mark.ts';

const gzipLater = promisify(gzip);

/**
 * Segments whose records all come before `sequence`, from the front; the last one, which is written to, never.
 *
 * @param segments in order
 */
export function segmentsBefore(segments: readonly SegmentFile[], sequence: number): readonly SegmentFile[] {
  const after = segments.findIndex((_, index) => index + 1 >= segments.length || segments[index + 1]!.firstSequence > sequence);
  return segments.slice(0, Math.max(0, after));
}

/**
 * Packs a sealed segment beside the event loop.
 *
 * @returns puts the packed file in the place of the plain one
 */
export async function compressSegment(disk: JournalDisk, file: SegmentFile): Promise<() => void> {
  const { segment } = loadSegment(disk, file);
  const end = (writtenEnd(segment, 0) + 7) & ~7;
  const packed = await gzipLater(segment.bytes.subarray(0, end));
  return () => {
    makeFile(disk, `${file.file}.gz`, (part) => writeWhole(part, packed, packed.length, 0));
    onDisk('remove', file.file, () => {
      disk.remove(file.file);
      disk.syncFolder(path.dirname(file.file));
    });
  };
}

/**
 * Removes segments from the front.
 *
 * @param start where the journal begins from then on; durable before the first one goes
 */
export function removeSegments(disk: JournalDisk, folder: string, segments: readonly SegmentFile[], start: StartMark): void {
  writeStart(disk, folder, start);
  onDisk('remove', segments[0]?.file ?? folder, () => {
    for (const { file } of segments) disk.remove(file);
    disk.syncFolder(folder);
  });
}
