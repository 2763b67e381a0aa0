import type { BarBlock, MarketBlock, QuoteBarBlock, QuoteBlock, TradeBlock } from '../../model/blocks.ts';
import { makeBarBlock, makeQuoteBarBlock, makeQuoteBlock, makeTradeBlock } from '../../model/blocks.ts';
import type { Instrument, InstrumentIndex, Price, Quantity } from '../../model/instrument.ts';

/*
 * What a strategy is handed: one reused view per kind that looks at a row of the current block. Nothing is copied until a getter is
 * asked. A view is valid only inside the handler it was handed to; keep numbers, not views. One that is kept reads NaN.
 *
 * Everything but the getters is `#private`: a strategy cannot move a view to a later row, nor reach the block behind it. The engine moves views
 * by the functions below, which the package's entry does not export. Views are frozen, so that strategies cannot pass notes through them.
 *
 * Hot: the row is set once per event and the getters are inlined into handlers (bench row engine/c). Decimal getters (price, close …) return
 * the nearest double: both the integer and the power of ten are exact, and IEEE 754 division rounds correctly. They are for signals;
 * orders are built from exact integers.
 */

/** How the engine, and nobody else, handles the views of a kind. `move` is hot. */
export interface ViewControl<V, B> {
  readonly bind: (view: V, block: B, instrument: Instrument) => void;
  readonly move: (view: V, row: number) => void;
  /** True where the row's price lies outside a band: of quotes, the bid at or below `low` or the ask at or above `high`. Hot. */
  readonly isOutside: (view: V, low: number, high: number) => boolean;
  /** Called when the handlers are done: from then on the view reads NaN, whatever its block is refilled with. Returns `end`. */
  readonly leave: (view: V, end: number) => number;
}

let tradeTickControl: ViewControl<TradeTick, TradeBlock>;

/** An execution in the market. */
export class TradeTick {
  #row = 0;
  #instrument: InstrumentIndex = 0;
  #block: TradeBlock;
  /** Of the block: what nearly every handler reads, one step nearer. */
  #prices: Float64Array;
  #priceScale = 1;
  #quantityScale = 1;
  readonly #spent: TradeBlock;

  static {
    tradeTickControl = {
      bind: (view, block, instrument) => {
        view.#block = block;
        view.#prices = block.price;
        view.#instrument = instrument.index;
        view.#priceScale = instrument.priceScale;
        view.#quantityScale = instrument.quantityScale;
      },
      move: (view, row) => {
        view.#row = row;
      },
      isOutside: (view, low, high) => {
        const price = view.#prices[view.#row]!;
        return price <= low || price >= high;
      },
      leave: (view, end) => {
        view.#block = view.#spent;
        view.#prices = view.#spent.price;
        view.#row = 0;
        return end;
      },
    };
  }

  constructor() {
    this.#spent = spent(makeTradeBlock(0, 1));
    this.#block = this.#spent;
    this.#prices = this.#spent.price;
    Object.freeze(this);
  }

  get instrument(): InstrumentIndex {
    return this.#instrument;
  }
  /** When it happened at the venue, microseconds since the epoch. */
  get tsEvent(): number {
    return this.#block.tsEvent[this.#row]!;
  }
  /** When it was known here, microseconds since the epoch: the strategy's "now". */
  get tsInit(): number {
    return this.#block.tsInit[this.#row]!;
  }
  /** Nearest double to the exact price. */
  get price(): number {
    return this.#prices[this.#row]! / this.#priceScale;
  }
  /** Nearest double to the exact quantity. */
  get quantity(): number {
    return this.#block.quantity[this.#row]! / this.#quantityScale;
  }
  /** +1 the buyer crossed the spread, −1 the seller, 0 unknown. */
  get aggressorSide(): number {
    return this.#block.aggressorSide[this.#row]!;
  }
  /** Exact price: count of 10^-priceDecimals. */
  get priceExact(): Price {
    return this.#block.price[this.#row]!;
  }
  /** Exact quantity: count of 10^-quantityDecimals. */
  get quantityExact(): Quantity {
    return this.#block.quantity[this.#row]!;
  }
}

let quoteTickControl: ViewControl<QuoteTick, QuoteBlock>;

/** Best bid and ask. A side that is absent reads NaN (exact: 0). */
export class QuoteTick {
  #row = 0;
  #instrument: InstrumentIndex = 0;
  #block: QuoteBlock;
  #priceScale = 1;
  #quantityScale = 1;
  readonly #spent: QuoteBlock;

  static {
    quoteTickControl = {
      bind: (view, block, instrument) => {
        view.#block = block;
        view.#instrument = instrument.index;
        view.#priceScale = instrument.priceScale;
        view.#quantityScale = instrument.quantityScale;
      },
      move: (view, row) => {
        view.#row = row;
      },
      isOutside: (view, low, high) => view.#block.bidPrice[view.#row]! <= low || view.#block.askPrice[view.#row]! >= high,
      leave: (view, end) => {
        view.#block = view.#spent;
        view.#row = 0;
        return end;
      },
    };
  }

  constructor() {
    this.#spent = spent(makeQuoteBlock(0, 1));
    this.#block = this.#spent;
    Object.freeze(this);
  }

  get instrument(): InstrumentIndex {
    return this.#instrument;
  }
  get tsEvent(): number {
    return this.#block.tsEvent[this.#row]!;
  }
  get tsInit(): number {
    return this.#block.tsInit[this.#row]!;
  }
  get bidPrice(): number {
    const price = this.#block.bidPrice[this.#row]!;
    return price === 0 ? Number.NaN : price / this.#priceScale;
  }
  get askPrice(): number {
    const price = this.#block.askPrice[this.#row]!;
    return price === 0 ? Number.NaN : price / this.#priceScale;
  }
  /** Middle of bid and ask; NaN where a side is absent. */
  get midPrice(): number {
    return (this.bidPrice + this.askPrice) / 2;
  }
  get bidSize(): number {
    return this.#block.bidSize[this.#row]! / this.#quantityScale;
  }
  get askSize(): number {
    return this.#block.askSize[this.#row]! / this.#quantityScale;
  }
  get bidPriceExact(): Price {
    return this.#block.bidPrice[this.#row]!;
  }
  get askPriceExact(): Price {
    return this.#block.askPrice[this.#row]!;
  }
}

let barControl: ViewControl<Bar, BarBlock>;

/** A bar of executions; `tsEvent` is its close. */
export class Bar {
  #row = 0;
  #instrument: InstrumentIndex = 0;
  #series = 0;
  #block: BarBlock;
  #priceScale = 1;
  #quantityScale = 1;
  readonly #spent: BarBlock;

  static {
    barControl = {
      bind: (view, block, instrument) => {
        view.#block = block;
        view.#instrument = instrument.index;
        view.#series = block.series;
        view.#priceScale = instrument.priceScale;
        view.#quantityScale = instrument.quantityScale;
      },
      move: (view, row) => {
        view.#row = row;
      },
      isOutside: (view, low, high) => {
        const price = view.#block.close[view.#row]!;
        return price <= low || price >= high;
      },
      leave: (view, end) => {
        view.#block = view.#spent;
        view.#row = 0;
        return end;
      },
    };
  }

  constructor() {
    this.#spent = spent(makeBarBlock(0, 0, 1));
    this.#block = this.#spent;
    Object.freeze(this);
  }

  get instrument(): InstrumentIndex {
    return this.#instrument;
  }
  /** Position of the bar series in the run: what `subscribeBars` returned. */
  get series(): number {
    return this.#series;
  }
  /** Start of the interval, microseconds since the epoch. */
  get tsOpen(): number {
    return this.#block.tsOpen[this.#row]!;
  }
  /** End of the interval: the bar's close. */
  get tsEvent(): number {
    return this.#block.tsEvent[this.#row]!;
  }
  get tsInit(): number {
    return this.#block.tsInit[this.#row]!;
  }
  /** True for a bar that was built here while data was missing: it may lack its open, its extremes or volume. */
  get isGapped(): boolean {
    return this.#block.isGapped;
  }
  get open(): number {
    return this.#block.open[this.#row]! / this.#priceScale;
  }
  get high(): number {
    return this.#block.high[this.#row]! / this.#priceScale;
  }
  get low(): number {
    return this.#block.low[this.#row]! / this.#priceScale;
  }
  get close(): number {
    return this.#block.close[this.#row]! / this.#priceScale;
  }
  get volume(): number {
    return this.#block.volume[this.#row]! / this.#quantityScale;
  }
  get openExact(): Price {
    return this.#block.open[this.#row]!;
  }
  get highExact(): Price {
    return this.#block.high[this.#row]!;
  }
  get lowExact(): Price {
    return this.#block.low[this.#row]!;
  }
  get closeExact(): Price {
    return this.#block.close[this.#row]!;
  }
  get volumeExact(): Quantity {
    return this.#block.volume[this.#row]!;
  }
}

let quoteBarControl: ViewControl<QuoteBar, QuoteBarBlock>;

/** A bar of the best bid and ask. A side that is absent reads NaN. */
export class QuoteBar {
  #row = 0;
  #instrument: InstrumentIndex = 0;
  #series = 0;
  #block: QuoteBarBlock;
  #priceScale = 1;
  readonly #spent: QuoteBarBlock;

  static {
    quoteBarControl = {
      bind: (view, block, instrument) => {
        view.#block = block;
        view.#instrument = instrument.index;
        view.#series = block.series;
        view.#priceScale = instrument.priceScale;
      },
      move: (view, row) => {
        view.#row = row;
      },
      isOutside: (view, low, high) => view.#block.bidClose[view.#row]! <= low || view.#block.askClose[view.#row]! >= high,
      leave: (view, end) => {
        view.#block = view.#spent;
        view.#row = 0;
        return end;
      },
    };
  }

  constructor() {
    this.#spent = spent(makeQuoteBarBlock(0, 0, 1));
    this.#block = this.#spent;
    Object.freeze(this);
  }

  get instrument(): InstrumentIndex {
    return this.#instrument;
  }
  /** Position of the series among the run's bars of bid and ask: what `quoteBars` takes. */
  get series(): number {
    return this.#series;
  }
  get tsOpen(): number {
    return this.#block.tsOpen[this.#row]!;
  }
  get tsEvent(): number {
    return this.#block.tsEvent[this.#row]!;
  }
  get tsInit(): number {
    return this.#block.tsInit[this.#row]!;
  }
  get bidOpen(): number {
    return this.#decimal(this.#block.bidOpen);
  }
  get bidHigh(): number {
    return this.#decimal(this.#block.bidHigh);
  }
  get bidLow(): number {
    return this.#decimal(this.#block.bidLow);
  }
  get bidClose(): number {
    return this.#decimal(this.#block.bidClose);
  }
  get askOpen(): number {
    return this.#decimal(this.#block.askOpen);
  }
  get askHigh(): number {
    return this.#decimal(this.#block.askHigh);
  }
  get askLow(): number {
    return this.#decimal(this.#block.askLow);
  }
  get askClose(): number {
    return this.#decimal(this.#block.askClose);
  }

  #decimal(column: Float64Array): number {
    const price = column[this.#row]!;
    return price === 0 ? Number.NaN : price / this.#priceScale;
  }
}

/** A row without values, for views that nobody handles: reading on gives NaN instead of what the block holds by then. */
function spent<B extends MarketBlock>(block: B): B {
  for (const column of Object.values(block)) if (column instanceof Float64Array) column.fill(Number.NaN);
  return block;
}

export { barControl, quoteBarControl, quoteTickControl, tradeTickControl };
