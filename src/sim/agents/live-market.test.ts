import { describe, expect, it } from 'vitest';
import { Digest } from '../../base/digest.ts';
import { type Random, stream } from '../../base/random.ts';
import { OrderBook } from '../../book/order-book.ts';
import { QUANTITY, ROW_BITS } from '../../book/order-pool.ts';
import { makeBookDeltaBlock } from '../../model/blocks.ts';
import { BookAction, BookFlag } from '../../model/book-delta.ts';
import { ExchangeReason, type NewExchangeOrder } from '../exchange/exchange-order.ts';
import { ReportKind } from '../exchange/exchange-reports.ts';
import type { MatchingEngine } from '../exchange/matching-engine.ts';
import { delta, rowsOf, trade } from '../market-rows.fixture.ts';
import { AgentMarketData } from './agent-data.ts';
import { type AgentMarketSettings, agentMarketSettings } from './agent-settings.ts';
import type { DeltaRows } from './delta-rows.ts';
import { PLAIN, RowKeeper } from './live-rows.fixture.ts';
import { LiveMarket, type LiveMarketListener, type LiveReport } from './live-market.ts';

const SECOND = 1_000_000;
const START = 19_700 * 86_400 * SECOND;
const END = START + 120 * SECOND;
const NEVER = { perDay: 0, at: [] };

function settings(seed: number, overrides: Partial<AgentMarketSettings> = {}): AgentMarketSettings {
  return agentMarketSettings({ seed, startTs: START, startPrice: 10_000, ...overrides });
}

/** Keeps what a live market tells, and the book that it makes. */
class Ear implements LiveMarketListener {
  readonly reports: LiveReport[] = [];
  readonly trades: number[][] = [];
  readonly book = new OrderBook();
  private readonly block = makeBookDeltaBlock(0, 4096);

  onReport(report: LiveReport): void {
    this.reports.push(report);
  }

  onTrade(ts: number, price: number, quantity: number, side: number): void {
    this.trades.push([ts, price, quantity, side]);
  }

  onBook(ts: number, rows: DeltaRows): void {
    const { block } = this;
    for (let row = 0; row < rows.length; row += 1) {
      block.tsInit[0] = ts;
      block.action[0] = rows.action[row]!;
      block.side[0] = rows.side[row]!;
      block.price[0] = rows.price[row]!;
      block.quantity[0] = rows.quantity[row]!;
      block.orderId[0] = rows.orderId[row]!;
      block.flags[0] = rows.flags | (row + 1 === rows.length ? BookFlag.LAST : 0);
      const fault = this.book.apply(block, 0);
      if (fault !== 0) throw new Error(`fault ${fault}`);
    }
  }
}

/** Orders of a side as anyone may see them: id, price and what is shown, by queue. */
function shownIn(engine: MatchingEngine, side: number): number[] {
  const ladder = side > 0 ? engine.book.bids : engine.book.asks;
  const { orders } = engine.book;
  const found: number[] = [];
  for (let key = ladder.bestKey; key !== Infinity; key = ladder.keyAfter(key))
    for (let slot = ladder.headAt(key); slot !== 0; slot = orders.next(slot))
      found.push(orders.id(slot), -side * key, orders.pool.numbers[(slot << ROW_BITS) | QUANTITY]!);
  return found;
}

function toldOf(book: OrderBook, side: number): number[] {
  const found: number[] = [];
  for (let price = book.best(side); price !== 0; price = book.priceAfter(side, price))
    for (const id of book.orderIdsAt(side, price)) found.push(id, price, book.quantityOf(id));
  return found;
}

/** An order near the best prices, of any kind. */
function anyOrder(random: Random, book: OrderBook, now: number): NewExchangeOrder {
  const pick = <T>(all: readonly T[]): T => all[random.nextBelow(all.length)]!;
  const price = (): number => Math.max(1, (random.nextBelow(2) === 0 ? book.bestBid : book.bestAsk) + random.nextBelow(9) - 4);
  const orderType = pick([1, 2, 2, 2, 2, 3, 4, 6, 7] as const);
  const hasLimit = orderType === 2 || orderType === 4 || orderType === 7;
  const orderQty = 1 + random.nextBelow(60);
  const timeInForce = orderType === 2 ? pick([2, 2, 2, 3, 4, 5] as const) : 2;
  return {
    ...PLAIN,
    side: pick([1, -1] as const),
    orderType,
    timeInForce,
    orderQty,
    limitPrice: hasLimit ? price() : 0,
    stopPrice: orderType > 2 ? price() : 0,
    displayQty: hasLimit && timeInForce === 2 && random.nextBelow(2) === 0 ? 1 + random.nextBelow(Math.min(orderQty, 5)) : 0,
    expireTs: timeInForce === 5 ? now + 1 + random.nextBelow(20 * SECOND) : 0,
    owner: 1 + random.nextBelow(3),
    selfTrade: pick([0, 1, 2, 3, 4] as const),
    isPostOnly: orderType === 2 && timeInForce === 2 && random.nextBelow(6) === 0,
  };
}

describe('a live market of agents', () => {
  it('is the market of the data while nobody else trades, gaps and halts included, however its clock is driven', () => {
    const halts = { perDay: 0, at: [START + 40 * SECOND], lastingUs: 15 * SECOND };
    const gaps = { perDay: 0, at: [START + 20 * SECOND, START + 50 * SECOND, START + 115 * SECOND], lastingUs: 10 * SECOND };
    const one = new AgentMarketData(settings(1, { halts, gaps }), END, { instrument: 0, priceIncrement: 1, lotSize: 1 });
    const wanted = { trades: rowsOf(one.trades(), trade), deltas: rowsOf(one.deltas('orders'), delta) };
    expect(wanted.trades.length).toBeGreaterThan(30);
    expect(wanted.deltas.filter(([, action]) => action === BookAction.GAP)).toHaveLength(3);
    for (const stepUs of [777, SECOND, 120 * SECOND]) {
      const ear = new RowKeeper();
      const live = new LiveMarket(settings(1, { halts, gaps }), ear);
      for (let ts = START + stepUs; ts < END; ts += stepUs) live.advanceTo(ts);
      live.advanceTo(END - 2);
      expect(ear.trades).toEqual(wanted.trades);
      expect(ear.deltas).toEqual(wanted.deltas);
    }
  });

  it('lets an order queue behind those before it, and tells its owner of every fill until it is done', () => {
    const ear = new Ear();
    const live = new LiveMarket(settings(2), ear);
    live.advanceTo(START + 5 * SECOND);
    const price = ear.book.bestBid;
    const before = ear.book.orderIdsAt(1, price);
    const id = live.submit(START + 5 * SECOND, { ...PLAIN, orderQty: 30, limitPrice: price });
    expect(ear.reports).toMatchObject([{ kind: ReportKind.ACCEPTED, orderId: id, owner: 1, quantity: 30 }]);
    expect(ear.book.orderIdsAt(1, price)).toEqual([...before, id]);
    while (live.openOrders > 0) {
      live.advanceTo(live.nextTs);
      const queue = ear.book.orderIdsAt(1, price);
      if (live.openOrders === 0) break;
      // Whoever came later stands behind, and nothing fills before its turn.
      expect(queue.slice(0, queue.indexOf(id)).filter((each) => !before.includes(each))).toEqual([]);
      if (ear.reports.length > 1) expect(queue[0]).toBe(id);
    }
    const fills = ear.reports.slice(1);
    expect(fills.every(({ kind, isMaker, price: at }) => kind === ReportKind.TRADE && isMaker && at === price)).toBe(true);
    expect(fills.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(30);
  });

  it('lets an order expire when its time comes, though no agent acts then, and tells when to come back for it', () => {
    const ear = new Ear();
    const live = new LiveMarket(settings(4), ear);
    const expireTs = START + 7 * SECOND + 1;
    live.submit(START + SECOND, { ...PLAIN, timeInForce: 5, limitPrice: 9000, expireTs });
    let woken = 0;
    while (live.openOrders > 0) {
      woken = live.nextTs;
      live.advanceTo(woken);
    }
    expect(woken).toBe(expireTs);
    expect(ear.reports.at(-1)).toMatchObject({ kind: ReportKind.EXPIRED, ts: expireTs, owner: 1 });
  });

  it('refuses a time that is none', () => {
    const live = new LiveMarket(settings(4), new Ear());
    const nextTs = live.nextTs;
    for (const ts of [Number.NaN, Infinity, 0.5]) {
      expect(() => live.submit(ts, { ...PLAIN, limitPrice: 9000 })).toThrow(/microseconds/);
      expect(() => live.advanceTo(ts)).toThrow(/microseconds/);
    }
    expect(live.nextTs).toBe(nextTs);
  });

  it('takes at the best price, moves the market, and agents bring it back to what they think it is worth', () => {
    const ear = new Ear();
    const live = new LiveMarket(settings(3, { annualVolatility: 0.01 }), ear);
    live.advanceTo(START + 30 * SECOND);
    const { bestAsk, askSize } = ear.book;
    live.submit(START + 30 * SECOND, { ...PLAIN, orderType: 1, orderQty: askSize + 2000, owner: 9 });
    const fills = ear.reports.filter(({ kind }) => kind === ReportKind.TRADE);
    expect(fills[0]).toMatchObject({ owner: 9, price: bestAsk, isMaker: false });
    expect(fills.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(askSize + 2000);
    const middle = (): number => (ear.book.bestBid + ear.book.bestAsk) / 2;
    expect(ear.book.bestAsk).toBeGreaterThan(bestAsk + 3);
    live.advanceTo(START + 120 * SECOND);
    expect(Math.abs(middle() - live.market.fundamentalValue)).toBeLessThan(4);
    // Agents did other things than they would have done.
    const quiet = new Ear();
    new LiveMarket(settings(3, { annualVolatility: 0.01 }), quiet).advanceTo(START + 120 * SECOND);
    expect(ear.trades.slice(-20)).not.toEqual(quiet.trades.slice(-20));
  });

  it('changes and cancels orders for their owner and nobody else', () => {
    const ear = new Ear();
    const live = new LiveMarket(settings(4), ear);
    const id = live.submit(START + SECOND, { ...PLAIN, limitPrice: 9000 });
    expect(live.cancel(START + SECOND, 2, id)).toBe(false);
    expect(live.modify(START + SECOND, 2, id, 3, 9001)).toBe(false);
    expect(live.modify(START + SECOND, 1, id, 3, 9001)).toBe(true);
    expect(live.cancel(START + SECOND, 1, id)).toBe(true);
    expect(live.cancel(START + SECOND, 1, id)).toBe(false);
    live.submit(START + SECOND, { ...PLAIN, orderQty: 0 });
    expect(ear.reports.map(({ kind, quantity, reason }) => [kind, quantity, reason])).toEqual([
      [ReportKind.ACCEPTED, 5, ExchangeReason.NONE],
      [ReportKind.MODIFIED, 3, ExchangeReason.NONE],
      [ReportKind.CANCELED, 3, ExchangeReason.REQUESTED],
      [ReportKind.REJECTED, 0, ExchangeReason.BAD_QUANTITY],
    ]);
    expect(live.openOrders).toBe(0);
  });

  it('tells a book that is what the exchange shows after every event, whatever others order, and the same again for the same calls', () => {
    const play = (seed: number): string => {
      const ear = new Ear();
      const halts = { perDay: 0, at: [START + 60 * SECOND, START + 200 * SECOND], lastingUs: 20 * SECOND };
      const live = new LiveMarket(settings(seed, { halts, gaps: { ...NEVER, lastingUs: SECOND } }), ear);
      const random = stream(seed, 'outsiders');
      const open: [number, number][] = [];
      for (let ts = START; ts < START + 240 * SECOND; ts += 1 + random.nextBelow(SECOND / 2)) {
        const choice = random.nextBelow(10);
        const [id, owner] = open[random.nextBelow(open.length + 1)] ?? [0, 1];
        if (choice < 6) {
          const order = anyOrder(random, ear.book, ts);
          open.push([live.submit(ts, order), order.owner]);
        } else if (choice < 8) live.modify(ts, owner, id, 1 + random.nextBelow(70), ear.book.bestBid + random.nextBelow(7) - 3);
        else if (choice < 9) live.cancel(ts, owner, id);
        else live.advanceTo(ts);
        for (const side of [1, -1]) {
          const [told, shown] = [toldOf(ear.book, side), shownIn(live.market.engine, side)];
          if (told.length !== shown.length || told.some((value, at) => value !== shown[at])) expect(told, `${seed} ${ts}`).toEqual(shown);
        }
      }
      const filled = new Map<number, number>();
      for (const { kind, orderId, quantity } of ear.reports)
        if (kind === ReportKind.TRADE) filled.set(orderId, (filled.get(orderId) ?? 0) + quantity);
      expect(filled.size).toBeGreaterThan(50);
      const digest = new Digest();
      for (const report of ear.reports) for (const value of Object.values(report)) digest.addNumber(Number(value));
      return digest.hex();
    };
    expect(play(5)).toBe(play(5));
    play(6);
  });
});
