import type { BarBlock, QuoteBarBlock, QuoteBlock, TradeBlock } from '../../model/blocks.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { Effects } from '../effects.ts';
import type { MarketDataCache } from '../market-data/market-data-cache.ts';
import type { Strategy } from '../strategy/strategy.ts';
import {
  Bar,
  barControl,
  QuoteBar,
  quoteBarControl,
  QuoteTick,
  quoteTickControl,
  TradeTick,
  tradeTickControl,
  type ViewControl,
} from '../strategy/views.ts';

/*
 * Hands rows to strategies: the leaf loops of the core. Hot (bench row engine/c).
 *
 * Each loop returns the row after the first one at which the core produced an effect or the price left a band, so that the runtime can see to
 * it before the next row. The views are reused; when a loop is left its view is emptied, since the block's arrays are refilled with later rows.
 *
 * The functions that make handlers and loops are closed: they name nothing but their arguments. So the runtime can compile them anew for every
 * run and strategy (`Afresh`), and the machine knows which strategy, view and cache a loop is for: one call site per strategy, three fifths
 * of the instructions per tick, and strategies of different classes do not slow each other down.
 * Source: docs/decisions/0017-loops-made-per-run.md
 */

/** Compiles a closed function anew, with its own feedback; the same function again does the same work, slower. */
export type Afresh = <F extends (...given: never[]) => unknown>(closed: F) => F;

/**
 * Lists of strategies whose loops are made afresh, per kind of rows. A strategy that subscribes and unsubscribes without end makes a list each time;
 * beyond the bound lists share one compiled loop, which is slower and the same otherwise.
 */
export const FRESH_LOOPS_MAX = 256;

/** Prices inside which rows need no look by the runtime: above `low` (of quotes: the bid) and below `high` (the ask). */
export interface PriceBand {
  readonly low: number;
  readonly high: number;
}

export const ANY_PRICE: PriceBand = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

type RowHandler = (row: number) => void;
/** Takes rows [from, to); returns the row after the last one taken. */
type RowLoop = (from: number, to: number, band: PriceBand) => number;
type IsOutside<V> = (view: V, low: number, high: number) => boolean;
type Move<V> = (view: V, row: number) => void;

function tradeHandler(strategy: Strategy, view: TradeTick, move: Move<TradeTick>): RowHandler {
  return (row) => {
    move(view, row);
    strategy.onTrade(view);
  };
}

function quoteHandler(strategy: Strategy, view: QuoteTick, move: Move<QuoteTick>): RowHandler {
  return (row) => {
    move(view, row);
    strategy.onQuote(view);
  };
}

function barHandler(strategy: Strategy, view: Bar, move: Move<Bar>): RowHandler {
  return (row) => {
    move(view, row);
    strategy.onBar(view);
  };
}

function quoteBarHandler(strategy: Strategy, view: QuoteBar, move: Move<QuoteBar>): RowHandler {
  return (row) => {
    move(view, row);
    strategy.onQuoteBar(view);
  };
}

/** One strategy after the other. */
function bothOf(first: RowHandler, second: RowHandler): RowHandler {
  return (row) => {
    first(row);
    second(row);
  };
}

/** What nobody asks for: the view goes along, so that it tells when a price leaves the band. */
function idleHandler<V>(view: V, move: Move<V>): RowHandler {
  return (row) => {
    move(view, row);
  };
}

function loopOf<V>(handle: RowHandler, cache: MarketDataCache, effects: Effects, view: V, isOutside: IsOutside<V>): RowLoop {
  return (from, to, band) => {
    const { low, high } = band;
    // As whole numbers of 32 bits from the first: else the machine asks at every row whether they still are.
    const end = to | 0;
    for (let row = from | 0; row < end; row = (row + 1) | 0) {
      cache.cursorRow = row;
      handle(row);
      if (effects.count !== 0 || isOutside(view, low, high)) return row + 1;
    }
    return to;
  };
}

interface LaneParts {
  readonly cache: MarketDataCache;
  readonly effects: Effects;
  readonly afresh: Afresh;
}

type HandlerMaker<V> = (strategy: Strategy, view: V, move: Move<V>) => RowHandler;

/** Rows of one kind on their way to the strategies that want them. */
class Lane<V, B> {
  private readonly view: V;
  private readonly control: ViewControl<V, B>;
  private readonly handlerOf: HandlerMaker<V>;
  private readonly parts: LaneParts;
  private readonly loops = new WeakMap<readonly Strategy[], RowLoop>();
  private freshCount = 0;
  /** Of the list handed last, which nearly always is handed again. */
  private lastStrategies: readonly Strategy[] | null = null;
  private lastLoop: RowLoop = (_, to) => to;

  constructor(view: V, control: ViewControl<V, B>, handlerOf: HandlerMaker<V>, parts: LaneParts) {
    this.view = view;
    this.control = control;
    this.handlerOf = handlerOf;
    this.parts = parts;
  }

  /** @param strategies who wants the rows, perhaps nobody; a list that is handed again holds the same strategies */
  hand(block: B, instrument: Instrument, from: number, to: number, strategies: readonly Strategy[], band: PriceBand): number {
    if (strategies.length === 0 && band === ANY_PRICE) {
      // What a gap before these rows led to comes before the second of them.
      const end = this.parts.effects.count === 0 ? to : from + 1;
      this.parts.cache.cursorRow = end - 1;
      return end;
    }
    if (strategies !== this.lastStrategies) {
      this.lastLoop = this.loops.get(strategies) ?? this.make(strategies);
      this.lastStrategies = strategies;
    }
    const { view, control } = this;
    control.bind(view, block, instrument);
    return control.leave(view, this.lastLoop(from, to, band));
  }

  private make(strategies: readonly Strategy[]): RowLoop {
    const { view, control, handlerOf } = this;
    const { cache, effects } = this.parts;
    this.freshCount += 1;
    const afresh: Afresh = this.freshCount <= FRESH_LOOPS_MAX ? this.parts.afresh : (closed) => closed;
    const handlers = strategies.map((strategy) => afresh(handlerOf)(strategy, view, control.move));
    const handler =
      handlers.length === 0 ? idleHandler(view, control.move) : handlers.reduce((first, second) => afresh(bothOf)(first, second));
    const loop = afresh(loopOf<V>)(handler, cache, effects, view, control.isOutside);
    this.loops.set(strategies, loop);
    return loop;
  }
}

export class Dispatch {
  readonly trades: Lane<TradeTick, TradeBlock>;
  readonly quotes: Lane<QuoteTick, QuoteBlock>;
  readonly bars: Lane<Bar, BarBlock>;
  readonly quoteBars: Lane<QuoteBar, QuoteBarBlock>;

  constructor(effects: Effects, cache: MarketDataCache, afresh: Afresh) {
    const parts = { cache, effects, afresh };
    this.trades = new Lane(new TradeTick(), tradeTickControl, tradeHandler, parts);
    this.quotes = new Lane(new QuoteTick(), quoteTickControl, quoteHandler, parts);
    this.bars = new Lane(new Bar(), barControl, barHandler, parts);
    this.quoteBars = new Lane(new QuoteBar(), quoteBarControl, quoteBarHandler, parts);
  }
}
