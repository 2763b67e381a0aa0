import { type DiskFaults, SimulatedCrash, SimulatedDisk } from './simulated-disk.fixture.ts';
import { verifyJournal } from '../../src/adapters/journal/inspect-journal.ts';
import type { JournalOptions } from '../../src/adapters/journal/journal-settings.ts';
import { openJournal } from '../../src/adapters/journal/open-journal.ts';
import { type Random, stream } from '../../src/base/random.ts';
import { WorldError } from '../../src/ports/errors.ts';
import type { Journal } from '../../src/ports/journal.ts';

const FOLDER = '/journal';

/** What a record and a snapshot hold, so that each can be told from every other: the test's own ledger, kept apart from the journal. */
export function payloadOf(sequence: number, life: number): Uint8Array {
  const mixed = Math.imul(sequence, 0x9e3779b1) ^ Math.imul(life + 1, 0x85ebca6b);
  const draw = (mixed ^ (mixed >>> 15)) >>> 0;
  const length = draw % 16 === 0 ? 300 + (draw % 700) : draw % 97;
  const bytes = new Uint8Array(length);
  for (let at = 0, word = draw | 1; at < length; at += 1) {
    word = Math.imul(word, 1664525) + 1013904223;
    bytes[at] = word >>> 24;
  }
  return bytes;
}

/** What happened to one journal over all its lives. */
class CrashWorld {
  readonly counts = { crashes: 0, kills: 0, failures: 0, records: 0, cuts: 0 };
  private readonly random: Random;
  private readonly options: JournalOptions;
  private disk: SimulatedDisk;
  private life = 0;
  /** The life that wrote each record, by sequence number. */
  private readonly lives: number[] = [];
  private acknowledged = 0;
  private snapshotAcknowledged = -1;
  private removalAsked = 1;

  constructor(seed: number) {
    this.random = stream(seed, 'crash');
    const { random } = this;
    this.disk = new SimulatedDisk(stream(seed, 'disk'), this.drawFaults());
    this.options = {
      segmentBytes: 4096 + 512 * random.nextBelow(16) + 8 * random.nextBelow(3),
      bufferBytes: 1536 + 8 * random.nextBelow(300),
      snapshotsKept: 1 + random.nextBelow(3),
      verify: random.nextBelow(3) === 0 ? 'replayed' : 'all',
      id: Uint8Array.from({ length: 16 }, () => random.nextBelow(256)),
      onMessage: ({ code }) => {
        if (code === 'JOURNAL_TAIL_CUT') this.counts.cuts += 1;
      },
    };
  }

  /** @throws Error with what does not hold */
  async run(lives: number): Promise<void> {
    for (this.life = 1; this.life <= lives; this.life += 1) await this.liveOnce();
    this.disk.afterKill();
    const journal = this.opened(this.disk);
    this.append(journal, 5);
    journal.close();
    this.hold(
      verifyJournal(FOLDER, { disk: this.disk }).facts.lastSequence === this.acknowledged,
      'the healed journal does not verify to its end',
    );
    this.opened(this.disk).close();
    this.hold(verifyJournal(FOLDER, { disk: this.disk }).tail === null, 'a clean end has a tail');
  }

  private drawFaults(): DiskFaults {
    const { random } = this;
    const at = 1 + random.nextBelow([12, 40, 120, 300][random.nextBelow(4)]!);
    const isFailure = random.nextBelow(4) === 0;
    return {
      ...(isFailure ? { failAt: at, failCode: random.nextBelow(2) === 0 ? 'EIO' : 'ENOSPC' } : { crashAt: at }),
      ...(random.nextBelow(3) === 0 ? { shortWriteEvery: 1 + random.nextBelow(4) } : {}),
      ...(random.nextBelow(8) === 0 ? { room: 8192 + 512 * random.nextBelow(100) } : {}),
    };
  }

  /** From one start to the crash, failure or kill that ends it. */
  private async liveOnce(): Promise<void> {
    let journal: Journal | null = null;
    try {
      journal = this.opened(this.disk);
      for (let action = 0; action < 400; action += 1) {
        await this.act(journal);
        this.acknowledged = Math.max(this.acknowledged, journal.durableSequence);
      }
    } catch (error) {
      // A sync that crashed may have been a flush's, or one that `append` made to have room.
      if (journal !== null) this.acknowledged = Math.max(this.acknowledged, journal.durableSequence);
      // Work beside the event loop may meet the crash first: then the journal is dead before the test hears why.
      if (error instanceof WorldError && !this.disk.isDown) await this.failed(journal, error);
      else if (!(error instanceof SimulatedCrash) && !this.disk.isDown) throw error;
    }
    this.next();
  }

  private next(): void {
    const isKill = this.random.nextBelow(3) === 0;
    const faults = this.drawFaults();
    this.counts[isKill ? 'kills' : 'crashes'] += 1;
    this.disk = isKill ? this.disk.afterKill(faults) : this.disk.afterCrash(faults);
  }

  /** S-69: nothing is taken any more. */
  private async failed(journal: Journal | null, error: WorldError): Promise<void> {
    this.counts.failures += 1;
    this.hold(
      error.code === 'JOURNAL_IO_FAILED' || error.code === 'JOURNAL_DISK_FULL',
      `an error of the disk is ${error.code}: ${error.message}`,
    );
    if (journal === null || journal.isAlive) {
      this.hold(journal === null, 'the journal lives on after an error of the disk');
      return;
    }
    const calls = [
      () => journal.append(1, 0, new Uint8Array(1)),
      () => journal.commit(),
      () => journal.saveSnapshot(0, new Uint8Array(1)),
      () => journal.removeBefore(1),
    ];
    for (const call of calls) this.hold(codeOf(call) === 'JOURNAL_DEAD', 'a dead journal takes a call');
    const flushed = await journal.flush().catch((reason: unknown) => reason);
    this.hold(flushed instanceof WorldError && flushed.code === 'JOURNAL_DEAD', 'a dead journal takes a flush');
    journal.close();
  }

  private opened(disk: SimulatedDisk): Journal {
    const journal = openJournal(FOLDER, { ...this.options, disk });
    this.check(journal);
    return journal;
  }

  private async act(journal: Journal): Promise<void> {
    const draw = this.random.nextBelow(100);
    if (draw < 60) this.append(journal, 1 + this.random.nextBelow(6));
    else if (draw < 80) journal.commit();
    else if (draw < 90) await this.flushWhileAppending(journal);
    else if (draw < 95) {
      const { durableSequence } = journal;
      journal.saveSnapshot(durableSequence, payloadOf(durableSequence, -1));
      this.snapshotAcknowledged = Math.max(this.snapshotAcknowledged, durableSequence);
    } else if (draw < 97) await journal.compressSealed();
    else if (draw < 98) {
      this.removalAsked = Math.max(this.removalAsked, 1 + this.random.nextBelow(journal.durableSequence + 1));
      journal.removeBefore(this.removalAsked);
    } else this.check(journal);
  }

  private async flushWhileAppending(journal: Journal): Promise<void> {
    const flushes = [journal.flush()];
    let problem: unknown = null;
    try {
      const count = 1 + this.random.nextBelow(3);
      for (let turn = 0; turn < count; turn += 1) {
        this.append(journal, 1);
        flushes.push(journal.flush());
      }
    } catch (error) {
      problem = error;
    }
    // Whatever happens, no promise is left unwatched; the first that failed says why.
    const failed = (await Promise.allSettled(flushes)).find((end) => end.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    if (problem !== null && !(problem instanceof WorldError && problem.code === 'JOURNAL_BUFFER_FULL')) throw problem;
    const upTo = await Promise.all(flushes);
    this.hold(
      upTo.every((sequence, index) => index === 0 || sequence >= upTo[index - 1]!),
      'flushes end out of order',
    );
  }

  private append(journal: Journal, count: number): void {
    for (let index = 0; index < count; index += 1) {
      const expected = journal.lastSequence + 1;
      const sequence = journal.append(kindOf(expected), timeOf(expected), payloadOf(expected, this.life));
      this.hold(sequence === expected, `record ${sequence} where ${expected} is next`);
      this.lives[sequence] = this.life;
      this.counts.records += 1;
    }
    if (count === 5) {
      journal.commit();
      this.acknowledged = journal.durableSequence;
    }
  }

  /** INV-11 and INV-12 of what can be read now. */
  private check(journal: Journal): void {
    const { durableSequence } = journal;
    const { firstSequence } = journal.facts();
    this.hold(
      durableSequence >= this.acknowledged,
      `record ${this.acknowledged} was acknowledged and the journal ends with ${durableSequence}`,
    );
    this.hold(firstSequence <= Math.max(1, this.removalAsked), `the journal begins with ${firstSequence}; nobody asked for that`);
    let next = firstSequence;
    for (const { sequence, kind, ts, payload } of journal.read(firstSequence)) {
      this.hold(sequence === next, `record ${sequence} follows ${next - 1}`);
      const wanted = payloadOf(sequence, this.lives[sequence]!);
      this.hold(
        kind === kindOf(sequence) && ts === timeOf(sequence) && Buffer.compare(payload, wanted) === 0,
        `record ${sequence} is another`,
      );
      next += 1;
    }
    this.hold(next === durableSequence + 1, `record ${next} cannot be read, the journal ends with ${durableSequence}`);
    this.acknowledged = durableSequence;
    const snapshot = journal.latestSnapshot();
    this.hold((snapshot?.sequence ?? -1) >= this.snapshotAcknowledged, `the snapshot of ${this.snapshotAcknowledged} is lost`);
    if (snapshot === null) return;
    this.hold(Buffer.compare(snapshot.state, payloadOf(snapshot.sequence, -1)) === 0, `the snapshot of ${snapshot.sequence} is another`);
    this.hold(snapshot.sequence <= durableSequence && firstSequence <= snapshot.sequence + 1, 'the snapshot and the records do not meet');
  }

  private hold(isTrue: boolean, what: string): void {
    if (!isTrue) throw new Error(`life ${this.life}: ${what}`);
  }
}

export type CrashCounts = CrashWorld['counts'];

/**
 * One journal through up to three lives on a simulated disk, checked at the beginning of each and after all.
 *
 * @throws Error that says what does not hold
 */
export async function runCrashPoint(seed: number): Promise<CrashCounts> {
  const world = new CrashWorld(seed);
  await world.run(1 + (seed % 3));
  return world.counts;
}

function kindOf(sequence: number): number {
  return 1 + (sequence % 255);
}

/** Before and after 1970. */
function timeOf(sequence: number): number {
  return (sequence % 2 === 0 ? 1 : -1) * (1_700_000_000_000_000 + sequence * 7919);
}

function codeOf(call: () => unknown): string | null {
  try {
    call();
    return null;
  } catch (error) {
    return error instanceof WorldError ? error.code : String(error);
  }
}
