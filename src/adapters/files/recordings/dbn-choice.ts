import { DAY_US } from '../../../model/civil-date.ts';
import { inputError } from '../input-problem.ts';
import type { DbnMapping, DbnMetadata } from './dbn-metadata.ts';
import { symbolsText } from './symbols-text.ts';

/** Chooses the records of one symbol, whose letters are compared one by one, capitals and all. */
export class DbnChoice {
  private readonly file: string;
  private readonly mappings: readonly DbnMapping[];
  /** Null where the file maps no symbols and none was chosen: the first instrument that comes is it. */
  private chosen: string | null;
  /** What was found for the instrument before, and how long it holds. */
  private lastId = -1;
  private lastFromTs = 0;
  private lastToTs = 0;
  private lastIsChosen = false;

  /** @throws InputError `SYMBOL_UNKNOWN` where the symbol is not in the file, or several are and none was chosen */
  constructor(metadata: DbnMetadata, file: string, symbol: string | undefined) {
    this.file = file;
    this.mappings = metadata.mappings;
    const names = [...new Set(metadata.mappings.map((mapping) => mapping.symbol))];
    if (symbol === undefined) {
      if (names.length > 1) throw this.unknown(undefined, `The file has ${symbolsText(names, true)}, and none was chosen.`);
      this.chosen = names[0] ?? null;
      return;
    }
    if (names.length > 0 && !names.includes(symbol)) throw this.unknown(symbol, `The file has ${symbolsText(names, true)}.`);
    if (names.length === 0 && !/^\d{1,10}$/.test(symbol)) {
      throw this.unknown(symbol, 'The file maps no symbols: only the number of an instrument (instrument_id) can be chosen.');
    }
    this.chosen = symbol;
  }

  /** The symbol, or number, whose records are taken; null as long as that is open. */
  get symbol(): string | null {
    if (this.chosen !== null || this.lastId === -1) return this.chosen;
    return String(this.lastId);
  }

  /**
   * True for records of the chosen symbol. Asked once per record.
   *
   * @param record where it stands, for messages
   * @throws InputError `SYMBOL_UNKNOWN` for an instrument that no symbol of the file stands for
   */
  isChosen(instrumentId: number, ts: number, record: () => string): boolean {
    if (instrumentId !== this.lastId || ts < this.lastFromTs || ts >= this.lastToTs) this.find(instrumentId, ts, record);
    return this.lastIsChosen;
  }

  private find(instrumentId: number, ts: number, record: () => string): void {
    if (this.mappings.length === 0) this.findByNumber(instrumentId, record);
    else this.findBySymbol(instrumentId, ts, record);
    this.lastId = instrumentId;
  }

  private findByNumber(instrumentId: number, record: () => string): void {
    const text = String(instrumentId);
    const isFirst = this.lastId === -1;
    if (this.chosen === null && !isFirst) {
      const rule = `The record (${record()}) is of instrument ${text}, and those before it are of ${this.lastId}; none was chosen.`;
      throw this.unknown(text, rule);
    }
    this.hold(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, this.chosen === null || this.chosen === text);
  }

  /** Where an instrument stands for one symbol in the whole file, it does so on every day; else the day decides. */
  private findBySymbol(instrumentId: number, ts: number, record: () => string): void {
    const all = this.mappings.filter((mapping) => mapping.instrumentId === instrumentId);
    if (all.length > 0 && all.every((mapping) => mapping.symbol === all[0]!.symbol)) {
      this.hold(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, all[0]!.symbol === this.chosen);
      return;
    }
    const atTime = all.filter((mapping) => mapping.fromTs <= ts && ts < mapping.toTs);
    if (atTime.length === 0) {
      throw this.unknown(String(instrumentId), `The record (${record()}) is of an instrument that the file has no symbol for at its time.`);
    }
    const found = atTime.find((mapping) => mapping.symbol === this.chosen);
    const { fromTs, toTs } = found ?? atTime[0]!;
    // Another symbol may begin within the time of one that was not chosen: then only this day is known.
    const dayTs = Math.floor(ts / DAY_US) * DAY_US;
    if (found === undefined) this.hold(Math.max(fromTs, dayTs), Math.min(toTs, dayTs + DAY_US), false);
    else this.hold(fromTs, toTs, true);
  }

  private hold(fromTs: number, toTs: number, isChosen: boolean): void {
    this.lastFromTs = fromTs;
    this.lastToTs = toTs;
    this.lastIsChosen = isChosen;
  }

  private unknown(value: string | undefined, rule: string): Error {
    const fix = 'State one of them with `symbol`.';
    return inputError('SYMBOL_UNKNOWN', { file: this.file, rule, fix, ...(value === undefined ? {} : { value }) });
  }
}
