import { type BarBlock, makeQuoteBlock, type QuoteBlock } from '../model/blocks.ts';
import type { BlockReader } from '../ports/block-reader.ts';

/** Quotes made of one bar: open, high, low, close. */
const QUOTES_PER_BAR = 4;

/**
 * Plays bars as quotes with bid = ask: open, high, low, close, at the bar's start, a quarter and the half of its span, and one microsecond
 * before its end, so that bars built from them are the bars again. Sizes are the bar's volume.
 */
export class BarsAsQuotes implements BlockReader<QuoteBlock> {
  private readonly bars: BlockReader<BarBlock>;
  private block: QuoteBlock | null = null;

  constructor(bars: BlockReader<BarBlock>) {
    this.bars = bars;
  }

  next(): QuoteBlock | null {
    const bars = this.bars.next();
    if (bars === null) return null;
    if (this.block === null || this.block.tsEvent.length < bars.length * QUOTES_PER_BAR)
      this.block = makeQuoteBlock(bars.instrument, bars.length * QUOTES_PER_BAR);
    const { block } = this;
    for (let bar = 0; bar < bars.length; bar += 1) {
      const open = bars.tsOpen[bar]!;
      const close = bars.tsInit[bar]!;
      const row = bar * QUOTES_PER_BAR;
      const volume = bars.volume[bar]!;
      put(block, row, open, bars.open[bar]!, volume);
      put(block, row + 1, Math.floor(open + (close - open) / 4), bars.high[bar]!, volume);
      put(block, row + 2, Math.floor(open + (close - open) / 2), bars.low[bar]!, volume);
      put(block, row + 3, close - 1, bars.close[bar]!, volume);
    }
    block.length = bars.length * QUOTES_PER_BAR;
    return block;
  }

  close(): void {
    this.bars.close();
  }
}

function put(block: QuoteBlock, row: number, ts: number, price: number, size: number): void {
  block.tsEvent[row] = ts;
  block.tsInit[row] = ts;
  block.bidPrice[row] = price;
  block.askPrice[row] = price;
  block.bidSize[row] = size;
  block.askSize[row] = size;
}
