import type { SessionFacts, SessionOutput } from '../model/session-output.ts';

/** Outputs of a session that follow on what is stored. */
export interface OutputBatch {
  /** Everything up to this journal number is stored already, or came before. */
  readonly after: number;
  /** Everything after it and up to this number is here. */
  readonly upTo: number;
  /** Time of the input `upTo`. */
  readonly upToTs: number;
  /** In order, all of (`after`, `upTo`]; those that are empty may be left out. */
  readonly outputs: readonly SessionOutput[];
}

/** What a database holds of one session: a projection of its journal, never the authority. */
export interface SessionProjection {
  /** Journal number up to which it is stored; SESSION_SEQUENCE where only the facts are. */
  position(): Promise<number>;
  /**
   * Stores a batch and the position that it reaches, both or neither. What is stored already is skipped, so a batch may come twice.
   *
   * @returns the position afterwards
   * @throws WorldError DATABASE_OUTPUT_MISSING where something between the position and the batch is missing
   */
  apply(batch: OutputBatch): Promise<number>;
  /** Forgets what is stored, so that it can be built again from the journal. */
  forget(): Promise<void>;
  /** The session has ended; a later {@link SessionProjections.open} says that it goes on. */
  end(ts: number): Promise<void>;
}

export interface SessionProjections {
  /** Begins to store a session, or goes on with one that is known under its id. */
  open(facts: SessionFacts): Promise<SessionProjection>;
}
