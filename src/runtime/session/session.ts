import type { CoreLink, CoreListener, CoreReply, NumberedInput } from './core-link.ts';
import { decodeInput, encodeInput, encodePlan, RecordKind } from './input-codec.ts';
import { SessionClock } from './session-clock.ts';
import { PLAN_SEQUENCE } from './session-core.ts';
import type { OpenSessionFeed, SessionFeed } from './session-feed.ts';
import type { SessionPlan } from './session-plan.ts';
import { type SessionFollower, SessionSnapshots, SNAPSHOT_POLICY, type SnapshotNews, type SnapshotPolicy } from './session-snapshots.ts';
import { assert } from '../../base/assert.ts';
import type { MarketBlock } from '../../model/blocks.ts';
import type { AccountEvent } from '../../model/events.ts';
import type { CommandAnswer, SessionCommand, SessionInput } from '../../model/session-input.ts';
import type { SessionOutput } from '../../model/session-output.ts';
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
  onSnapshot?(news: SnapshotNews): void;
  /** Everything that a feed had which does not go on alone has been handed over. May be told again. */
  onFeedEnd?(): void;
}

export interface SessionOptions {
  readonly plan: SessionPlan;
  readonly journal: Journal;
  readonly clock: Clock;
  /** So many times as fast as the clock the session's time goes. */
  readonly speed: number;
  /** The market goes on while the session is down, as a live one does and one that is made up by the clock; a recording waits where it was. */
  readonly goesOnAlone: boolean;
  readonly openFeed: OpenSessionFeed;
  readonly connect: (plan: SessionPlan, listener: CoreListener) => CoreLink;
  readonly listener: SessionListener;
  /** Saved with the session, so that it need not be told everything again. */
  readonly follower?: SessionFollower;
  readonly snapshots?: SnapshotPolicy;
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
  private feed: SessionFeed | null = null;
  private queue: SessionInput[] = [];
  private queuedRows = 0;
  /** Rows of all streams in the journal, since the last time that the session was down: what went by then is found by its time. */
  private rowsTaken = 0;
  /** The last input has rows of an instant whose rest has still to come. */
  private isWithinInstant = false;
  private readonly snapshots: SessionSnapshots;
  /** Account events in the journal. */
  private accountEventsTaken = 0;
  /** Number of the last input that the core has answered. */
  private answered = PLAN_SEQUENCE;
  private recoveredTo = PLAN_SEQUENCE;
  private dueTs = Number.POSITIVE_INFINITY;
  private call: ClockCall | null = null;
  private readonly waiting = new Map<number, (answer: CommandAnswer) => void>();
  private quiet: (() => void) | null = null;
  private failure: Error | null = null;
  private isEnding = false;

  constructor(options: SessionOptions) {
    const { plan, journal, clock, follower = null, snapshots = SNAPSHOT_POLICY, listener } = options;
    this.options = options;
    this.lastTs = plan.startTs;
    const onNews = (news: SnapshotNews): void => listener.onSnapshot?.(news);
    this.snapshots = new SessionSnapshots({ journal, clock, follower, policy: snapshots, onNews });
    this.time = this.timeFrom(plan.startTs);
    this.core = options.connect(plan, {
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
    const { journal, plan, openFeed } = this.options;
    if (journal.lastSequence === 0) {
      journal.append(RecordKind.SESSION, plan.startTs, encodePlan(plan));
      journal.commit();
    } else await this.recover();
    if (this.failure !== null || this.isEnding) return;
    this.time = this.timeFrom(this.lastTs);
    this.feed = openFeed(this.time, {
      onRows: (block, goesOn) => this.onRows(block, goesOn),
      onAccountEvent: (event) => this.onAccountEvent(event),
      onGap: (ts, gap) => this.queue.push({ kind: 'GAP', ts, ...gap }),
      onPhase: (ts, change) => this.queue.push({ kind: 'PHASE', ts, ...change }),
      onNews: () => this.awaitNext(),
    });
    this.feed.skipTaken(this.rowsTaken, this.accountEventsTaken);
    this.setPhase('WARMING_UP');
    if (this.options.goesOnAlone && this.lastTs > plan.tradingFromTs) this.markGap();
    this.goOn();
  }

  /** @returns what it came to; a refusal with code SESSION_STOPPED where the session has ended */
  command(actor: string, command: SessionCommand): Promise<CommandAnswer> {
    const { feed } = this;
    if (feed === null || !this.goes)
      return Promise.resolve({ isDone: false, code: 'SESSION_STOPPED', reason: 'The session does not run.' });
    feed.goOn();
    const ts = this.inputTs();
    this.queue.push({ kind: 'COMMAND', ts, actor, command });
    const sequence = this.sequence + this.queue.length;
    const answer = new Promise<CommandAnswer>((resolve) => this.waiting.set(sequence, resolve));
    this.flush();
    return answer;
  }

  /** Takes no more inputs, waits for the core to have taken them all, saves it, and closes the journal. @returns the digest of the whole session */
  async stop(): Promise<string> {
    this.isEnding = true;
    this.feed?.stop();
    this.call?.cancel();
    if (this.failure === null) {
      this.flush();
      await this.settled();
    }
    await this.snapshots.settled();
    // Where it was ended on its way through the journal, the snapshot that it came from is as good.
    const hasRun = this.failure === null && this.feed !== null && this.sequence > PLAN_SEQUENCE && !this.isWithinInstant;
    if (hasRun && this.snapshots.isBehind(this.sequence)) await this.takeSnapshot();
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

  /** Loads the newest snapshot that serves, and replays the rest. */
  private async recover(): Promise<void> {
    const { journal, clock, listener } = this.options;
    const startUs = clock.now();
    this.recoveredTo = journal.lastSequence;
    listener.onPhase?.('RECOVERING');
    const loaded = await this.snapshots.load(this.core);
    if (this.failure !== null) return;
    if (loaded !== null) {
      this.sequence = loaded.sequence;
      this.answered = loaded.sequence;
      this.lastTs = loaded.ts;
      this.rowsTaken = loaded.rowsTaken;
      this.accountEventsTaken = loaded.accountEventsTaken;
      this.dueTs = loaded.dueTs;
    }
    await this.replay(this.sequence + 1);
    const replayed = this.recoveredTo - (loaded?.sequence ?? PLAN_SEQUENCE);
    if (this.failure === null && !this.isEnding)
      listener.onSnapshot?.({ kind: 'recovered', snapshot: loaded?.sequence ?? 0, replayed, tookUs: clock.now() - startUs });
  }

  private async replay(fromSequence: number): Promise<void> {
    const { journal } = this.options;
    let batch: NumberedInput[] = [];
    for (const record of journal.read(fromSequence)) {
      const payload = record.payload.slice();
      const input = decodeInput({ ...record, payload });
      this.snapshots.note(payload);
      batch.push({ sequence: record.sequence, input });
      this.lastTs = input.ts;
      this.count(input);
      if (input.kind === 'ROWS') {
        this.options.listener.onRows?.(input.block);
      }
      if (batch.length < RECOVERY_BATCH) continue;
      await this.sendRecovered(batch);
      batch = [];
      if (this.failure !== null || this.isEnding) return;
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
    // Also where the clock stands no later: what the last instant had more of is passed over too.
    const ts = Math.max(this.lastTs + 1, this.time.now());
    this.queue.push({ kind: 'GAP', ts, tsFrom: this.lastTs, tsTo: ts, instruments: null, reason: 'DOWN' });
    for (const block of this.feed!.skipTo(ts)) this.onRows(block, false);
  }

  private count(input: SessionInput): void {
    if (input.kind === 'GAP' && input.reason === 'DOWN') this.rowsTaken = 0;
    if (input.kind === 'ROWS') this.rowsTaken += input.block.length;
    if (input.kind === 'ACCOUNT') this.accountEventsTaken += 1;
    this.isWithinInstant = input.kind === 'ROWS' && input.goesOn === true;
  }

  /** Lets the feed hand over what is due, and writes it down. */
  private goOn(): void {
    if (this.feed === null || !this.goes) return;
    this.flush();
    if (this.savesNext) {
      // Nothing new comes until the core has answered: then it is saved, and `onReply` goes on.
      if (!this.isQuiet) return;
      this.saveBeside();
    }
    this.feed.goOn();
    this.noteTime();
    this.flush();
    if (this.phase === 'WARMING_UP' && this.feed.nextTs >= this.options.plan.tradingFromTs) {
      this.snapshots.noteHistoryPlayed();
      this.setPhase('RUNNING');
    }
    if (!this.options.goesOnAlone && this.feed.nextTs === Number.POSITIVE_INFINITY) this.options.listener.onFeedEnd?.();
    this.awaitNext();
  }

  /** It takes inputs: it has not failed, and nobody has ended it. */
  private get goes(): boolean {
    return this.failure === null && !this.isEnding && this.phase !== 'STOPPED';
  }

  private get savesNext(): boolean {
    return this.snapshots.isDue && !this.isWithinInstant;
  }

  /** Everything that came has been written down, taken and answered. */
  private get isQuiet(): boolean {
    return this.queue.length === 0 && this.answered === this.sequence;
  }

  private takeSnapshot(): Promise<void> {
    const { sequence, lastTs: ts, rowsTaken, accountEventsTaken } = this;
    return this.snapshots.take(this.core, { sequence, ts, rowsTaken, accountEventsTaken });
  }

  /** A disk that failed is not trusted: the session ends. */
  private saveBeside(): void {
    this.takeSnapshot().catch((error: unknown) => this.onFailure(error instanceof Error ? error : new Error(String(error))));
  }

  /** Time has come to something in the core, and no row brings it. */
  private noteTime(): void {
    const ts = this.inputTs();
    if (ts > this.dueTs && this.isQuiet) this.queue.push({ kind: 'CLOCK', ts });
  }

  private onRows(block: MarketBlock, goesOn: boolean): boolean {
    const ts = Math.max(this.lastTs, block.tsInit[block.length - 1]!);
    this.queue.push({ kind: 'ROWS', ts, block, ...(goesOn ? { goesOn } : {}) });
    this.queuedRows += block.length;
    this.options.listener.onRows?.(block);
    if (this.queue.length >= BATCH_INPUTS) this.flush();
    return this.wantsMore;
  }

  private onAccountEvent(event: AccountEvent): boolean {
    this.queue.push({ kind: 'ACCOUNT', ts: Math.max(this.lastTs, event.tsInit), event });
    return this.wantsMore;
  }

  private get wantsMore(): boolean {
    const underWay = this.sequence + this.queue.length - this.answered;
    return this.failure === null && this.queuedRows < QUEUED_ROWS_MAX && underWay < CORE_INPUTS_MAX;
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
      this.count(input);
      this.snapshots.note(payload);
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
    if (this.feed === null || !this.goes || !this.wantsMore) return;
    const ts = this.savesNext && this.isQuiet ? this.time.now() : Math.min(this.feed.nextTs, this.dueTs + 1);
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
