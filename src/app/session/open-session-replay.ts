import path from 'node:path';
import { replayOutputs } from './replay-session.ts';
import { sessionFacts } from './session-facts.ts';
import { planOfRecord } from './session-folder.ts';
import { lookAtJournal, recordsBetween } from '../../adapters/journal/inspect-journal.ts';
import type { SessionReplay } from '../../ports/session-replay.ts';

/**
 * A session's journal, played again for whoever builds a projection of it. It is only read.
 *
 * @param folder of the session
 * @throws WorldError, InputError where it cannot be read
 */
export function openSessionReplay(folder: string): Promise<SessionReplay> {
  const journal = path.join(folder, 'journal');
  const { lastSequence } = lookAtJournal(journal).facts;
  const plan = planOfRecord(recordsBetween(journal, 1, lastSequence), folder);
  return Promise.resolve({
    facts: sessionFacts(plan, folder),
    end: lastSequence,
    outputsFrom: (sequence) => replayOutputs(plan, recordsBetween(journal, 1, lastSequence), sequence),
    close: () => Promise.resolve(),
  });
}
