import { assert } from '../base/assert.ts';
import { isEmptyOutput, rowCountOf, type SessionOutput } from '../model/session-output.ts';
import type { Clock, ClockCall } from '../ports/clock.ts';
import { WorldError } from '../ports/errors.ts';
import type { OutputBatch, SessionProjection } from '../ports/session-projection.ts';

/** Rows (things that outputs tell) that one batch writes; an output of more goes alone. */
export const WRITER_BATCH_ROWS_MAX = 5_000;
/** Microseconds that an output waits for others to be written with. */
export const WRITER_WAIT_US_MAX = 50_000;
/** Microseconds that the stored position may lie behind inputs that came to nothing. */
export const WRITER_POSITION_US_MAX = 1_000_000;
/** Rows that wait in memory. Beyond it they are dropped, and read from the journal when the database has caught up to where they began. */
export const WRITER_QUEUE_ROWS_MAX = 100_000;
/** Microseconds between two attempts, after waits that began at RETRY_US and doubled. */
export const WRITER_RETRY_US_MAX = 5_000_000;
const RETRY_US = 100_000;

export interface BatchWriterOptions {
  /** Opens the session in the database; called again after each failure. */
  readonly open: () => Promise<SessionProjection>;
  /**
   * The outputs of a session from a journal number on, in order and without a hole, up to where the journal is now. Whoever replays the journal gives
   * them; they may end early, then they are asked for again.
   */
  readonly readFrom: (sequence: number) => AsyncIterable<SessionOutput>;
  readonly clock: Clock;
  /** Told when the writer falls behind, fails or recovers; must not throw. */
  readonly onChange?: (status: BatchWriterStatus) => void;
  readonly batchRowsMax?: number;
  readonly queueRowsMax?: number;
}

export interface BatchWriterStatus {
  /** LIVE: fed from memory. CATCHING_UP: reads from the journal. FAILED: a person must look; nothing is tried any more. */
  readonly state: 'OPENING' | 'LIVE' | 'CATCHING_UP' | 'FAILED' | 'STOPPED';
  /** Stored up to this journal number; −1 before the database has said. */
  readonly written: number;
  /** The newest output that was handed over. */
  readonly seen: number;
  readonly queuedRows: number;
  /** Since when the database has not answered; null where it did the last time. */
  readonly downSince: number | null;
  /** Of the last failure; null where the last attempt went well. */
  readonly problem: WorldError | null;
  /** How often waiting rows were dropped to be read again. */
  readonly drops: number;
}

/**
 * Stores what a session comes to in the database (the specification's DatabaseOptimizer): in batches, each output once, never in the way of the core.
 *
 * Handing over costs a push onto a list. One batch is under way at a time; a failure that may pass is tried again, at growing intervals, for as long as it
 * takes, while the journal holds everything. Exactly once is the database's doing: the position is stored with the rows, so a batch whose answer was lost is
 * sent again and skipped.
 */
export class BatchWriter {
  readonly #options: BatchWriterOptions;
  readonly #clock: Clock;
  readonly #batchRowsMax: number;
  readonly #queueRowsMax: number;
  #state: BatchWriterStatus['state'] = 'OPENING';
  #projection: SessionProjection | null = null;
  #written = -1;
  #seen: number;
  #seenTs = 0;
  /** Outputs that are not empty, of (#queueAfter, #seen]: all of them where the queue is whole. */
  #queue: SessionOutput[] = [];
  #queueAfter: number;
  #queueRows = 0;
  #isQueueWhole = true;
  /** When the oldest in the queue, or the oldest unstored position, began to wait. */
  #waitingSince: number | null = null;
  #downSince: number | null = null;
  #problem: WorldError | null = null;
  #drops = 0;
  #retryUs = RETRY_US;
  #wake: (() => void) | null = null;
  #isFlushing = false;
  #loop: Promise<void> | null = null;

  /** @param seen journal number of the newest input that the session has handled: outputs that follow are pushed */
  constructor(options: BatchWriterOptions, seen: number) {
    this.#options = options;
    this.#clock = options.clock;
    this.#batchRowsMax = options.batchRowsMax ?? WRITER_BATCH_ROWS_MAX;
    this.#queueRowsMax = options.queueRowsMax ?? WRITER_QUEUE_ROWS_MAX;
    this.#seen = seen;
    this.#queueAfter = seen;
  }

  get status(): BatchWriterStatus {
    return {
      state: this.#state,
      written: this.#written,
      seen: this.#seen,
      queuedRows: this.#queueRows,
      downSince: this.#downSince,
      problem: this.#problem,
      drops: this.#drops,
    };
  }

  start(): void {
    assert(this.#loop === null, 'a batch writer is started once');
    this.#loop = this.#run();
  }

  /**
   * Hands over the next output. Only when the journal says that its input is durable: what the database holds beyond the journal could not be taken back.
   *
   * @throws InvariantError where it is not the one after the last
   */
  push(output: SessionOutput): void {
    assert(output.sequence === this.#seen + 1, `output ${output.sequence} follows ${this.#seen}`);
    this.#seen = output.sequence;
    this.#seenTs = output.ts;
    if (!this.#isQueueWhole || this.#state === 'FAILED' || this.#state === 'STOPPED') return;
    const wasWaiting = this.#waitingSince !== null;
    this.#waitingSince ??= this.#clock.now();
    const isFirst = this.#queue.length === 0;
    if (!isEmptyOutput(output)) {
      this.#queue.push(output);
      this.#queueRows += rowCountOf(output);
      if (this.#queueRows > this.#queueRowsMax) {
        const message = `${this.#queueRows} things waited for the database, more than ${this.#queueRowsMax}: they will be read from the journal.`;
        this.#problem ??= new WorldError('DATABASE_QUEUE_FULL', message, { retryable: true });
        return this.#drop();
      }
    }
    // Whoever sleeps has set his alarm by what there was to do.
    if (!wasWaiting || (isFirst && this.#queue.length === 1) || this.#queueRows >= this.#batchRowsMax) this.#wakeUp();
  }

  /**
   * Writes without waiting for more, until all that was handed over by now is stored.
   *
   * @param untilTs when to give up, microseconds
   * @returns false where it was given up, or the writer has failed
   */
  async drain(untilTs: number): Promise<boolean> {
    const goal = this.#seen;
    this.#isFlushing = true;
    this.#wakeUp();
    while (this.#written < goal && this.#clock.now() < untilTs && this.#state !== 'FAILED' && this.#state !== 'STOPPED')
      await this.#until(this.#clock.now() + WRITER_WAIT_US_MAX);
    this.#isFlushing = false;
    return this.#written >= goal;
  }

  /** Ends after the batch that is under way. What was not stored is read from the journal the next time. */
  async stop(): Promise<void> {
    this.#change('STOPPED');
    this.#wakeUp();
    await this.#loop;
  }

  async #run(): Promise<void> {
    while (this.#state !== 'STOPPED' && this.#state !== 'FAILED') {
      try {
        if (this.#projection === null) await this.#open();
        else if (this.#state === 'CATCHING_UP') await this.#catchUp(this.#projection);
        else await this.#writeNext(this.#projection);
      } catch (error) {
        await this.#onFailure(error);
      }
    }
  }

  async #open(): Promise<void> {
    const projection = await this.#options.open();
    const position = await projection.position();
    if (position > this.#seen) throw ahead(position, this.#seen);
    this.#projection = projection;
    this.#written = position;
    // What was handed over before the database answered waits in the queue; what came before that is in the journal.
    this.#change(position >= this.#queueAfter && this.#isQueueWhole ? 'LIVE' : 'CATCHING_UP');
    this.#forgetWritten();
    this.#succeed();
  }

  async #writeNext(projection: SessionProjection): Promise<void> {
    const dueAt = this.#dueAt();
    if (dueAt === null || dueAt > this.#clock.now()) return this.#sleep(dueAt);
    const batch = this.#nextBatch();
    await this.#apply(projection, batch);
  }

  /** When something is to be written: null where nothing is. */
  #dueAt(): number | null {
    if (!this.#isQueueWhole) return this.#clock.now();
    if (this.#waitingSince === null) return null;
    if (this.#isFlushing || this.#queueRows >= this.#batchRowsMax) return this.#clock.now();
    return this.#waitingSince + (this.#queue.length > 0 ? WRITER_WAIT_US_MAX : WRITER_POSITION_US_MAX);
  }

  /** The front of the queue. It stays there until it is stored, unless the queue is dropped meanwhile. */
  #nextBatch(): OutputBatch {
    let count = 0;
    let rows = 0;
    while (count < this.#queue.length && (count === 0 || rows + rowCountOf(this.#queue[count]!) <= this.#batchRowsMax)) {
      rows += rowCountOf(this.#queue[count]!);
      count += 1;
    }
    const outputs = this.#queue.slice(0, count);
    const isAll = count === this.#queue.length;
    const last = outputs.at(-1);
    return isAll || last === undefined
      ? { after: this.#written, upTo: this.#seen, upToTs: this.#seenTs, outputs }
      : { after: this.#written, upTo: last.sequence, upToTs: last.ts, outputs };
  }

  /** Reads from the journal to where the queue begins. Meanwhile the queue collects what comes; where it overflows, another round follows. */
  async #catchUp(projection: SessionProjection): Promise<void> {
    if (!this.#isQueueWhole) this.#beginQueue();
    const goal = this.#queueAfter;
    const from = this.#written;
    if (from < goal) await this.#readBetween(projection, from, goal);
    if (this.#written >= this.#queueAfter && this.#isQueueWhole) {
      this.#forgetWritten();
      if (this.#state === 'CATCHING_UP') this.#change('LIVE');
    } else if (this.#written === from) {
      // The journal's reader had nothing new: it is given time.
      await this.#sleep(this.#clock.now() + RETRY_US);
    }
  }

  async #readBetween(projection: SessionProjection, from: number, goal: number): Promise<void> {
    let gathered: SessionOutput[] = [];
    let rows = 0;
    let upTo = from;
    let upToTs = 0;
    for await (const output of this.#options.readFrom(from + 1)) {
      assert(output.sequence === upTo + 1, `output ${output.sequence} was read after ${upTo}`);
      upTo = output.sequence;
      upToTs = output.ts;
      if (!isEmptyOutput(output)) gathered.push(output);
      rows += rowCountOf(output);
      if (rows >= this.#batchRowsMax) {
        await this.#applyPatiently(projection, { after: this.#written, upTo, upToTs, outputs: gathered });
        gathered = [];
        rows = 0;
      }
      if (upTo >= goal || this.#state === 'STOPPED') break;
    }
    if (upTo > this.#written) await this.#applyPatiently(projection, { after: this.#written, upTo, upToTs, outputs: gathered });
  }

  /** Tries again in place: reading again what is in hand would cost a replay. */
  async #applyPatiently(projection: SessionProjection, batch: OutputBatch): Promise<void> {
    while (this.#state !== 'STOPPED') {
      try {
        return await this.#apply(projection, batch);
      } catch (error) {
        if (!(error instanceof WorldError && error.retryable)) throw error;
        await this.#onFailure(error);
      }
    }
  }

  async #apply(projection: SessionProjection, batch: OutputBatch): Promise<void> {
    this.#written = await projection.apply(batch);
    this.#forgetWritten();
    this.#succeed();
  }

  async #onFailure(error: unknown): Promise<void> {
    if (!(error instanceof WorldError)) {
      // A defect in here must not end a session that trades: the journal has everything, and the status says that a person must look.
      return this.#fail(
        new WorldError('DATABASE_REFUSED', `The batch writer failed: ${String(error)}`, { retryable: false, cause: error }),
      );
    }
    if (error.code === 'DATABASE_OUTPUT_MISSING') {
      // The database was put back to an earlier state, or lost its newest commits with the power: it says itself where it stands.
      this.#projection = null;
      return this.#drop();
    }
    if (!error.retryable) return this.#fail(error);
    this.#problem = error;
    const isNews = this.#downSince === null;
    this.#downSince ??= this.#clock.now();
    if (isNews) this.#tell();
    const wait = this.#retryUs;
    this.#retryUs = Math.min(wait * 2, WRITER_RETRY_US_MAX);
    const until = this.#clock.now() + wait;
    while (this.#clock.now() < until && this.#state !== 'STOPPED') await this.#sleep(until);
  }

  #succeed(): void {
    this.#retryUs = RETRY_US;
    if (this.#downSince === null && this.#problem === null) return;
    this.#downSince = null;
    this.#problem = null;
    this.#tell();
  }

  #fail(error: WorldError): void {
    this.#problem = error;
    this.#queue = [];
    this.#queueRows = 0;
    this.#change('FAILED');
  }

  #drop(): void {
    this.#queue = [];
    this.#queueRows = 0;
    this.#isQueueWhole = false;
    this.#waitingSince = null;
    this.#drops += 1;
    if (this.#state === 'LIVE') this.#change('CATCHING_UP');
    else this.#tell();
    this.#wakeUp();
  }

  #beginQueue(): void {
    this.#queue = [];
    this.#queueRows = 0;
    this.#queueAfter = this.#seen;
    this.#isQueueWhole = true;
    this.#waitingSince = null;
  }

  /** Takes out of the queue what is stored. */
  #forgetWritten(): void {
    let count = 0;
    while (count < this.#queue.length && this.#queue[count]!.sequence <= this.#written) {
      this.#queueRows -= rowCountOf(this.#queue[count]!);
      count += 1;
    }
    if (count > 0) this.#queue.splice(0, count);
    if (this.#isQueueWhole && this.#written > this.#queueAfter) this.#queueAfter = this.#written;
    this.#waitingSince = this.#written < this.#seen && this.#isQueueWhole ? this.#clock.now() : null;
  }

  #change(state: BatchWriterStatus['state']): void {
    if (this.#state === state || this.#state === 'STOPPED') return;
    this.#state = state;
    this.#tell();
  }

  #tell(): void {
    this.#options.onChange?.(this.status);
  }

  #wakeUp(): void {
    this.#wake?.();
  }

  /** Until a time (null: for as long as it takes), or until somebody wakes the loop. */
  async #sleep(untilTs: number | null): Promise<void> {
    let call: ClockCall | null = null;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (untilTs !== null) call = this.#clock.callAt(untilTs, resolve);
    });
    (call as ClockCall | null)?.cancel();
    this.#wake = null;
  }

  #until(ts: number): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.callAt(ts, resolve);
    });
  }
}

function ahead(stored: number, seen: number): WorldError {
  const message = `The database holds the session up to ${stored}, its journal ends at ${seen}.`;
  return new WorldError('DATABASE_AHEAD', message, { retryable: false });
}
