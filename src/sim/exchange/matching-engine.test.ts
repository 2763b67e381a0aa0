import { describe, expect, it } from 'vitest';
import {
  ExchangeOrderType as Type,
  ExchangeReason as Reason,
  ExchangeTimeInForce as Tif,
  type NewExchangeOrder,
  plainOrder,
  SelfTradePrevention as Stp,
  TradingPhase as Phase,
} from './exchange-order.ts';
import { playBoth } from './exchange-play.fixture.ts';
import { REPORT_BITS, ReportKind as Kind } from './exchange-reports.ts';
import { MatchingEngine, type MatchingEngineOptions } from './matching-engine.ts';

const KIND_NAMES = Object.fromEntries(Object.entries(Kind).map(([name, kind]) => [kind, name]));
const REASON_NAMES = Object.fromEntries(Object.entries(Reason).map(([name, reason]) => [reason, name]));

/** An exchange that is told things in short and answers in words. */
class Floor {
  readonly engine: MatchingEngine;

  constructor(options: MatchingEngineOptions = {}) {
    this.engine = new MatchingEngine(options);
  }

  send(side: 'buy' | 'sell', orderQty: number, limitPrice: number | null, more: Partial<NewExchangeOrder> = {}): number {
    const orderType = limitPrice === null ? Type.MARKET : Type.LIMIT;
    return this.engine.submit(plainOrder({ side: side === 'buy' ? 1 : -1, orderType, orderQty, limitPrice: limitPrice ?? 0, ...more }));
  }

  /** What was said since the last asking, but for acceptances: `TRADE 1/2 5@100` is five lots at 100 between orders 1 and 2. */
  said(): string[] {
    const { length, rows } = this.engine.reports;
    const lines: string[] = [];
    for (let report = 0; report < length; report += 1) {
      const [kind, id, other, price, quantity, reason] = rows.subarray(report << REPORT_BITS, (report << REPORT_BITS) + 6);
      if (kind === Kind.ACCEPTED) continue;
      const why = reason === Reason.NONE ? '' : ` ${REASON_NAMES[reason!]}`;
      lines.push(kind === Kind.TRADE ? `TRADE ${id}/${other} ${quantity}@${price}` : `${KIND_NAMES[kind!]} ${id} ${quantity}${why}`);
    }
    this.engine.reports.clear();
    return lines;
  }
}

describe('continuous trading', () => {
  it('trades at the better prices first, at one price the older order first, and rests what is left', () => {
    const floor = new Floor();
    floor.send('sell', 5, 101);
    floor.send('sell', 5, 100);
    floor.send('sell', 5, 100);
    floor.send('buy', 12, 101);
    expect(floor.said()).toEqual(['TRADE 2/4 5@100', 'TRADE 3/4 5@100', 'TRADE 1/4 2@101']);
    floor.send('buy', 5, 102);
    expect(floor.said()).toEqual(['TRADE 1/5 3@101']);
    expect(floor.engine.book.bids.quantityAt(-102)).toBe(2);
  });

  it('keeps the place of an order whose quantity falls, and sends one behind whose price changes or quantity grows', () => {
    const floor = new Floor();
    for (const quantity of [5, 5, 5]) floor.send('buy', quantity, 100);
    floor.engine.modify(1, 3, 100, 0);
    floor.engine.modify(2, 6, 100, 0);
    floor.send('sell', 20, 100);
    expect(floor.said()).toEqual(['MODIFIED 1 3', 'MODIFIED 2 6', 'TRADE 1/4 3@100', 'TRADE 3/4 5@100', 'TRADE 2/4 6@100']);
  });

  it('a modify below what has filled ends the order, one that crosses trades', () => {
    const floor = new Floor();
    floor.send('buy', 10, 100);
    floor.send('sell', 4, 100);
    floor.send('sell', 3, 105);
    floor.engine.modify(1, 4, 100, 0);
    expect(floor.said()).toEqual(['TRADE 1/2 4@100', 'CANCELED 1 6 ALREADY_FILLED']);
    floor.send('buy', 2, 99);
    floor.engine.modify(4, 2, 106, 0);
    expect(floor.said()).toEqual(['MODIFIED 4 2', 'TRADE 3/4 2@105']);
  });

  it('shows an iceberg slice by slice, each behind the orders that were there', () => {
    const floor = new Floor();
    floor.send('sell', 10, 100, { displayQty: 4 });
    floor.send('sell', 3, 100);
    expect(floor.engine.book.asks.quantityAt(100)).toBe(7);
    floor.send('buy', 12, 100);
    expect(floor.said()).toEqual(['TRADE 1/3 4@100', 'TRADE 2/3 3@100', 'TRADE 1/3 4@100', 'TRADE 1/3 1@100']);
    expect(floor.engine.book.asks.quantityAt(100)).toBe(1);
  });
});

describe('time in force', () => {
  it('IOC takes what is there, FOK all or nothing, a market order never rests', () => {
    const floor = new Floor();
    floor.send('sell', 5, 100);
    floor.send('buy', 6, 100, { timeInForce: Tif.FOK });
    floor.send('buy', 3, 100, { timeInForce: Tif.IOC });
    floor.send('buy', 2, 100, { timeInForce: Tif.FOK });
    floor.send('buy', 1, null);
    expect(floor.said()).toEqual(['CANCELED 2 6 NOT_FILLABLE', 'TRADE 1/3 3@100', 'TRADE 1/4 2@100', 'CANCELED 5 1 NO_LIQUIDITY']);
  });

  it('FOK counts on what icebergs hide', () => {
    const floor = new Floor();
    floor.send('sell', 10, 100, { displayQty: 1 });
    floor.send('buy', 10, 100, { timeInForce: Tif.FOK });
    expect(floor.said()).toHaveLength(10);
  });

  it('GTD ends at its time, DAY with the day, GTC stays', () => {
    const floor = new Floor();
    floor.send('buy', 1, 90, { timeInForce: Tif.GTD, expireTs: 20 });
    floor.send('buy', 1, 91, { timeInForce: Tif.GTD, expireTs: 10 });
    floor.send('buy', 1, 92, { timeInForce: Tif.DAY });
    floor.send('buy', 1, 93);
    floor.engine.advanceTo(9);
    expect(floor.said()).toEqual([]);
    floor.engine.advanceTo(20);
    floor.engine.setPhase(Phase.CLOSED);
    expect(floor.said()).toEqual(['EXPIRED 2 1', 'EXPIRED 1 1', 'EXPIRED 3 1']);
    floor.send('buy', 1, 94);
    expect(floor.said()).toEqual(['REJECTED 5 1 MARKET_CLOSED']);
    expect(floor.engine.cancel(4)).toBe(true);
  });
});

it('orders that end at one instant end in the order in which they came', () => {
  const floor = new Floor();
  for (let at = 0; at < 5; at += 1) floor.send('buy', 1, 90, { timeInForce: Tif.GTD, expireTs: 10 });
  floor.engine.advanceTo(10);
  expect(floor.said()).toEqual([1, 2, 3, 4, 5].map((id) => `EXPIRED ${id} 1`));
});

describe('orders that wait for a price', () => {
  const traded = (...prices: readonly number[]): Floor => {
    const floor = new Floor();
    for (const price of prices) {
      floor.send('sell', 1, price);
      floor.send('buy', 1, price);
    }
    floor.said();
    return floor;
  };

  it('a stop wakes when the market has come to it, after the order in hand, the nearest first', () => {
    const floor = traded(100);
    floor.send('sell', 1, null, { orderType: Type.STOP, stopPrice: 97 });
    floor.send('sell', 1, null, { orderType: Type.STOP, stopPrice: 98 });
    for (const price of [98, 97, 96, 95]) floor.send('buy', 1, price);
    floor.send('sell', 2, 97);
    expect(floor.said()).toEqual([
      'TRADE 5/9 1@98',
      'TRADE 6/9 1@97',
      'TRIGGERED 4 1',
      'TRADE 7/4 1@96',
      'TRIGGERED 3 1',
      'TRADE 8/3 1@95',
    ]);
  });

  it('a stop whose price is there already acts at once; a stop-limit rests at its limit', () => {
    const floor = traded(100);
    floor.send('buy', 1, 105, { orderType: Type.STOP_LIMIT, stopPrice: 99 });
    expect(floor.said()).toEqual(['TRIGGERED 3 1']);
    expect(floor.engine.book.bids.bestKey).toBe(-105);
  });

  it('a trailing stop follows the market up and never down: 3 behind 104 is 101', () => {
    const floor = traded(100);
    floor.send('sell', 1, null, { orderType: Type.TRAILING_STOP, trailingType: 1, trailingOffset: 3 });
    floor.send('buy', 9, 90);
    for (const price of [104, 102]) {
      floor.send('sell', 1, price);
      floor.send('buy', 1, price);
    }
    expect(floor.said()).toEqual(['TRADE 5/6 1@104', 'TRADE 7/8 1@102']);
    floor.send('sell', 1, 101);
    floor.send('buy', 1, 101);
    expect(floor.said()).toEqual(['TRADE 9/10 1@101', 'TRIGGERED 3 1', 'TRADE 4/3 1@90']);
  });

  it('a trailing stop by a share: 150 basis points of 201 are 3.015, rounded up to 4 ticks', () => {
    const floor = traded(201);
    floor.send('buy', 1, null, { orderType: Type.TRAILING_STOP, trailingType: 2, trailingOffset: 150 });
    floor.send('sell', 5, 210);
    for (const price of [204, 205]) {
      floor.send('sell', 1, price);
      floor.send('buy', 1, price);
    }
    expect(floor.said()).toEqual(['TRADE 5/6 1@204', 'TRADE 7/8 1@205', 'TRIGGERED 3 1', 'TRADE 4/3 1@210']);
  });

  it('an if-touched order waits for the better price', () => {
    const floor = traded(100);
    floor.send('buy', 1, null, { orderType: Type.MARKET_IF_TOUCHED, stopPrice: 98 });
    floor.send('sell', 2, 98);
    expect(floor.said()).toEqual([]);
    floor.send('buy', 1, 98);
    expect(floor.said()).toEqual(['TRADE 4/5 1@98', 'TRIGGERED 3 1', 'TRADE 4/3 1@98']);
  });
});

describe('what protects', () => {
  it.each([
    [Stp.CANCEL_NEWEST, ['CANCELED 3 5 SELF_TRADE']],
    [Stp.CANCEL_OLDEST, ['CANCELED 1 3 SELF_TRADE', 'TRADE 2/3 4@100']],
    [Stp.CANCEL_BOTH, ['CANCELED 1 3 SELF_TRADE', 'CANCELED 3 5 SELF_TRADE']],
    [Stp.DECREMENT, ['CANCELED 1 3 SELF_TRADE', 'REDUCED 3 3 SELF_TRADE', 'TRADE 2/3 2@100']],
    [Stp.NONE, ['TRADE 1/3 3@100', 'TRADE 2/3 2@100']],
  ])('self-trade prevention %i', (selfTrade, expected) => {
    const floor = new Floor();
    floor.send('sell', 3, 100, { owner: 7 });
    floor.send('sell', 4, 100, { owner: 8 });
    floor.send('buy', 5, 100, { owner: 7, selfTrade });
    expect(floor.said()).toEqual(expected);
  });

  it('a post-only order that would take is refused, and one that would come to is kept as it was', () => {
    const floor = new Floor();
    floor.send('sell', 1, 100);
    floor.send('buy', 1, 100, { isPostOnly: true });
    floor.send('buy', 1, 99, { isPostOnly: true });
    floor.engine.modify(3, 1, 100, 0);
    expect(floor.said()).toEqual(['REJECTED 2 1 WOULD_TAKE', 'MODIFY_REJECTED 3 1 WOULD_TAKE']);
    expect(floor.engine.book.bids.bestKey).toBe(-99);
  });

  it('a reduce-only order is cut to the position, again whenever that falls, and ends with it', () => {
    const floor = new Floor();
    floor.send('sell', 10, 100);
    floor.send('buy', 10, 100, { owner: 1 });
    floor.send('sell', 15, 105, { owner: 1, isReduceOnly: true });
    floor.send('sell', 4, 105, { owner: 1, isReduceOnly: true });
    floor.send('buy', 7, 99);
    floor.said();
    floor.send('sell', 7, 99, { owner: 1 });
    expect(floor.said()).toEqual(['TRADE 5/6 7@99', 'REDUCED 3 7 REDUCE_ONLY', 'REDUCED 4 1 REDUCE_ONLY']);
    floor.send('buy', 9, 105);
    expect(floor.said()).toEqual(['TRADE 3/7 3@105', 'CANCELED 4 3 REDUCE_ONLY']);
    floor.send('sell', 1, 105, { owner: 1, isReduceOnly: true });
    expect(floor.said()).toEqual(['REJECTED 8 1 REDUCE_ONLY']);
  });

  it('nothing trades outside the price band; what rests there when it is drawn is canceled', () => {
    const floor = new Floor();
    for (const price of [99, 101, 103]) floor.send('sell', 1, price);
    floor.engine.setPriceBand(98, 102);
    floor.send('buy', 1, 103);
    floor.send('buy', 5, null);
    expect(floor.said()).toEqual([
      'CANCELED 3 1 PRICE_BAND',
      'REJECTED 4 1 PRICE_BAND',
      'TRADE 1/5 1@99',
      'TRADE 2/5 1@101',
      'CANCELED 5 3 NO_LIQUIDITY',
    ]);
  });

  it('a book with as many orders as it may hold refuses the next', () => {
    const floor = new Floor({ ordersMax: 1 });
    floor.send('buy', 1, 99);
    floor.send('buy', 1, 98);
    expect(floor.said()).toEqual(['REJECTED 2 1 BOOK_FULL']);
  });
});

describe('auctions', () => {
  it('the opening trades at the price of the greatest volume, market orders first, and ends what was for it', () => {
    const floor = new Floor({ phase: Phase.OPENING });
    floor.send('buy', 5, 102);
    floor.send('buy', 4, 101);
    floor.send('buy', 3, null, { timeInForce: Tif.OPG });
    floor.send('sell', 6, 100);
    floor.send('sell', 4, 101);
    floor.send('sell', 9, 103, { timeInForce: Tif.OPG });
    floor.said();
    floor.engine.setPhase(Phase.CONTINUOUS);
    // Bought at 101: 3 + 5 + 4 = 12; sold: 10. At 102: 8 and 10. At 100: 12 and 6.
    expect(floor.said()).toEqual(['TRADE 3/4 3@101', 'TRADE 1/4 3@101', 'TRADE 1/5 2@101', 'TRADE 2/5 2@101', 'EXPIRED 6 9 AUCTION_OVER']);
    expect([floor.engine.book.bids.bestKey, floor.engine.book.lastPrice]).toEqual([-101, 101]);
  });

  it('orders for the closing stay aside until it comes, trade in it, and end', () => {
    const floor = new Floor();
    floor.send('buy', 5, null, { timeInForce: Tif.CLO });
    floor.send('sell', 2, 100, { timeInForce: Tif.CLO });
    floor.send('sell', 2, 101);
    expect(floor.said()).toEqual([]);
    floor.engine.setPhase(Phase.CLOSING);
    floor.engine.setPhase(Phase.CLOSED);
    expect(floor.said()).toEqual(['TRADE 1/2 2@101', 'TRADE 1/3 2@101', 'EXPIRED 1 1 AUCTION_OVER']);
  });

  it('a halt collects orders and wakes no stop; it ends in an auction', () => {
    const floor = new Floor();
    floor.send('sell', 1, 100);
    floor.send('buy', 1, 100);
    floor.send('buy', 1, null, { orderType: Type.STOP, stopPrice: 101 });
    floor.engine.setPhase(Phase.HALTED);
    floor.send('buy', 2, 102);
    floor.send('sell', 2, 102);
    floor.send('sell', 1, 104);
    expect(floor.said()).toEqual(['TRADE 1/2 1@100']);
    floor.engine.setPhase(Phase.CONTINUOUS);
    expect(floor.said()).toEqual(['TRADE 4/5 2@102', 'TRIGGERED 3 1', 'TRADE 6/3 1@104']);
  });

  it('a phase that cannot follow is a mistake of the caller', () => {
    const floor = new Floor({ phase: Phase.CLOSED });
    expect(() => floor.engine.setPhase(Phase.CLOSING)).toThrow('does not follow');
  });
});

describe('the matching engine', () => {
  it('says what a slow twin says, operation by operation, of every kind of order in every phase (10 million: test/simulation)', () => {
    let trades = 0;
    for (let seed = 1; seed <= 100; seed += 1) trades += playBoth(seed, 1000);
    expect(trades).toBeGreaterThan(4000);
  });
});
