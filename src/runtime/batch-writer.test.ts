import { describe, expect, it } from 'vitest';
import { outputWith } from '../model/session-output.fixture.ts';
import type { SessionOutput } from '../model/session-output.ts';
import type { Clock } from '../ports/clock.ts';
import { WorldError } from '../ports/errors.ts';
import type { OutputBatch, SessionProjection } from '../ports/session-projection.ts';
import { BatchWriter, type BatchWriterStatus, WRITER_POSITION_US_MAX, WRITER_RETRY_US_MAX, WRITER_WAIT_US_MAX } from './batch-writer.ts';
import { HandClock } from './hand-clock.fixture.ts';

const STEP_US = 10_000;

/** Everything that waits for nothing but its turn has had it. */
function turns(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Time goes on in small steps, and whatever it set going has its turn after each. */
async function pass(clock: HandClock, us: number): Promise<void> {
  const end = clock.now() + us;
  await turns();
  while (clock.now() < end) {
    clock.advanceTo(Math.min(clock.now() + STEP_US, end));
    await turns();
  }
}

const DOWN = new WorldError('DATABASE_UNREACHABLE', 'nobody answers', { retryable: true });

/** A database by the letter of the port: what is stored is a list, and it may be told to fail. */
class ListProjection implements SessionProjection {
  stored: SessionOutput[] = [];
  at: number;
  batches: OutputBatch[] = [];
  /** Thrown before anything is stored. */
  fails: WorldError | null = null;
  /** Thrown after all is stored: the answer was lost. */
  loses: WorldError | null = null;
  attempts: number[] = [];
  readonly #clock: Clock;

  constructor(clock: Clock, at = 0) {
    this.#clock = clock;
    this.at = at;
  }

  async position(): Promise<number> {
    if (this.fails !== null) throw this.fails;
    return this.at;
  }

  async apply(batch: OutputBatch): Promise<number> {
    this.attempts.push(this.#clock.now());
    if (this.fails !== null) throw this.fails;
    if (batch.upTo <= this.at) return this.at;
    if (batch.after > this.at) throw new WorldError('DATABASE_OUTPUT_MISSING', 'a hole', { retryable: false });
    this.batches.push(batch);
    this.stored.push(...batch.outputs.filter((output) => output.sequence > this.at));
    this.at = batch.upTo;
    if (this.loses !== null) {
      const lost = this.loses;
      this.loses = null;
      throw lost;
    }
    return this.at;
  }

  async forget(): Promise<void> {
    this.stored = [];
    this.at = 0;
  }

  async end(): Promise<void> {}
}

/** An output that tells one thing. */
function telling(sequence: number): SessionOutput {
  return outputWith(sequence, { equity: [{ account: 0, ts: sequence, amount: BigInt(sequence) }] });
}

class Desk {
  readonly clock = new HandClock(1_000_000_000);
  readonly projection: ListProjection;
  readonly journal: SessionOutput[] = [];
  readonly reads: number[] = [];
  readonly told: BatchWriterStatus[] = [];
  readonly writer: BatchWriter;

  constructor({ at = 0, seen = 0, batchRowsMax = 100, queueRowsMax = 1000 } = {}) {
    this.projection = new ListProjection(this.clock, at);
    for (let sequence = 1; sequence <= seen; sequence += 1) this.journal.push(telling(sequence));
    this.writer = new BatchWriter(
      {
        open: async () => this.projection,
        readFrom: (sequence) => this.#read(sequence),
        clock: this.clock,
        onChange: (status) => this.told.push(status),
        batchRowsMax,
        queueRowsMax,
      },
      seen,
    );
    this.writer.start();
  }

  async *#read(sequence: number): AsyncGenerator<SessionOutput> {
    this.reads.push(sequence);
    for (let at = sequence; at <= this.journal.length; at += 1) yield this.journal[at - 1]!;
  }

  push(count: number, make: (sequence: number) => SessionOutput = telling): void {
    for (let done = 0; done < count; done += 1) {
      const output = make(this.journal.length + 1);
      this.journal.push(output);
      this.writer.push(output);
    }
  }

  get storedSequences(): number[] {
    return this.projection.stored.map((output) => output.sequence);
  }
}

function upTo(last: number, first = 1): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

describe('BatchWriter', () => {
  it('writes what was handed over within its wait, in one batch', async () => {
    const desk = new Desk();
    desk.push(3);
    await pass(desk.clock, WRITER_WAIT_US_MAX - 1);
    expect(desk.projection.batches).toEqual([]);
    await pass(desk.clock, 1);
    expect(desk.projection.batches.map(({ after, upTo: end }) => [after, end])).toEqual([[0, 3]]);
    expect(desk.storedSequences).toEqual([1, 2, 3]);
    await desk.writer.stop();
  });

  it('does not wait where a batch is full, and no batch has more rows than it may', async () => {
    const desk = new Desk({ batchRowsMax: 100 });
    desk.push(250);
    await turns();
    expect(desk.projection.batches.map(({ upTo: end }) => end)).toEqual([100, 200]);
    await pass(desk.clock, WRITER_WAIT_US_MAX);
    expect(desk.projection.batches.map(({ outputs }) => outputs.length)).toEqual([100, 100, 50]);
    expect(desk.storedSequences).toEqual(upTo(250));
    await desk.writer.stop();
  });

  it('an output of more rows than a batch goes alone', async () => {
    const desk = new Desk({ batchRowsMax: 10 });
    const large = (sequence: number): SessionOutput =>
      outputWith(sequence, { equity: upTo(25).map((ts) => ({ account: 0, ts, amount: 1n })) });
    desk.push(1);
    desk.push(1, large);
    desk.push(1);
    await pass(desk.clock, WRITER_WAIT_US_MAX);
    expect(desk.projection.batches.map(({ outputs }) => outputs.map(({ sequence }) => sequence))).toEqual([[1], [2], [3]]);
    await desk.writer.stop();
  });

  it('inputs that came to nothing move the position, at leisure', async () => {
    const desk = new Desk();
    desk.push(40, (sequence) => outputWith(sequence));
    await pass(desk.clock, WRITER_POSITION_US_MAX - 1);
    expect(desk.projection.at).toBe(0);
    await pass(desk.clock, 1);
    expect(desk.projection.at).toBe(40);
    expect(desk.projection.batches.map(({ outputs }) => outputs)).toEqual([[]]);
    await desk.writer.stop();
  });

  it('refuses an output out of order', async () => {
    const desk = new Desk();
    desk.push(2);
    expect(() => desk.writer.push(telling(2))).toThrow('output 2 follows 2');
    expect(() => desk.writer.push(telling(4))).toThrow('output 4 follows 2');
    await desk.writer.stop();
  });

  it('a database that is down for a minute costs nothing: everything is stored once when it answers', async () => {
    const desk = new Desk();
    desk.push(1);
    await pass(desk.clock, WRITER_WAIT_US_MAX);
    desk.projection.fails = DOWN;
    desk.push(1);
    for (let second = 0; second < 60; second += 1) {
      desk.push(1);
      await pass(desk.clock, 1_000_000);
    }
    expect(desk.writer.status.downSince).not.toBeNull();
    desk.projection.fails = null;
    await pass(desk.clock, WRITER_RETRY_US_MAX);
    expect(desk.storedSequences).toEqual(upTo(62));
    expect(desk.reads).toEqual([]);
    expect(desk.told.map(({ problem }) => problem?.code ?? null)).toEqual([null, 'DATABASE_UNREACHABLE', null]);
    await desk.writer.stop();
  });

  it('waits twice as long after each failure, up to a bound', async () => {
    const desk = new Desk();
    await turns();
    desk.projection.fails = DOWN;
    desk.push(1);
    await pass(desk.clock, 30_000_000);
    const waits = desk.projection.attempts.slice(1).map((ts, index) => ts - desk.projection.attempts[index]!);
    expect(waits.slice(0, 8)).toEqual([100_000, 200_000, 400_000, 800_000, 1_600_000, 3_200_000, 5_000_000, 5_000_000]);
    await desk.writer.stop();
  });

  it('a batch whose answer was lost is not stored twice', async () => {
    const desk = new Desk();
    desk.projection.loses = DOWN;
    desk.push(5);
    await pass(desk.clock, 10_000_000);
    expect(desk.storedSequences).toEqual([1, 2, 3, 4, 5]);
    expect(desk.writer.status.written).toBe(5);
    await desk.writer.stop();
  });

  it('drops what waits beyond its bound, and reads it from the journal from where it stopped', async () => {
    const desk = new Desk({ batchRowsMax: 10, queueRowsMax: 50 });
    desk.push(7);
    await pass(desk.clock, WRITER_WAIT_US_MAX);
    desk.projection.fails = DOWN;
    for (let second = 0; second < 20; second += 1) {
      desk.push(20);
      await pass(desk.clock, 100_000);
      expect(desk.writer.status.queuedRows).toBeLessThanOrEqual(50);
    }
    expect(desk.writer.status).toMatchObject({ state: 'CATCHING_UP', written: 7, seen: 407 });
    desk.projection.fails = null;
    await pass(desk.clock, WRITER_RETRY_US_MAX);
    expect(desk.storedSequences).toEqual(upTo(407));
    // Dropped at 58, when 67 had been handed over by the next attempt; what came after that was dropped once more.
    expect(desk.reads).toEqual([8, 68]);
    expect(desk.writer.status).toMatchObject({ state: 'LIVE', written: 407, queuedRows: 0, drops: 2 });
    desk.push(3);
    await pass(desk.clock, WRITER_WAIT_US_MAX);
    expect(desk.storedSequences).toEqual(upTo(410));
    await desk.writer.stop();
  });

  it('a queue that overflows behind a slow database says so', async () => {
    const desk = new Desk({ queueRowsMax: 50 });
    await turns();
    let answer: () => void = () => {};
    const { apply } = ListProjection.prototype;
    desk.projection.apply = async (batch) => {
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return apply.call(desk.projection, batch);
    };
    desk.push(1);
    await pass(desk.clock, WRITER_WAIT_US_MAX);
    desk.push(60);
    expect(desk.told.at(-1)).toMatchObject({ state: 'CATCHING_UP', problem: { code: 'DATABASE_QUEUE_FULL' }, drops: 1, queuedRows: 0 });
    desk.projection.apply = apply.bind(desk.projection);
    answer();
    await pass(desk.clock, 1_000_000);
    expect(desk.storedSequences).toEqual(upTo(61));
    expect(desk.writer.status).toMatchObject({ state: 'LIVE', problem: null });
    await desk.writer.stop();
  });

  it('what comes while it reads the journal is stored once, whether it was read or handed over', async () => {
    const desk = new Desk({ seen: 100, batchRowsMax: 10 });
    const { apply } = ListProjection.prototype;
    desk.projection.apply = async (batch) => {
      if (desk.journal.length < 130) desk.push(1);
      return apply.call(desk.projection, batch);
    };
    await pass(desk.clock, 10_000_000);
    expect(desk.storedSequences).toEqual(upTo(desk.journal.length));
    expect(desk.journal.length).toBeGreaterThan(110);
    await desk.writer.stop();
  });

  it('a queue that overflows again while the journal is read costs another round', async () => {
    const desk = new Desk({ seen: 100, batchRowsMax: 10, queueRowsMax: 20 });
    const { apply } = ListProjection.prototype;
    desk.projection.apply = async (batch) => {
      if (desk.journal.length < 200) desk.push(8);
      return apply.call(desk.projection, batch);
    };
    await pass(desk.clock, 10_000_000);
    expect(desk.storedSequences).toEqual(upTo(desk.journal.length));
    expect(desk.reads.length).toBeGreaterThan(1);
    expect(desk.writer.status.state).toBe('LIVE');
    await desk.writer.stop();
  });

  it('goes on where the database stands, from the journal', async () => {
    const desk = new Desk({ at: 60, seen: 100 });
    await pass(desk.clock, WRITER_WAIT_US_MAX);
    expect(desk.reads).toEqual([61]);
    expect(desk.storedSequences).toEqual(upTo(100, 61));
    await desk.writer.stop();
  });

  it('a database that was put back to an earlier state is filled again from there', async () => {
    const desk = new Desk();
    desk.push(20);
    await pass(desk.clock, WRITER_WAIT_US_MAX);
    desk.projection.at = 5;
    desk.projection.stored.length = 5;
    desk.push(1);
    await pass(desk.clock, 1_000_000);
    expect(desk.reads).toEqual([6]);
    expect(desk.storedSequences).toEqual(upTo(21));
    await desk.writer.stop();
  });

  it('a database that is ahead of the journal is another past: nothing is written, a person must look', async () => {
    const desk = new Desk({ at: 12, seen: 10 });
    await pass(desk.clock, 1_000_000);
    expect(desk.writer.status).toMatchObject({ state: 'FAILED', problem: { code: 'DATABASE_AHEAD' } });
    desk.push(5);
    await pass(desk.clock, 1_000_000);
    expect(desk.projection.batches).toEqual([]);
    await desk.writer.stop();
  });

  it('a refusal that no waiting mends stops it, and the core goes on', async () => {
    const desk = new Desk();
    await turns();
    desk.projection.fails = new WorldError('DATABASE_REFUSED', 'no right', { retryable: false });
    desk.push(1);
    await pass(desk.clock, 10_000_000);
    expect(desk.projection.attempts.length).toBe(1);
    expect(desk.writer.status).toMatchObject({ state: 'FAILED', problem: { code: 'DATABASE_REFUSED' } });
    desk.push(10);
    expect(desk.writer.status.queuedRows).toBe(0);
    await desk.writer.stop();
  });

  it('draining writes at once; it gives up at the time it is given', async () => {
    const desk = new Desk();
    await turns();
    desk.push(3);
    const drained = desk.writer.drain(desk.clock.now() + 5_000_000);
    await turns();
    expect(desk.storedSequences).toEqual([1, 2, 3]);
    await pass(desk.clock, WRITER_WAIT_US_MAX);
    expect(await drained).toBe(true);
    desk.projection.fails = DOWN;
    desk.push(1);
    const given = desk.writer.drain(desk.clock.now() + 5_000_000);
    await pass(desk.clock, 6_000_000);
    expect(await given).toBe(false);
    await desk.writer.stop();
  });

  it('a defect in it ends its work, not the session', async () => {
    const desk = new Desk();
    await turns();
    desk.projection.apply = () => Promise.reject(new TypeError('a slip'));
    desk.push(1);
    await pass(desk.clock, WRITER_WAIT_US_MAX);
    expect(desk.writer.status.state).toBe('FAILED');
    expect(desk.writer.status.problem?.message).toContain('a slip');
    await desk.writer.stop();
  });
});
