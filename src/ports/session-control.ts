import type { CommandAnswer, SessionCommand } from '../model/session-input.ts';

/** Asks a session for something. What it answers has happened. */
export interface SessionControl {
  command(actor: string, command: SessionCommand): Promise<CommandAnswer>;
}
