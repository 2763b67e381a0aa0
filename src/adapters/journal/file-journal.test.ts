import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openJournal } from './open-journal.ts';
import { makeFolder } from '../../../test/files-kit.ts';
import { SimulatedDisk } from '../../../test/simulation/simulated-disk.fixture.ts';
import { InvariantError } from '../../base/assert.ts';
import { stream } from '../../base/random.ts';
import { WorldError } from '../../ports/errors.ts';
import type { Journal } from '../../ports/journal.ts';

const scratch = makeFolder();
afterAll(() => scratch.remove());
let folders = 0;
const newFolder = (): string => join(scratch.path, String((folders += 1)), 'journal');
const simulated = (): SimulatedDisk => new SimulatedDisk(stream(1, 'disk'));

const text = (words: string): Uint8Array => new TextEncoder().encode(words);
const words = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Everything that can be read, as text. */
function contentOf(journal: Journal, from = 1): readonly string[] {
  return [...journal.read(from)].map(({ sequence, kind, ts, payload }) => `${sequence} ${kind} ${ts} ${words(payload)}`);
}

function appendNumbers(journal: Journal, count: number, bytes = 100): void {
  for (let index = 0; index < count; index += 1) journal.append(1, 0, text(String(journal.lastSequence + 1).padEnd(bytes, '.')));
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

/** CRC-32C by its definition, bit by bit, after a start of another one. */
function crcBitwise(bytes: Uint8Array, before = 0): number {
  let crc = ~before;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}

function integers(...fields: readonly (readonly [bytes: number, value: number | bigint])[]): Buffer {
  return Buffer.concat(
    fields.map(([bytes, value]) => {
      const field = Buffer.alloc(8);
      field.writeBigInt64LE(BigInt(value));
      return field.subarray(0, bytes);
    }),
  );
}

/** A record as docs/concepts/journal.md has it. */
function recordByTheBook(seed: number, sequence: number, kind: number, ts: number, payload: Uint8Array): Buffer {
  const padding = Buffer.alloc((8 - (payload.length % 8)) % 8);
  const rest = Buffer.concat([integers([3, payload.length], [1, kind], [8, sequence], [8, ts]), payload, padding]);
  return Buffer.concat([integers([4, crcBitwise(Buffer.concat([Buffer.alloc(4), rest]), seed)]), rest]);
}

function batchByTheBook(seed: number, first: number, position: number, previousHash: Uint8Array, records: readonly Buffer[]): Buffer {
  const body = Buffer.concat(records);
  const head = (crc: number): Buffer =>
    Buffer.concat([integers([4, 56 + body.length], [4, crc], [8, first], [4, records.length], [4, position]), previousHash]);
  return Buffer.concat([head(crcBitwise(head(0), seed)), body]);
}

describe('the bytes of a journal', () => {
  it('are those of the format, composed by hand from its tables', () => {
    const folder = newFolder();
    const id = Uint8Array.from({ length: 16 }, (_, at) => 100 + at);
    const journal = openJournal(folder, { segmentBytes: 4096, id });
    journal.append(7, 1_700_000_000_000_001, text('hello'));
    journal.append(255, -1, text('12345678'));
    journal.commit();
    journal.append(1, 0, text(''));
    journal.close();
    const seed = crcBitwise(id);
    const none = Buffer.alloc(32);
    const first = batchByTheBook(seed, 1, 96, none, [
      recordByTheBook(seed, 1, 7, 1_700_000_000_000_001, text('hello')),
      recordByTheBook(seed, 2, 255, -1, text('12345678')),
    ]);
    const second = batchByTheBook(seed, 3, 96 + first.length, createHash('sha256').update(first).digest(), [
      recordByTheBook(seed, 3, 1, 0, text('')),
    ]);
    const end = batchByTheBook(seed, 4, 96 + first.length + second.length, createHash('sha256').update(second).digest(), []);
    const rest = Buffer.concat([integers([2, 1], [2, 96], [4, 4096], [4, 0], [8, 1]), id, none, Buffer.alloc(16)]);
    const header = Buffer.concat([Buffer.from('QHJRNL\r\n'), integers([4, crcBitwise(rest)]), rest]);
    const written = Buffer.concat([header, first, second, end]);
    const file = readFileSync(join(folder, '0000000000000001.journal'));
    expect(file.subarray(0, written.length).toString('hex')).toBe(written.toString('hex'));
    expect(file.length).toBe(4096);
    expect(file.subarray(written.length).every((byte) => byte === 0)).toBe(true);
  });

  it('are the same wherever a payload comes from: a view at any offset, a part of a buffer, a buffer used again', () => {
    const source = Uint8Array.from({ length: 64 }, (_, at) => at);
    const journal = openJournal('/journal', { disk: simulated(), segmentBytes: 65_536 });
    const wanted: string[] = [];
    for (let start = 0; start < 17; start += 1) {
      for (const end of [start, start + 1, start + 8, start + 23, 64]) {
        journal.append(1, 0, source, start, end);
        journal.append(1, 0, source.subarray(start, end));
        const hex = Buffer.from(source.subarray(start, end)).toString('hex');
        wanted.push(hex, hex);
      }
    }
    journal.commit();
    expect([...journal.read(1)].map(({ payload }) => Buffer.from(payload).toString('hex'))).toEqual(wanted);
    source.fill(0);
    expect([...journal.read(1)].map(({ payload }) => Buffer.from(payload).toString('hex'))).toEqual(wanted);
  });
});

describe('appending and committing', () => {
  it('INV-12: gives sequence numbers from 1 without a gap, and the same records after opening again', () => {
    const folder = newFolder();
    const journal = openJournal(folder, { segmentBytes: 4096 });
    expect([journal.append(1, 10, text('a')), journal.append(2, 20, text('b'))]).toEqual([1, 2]);
    journal.commit();
    journal.close();
    const again = openJournal(folder);
    expect([again.lastSequence, again.append(3, -30, text('c'))]).toEqual([2, 3]);
    again.commit();
    expect(contentOf(again)).toEqual(['1 1 10 a', '2 2 20 b', '3 3 -30 c']);
    expect(contentOf(again, 2)).toEqual(['2 2 20 b', '3 3 -30 c']);
    expect(contentOf(again, 4)).toEqual([]);
    again.close();
  });

  it('INV-11: nothing counts as durable, and nothing is read, before the commit', () => {
    const journal = openJournal('/journal', { disk: simulated(), segmentBytes: 4096 });
    appendNumbers(journal, 2);
    expect([journal.lastSequence, journal.durableSequence, contentOf(journal).length]).toEqual([2, 0, 0]);
    journal.commit();
    expect([journal.durableSequence, contentOf(journal).length]).toEqual([2, 2]);
  });

  it('a commit is one write and one sync, however many records there are; one of nothing is none', () => {
    const disk = simulated();
    const journal = openJournal('/journal', { disk, segmentBytes: 65_536 });
    appendNumbers(journal, 100);
    const before = disk.steps;
    journal.commit();
    expect(disk.steps - before).toBe(2);
    journal.commit();
    expect(disk.steps - before).toBe(2);
  });

  it('what does not fit into the buffer is preceded by a commit', () => {
    const journal = openJournal('/journal', { disk: simulated(), segmentBytes: 4096, bufferBytes: 1024 });
    // 56 bytes of header and 7 records of 128 are 952; the eighth would make 1080.
    appendNumbers(journal, 7, 104);
    expect(journal.durableSequence).toBe(0);
    appendNumbers(journal, 1, 104);
    expect(journal.durableSequence).toBe(7);
  });

  it('segments are named by their first record, and reading goes across them', () => {
    const folder = newFolder();
    const journal = openJournal(folder, { segmentBytes: 4096, bufferBytes: 2048 });
    for (let commit = 0; commit < 8; commit += 1) {
      appendNumbers(journal, 10, 104);
      journal.commit();
    }
    // 1336 bytes a batch: two of them and the mark of a clean end fit into 4000 bytes, three of them (4008) do not.
    const names = ['01', '21', '41', '61'].map((number) => `00000000000000${number}.journal`);
    expect(readdirSync(folder).filter((name) => name.endsWith('.journal'))).toEqual(names);
    expect(contentOf(journal, 15).map((line) => Number(line.split(' ')[0]))).toEqual(Array.from({ length: 66 }, (_, index) => 15 + index));
    journal.close();
  });

  it('a journal that is opened and closed without a record does not grow', () => {
    const disk = simulated();
    const journal = openJournal('/journal', { disk, segmentBytes: 4096 });
    appendNumbers(journal, 1);
    journal.close();
    const once = disk.bytesOf('/journal/0000000000000001.journal').slice();
    openJournal('/journal', { disk }).close();
    openJournal('/journal', { disk }).close();
    expect(Buffer.compare(disk.bytesOf('/journal/0000000000000001.journal'), once)).toBe(0);
  });

  it.each([
    ['kind 0', 0, 0],
    ['kind 256', 256, 0],
    ['kind 1.5', 1.5, 0],
    ['a time with a fraction', 1, 0.5],
    ['a time beyond the exact integers', 1, 2 ** 53],
  ])('refuses %s and has appended nothing', (_what, kind, ts) => {
    const journal = openJournal('/journal', { disk: simulated(), segmentBytes: 4096 });
    expect(() => journal.append(kind, ts, text('x'))).toThrow(InvariantError);
    expect([journal.lastSequence, journal.append(1, 0, text('y'))]).toEqual([0, 1]);
  });

  it('refuses a payload that no buffer holds, and a range outside of its bytes', () => {
    const journal = openJournal('/journal', { disk: simulated(), segmentBytes: 4096 });
    expect(() => journal.append(1, 0, new Uint8Array(4096))).toThrow(InvariantError);
    expect(() => journal.append(1, 0, new Uint8Array(8), 4, 9)).toThrow(InvariantError);
    expect(() => journal.append(1, 0, new Uint8Array(8), 5, 4)).toThrow(InvariantError);
    expect(journal.lastSequence).toBe(0);
  });
});

describe('flushing beside the event loop', () => {
  it('resolves in order, with what was appended before each call, while appending goes on', async () => {
    const folder = newFolder();
    const journal = openJournal(folder, { segmentBytes: 4096 });
    const ended: number[] = [];
    appendNumbers(journal, 2);
    const first = journal.flush().then((sequence) => ended.push(sequence));
    appendNumbers(journal, 3);
    const second = journal.flush().then((sequence) => ended.push(sequence));
    const third = journal.flush().then((sequence) => ended.push(sequence));
    expect(journal.durableSequence).toBe(0);
    await Promise.all([first, second, third]);
    expect(ended).toEqual([2, 5, 5]);
    expect(await journal.flush()).toBe(5);
    expect(contentOf(journal)).toHaveLength(5);
    journal.close();
  });

  it('is not overtaken: a commit or close meanwhile is our mistake, a full buffer is told', async () => {
    const journal = openJournal('/journal', { disk: simulated(), segmentBytes: 4096, bufferBytes: 1024 });
    appendNumbers(journal, 1);
    const flush = journal.flush();
    expect(() => journal.commit()).toThrow(InvariantError);
    expect(() => journal.close()).toThrow(InvariantError);
    appendNumbers(journal, 7, 104);
    expect(codeOf(() => appendNumbers(journal, 1, 104))).toBe('JOURNAL_BUFFER_FULL');
    expect([await flush, journal.lastSequence]).toEqual([1, 8]);
    appendNumbers(journal, 1, 104);
    expect(await journal.flush()).toBe(9);
  });
});

describe('S-69: after an error of the disk', () => {
  it.each([
    ['EIO', 'JOURNAL_IO_FAILED'],
    ['ENOSPC', 'JOURNAL_DISK_FULL'],
  ] as const)('%s of a sync is %s, and the journal takes nothing more', async (failCode, code) => {
    const disk = simulated();
    const journal = openJournal('/journal', { disk, segmentBytes: 4096 });
    appendNumbers(journal, 1);
    disk.faults = { failAt: disk.steps + 2, failCode };
    expect(codeOf(() => journal.commit())).toBe(code);
    expect([journal.isAlive, journal.durableSequence]).toEqual([false, 0]);
    const calls = [
      () => journal.append(1, 0, text('x')),
      () => journal.commit(),
      () => journal.saveSnapshot(0, text('x')),
      () => journal.removeBefore(1),
    ];
    expect(calls.map(codeOf)).toEqual(calls.map(() => 'JOURNAL_DEAD'));
    await expect(journal.flush()).rejects.toMatchObject({ code: 'JOURNAL_DEAD' });
    await expect(journal.compressSealed()).rejects.toMatchObject({ code: 'JOURNAL_DEAD' });
    journal.close();
  });

  it('an error while closing counts like any other: the journal is dead, and the folder is free', () => {
    const disk = simulated();
    const journal = openJournal('/journal', { disk, segmentBytes: 4096 });
    disk.faults = { failAt: disk.steps + 2 };
    expect(codeOf(() => journal.close())).toBe('JOURNAL_IO_FAILED');
    expect(codeOf(() => journal.append(1, 0, text('x')))).toBe('JOURNAL_DEAD');
    journal.close();
    const again = openJournal('/journal', { disk });
    again.close();
    expect(() => again.append(1, 0, text('x'))).toThrow(InvariantError);
  });

  it('a flush that failed rejects, and so does the one behind it', async () => {
    const disk = simulated();
    const journal = openJournal('/journal', { disk, segmentBytes: 4096 });
    appendNumbers(journal, 1);
    disk.faults = { failAt: disk.steps + 1 };
    const flushes = [journal.flush(), journal.flush()];
    const ended = await Promise.allSettled(flushes);
    const failed = { status: 'rejected', reason: expect.objectContaining({ code: 'JOURNAL_IO_FAILED' }) };
    expect(ended).toEqual([failed, failed]);
    expect(journal.durableSequence).toBe(0);
  });
});

describe('snapshots and sealed segments', () => {
  /** Four segments of 20 records. */
  function fourSegments(disk: SimulatedDisk, snapshotsKept = 3): Journal {
    const journal = openJournal('/journal', { disk, segmentBytes: 4096, bufferBytes: 2048, snapshotsKept });
    for (let commit = 0; commit < 8; commit += 1) {
      appendNumbers(journal, 10, 104);
      journal.commit();
    }
    return journal;
  }
  const names = (disk: SimulatedDisk, ending: string): readonly string[] =>
    disk
      .list('/journal')
      .filter((name) => name.endsWith(ending))
      .sort();

  it('the newest snapshot is the one that is read, and so many are kept as was asked', () => {
    const disk = simulated();
    const journal = fourSegments(disk, 2);
    expect(journal.latestSnapshot()).toBeNull();
    for (const sequence of [0, 30, 50, 80]) journal.saveSnapshot(sequence, text(`state ${sequence}`));
    const snapshot = journal.latestSnapshot()!;
    expect([snapshot.sequence, words(snapshot.state)]).toEqual([80, 'state 80']);
    expect(names(disk, '.snapshot')).toEqual(['0000000000000050.snapshot', '0000000000000080.snapshot']);
  });

  it('a snapshot of what is not durable yet is our mistake', () => {
    const journal = openJournal('/journal', { disk: simulated(), segmentBytes: 4096 });
    appendNumbers(journal, 1);
    expect(() => journal.saveSnapshot(1, text(''))).toThrow(InvariantError);
  });

  it('segments wholly before the oldest snapshot are compressed, and read like the others', async () => {
    const disk = simulated();
    const journal = fourSegments(disk);
    expect(await journal.compressSealed()).toBe(0);
    // Records 1 to 40 fill two segments, so the snapshot of 39 leaves one, that of 40 two.
    journal.saveSnapshot(39, text(''));
    expect(await journal.compressSealed()).toBe(1);
    expect(names(disk, '.gz')).toEqual(['0000000000000001.journal.gz']);
    expect(names(disk, '.journal')).toHaveLength(3);
    expect(contentOf(journal)).toHaveLength(80);
    journal.close();
    expect(contentOf(openJournal('/journal', { disk }), 19)).toHaveLength(62);
  });

  it('nothing is removed that was not asked for, nor from the oldest snapshot on; where it begins is known afterwards', () => {
    const disk = simulated();
    const journal = fourSegments(disk, 1);
    expect(journal.removeBefore(80)).toBe(0);
    journal.saveSnapshot(60, text(''));
    expect(journal.removeBefore(20)).toBe(0);
    expect(journal.removeBefore(21)).toBe(1);
    expect(journal.removeBefore(80)).toBe(2);
    expect([journal.facts().firstSequence, contentOf(journal, 61).length]).toEqual([61, 20]);
    expect(codeOf(() => contentOf(journal, 60))).toBe('JOURNAL_SEGMENT_MISSING');
    journal.close();
    expect(openJournal('/journal', { disk }).facts()).toMatchObject({ firstSequence: 61, lastSequence: 80 });
  });

  it('reading goes on while the segments that it comes to are compressed', async () => {
    const disk = simulated();
    const journal = fourSegments(disk);
    const records = journal.read(1);
    expect(records.next().value).toMatchObject({ sequence: 1 });
    journal.saveSnapshot(80, text(''));
    expect(await journal.compressSealed()).toBe(3);
    expect([...records].at(-1)).toMatchObject({ sequence: 80 });
  });
});
