import path from 'node:path';
import { expired, replayOutputs } from './replay-session.ts';
import { sessionFacts } from './session-facts.ts';
import { planOfRecord } from './session-folder.ts';
import { lookAtJournal, recordsBetween, snapshotsOf } from '../../adapters/journal/inspect-journal.ts';
import type { SessionReplay } from '../../ports/session-replay.ts';

/**
 * A session's journal, played again for whoever builds a projection of it. It is only read.
 *
 * @param folder of the session
 * @throws WorldError, InputError where it cannot be read
 */
export function openSessionReplay(folder: string): Promise<SessionReplay> {
  const journal = path.join(folder, 'journal');
  const { facts } = lookAtJournal(journal);
  const { lastSequence, firstSequence } = facts;
  if (firstSequence > 1) throw expired(firstSequence);
  const plan = planOfRecord(recordsBetween(journal, 1, lastSequence), folder);
  return Promise.resolve({
    facts: sessionFacts(plan, folder),
    end: lastSequence,
    outputsFrom: (sequence) => {
      const read = (from: number) => recordsBetween(journal, from, lastSequence);
      return replayOutputs(plan, { read, snapshots: () => snapshotsOf(journal), facts: () => facts }, sequence);
    },
    close: () => Promise.resolve(),
  });
}
