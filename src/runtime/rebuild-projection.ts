import { assert } from '../base/assert.ts';
import { isEmptyOutput, rowCountOf, SESSION_SEQUENCE, type SessionOutput } from '../model/session-output.ts';
import type { SessionProjection } from '../ports/session-projection.ts';
import type { SessionReplay } from '../ports/session-replay.ts';
import { WRITER_BATCH_ROWS_MAX } from './batch-writer.ts';

/**
 * Forgets what a database holds of a session and builds it again from the journal: the same tables to the last digit. One that was interrupted is begun
 * again.
 *
 * @param onProgress is told the journal number that is stored
 * @returns the journal number that is stored in the end
 */
export async function rebuildProjection(
  replay: SessionReplay,
  projection: SessionProjection,
  onProgress: (sequence: number) => void = () => {},
): Promise<number> {
  await projection.forget();
  let stored = SESSION_SEQUENCE;
  let gathered: SessionOutput[] = [];
  let rows = 0;
  let upTo = SESSION_SEQUENCE;
  let upToTs = replay.facts.startedTs;
  const store = async (): Promise<void> => {
    if (upTo === stored) return;
    stored = await projection.apply({ after: stored, upTo, upToTs, outputs: gathered });
    gathered = [];
    rows = 0;
    onProgress(stored);
  };
  for await (const output of replay.outputsFrom(upTo + 1)) {
    assert(output.sequence === upTo + 1, `output ${output.sequence} was read after ${upTo}`);
    upTo = output.sequence;
    upToTs = output.ts;
    if (!isEmptyOutput(output)) gathered.push(output);
    rows += rowCountOf(output);
    if (rows >= WRITER_BATCH_ROWS_MAX) await store();
  }
  await store();
  await projection.end(upToTs);
  return stored;
}
