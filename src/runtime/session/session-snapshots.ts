import { createHash } from 'node:crypto';
import type { CoreLink, LoadedCore } from './core-link.ts';
import { decodeSnapshot, encodeSnapshot, SNAPSHOT_STATE_VERSION, type SnapshotHead, type SnapshotParts } from './snapshot-codec.ts';
import { assert } from '../../base/assert.ts';
import { crc32c } from '../../base/crc32c.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Journal, JournalRecord, JournalSnapshot } from '../../ports/journal.ts';

/** When a session is saved: whichever comes first. Whoever starts it again replays as much as that at most. */
export interface SnapshotPolicy {
  readonly inputs: number;
  /** Of records written down since the last one. */
  readonly journalBytes: number;
  /** By the clock of the machine. */
  readonly everyUs: number;
  /** When history has been played, if so many inputs came with it; never where left out. */
  readonly historyInputs?: number;
}

/** A replay of as much as any of these takes a few seconds. */
export const SNAPSHOT_INPUTS = 100_000;
export const SNAPSHOT_JOURNAL_BYTES = 67_108_864;
/** A quiet session is saved so often all the same: segments are compressed, and a restart is quick whatever a replay may cost. */
export const SNAPSHOT_EVERY_US = 600_000_000;
/** A day of history is most of what a young session has: whoever is killed in its first minutes need not replay it. */
export const SNAPSHOT_HISTORY_INPUTS = 5_000;
/** Largest snapshot that is taken; a session that has grown beyond it is replayed from an older one, or from its start. */
export const SNAPSHOT_STATE_BYTES_MAX = 1_000_000_000;

export const SNAPSHOT_POLICY: SnapshotPolicy = {
  inputs: SNAPSHOT_INPUTS,
  journalBytes: SNAPSHOT_JOURNAL_BYTES,
  everyUs: SNAPSHOT_EVERY_US,
  historyInputs: SNAPSHOT_HISTORY_INPUTS,
};

/** Who follows a session's outputs and rows, and is saved with it so that it need not follow them from the start again. */
export interface SessionFollower {
  /** Rises with every change that another program would read wrongly. */
  readonly stateVersion: number;
  /** Plain data. Lists in it are copies; what is in them does not change any more. */
  saveState(): Readonly<Record<string, unknown>>;
  /** Changes nothing. @throws what {@link loadState} would */
  checkState(state: Readonly<Record<string, unknown>>): void;
  /** Of one that has followed nothing. */
  loadState(state: Readonly<Record<string, unknown>>): void;
}

/** What is told of snapshots. */
export type SnapshotNews =
  | { readonly kind: 'taken'; readonly sequence: number; readonly bytes: number; readonly coreMs: number; readonly diskMs: number }
  | { readonly kind: 'notTaken'; readonly sequence: number; readonly reason: string }
  /** Segments of the journal that no start needs any more. */
  | { readonly kind: 'compressed'; readonly segments: number }
  | { readonly kind: 'notCompressed'; readonly reason: string }
  | { readonly kind: 'passedOver'; readonly sequence: number; readonly reason: string }
  /** The session stands where it stood; `snapshot` 0 where all of it was replayed. */
  | { readonly kind: 'recovered'; readonly snapshot: number; readonly replayed: number; readonly tookUs: number };

export interface SnapshotOptions {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly policy: SnapshotPolicy;
  readonly follower: SessionFollower | null;
  readonly onNews: (news: SnapshotNews) => void;
}

/** Where a session stands, between two inputs. */
export type SessionPlace = Pick<SnapshotHead, 'sequence' | 'ts' | 'rowsTaken' | 'accountEventsTaken'>;

const NOTHING = new Uint8Array(0);

/** Saves a session now and then beside its journal, and finds what it can go on from. Source: docs/decisions/0022-sessions.md */
export class SessionSnapshots {
  private readonly options: SnapshotOptions;
  /** Of the newest snapshot that was taken, loaded, or tried. */
  private lastSequence = 0;
  private lastAt: number;
  private inputs = 0;
  private bytes = 0;
  private isHastened = false;
  /** Of the last record. */
  private lastPayload: Uint8Array = NOTHING;
  private underWay: Promise<void> | null = null;
  private planHashKnown: string | null = null;
  private isCompressing = false;

  constructor(options: SnapshotOptions) {
    this.options = options;
    this.lastAt = options.clock.now();
  }

  /** A snapshot should be taken as soon as the core has answered everything. */
  get isDue(): boolean {
    if (this.underWay !== null || this.inputs === 0) return false;
    const { policy, clock } = this.options;
    return (
      this.isHastened || this.inputs >= policy.inputs || this.bytes >= policy.journalBytes || clock.now() - this.lastAt >= policy.everyUs
    );
  }

  /** History has been played. */
  noteHistoryPlayed(): void {
    this.isHastened = this.inputs >= (this.options.policy.historyInputs ?? Number.POSITIVE_INFINITY);
  }

  /** A record was written down, or replayed. */
  note(payload: Uint8Array): void {
    this.inputs += 1;
    this.bytes += payload.length;
    this.lastPayload = payload;
  }

  /**
   * Saves core and follower as they stand, all of what was written down taken and answered. Both are saved within the call; the rest goes on beside the
   * session.
   *
   * @returns resolves when it is durable, or was told not to be taken
   * @throws (rejects) WorldError where the disk failed
   */
  take(core: CoreLink, place: SessionPlace): Promise<void> {
    assert(this.underWay === null, 'one snapshot at a time');
    this.inputs = 0;
    this.bytes = 0;
    this.isHastened = false;
    this.lastAt = this.options.clock.now();
    this.lastSequence = place.sequence;
    this.underWay = this.write(core, place, crc32c(this.lastPayload)).finally(() => {
      this.underWay = null;
    });
    return this.underWay;
  }

  /** Waits for one that is under way. Whether it went well is told to whoever began it. */
  async settled(): Promise<void> {
    await this.underWay?.catch(() => {});
  }

  /** True where something came after the newest one. */
  isBehind(sequence: number): boolean {
    return sequence > this.lastSequence;
  }

  /**
   * Loads the newest snapshot that serves into core and follower.
   *
   * @returns null where none does: then nothing has changed
   * @throws Error where the core took one and the follower did not: neither is as new any more
   */
  async load(core: CoreLink): Promise<(SessionPlace & { readonly dueTs: number }) | null> {
    const { journal, follower, onNews } = this.options;
    for (const snapshot of journal.snapshots()) {
      let parts: SnapshotParts;
      let place: SessionPlace;
      let dueTs: number;
      try {
        parts = decodeSnapshot(snapshot.state);
        const { sequence, ts, rowsTaken, accountEventsTaken } = this.checked(parts, snapshot);
        place = { sequence, ts, rowsTaken, accountEventsTaken };
        // Core and follower stand at one input, or neither has moved.
        follower?.checkState(parts.follower);
        ({ dueTs } = await loadCore(core, parts));
      } catch (error) {
        onNews({ kind: 'passedOver', sequence: snapshot.sequence, reason: reasonOf(error) });
        continue;
      }
      follower?.loadState(parts.follower);
      this.lastSequence = place.sequence;
      return { ...place, dueTs };
    }
    return null;
  }

  private async write(core: CoreLink, place: SessionPlace, recordChecksum: number): Promise<void> {
    const { journal, follower, onNews } = this.options;
    const { sequence } = place;
    let encoded: Uint8Array;
    let coreMs: number;
    try {
      // Both are asked before anything else happens: they stand at the same input.
      const state = follower?.saveState() ?? {};
      const saved = await core.save();
      assert(saved.sequence === sequence, `the core was saved after input ${saved.sequence}, not after ${sequence}`);
      coreMs = saved.tookMs;
      const head: SnapshotHead = {
        ...place,
        version: SNAPSHOT_STATE_VERSION,
        planHash: this.planHash(),
        recordChecksum,
        digest: saved.digest,
        followerVersion: follower?.stateVersion ?? null,
      };
      encoded = await encodeSnapshot({ head, core: saved.state, follower: state });
      assert(
        encoded.length <= SNAPSHOT_STATE_BYTES_MAX,
        `a snapshot of ${encoded.length} bytes is larger than ${SNAPSHOT_STATE_BYTES_MAX}`,
      );
    } catch (error) {
      onNews({ kind: 'notTaken', sequence, reason: reasonOf(error) });
      return;
    }
    const startMs = performance.now();
    journal.saveSnapshot(sequence, encoded);
    onNews({ kind: 'taken', sequence, bytes: encoded.length, coreMs, diskMs: performance.now() - startMs });
    void this.compress();
  }

  /** Beside everything else: nobody waits for it, and what the end of the session cuts short is done another time. */
  private async compress(): Promise<void> {
    if (this.isCompressing) return;
    this.isCompressing = true;
    const { journal, onNews } = this.options;
    try {
      const segments = await journal.compressSealed();
      if (segments > 0) onNews({ kind: 'compressed', segments });
    } catch (error) {
      // A segment that cannot be read, or a disk that failed: then the next record that is written says so.
      onNews({ kind: 'notCompressed', reason: reasonOf(error) });
    } finally {
      this.isCompressing = false;
    }
  }

  /** @throws Error that says why it does not serve this journal or this program */
  private checked({ head }: SnapshotParts, { sequence }: JournalSnapshot): SnapshotHead {
    const { journal, follower } = this.options;
    serves(
      head.version === SNAPSHOT_STATE_VERSION,
      `it is of version ${head.version}, this program reads version ${SNAPSHOT_STATE_VERSION}`,
    );
    const own = follower?.stateVersion ?? null;
    serves(head.followerVersion === own, `what follows the session has version ${head.followerVersion} in it, and ${own} in this program`);
    serves(head.sequence === sequence && head.planHash === this.planHash(), 'it was taken of another session');
    const record: JournalRecord | undefined = journal.read(sequence).next().value;
    const isSame = record?.sequence === sequence && record.ts === head.ts && crc32c(record.payload) === head.recordChecksum;
    serves(isSame, `its last input is not input ${sequence} of this journal`);
    return head;
  }

  private planHash(): string {
    const { journal } = this.options;
    this.planHashKnown ??= createHash('sha256').update(journal.read(1).next().value!.payload).digest('hex');
    return this.planHashKnown;
  }
}

/** @throws StateRefused, or what a broken state throws: the core is as new then */
export function loadCore(core: Pick<CoreLink, 'load'>, { head, core: state }: SnapshotParts): Promise<LoadedCore> {
  return core.load({ sequence: head.sequence, digest: head.digest, state });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function serves(isSo: boolean, otherwise: string): asserts isSo {
  if (!isSo) throw new Error(otherwise);
}
