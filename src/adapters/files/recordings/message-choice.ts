import type { MessageFields } from './message-fields.ts';

/** Chooses the messages of one instrument: of the one that was asked for, or of the only one that the recording has. */
export class MessageChoice {
  private readonly fields: MessageFields;
  private readonly asked: string | null;
  private symbol: string | null;
  private hasBeenSeen = false;
  private other: string | null = null;
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
    if (symbol !== null && symbol !== this.symbol) this.other = symbol;
    else if (symbol !== null) this.hasBeenSeen = true;
    if (this.other !== null && this.asked === null) {
      throw this.fields.refuse('SYMBOL_UNKNOWN', {
        value: this.other,
        rule: `The recording has ${this.symbol} and ${this.other}, and none was chosen.`,
        fix: 'State which one with symbol.',
      });
    }
    if (this.other !== null && this.hasUnnamed) {
      throw this.fields.refuse('SYMBOL_UNKNOWN', {
        value: this.other,
        rule: `The recording has ${this.symbol} and ${this.other}, and a snapshot that does not say whose it is.`,
        fix: 'Record every symbol into a file of its own.',
      });
    }
    return symbol === null || symbol === this.symbol;
  }

  /** @throws InputError `SYMBOL_UNKNOWN` where only others were there */
  finish(): void {
    if (this.other === null || this.hasBeenSeen) return;
    throw this.fields.refuse('SYMBOL_UNKNOWN', {
      value: this.asked!,
      rule: `The recording has no message of this kind for the symbol; it has ${this.other}.`,
    });
  }
}
