import type { CommandAnswer, SessionInput } from '../../model/session-input.ts';
import type { SessionOutput } from '../../model/session-output.ts';

/** An input with its place in the journal. */
export interface NumberedInput {
  readonly sequence: number;
  readonly input: SessionInput;
}

/** What some inputs came to. */
export interface CoreReply {
  readonly outputs: readonly SessionOutput[];
  /** Answers to commands, by the number of the input. */
  readonly answers: readonly { readonly sequence: number; readonly answer: CommandAnswer }[];
  /** When something is due in the core though no input comes; Infinity for never. */
  readonly dueTs: number;
}

/** A core as it stood after an input. */
export interface CoreState {
  /** Of the last input that it had taken. */
  readonly sequence: number;
  /** Of everything by then. */
  readonly digest: string;
  /** As `v8.serialize` writes it. */
  readonly state: Uint8Array;
}

export interface SavedCore extends CoreState {
  /** How long the core took no input meanwhile, milliseconds. */
  readonly tookMs: number;
}

/** A core that goes on from a state. */
export type LoadedCore = Pick<CoreReply, 'dueTs'>;

/** The deciding part of a session, wherever it runs. Inputs are taken in the order in which they are sent. */
export interface CoreLink {
  send(inputs: readonly NumberedInput[]): void;
  /** The state after the last input that was sent, and the digest of all outputs by then. */
  digest(): Promise<string>;
  /** Saves the core as it is after the last input that was sent. Rejects where a strategy cannot be saved; the core goes on all the same. */
  save(): Promise<SavedCore>;
  /** Goes on from a state, where nothing was sent yet. Rejects where it is refused; the core is as new then, and another may be tried. */
  load(state: CoreState): Promise<LoadedCore>;
  close(): Promise<void>;
}

export interface CoreListener {
  onReply(reply: CoreReply): void;
  /** It decides no more: a strategy threw, or the thread died. */
  onFailure(error: Error): void;
}
