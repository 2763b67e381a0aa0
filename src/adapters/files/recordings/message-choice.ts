import { inputError } from '../input-problem.ts';
import type { MessageFields } from './message-fields.ts';
import { SYMBOLS_SHOWN_MAX, symbolsText } from './symbols-text.ts';

/** Chooses the messages of one instrument: of the one that was asked for, or of the only one that the recording has. */
export class MessageChoice {
  private readonly fields: MessageFields;
  private readonly asked: string | null;
  private symbol: string | null;
  private hasBeenSeen = false;
  /** The others, in order of coming; one more than a message shows. */
  private readonly others = new Set<string>();
  private hasUnnamed = false;

  /** @param asked compared letter by letter, capitals and all */
  constructor(fields: MessageFields, asked: string | undefined) {
    this.fields = fields;
    this.asked = asked ?? null;
    this.symbol = asked ?? null;
  }

  /**
   * Whether the message at hand belongs to the instrument.
   *
   * @param symbol as the message has it; null where it does not say
   * @throws InputError `SYMBOL_UNKNOWN` for a second symbol while none was asked for, and for a message that does not say whose it is among several
   */
  isChosen(symbol: string | null): boolean {
    if (symbol === null) this.hasUnnamed = true;
    else if (this.symbol === null) this.symbol = symbol;
    if (symbol !== null && symbol === this.symbol) this.hasBeenSeen = true;
    else if (symbol !== null && this.others.size <= SYMBOLS_SHOWN_MAX) this.others.add(symbol);
    const [other] = this.others;
    if (other !== undefined && this.asked === null) {
      throw this.fields.refuse('SYMBOL_UNKNOWN', {
        value: other,
        rule: `The recording has ${this.symbol} and ${other}, and none was chosen.`,
        fix: 'State which one with symbol.',
      });
    }
    // A symbol that was asked for and has not come may not be in the recording at all: that is told at the end.
    if (other !== undefined && this.hasUnnamed && this.hasBeenSeen) {
      throw this.fields.refuse('SYMBOL_UNKNOWN', {
        value: other,
        rule: `The recording has ${this.symbol} and ${other}, and a snapshot that does not say whose it is.`,
        fix: 'Record every symbol into a file of its own.',
      });
    }
    return symbol === null || symbol === this.symbol;
  }

  /** @throws InputError `SYMBOL_UNKNOWN` where only others were there */
  finish(): void {
    if (this.others.size === 0 || this.hasBeenSeen) return;
    const [first] = this.others;
    throw inputError('SYMBOL_UNKNOWN', {
      file: this.fields.file,
      value: this.asked!,
      rule: `The recording has no message of this kind for the symbol; it has ${symbolsText([...this.others], false)}.`,
      fix: this.others.size === 1 ? `Write symbol: ${first}, or take symbol out.` : 'Correct symbol to one of these, letter by letter.',
    });
  }
}
