import { WorldError } from '../../ports/errors.ts';
import type { JournalFacts, JournalMessage, JournalRecord, JournalSnapshot } from '../../ports/journal.ts';
import type { JournalDisk } from './disk.ts';
import { type FolderContent, readFolder, type SegmentFile } from './journal-folder.ts';
import { damaged } from './journal-problem.ts';
import { NODE_DISK } from './node-disk.ts';
import { factsOf, readRecords } from './read-journal.ts';
import { loadSegment } from './segment-file.ts';
import { goodSnapshots, readSnapshot } from './snapshots.ts';
import { readStart } from './start-mark.ts';
import { type TornTail, type VerifiedEnd, verifySegments } from './verify-segments.ts';

/** What looking at a journal found. Nothing is changed and no lock is taken: it may be written to meanwhile. */
export interface Inspection {
  readonly facts: JournalFacts;
  /** An unfinished batch at the end, which the next opening will cut. */
  readonly tail: TornTail | null;
  /** What is not as it should be and yet loses nothing. */
  readonly messages: readonly JournalMessage[];
}

export interface InspectOptions {
  readonly disk?: JournalDisk;
  readonly onSegment?: (done: number, of: number, file: SegmentFile) => void;
}

/**
 * Verifies every byte: checksums, sequence numbers, the chain of hashes, snapshots.
 *
 * @throws WorldError `JOURNAL_NOT_FOUND`, or what an opening would refuse with
 */
export function verifyJournal(folder: string, { disk = NODE_DISK, onSegment = () => {} }: InspectOptions = {}): Inspection {
  const content = contentOf(disk, folder);
  const expected = content.hasStart ? readStart(disk, folder) : { firstSequence: 1, id: null };
  const files = content.segments.filter((segment) => segment.firstSequence >= expected.firstSequence);
  const last = files.at(-1);
  if (last === undefined || last.isCompressed)
    throw damaged('the segment behind what is there is missing', { file: folder }, 'JOURNAL_SEGMENT_MISSING');
  let done = 0;
  const end = verifySegments(disk, files, expected, (file) => onSegment((done += 1), files.length, file));
  return inspected(disk, content, end);
}

function inspected(disk: JournalDisk, content: FolderContent, end: VerifiedEnd): Inspection {
  const { id } = end.last.header;
  const lastSequence = end.place.sequence - 1;
  const messages: JournalMessage[] = [];
  for (const file of content.snapshots) {
    const snapshot = readSnapshot(disk, file, id);
    if (typeof snapshot === 'string') messages.push({ code: 'JOURNAL_SNAPSHOT_DAMAGED', text: `${file.file}: ${snapshot}` });
    else if (snapshot.sequence > lastSequence)
      throw damaged(`the snapshot of record ${snapshot.sequence} knows more than the journal, which lost what was durable`, {
        file: end.last.file.file,
        position: end.place.position,
        sequence: end.place.sequence,
      });
  }
  return { facts: factsOf(disk, content, lastSequence), tail: end.tail, messages };
}

/**
 * What is there by names and sizes; only the last segment is read, to find the end.
 *
 * @throws WorldError `JOURNAL_NOT_FOUND`, or what an opening would refuse the last segment with
 */
export function lookAtJournal(folder: string, { disk = NODE_DISK }: InspectOptions = {}): Inspection {
  const content = contentOf(disk, folder);
  const last = content.segments.at(-1)!;
  const end = verifySegments(disk, [last], { firstSequence: last.firstSequence, id: null });
  return { facts: factsOf(disk, content, end.place.sequence - 1), tail: end.tail, messages: [] };
}

/** The first record that is kept, by the names of the files. @throws WorldError `JOURNAL_NOT_FOUND` */
export function firstRecordOf(folder: string, disk: JournalDisk = NODE_DISK): number {
  return contentOf(disk, folder).segments[0]!.firstSequence;
}

/** Records from one up to another, as `Journal.read` gives them. */
export function recordsBetween(folder: string, from: number, to: number, disk: JournalDisk = NODE_DISK): IterableIterator<JournalRecord> {
  return readRecords(disk, folder, from, to);
}

/** Snapshots that verify, the newest first; the others are passed over. No lock is taken. */
export function snapshotsOf(folder: string, disk: JournalDisk = NODE_DISK): IterableIterator<JournalSnapshot> {
  const { segments, snapshots } = contentOf(disk, folder);
  return goodSnapshots(disk, snapshots, loadSegment(disk, segments.at(-1)!).header.id, () => {});
}

function contentOf(disk: JournalDisk, folder: string): FolderContent {
  const content = readFolder(disk, folder);
  if (content === null || content.segments.length === 0) {
    const what = content === null ? 'there is no such folder' : 'the folder holds no segment of a journal';
    throw new WorldError('JOURNAL_NOT_FOUND', `${folder}: ${what}`, { retryable: false });
  }
  return content;
}
