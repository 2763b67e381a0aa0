import path from 'node:path';
import { assert } from '../../base/assert.ts';
import { WorldError } from '../../ports/errors.ts';
import type { Journal, JournalFacts, JournalRecord, JournalSnapshot } from '../../ports/journal.ts';
import { BatchBuffer } from './batch-buffer.ts';
import type { JournalFile } from './disk.ts';
import { BATCH_HEADER_BYTES, checksumSeed, JOURNAL_PAYLOAD_BYTES_MAX, SEGMENT_HEADER_BYTES } from './format.ts';
import { readFolder, segmentName, type SegmentFile, writeWhole, writeWholeLater } from './journal-folder.ts';
import { diskError, onDisk } from './journal-problem.ts';
import type { JournalSettings } from './journal-settings.ts';
import { factsOf, readRecords } from './read-journal.ts';
import { compressSegment, removeSegments, segmentsBefore } from './sealed-segments.ts';
import { makeSegment } from './segment-file.ts';
import { hashOf } from './segment-scan.ts';
import { goodSnapshots, newestSnapshot, removeOldSnapshots, writeSnapshot } from './snapshots.ts';
import { SpareSegment } from './spare-segment.ts';
import type { VerifiedEnd } from './verify-segments.ts';

/** The segment that is written to. */
interface OpenSegment {
  readonly file: JournalFile;
  readonly firstSequence: number;
  readonly bytes: number;
}

/** The one writer of a journal; `openJournal` makes it. */
export class FileJournal implements Journal {
  lastSequence: number;
  durableSequence: number;
  private readonly settings: JournalSettings;
  private readonly unlock: () => void;
  private readonly id: Uint8Array;
  private readonly seed: number;
  private active: BatchBuffer;
  /** The buffer that a flush writes from while the other is filled; made when the first flush asks. */
  private other: BatchBuffer | null = null;
  private segment: OpenSegment;
  private position: number;
  /** Of the last batch. */
  private hash: Uint8Array;
  private failure: unknown = null;
  private flushing: Promise<number> | null = null;
  private nextFlush: Promise<number> | null = null;
  /** The next segment, which flushes prepare. */
  private spare: SpareSegment | null = null;
  private isClosed = false;
  /** Whether the last batch is a mark of a clean end, so that none is needed. */
  private isEndMarked: boolean;

  constructor(settings: JournalSettings, end: VerifiedEnd, unlock: () => void) {
    const { last, lastBatch, place } = end;
    const { file } = last.file;
    this.settings = settings;
    this.unlock = unlock;
    this.id = last.header.id;
    this.seed = checksumSeed(this.id);
    this.active = new BatchBuffer(settings.bufferBytes, this.seed);
    this.segment = this.opened(file, last.header.firstSequence, last.header.segmentBytes);
    this.position = place.position;
    this.hash = place.hash;
    this.lastSequence = place.sequence - 1;
    this.durableSequence = this.lastSequence;
    this.isEndMarked = lastBatch?.count === 0;
  }

  get isAlive(): boolean {
    return this.failure === null;
  }

  append(kind: number, ts: number, payload: Uint8Array, start = 0, end = payload.length): number {
    if (this.failure !== null || this.isClosed) this.refuse();
    if (!(kind >= 1 && kind <= 255 && Number.isInteger(kind)) || !Number.isSafeInteger(ts)) badRecord(kind, ts);
    if (!(start >= 0 && start <= end && end <= payload.length)) badRange(start, end, payload.length);
    if (!this.active.fits(end - start)) this.makeRoom(end - start);
    const sequence = this.lastSequence + 1;
    this.active.append(sequence, kind, ts, payload, start, end);
    this.lastSequence = sequence;
    return sequence;
  }

  commit(): void {
    if (this.failure !== null || this.isClosed) this.refuse();
    assert(this.flushing === null, 'a commit does not overtake a flush that is under way');
    if (this.active.count > 0) this.commitBatch();
  }

  async flush(): Promise<number> {
    if (this.failure !== null || this.isClosed) this.refuse();
    if (this.flushing === null) return this.startFlush();
    this.nextFlush ??= this.flushing.then(() => this.startFlush());
    return this.nextFlush;
  }

  read(fromSequence: number): IterableIterator<JournalRecord> {
    const { disk, folder } = this.settings;
    return readRecords(disk, folder, fromSequence, this.durableSequence);
  }

  latestSnapshot(): JournalSnapshot | null {
    const { disk, folder, onMessage } = this.settings;
    return newestSnapshot(disk, readFolder(disk, folder)!.snapshots, this.id, onMessage);
  }

  snapshots(): IterableIterator<JournalSnapshot> {
    const { disk, folder, onMessage } = this.settings;
    return goodSnapshots(disk, readFolder(disk, folder)!.snapshots, this.id, onMessage);
  }

  facts(): JournalFacts {
    const { disk, folder } = this.settings;
    return factsOf(disk, readFolder(disk, folder)!, this.durableSequence);
  }

  saveSnapshot(sequence: number, state: Uint8Array): void {
    if (this.failure !== null || this.isClosed) this.refuse();
    assert(Number.isSafeInteger(sequence) && sequence >= 0, `not a sequence number: ${sequence}`);
    assert(sequence <= this.durableSequence, `a snapshot knows durable records only: ${sequence} of ${this.durableSequence}`);
    const { disk, folder, snapshotsKept } = this.settings;
    this.orDie(() => {
      writeSnapshot(disk, folder, this.id, { sequence, state });
      removeOldSnapshots(disk, folder, snapshotsKept);
    });
  }

  async compressSealed(): Promise<number> {
    if (this.failure !== null || this.isClosed) this.refuse();
    const plain = this.sealedBefore(Number.MAX_SAFE_INTEGER).filter((segment) => !segment.isCompressed);
    let done = 0;
    for (const segment of plain) {
      if (this.isClosed || this.failure !== null) break;
      const packed = await compressSegment(this.settings.disk, segment);
      if (this.isClosed || this.failure !== null) break;
      this.orDie(packed);
      done += 1;
    }
    return done;
  }

  removeBefore(sequence: number): number {
    if (this.failure !== null || this.isClosed) this.refuse();
    const removed = this.sealedBefore(sequence);
    if (removed.length === 0) return 0;
    const { disk, folder } = this.settings;
    const { firstSequence } = readFolder(disk, folder)!.segments[removed.length]!;
    this.orDie(() => removeSegments(disk, folder, removed, { firstSequence, id: this.id }));
    return removed.length;
  }

  close(): void {
    if (this.isClosed) return;
    assert(this.flushing === null, 'a journal is closed when its flushes have ended');
    try {
      if (this.failure === null) {
        this.commit();
        if (!this.isEndMarked) this.commitBatch();
      }
      this.spare?.abandon(this.isAlive ? this.settings.disk : null);
    } finally {
      this.isClosed = true;
      this.segment.file.close();
      this.unlock();
    }
  }

  /** Segments whose records all come before `sequence` and before the oldest snapshot, oldest first; never the one that is written to. */
  private sealedBefore(sequence: number): readonly SegmentFile[] {
    const content = readFolder(this.settings.disk, this.settings.folder)!;
    const oldest = content.snapshots[0];
    // Records up to the snapshot's own are not played again.
    return oldest === undefined ? [] : segmentsBefore(content.segments, Math.min(sequence, oldest.sequence + 1));
  }

  /** One write and one sync of what the buffer holds; without records it is the mark of a clean end. */
  private commitBatch(): void {
    this.orDie(() => {
      const batch = this.sealed();
      writeWhole(this.segment.file, batch.bytes, batch.length, this.position);
      this.segment.file.syncData();
      this.written(batch, this.lastSequence);
    });
  }

  private startFlush(): Promise<number> {
    if (this.failure !== null || this.isClosed) this.refuse();
    this.nextFlush = null;
    if (this.active.count === 0) return Promise.resolve(this.durableSequence);
    const upTo = this.lastSequence;
    const batch = this.active;
    this.orDie(() => this.sealed());
    this.active = this.other ?? new BatchBuffer(this.settings.bufferBytes, this.seed);
    this.other = batch;
    const flushing = this.writeLater(batch, upTo);
    this.flushing = flushing;
    return flushing;
  }

  private async writeLater(batch: BatchBuffer, upTo: number): Promise<number> {
    const { file } = this.segment;
    try {
      await writeWholeLater(file, batch.bytes, batch.length, this.position);
      await file.syncDataLater();
      this.written(batch, upTo);
      this.prepareNext();
      return upTo;
    } catch (cause) {
      throw this.died(diskError('write', file.path, cause));
    } finally {
      this.flushing = null;
    }
  }

  /** The buffer's batch, with its header, for the place where it goes; in the next segment where this one has no room. */
  private sealed(): BatchBuffer {
    const batch = this.active;
    const isEnd = batch.count === 0;
    const needed = batch.length + (isEnd ? 0 : BATCH_HEADER_BYTES);
    const firstSequence = this.lastSequence - batch.count + 1;
    if (this.position + needed > this.segment.bytes) this.roll(firstSequence);
    batch.seal(firstSequence, this.position, this.hash);
    return batch;
  }

  private written(batch: BatchBuffer, upTo: number): void {
    this.hash = hashOf(batch.bytes.subarray(0, batch.length));
    this.position += batch.length;
    this.durableSequence = upTo;
    this.isEndMarked = batch.count === 0;
    batch.reset();
  }

  /** Everything in the segment is durable; the next one begins. */
  private roll(firstSequence: number): void {
    const { disk, folder, segmentBytes } = this.settings;
    const file = path.join(folder, segmentName(firstSequence));
    const header = { firstSequence, segmentBytes, id: this.id, previousHash: this.hash };
    const isSpare = this.spare?.becomes(disk, file, header) ?? false;
    if (!isSpare) makeSegment(disk, file, header);
    if (isSpare || this.spare?.hasFailed === true) this.spare = null;
    this.segment.file.close();
    this.segment = this.opened(file, firstSequence, segmentBytes);
    this.position = SEGMENT_HEADER_BYTES;
  }

  /** Half of the segment is full: the next one is made beside the event loop. Where that fails it is tried again when it is needed. */
  private prepareNext(): void {
    if (this.spare !== null || this.position < this.segment.bytes / 2) return;
    const { disk, folder, segmentBytes, onMessage } = this.settings;
    this.spare = new SpareSegment(disk, folder, segmentBytes, (error) => {
      if (error instanceof WorldError) onMessage({ code: error.code, text: `the next segment could not be prepared: ${error.message}` });
      else this.died(error);
    });
  }

  private opened(file: string, firstSequence: number, bytes: number): OpenSegment {
    return { file: onDisk('open', file, () => this.settings.disk.open(file, 'write')), firstSequence, bytes };
  }

  private makeRoom(payloadBytes: number): void {
    assert(payloadBytes <= JOURNAL_PAYLOAD_BYTES_MAX, `a payload has at most ${JOURNAL_PAYLOAD_BYTES_MAX} bytes: ${payloadBytes}`);
    if (this.flushing !== null)
      throw new WorldError('JOURNAL_BUFFER_FULL', 'the buffer is full and the one before is being written', { retryable: true });
    this.commit();
    assert(this.active.fits(payloadBytes), `a payload of ${payloadBytes} bytes does not fit into the buffer of the journal`);
  }

  private orDie<T>(act: () => T): T {
    try {
      return act();
    } catch (cause) {
      throw this.died(diskError('write', this.segment.file.path, cause));
    }
  }

  private died(cause: unknown): unknown {
    this.failure ??= cause;
    return cause;
  }

  private refuse(): never {
    assert(this.failure !== null, 'the journal is closed');
    const first = this.failure instanceof Error ? this.failure.message : String(this.failure);
    throw new WorldError('JOURNAL_DEAD', `the journal takes nothing more since its disk failed: ${first}`, {
      retryable: false,
      cause: this.failure,
    });
  }
}

function badRecord(kind: number, ts: number): never {
  assert(Number.isInteger(kind) && kind >= 1 && kind <= 255, `a kind is a whole number from 1 to 255: ${kind}`);
  assert(Number.isSafeInteger(ts), `a time is a whole number of microseconds within ±(2^53 − 1): ${ts}`);
  throw new Error('unreachable');
}

function badRange(start: number, end: number, length: number): never {
  assert(false, `a payload lies within its bytes: ${start} to ${end} of ${length}`);
}
