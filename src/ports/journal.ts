import type { Code } from '../model/codes/catalogue.ts';

/** One thing that was written down. What the payload means is the business of whoever wrote it. */
export interface JournalRecord {
  /** From 1, without a gap. */
  readonly sequence: number;
  /** 1 to 255. */
  readonly kind: number;
  /** Microseconds since the epoch, a safe integer. */
  readonly ts: number;
  /** A view of the bytes of a whole segment: whoever keeps it longer than a moment copies it, or keeps all of them. */
  readonly payload: Uint8Array;
}

/** What a journal tells of without being asked. */
export interface JournalMessage {
  readonly code: Code;
  readonly text: string;
}

/** The state of whoever writes the journal, as of a sequence number. */
export interface JournalSnapshot {
  /** The last record that the state knows of; 0 before the first. */
  readonly sequence: number;
  readonly state: Uint8Array;
}

/** What is there, without looking at the records. */
export interface JournalFacts {
  /** Sequence number of the first record that is kept, and of the last durable one; `lastSequence` is one less than the first where there is none. */
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly segments: readonly JournalSegmentFacts[];
  /** Oldest first. */
  readonly snapshots: readonly { readonly sequence: number; readonly file: string; readonly bytes: number }[];
}

export interface JournalSegmentFacts {
  readonly file: string;
  readonly firstSequence: number;
  readonly isCompressed: boolean;
  /** On disk, room that is reserved included. */
  readonly bytes: number;
}

/** Reads what is durable. */
export interface JournalReader {
  /**
   * Records in order, from `fromSequence` on up to the last that was durable when it was called, one segment in memory at a time.
   *
   * @param fromSequence at least the first that is kept; nothing is read from one after the last
   * @throws WorldError `JOURNAL_DAMAGED` where a record does not verify
   */
  read(fromSequence: number): IterableIterator<JournalRecord>;
  /** The newest snapshot that verifies; a damaged one is told of and an older one taken. Null where there is none. */
  latestSnapshot(): JournalSnapshot | null;
  /** Those that verify, the newest first, read one at a time; damaged ones are told of. */
  snapshots(): IterableIterator<JournalSnapshot>;
  facts(): JournalFacts;
}

/**
 * An append-only log with one writer. What `commit` or `flush` has returned from survives a crash of the process and of the machine.
 *
 * After an error of the disk the journal is dead: every later call throws `JOURNAL_DEAD`. What was not acknowledged by then may or may not be there when it
 * is opened again; a sync that failed is never tried again as if the bytes were still waiting (the kernel may have dropped them).
 */
export interface Journal extends JournalReader {
  /** Sequence number of the last record appended. */
  readonly lastSequence: number;
  /** Sequence number of the last record that is durable. */
  readonly durableSequence: number;
  /** False once the disk has failed. */
  readonly isAlive: boolean;
  /**
   * Puts a record behind the others. It is durable after the next `commit` or `flush`. Where the buffer is full it commits first; while a flush
   * is under way it throws `JOURNAL_BUFFER_FULL` instead and has appended nothing.
   *
   * @param kind 1 to 255
   * @param ts microseconds, a safe integer
   * @param payload copied, from `start` up to `end`; a buffer that is used again, handed in whole, is the fastest
   * @returns its sequence number
   */
  append(kind: number, ts: number, payload: Uint8Array, start?: number, end?: number): number;
  /** Makes everything appended durable: one write and one sync. Not while a flush is under way. */
  commit(): void;
  /**
   * As `commit`, without holding up the event loop; appending goes on meanwhile. Flushes follow one another.
   *
   * @returns the durable sequence number, at least the last one appended before the call
   */
  flush(): Promise<number>;
  /**
   * Keeps a state beside the records; the oldest beyond the number that is kept go.
   *
   * @param sequence the last record that it knows of, durable
   */
  saveSnapshot(sequence: number, state: Uint8Array): void;
  /** Compresses segments whose records are all older than the oldest snapshot. @returns how many */
  compressSealed(): Promise<number>;
  /**
   * Removes segments whose records all come before `sequence` and before the oldest snapshot. Nothing is removed unless this is called.
   *
   * @returns how many
   */
  removeBefore(sequence: number): number;
  /** Commits, marks the end as clean and gives the folder free. A dead journal only gives it free. */
  close(): void;
}
