import type { CoreLink, CoreListener, CoreReply, NumberedInput } from './core-link.ts';
import { decodeInput, encodeInput, encodePlan, RecordKind } from './input-codec.ts';
import { ReplayFeed } from './replay-feed.ts';
import { SessionClock } from './session-clock.ts';
import { PLAN_SEQUENCE } from './session-core.ts';
import type { SessionPlan } from './session-plan.ts';
import { assert } from '../../base/assert.ts';
import type { MarketBlock } from '../../model/blocks.ts';
import type { CommandAnswer, SessionCommand, SessionInput } from '../../model/session-input.ts';
import type { SessionOutput } from '../../model/session-output.ts';
import type { BlockReader } from '../../ports/block-reader.ts';
import type { Clock, ClockCall } from '../../ports/clock.ts';
import type { Journal } from '../../ports/journal.ts';

/** Inputs that the core has been sent and has not answered: where there are more, the feed waits. */
export const CORE_INPUTS_MAX = 512;
/** So many inputs are written down and sent as one: the core works on them while the next are read, and a disk is not asked to sync for each. */
const BATCH_INPUTS = 128;
/** Rows that are queued before they are written down and sent. */
export const QUEUED_ROWS_MAX = 65_536;
/** Records of a journal that are sent at once on recovery. */
const RECOVERY_BATCH = 256;

/**
 * RECOVERING: the journal is replayed. WARMING_UP: history is played as fast as it goes. RUNNING: what comes, comes when it happens. STOPPED and FAILED are
 * ends.
 */
export type SessionPhase = 'RECOVERING' | 'WARMING_UP' | 'RUNNING' | 'STOPPED' | 'FAILED';

export interface SessionListener {
  onPhase?(phase: SessionPhase): void;
  /** @param isReplayed they were given before the session was interrupted: whoever keeps them has them, or lacks only the last */
  onOutputs?(outputs: readonly SessionOutput[], isReplayed: boolean): void;
  /** Rows on their way to the core. Not to be kept. */
  onRows?(block: MarketBlock): void;
  /** The core decides no more. */
  onFailure?(error: Error): void;
}

export interface SessionOptions {
  readonly plan: SessionPlan;
  readonly journal: Journal;
  readonly clock: Clock;
  /** So many times as fast as the clock the session's time goes. */
  readonly speed: number;
  /** The market goes on while the session is down, as one that is made up by the clock does; a recording waits where it was. */
  readonly goesOnAlone: boolean;
  /** Opens the streams from their beginning. */
  readonly openStreams: () => readonly BlockReader[];
  readonly connect: (plan: SessionPlan, listener: CoreListener) => CoreLink;
  readonly listener: SessionListener;
}

/**
 * The rim of a session: puts inputs in order, writes them down, hands them to the core, and hands on what they came to.
 *
 * An input is durable before the core has it, so that what anybody was told of can be told again. Source: docs/decisions/0022-sessions.md
 */
export class Session {
  phase: SessionPhase = 'RECOVERING';
  /** Number and time of the last input. */
  sequence = PLAN_SEQUENCE;
  lastTs: number;
  private readonly options: SessionOptions;
  private readonly core: CoreLink;
  private time: SessionClock;
  private feed: ReplayFeed | null = null;
  private queue: SessionInput[] = [];
  private queuedRows = 0;
  /** Rows of all streams in the journal that was found. */
  private rowsTaken = 0;
  /** Number of the last input that the core has answered. */
  private answered = PLAN_SEQUENCE;
  private recoveredTo = PLAN_SEQUENCE;
  private dueTs = Number.POSITIVE_INFINITY;
  private call: ClockCall | null = null;
  private readonly waiting = new Map<number, (answer: CommandAnswer) => void>();
  private quiet: (() => void) | null = null;
  private failure: Error | null = null;

  constructor(options: SessionOptions) {
    this.options = options;
    this.lastTs = options.plan.startTs;
    this.time = this.timeFrom(options.plan.startTs);
    this.core = options.connect(options.plan, {
      onReply: (reply) => this.onReply(reply),
      onFailure: (error) => this.onFailure(error),
    });
  }

  /** The session's time, microseconds since the epoch. */
  now(): number {
    return this.time.now();
  }

  /** Replays the journal, where it has something, then plays the feed. Resolves when everything that was written down has been taken. */
  async start(): Promise<void> {
    const { journal, plan, openStreams } = this.options;
    if (journal.lastSequence === 0) {
      journal.append(RecordKind.SESSION, plan.startTs, encodePlan(plan));
      journal.commit();
    } else await this.recover();
    if (this.failure !== null) return;
    this.time = this.timeFrom(this.lastTs);
    this.feed = new ReplayFeed(openStreams(), this.time, { onRows: (block) => this.onRows(block) });
    this.feed.skipRows(this.rowsTaken);
    this.setPhase('WARMING_UP');
    if (this.options.goesOnAlone && this.lastTs > plan.tradingFromTs) this.markGap();
    this.goOn();
  }

  /** @returns what it came to; a refusal with code SESSION_STOPPED where the session has ended */
  command(actor: string, command: SessionCommand): Promise<CommandAnswer> {
    if (this.feed === null || this.failure !== null || this.phase === 'STOPPED')
      return Promise.resolve({ isDone: false, code: 'SESSION_STOPPED', reason: 'The session does not run.' });
    this.feed.goOn();
    const ts = this.inputTs();
    this.queue.push({ kind: 'COMMAND', ts, actor, command });
    const sequence = this.sequence + this.queue.length;
    const answer = new Promise<CommandAnswer>((resolve) => this.waiting.set(sequence, resolve));
    this.flush();
    return answer;
  }

  /** Takes no more inputs, waits for the core to have taken them all, and closes the journal. @returns the digest of the whole session */
  async stop(): Promise<string> {
    this.feed?.stop();
    this.call?.cancel();
    if (this.failure === null) {
      this.flush();
      await this.settled();
    }
    const digest = this.failure === null ? await this.core.digest() : '';
    await this.core.close();
    if (this.options.journal.isAlive) this.options.journal.close();
    if (this.failure === null) this.setPhase('STOPPED');
    return digest;
  }

  /** Resolves when the core has answered everything that it was sent. */
  private settled(): Promise<void> {
    if (this.answered === this.sequence || this.failure !== null) return Promise.resolve();
    return new Promise((resolve) => {
      this.quiet = resolve;
    });
  }

  private async recover(): Promise<void> {
    const { journal } = this.options;
    this.recoveredTo = journal.lastSequence;
    this.options.listener.onPhase?.('RECOVERING');
    let batch: NumberedInput[] = [];
    for (const record of journal.read(PLAN_SEQUENCE + 1)) {
      const input = decodeInput({ ...record, payload: record.payload.slice() });
      batch.push({ sequence: record.sequence, input });
      this.lastTs = input.ts;
      if (input.kind === 'ROWS') {
        this.rowsTaken += input.block.length;
        this.options.listener.onRows?.(input.block);
      }
      if (batch.length < RECOVERY_BATCH) continue;
      await this.sendRecovered(batch);
      batch = [];
      if (this.failure !== null) return;
    }
    await this.sendRecovered(batch);
  }

  private async sendRecovered(batch: readonly NumberedInput[]): Promise<void> {
    if (batch.length === 0) return;
    this.sequence = batch.at(-1)!.sequence;
    this.core.send(batch);
    await this.settled();
  }

  /** Where trading has begun, the session's time goes on from now, or from where a recording was left. */
  private timeFrom(lastTs: number): SessionClock {
    const { clock, plan, speed, goesOnAlone } = this.options;
    return new SessionClock(clock, goesOnAlone ? Math.max(clock.now(), lastTs) : Math.max(plan.tradingFromTs, lastTs), speed);
  }

  private markGap(): void {
    const ts = this.time.now();
    if (ts <= this.lastTs) return;
    this.feed!.skipTo(ts);
    this.queue.push({ kind: 'GAP', ts, tsFrom: this.lastTs, reason: 'DOWN' });
  }

  /** Lets the feed hand over what is due, and writes it down. */
  private goOn(): void {
    if (this.feed === null || this.failure !== null || this.phase === 'STOPPED') return;
    this.feed.goOn();
    this.noteTime();
    this.flush();
    if (this.phase === 'WARMING_UP' && this.feed.nextTs >= this.options.plan.tradingFromTs) this.setPhase('RUNNING');
    this.awaitNext();
  }

  /** Time has come to something in the core, and no row brings it. */
  private noteTime(): void {
    const ts = this.inputTs();
    if (ts > this.dueTs && this.queue.length === 0 && this.answered === this.sequence) this.queue.push({ kind: 'CLOCK', ts });
  }

  private onRows(block: MarketBlock): boolean {
    this.queue.push({ kind: 'ROWS', ts: Math.max(this.lastTs, block.tsInit[block.length - 1]!), block });
    this.queuedRows += block.length;
    this.options.listener.onRows?.(block);
    if (this.queue.length >= BATCH_INPUTS) this.flush();
    return (
      this.failure === null && this.queuedRows < QUEUED_ROWS_MAX && this.sequence + this.queue.length - this.answered < CORE_INPUTS_MAX
    );
  }

  /** Time of an input that comes now: not past what the feed has still to tell. */
  private inputTs(): number {
    return Math.max(this.lastTs, Math.min(this.time.now(), this.feed?.nextTs ?? Number.POSITIVE_INFINITY));
  }

  /** Writes the queued inputs down, and hands them to the core. Where that fails the session does: nothing is decided that is not written down. */
  private flush(): void {
    if (this.queue.length === 0) return;
    const inputs = this.queue;
    this.queue = [];
    this.queuedRows = 0;
    try {
      this.core.send(this.writeDown(inputs));
    } catch (error) {
      this.onFailure(error instanceof Error ? error : new Error(String(error)));
    }
  }

  private writeDown(inputs: readonly SessionInput[]): readonly NumberedInput[] {
    const { journal } = this.options;
    const numbered: NumberedInput[] = [];
    for (const input of inputs) {
      const ts = Math.max(this.lastTs, input.ts);
      const { kind, payload } = encodeInput(input);
      this.sequence = journal.append(kind, ts, payload);
      this.lastTs = ts;
      numbered.push({ sequence: this.sequence, input: ts === input.ts ? input : { ...input, ts } });
    }
    journal.commit();
    return numbered;
  }

  private onReply({ outputs, answers, dueTs }: CoreReply): void {
    const last = outputs.at(-1);
    if (last !== undefined) {
      assert(last.sequence <= this.sequence, 'the core answers what it was sent');
      this.answered = last.sequence;
      this.options.listener.onOutputs?.(outputs, last.sequence <= this.recoveredTo);
    }
    this.dueTs = dueTs;
    for (const { sequence, answer } of answers) {
      this.waiting.get(sequence)?.(answer);
      this.waiting.delete(sequence);
    }
    if (this.answered === this.sequence) {
      this.quiet?.();
      this.quiet = null;
    }
    this.awaitNext();
  }

  /** Waits for whatever comes next: a row that falls due, or something in the core though no row comes. Where the feed waits for the core, its answer wakes it. */
  private awaitNext(): void {
    this.call?.cancel();
    this.call = null;
    if (this.feed === null || this.phase === 'STOPPED' || this.failure !== null) return;
    const ts = Math.min(this.feed.nextTs, this.dueTs + 1);
    if (ts === Number.POSITIVE_INFINITY) return;
    this.call = this.time.callAt(ts, () => this.goOn());
  }

  private onFailure(error: Error): void {
    if (this.failure !== null) return;
    this.failure = error;
    this.feed?.stop();
    this.call?.cancel();
    for (const resolve of this.waiting.values()) resolve({ isDone: false, code: 'SESSION_FAILED', reason: error.message });
    this.waiting.clear();
    this.quiet?.();
    this.setPhase('FAILED');
    this.options.listener.onFailure?.(error);
  }

  private setPhase(phase: SessionPhase): void {
    if (this.phase === phase) return;
    this.phase = phase;
    this.options.listener.onPhase?.(phase);
  }
}
