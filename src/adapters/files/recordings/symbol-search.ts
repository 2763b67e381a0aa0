import { InputError } from '../../../ports/errors.ts';
import { SYMBOL_SEARCH_MAX, symbolsText } from './symbols-text.ts';

/** Looks on after the second symbol of a recording of which none was chosen, so that the refusal names what there is to choose from. */
export class SymbolSearch {
  private readonly refusal: InputError;
  private readonly rule: (symbols: string) => string;
  private readonly symbols: Set<string>;
  private left = SYMBOL_SEARCH_MAX;

  /**
   * @param refusal of the second symbol, with its place
   * @param rule says which symbols there are
   */
  constructor(first: string, second: string, refusal: InputError, rule: (symbols: string) => string) {
    this.symbols = new Set([first, second]);
    this.refusal = refusal;
    this.rule = rule;
  }

  /** The symbol of a further message or row. @throws InputError once enough were looked at */
  see(symbol: string | null): void {
    if (symbol !== null) this.symbols.add(symbol);
    this.left -= 1;
    if (this.left === 0) throw this.error(false);
  }

  /** @param isAll the recording was read to its end */
  error(isAll: boolean): InputError {
    return new InputError([{ ...this.refusal.problems[0]!, rule: this.rule(symbolsText([...this.symbols], isAll)) }]);
  }
}
