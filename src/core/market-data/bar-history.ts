import { type BarBlock, makeBarBlock, makeQuoteBarBlock, type QuoteBarBlock } from '../../model/blocks.ts';
import type { Instrument, Price, Quantity } from '../../model/instrument.ts';
import { HistoryRing } from './history-ring.ts';
import type { RowCursor } from './ring-position.ts';

/** The rows behind a history's getters: for the cache, which saves and loads them. */
let barRows: (history: BarHistory) => HistoryRing<BarBlock>;
let quoteBarRows: (history: QuoteBarHistory) => HistoryRing<QuoteBarBlock>;
/** Take rows [from, to) into a history: for the cache, when rows leave its cursor. */
let appendQuoteBars: (history: QuoteBarHistory, block: QuoteBarBlock, from: number, to: number) => void;
let appendBars: (history: BarHistory, block: BarBlock, from: number, to: number) => void;

/**
 * Finished bars of one series, newest first: `close(0)` is the bar being handled, `close(1)` the one before.
 *
 * Decimal getters return the nearest double, `…Exact` the integer count. `length` bars can be asked for, at most `rowsMax`.
 *
 * Strategies hold these, so all but the getters is `#private` and the object is frozen: neither the rows behind the cursor nor another
 * strategy can be reached through it.
 *
 * @throws InvariantError for a bar that is not there: a negative number would be the future
 */
export class BarHistory {
  readonly series: number;
  readonly #rows: HistoryRing<BarBlock>;
  readonly #priceScale: number;
  readonly #quantityScale: number;

  static {
    appendBars = (history, block, from, to) => history.#rows.append(block, from, to);
    barRows = (history) => history.#rows;
  }

  constructor(cursor: RowCursor, instrument: Instrument, series: number, rowsMax: number) {
    this.series = series;
    this.#rows = new HistoryRing(cursor, makeBarBlock(instrument.index, series, rowsMax), 'withCursor');
    this.#priceScale = instrument.priceScale;
    this.#quantityScale = instrument.quantityScale;
    Object.freeze(this);
  }

  /** Most bars kept. */
  get rowsMax(): number {
    return this.#rows.rowsMax;
  }

  /** Bars that can be asked for. */
  get length(): number {
    return this.#rows.length;
  }

  open(ago: number): number {
    return this.#rows.at(ago).open[this.#rows.row]! / this.#priceScale;
  }
  high(ago: number): number {
    return this.#rows.at(ago).high[this.#rows.row]! / this.#priceScale;
  }
  low(ago: number): number {
    return this.#rows.at(ago).low[this.#rows.row]! / this.#priceScale;
  }
  close(ago: number): number {
    return this.#rows.at(ago).close[this.#rows.row]! / this.#priceScale;
  }
  volume(ago: number): number {
    return this.#rows.at(ago).volume[this.#rows.row]! / this.#quantityScale;
  }
  openExact(ago: number): Price {
    return this.#rows.at(ago).open[this.#rows.row]!;
  }
  highExact(ago: number): Price {
    return this.#rows.at(ago).high[this.#rows.row]!;
  }
  lowExact(ago: number): Price {
    return this.#rows.at(ago).low[this.#rows.row]!;
  }
  closeExact(ago: number): Price {
    return this.#rows.at(ago).close[this.#rows.row]!;
  }
  volumeExact(ago: number): Quantity {
    return this.#rows.at(ago).volume[this.#rows.row]!;
  }
  /** Start of the bar's interval. */
  tsOpen(ago: number): number {
    return this.#rows.at(ago).tsOpen[this.#rows.row]!;
  }
  /** Close of the bar's interval. */
  tsEvent(ago: number): number {
    return this.#rows.at(ago).tsEvent[this.#rows.row]!;
  }
  tsInit(ago: number): number {
    return this.#rows.at(ago).tsInit[this.#rows.row]!;
  }
}

/** Bars of bid and ask of one series, newest first. An absent side reads NaN as a decimal and 0 as a count. Same rules as {@link BarHistory}. */
export class QuoteBarHistory {
  readonly series: number;
  readonly #rows: HistoryRing<QuoteBarBlock>;
  readonly #priceScale: number;

  static {
    appendQuoteBars = (history, block, from, to) => history.#rows.append(block, from, to);
    quoteBarRows = (history) => history.#rows;
  }

  constructor(cursor: RowCursor, instrument: Instrument, series: number, rowsMax: number) {
    this.series = series;
    this.#rows = new HistoryRing(cursor, makeQuoteBarBlock(instrument.index, series, rowsMax), 'withCursor');
    this.#priceScale = instrument.priceScale;
    Object.freeze(this);
  }

  get rowsMax(): number {
    return this.#rows.rowsMax;
  }
  get length(): number {
    return this.#rows.length;
  }
  bidOpen(ago: number): number {
    return this.#decimal(this.bidOpenExact(ago));
  }
  bidHigh(ago: number): number {
    return this.#decimal(this.bidHighExact(ago));
  }
  bidLow(ago: number): number {
    return this.#decimal(this.bidLowExact(ago));
  }
  bidClose(ago: number): number {
    return this.#decimal(this.bidCloseExact(ago));
  }
  askOpen(ago: number): number {
    return this.#decimal(this.askOpenExact(ago));
  }
  askHigh(ago: number): number {
    return this.#decimal(this.askHighExact(ago));
  }
  askLow(ago: number): number {
    return this.#decimal(this.askLowExact(ago));
  }
  askClose(ago: number): number {
    return this.#decimal(this.askCloseExact(ago));
  }
  bidOpenExact(ago: number): Price {
    return this.#rows.at(ago).bidOpen[this.#rows.row]!;
  }
  bidHighExact(ago: number): Price {
    return this.#rows.at(ago).bidHigh[this.#rows.row]!;
  }
  bidLowExact(ago: number): Price {
    return this.#rows.at(ago).bidLow[this.#rows.row]!;
  }
  bidCloseExact(ago: number): Price {
    return this.#rows.at(ago).bidClose[this.#rows.row]!;
  }
  askOpenExact(ago: number): Price {
    return this.#rows.at(ago).askOpen[this.#rows.row]!;
  }
  askHighExact(ago: number): Price {
    return this.#rows.at(ago).askHigh[this.#rows.row]!;
  }
  askLowExact(ago: number): Price {
    return this.#rows.at(ago).askLow[this.#rows.row]!;
  }
  askCloseExact(ago: number): Price {
    return this.#rows.at(ago).askClose[this.#rows.row]!;
  }
  tsOpen(ago: number): number {
    return this.#rows.at(ago).tsOpen[this.#rows.row]!;
  }
  tsEvent(ago: number): number {
    return this.#rows.at(ago).tsEvent[this.#rows.row]!;
  }
  tsInit(ago: number): number {
    return this.#rows.at(ago).tsInit[this.#rows.row]!;
  }

  #decimal(price: Price): number {
    return price === 0 ? Number.NaN : price / this.#priceScale;
  }
}

export { appendBars, appendQuoteBars, barRows, quoteBarRows };
