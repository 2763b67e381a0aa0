import { writeSync } from 'node:fs';
import { openJournal } from '../../src/adapters/journal/open-journal.ts';
import { stream } from '../../src/base/random.ts';
import { WorldError } from '../../src/ports/errors.ts';
import type { Journal } from '../../src/ports/journal.ts';
import { payloadOf } from '../simulation/journal-crash.fixture.ts';

/*
 * journal-child.ts FOLDER SEED COMMITS: a process that writes a journal and says on standard output, one line each, what is acknowledged: `ack SEQUENCE` and
 * `snapshot SEQUENCE`. It is killed, or its system calls fail, while it does. Status 0 after all commits, 3 after an error of the disk, 4 where the journal took
 * something after that.
 */
const [folder, seedText, commitsText] = process.argv.slice(2) as [string, string, string];
const random = stream(Number(seedText), 'child');

function say(line: string): void {
  writeSync(1, `${line}\n`);
}

function appendSome(journal: Journal): void {
  for (let count = 1 + random.nextBelow(20); count > 0; count -= 1) {
    const sequence = journal.lastSequence + 1;
    journal.append(1 + (sequence % 255), sequence, payloadOf(sequence, 0));
  }
}

async function write(journal: Journal): Promise<void> {
  for (let commit = 0; commit < Number(commitsText); commit += 1) {
    appendSome(journal);
    if (random.nextBelow(2) === 0) journal.commit();
    else await journal.flush();
    say(`ack ${journal.durableSequence}`);
    if (random.nextBelow(12) === 0) {
      journal.saveSnapshot(journal.durableSequence, payloadOf(journal.durableSequence, -1));
      say(`snapshot ${journal.durableSequence}`);
    }
    if (random.nextBelow(20) === 0) await journal.compressSealed();
    if (random.nextBelow(40) === 0) journal.removeBefore(journal.durableSequence);
  }
  journal.close();
}

function isDead(journal: Journal): boolean {
  try {
    journal.append(1, 0, new Uint8Array(1));
    return false;
  } catch (error) {
    return error instanceof WorldError && error.code === 'JOURNAL_DEAD';
  }
}

let journal: Journal | null = null;
try {
  journal = openJournal(folder, { segmentBytes: 16_384, snapshotsKept: 2 });
  await write(journal);
} catch (error) {
  if (!(error instanceof WorldError)) throw error;
  say(`failed ${error.code}`);
  process.exitCode = journal === null || isDead(journal) ? 3 : 4;
}
