import { assert } from '../../base/assert.ts';
import { type BookDeltaBlock, makeBarBlock, makeBookDeltaBlock, makeQuoteBlock, makeTradeBlock } from '../../model/blocks.ts';
import type { BarBlock, MarketBlock, QuoteBlock, TradeBlock } from '../../model/blocks.ts';
import { BookAction, BookFlag } from '../../model/book-delta.ts';
import type { InstrumentIndex } from '../../model/instrument.ts';
import type { BlockReader } from '../../ports/block-reader.ts';
import { REPORT_BITS, REPORT_KIND, REPORT_PRICE, REPORT_QUANTITY, REPORT_REASON, ReportKind } from '../exchange/exchange-reports.ts';
import type { ReaderOptions } from '../generated/generated-readers.ts';
import type { DeltaRows } from './delta-rows.ts';
import { LevelTape } from './level-tape.ts';
import { FeedEvent, type MarketEvents } from './market-events.ts';
import { OrderTape } from './order-tape.ts';

/** What rows are given in: counts per increment and per lot. */
export interface RowScale {
  readonly instrument: InstrumentIndex;
  readonly priceIncrement: number;
  readonly lotSize: number;
}

/** Asked for when the first block is: a market is not made for readers that nobody reads. */
export type OpenEvents = () => MarketEvents;

/** Reads a market of its own, event by event; a block ends anywhere. */
abstract class AgentReader<B extends MarketBlock> implements BlockReader<B> {
  protected readonly block: B;
  protected readonly scale: RowScale;
  private readonly open: OpenEvents;
  private made: MarketEvents | null = null;
  private isOpen = true;

  constructor(open: OpenEvents, scale: RowScale, block: B) {
    this.open = open;
    this.scale = scale;
    this.block = block;
  }

  next(): B | null {
    assert(this.isOpen, 'a closed reader gives no more blocks');
    this.made ??= this.open();
    this.block.length = 0;
    this.fill(this.made, this.block.tsInit.length);
    return this.block.length === 0 ? null : this.block;
  }

  close(): void {
    this.isOpen = false;
    this.made = null;
  }

  /** Appends rows to the block, up to `rows`. */
  protected abstract fill(events: MarketEvents, rows: number): void;
}

/** Changes of the book, order by order or by levels. */
export class AgentDeltaReader extends AgentReader<BookDeltaBlock> {
  private readonly byOrder: boolean;
  private orders: OrderTape | null = null;
  private levels: LevelTape | null = null;
  private pending: DeltaRows | null = null;
  private place = 0;

  constructor(open: OpenEvents, scale: RowScale, byOrder: boolean, options: ReaderOptions) {
    super(open, scale, makeBookDeltaBlock(scale.instrument, options.blockRows, options.shared));
    this.byOrder = byOrder;
  }

  protected override fill(events: MarketEvents, rows: number): void {
    const { block } = this;
    while (block.length < rows) {
      if (this.pending !== null && this.place < this.pending.length) this.copy(this.pending, events.bookTs, rows);
      else if (events.next()) this.turn(events);
      else return;
    }
  }

  private turn(events: MarketEvents): void {
    const { engine } = events.market;
    const orders = (this.orders ??= new OrderTape(engine));
    const levels = (this.levels ??= new LevelTape(engine));
    this.pending = this.byOrder ? orders.rows : levels.rows;
    this.place = 0;
    switch (events.event) {
      case FeedEvent.CHANGE:
        orders.follow();
        if (!this.byOrder) levels.follow(orders.rows);
        break;
      case FeedEvent.SNAPSHOT:
        orders.snapshot();
        if (!this.byOrder) levels.snapshot();
        break;
      default:
        this.pending.clear();
        this.pending.add(BookAction.GAP, 0, 0, 0, 0);
    }
  }

  private copy(pending: DeltaRows, ts: number, rows: number): void {
    const { block, scale } = this;
    let to = block.length;
    let from = this.place;
    const end = Math.min(pending.length, from + rows - to);
    for (; from < end; from += 1, to += 1) {
      block.tsEvent[to] = ts;
      block.tsInit[to] = ts;
      block.action[to] = pending.action[from]!;
      block.side[to] = pending.side[from]!;
      block.price[to] = pending.price[from]! * scale.priceIncrement;
      block.quantity[to] = pending.quantity[from]! * scale.lotSize;
      block.orderId[to] = pending.orderId[from]!;
      block.flags[to] = from + 1 === pending.length ? pending.flags | BookFlag.LAST : pending.flags;
    }
    this.place = from;
    block.length = to;
  }
}

/** Best bids and asks, where they change. */
export class AgentQuoteReader extends AgentReader<QuoteBlock> {
  private bidKey = Number.NaN;
  private askKey = Number.NaN;
  private bidSize = 0;
  private askSize = 0;

  constructor(open: OpenEvents, scale: RowScale, options: ReaderOptions) {
    super(open, scale, makeQuoteBlock(scale.instrument, options.blockRows, options.shared));
  }

  protected override fill(events: MarketEvents, rows: number): void {
    while (this.block.length < rows && events.next()) if (events.event !== FeedEvent.GAP) this.take(events);
  }

  private take(events: MarketEvents): void {
    const { bids, asks } = events.market.engine.book;
    const bidKey = bids.bestKey;
    const askKey = asks.bestKey;
    const bidSize = bids.best < 0 ? 0 : bids.quantity[bids.best]!;
    const askSize = asks.best < 0 ? 0 : asks.quantity[asks.best]!;
    if (bidKey === this.bidKey && askKey === this.askKey && bidSize === this.bidSize && askSize === this.askSize) return;
    this.bidKey = bidKey;
    this.askKey = askKey;
    this.bidSize = bidSize;
    this.askSize = askSize;
    const { block, scale } = this;
    const row = block.length;
    block.tsEvent[row] = events.bookTs;
    block.tsInit[row] = events.bookTs;
    block.bidPrice[row] = bidSize === 0 ? 0 : -bidKey * scale.priceIncrement;
    block.askPrice[row] = askSize === 0 ? 0 : askKey * scale.priceIncrement;
    block.bidSize[row] = bidSize * scale.lotSize;
    block.askSize[row] = askSize * scale.lotSize;
    block.length = row + 1;
  }
}

/** Finds the trades of an event, one after the other. */
class TradeCursor {
  /** Row of the exchange's reports. */
  at = 0;
  private report = 0;
  private length = 0;

  /** Goes on to the next trade. @returns false at the end of the period */
  next(events: MarketEvents): boolean {
    for (;;) {
      const { rows } = events.market.engine.reports;
      while (this.report < this.length) {
        this.at = this.report << REPORT_BITS;
        this.report += 1;
        if (rows[this.at | REPORT_KIND] === ReportKind.TRADE) return true;
      }
      if (!events.next()) return false;
      this.report = 0;
      this.length = events.event === FeedEvent.CHANGE ? events.market.engine.reports.length : 0;
    }
  }
}

/** Trades. Those of an auction have no aggressor. */
export class AgentTradeReader extends AgentReader<TradeBlock> {
  private readonly cursor = new TradeCursor();

  constructor(open: OpenEvents, scale: RowScale, options: ReaderOptions) {
    super(open, scale, makeTradeBlock(scale.instrument, options.blockRows, options.shared));
  }

  protected override fill(events: MarketEvents, rows: number): void {
    const { block, scale, cursor } = this;
    while (block.length < rows && cursor.next(events)) {
      const reports = events.market.engine.reports.rows;
      const row = block.length;
      block.tsEvent[row] = events.tradeTs;
      block.tsInit[row] = events.tradeTs;
      block.price[row] = reports[cursor.at | REPORT_PRICE]! * scale.priceIncrement;
      block.quantity[row] = reports[cursor.at | REPORT_QUANTITY]! * scale.lotSize;
      block.aggressorSide[row] = reports[cursor.at | REPORT_REASON]!;
      block.length = row + 1;
    }
  }
}

/** Bars of the trades, by intervals counted from the epoch. A trade at the close belongs to the next bar; an interval without trades has none. */
export class AgentBarReader extends AgentReader<BarBlock> {
  private readonly cursor = new TradeCursor();
  private readonly everyUs: number;
  private readonly endTs: number;
  /** Close of the bar under way; −1 for none. */
  private closeTs = -1;
  private openPrice = 0;
  private high = 0;
  private low = 0;
  private lastPrice = 0;
  private volume = 0;

  constructor(open: OpenEvents, scale: RowScale, bars: { series: number; everyUs: number; endTs: number }, options: ReaderOptions) {
    super(open, scale, makeBarBlock(scale.instrument, bars.series, options.blockRows, options.shared));
    this.everyUs = bars.everyUs;
    this.endTs = bars.endTs;
  }

  protected override fill(events: MarketEvents, rows: number): void {
    const { block, cursor } = this;
    while (block.length < rows) {
      if (!cursor.next(events)) {
        if (this.closeTs >= 0 && this.closeTs <= this.endTs) this.put();
        return;
      }
      const reports = events.market.engine.reports.rows;
      this.take(events.tradeTs, reports[cursor.at | REPORT_PRICE]!, reports[cursor.at | REPORT_QUANTITY]!);
    }
  }

  private take(ts: number, price: number, lots: number): void {
    if (ts >= this.closeTs) {
      if (this.closeTs >= 0) this.put();
      this.closeTs = (Math.floor(ts / this.everyUs) + 1) * this.everyUs;
      this.openPrice = price;
      this.high = price;
      this.low = price;
      this.volume = 0;
    }
    this.high = Math.max(this.high, price);
    this.low = Math.min(this.low, price);
    this.lastPrice = price;
    this.volume += lots;
  }

  private put(): void {
    const { block, closeTs, scale } = this;
    const row = block.length;
    block.tsEvent[row] = closeTs;
    block.tsInit[row] = closeTs;
    block.tsOpen[row] = closeTs - this.everyUs;
    block.open[row] = this.openPrice * scale.priceIncrement;
    block.high[row] = this.high * scale.priceIncrement;
    block.low[row] = this.low * scale.priceIncrement;
    block.close[row] = this.lastPrice * scale.priceIncrement;
    block.volume[row] = this.volume * scale.lotSize;
    block.length = row + 1;
    this.closeTs = -1;
  }
}
