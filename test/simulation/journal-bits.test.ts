import { describe, expect, it } from 'vitest';
import { payloadOf } from './journal-crash.fixture.ts';
import { SimulatedDisk } from './simulated-disk.fixture.ts';
import { verifyJournal } from '../../src/adapters/journal/inspect-journal.ts';
import { openJournal } from '../../src/adapters/journal/open-journal.ts';
import { loadSegment, type LoadedSegment } from '../../src/adapters/journal/segment-file.ts';
import { batchAt, placeAfter, type ScanPlace, scanStart } from '../../src/adapters/journal/segment-scan.ts';
import { walkFrom } from '../../src/adapters/journal/verify-segments.ts';
import { stream } from '../../src/base/random.ts';
import { WorldError } from '../../src/ports/errors.ts';
import type { Journal } from '../../src/ports/journal.ts';

const FOLDER = '/journal';
const SEGMENT_BYTES = 65_536;
const FILE = `${FOLDER}/0000000000000001.journal`;
/** So many fill most of the segment. */
const RECORDS = 560;
const ID = Uint8Array.from({ length: 16 }, (_, at) => 200 - at);

function appendAll(journal: Journal, from: number, to: number, perBatch: number): void {
  for (let sequence = from; sequence <= to; sequence += 1) {
    journal.append(1 + (sequence % 255), sequence * 1000, payloadOf(sequence, 0));
    if (sequence % perBatch === 0) journal.commit();
  }
}

/** A journal that was closed in order: one segment of 64 KiB, nearly full. */
function closedJournal(records: number): SimulatedDisk {
  const disk = new SimulatedDisk(stream(1, 'bits'));
  const journal = openJournal(FOLDER, { disk, segmentBytes: SEGMENT_BYTES, id: ID });
  appendAll(journal, 1, records, 17);
  journal.close();
  return disk;
}

/** The places of all batches, the end last. */
function placesOf({ segment, header }: LoadedSegment): readonly ScanPlace[] {
  const places = [scanStart(header.firstSequence, header.previousHash)];
  for (;;) {
    const batch = batchAt(segment, places.at(-1)!);
    if (!('position' in batch)) return places;
    places.push(placeAfter(segment, batch));
  }
}

function codeOf(act: () => unknown): string {
  try {
    act();
    return 'nothing';
  } catch (error) {
    if (error instanceof WorldError) return error.code;
    throw error;
  }
}

/** What comes of opening and reading a damaged journal: a refusal, or the records, all of which have to be right. */
function opened(disk: SimulatedDisk): { readonly code: string; readonly records: number } {
  let code = 'nothing';
  try {
    const journal = openJournal(FOLDER, { disk, onMessage: (message) => (code = message.code) });
    let records = 0;
    for (const { sequence, payload } of journal.read(1)) {
      if (Buffer.compare(payload, payloadOf(sequence, 0)) !== 0) throw new Error(`record ${sequence} is another`);
      records += 1;
    }
    return { code, records };
  } catch (error) {
    if (!(error instanceof WorldError)) throw error;
    return { code: error.code, records: 0 };
  }
}

describe('every bit that flips', () => {
  // What stands before the batch with the bit is untouched, and so is what the walk knows when it comes there: it starts there each time.
  it('in 64 KiB of a journal is detected: INV-12 refuses it, or the unwritten rest is cut, and no record comes out changed', {
    timeout: 300_000,
  }, () => {
    const loaded = loadSegment(closedJournal(RECORDS), { file: FILE, firstSequence: 1, isCompressed: false });
    const { bytes } = loaded.segment;
    const places = placesOf(loaded);
    const endMark = places.length - 2;
    expect(places.at(-1)!).toMatchObject({ sequence: RECORDS + 1 });
    expect(places.at(-1)!.position).toBeGreaterThan(SEGMENT_BYTES * 0.7);
    let refused = 0;
    let cut = 0;
    let batch = 0;
    for (let bit = places[0]!.position * 8; bit < bytes.length * 8; bit += 1) {
      while (batch + 1 < places.length && bit >>> 3 >= places[batch + 1]!.position) batch += 1;
      bytes[bit >>> 3]! ^= 1 << (bit & 7);
      let end = null;
      try {
        end = walkFrom(loaded, places[batch]!, true);
      } catch (error) {
        if (!(error instanceof WorldError) || error.code !== 'JOURNAL_DAMAGED' || batch >= endMark) throw error;
        refused += 1;
      }
      // Only the mark of the clean end and the zeros behind it carry no record: there the tail is cut, exactly from the batch on.
      if (end !== null) {
        if (batch < endMark || end.tail === null || end.place !== places[batch]) throw new Error(`bit ${bit} is not detected`);
        cut += 1;
      }
      bytes[bit >>> 3]! ^= 1 << (bit & 7);
    }
    expect(walkFrom(loaded, places[0]!, true).tail).toBeNull();
    expect(refused).toBe((places[endMark]!.position - 96) * 8);
    expect(cut).toBe((SEGMENT_BYTES - places[endMark]!.position) * 8);
  });

  it('in the header of a segment is refused', () => {
    const disk = closedJournal(30);
    for (let bit = 0; bit < 96 * 8; bit += 1) {
      disk.flipBit(FILE, bit);
      expect(codeOf(() => verifyJournal(FOLDER, { disk }))).toBe('JOURNAL_DAMAGED');
      disk.flipBit(FILE, bit);
    }
    expect(codeOf(() => verifyJournal(FOLDER, { disk }))).toBe('nothing');
  });

  it('anywhere is detected by opening as by the walk, and what is read is a prefix of what was written', () => {
    const disk = closedJournal(RECORDS);
    const random = stream(7, 'flips');
    const end = placesOf(loadSegment(disk, { file: FILE, firstSequence: 1, isCompressed: false })).at(-2)!.position;
    for (let count = 0; count < 300; count += 1) {
      const bit = random.nextBelow(SEGMENT_BYTES * 8);
      const flipped = disk.copy();
      flipped.flipBit(FILE, bit);
      expect([bit, opened(flipped)]).toEqual([
        bit,
        bit >>> 3 < end ? { code: 'JOURNAL_DAMAGED', records: 0 } : { code: 'JOURNAL_TAIL_CUT', records: RECORDS },
      ]);
    }
  });

  it('in the last batch of a journal that was not closed cuts that batch with a message, since nobody can tell it from a torn one', () => {
    const disk = new SimulatedDisk(stream(1, 'bits'));
    const journal = openJournal(FOLDER, { disk, segmentBytes: 4096, id: ID });
    appendAll(journal, 1, 6, 3);
    const [, last, end] = placesOf(loadSegment(disk, { file: FILE, firstSequence: 1, isCompressed: false }));
    for (let bit = last!.position * 8; bit < end!.position * 8; bit += 3) {
      const flipped = disk.copy();
      flipped.flipBit(FILE, bit);
      expect(opened(flipped)).toEqual({ code: 'JOURNAL_TAIL_CUT', records: 3 });
    }
  });

  it('in a snapshot leads to the older one, with a message', () => {
    const disk = new SimulatedDisk(stream(1, 'bits'));
    const journal = openJournal(FOLDER, { disk, segmentBytes: 4096, id: ID });
    appendAll(journal, 1, 6, 3);
    journal.saveSnapshot(3, Uint8Array.of(3));
    journal.saveSnapshot(6, Uint8Array.of(6, 6, 6, 6));
    for (let bit = 0; bit < 84 * 8; bit += 1) {
      const flipped = disk.copy();
      flipped.flipBit(`${FOLDER}/0000000000000006.snapshot`, bit);
      const codes: string[] = [];
      const again = openJournal(FOLDER, { disk: flipped, onMessage: ({ code }) => codes.push(code) });
      expect([bit, again.latestSnapshot(), ...codes]).toEqual([
        bit,
        { sequence: 3, state: Uint8Array.of(3) },
        'JOURNAL_SNAPSHOT_DAMAGED',
        'JOURNAL_SNAPSHOT_DAMAGED',
      ]);
    }
  });

  it('in the mark of a beginning is refused; in a compressed segment it is refused or changes no record', async () => {
    const disk = new SimulatedDisk(stream(1, 'bits'));
    const journal = openJournal(FOLDER, { disk, segmentBytes: 4096, id: ID, snapshotsKept: 1 });
    appendAll(journal, 1, 90, 3);
    journal.saveSnapshot(90, Uint8Array.of(1));
    expect(await journal.compressSealed()).toBeGreaterThan(2);
    expect(journal.removeBefore(journal.facts().segments[1]!.firstSequence)).toBe(1);
    const { firstSequence, segments } = journal.facts();
    journal.close();
    for (let bit = 0; bit < 40 * 8; bit += 1) {
      disk.flipBit(`${FOLDER}/start`, bit);
      expect(codeOf(() => verifyJournal(FOLDER, { disk }))).toBe('JOURNAL_DAMAGED');
      disk.flipBit(`${FOLDER}/start`, bit);
    }
    const { file, bytes } = segments[0]!;
    let tried = 0;
    let refused = 0;
    for (let bit = 0; bit < bytes * 8; bit += 7) {
      const flipped = disk.copy();
      flipped.flipBit(file, bit);
      const code = codeOf(() => {
        for (const { sequence, payload } of openJournal(FOLDER, { disk: flipped }).read(firstSequence))
          if (Buffer.compare(payload, payloadOf(sequence, 0)) !== 0) throw new Error(`record ${sequence} is another`);
      });
      expect(['JOURNAL_DAMAGED', 'nothing']).toContain(code);
      tried += 1;
      if (code === 'JOURNAL_DAMAGED') refused += 1;
    }
    // Some bits of gzip mean nothing to the content: time and system in its header, what fills its last byte.
    expect(refused).toBeGreaterThan(tried - 50);
  });
});
