import { unreachable } from '../../base/assert.ts';
import { BlockKind, type MarketBlock } from '../../model/blocks.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { BlockReader } from '../../ports/block-reader.ts';
import type { PriceSeries } from '../../contract/run-result.ts';

/** Points kept of a price; beyond them neighbors are merged two by two. */
export const PRICE_POINTS_MAX = 200_000;
/** Ticks are gathered over this span at first, microseconds. */
const TICK_SPAN_US = 60_000_000;

/**
 * Writes down an instrument's prices as they pass, for the benchmark and for charts. A point of ticks gathers a span of time, a point of bars
 * one bar; when there are too many, each two become one.
 */
export class PriceTap implements BlockReader {
  private readonly reader: BlockReader;
  private readonly instrument: Instrument;
  private readonly ts: number[] = [];
  private readonly open: number[] = [];
  private readonly high: number[] = [];
  private readonly low: number[] = [];
  private readonly close_: number[] = [];
  /** End of the span that the last point of ticks gathers. */
  private spanEndTs = -1;
  private spanUs = TICK_SPAN_US;
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
      open: column(this.open),
      high: column(this.high),
      low: column(this.low),
      close: column(this.close_),
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
      default:
        return unreachable(block);
    }
  }

  private putBar(ts: number, open: number, high: number, low: number, close: number): void {
    if (open === 0) return;
    const last = this.ts.length - 1;
    if (this.inLast > 0 && this.inLast < this.merged) {
      this.ts[last] = ts;
      this.high[last] = Math.max(this.high[last]!, high);
      this.low[last] = Math.min(this.low[last]!, low);
      this.close_[last] = close;
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
    if (price > this.high[last]!) this.high[last] = price;
    if (price < this.low[last]!) this.low[last] = price;
    this.close_[last] = price;
  }

  private push(ts: number, open: number, high: number, low: number, close: number): void {
    if (this.ts.length >= PRICE_POINTS_MAX) this.halve();
    this.ts.push(ts);
    this.open.push(open);
    this.high.push(high);
    this.low.push(low);
    this.close_.push(close);
  }

  private halve(): void {
    const half = Math.floor(this.ts.length / 2);
    for (let point = 0; point < half; point += 1) {
      this.ts[point] = this.ts[2 * point + 1]!;
      this.open[point] = this.open[2 * point]!;
      this.high[point] = Math.max(this.high[2 * point]!, this.high[2 * point + 1]!);
      this.low[point] = Math.min(this.low[2 * point]!, this.low[2 * point + 1]!);
      this.close_[point] = this.close_[2 * point + 1]!;
    }
    for (const column of [this.ts, this.open, this.high, this.low, this.close_]) column.length = half;
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
