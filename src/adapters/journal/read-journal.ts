import type { JournalFacts, JournalRecord } from '../../ports/journal.ts';
import type { JournalDisk } from './disk.ts';
import { sameBytes } from './format.ts';
import { type FolderContent, readFolder } from './journal-folder.ts';
import { damaged, onDisk } from './journal-problem.ts';
import { loadSegment } from './segment-file.ts';
import { batchAt, placeAfter, recordsOf, scanStart } from './segment-scan.ts';

/**
 * Records in order, verified as they come, one segment in memory at a time. The folder is looked at anew for each segment, since one may be
 * compressed meanwhile.
 *
 * @param to the last one; nothing behind it is looked at
 * @throws WorldError `JOURNAL_DAMAGED`, `JOURNAL_SEGMENT_MISSING`
 */
export function* readRecords(disk: JournalDisk, folder: string, from: number, to: number): IterableIterator<JournalRecord> {
  let sequence = from;
  let hash: Uint8Array | null = null;
  while (sequence <= to) {
    const file = readFolder(disk, folder)?.segments.findLast((segment) => segment.firstSequence <= sequence);
    if (file === undefined) throw damaged(`no segment holds record ${sequence}`, { file: folder, sequence }, 'JOURNAL_SEGMENT_MISSING');
    const { segment, header } = loadSegment(disk, file);
    if (hash !== null && !sameBytes(hash, header.previousHash))
      throw damaged('it does not carry the hash of the segment before', { file: file.file, position: 48, sequence });
    let place = scanStart(header.firstSequence, header.previousHash);
    while (place.sequence <= to) {
      const batch = batchAt(segment, place);
      if (!('position' in batch)) {
        if (batch.reason === null) break;
        throw damaged(batch.reason, { file: file.file, position: place.position, sequence: place.sequence });
      }
      if (batch.firstSequence + batch.count > sequence) {
        for (const record of recordsOf(segment, batch)) {
          if (record.sequence > to) return;
          if (record.sequence >= sequence) yield record;
        }
      }
      place = placeAfter(segment, batch);
    }
    if (place.sequence <= sequence)
      throw damaged(`no segment holds record ${place.sequence}`, { file: file.file, sequence: place.sequence }, 'JOURNAL_SEGMENT_MISSING');
    ({ sequence, hash } = place);
  }
}

export function factsOf(disk: JournalDisk, content: FolderContent, lastSequence: number): JournalFacts {
  return {
    firstSequence: content.segments[0]?.firstSequence ?? 1,
    lastSequence,
    segments: content.segments.map((segment) => ({ ...segment, bytes: sizeOf(disk, segment.file) })),
    snapshots: content.snapshots.map((snapshot) => ({ ...snapshot, bytes: sizeOf(disk, snapshot.file) })),
  };
}

function sizeOf(disk: JournalDisk, file: string): number {
  return onDisk('open', file, () => {
    const open = disk.open(file, 'read');
    try {
      return open.size();
    } finally {
      open.close();
    }
  });
}
