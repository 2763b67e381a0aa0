import { assert } from '../../base/assert.ts';
import type { Journal, JournalFacts, JournalRecord, JournalSnapshot } from '../../ports/journal.ts';

/** A journal that forgets everything that was not committed when it is cut. */
export class MemoryJournal implements Journal {
  readonly isAlive = true;
  durableSequence = 0;
  records: JournalRecord[] = [];

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
    return cut;
  }

  *read(fromSequence: number): IterableIterator<JournalRecord> {
    yield* this.records.slice(fromSequence - 1, this.durableSequence);
  }

  latestSnapshot(): JournalSnapshot | null {
    return null;
  }

  facts(): JournalFacts {
    return { firstSequence: 1, lastSequence: this.durableSequence, segments: [], snapshots: [] };
  }

  saveSnapshot(): void {}

  compressSealed(): Promise<number> {
    return Promise.resolve(0);
  }

  removeBefore(): number {
    return 0;
  }

  close(): void {}
}
