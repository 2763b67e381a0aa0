import { makeQuoteBlock, makeTradeBlock, type QuoteBlock, type TradeBlock } from '../../model/blocks.ts';
import type { Instrument, Price, Quantity } from '../../model/instrument.ts';
import { HistoryRing } from './history-ring.ts';
import type { RowCursor } from './ring-position.ts';

/** The rows behind a history's getters: for the cache, which saves and loads them. */
let tradeRows: (history: TradeHistory) => HistoryRing<TradeBlock>;
let quoteRows: (history: QuoteHistory) => HistoryRing<QuoteBlock>;
/** Take rows [from, to) into a history: for the cache, when rows leave its cursor. */
let appendTrades: (history: TradeHistory, block: TradeBlock, from: number, to: number) => void;
let appendQuotes: (history: QuoteHistory, block: QuoteBlock, from: number, to: number) => void;

/** The newest executions of one instrument, newest first; exact counts. Same rules as the bar histories. */
export class TradeHistory {
  readonly #rows: HistoryRing<TradeBlock>;

  static {
    appendTrades = (history, block, from, to) => history.#rows.append(block, from, to);
    tradeRows = (history) => history.#rows;
  }

  constructor(cursor: RowCursor, instrument: Instrument, rowsMax: number) {
    this.#rows = new HistoryRing(cursor, makeTradeBlock(instrument.index, rowsMax), 'withRow');
    Object.freeze(this);
  }

  get rowsMax(): number {
    return this.#rows.rowsMax;
  }
  get length(): number {
    return this.#rows.length;
  }
  priceExact(ago: number): Price {
    return this.#rows.at(ago).price[this.#rows.row]!;
  }
  quantityExact(ago: number): Quantity {
    return this.#rows.at(ago).quantity[this.#rows.row]!;
  }
  aggressorSide(ago: number): number {
    return this.#rows.at(ago).aggressorSide[this.#rows.row]!;
  }
  tsInit(ago: number): number {
    return this.#rows.at(ago).tsInit[this.#rows.row]!;
  }
}

/** The newest quotes of one instrument, newest first; exact counts, 0 for an absent side. Same rules as the bar histories. */
export class QuoteHistory {
  readonly #rows: HistoryRing<QuoteBlock>;

  static {
    appendQuotes = (history, block, from, to) => history.#rows.append(block, from, to);
    quoteRows = (history) => history.#rows;
  }

  constructor(cursor: RowCursor, instrument: Instrument, rowsMax: number) {
    this.#rows = new HistoryRing(cursor, makeQuoteBlock(instrument.index, rowsMax), 'withRow');
    Object.freeze(this);
  }

  get rowsMax(): number {
    return this.#rows.rowsMax;
  }
  get length(): number {
    return this.#rows.length;
  }
  bidPriceExact(ago: number): Price {
    return this.#rows.at(ago).bidPrice[this.#rows.row]!;
  }
  askPriceExact(ago: number): Price {
    return this.#rows.at(ago).askPrice[this.#rows.row]!;
  }
  bidSizeExact(ago: number): Quantity {
    return this.#rows.at(ago).bidSize[this.#rows.row]!;
  }
  askSizeExact(ago: number): Quantity {
    return this.#rows.at(ago).askSize[this.#rows.row]!;
  }
  tsInit(ago: number): number {
    return this.#rows.at(ago).tsInit[this.#rows.row]!;
  }
}

export { appendQuotes, appendTrades, quoteRows, tradeRows };
