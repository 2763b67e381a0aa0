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

/** The deciding part of a session, wherever it runs. Inputs are taken in the order in which they are sent. */
export interface CoreLink {
  send(inputs: readonly NumberedInput[]): void;
  /** The state after the last input that was sent, and the digest of all outputs by then. */
  digest(): Promise<string>;
  close(): Promise<void>;
}

export interface CoreListener {
  onReply(reply: CoreReply): void;
  /** It decides no more: a strategy threw, or the thread died. */
  onFailure(error: Error): void;
}
