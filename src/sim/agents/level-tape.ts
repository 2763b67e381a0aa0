import { BookAction, BookFlag } from '../../model/book-delta.ts';
import type { MatchingEngine } from '../exchange/matching-engine.ts';
import { DeltaRows } from './delta-rows.ts';

/** Rows of an event up to which a level is told once; beyond, levels that come again are told again. */
const ONCE_MAX = 64;

/** What an exchange publishes of its book by levels: for each event, what each level that changed holds now. */
export class LevelTape {
  /** Rows of the last event. Prices in increments, quantities in lots. */
  readonly rows = new DeltaRows();
  private readonly engine: MatchingEngine;

  constructor(engine: MatchingEngine) {
    this.engine = engine;
  }

  /** Rows that make the book from nothing, the best level of each side first. */
  snapshot(): void {
    const { rows, engine } = this;
    rows.clear();
    rows.add(BookAction.CLEAR, 0, 0, 0, 0);
    for (const side of [1, -1]) {
      const ladder = side > 0 ? engine.book.bids : engine.book.asks;
      for (let key = ladder.bestKey; key !== Number.POSITIVE_INFINITY; key = ladder.keyAfter(key))
        rows.add(BookAction.SET, side, -side * key, ladder.quantityAt(key), 0);
    }
    rows.flags = BookFlag.SNAPSHOT;
  }

  /** Rows of the levels that rows of orders are about. */
  follow(orders: DeltaRows): void {
    this.rows.clear();
    for (let row = 0; row < orders.length; row += 1) {
      const before = orders.priceBefore[row]!;
      if (before !== 0) this.set(orders.side[row]!, before);
      this.set(orders.side[row]!, orders.price[row]!);
    }
  }

  private set(side: number, price: number): void {
    const { rows, engine } = this;
    if (rows.length <= ONCE_MAX) {
      for (let row = 0; row < rows.length; row += 1) if (rows.price[row] === price && rows.side[row] === side) return;
    }
    const ladder = side > 0 ? engine.book.bids : engine.book.asks;
    rows.add(BookAction.SET, side, price, ladder.quantityAt(-side * price), 0);
  }
}
