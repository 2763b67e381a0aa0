import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { assert } from '../../base/assert.ts';
import type { Journal } from '../../ports/journal.ts';
import { FileJournal } from './file-journal.ts';
import { ID_BYTES, NO_HASH, type SegmentHeader } from './format.ts';
import { type FolderContent, readFolder, segmentName, type SegmentFile, writeWhole } from './journal-folder.ts';
import { damaged, onDisk } from './journal-problem.ts';
import { type JournalOptions, type JournalSettings, settingsOf } from './journal-settings.ts';
import { loadSegment, makeSegment } from './segment-file.ts';
import { newestSnapshot } from './snapshots.ts';
import { readStart } from './start-mark.ts';
import { type ExpectedStart, type VerifiedEnd, verifySegments } from './verify-segments.ts';

/**
 * Opens a journal for writing, or begins one: takes its lock, verifies what is there, cuts what a crash left unfinished at its end.
 *
 * @throws WorldError `JOURNAL_LOCKED`, `JOURNAL_DAMAGED`, `JOURNAL_SEGMENT_MISSING`, `JOURNAL_VERSION`, `JOURNAL_IO_FAILED`, `JOURNAL_DISK_FULL`
 */
export function openJournal(folder: string, options: JournalOptions = {}): Journal {
  const settings = settingsOf(folder, options);
  const { disk } = settings;
  onDisk('create', folder, () => disk.makeFolder(folder));
  const unlock = disk.lock(folder);
  try {
    // What a process that was killed renamed may not be durable yet, and from here on it is relied on.
    onDisk('sync', folder, () => disk.syncFolder(folder));
    const content = readFolder(disk, folder)!;
    removeLeftovers(settings, content);
    const found = content.segments.length === 0 ? null : verified(settings, content, options.verify ?? 'all');
    if (found === null && (content.hasStart || content.snapshots.length > 0))
      throw damaged(
        'there are snapshots or the mark of a beginning, and no segment',
        { file: folder, sequence: 1 },
        'JOURNAL_SEGMENT_MISSING',
      );
    const end = found ?? begin(settings, options.id ?? randomBytes(ID_BYTES));
    mend(settings, end);
    return new FileJournal(settings, end, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

function removeLeftovers({ disk, folder, onMessage }: JournalSettings, { leftovers }: FolderContent): void {
  if (leftovers.length === 0) return;
  onDisk('remove', leftovers[0]!, () => {
    for (const file of leftovers) disk.remove(file);
    disk.syncFolder(folder);
  });
  for (const file of leftovers)
    onMessage({ code: 'JOURNAL_LEFTOVER_REMOVED', text: `${file} was half made when a crash came; it was removed` });
}

function verified(settings: JournalSettings, content: FolderContent, verify: 'all' | 'replayed'): VerifiedEnd {
  const { disk, folder, onMessage } = settings;
  const start: ExpectedStart = content.hasStart ? readStart(disk, folder) : { firstSequence: 1, id: null };
  const kept = content.segments.filter((segment) => segment.firstSequence >= start.firstSequence);
  removeExpired(settings, content, kept);
  if (kept.length === 0)
    throw damaged(`the segment that begins with record ${start.firstSequence} is not there`, { file: folder }, 'JOURNAL_SEGMENT_MISSING');
  const last = kept.at(-1)!;
  // The segment that is written to is never compressed.
  if (last.isCompressed) throw damaged('the segment behind it is not there', { file: last.file }, 'JOURNAL_SEGMENT_MISSING');
  const { id } = loadSegment(disk, last).header;
  const snapshot = newestSnapshot(disk, content.snapshots, id, onMessage);
  const from = verify === 'all' || snapshot === null ? 0 : kept.findLastIndex((segment) => segment.firstSequence <= snapshot.sequence + 1);
  const replayed = kept.slice(Math.max(0, from));
  const end = verifySegments(disk, replayed, { firstSequence: from > 0 ? replayed[0]!.firstSequence : start.firstSequence, id: start.id });
  if (snapshot !== null && snapshot.sequence >= end.place.sequence)
    throw damaged(`the snapshot of record ${snapshot.sequence} knows more than the journal, which lost what was durable`, {
      file: last.file,
      position: end.place.position,
      sequence: end.place.sequence,
    });
  return end;
}

/** A removal that a crash cut short is carried on: the mark of the beginning was durable before the first file went. */
function removeExpired({ disk, folder }: JournalSettings, { segments }: FolderContent, kept: readonly SegmentFile[]): void {
  const expired = segments.slice(0, segments.length - kept.length);
  if (expired.length === 0) return;
  onDisk('remove', expired[0]!.file, () => {
    for (const { file } of expired) disk.remove(file);
    disk.syncFolder(folder);
  });
}

function begin({ disk, folder, segmentBytes }: JournalSettings, id: Uint8Array): VerifiedEnd {
  assert(id.length === ID_BYTES, `the id of a journal has ${ID_BYTES} bytes`);
  const header: SegmentHeader = { firstSequence: 1, segmentBytes, id, previousHash: NO_HASH };
  const file = path.join(folder, segmentName(1));
  makeSegment(disk, file, header);
  return verifySegments(disk, [{ file, firstSequence: 1, isCompressed: false }], { firstSequence: 1, id });
}

/**
 * Cuts the torn tail, and writes the last batch once more: it is there to be read, but whether it was synced nobody knows (the process may have been killed
 * before, or the sync failed and the kernel forgot the bytes).
 */
function mend({ disk, onMessage }: JournalSettings, { last, lastBatch, tail }: VerifiedEnd): void {
  if (lastBatch === null && tail === null) return;
  const { file } = last.file;
  const { bytes } = last.segment;
  onDisk('write', file, () => {
    const open = disk.open(file, 'write');
    try {
      if (tail !== null) writeWhole(open, new Uint8Array(tail.bytes), tail.bytes, tail.position);
      if (lastBatch !== null)
        writeWhole(open, bytes.subarray(lastBatch.position, lastBatch.position + lastBatch.bytes), lastBatch.bytes, lastBatch.position);
      open.syncData();
    } finally {
      open.close();
    }
  });
  if (tail === null) return;
  bytes.fill(0, tail.position, tail.position + tail.bytes);
  const text = `${tail.file}: cut ${tail.bytes} bytes from byte ${tail.position} on that no commit had acknowledged (${tail.reason})`;
  onMessage({ code: 'JOURNAL_TAIL_CUT', text });
}
