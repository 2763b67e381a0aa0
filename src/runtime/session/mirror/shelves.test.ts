import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CandleSeries, MIRROR_CANDLES_MAX } from './candle-series.ts';
import { ClosedTrades } from './closed-trades.ts';
import { EquityCurve, MIRROR_EQUITY_POINTS_MAX } from './equity-curve.ts';
import { MarketShelf, MIRROR_TRADES_MAX } from './market-shelf.ts';
import { MIRROR_ORDER_EVENTS_MAX, MIRROR_ORDERS_MAX, OrderShelf } from './order-shelf.ts';
import { RecentList } from './recent-list.ts';
import { makeBookDeltaBlock, makeTradeBlock, setBookDelta } from '../../../model/blocks.ts';
import { BookAction, BookFlag } from '../../../model/book-delta.ts';
import type { Fill, OrderEvent } from '../../../model/events.ts';
import { instrumentWith } from '../../../model/instrument.fixture.ts';
import { OrderStatus } from '../../../model/order-status.ts';
import type { OrderState } from '../../../model/session-output.ts';

const order = (clientOrderId: number, status: OrderStatus): OrderState =>
  ({ clientOrderId, status, strategy: 0, instrument: 0 }) as OrderState;
const event = (clientOrderId: number, kind: OrderEvent['kind']): OrderEvent => ({ kind, clientOrderId }) as OrderEvent;
const ANY = { standing: 'any', instrument: null, strategy: null } as const;

describe('the shelf of orders', () => {
  it('forgets those that ended first, and never one that is open', () => {
    const shelf = new OrderShelf();
    shelf.set(order(1, OrderStatus.ACCEPTED));
    for (let id = 2; id <= MIRROR_ORDERS_MAX + 4; id += 1) shelf.set(order(id, OrderStatus.FILLED));
    // 2, 3 and 4 are beyond the bound.
    expect([1, 2, 4, 5].map((id) => shelf.get(id)?.state.clientOrderId)).toEqual([1, undefined, undefined, 5]);
    shelf.set(order(1, OrderStatus.CANCELED));
    expect([1, 5, 6].map((id) => shelf.get(id)?.state.clientOrderId)).toEqual([1, undefined, 6]);
    expect(shelf.openOrders()).toEqual([]);
    expect(shelf.page(ANY, { limit: 1, before: 7 }).items.map(({ clientOrderId }) => clientOrderId)).toEqual([6]);
  });

  it('counts an order that has ended once, however often it is told of', () => {
    const shelf = new OrderShelf();
    shelf.set(order(1, OrderStatus.FILLED));
    for (let count = 0; count < MIRROR_ORDERS_MAX; count += 1) shelf.set(order(2, OrderStatus.FILLED));
    expect(shelf.page(ANY, { limit: 9 }).items.map(({ clientOrderId }) => clientOrderId)).toEqual([2, 1]);
  });

  it('keeps the birth of an order and the newest of what happened to it', () => {
    const shelf = new OrderShelf();
    shelf.note(event(1, 'OrderInitialized'));
    for (let count = 0; count < MIRROR_ORDER_EVENTS_MAX + 2; count += 1) shelf.note(event(1, 'OrderModified'));
    shelf.set(order(1, OrderStatus.ACCEPTED));
    const kept = shelf.get(1)!;
    expect([kept.events.length, kept.eventsForgotten, kept.events[0]!.kind]).toEqual([MIRROR_ORDER_EVENTS_MAX, 3, 'OrderInitialized']);
  });
});

describe('a list of what is newest', () => {
  it('pages through everything that is kept, once each, newest first, also where it was saved and loaded between', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 120 }),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 0, max: 120 }),
        (bound, count, limit, saved) => {
          let list = new RecentList<number>(bound);
          for (let item = 1; item <= count; item += 1) {
            if (item === saved + 1) {
              const state = list.saveState();
              list = new RecentList<number>(bound);
              list.loadState(state);
            }
            list.push(item);
          }
          const seen: number[] = [];
          for (let before: number | null = count + 1; before !== null; ) {
            const page = list.page({ before, limit });
            seen.push(...page.items.map(({ item, sequence }) => (item === sequence ? item : -1)));
            before = page.before;
          }
          const expected = Array.from({ length: Math.min(bound, count) }, (_, at) => count - at);
          expect(seen).toEqual(expected);
          expect(list.newest(limit)).toEqual(expected.slice(0, limit).reverse());
        },
      ),
    );
  });
});

describe('candles', () => {
  it('are what a slow sum over the trades gives, however the series has grown', () => {
    const trade = fc.record({
      step: fc.integer({ min: 0, max: 90 }),
      price: fc.integer({ min: 1, max: 99 }),
      quantity: fc.integer({ min: 0, max: 9 }),
    });
    fc.assert(
      fc.property(fc.array(trade, { maxLength: 700 }), (trades) => {
        const series = new CandleSeries(60);
        const slow = new Map<number, { open: number; high: number; low: number; close: number; volume: number }>();
        let ts = 1_000_000;
        for (const { step, price, quantity } of trades) {
          ts += step;
          series.add(ts, price, price, price, price, quantity);
          const tsOpen = Math.floor(ts / 60) * 60;
          const had = slow.get(tsOpen);
          if (had === undefined) slow.set(tsOpen, { open: price, high: price, low: price, close: price, volume: quantity });
          else
            Object.assign(had, {
              high: Math.max(had.high, price),
              low: Math.min(had.low, price),
              close: price,
              volume: had.volume + quantity,
            });
        }
        const expected = [...slow].map(([tsOpen, candle]) => ({ tsOpen, ...candle }));
        expect(series.before(Number.MAX_SAFE_INTEGER, 10_000)).toEqual(expected);
        expect(series.before(1_002_000, 3)).toEqual(expected.filter(({ tsOpen }) => tsOpen < 1_002_000).slice(-3));
      }),
    );
  });

  it('are bounded: the oldest give way', () => {
    const series = new CandleSeries(1);
    const count = 2 * MIRROR_CANDLES_MAX + 5;
    for (let ts = 0; ts < count; ts += 1) series.add(ts, ts, ts, ts, ts, 1);
    const kept = series.before(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
    expect([kept.length, kept[0]!.tsOpen, kept.at(-1)!.tsOpen]).toEqual([MIRROR_CANDLES_MAX, count - MIRROR_CANDLES_MAX, count - 1]);
  });
});

describe('the equity curve', () => {
  it('stays within its bound and keeps its first, lowest and highest point', () => {
    const curve = new EquityCurve();
    const count = 5 * MIRROR_EQUITY_POINTS_MAX;
    for (let ts = 0; ts < count; ts += 1) curve.add(ts, ts === 777 ? 1 : ts === 4444 ? 9999 : 100 + (ts % 10));
    const { ts, value } = curve.view;
    expect(ts.length).toBeLessThanOrEqual(MIRROR_EQUITY_POINTS_MAX);
    expect([ts[0], ts.at(-1), Math.min(...value), Math.max(...value)]).toEqual([0, count - 1, 1, 9999]);
    expect(ts.every((each, at) => at === 0 || each > ts[at - 1]!)).toBe(true);
  });
});

describe('closed trades', () => {
  const instrument = instrumentWith({ id: 'A.SIM' });
  const fill = (side: 1 | -1, lastQty: number, lastPx: number, dollars: number): Fill =>
    ({
      kind: 'OrderFilled',
      strategy: 0,
      instrument: 0,
      side,
      lastQty,
      lastPx,
      commission: BigInt(dollars) * 100_000_000n,
      tsEvent: 1,
      tag: '',
    }) as Fill;

  it('are cut at average cost, with their share of both commissions', () => {
    const trades = new ClosedTrades();
    trades.take(fill(1, 10, 1000, 1), instrument);
    trades.take(fill(1, 10, 1100, 1), instrument);
    // 20 at 10.50 on average, 2 of commission. Sells 5 at 12.00: 5 × 1.50 − 2 × 5/20 − 1 = 6.
    trades.take(fill(-1, 5, 1200, 1), instrument);
    expect(trades.trades.map(({ pnl, entryPrice, commission }) => [pnl, entryPrice, commission])).toEqual([[6, 10.5, 1.5]]);
    // Sells 25 at 10.00: closes 15 at −0.50 each, −1.5 for the entry, −15/25 of 5; the other 10 are short.
    trades.take(fill(-1, 25, 1000, 5), instrument);
    expect(trades.trades[1]!.pnl).toBeCloseTo(15 * -0.5 - 1.5 - 3, 10);
    // Buys them back at 9.00: 10 × 1.00 − 2 for the entry.
    trades.take(fill(1, 10, 900, 0), instrument);
    expect([trades.trades[2]!.side, trades.trades[2]!.pnl]).toEqual([-1, 8]);
  });
});

describe('the shelf of a market', () => {
  it('has the depth that the rows have', () => {
    const shelf = new MarketShelf(false);
    const block = makeBookDeltaBlock(0, 5);
    const rows = [
      [BookAction.CLEAR, 0, 0, 0, BookFlag.SNAPSHOT],
      [BookAction.SET, 1, 100, 7, BookFlag.SNAPSHOT],
      [BookAction.SET, 1, 99, 5, BookFlag.SNAPSHOT],
      [BookAction.SET, -1, 102, 3, BookFlag.SNAPSHOT],
      [BookAction.SET, -1, 103, 4, BookFlag.SNAPSHOT | BookFlag.LAST],
    ] as const;
    rows.forEach(([action, side, price, quantity, flags], row) =>
      setBookDelta(block, row, { ts: 5, action, side, price, quantity, orderId: 0, flags }),
    );
    block.length = rows.length;
    shelf.take(block);
    const [bids, asks] = [[{ price: 100, quantity: 7 }], [{ price: 102, quantity: 3 }]];
    expect(shelf.book(1)).toEqual({ ts: 5, bids, asks, isDepth: true, isWhole: true });
    expect(shelf.book(9)!.bids).toHaveLength(2);
    expect(shelf.lastPx).toBe(101);
  });

  it('keeps the newest trades of a block that is longer than the tape, and counts all', () => {
    const shelf = new MarketShelf(true);
    const rows = MIRROR_TRADES_MAX + 10;
    const block = makeTradeBlock(0, rows);
    for (let row = 0; row < rows; row += 1) {
      block.tsInit[row] = row;
      block.price[row] = row + 1;
    }
    block.length = rows;
    shelf.take(block);
    const kept = shelf.trades(1000);
    expect([kept.length, kept[0]!.sequence, kept[0]!.price, kept.at(-1)!.sequence]).toEqual([MIRROR_TRADES_MAX, 11, 11, rows]);
  });
});
