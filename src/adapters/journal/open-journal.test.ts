import { describe, expect, it } from 'vitest';
import { verifyJournal } from './inspect-journal.ts';
import { openJournal } from './open-journal.ts';
import { SimulatedDisk } from '../../../test/simulation/simulated-disk.fixture.ts';
import { crc32c } from '../../base/crc32c.ts';
import { stream } from '../../base/random.ts';
import { WorldError } from '../../ports/errors.ts';
import type { JournalMessage } from '../../ports/journal.ts';

const FIRST = '/journal/0000000000000001.journal';
const SECOND = '/journal/0000000000000021.journal';
const LAST = '/journal/0000000000000061.journal';

/** Four segments of 20 records of 128 bytes in two batches each; not closed. */
function journalOn(disk: SimulatedDisk): void {
  const journal = openJournal('/journal', { disk, segmentBytes: 4096, bufferBytes: 2048, id: new Uint8Array(16).fill(9) });
  for (let sequence = 1; sequence <= 80; sequence += 1) {
    journal.append(1, sequence, new Uint8Array(104).fill(sequence));
    if (sequence % 10 === 0) journal.commit();
  }
}

function made(): SimulatedDisk {
  const disk = new SimulatedDisk(stream(1, 'disk'));
  journalOn(disk);
  return disk;
}

function refusalOf(disk: SimulatedDisk): WorldError {
  try {
    openJournal('/journal', { disk });
  } catch (error) {
    if (error instanceof WorldError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

const allBytes = (disk: SimulatedDisk): string =>
  disk
    .list('/journal')
    .map((name) => `${name} ${Buffer.from(disk.bytesOf(`/journal/${name}`)).toString('hex')}`)
    .sort()
    .join('\n');

describe('damage where the journal was durable', () => {
  // Header 96, batch header 56, records of 128: the third record of the second segment is 96 + 56 + 2 × 128 = 408.
  it('INV-12: refuses with the file, the byte and the record, and changes nothing', () => {
    const disk = made();
    disk.flipBit(SECOND, (408 + 30) * 8);
    const before = allBytes(disk);
    const { code, message } = refusalOf(disk);
    expect([code, message]).toEqual([
      'JOURNAL_DAMAGED',
      `${SECOND}, byte 96, from record 21 on: record 23 at byte 408: its checksum is wrong`,
    ]);
    expect(allBytes(disk)).toBe(before);
  });

  it('refuses the first batch of the last segment too, since the second one proves that it was durable', () => {
    const disk = made();
    disk.flipBit(LAST, 408 * 8);
    expect(refusalOf(disk).message).toContain(`${LAST}, byte 96, from record 61 on`);
  });

  it('refuses zeros in the place of the end of a segment that has one behind it', () => {
    const disk = made();
    // The second batch of the second segment begins at 96 + 56 + 10 × 128 = 1432.
    disk.bytesOf(SECOND).fill(0, 1432);
    const { code, message } = refusalOf(disk);
    expect([code, message]).toEqual([
      'JOURNAL_SEGMENT_MISSING',
      expect.stringContaining('the segment that begins with record 31 is not there'),
    ]);
  });

  it.each([
    ['in the middle', SECOND, 'the segment that begins with record 21 is not there'],
    ['at the front', FIRST, 'the segment that begins with record 1 is not there'],
  ])('refuses a segment that is missing %s', (_where, file, words) => {
    const disk = made();
    disk.remove(file);
    expect(refusalOf(disk)).toMatchObject({ code: 'JOURNAL_SEGMENT_MISSING', message: expect.stringContaining(words) });
  });

  it('refuses an end that is behind a snapshot', () => {
    const disk = made();
    openJournal('/journal', { disk }).saveSnapshot(80, new Uint8Array(1));
    disk.remove(LAST);
    expect(refusalOf(disk)).toMatchObject({
      code: 'JOURNAL_DAMAGED',
      message: expect.stringContaining('the snapshot of record 80 knows more than the journal'),
    });
  });

  it('refuses a compressed segment at the end, and snapshots without any segment', async () => {
    const disk = made();
    const journal = openJournal('/journal', { disk });
    journal.saveSnapshot(60, new Uint8Array(1));
    await journal.compressSealed();
    disk.remove(LAST);
    expect(refusalOf(disk)).toMatchObject({ code: 'JOURNAL_SEGMENT_MISSING' });
    for (const name of disk.list('/journal')) if (name.includes('.journal')) disk.remove(`/journal/${name}`);
    expect(refusalOf(disk)).toMatchObject({ code: 'JOURNAL_SEGMENT_MISSING' });
  });

  it('refuses a segment of another journal, and one that was cut short', () => {
    const other = new SimulatedDisk(stream(2, 'disk'));
    const journal = openJournal('/journal', { disk: other, segmentBytes: 4096, bufferBytes: 2048, id: new Uint8Array(16).fill(8) });
    for (let sequence = 1; sequence <= 80; sequence += 1) {
      journal.append(1, sequence, new Uint8Array(104).fill(sequence));
      if (sequence % 10 === 0) journal.commit();
    }
    const disk = made();
    disk.bytesOf(SECOND).set(other.bytesOf(SECOND));
    expect(refusalOf(disk).message).toContain('it belongs to another journal');
    const cut = made();
    cut.truncate(SECOND, 4000);
    expect(refusalOf(cut).message).toContain('the file has 4000 bytes, the header says 4096');
  });

  it('S-72: refuses a version of the format that it does not know, by its number', () => {
    const disk = made();
    const bytes = disk.bytesOf(SECOND);
    bytes[12] = 2;
    new DataView(bytes.buffer).setUint32(8, crc32c(bytes.subarray(12, 96)), true);
    expect(refusalOf(disk)).toMatchObject({
      code: 'JOURNAL_VERSION',
      message: `${SECOND}: the format is version 2, this program reads version 1`,
    });
  });

  it('is refused by looking only where it is asked to look', () => {
    const disk = made();
    openJournal('/journal', { disk }).saveSnapshot(45, new Uint8Array(1));
    disk.flipBit(SECOND, 800);
    expect(refusalOf(disk).code).toBe('JOURNAL_DAMAGED');
    expect(openJournal('/journal', { disk, verify: 'replayed' }).durableSequence).toBe(80);
  });
});

describe('what a crash leaves', () => {
  it('a torn tail is cut with its position and its length, once; looking at it changes nothing', () => {
    const disk = made();
    // The last segment ends at 96 + 2 × 1336 = 2768; a batch of 3 records was written there in part.
    disk.bytesOf(LAST).fill(7, 2768, 3000);
    expect(verifyJournal('/journal', { disk }).tail).toMatchObject({ file: LAST, position: 2768, bytes: 232 });
    const messages: JournalMessage[] = [];
    const journal = openJournal('/journal', { disk, onMessage: (message) => messages.push(message) });
    expect(messages).toEqual([
      {
        code: 'JOURNAL_TAIL_CUT',
        text: expect.stringMatching(/0061\.journal: cut 232 bytes from byte 2768 on that no commit had acknowledged/),
      },
    ]);
    expect([journal.durableSequence, journal.append(1, 0, new Uint8Array(1))]).toEqual([80, 81]);
    journal.close();
    expect(verifyJournal('/journal', { disk })).toMatchObject({ tail: null, facts: { lastSequence: 81 } });
  });

  it('half-made files are removed with a message', () => {
    const disk = made();
    for (const name of ['0000000000000081.journal.part', '0000000000000080.snapshot.part', '0000000000000001.journal.gz'])
      disk.open(`/journal/${name}`, 'create');
    const codes: string[] = [];
    openJournal('/journal', { disk, onMessage: ({ code }) => codes.push(code) });
    expect(codes).toEqual(Array.from({ length: 3 }, () => 'JOURNAL_LEFTOVER_REMOVED'));
    expect(disk.list('/journal')).toHaveLength(4);
  });

  it('the last batch is written once more, since the sync that it needed may have failed', () => {
    const disk = new SimulatedDisk(stream(3, 'disk'));
    const journal = openJournal('/journal', { disk, segmentBytes: 4096 });
    journal.append(1, 0, new Uint8Array(2000).fill(1));
    disk.faults = { failAt: disk.steps + 2 };
    expect(() => journal.commit()).toThrow(WorldError);
    // The machine stays up: the bytes can be read, and no sync would ever write them.
    const again = openJournal('/journal', { disk: disk.afterKill() });
    expect(again.durableSequence).toBe(1);
    expect(openJournal('/journal', { disk: disk.afterCrash() }).durableSequence).toBe(1);
  });
});
