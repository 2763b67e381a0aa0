import { planParts } from './plan-parts.ts';
import { WorldError } from '../../ports/errors.ts';
import type { JournalReader, JournalRecord } from '../../ports/journal.ts';
import type { SessionOutput } from '../../model/session-output.ts';
import { decodeInput } from '../../runtime/session/input-codec.ts';
import { LocalCore } from '../../runtime/session/local-core.ts';
import { PLAN_SEQUENCE, SessionCore } from '../../runtime/session/session-core.ts';
import type { PlannedStrategy, SessionPlan } from '../../runtime/session/session-plan.ts';
import { loadCore } from '../../runtime/session/session-snapshots.ts';
import { decodeSnapshot, SNAPSHOT_STATE_VERSION } from '../../runtime/session/snapshot-codec.ts';

/** Inputs that are replayed before others have their turn. */
const REPLAYED_PER_TURN = 500;

/** What a replay came to. */
export interface Replayed {
  /** Number and time of the last input that was taken. */
  readonly sequence: number;
  readonly ts: number;
  readonly digest: string;
  readonly core: SessionCore;
}

export interface ReplayOptions {
  /** Inputs after it are left out, microseconds since the epoch. */
  readonly untilTs?: number;
  /** Stands in a strategy's place: what would another version have done? */
  readonly instead?: {
    readonly strategy: number;
    readonly source: PlannedStrategy['source'];
    readonly parameters: PlannedStrategy['parameters'];
  };
  readonly onOutput?: (output: SessionOutput) => void;
  /** Digests that the session had after inputs, as its snapshots say; looked at where nothing is played instead. */
  readonly digests?: ReadonlyMap<number, string>;
}

/**
 * Takes the inputs of a session once more. With nothing changed it decides the same, bit for bit.
 *
 * @param records from the first, which is the plan
 * @throws WorldError `SESSION_REPLAY_DISAGREES`
 */
export function replaySession(plan: SessionPlan, records: Iterable<JournalRecord>, options: ReplayOptions = {}): Replayed {
  const { untilTs = Number.POSITIVE_INFINITY, instead, onOutput, digests } = options;
  const played =
    instead === undefined
      ? plan
      : {
          ...plan,
          strategies: plan.strategies.map((each, index) =>
            index === instead.strategy ? { ...each, source: instead.source, parameters: instead.parameters } : each,
          ),
        };
  const core = new SessionCore(played, planParts());
  for (const record of records) {
    if (record.sequence === PLAN_SEQUENCE) continue;
    if (record.ts > untilTs) break;
    const { output } = core.take(record.sequence, decodeInput(record));
    onOutput?.(output);
    const digest = instead === undefined ? digests?.get(record.sequence) : undefined;
    if (digest !== undefined && digest !== core.digest()) throw disagrees(record.sequence);
  }
  return { sequence: core.sequence, ts: core.now, digest: core.digest(), core };
}

function disagrees(sequence: number): WorldError {
  const message = `After input ${sequence} the replay has decided something else than the session, as the digest in its snapshot says`;
  return new WorldError('SESSION_REPLAY_DISAGREES', message, { retryable: false });
}

/** Where a replay may begin: what is needed of a journal. */
export type ReplaySource = Pick<JournalReader, 'read' | 'snapshots' | 'facts'>;

/**
 * The outputs of a session from a number of its journal on: what was given before, given again. The replay begins at the newest snapshot before it.
 *
 * @throws WorldError `SESSION_RECORDS_EXPIRED` where neither a snapshot nor the records before it are there any more
 */
export async function* replayOutputs(plan: SessionPlan, journal: ReplaySource, fromSequence: number): AsyncGenerator<SessionOutput> {
  const core = await coreBefore(plan, journal, fromSequence);
  let taken = 0;
  for (const record of journal.read(core.sequence + 1)) {
    const { output } = core.take(record.sequence, decodeInput(record));
    taken += 1;
    // Others have their turn: a long journal takes seconds.
    if (taken % REPLAYED_PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
    if (output.sequence >= fromSequence) yield output;
  }
}

/** A core that stands before an input, as close to it as snapshots allow. */
async function coreBefore(plan: SessionPlan, journal: ReplaySource, sequence: number): Promise<SessionCore> {
  const local = new LocalCore(plan, planParts(), { onReply: () => {}, onFailure: () => {} });
  for (const snapshot of journal.snapshots()) {
    if (snapshot.sequence >= sequence) continue;
    try {
      const parts = decodeSnapshot(snapshot.state);
      if (parts.head.version !== SNAPSHOT_STATE_VERSION) continue;
      await loadCore(local, parts);
      return local.core;
    } catch {
      // One that does not serve is told of where the session starts; here an older one does.
    }
  }
  const { firstSequence } = journal.facts();
  if (firstSequence > PLAN_SEQUENCE + 1) throw expired(firstSequence);
  return local.core;
}

/** @param firstSequence the first record that is kept */
export function expired(firstSequence: number): WorldError {
  const message = `The journal begins with record ${firstSequence}: what came before has expired, and the session cannot be replayed from its start`;
  return new WorldError('SESSION_RECORDS_EXPIRED', message, { retryable: false });
}
