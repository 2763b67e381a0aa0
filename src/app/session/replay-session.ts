import { planParts } from './plan-parts.ts';
import type { JournalRecord } from '../../ports/journal.ts';
import type { SessionOutput } from '../../model/session-output.ts';
import { decodeInput } from '../../runtime/session/input-codec.ts';
import { PLAN_SEQUENCE, SessionCore } from '../../runtime/session/session-core.ts';
import type { PlannedStrategy, SessionPlan } from '../../runtime/session/session-plan.ts';

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
}

/**
 * Takes the inputs of a session once more. With nothing changed it decides the same, bit for bit.
 *
 * @param records from the first, which is the plan
 */
export function replaySession(plan: SessionPlan, records: Iterable<JournalRecord>, options: ReplayOptions = {}): Replayed {
  const { untilTs = Number.POSITIVE_INFINITY, instead, onOutput } = options;
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
  }
  return { sequence: core.sequence, ts: core.now, digest: core.digest(), core };
}

/**
 * The outputs of a session from a number of its journal on: what was given before, given again.
 *
 * @param records from the first, which is the plan
 */
export async function* replayOutputs(
  plan: SessionPlan,
  records: Iterable<JournalRecord>,
  fromSequence: number,
): AsyncGenerator<SessionOutput> {
  const core = new SessionCore(plan, planParts());
  let taken = 0;
  for (const record of records) {
    if (record.sequence === PLAN_SEQUENCE) continue;
    const { output } = core.take(record.sequence, decodeInput(record));
    taken += 1;
    // Others have their turn: a long journal takes seconds.
    if (taken % REPLAYED_PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
    if (output.sequence >= fromSequence) yield output;
  }
}
