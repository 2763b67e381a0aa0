import { assert, unreachable } from '../../base/assert.ts';
import { type BarBlock, BlockKind, type MarketBlock, type QuoteBarBlock } from '../../model/blocks.ts';
import type { Instrument, InstrumentIndex, Price } from '../../model/instrument.ts';
import { appendBars, appendQuoteBars, BarHistory, barRows, QuoteBarHistory, quoteBarRows } from './bar-history.ts';
import type { HistoryRing, HistoryState } from './history-ring.ts';
import { midPrice } from './mid-price.ts';
import { HISTORY_ROWS_DEFAULT, type RowCursor } from './ring-position.ts';
import { appendQuotes, appendTrades, QuoteHistory, quoteRows, TradeHistory, tradeRows } from './tick-history.ts';
import { mistakeUnless } from '../strategy/strategy-mistake.ts';

/** A history of a series of bars. */
interface SeriesState {
  readonly instrument: InstrumentIndex;
  readonly series: number;
  readonly rowsMax: number;
  readonly rows: HistoryState;
}

/** A history of an instrument's ticks. */
interface TicksState {
  readonly instrument: InstrumentIndex;
  readonly rows: HistoryState;
}

export interface MarketDataCacheState {
  /** By instrument. */
  readonly lastPx: Float64Array;
  readonly bid: Float64Array;
  readonly ask: Float64Array;
  readonly newestTs: Float64Array;
  readonly wholeTs: Float64Array;
  readonly bars: readonly SeriesState[];
  readonly quoteBars: readonly SeriesState[];
  readonly trades: readonly TicksState[];
  readonly quotes: readonly TicksState[];
}

/**
 * What is known of the market now: last price, best bid and ask, and the last rows of every stream.
 *
 * While a block is stepped, its newest row is the cursor: the engine calls `setCursor` when it enters a block (or goes on behind a refused
 * row), writes `cursorRow` for each row, and `commit` when it leaves; only commit copies, in bulk. Between `cursorFrom` and
 * `cursorRow` there may be accepted rows only. Each history is bounded (`HISTORY_ROWS_DEFAULT` rows unless set): the oldest row gives way.
 */
export class MarketDataCache implements RowCursor {
  cursorBlock: MarketBlock | null = null;
  cursorFrom = 0;
  /** Hot: one store per row. */
  cursorRow = -1;
  private cursorIsBuilt = false;

  private readonly instruments: readonly Instrument[];
  private readonly historyRows: number;
  private readonly lastPx: Float64Array;
  private readonly bid: Float64Array;
  private readonly ask: Float64Array;
  /** Newest tsInit, and newest time that is whole behind a gap (a bar counts from its open). */
  private readonly newestTs: Float64Array;
  private readonly wholeTs: Float64Array;
  private readonly barHistories: BarHistory[] = [];
  private readonly quoteBarHistories: QuoteBarHistory[] = [];
  private readonly tradeHistories: TradeHistory[] = [];
  private readonly quoteHistories: QuoteHistory[] = [];

  constructor(instruments: readonly Instrument[], historyRows: number = HISTORY_ROWS_DEFAULT) {
    this.instruments = instruments;
    this.historyRows = historyRows;
    const count = instruments.length;
    this.lastPx = new Float64Array(count);
    this.bid = new Float64Array(count);
    this.ask = new Float64Array(count);
    this.newestTs = new Float64Array(count).fill(-Infinity);
    this.wholeTs = new Float64Array(count).fill(-Infinity);
  }

  /**
   * Sets the bound of a series' history, before its first row. Series that are not announced get the default at their first use.
   *
   * @param rowsMax 1 or more
   */
  addBarSeries(instrument: InstrumentIndex, series: number, rowsMax: number = this.historyRows): void {
    const known = this.barHistories[series];
    assert(known === undefined || known.length === 0, 'the bound of a history is set before its first bar');
    this.barHistories[series] = new BarHistory(this, this.instruments[instrument]!, series, rowsMax);
  }

  /** The block that is stepped now, from its first uncommitted row. `isBuilt`: a bar we made ourselves, which is no news of the market. */
  setCursor(block: MarketBlock | null, from: number, isBuilt = false): void {
    this.cursorBlock = block;
    this.cursorFrom = from;
    this.cursorRow = from - 1;
    this.cursorIsBuilt = isBuilt;
  }

  /** Takes rows [from, to) in: histories, last values. The cursor moves behind them. */
  commit(block: MarketBlock, from: number, to: number): void {
    if (from < to) {
      this.remember(block, to - 1, from);
      this.append(block, from, to);
    }
    if (this.cursorBlock === block) {
      this.cursorFrom = to;
      this.cursorRow = to - 1;
    }
  }

  /** As commit, for bars built here: into the history only, so that an empty bar cannot make an old price look fresh. */
  commitBuilt(block: MarketBlock, from: number, to: number): void {
    this.append(block, from, to);
    if (this.cursorBlock === block) {
      this.cursorFrom = to;
      this.cursorRow = to - 1;
    }
  }

  /** Best bid and ask of the book of an instrument, which then are its price; 0 for what is absent or may not be used. Hot. */
  setTop(instrument: InstrumentIndex, bid: Price, ask: Price): void {
    this.bid[instrument] = bid;
    this.ask[instrument] = ask;
    if (bid !== 0 && ask !== 0) this.lastPx[instrument] = midPrice(bid, ask);
  }

  /** Price of the newest row that has one: trade, bar close, or middle of a two-sided quote or book (half an increment down); 0 before the first. */
  lastPrice(instrument: InstrumentIndex): Price {
    const block = this.cursorBlock;
    if (block !== null && block.instrument === instrument) {
      for (let row = this.cursorRow; row >= this.cursorFrom; row -= 1) {
        const price = priceOf(block, row);
        if (price !== 0) return price;
      }
    }
    return this.lastPx[instrument]!;
  }

  /** Bid of the newest quote (or bid close of the newest quote bar, or best bid of the book); 0 when absent or never seen. */
  bestBid(instrument: InstrumentIndex): Price {
    const block = this.cursorBlock;
    if (block !== null && block.instrument === instrument && this.cursorRow >= this.cursorFrom) {
      if (block.kind === BlockKind.QUOTES) return block.bidPrice[this.cursorRow]!;
      if (block.kind === BlockKind.QUOTE_BARS) return block.bidClose[this.cursorRow]!;
    }
    return this.bid[instrument]!;
  }

  /** Ask of the newest quote (or ask close of the newest quote bar, or best ask of the book); 0 when absent or never seen. */
  bestAsk(instrument: InstrumentIndex): Price {
    const block = this.cursorBlock;
    if (block !== null && block.instrument === instrument && this.cursorRow >= this.cursorFrom) {
      if (block.kind === BlockKind.QUOTES) return block.askPrice[this.cursorRow]!;
      if (block.kind === BlockKind.QUOTE_BARS) return block.askClose[this.cursorRow]!;
    }
    return this.ask[instrument]!;
  }

  /** tsInit of the instrument's newest row of any kind; −Infinity before the first. */
  newestRowTs(instrument: InstrumentIndex): number {
    const block = this.liveCursor(instrument);
    return block === null ? this.newestTs[instrument]! : Math.max(this.newestTs[instrument]!, block.tsInit[this.cursorRow]!);
  }

  /** From when on the newest row is whole: a tick's tsInit, a bar's open. A gap that ended at or before it is over. */
  wholeSinceTs(instrument: InstrumentIndex): number {
    const block = this.liveCursor(instrument);
    return block === null ? this.wholeTs[instrument]! : Math.max(this.wholeTs[instrument]!, wholeFrom(block, this.cursorRow));
  }

  bars(series: number): BarHistory {
    const history = this.barHistories[series];
    mistakeUnless(history !== undefined, 'bars are asked for a series that was never subscribed');
    return history;
  }

  quoteBars(series: number): QuoteBarHistory {
    const known = this.quoteBarHistories[series];
    if (known !== undefined) return known;
    // A handler may ask in the very first row of a series, which has not left the cursor.
    const block = this.cursorBlock;
    const isInHand = block !== null && block.kind === BlockKind.QUOTE_BARS && block.series === series && this.cursorRow >= this.cursorFrom;
    mistakeUnless(isInHand, 'quote bars are asked for a series that has had no row');
    return this.quoteBarHistory(block);
  }

  /** The newest executions. Kept from the first time somebody asks: copying ticks that nobody reads would cost the tick path dearly. */
  trades(instrument: InstrumentIndex): TradeHistory {
    const history = this.tradeHistories[instrument] ?? new TradeHistory(this, this.instruments[instrument]!, this.historyRows);
    this.tradeHistories[instrument] = history;
    return history;
  }

  /** The newest quotes, kept from the first time somebody asks. */
  quotes(instrument: InstrumentIndex): QuoteHistory {
    const history = this.quoteHistories[instrument] ?? new QuoteHistory(this, this.instruments[instrument]!, this.historyRows);
    this.quoteHistories[instrument] = history;
    return history;
  }

  /** Rows kept and rows that could be kept, over all histories: what the memory manager lists. */
  rowsInUse(): { readonly used: number; readonly bound: number } {
    let used = 0;
    let bound = 0;
    for (const histories of [this.barHistories, this.quoteBarHistories, this.tradeHistories, this.quoteHistories]) {
      for (const history of histories) {
        if (history === undefined) continue;
        used += history.length;
        bound += history.rowsMax;
      }
    }
    return { used, bound };
  }

  /** Between steps: the rows in hand have left the cursor. */
  saveState(): MarketDataCacheState {
    assert(this.cursorBlock === null || this.cursorRow < this.cursorFrom, 'state is saved when all rows have left the cursor');
    return {
      lastPx: this.lastPx.slice(),
      bid: this.bid.slice(),
      ask: this.ask.slice(),
      newestTs: this.newestTs.slice(),
      wholeTs: this.wholeTs.slice(),
      bars: this.barHistories.flatMap((history) => seriesState(barRows(history), history)),
      quoteBars: this.quoteBarHistories.flatMap((history) => seriesState(quoteBarRows(history), history)),
      trades: this.tradeHistories.flatMap((history, instrument) => ({ instrument, rows: tradeRows(history).saveState() })),
      quotes: this.quoteHistories.flatMap((history, instrument) => ({ instrument, rows: quoteRows(history).saveState() })),
    };
  }

  loadState(state: MarketDataCacheState): void {
    this.setCursor(null, 0);
    this.lastPx.set(state.lastPx);
    this.bid.set(state.bid);
    this.ask.set(state.ask);
    this.newestTs.set(state.newestTs);
    this.wholeTs.set(state.wholeTs);
    for (const { instrument, series, rowsMax, rows } of state.bars) {
      this.barHistories[series] = new BarHistory(this, this.instruments[instrument]!, series, rowsMax);
      barRows(this.barHistories[series]!).loadState(rows);
    }
    for (const { instrument, series, rowsMax, rows } of state.quoteBars) {
      this.quoteBarHistories[series] = new QuoteBarHistory(this, this.instruments[instrument]!, series, rowsMax);
      quoteBarRows(this.quoteBarHistories[series]!).loadState(rows);
    }
    for (const { instrument, rows } of state.trades) tradeRows(this.trades(instrument)).loadState(rows);
    for (const { instrument, rows } of state.quotes) quoteRows(this.quotes(instrument)).loadState(rows);
  }

  private liveCursor(instrument: InstrumentIndex): MarketBlock | null {
    const block = this.cursorBlock;
    if (block === null || this.cursorIsBuilt || block.instrument !== instrument || this.cursorRow < this.cursorFrom) return null;
    return block;
  }

  private append(block: MarketBlock, from: number, to: number): void {
    switch (block.kind) {
      case BlockKind.TRADES: {
        const history = this.tradeHistories[block.instrument];
        if (history !== undefined) appendTrades(history, block, from, to);
        return;
      }
      case BlockKind.QUOTES: {
        const history = this.quoteHistories[block.instrument];
        if (history !== undefined) appendQuotes(history, block, from, to);
        return;
      }
      case BlockKind.BARS:
        if (this.barHistories[block.series] === undefined) this.addBarSeries(block.instrument, block.series);
        appendBars(this.barHistories[block.series]!, block, from, to);
        return;
      case BlockKind.QUOTE_BARS:
        appendQuoteBars(this.quoteBarHistory(block), block, from, to);
        return;
      case BlockKind.BOOK_DELTAS:
        // The book is what is kept of them.
        return;
      default:
        unreachable(block);
    }
  }

  private quoteBarHistory({ instrument, series }: QuoteBarBlock): QuoteBarHistory {
    const known = this.quoteBarHistories[series];
    const history = known ?? new QuoteBarHistory(this, this.instruments[instrument]!, series, this.historyRows);
    this.quoteBarHistories[series] = history;
    return history;
  }

  private remember(block: MarketBlock, row: number, from: number): void {
    const instrument = block.instrument;
    if (block.kind === BlockKind.QUOTES) {
      this.bid[instrument] = block.bidPrice[row]!;
      this.ask[instrument] = block.askPrice[row]!;
    } else if (block.kind === BlockKind.QUOTE_BARS) {
      this.bid[instrument] = block.bidClose[row]!;
      this.ask[instrument] = block.askClose[row]!;
    }
    for (let i = row; i >= from; i -= 1) {
      const price = priceOf(block, i);
      if (price === 0) continue;
      this.lastPx[instrument] = price;
      break;
    }
    this.newestTs[instrument] = Math.max(this.newestTs[instrument]!, block.tsInit[row]!);
    this.wholeTs[instrument] = Math.max(this.wholeTs[instrument]!, wholeFrom(block, row));
  }
}

function seriesState(rows: HistoryRing<BarBlock> | HistoryRing<QuoteBarBlock>, history: BarHistory | QuoteBarHistory): SeriesState {
  return { instrument: rows.instrument, series: history.series, rowsMax: history.rowsMax, rows: rows.saveState() };
}

/** The price a row stands for; 0 where it has none (a one-sided quote). */
function priceOf(block: MarketBlock, row: number): Price {
  switch (block.kind) {
    case BlockKind.TRADES:
      return block.price[row]!;
    case BlockKind.BARS:
      return block.close[row]!;
    case BlockKind.QUOTES:
      return twoSided(block.bidPrice[row]!, block.askPrice[row]!);
    case BlockKind.QUOTE_BARS:
      return twoSided(block.bidClose[row]!, block.askClose[row]!);
    case BlockKind.BOOK_DELTAS:
      return 0;
    default:
      return unreachable(block);
  }
}

function twoSided(bid: Price, ask: Price): Price {
  return bid === 0 || ask === 0 ? 0 : midPrice(bid, ask);
}

function wholeFrom(block: MarketBlock, row: number): number {
  return block.kind === BlockKind.BARS || block.kind === BlockKind.QUOTE_BARS ? block.tsOpen[row]! : block.tsInit[row]!;
}
