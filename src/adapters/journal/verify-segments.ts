import type { WorldError } from '../../ports/errors.ts';
import type { JournalDisk } from './disk.ts';
import { NO_HASH, sameBytes } from './format.ts';
import type { SegmentFile } from './journal-folder.ts';
import { damaged } from './journal-problem.ts';
import { type LoadedSegment, loadSegment } from './segment-file.ts';
import { type Batch, batchAt, hasBatchBehind, placeAfter, type ScanPlace, scanStart, writtenEnd } from './segment-scan.ts';

/** What a torn batch left behind the last whole one. */
export interface TornTail {
  readonly file: string;
  /** First byte that is cut. */
  readonly position: number;
  /** Bytes up to the last that is not zero. */
  readonly bytes: number;
  readonly reason: string;
}

/** The end of the journal. */
export interface VerifiedEnd {
  readonly last: LoadedSegment;
  /** The last batch of the last segment; null where it has none yet. */
  readonly lastBatch: Batch | null;
  readonly place: ScanPlace;
  readonly tail: TornTail | null;
}

/** What has to be true of the first segment. */
export interface ExpectedStart {
  readonly firstSequence: number;
  /** Of the journal; null where nothing says. */
  readonly id: Uint8Array | null;
}

/**
 * Walks through segments that follow one another and verifies every checksum, every sequence number and the chain of hashes.
 *
 * @param files in order, one or more
 * @param onSegment told of each segment that is through
 * @throws WorldError `JOURNAL_DAMAGED`, `JOURNAL_SEGMENT_MISSING`, `JOURNAL_VERSION` at the first thing that is wrong, except the tail of the last one
 */
export function verifySegments(
  disk: JournalDisk,
  files: readonly SegmentFile[],
  expected: ExpectedStart,
  onSegment: (file: SegmentFile) => void = () => {},
): VerifiedEnd {
  let end: VerifiedEnd | null = null;
  let { id, firstSequence } = expected;
  for (const [index, file] of files.entries()) {
    if (file.firstSequence > firstSequence) throw missing(file, firstSequence);
    if (file.firstSequence < firstSequence)
      throw damaged(`it overlaps the segment before, which ends with record ${firstSequence - 1}`, { file: file.file });
    const loaded = loadSegment(disk, file);
    const { header } = loaded;
    if (id !== null && !sameBytes(id, header.id)) throw damaged('it belongs to another journal', { file: file.file, position: 32 });
    const hash = end?.place.hash ?? (file.firstSequence === 1 ? NO_HASH : header.previousHash);
    if (!sameBytes(header.previousHash, hash))
      throw damaged('it does not carry the hash of the segment before', { file: file.file, position: 48, sequence: file.firstSequence });
    end = walkFrom(loaded, scanStart(header.firstSequence, header.previousHash), index === files.length - 1);
    ({ id } = header);
    firstSequence = end.place.sequence;
    onSegment(file);
  }
  return end!;
}

/**
 * Walks through the batches of one segment, from a place up to its end.
 *
 * @throws WorldError `JOURNAL_DAMAGED`
 */
export function walkFrom(loaded: LoadedSegment, from: ScanPlace, isLast: boolean): VerifiedEnd {
  const { segment } = loaded;
  const { file } = loaded.file;
  let place = from;
  let lastBatch: Batch | null = null;
  for (;;) {
    const batch = batchAt(segment, place);
    if ('position' in batch) {
      place = placeAfter(segment, batch);
      lastBatch = batch;
      continue;
    }
    const { position, sequence } = place;
    const written = writtenEnd(segment, position) - position;
    if (written === 0) return { last: loaded, lastBatch, place, tail: null };
    const reason = batch.reason ?? 'there is no batch where something is written';
    if (!isLast || hasBatchBehind(segment, position)) throw damaged(reason, { file, position, sequence });
    return { last: loaded, lastBatch, place, tail: { file, position, bytes: written, reason } };
  }
}

function missing(file: SegmentFile, sequence: number): WorldError {
  return damaged(`the segment that begins with record ${sequence} is not there`, { file: file.file, sequence }, 'JOURNAL_SEGMENT_MISSING');
}
