import path from 'node:path';
import { openJournal } from '../../adapters/journal/open-journal.ts';
import { InputError } from '../../ports/errors.ts';
import type { Journal, JournalMessage, JournalRecord } from '../../ports/journal.ts';
import { decodePlan, RecordKind } from '../../runtime/session/input-codec.ts';
import { SESSION_PLAN_VERSION, type SessionPlan } from '../../runtime/session/session-plan.ts';

/** Where sessions lie unless an option says otherwise, from the working folder. */
export const SESSIONS_FOLDER = 'sessions';

/** What lies on disk of a session. */
export interface SessionFolder {
  readonly folder: string;
  readonly journal: Journal;
  /** What the session was begun with; null of a new one. */
  readonly plan: SessionPlan | null;
}

/** Opens the journal of a session, or begins one. @throws WorldError as openJournal; InputError where an older program cannot go on with it */
export function openSessionFolder(folder: string, onMessage: (message: JournalMessage) => void): SessionFolder {
  const journal = openJournal(path.join(folder, 'journal'), { onMessage });
  try {
    return { folder, journal, plan: journal.lastSequence === 0 ? null : planOfRecord(journal.read(1), folder) };
  } catch (error) {
    journal.close();
    throw error;
  }
}

/** The plan that the first record of a session holds. */
export function planOfRecord(records: Iterable<JournalRecord>, folder: string): SessionPlan {
  const [first] = records;
  if (first === undefined || first.kind !== RecordKind.SESSION)
    throw refusal(folder, 'This journal is none of a session.', 'Give another --folder.');
  const plan = decodePlan(first.payload);
  if (plan.version === SESSION_PLAN_VERSION) return plan;
  const rule = `This session was begun by another version of the program (plan ${String(plan.version)}, this one knows ${SESSION_PLAN_VERSION}).`;
  throw refusal(folder, rule, 'Begin a new one in another --folder.');
}

/** @throws InputError where the run file has come to mean something else since the session was begun */
export function refuseChanged(folder: string, begun: SessionPlan, now: SessionPlan): void {
  const place = begun.identity.findIndex((part, index) => part !== now.identity[index]);
  if (place < 0 && begun.identity.length === now.identity.length) return;
  const rule = 'The run file, a strategy or the program has changed since this session was begun.';
  throw refusal(folder, rule, 'Begin a new session with --folder sessions/ANOTHER, or put back what was changed.');
}

function refusal(folder: string, rule: string, fix: string): InputError {
  return new InputError([{ code: 'SESSION_CHANGED', file: folder, rule, fix }]);
}
