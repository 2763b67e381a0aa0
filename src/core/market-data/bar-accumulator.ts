import { assert, unreachable } from '../../base/assert.ts';
import { type BarBlock, BlockKind, type QuoteBlock, type TradeBlock } from '../../model/blocks.ts';
import { midPrice } from './mid-price.ts';

/** What a builder reads. Bid and ask bars are not built from: their sides have no common price path. */
export type BarInput = TradeBlock | QuoteBlock | BarBlock;

export interface BarAccumulatorState {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly rowCount: number;
  readonly firstTs: number;
  readonly lastTsEvent: number;
  readonly lastTsInit: number;
}

/**
 * The running open, high, low, close and volume of one bar.
 *
 * Hot, though no row of the benchmark builds bars: `add` is a leaf loop per kind, state in locals. Quotes count by their middle (half an
 * increment down, towards the bid) and bring no volume; a one-sided quote has no middle and is passed over.
 */
export class BarAccumulator {
  open = 0;
  high = 0;
  low = 0;
  close = 0;
  /** Exact below 2^53; `writeTo` stops where it is not. */
  volume = 0;
  /** Rows that counted. */
  rowCount = 0;
  firstTs = 0;
  lastTsEvent = 0;
  lastTsInit = 0;

  add(block: BarInput, from: number, to: number): void {
    if (from >= to) return;
    switch (block.kind) {
      case BlockKind.TRADES:
        this.addTrades(block, from, to);
        return;
      case BlockKind.QUOTES:
        this.addQuotes(block, from, to);
        return;
      case BlockKind.BARS:
        this.addBars(block, from, to);
        return;
      default:
        unreachable(block);
    }
  }

  /** Starts anew; the last close stays known, for empty bars. */
  reset(): void {
    this.open = this.close;
    this.high = this.close;
    this.low = this.close;
    this.volume = 0;
    this.rowCount = 0;
  }

  /** Appends the bar to a block. */
  writeTo(out: BarBlock, tsOpen: number, tsEvent: number, tsInit: number): void {
    const row = out.length;
    assert(row < out.tsInit.length, 'the block for finished bars is full');
    assert(this.volume <= Number.MAX_SAFE_INTEGER, "a bar's volume passes 2^53: store the data with fewer quantityDecimals");
    out.tsOpen[row] = tsOpen;
    out.tsEvent[row] = tsEvent;
    out.tsInit[row] = tsInit;
    out.open[row] = this.open;
    out.high[row] = this.high;
    out.low[row] = this.low;
    out.close[row] = this.close;
    out.volume[row] = this.volume;
    out.length = row + 1;
  }

  saveState(): BarAccumulatorState {
    const { open, high, low, close, volume, rowCount, firstTs, lastTsEvent, lastTsInit } = this;
    return { open, high, low, close, volume, rowCount, firstTs, lastTsEvent, lastTsInit };
  }

  loadState(state: BarAccumulatorState): void {
    this.open = state.open;
    this.high = state.high;
    this.low = state.low;
    this.close = state.close;
    this.volume = state.volume;
    this.rowCount = state.rowCount;
    this.firstTs = state.firstTs;
    this.lastTsEvent = state.lastTsEvent;
    this.lastTsInit = state.lastTsInit;
  }

  private begin(price: number, ts: number): void {
    this.open = price;
    this.high = price;
    this.low = price;
    this.firstTs = ts;
  }

  private addTrades(block: TradeBlock, from: number, to: number): void {
    const { price, quantity } = block;
    if (this.rowCount === 0) this.begin(price[from]!, block.tsEvent[from]!);
    let high = this.high;
    let low = this.low;
    let volume = this.volume;
    for (let row = from; row < to; row += 1) {
      const px = price[row]!;
      if (px > high) high = px;
      if (px < low) low = px;
      volume += quantity[row]!;
    }
    this.high = high;
    this.low = low;
    this.volume = volume;
    this.close = price[to - 1]!;
    this.rowCount += to - from;
    this.lastTsEvent = block.tsEvent[to - 1]!;
    this.lastTsInit = block.tsInit[to - 1]!;
  }

  private addQuotes(block: QuoteBlock, from: number, to: number): void {
    const { bidPrice, askPrice } = block;
    let last = -1;
    let row = from;
    if (this.rowCount === 0) {
      while (row < to && (bidPrice[row] === 0 || askPrice[row] === 0)) row += 1;
      if (row === to) return;
      this.begin(midPrice(bidPrice[row]!, askPrice[row]!), block.tsEvent[row]!);
    }
    let { high, low, close } = this;
    let counted = 0;
    for (; row < to; row += 1) {
      const bid = bidPrice[row]!;
      const ask = askPrice[row]!;
      if (bid === 0 || ask === 0) continue;
      close = bid + Math.floor((ask - bid) * 0.5);
      if (close > high) high = close;
      if (close < low) low = close;
      counted += 1;
      last = row;
    }
    if (last < 0) return;
    this.high = high;
    this.low = low;
    this.close = close;
    this.rowCount += counted;
    this.lastTsEvent = block.tsEvent[last]!;
    this.lastTsInit = block.tsInit[last]!;
  }

  private addBars(block: BarBlock, from: number, to: number): void {
    if (this.rowCount === 0) this.begin(block.open[from]!, block.tsOpen[from]!);
    let { high, low, volume } = this;
    for (let row = from; row < to; row += 1) {
      if (block.high[row]! > high) high = block.high[row]!;
      if (block.low[row]! < low) low = block.low[row]!;
      volume += block.volume[row]!;
    }
    this.high = high;
    this.low = low;
    this.volume = volume;
    this.close = block.close[to - 1]!;
    this.rowCount += to - from;
    this.lastTsEvent = block.tsEvent[to - 1]!;
    this.lastTsInit = block.tsInit[to - 1]!;
  }
}
