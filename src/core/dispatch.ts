import type { Effects } from './effects.ts';
import type { MarketDataCache } from './market-data/market-data-cache.ts';
import type { Strategy } from './strategy.ts';
import { Bar, QuoteBar, QuoteTick, TradeTick } from './views.ts';
import type { BarBlock, QuoteBarBlock, QuoteBlock, TradeBlock } from '../model/blocks.ts';
import type { Instrument } from '../model/instrument.ts';

/*
 * Hands rows to strategies: the leaf loops of the core. Hot (bench row engine/c).
 *
 * Each loop returns the row after the first one at which the core produced an effect, so that the runtime can carry it out before
 * the next row. One strategy, the common case, has its own loop: its call site stays monomorphic and is inlined.
 * The views are reused: a strategy that keeps one reads whatever row came last.
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
    view.bind(block, instrument);
    const { cache, effects } = this;
    if (strategies.length === 1) {
      const strategy = strategies[0]!;
      for (let row = from; row < to; row += 1) {
        cache.cursorRow = row;
        view.row = row;
        strategy.onTrade(view);
        if (effects.count !== 0) return row + 1;
      }
      return to;
    }
    for (let row = from; row < to; row += 1) {
      cache.cursorRow = row;
      for (const strategy of strategies) {
        view.row = row;
        strategy.onTrade(view);
      }
      if (effects.count !== 0) return row + 1;
    }
    return to;
  }

  quotes(block: QuoteBlock, instrument: Instrument, from: number, to: number, strategies: readonly Strategy[]): number {
    const view = this.quote;
    view.bind(block, instrument);
    const { cache, effects } = this;
    if (strategies.length === 1) {
      const strategy = strategies[0]!;
      for (let row = from; row < to; row += 1) {
        cache.cursorRow = row;
        view.row = row;
        strategy.onQuote(view);
        if (effects.count !== 0) return row + 1;
      }
      return to;
    }
    for (let row = from; row < to; row += 1) {
      cache.cursorRow = row;
      for (const strategy of strategies) {
        view.row = row;
        strategy.onQuote(view);
      }
      if (effects.count !== 0) return row + 1;
    }
    return to;
  }

  bars(block: BarBlock, instrument: Instrument, from: number, to: number, strategies: readonly Strategy[]): number {
    const view = this.bar;
    view.bind(block, instrument);
    const { cache, effects } = this;
    for (let row = from; row < to; row += 1) {
      cache.cursorRow = row;
      for (const strategy of strategies) {
        view.row = row;
        strategy.onBar(view);
      }
      if (effects.count !== 0) return row + 1;
    }
    return to;
  }

  quoteBars(block: QuoteBarBlock, instrument: Instrument, from: number, to: number, strategies: readonly Strategy[]): number {
    const view = this.quoteBar;
    view.bind(block, instrument);
    const { cache, effects } = this;
    for (let row = from; row < to; row += 1) {
      cache.cursorRow = row;
      for (const strategy of strategies) {
        view.row = row;
        strategy.onQuoteBar(view);
      }
      if (effects.count !== 0) return row + 1;
    }
    return to;
  }
}
