import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openJournal } from '../../src/adapters/journal/open-journal.ts';
import { payloadOf } from '../simulation/journal-crash.fixture.ts';

/** So many processes in a row write one journal before it is thrown away. */
const LIVES = 6;

/** How a process ended. */
export interface Ended {
  readonly status: number | null;
  readonly signal: string | null;
  readonly lines: readonly string[];
  readonly error: string;
}

/** A journal on the real disk that process after process writes, and what they said was durable. */
export class RealJournal {
  private folder: string | null = null;
  private lives = 0;
  private acknowledged = 0;
  private snapshot = -1;

  /** Where the next process writes. */
  next(): string {
    if (this.folder !== null && this.lives < LIVES) return this.folder;
    this.remove();
    this.folder = mkdtempSync(path.join(tmpdir(), 'quanthybrid-crash-'));
    this.lives = 0;
    this.acknowledged = 0;
    this.snapshot = -1;
    return this.folder;
  }

  /**
   * INV-11 and INV-12 after a process has ended.
   *
   * @throws Error with what does not hold
   */
  check(ended: Ended): void {
    this.lives += 1;
    for (const line of ended.lines) {
      const [what, sequence] = line.split(' ');
      if (what === 'ack') this.acknowledged = Number(sequence);
      if (what === 'snapshot') this.snapshot = Number(sequence);
    }
    if (ended.status === 4) throw new Error('the journal took a record after an error of the disk');
    if (ended.status !== null && ended.status !== 0 && ended.status !== 3 && ended.status < 128)
      throw new Error(`the process ended with status ${ended.status}: ${ended.error}`);
    const journal = openJournal(this.folder!);
    try {
      const { firstSequence, lastSequence } = journal.facts();
      if (lastSequence < this.acknowledged)
        throw new Error(`record ${this.acknowledged} was acknowledged, the journal ends with ${lastSequence}`);
      let next = firstSequence;
      for (const { sequence, payload } of journal.read(firstSequence)) {
        if (sequence !== next || Buffer.compare(payload, payloadOf(sequence, 0)) !== 0) throw new Error(`record ${next} is another`);
        next += 1;
      }
      if (next !== lastSequence + 1) throw new Error(`record ${next} cannot be read`);
      const snapshot = journal.latestSnapshot();
      if ((snapshot?.sequence ?? -1) < this.snapshot) throw new Error(`the snapshot of ${this.snapshot} is lost`);
      if (snapshot !== null && Buffer.compare(snapshot.state, payloadOf(snapshot.sequence, -1)) !== 0)
        throw new Error('the snapshot is another');
    } finally {
      // As a process that was killed would leave it: no mark of a clean end each time.
      if (this.lives % 2 === 0) journal.close();
      else rmSync(path.join(this.folder!, 'lock'), { force: true });
    }
  }

  remove(): void {
    if (this.folder !== null) rmSync(this.folder, { recursive: true, force: true });
    this.folder = null;
  }
}

/** Runs a program to its end; `kill` may end it sooner. */
export function runChild(command: string, args: readonly string[], kill: (end: () => void) => () => void = () => () => {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let error = '';
    const cancel = kill(() => child.kill('SIGKILL'));
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (error += chunk.toString()));
    child.on('error', reject);
    child.on('close', (status, signal) => {
      cancel();
      // A last line without its end was cut by the kill; it said nothing.
      resolve({ status, signal, lines: out.split('\n').slice(0, -1), error });
    });
  });
}
