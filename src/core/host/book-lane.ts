import { BookFlag } from '../../model/book-delta.ts';
import type { BookDeltaBlock } from '../../model/blocks.ts';
import type { Instrument, InstrumentIndex } from '../../model/instrument.ts';
import type { Effects } from '../effects.ts';
import type { MarketDataCache } from '../market-data/market-data-cache.ts';
import type { MarketDataManager } from '../market-data/market-data-manager.ts';
import { Book } from '../strategy/book-view.ts';
import type { Strategy } from '../strategy/strategy.ts';
import { StrategyMistake } from '../strategy/strategy-mistake.ts';
import type { PriceBand } from './dispatch.ts';

interface BookLaneParts {
  readonly cache: MarketDataCache;
  readonly effects: Effects;
  readonly marketData: MarketDataManager;
  readonly hasDeltas: (instrument: InstrumentIndex) => boolean;
  /** The book of an instrument has become worth nothing at this row. */
  readonly onBroken: (block: BookDeltaBlock, row: number) => void;
}

/**
 * Changes of books on their way: each is applied, and where one completes an event and the book may be used, strategies that asked for it are
 * called. Nobody sees a book in the middle of an event.
 */
export class BookLane {
  private readonly parts: BookLaneParts;
  private readonly views: (Book | undefined)[] = [];

  constructor(parts: BookLaneParts) {
    this.parts = parts;
  }

  /** @throws StrategyMistake where the run's data has no book of the instrument */
  refuseWithout({ index, id }: Instrument): void {
    if (this.parts.hasDeltas(index)) return;
    throw new StrategyMistake('STRATEGY_MISTAKE', `the book of ${id} cannot be had: the run's data has no book-deltas of it`);
  }

  /** The view of a book, one per instrument. */
  viewOf(instrument: Instrument): Book {
    const view = this.views[instrument.index] ?? new Book(this.parts.marketData.books.of(instrument.index), instrument);
    this.views[instrument.index] = view;
    return view;
  }

  /**
   * Takes rows [from, to), up to the end of the first event at which the core produced an effect or the best prices left the band.
   *
   * @returns the row after the last one taken
   */
  hand(block: BookDeltaBlock, instrument: Instrument, from: number, to: number, strategies: readonly Strategy[], band: PriceBand): number {
    const { cache, effects, marketData } = this.parts;
    const { low, high } = band;
    const { index } = instrument;
    const { flags } = block;
    const book = marketData.books.of(index);
    const view = this.viewOf(instrument);
    for (let row = from; row < to; row += 1) {
      cache.cursorRow = row;
      if (marketData.applyDelta(book, block, row)) {
        this.parts.onBroken(block, row);
        return row + 1;
      }
      if ((flags[row]! & BookFlag.LAST) === 0) continue;
      if (!book.isUsable) {
        cache.setTop(index, 0, 0);
        continue;
      }
      const { topBid, topAsk } = book;
      cache.setTop(index, topBid, topAsk);
      for (let at = 0; at < strategies.length; at += 1) strategies[at]!.onBook(view);
      if (effects.count !== 0) return row + 1;
      // An absent ask, which is 0, is not above anything that a band ends at.
      if ((topBid !== 0 && topBid <= low) || topAsk >= high) return row + 1;
    }
    return to;
  }
}
