import { CandleSeries, type CandleSeriesState } from './candle-series.ts';
import { RecentList, type RecentListState } from './recent-list.ts';
import { OrderBook, type OrderBookState } from '../../../book/order-book.ts';
import { midPrice } from '../../../core/market-data/mid-price.ts';
import { unreachable } from '../../../base/assert.ts';
import {
  type BarBlock,
  BlockKind,
  type BookDeltaBlock,
  type MarketBlock,
  type QuoteBarBlock,
  type QuoteBlock,
  type TradeBlock,
} from '../../../model/blocks.ts';
import type { Price } from '../../../model/instrument.ts';
import {
  type BookLevelView,
  type BookView,
  type Candle,
  CANDLE_INTERVALS,
  type CandleInterval,
  type QuoteView,
  type TradeView,
} from '../../../ports/session-view.ts';

/** Trades kept of one instrument, for the tape. */
export const MIRROR_TRADES_MAX = 256;
/** Orders, or levels, of an order book that is shown. */
const BOOK_ORDERS_SHOWN = 262_144;

const INTERVALS = Object.entries(CANDLE_INTERVALS) as readonly (readonly [CandleInterval, number])[];

export interface MarketShelfState {
  readonly ts: number | null;
  readonly lastPx: Price;
  readonly quote: QuoteView | null;
  readonly tradeCount: number;
  readonly tape: RecentListState<TradeView>;
  /** By interval. */
  readonly candles: readonly CandleSeriesState[];
  /** Null where no book was told. */
  readonly orders: OrderBookState | null;
}

/** What is known of the market of one instrument, from the rows on their way to the core. */
export class MarketShelf {
  ts: number | null = null;
  /** As the core marks: the newest trade, close of a bar, or middle of a two-sided quote; 0 before the first. */
  lastPx: Price = 0;
  quote: QuoteView | null = null;
  private readonly tape = new RecentList<TradeView>(MIRROR_TRADES_MAX);
  private readonly candles: readonly CandleSeries[];
  /** Candles come of trades where there are any, else of bars. */
  private readonly hasTrades: boolean;
  private tradeCount = 0;
  private orders: OrderBook | null = null;

  constructor(hasTrades: boolean) {
    this.hasTrades = hasTrades;
    this.candles = INTERVALS.map(([, us]) => new CandleSeries(us));
  }

  saveState(): MarketShelfState {
    const { ts, lastPx, quote, tradeCount, tape, candles, orders } = this;
    return {
      ...{ ts, lastPx, quote, tradeCount },
      tape: tape.saveState(),
      candles: candles.map((series) => series.saveState()),
      orders: orders?.saveState() ?? null,
    };
  }

  loadState({ ts, lastPx, quote, tradeCount, tape, candles, orders }: MarketShelfState): void {
    Object.assign(this, { ts, lastPx, quote, tradeCount });
    this.tape.loadState(tape);
    candles.forEach((series, at) => this.candles[at]!.loadState(series));
    if (orders === null) return;
    this.orders = new OrderBook(BOOK_ORDERS_SHOWN);
    this.orders.loadState(orders);
  }

  take(block: MarketBlock): void {
    if (block.length === 0) return;
    this.ts = Math.max(this.ts ?? 0, block.tsInit[block.length - 1]!);
    switch (block.kind) {
      case BlockKind.TRADES:
        return this.takeTrades(block);
      case BlockKind.QUOTES:
        return this.takeQuotes(block);
      case BlockKind.BARS:
        return this.takeBars(block);
      case BlockKind.QUOTE_BARS:
        return this.takeQuoteBars(block);
      case BlockKind.BOOK_DELTAS:
        return this.takeDeltas(block);
      default:
        return unreachable(block);
    }
  }

  trades(limit: number): readonly TradeView[] {
    return this.tape.newest(limit);
  }

  candlesBefore(interval: CandleInterval, ts: number, limit: number): readonly Candle[] {
    return this.candles[INTERVALS.findIndex(([name]) => name === interval)]!.before(ts, limit);
  }

  book(levels: number): BookView | null {
    const { orders, quote } = this;
    if (orders !== null) {
      const side = (sign: number): readonly BookLevelView[] => {
        const found: BookLevelView[] = [];
        for (let price = orders.best(sign); price !== 0 && found.length < levels; price = orders.priceAfter(sign, price))
          found.push({ price, quantity: orders.quantityAt(sign, price) });
        return found;
      };
      return { ts: this.ts ?? 0, bids: side(1), asks: side(-1), isDepth: true, isWhole: orders.isUsable };
    }
    if (quote === null) return null;
    const level = (price: Price, quantity: number): readonly BookLevelView[] => (price === 0 ? [] : [{ price, quantity }]);
    const { ts, bidPrice, bidSize, askPrice, askSize } = quote;
    return { ts, bids: level(bidPrice, bidSize), asks: level(askPrice, askSize), isDepth: false, isWhole: true };
  }

  private takeTrades({ length, tsInit, price, quantity, aggressorSide }: TradeBlock): void {
    const shownFrom = length - MIRROR_TRADES_MAX;
    for (let row = 0; row < length; row += 1) {
      const px = price[row]!;
      for (const series of this.candles) series.add(tsInit[row]!, px, px, px, px, quantity[row]!);
      this.tradeCount += 1;
      if (row < shownFrom) continue;
      this.tape.push({
        sequence: this.tradeCount,
        ts: tsInit[row]!,
        price: px,
        quantity: quantity[row]!,
        aggressorSide: aggressorSide[row]!,
      });
    }
    this.lastPx = price[length - 1]!;
  }

  private takeQuotes({ length, tsInit, bidPrice, askPrice, bidSize, askSize }: QuoteBlock): void {
    const last = length - 1;
    this.setQuote(tsInit[last]!, bidPrice[last]!, askPrice[last]!, bidSize[last]!, askSize[last]!);
    for (let row = last; row >= 0; row -= 1) {
      if (bidPrice[row] === 0 || askPrice[row] === 0) continue;
      this.lastPx = midPrice(bidPrice[row]!, askPrice[row]!);
      return;
    }
  }

  private takeQuoteBars({ length, tsInit, bidClose, askClose, bidSize, askSize }: QuoteBarBlock): void {
    const last = length - 1;
    this.setQuote(tsInit[last]!, bidClose[last]!, askClose[last]!, bidSize[last]!, askSize[last]!);
    if (bidClose[last] !== 0 && askClose[last] !== 0) this.lastPx = midPrice(bidClose[last]!, askClose[last]!);
  }

  private takeBars({ length, tsOpen, open, high, low, close, volume }: BarBlock): void {
    if (!this.hasTrades) {
      for (let row = 0; row < length; row += 1)
        for (const series of this.candles) series.add(tsOpen[row]!, open[row]!, high[row]!, low[row]!, close[row]!, volume[row]!);
    }
    this.lastPx = close[length - 1]!;
  }

  private takeDeltas(block: BookDeltaBlock): void {
    const book = (this.orders ??= new OrderBook(BOOK_ORDERS_SHOWN));
    for (let row = 0; row < block.length; row += 1) book.apply(block, row);
    if (!book.isUsable) return;
    const { bestBid, bestAsk } = book;
    this.setQuote(block.tsInit[block.length - 1]!, bestBid, bestAsk, book.bidSize, book.askSize);
    if (bestBid !== 0 && bestAsk !== 0) this.lastPx = midPrice(bestBid, bestAsk);
  }

  private setQuote(ts: number, bidPrice: Price, askPrice: Price, bidSize: number, askSize: number): void {
    this.quote = { ts, bidPrice, askPrice, bidSize, askSize };
  }
}
