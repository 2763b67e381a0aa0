import type { Effects } from './effects.ts';
import type { MarketDataCache } from './market-data/market-data-cache.ts';
import type { Strategy } from './strategy.ts';
import { Bar, barControl, QuoteBar, quoteBarControl, QuoteTick, quoteTickControl, TradeTick, tradeTickControl } from './views.ts';
import type { BarBlock, QuoteBarBlock, QuoteBlock, TradeBlock } from '../model/blocks.ts';
import type { Instrument } from '../model/instrument.ts';

/*
 * Hands rows to strategies: the leaf loops of the core. Hot (bench row engine/c).
 *
 * Each loop returns the row after the first one at which the core produced an effect, so that the runtime can carry it out before
 * the next row. One strategy, the common case, has its own loop: its call site stays monomorphic and is inlined.
 * The views are reused; when a loop is left its view is emptied, since the block's arrays are refilled with later rows.
 */

export class Dispatch {
  private readonly effects: Effects;
  private readonly cache: MarketDataCache;
  private readonly trade = new TradeTick();
  private readonly quote = new QuoteTick();
  private readonly bar = new Bar();
  private readonly quoteBar = new QuoteBar();

  constructor(effects: Effects, cache: MarketDataCache) {
    this.effects = effects;
    this.cache = cache;
  }

  trades(block: TradeBlock, instrument: Instrument, from: number, to: number, strategies: readonly Strategy[]): number {
    const view = this.trade;
    const { move, leave } = tradeTickControl;
    tradeTickControl.bind(view, block, instrument);
    const { cache, effects } = this;
    if (strategies.length === 1) {
      const strategy = strategies[0]!;
      for (let row = from; row < to; row += 1) {
        cache.cursorRow = row;
        move(view, row);
        strategy.onTrade(view);
        if (effects.count !== 0) return leave(view, row + 1);
      }
      return leave(view, to);
    }
    for (let row = from; row < to; row += 1) {
      cache.cursorRow = row;
      for (const strategy of strategies) {
        move(view, row);
        strategy.onTrade(view);
      }
      if (effects.count !== 0) return leave(view, row + 1);
    }
    return leave(view, to);
  }

  quotes(block: QuoteBlock, instrument: Instrument, from: number, to: number, strategies: readonly Strategy[]): number {
    const view = this.quote;
    const { move, leave } = quoteTickControl;
    quoteTickControl.bind(view, block, instrument);
    const { cache, effects } = this;
    if (strategies.length === 1) {
      const strategy = strategies[0]!;
      for (let row = from; row < to; row += 1) {
        cache.cursorRow = row;
        move(view, row);
        strategy.onQuote(view);
        if (effects.count !== 0) return leave(view, row + 1);
      }
      return leave(view, to);
    }
    for (let row = from; row < to; row += 1) {
      cache.cursorRow = row;
      for (const strategy of strategies) {
        move(view, row);
        strategy.onQuote(view);
      }
      if (effects.count !== 0) return leave(view, row + 1);
    }
    return leave(view, to);
  }

  bars(block: BarBlock, instrument: Instrument, from: number, to: number, strategies: readonly Strategy[]): number {
    const view = this.bar;
    const { move, leave } = barControl;
    barControl.bind(view, block, instrument);
    const { cache, effects } = this;
    for (let row = from; row < to; row += 1) {
      cache.cursorRow = row;
      for (const strategy of strategies) {
        move(view, row);
        strategy.onBar(view);
      }
      if (effects.count !== 0) return leave(view, row + 1);
    }
    return leave(view, to);
  }

  quoteBars(block: QuoteBarBlock, instrument: Instrument, from: number, to: number, strategies: readonly Strategy[]): number {
    const view = this.quoteBar;
    const { move, leave } = quoteBarControl;
    quoteBarControl.bind(view, block, instrument);
    const { cache, effects } = this;
    for (let row = from; row < to; row += 1) {
      cache.cursorRow = row;
      for (const strategy of strategies) {
        move(view, row);
        strategy.onQuoteBar(view);
      }
      if (effects.count !== 0) return leave(view, row + 1);
    }
    return leave(view, to);
  }
}
