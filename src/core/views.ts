import type { BarBlock, QuoteBarBlock, QuoteBlock, TradeBlock } from '../model/blocks.ts';
import { makeBarBlock, makeQuoteBarBlock, makeQuoteBlock, makeTradeBlock } from '../model/blocks.ts';
import type { Instrument, InstrumentIndex, Price, Quantity } from '../model/instrument.ts';

/*
 * What a strategy is handed: one reused view per kind that looks at a row of the current block. Nothing is copied until a getter is
 * asked. A view is valid only inside the handler it was handed to; keep numbers, not views.
 *
 * Hot: `row` is set once per event and the getters are inlined into handlers (bench row engine/c). Decimal getters (price, close …) return the
 * nearest double: both the integer and the power of ten are exact, and IEEE 754 division rounds correctly. They are for signals;
 * orders are built from exact integers.
 */


/** An execution in the market. */
export class TradeTick {
  row = 0;
  instrument: InstrumentIndex = 0;
  private block: TradeBlock = makeTradeBlock(0, 1);
  private priceScale = 1;
  private quantityScale = 1;

  bind(block: TradeBlock, instrument: Instrument): void {
    this.block = block;
    this.instrument = instrument.index;
    this.priceScale = instrument.priceScale;
    this.quantityScale = instrument.quantityScale;
  }

  /** When it happened at the venue, microseconds since the epoch. */
  get tsEvent(): number {
    return this.block.tsEvent[this.row]!;
  }
  /** When it was known here, microseconds since the epoch: the strategy's "now". */
  get tsInit(): number {
    return this.block.tsInit[this.row]!;
  }
  /** Nearest double to the exact price. */
  get price(): number {
    return this.block.price[this.row]! / this.priceScale;
  }
  /** Nearest double to the exact quantity. */
  get quantity(): number {
    return this.block.quantity[this.row]! / this.quantityScale;
  }
  /** +1 the buyer crossed the spread, −1 the seller, 0 unknown. */
  get aggressorSide(): number {
    return this.block.aggressorSide[this.row]!;
  }
  /** Exact price: count of 10^-priceDecimals. */
  get priceExact(): Price {
    return this.block.price[this.row]!;
  }
  /** Exact quantity: count of 10^-quantityDecimals. */
  get quantityExact(): Quantity {
    return this.block.quantity[this.row]!;
  }
}

/** Best bid and ask. A side that is absent reads NaN (exact: 0). */
export class QuoteTick {
  row = 0;
  instrument: InstrumentIndex = 0;
  private block: QuoteBlock = makeQuoteBlock(0, 1);
  private priceScale = 1;
  private quantityScale = 1;

  bind(block: QuoteBlock, instrument: Instrument): void {
    this.block = block;
    this.instrument = instrument.index;
    this.priceScale = instrument.priceScale;
    this.quantityScale = instrument.quantityScale;
  }

  get tsEvent(): number {
    return this.block.tsEvent[this.row]!;
  }
  get tsInit(): number {
    return this.block.tsInit[this.row]!;
  }
  get bidPrice(): number {
    const price = this.block.bidPrice[this.row]!;
    return price === 0 ? Number.NaN : price / this.priceScale;
  }
  get askPrice(): number {
    const price = this.block.askPrice[this.row]!;
    return price === 0 ? Number.NaN : price / this.priceScale;
  }
  /** Middle of bid and ask; NaN where a side is absent. */
  get midPrice(): number {
    return (this.bidPrice + this.askPrice) / 2;
  }
  get bidSize(): number {
    return this.block.bidSize[this.row]! / this.quantityScale;
  }
  get askSize(): number {
    return this.block.askSize[this.row]! / this.quantityScale;
  }
  get bidPriceExact(): Price {
    return this.block.bidPrice[this.row]!;
  }
  get askPriceExact(): Price {
    return this.block.askPrice[this.row]!;
  }
}

/** A bar of executions; `tsEvent` is its close. */
export class Bar {
  row = 0;
  instrument: InstrumentIndex = 0;
  /** Position of the bar series in the run: what `subscribeBars` returned. */
  series = 0;
  private block: BarBlock = makeBarBlock(0, 0, 1);
  private priceScale = 1;
  private quantityScale = 1;

  bind(block: BarBlock, instrument: Instrument): void {
    this.block = block;
    this.instrument = instrument.index;
    this.series = block.series;
    this.priceScale = instrument.priceScale;
    this.quantityScale = instrument.quantityScale;
  }

  /** Start of the interval, microseconds since the epoch. */
  get tsOpen(): number {
    return this.block.tsOpen[this.row]!;
  }
  /** End of the interval: the bar's close. */
  get tsEvent(): number {
    return this.block.tsEvent[this.row]!;
  }
  get tsInit(): number {
    return this.block.tsInit[this.row]!;
  }
  get open(): number {
    return this.block.open[this.row]! / this.priceScale;
  }
  get high(): number {
    return this.block.high[this.row]! / this.priceScale;
  }
  get low(): number {
    return this.block.low[this.row]! / this.priceScale;
  }
  get close(): number {
    return this.block.close[this.row]! / this.priceScale;
  }
  get volume(): number {
    return this.block.volume[this.row]! / this.quantityScale;
  }
  get openExact(): Price {
    return this.block.open[this.row]!;
  }
  get highExact(): Price {
    return this.block.high[this.row]!;
  }
  get lowExact(): Price {
    return this.block.low[this.row]!;
  }
  get closeExact(): Price {
    return this.block.close[this.row]!;
  }
  get volumeExact(): Quantity {
    return this.block.volume[this.row]!;
  }
}

/** A bar of the best bid and ask. A side that is absent reads NaN. */
export class QuoteBar {
  row = 0;
  instrument: InstrumentIndex = 0;
  series = 0;
  private block: QuoteBarBlock = makeQuoteBarBlock(0, 0, 1);
  private priceScale = 1;

  bind(block: QuoteBarBlock, instrument: Instrument): void {
    this.block = block;
    this.instrument = instrument.index;
    this.series = block.series;
    this.priceScale = instrument.priceScale;
  }

  get tsOpen(): number {
    return this.block.tsOpen[this.row]!;
  }
  get tsEvent(): number {
    return this.block.tsEvent[this.row]!;
  }
  get tsInit(): number {
    return this.block.tsInit[this.row]!;
  }
  get bidOpen(): number {
    return this.decimal(this.block.bidOpen);
  }
  get bidHigh(): number {
    return this.decimal(this.block.bidHigh);
  }
  get bidLow(): number {
    return this.decimal(this.block.bidLow);
  }
  get bidClose(): number {
    return this.decimal(this.block.bidClose);
  }
  get askOpen(): number {
    return this.decimal(this.block.askOpen);
  }
  get askHigh(): number {
    return this.decimal(this.block.askHigh);
  }
  get askLow(): number {
    return this.decimal(this.block.askLow);
  }
  get askClose(): number {
    return this.decimal(this.block.askClose);
  }

  private decimal(column: Float64Array): number {
    const price = column[this.row]!;
    return price === 0 ? Number.NaN : price / this.priceScale;
  }
}
