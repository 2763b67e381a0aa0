import type { ComponentHealth } from '../../ports/component-health.ts';
import type { Journal } from '../../ports/journal.ts';
import type { SessionView } from '../../ports/session-view.ts';
import type { BatchWriter } from '../../runtime/batch-writer.ts';

/** How the parts of a session are, each with the figure that a person asks for first. */
export function deskHealth(
  view: Pick<SessionView, 'phase' | 'sequence' | 'strategies'>,
  journal: Pick<Journal, 'isAlive' | 'lastSequence' | 'durableSequence'>,
  writer: Pick<BatchWriter, 'status'>,
): readonly ComponentHealth[] {
  return [coreHealth(view), journalHealth(journal), databaseHealth(writer)];
}

function coreHealth(view: Pick<SessionView, 'phase' | 'sequence' | 'strategies'>): ComponentHealth {
  const own = view.strategies().filter(({ isManual }) => !isManual);
  const running = own.filter(({ state }) => state.status === 'RUNNING').length;
  const failed = own.filter(({ state }) => state.status === 'FAILED').map(({ name }) => name);
  const detail = failed.length === 0 ? `${running} of ${own.length} strategies run` : `failed: ${failed.join(', ')}`;
  const isDown = view.phase === 'FAILED' || view.phase === 'STOPPED';
  return { name: 'core', state: isDown ? 'DOWN' : view.phase !== 'RUNNING' || failed.length > 0 ? 'DEGRADED' : 'OK', detail };
}

function journalHealth({
  isAlive,
  lastSequence,
  durableSequence,
}: Pick<Journal, 'isAlive' | 'lastSequence' | 'durableSequence'>): ComponentHealth {
  const waiting = lastSequence - durableSequence;
  const detail = `${durableSequence} inputs on disk${waiting === 0 ? '' : `, ${waiting} on their way`}`;
  return { name: 'journal', state: isAlive ? 'OK' : 'DOWN', detail };
}

function databaseHealth({ status }: Pick<BatchWriter, 'status'>): ComponentHealth {
  const { written, seen, queuedRows, downSince, problem, state } = status;
  const isDown = downSince !== null || state === 'FAILED';
  const behind = seen - written;
  const standing = `stored to input ${written}${behind === 0 ? '' : `, ${behind} behind`}${queuedRows === 0 ? '' : `, ${queuedRows} rows wait`}`;
  return { name: 'database', state: isDown ? 'DOWN' : state === 'LIVE' ? 'OK' : 'DEGRADED', detail: problem?.message ?? standing };
}
