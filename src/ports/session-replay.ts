import type { SessionFacts, SessionOutput } from '../model/session-output.ts';

/** A session's journal, played again: what a projection of it is built from. */
export interface SessionReplay {
  readonly facts: SessionFacts;
  /** The newest input in the journal. */
  readonly end: number;
  /** The outputs from a journal number on, in order and without a hole, up to {@link end}. */
  outputsFrom(sequence: number): AsyncIterable<SessionOutput>;
  close(): Promise<void>;
}

/** @param folder of the journal. @throws InputError, WorldError where it cannot be read */
export type OpenSessionReplay = (folder: string) => Promise<SessionReplay>;
