import type { Code } from '../../model/codes/catalogue.ts';

/** A reason to deny that was found before the risk manager was asked (history is being replayed, an option that is none). */
export interface DenialText {
  readonly code: Code;
  readonly reason: string;
}
