import { inputError } from '../input-problem.ts';
import type { MessageFields } from './message-fields.ts';
import { SymbolSearch } from './symbol-search.ts';
import { SYMBOLS_COUNTED_MAX, symbolsText } from './symbols-text.ts';

/** Chooses the messages of one instrument: of the one that was asked for, or of the only one that the recording has. */
export class MessageChoice {
  private readonly fields: MessageFields;
  private readonly asked: string | null;
  private symbol: string | null;
  private hasBeenSeen = false;
  /** The others, in order of coming. */
  private readonly others = new Set<string>();
  /** From the second symbol on, where none was asked for. */
  private search: SymbolSearch | null = null;
  private hasUnnamed = false;

  /** @param asked compared letter by letter, capitals and all */
  constructor(fields: MessageFields, asked: string | undefined) {
    this.fields = fields;
    this.asked = asked ?? null;
    this.symbol = asked ?? null;
  }

  /** There are several symbols and none was asked for: no message is taken any more. */
  get isSearching(): boolean {
    return this.search !== null;
  }

  /**
   * Whether the message at hand belongs to the instrument. None does from the second symbol on while none was asked for: it is refused before long.
   *
   * @param symbol as the message has it; null where it does not say
   * @throws InputError `SYMBOL_UNKNOWN` some messages after a second symbol while none was asked for, and for a message that does not say whose it is among several
   */
  isChosen(symbol: string | null): boolean {
    if (this.search !== null) {
      this.search.see(symbol);
      return false;
    }
    if (symbol === null) this.hasUnnamed = true;
    else if (this.symbol === null) this.symbol = symbol;
    if (symbol !== null && symbol === this.symbol) this.hasBeenSeen = true;
    else if (symbol !== null && this.others.size < SYMBOLS_COUNTED_MAX) this.others.add(symbol);
    if (this.others.size === 0) return true;
    if (this.asked === null) {
      this.search = this.searchFrom(symbol!);
      return false;
    }
    const [other] = this.others;
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

  private searchFrom(second: string): SymbolSearch {
    const refusal = this.fields.refuse('SYMBOL_UNKNOWN', { value: second, fix: 'State which one with symbol.' });
    return new SymbolSearch(this.symbol!, second, refusal, (symbols) => `The recording has ${symbols}, and none was chosen.`);
  }

  /** @throws InputError `SYMBOL_UNKNOWN` where only others were there, or several and none was asked for */
  finish(): void {
    if (this.search !== null) throw this.search.error(true);
    if (this.others.size === 0 || this.hasBeenSeen) return;
    const [first] = this.others;
    throw inputError('SYMBOL_UNKNOWN', {
      file: this.fields.file,
      value: this.asked!,
      rule: `The recording has no message of this kind for the symbol; it has ${symbolsText([...this.others], this.others.size < SYMBOLS_COUNTED_MAX)}.`,
      fix: this.others.size === 1 ? `Write symbol: ${first}, or take symbol out.` : 'Correct symbol to one of these, letter by letter.',
    });
  }
}
