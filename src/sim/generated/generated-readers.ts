import { assert } from '../../base/assert.ts';
import { makeBarBlock, makeQuoteBlock, makeTradeBlock } from '../../model/blocks.ts';
import type { BarBlock, QuoteBlock, TradeBlock } from '../../model/blocks.ts';
import type { InstrumentIndex } from '../../model/instrument.ts';
import type { BlockReader } from '../../ports/block-reader.ts';
import type { MinuteTicks } from './generated-ticks.ts';

/** Rows per block, and whether the columns lie in shared memory. */
export interface ReaderOptions {
  readonly blockRows?: number;
  readonly shared?: boolean;
}

/** Where a reader is: a slot of the minute that its ticks hold. Blocks end anywhere in a minute. */
abstract class SlotReader {
  protected readonly ticks: MinuteTicks;
  protected slot = 0;
  private isOpen = true;

  constructor(ticks: MinuteTicks) {
    this.ticks = ticks;
  }

  close(): void {
    this.isOpen = false;
  }

  /** True when the minute has slots left, going on to the next minute where needed. */
  protected hasSlots(): boolean {
    assert(this.isOpen, 'a closed reader gives no more blocks');
    if (this.slot < this.ticks.count) return true;
    this.slot = 0;
    return this.ticks.next();
  }
}

/** Trades of a generated market. */
export class TradeReader extends SlotReader implements BlockReader<TradeBlock> {
  private readonly block: TradeBlock;

  constructor(ticks: MinuteTicks, instrument: InstrumentIndex, options: ReaderOptions) {
    super(ticks);
    this.block = makeTradeBlock(instrument, options.blockRows, options.shared);
  }

  next(): TradeBlock | null {
    const { block, ticks } = this;
    const rows = block.tsEvent.length;
    let row = 0;
    while (row < rows && this.hasSlots()) {
      const end = Math.min(ticks.count, this.slot + rows - row);
      for (let slot = this.slot; slot < end; slot += 1, row += 1) {
        block.tsEvent[row] = ticks.tradeTs[slot]!;
        block.tsInit[row] = ticks.tradeTs[slot]!;
        block.price[row] = ticks.price[slot]!;
        block.quantity[row] = ticks.quantity[slot]!;
        block.aggressorSide[row] = ticks.side[slot]!;
      }
      this.slot = end;
    }
    block.length = row;
    return row === 0 ? null : block;
  }
}

/** Best bids and asks of a generated market. */
export class QuoteReader extends SlotReader implements BlockReader<QuoteBlock> {
  private readonly block: QuoteBlock;

  constructor(ticks: MinuteTicks, instrument: InstrumentIndex, options: ReaderOptions) {
    super(ticks);
    this.block = makeQuoteBlock(instrument, options.blockRows, options.shared);
  }

  next(): QuoteBlock | null {
    const { block, ticks } = this;
    const rows = block.tsEvent.length;
    let row = 0;
    while (row < rows && this.hasSlots()) {
      const end = Math.min(ticks.count, this.slot + rows - row);
      for (let slot = this.slot; slot < end; slot += 1, row += 1) {
        block.tsEvent[row] = ticks.quoteTs[slot]!;
        block.tsInit[row] = ticks.quoteTs[slot]!;
        block.bidPrice[row] = ticks.bidPrice[slot]!;
        block.askPrice[row] = ticks.askPrice[slot]!;
        block.bidSize[row] = ticks.bidSize[slot]!;
        block.askSize[row] = ticks.askSize[slot]!;
      }
      this.slot = end;
    }
    block.length = row;
    return row === 0 ? null : block;
  }
}

/** Bars of the trades of a generated market. A trade at the close belongs to the next bar. */
export class BarReader extends SlotReader implements BlockReader<BarBlock> {
  private readonly block: BarBlock;
  private readonly everyMicros: number;
  private readonly endTs: number;
  /** Close of the bar under way; −1 for none. */
  private closeTs = -1;
  private open = 0;
  private high = 0;
  private low = 0;
  private lastPrice = 0;
  private volume = 0;

  constructor(ticks: MinuteTicks, instrument: InstrumentIndex, series: number, everyMicros: number, endTs: number, options: ReaderOptions) {
    super(ticks);
    this.everyMicros = everyMicros;
    this.endTs = endTs;
    this.block = makeBarBlock(instrument, series, options.blockRows, options.shared);
  }

  next(): BarBlock | null {
    const { block } = this;
    const rows = block.tsEvent.length;
    block.length = 0;
    while (block.length < rows && this.hasSlots()) this.takeSlots(rows);
    if (block.length < rows && this.closeTs >= 0 && this.closeTs <= this.endTs) this.put();
    return block.length === 0 ? null : block;
  }

  /** Goes through the minute until it ends or the block is full. */
  private takeSlots(rows: number): void {
    const { ticks, block } = this;
    let slot = this.slot;
    for (; slot < ticks.count && block.length < rows; slot += 1) {
      const ts = ticks.tradeTs[slot]!;
      const price = ticks.price[slot]!;
      if (ts >= this.closeTs) {
        if (this.closeTs >= 0) this.put();
        this.closeTs = (Math.floor(ts / this.everyMicros) + 1) * this.everyMicros;
        this.open = price;
        this.high = price;
        this.low = price;
        this.volume = 0;
      }
      if (price > this.high) this.high = price;
      if (price < this.low) this.low = price;
      this.lastPrice = price;
      this.volume += ticks.quantity[slot]!;
    }
    this.slot = slot;
  }

  private put(): void {
    const { block, closeTs } = this;
    const row = block.length;
    block.tsEvent[row] = closeTs;
    block.tsInit[row] = closeTs;
    block.tsOpen[row] = closeTs - this.everyMicros;
    block.open[row] = this.open;
    block.high[row] = this.high;
    block.low[row] = this.low;
    block.close[row] = this.lastPrice;
    block.volume[row] = this.volume;
    block.length = row + 1;
    this.closeTs = -1;
  }
}
