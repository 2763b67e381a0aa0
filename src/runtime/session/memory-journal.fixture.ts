import { assert } from '../../base/assert.ts';
import type { Journal, JournalFacts, JournalRecord, JournalSnapshot } from '../../ports/journal.ts';

/** A journal that forgets everything that was not committed when it is cut. */
export class MemoryJournal implements Journal {
  readonly isAlive = true;
  durableSequence = 0;
  records: JournalRecord[] = [];
  /** Oldest first. */
  saved: JournalSnapshot[] = [];

  get lastSequence(): number {
    return this.records.length;
  }

  append(kind: number, ts: number, payload: Uint8Array, start = 0, end = payload.length): number {
    const last = this.records.at(-1);
    assert(last === undefined || ts >= last.ts, 'times in a journal do not fall');
    this.records.push({ sequence: this.records.length + 1, kind, ts, payload: payload.slice(start, end) });
    return this.records.length;
  }

  commit(): void {
    this.durableSequence = this.records.length;
  }

  flush(): Promise<number> {
    this.commit();
    return Promise.resolve(this.durableSequence);
  }

  /** As after a crash: what was durable, up to a sequence number, in a journal of its own. */
  cutAt(sequence: number): MemoryJournal {
    const cut = new MemoryJournal();
    cut.records = this.records.slice(0, Math.min(sequence, this.durableSequence));
    cut.durableSequence = cut.records.length;
    cut.saved = this.saved.filter((snapshot) => snapshot.sequence <= cut.durableSequence);
    return cut;
  }

  *read(fromSequence: number): IterableIterator<JournalRecord> {
    yield* this.records.slice(fromSequence - 1, this.durableSequence);
  }

  latestSnapshot(): JournalSnapshot | null {
    return this.saved.at(-1) ?? null;
  }

  *snapshots(): IterableIterator<JournalSnapshot> {
    yield* [...this.saved].reverse();
  }

  facts(): JournalFacts {
    return { firstSequence: 1, lastSequence: this.durableSequence, segments: [], snapshots: [] };
  }

  saveSnapshot(sequence: number, state: Uint8Array): void {
    assert(sequence <= this.durableSequence, 'a snapshot knows durable records only');
    this.saved.push({ sequence, state });
  }

  compressSealed(): Promise<number> {
    return Promise.resolve(0);
  }

  removeBefore(): number {
    return 0;
  }

  close(): void {}
}
