import { unreachable } from '../../base/assert.ts';
import { OrderBook } from '../../book/order-book.ts';
import { BookFlag } from '../../model/book-delta.ts';
import { BlockKind, type MarketBlock } from '../../model/blocks.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { BlockReader } from '../../ports/block-reader.ts';
import type { PriceSeries } from '../../contract/run-result.ts';

/** Points kept of a price; beyond them neighbors are merged two by two. */
export const PRICE_POINTS_MAX = 200_000;
/** Ticks are gathered over this span at first, microseconds. */
const TICK_SPAN_US = 1_000_000;

/**
 * Writes down an instrument's prices as they pass, for the benchmark and for charts. A point of ticks gathers a span of time, a point of bars
 * one bar; when there are too many, each two become one.
 */
export class PriceTap implements BlockReader {
  private readonly reader: BlockReader;
  private readonly instrument: Instrument;
  private readonly ts: number[] = [];
  private readonly opens: number[] = [];
  private readonly highs: number[] = [];
  private readonly lows: number[] = [];
  private readonly closes: number[] = [];
  /** End of the span that the last point of ticks gathers. */
  private spanEndTs = -1;
  private spanUs = TICK_SPAN_US;
  /** Where the stream is of changes of a book. */
  private book: OrderBook | null = null;
  private merged = 1;
  private inLast = 0;

  constructor(reader: BlockReader, instrument: Instrument) {
    this.reader = reader;
    this.instrument = instrument;
  }

  next(): MarketBlock | null {
    const block = this.reader.next();
    if (block !== null) this.take(block);
    return block;
  }

  close(): void {
    this.reader.close();
  }

  /** Prices as doubles, up to a time. */
  series(toTs: number): PriceSeries {
    const { priceScale } = this.instrument;
    let count = this.ts.length;
    while (count > 0 && this.ts[count - 1]! > toTs) count -= 1;
    const column = (values: readonly number[]): number[] => values.slice(0, count).map((value) => value / priceScale);
    return {
      instrument: this.instrument.id,
      tsUs: this.ts.slice(0, count),
      open: column(this.opens),
      high: column(this.highs),
      low: column(this.lows),
      close: column(this.closes),
    };
  }

  private take(block: MarketBlock): void {
    switch (block.kind) {
      case BlockKind.BARS:
        for (let row = 0; row < block.length; row += 1)
          this.putBar(block.tsInit[row]!, block.open[row]!, block.high[row]!, block.low[row]!, block.close[row]!);
        return;
      case BlockKind.QUOTE_BARS:
        for (let row = 0; row < block.length; row += 1)
          this.putBar(block.tsInit[row]!, block.bidOpen[row]!, block.bidHigh[row]!, block.bidLow[row]!, block.bidClose[row]!);
        return;
      case BlockKind.TRADES:
        for (let row = 0; row < block.length; row += 1) this.putTick(block.tsInit[row]!, block.price[row]!);
        return;
      case BlockKind.QUOTES:
        for (let row = 0; row < block.length; row += 1) {
          const bid = block.bidPrice[row]!;
          const ask = block.askPrice[row]!;
          if (bid > 0 && ask > 0) this.putTick(block.tsInit[row]!, (bid + ask) / 2);
        }
        return;
      case BlockKind.BOOK_DELTAS:
        this.book ??= new OrderBook();
        for (let row = 0; row < block.length; row += 1) {
          this.book.apply(block, row);
          const isWhole = (block.flags[row]! & BookFlag.LAST) !== 0 && this.book.isUsable;
          const { bestBid, bestAsk } = this.book;
          if (isWhole && bestBid > 0 && bestAsk > 0) this.putTick(block.tsInit[row]!, (bestBid + bestAsk) / 2);
        }
        return;
      default:
        return unreachable(block);
    }
  }

  private putBar(ts: number, open: number, high: number, low: number, close: number): void {
    if (open === 0) return;
    const last = this.ts.length - 1;
    if (this.inLast > 0 && this.inLast < this.merged) {
      this.ts[last] = ts;
      this.highs[last] = Math.max(this.highs[last]!, high);
      this.lows[last] = Math.min(this.lows[last]!, low);
      this.closes[last] = close;
      this.inLast += 1;
      return;
    }
    this.push(ts, open, high, low, close);
    this.inLast = 1;
  }

  private putTick(ts: number, price: number): void {
    if (ts >= this.spanEndTs) {
      this.push(ts, price, price, price, price);
      this.spanEndTs = (Math.floor(ts / this.spanUs) + 1) * this.spanUs;
      return;
    }
    const last = this.ts.length - 1;
    this.ts[last] = ts;
    if (price > this.highs[last]!) this.highs[last] = price;
    if (price < this.lows[last]!) this.lows[last] = price;
    this.closes[last] = price;
  }

  private push(ts: number, open: number, high: number, low: number, close: number): void {
    if (this.ts.length >= PRICE_POINTS_MAX) this.halve();
    this.ts.push(ts);
    this.opens.push(open);
    this.highs.push(high);
    this.lows.push(low);
    this.closes.push(close);
  }

  private halve(): void {
    const half = Math.floor(this.ts.length / 2);
    for (let point = 0; point < half; point += 1) {
      this.ts[point] = this.ts[2 * point + 1]!;
      this.opens[point] = this.opens[2 * point]!;
      this.highs[point] = Math.max(this.highs[2 * point]!, this.highs[2 * point + 1]!);
      this.lows[point] = Math.min(this.lows[2 * point]!, this.lows[2 * point + 1]!);
      this.closes[point] = this.closes[2 * point + 1]!;
    }
    for (const column of [this.ts, this.opens, this.highs, this.lows, this.closes]) column.length = half;
    this.merged *= 2;
    this.spanUs *= 2;
  }
}

/** The last close at or before each stamp; the first open before there is any. */
export function pricesAt(series: PriceSeries, stamps: Float64Array): Float64Array {
  const prices = new Float64Array(stamps.length);
  let point = -1;
  for (let at = 0; at < stamps.length; at += 1) {
    while (point + 1 < series.tsUs.length && series.tsUs[point + 1]! <= stamps[at]!) point += 1;
    prices[at] = point < 0 ? (series.open[0] ?? Number.NaN) : series.close[point]!;
  }
  return prices;
}
