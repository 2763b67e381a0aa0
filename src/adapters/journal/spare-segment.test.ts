import { describe, expect, it } from 'vitest';
import { openJournal } from './open-journal.ts';
import { SimulatedDisk } from '../../../test/simulation/simulated-disk.fixture.ts';
import { stream } from '../../base/random.ts';
import type { Journal, JournalMessage } from '../../ports/journal.ts';

const SPARE = '/journal/spare.part';

/** A batch of 1336 bytes: two fit into a segment of 4096, and the first two thirds of it are beyond its half. */
async function flushBatch(journal: Journal): Promise<void> {
  for (let count = 0; count < 10; count += 1) journal.append(1, 0, new Uint8Array(104).fill(count));
  await journal.flush();
}

/** Lets what was begun beside the event loop come to its end: the simulated disk answers at once. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function made(messages: JournalMessage[] = []): { readonly disk: SimulatedDisk; readonly journal: Journal } {
  const disk = new SimulatedDisk(stream(1, 'disk'));
  return {
    disk,
    journal: openJournal('/journal', { disk, segmentBytes: 4096, bufferBytes: 2048, onMessage: (message) => messages.push(message) }),
  };
}

describe('the next segment', () => {
  it('is prepared when half of this one is full, and takes its place with one write', async () => {
    const { disk, journal } = made();
    await flushBatch(journal);
    await settled();
    expect(disk.list('/journal')).not.toContain('spare.part');
    await flushBatch(journal);
    await settled();
    expect(disk.bytesOf(SPARE)).toEqual(new Uint8Array(4096));
    const before = disk.steps;
    await flushBatch(journal);
    // Header, sync, rename, sync of the folder; then the batch and its sync.
    expect(disk.steps - before).toBe(6);
    expect([...disk.list('/journal')].sort()).toEqual(['0000000000000001.journal', '0000000000000021.journal']);
    journal.close();
    expect(openJournal('/journal', { disk: disk.afterCrash() }).durableSequence).toBe(30);
  });

  it('is not left behind by closing', async () => {
    const { disk, journal } = made();
    await flushBatch(journal);
    await flushBatch(journal);
    await settled();
    expect(disk.list('/journal')).toContain('spare.part');
    journal.close();
    expect(disk.list('/journal')).toEqual(['0000000000000001.journal']);
  });

  it('that cannot be prepared is told of, and made when it is needed', async () => {
    const messages: JournalMessage[] = [];
    const { disk, journal } = made(messages);
    await flushBatch(journal);
    // The batch and its sync are two steps, the file that is opened is the third.
    disk.faults = { failAt: disk.steps + 3, failCode: 'ENOSPC' };
    await flushBatch(journal);
    await settled();
    expect(messages).toEqual([{ code: 'JOURNAL_DISK_FULL', text: expect.stringContaining('the next segment could not be prepared') }]);
    expect(journal.isAlive).toBe(true);
    await flushBatch(journal);
    expect([journal.durableSequence, journal.facts().segments.length]).toEqual([30, 2]);
  });
});
