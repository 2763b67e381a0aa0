import { describe, expect, it } from 'vitest';
import { BookState, OrderBook } from '../../book/order-book.ts';
import type { BookDeltaBlock } from '../../model/blocks.ts';
import { BookAction, BookFlag } from '../../model/book-delta.ts';
import type { BlockReader } from '../../ports/block-reader.ts';
import type { MatchingEngine } from '../exchange/matching-engine.ts';
import { TradingPhase } from '../exchange/exchange-order.ts';
import { bar, delta, quote, rowsOf, trade } from '../market-rows.fixture.ts';
import { AgentMarketData } from './agent-data.ts';
import { AGENT_BEHAVIOR, type AgentMarketSettings, agentMarketSettings } from './agent-settings.ts';
import { FeedEvent, MarketEvents } from './market-events.ts';

const MINUTE = 60_000_000;
const START = 19_700 * 1440 * MINUTE;
const END = START + 40 * MINUTE;
const SCALE = { instrument: 0, priceIncrement: 5, lotSize: 100 };
const HALT = { perDay: 0, at: [START + 12 * MINUTE, START + 30 * MINUTE], lastingUs: 3 * MINUTE };
const GAP = { perDay: 0, at: [START + 6 * MINUTE, START + 32 * MINUTE], lastingUs: 2 * MINUTE };
const JUMP = { perDay: 0, at: [START + 24 * MINUTE, START + 31 * MINUTE], size: 0.01 };

/** Forty minutes with two halts, two gaps (one ends in the middle of a halt's auction) and two jumps. */
function settings(seed: number, overrides: Partial<AgentMarketSettings> = {}): AgentMarketSettings {
  return agentMarketSettings({ seed, startTs: START, startPrice: 10_000, halts: HALT, gaps: GAP, jumps: JUMP, ...overrides });
}

function data(seed: number, overrides: Partial<AgentMarketSettings> = {}): AgentMarketData {
  return new AgentMarketData(settings(seed, overrides), END, SCALE);
}

/** Orders of a side as the exchange has them: id and price, by queue. */
function ordersOf(engine: MatchingEngine, side: number): number[] {
  const ladder = side > 0 ? engine.book.bids : engine.book.asks;
  const found: number[] = [];
  for (let key = ladder.bestKey; key !== Infinity; key = ladder.keyAfter(key))
    for (let slot = ladder.headAt(key); slot !== 0; slot = engine.book.orders.next(slot))
      found.push(engine.book.orders.id(slot), -side * key * SCALE.priceIncrement, engine.book.orders.leavesQty(slot) * SCALE.lotSize);
  return found;
}

function ordersIn(book: OrderBook, side: number): number[] {
  const found: number[] = [];
  for (let price = book.best(side); price !== 0; price = book.priceAfter(side, price))
    for (const id of book.orderIdsAt(side, price)) found.push(id, price, book.quantityOf(id));
  return found;
}

function levelsIn(book: OrderBook, side: number): number[] {
  const found: number[] = [];
  for (let price = book.best(side); price !== 0; price = book.priceAfter(side, price)) found.push(price, book.quantityAt(side, price));
  return found;
}

/** Hands out the rows of a reader up to a time. */
class RowsTo {
  private readonly reader: BlockReader<BookDeltaBlock>;
  private block: BookDeltaBlock | null;
  private row = 0;

  constructor(reader: BlockReader<BookDeltaBlock>) {
    this.reader = reader;
    this.block = reader.next();
  }

  apply(book: OrderBook, ts: number): void {
    while (this.block !== null && this.block.tsInit[this.row]! <= ts) {
      if (book.apply(this.block, this.row) > 1) throw new Error(`row at ${ts}`);
      this.row += 1;
      if (this.row < this.block.length) continue;
      this.block = this.reader.next();
      this.row = 0;
    }
  }
}

describe('the data of an agent-based market', () => {
  it('is the same for the same seed whatever the size of blocks, and another for another seed or position', () => {
    const short = { halts: { ...HALT, at: [START + 3 * MINUTE] }, gaps: { ...GAP, at: [START + 5 * MINUTE] } };
    const of = (seed: number, position: number, blockRows: number): number[][] => {
      const one = new AgentMarketData(settings(seed, { position, ...short }), START + 6 * MINUTE, SCALE);
      return [
        ...rowsOf(one.deltas('orders', { blockRows }), delta),
        ...rowsOf(one.deltas('levels', { blockRows }), delta),
        ...rowsOf(one.quotes({ blockRows }), quote),
        ...rowsOf(one.trades({ blockRows }), trade),
        ...rowsOf(one.bars(7_000_000, 0, { blockRows }), bar),
      ];
    };
    const wanted = of(7, 0, 8192);
    for (const blockRows of [1, 13]) expect(of(7, 0, blockRows)).toEqual(wanted);
    expect(of(8, 0, 8192)).not.toEqual(wanted);
    expect(of(7, 1, 8192)).not.toEqual(wanted);
  });

  it('tells a book of orders, and one of levels, that are the book of the exchange after every event', () => {
    const one = data(3);
    const byOrder = new RowsTo(one.deltas('orders', { blockRows: 100 }));
    const byLevel = new RowsTo(one.deltas('levels', { blockRows: 77 }));
    const orders = new OrderBook();
    const levels = new OrderBook();
    const events = new MarketEvents(settings(3), END);
    let count = 0;
    while (events.next()) {
      byOrder.apply(orders, events.bookTs);
      byLevel.apply(levels, events.bookTs);
      if (events.event === FeedEvent.GAP) {
        expect([orders.state, levels.state]).toEqual([BookState.GAPPED, BookState.GAPPED]);
        continue;
      }
      count += 1;
      if (count % 50 !== 0 && events.event !== FeedEvent.SNAPSHOT) continue;
      for (const side of [1, -1]) {
        expect(ordersIn(orders, side)).toEqual(ordersOf(events.market.engine, side));
        expect(levelsIn(levels, side)).toEqual(levelsIn(orders, side));
      }
      expect(orders.isCrossed).toBe(false);
    }
    expect(count).toBeGreaterThan(10_000);
  });

  it('trades at the prices of the quote before and beyond, never within, and no more at the best price than was shown', () => {
    const one = data(4);
    const quotes = rowsOf(one.quotes(), quote);
    const trades = rowsOf(one.trades(), trade);
    expect(trades.length).toBeGreaterThan(1000);
    let at = 0;
    let ofBest = 0;
    trades.forEach(([ts, price, quantity, side], place) => {
      if (side === 0) return;
      while (at + 1 < quotes.length && quotes[at + 1]![0]! < ts!) at += 1;
      const [, bid, ask, bidSize, askSize] = quotes[at]!;
      const best = side! > 0 ? ask! : bid!;
      const isFirst = place === 0 || trades[place - 1]![0] !== ts;
      if (isFirst) expect(price).toBe(best);
      else expect(side! * (price! - trades[place - 1]![1]!)).toBeGreaterThanOrEqual(0);
      ofBest = (isFirst ? 0 : ofBest) + (price === best ? quantity! : 0);
      expect(ofBest).toBeLessThanOrEqual((side! > 0 ? askSize : bidSize)!);
    });
  });

  it('takes out of the book what is traded, no more and no less', () => {
    const one = data(5);
    const removed = new Map<number, number>();
    for (const [ts, action, , , quantity, , flags] of rowsOf(one.deltas('orders'), delta))
      if (action === BookAction.REDUCE && (flags! & BookFlag.SNAPSHOT) === 0) removed.set(ts!, (removed.get(ts!) ?? 0) + quantity!);
    const traded = new Map<number, number>();
    for (const [ts, , quantity, side] of rowsOf(one.trades(), trade))
      if (side !== 0) traded.set(ts! + 1, (traded.get(ts! + 1) ?? 0) + quantity!);
    expect(traded.size).toBeGreaterThan(500);
    for (const [ts, quantity] of traded) expect(removed.get(ts)).toBe(quantity);
  });

  it('gives the bars that its trades make', () => {
    const one = data(6);
    const trades = rowsOf(one.trades(), trade);
    for (const every of [1_000_000, MINUTE, 7 * MINUTE]) {
      const wanted = new Map<number, number[]>();
      for (const [ts, price, quantity] of trades as [number, number, number][]) {
        const open = Math.floor(ts / every) * every;
        const [, , first = price, high = price, low = price, , volume = 0] = wanted.get(open) ?? [];
        wanted.set(open, [open, open + every, first, Math.max(high, price), Math.min(low, price), price, volume + quantity]);
      }
      expect(rowsOf(one.bars(every, 0), bar)).toEqual([...wanted.values()].filter((row) => row[1]! <= END));
    }
  });

  it('halts, reopens with one price, and tells nothing in a gap', () => {
    const one = data(7);
    const trades = rowsOf(one.trades(), trade);
    const within = (from: number, lasting: number): number[][] => trades.filter(([ts]) => ts! > from && ts! < from + lasting);
    expect(within(HALT.at[0]!, HALT.lastingUs)).toEqual([]);
    const reopening = trades.filter(([, , , side]) => side === 0);
    expect(reopening.length).toBeGreaterThan(0);
    expect(new Set(reopening.map(([ts]) => ts)).size).toBe(1);
    expect(new Set(reopening.map(([, price]) => price)).size).toBe(1);
    expect(reopening[0]![0]! - HALT.at[0]! - HALT.lastingUs).toBeLessThan(1000);
    const rows = rowsOf(one.deltas('orders'), delta);
    for (const gapTs of GAP.at) {
      const begin = rows.findIndex(([ts]) => ts! >= gapTs);
      expect(rows[begin]!.slice(1, 6)).toEqual([BookAction.GAP, 0, 0, 0, 0]);
      expect(rows[begin]![0]! - gapTs).toBeLessThan(1000);
      const after = rows[begin + 1]!;
      expect([after[1], after[6]]).toEqual([BookAction.CLEAR, BookFlag.SNAPSHOT]);
      expect(after[0]! - gapTs).toBeGreaterThanOrEqual(GAP.lastingUs);
    }
    for (const [ts] of [...trades, ...rowsOf(one.quotes(), quote)])
      for (const gapTs of GAP.at) if (ts! > gapTs + 1000 && ts! < gapTs + GAP.lastingUs) throw new Error(`a row at ${ts}`);
  });

  it('jumps when asked to, and so often as asked for', () => {
    const jumps = { perDay: 720, at: [], size: 0.03 };
    const events = new MarketEvents(settings(8, { jumps, annualVolatility: 0.01, halts: { ...HALT, at: [] } }), END);
    let before = events.market.fundamentalValue;
    const moves: number[] = [];
    while (events.next()) {
      const move = Math.abs(Math.log(events.market.fundamentalValue / before));
      if (move > 0.01) moves.push(move);
      before = events.market.fundamentalValue;
      if (events.market.engine.book.phase !== TradingPhase.CONTINUOUS) throw new Error('no halt was asked for');
    }
    // 20 in forty minutes on average; a Poisson count outside 8 to 36 has a chance below 0.2 %.
    expect(moves.length).toBeGreaterThanOrEqual(8);
    expect(moves.length).toBeLessThanOrEqual(36);
    for (const move of moves) expect(Math.abs(move - 0.03)).toBeLessThan(0.0152);
  });

  it('refuses what it cannot make', () => {
    for (const wrong of [
      { startPrice: 99 },
      { quantityTypical: 0.5 },
      { eventsPerSecond: 0 },
      { annualVolatility: 6 },
      { spreadTicks: 0 },
      { jumps: { ...JUMP, size: 1 } },
      { gaps: { ...GAP, lastingUs: 1 } },
      { behavior: { ...AGENT_BEHAVIOR, splitting: 0.8, trendFollowing: 0.21 } },
    ])
      expect(() => data(1, wrong)).toThrow(/agent market/);
    // Every market order is a slice or follows the trend.
    data(1, { behavior: { ...AGENT_BEHAVIOR, splitting: 0.8, trendFollowing: 0.2 } });
    expect(() => new AgentMarketData(settings(1), START, SCALE)).toThrow(/ends after it starts/);
    expect(() => data(1).bars(1000, 0)).toThrow(/a second or more/);
  });
});
