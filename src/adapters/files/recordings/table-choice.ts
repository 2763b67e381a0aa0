import { inputError } from '../input-problem.ts';
import { SymbolSearch } from './symbol-search.ts';
import { SYMBOLS_COUNTED_MAX, symbolsText } from './symbols-text.ts';
import type { TableScanner } from './table-scanner.ts';

/**
 * Chooses the rows of a table by the text of a column, its symbol or its exchange. Where no text is stated all rows must have the same: the rows
 * of two instruments would make a book of neither. Texts are compared letter by letter, capitals and all.
 */
export class TableChoice {
  private readonly name: 'symbol' | 'exchange';
  private readonly wanted: string | null;
  private readonly others = new Set<string>();
  private bytes: Uint8Array | null;
  private isFound = false;
  /** From the second symbol on, where none was stated. */
  private search: SymbolSearch | null = null;

  constructor(name: 'symbol' | 'exchange', wanted: string | undefined) {
    this.name = name;
    this.wanted = wanted ?? null;
    this.bytes = wanted === undefined ? null : new TextEncoder().encode(wanted);
  }

  /**
   * Whether the row at hand is of it. None is from the second symbol on where none was stated: it is refused before long.
   *
   * @throws InputError `SYMBOL_UNKNOWN`, `VALUE_MISSING`
   */
  isChosen(table: TableScanner, column: number): boolean {
    if (this.search !== null) {
      this.search.see(table.isEmpty(column) ? null : table.text(column));
      return false;
    }
    if (this.bytes !== null && table.is(column, this.bytes)) {
      this.isFound = true;
      return true;
    }
    if (table.isEmpty(column)) throw table.problem('VALUE_MISSING', column);
    if (this.bytes === null) {
      this.bytes = new TextEncoder().encode(table.text(column));
      this.isFound = true;
      return true;
    }
    if (this.wanted === null) {
      const first = new TextDecoder().decode(this.bytes);
      const before = `The rows before this one have the ${this.name} ${first}`;
      if (this.name === 'exchange') throw table.problem('SYMBOL_UNKNOWN', column, `${before}.`, 'Give the files of one venue only.');
      const refusal = table.problem('SYMBOL_UNKNOWN', column, '', 'State symbol, which chooses one and leaves the others out.');
      const second = table.text(column);
      this.search = new SymbolSearch(first, second, refusal, (symbols) => `${before}; there are ${symbols}, and none was chosen.`);
      return false;
    }
    if (this.others.size < SYMBOLS_COUNTED_MAX) this.others.add(table.text(column));
    return false;
  }

  /** At the end of all files. @throws InputError `FILE_EMPTY` where they have no row, `SYMBOL_UNKNOWN` where none has the stated text, or several are there and none was stated */
  finish(file: string): void {
    if (this.search !== null) throw this.search.error(true);
    if (this.isFound) return;
    if (this.others.size === 0) throw inputError('FILE_EMPTY', { file });
    throw inputError('SYMBOL_UNKNOWN', {
      file,
      column: this.name,
      value: this.wanted!,
      rule: `No row has this ${this.name}; there is ${symbolsText([...this.others], this.others.size < SYMBOLS_COUNTED_MAX)}.`,
      fix: `Correct ${this.name}.`,
    });
  }
}
