import { describe, expect, it } from 'vitest';
import { BookAction, BookFlag } from '../../model/book-delta.ts';
import { instrumentWith } from '../../model/instrument.fixture.ts';
import { OrderFlag, TimeInForce } from '../../model/order.ts';
import { BUY, cancel, limit, market, SELL, stop, stopLimit } from '../simulated-venue.fixture.ts';
import { ASK, BID, BOOK, DepthPlayer, level, play, type Recorded, snapshot, trade } from './depth-player.fixture.ts';

describe('an order that takes', () => {
  it('takes level after level, each at its own price, and a market order ends where nothing is left', () => {
    expect(
      play()
        .send(5, market(1, BUY, 6))
        .lines(),
    ).toEqual(['Accepted 1', 'Fill 1 4@101 TAKER at 5', 'Fill 1 2@103 TAKER at 5']);
    expect(
      play()
        .send(5, market(1, BUY, 20))
        .lines(),
    ).toEqual(['Accepted 1', 'Fill 1 4@101 TAKER at 5', 'Fill 1 9@103 TAKER at 5', 'Canceled 1 VENUE_NO_LIQUIDITY']);
    expect(
      play()
        .send(5, market(1, SELL, 20))
        .lines(),
    ).toEqual(['Accepted 1', 'Fill 1 5@99 TAKER at 5', 'Fill 1 7@98 TAKER at 5', 'Canceled 1 VENUE_NO_LIQUIDITY']);
  });

  it('does not meet what a trade has taken since the level was told, at its price and better ones', () => {
    const player = play(trade(6, 103, 2, 1), level(20, ASK, 101, 4));
    player.send(7, market(1, BUY, 4)).send(20, market(2, BUY, 1));
    expect(player.fills()).toEqual(['1 4@103 TAKER at 7', '2 1@101 TAKER at 20']);
  });

  it('waits for a book that may not be used, and is judged when there is one: post-only and taking alike', () => {
    const broken: Recorded = { ts: 3, action: BookAction.GAP };
    const whole = snapshot(9, [[99, 5]], [[101, 4]]);
    const player = play(broken, ...whole);
    player
      .send(5, limit(1, BUY, 2, 105))
      .send(6, limit(2, BUY, 2, 200, { flags: OrderFlag.POST_ONLY }))
      .advance(9);
    expect(player.lines()).toEqual(['Accepted 1', 'Accepted 2', 'Fill 1 2@101 TAKER at 9', 'Canceled 2 VENUE_POST_ONLY_WOULD_TAKE']);
  });

  it('goes as far as its limit, and what is left of it rests', () => {
    const player = play(trade(9, 102, 5, -1));
    expect(
      player
        .send(5, limit(1, BUY, 6, 102))
        .advance(9)
        .fills(),
    ).toEqual(['1 4@101 TAKER at 5', '1 2@102 MAKER at 9']);
  });

  it('IOC ends with what it got, FOK gets all or nothing', () => {
    const ioc = { timeInForce: TimeInForce.IOC };
    const fok = { timeInForce: TimeInForce.FOK };
    expect(
      play()
        .send(5, limit(1, BUY, 6, 101, ioc))
        .lines(),
    ).toEqual(['Accepted 1', 'Fill 1 4@101 TAKER at 5', 'Canceled 1 VENUE_IOC_REMAINDER']);
    expect(
      play()
        .send(5, limit(1, BUY, 5, 101, fok))
        .lines(),
    ).toEqual(['Accepted 1', 'Canceled 1 VENUE_FOK_NOT_FILLABLE']);
    expect(
      play()
        .send(5, limit(1, BUY, 5, 103, fok))
        .fills(),
    ).toEqual(['1 4@101 TAKER at 5', '1 1@103 TAKER at 5']);
  });

  it('post-only does not take, reduce-only takes no more than there is to close', () => {
    const post = { flags: OrderFlag.POST_ONLY };
    expect(
      play()
        .send(5, limit(1, BUY, 6, 101, post))
        .lines(),
    ).toEqual(['Rejected 1 VENUE_POST_ONLY_WOULD_TAKE']);
    const player = play();
    player.venue.setPosition(0, 3);
    expect(player.send(5, market(1, SELL, 9, { flags: OrderFlag.REDUCE_ONLY })).lines()).toEqual([
      'Accepted 1',
      'Fill 1 3@99 TAKER at 5',
      'Canceled 1 VENUE_NOTHING_TO_REDUCE',
    ]);
  });

  it('is sized at its fill by the first price it meets, which the first fill tells', () => {
    const player = new DepthPlayer(BOOK, { sizeAtFill: (_, price) => (price === 101 ? 6 : 0) });
    player.send(5, market(1, BUY, 50, { flags: OrderFlag.SIZE_AT_FILL }));
    expect(player.fills()).toEqual(['1 4@101 TAKER at 5', '1 2@103 TAKER at 5']);
    expect(player.reports.map((report) => ('orderQtyFinal' in report ? report.orderQtyFinal : null))).toEqual([null, 6, null]);
  });

  it('buys no more than cash pays for', () => {
    // 4 at 1.01 come to 4.04 and 2 at 1.03 to 2.06. What the account says that it has stays the same here, whatever is filled.
    const player = new DepthPlayer(BOOK, { cash: 404_000_000n });
    expect(player.send(5, market(1, BUY, 6)).lines()).toEqual(['Accepted 1', 'Fill 1 4@101 TAKER at 5', 'Fill 1 2@103 TAKER at 5']);
    const poor = new DepthPlayer(BOOK, { cash: 300_000_000n });
    expect(poor.send(5, market(1, BUY, 6)).lines()).toEqual(['Accepted 1', 'Fill 1 2@101 TAKER at 5', 'Canceled 1 VENUE_CASH_SHORT']);
  });

  it('ends where cash lacks a single one of what is there, whether it takes or rests', () => {
    const cash = { cash: 350_000_000n };
    const taking = new DepthPlayer(BOOK, cash).send(5, limit(1, BUY, 4, 101));
    expect(taking.lines()).toEqual(['Accepted 1', 'Fill 1 3@101 TAKER at 5', 'Canceled 1 VENUE_CASH_SHORT']);
    const resting = new DepthPlayer([...BOOK, trade(9, 99, 9, -1)], cash).send(5, limit(1, BUY, 4, 100)).advance(9);
    expect(resting.lines()).toEqual(['Accepted 1', 'Fill 1 3@100 MAKER at 9', 'Canceled 1 VENUE_CASH_SHORT']);
  });

  it('does not trade with an order of its own account', () => {
    const player = play().send(5, limit(1, SELL, 3, 102), market(2, BUY, 6));
    expect(player.lines()).toEqual(['Accepted 1', 'Accepted 2', 'Fill 2 4@101 TAKER at 5', 'Canceled 2 VENUE_SELF_TRADE']);
    expect(
      player
        .send(6, limit(3, BUY, 1, 102))
        .lines()
        .slice(4),
    ).toEqual(['Accepted 3', 'Canceled 3 VENUE_SELF_TRADE']);
  });

  it.each([
    ['before the first snapshot', []],
    ['from missing changes on', [...BOOK, { ts: 2, action: BookAction.GAP }]],
    ['while the book is crossed', [...BOOK, level(2, BID, 101, 1)]],
  ] as const)('finds nothing %s', (_, recorded) => {
    expect(new DepthPlayer(recorded).send(5, market(1, BUY, 1)).lines()).toEqual(['Accepted 1', 'Canceled 1 VENUE_NO_LIQUIDITY']);
  });
});

describe('what our orders took', () => {
  it('is gone until the level grows, and then only the growth is there', () => {
    const player = play(level(9, ASK, 101, 6));
    player.send(5, market(1, BUY, 3)).send(6, limit(2, BUY, 9, 101, { timeInForce: TimeInForce.IOC }));
    player.send(9, limit(3, BUY, 9, 101, { timeInForce: TimeInForce.IOC }));
    expect(player.fills()).toEqual(['1 3@101 TAKER at 5', '2 1@101 TAKER at 6', '3 2@101 TAKER at 9']);
    const waiting = play(level(9, ASK, 101, 6));
    waiting.send(5, market(1, BUY, 3)).send(9, limit(2, BUY, 9, 101, { timeInForce: TimeInForce.IOC }));
    expect(waiting.fills()).toEqual(['1 3@101 TAKER at 5', '2 3@101 TAKER at 9']);
  });

  it('is forgotten when the level ends: what comes again is new', () => {
    const player = play(level(8, ASK, 101, 0), level(9, ASK, 101, 4));
    player.send(5, market(1, BUY, 4)).send(9, market(2, BUY, 4));
    expect(player.fills()).toEqual(['1 4@101 TAKER at 5', '2 4@101 TAKER at 9']);
  });

  it('is still gone after a snapshot that shows it', () => {
    const again = snapshot(
      8,
      [[99, 5]],
      [
        [101, 4],
        [103, 9],
      ],
    );
    const player = play(...again);
    player.send(5, market(1, BUY, 4)).send(9, market(2, BUY, 4));
    expect(player.fills()).toEqual(['1 4@101 TAKER at 5', '2 4@103 TAKER at 9']);
  });

  it('is still gone after a snapshot of orders, wherever the last change before it was', () => {
    const order = (
      ts: number,
      side: number,
      price: number,
      quantity: number,
      orderId: number,
      flags: number = BookFlag.SNAPSHOT,
    ): Recorded => ({
      ...{ ts, action: BookAction.ADD, side, price, quantity, orderId, flags },
    });
    const whole = (ts: number, quantity: number): Recorded[] => [
      { ts, action: BookAction.CLEAR, flags: BookFlag.SNAPSHOT },
      order(ts, BID, 99, 5, 1),
      order(ts, ASK, 101, quantity, 2),
      order(ts, ASK, 103, 50, 3, BookFlag.SNAPSHOT | BookFlag.LAST),
    ];
    for (const [side, price, orderId, left] of [
      [BID, 99, 1, 10],
      [ASK, 101, 2, 9],
    ] as const) {
      const last: Recorded = { ts: 6, action: BookAction.REDUCE, side, price, quantity: 1, orderId };
      const player = new DepthPlayer([...whole(1, 10), last, ...whole(8, left)]);
      player.send(5, market(1, BUY, 10)).send(9, market(2, BUY, 9));
      expect(player.fills()).toEqual(['1 10@101 TAKER at 5', '2 9@103 TAKER at 9']);
    }
  });

  it('comes back as much however often the level is told', () => {
    const told = Array.from({ length: 1000 }, (_, at) => level(10 + at, ASK, 101, 400 + (at % 2)));
    const player = new DepthPlayer([...BOOK, level(4, ASK, 101, 400), ...told], { rules: { impactHalfLifeUs: 1000 } });
    player.send(5, market(1, BUY, 400)).send(1005, limit(2, BUY, 999, 101, { timeInForce: TimeInForce.IOC }));
    // Of 401 shown 200 are missing: half of what was, a half-life ago.
    expect(player.fills()).toEqual(['1 400@101 TAKER at 5', '2 201@101 TAKER at 1005']);
  });

  it('comes back by halves where a half-life is stated', () => {
    const player = new DepthPlayer(BOOK, { rules: { impactHalfLifeUs: 10 } });
    const ioc = { timeInForce: TimeInForce.IOC };
    // Of 4 taken at 5, 2 are back at 15; those are taken too, so that 4 are missing then and 1 is back at 20 (4 × 2^-0.5 is 2.8, rounded up).
    player
      .send(5, market(1, BUY, 4))
      .send(15, limit(2, BUY, 9, 101, ioc))
      .send(20, limit(3, BUY, 9, 101, ioc));
    expect(player.fills()).toEqual(['1 4@101 TAKER at 5', '2 2@101 TAKER at 15', '3 1@101 TAKER at 20']);
  });

  it('does not hold up a queue that we join: what is before us is what is there for us', () => {
    const player = play(trade(9, 99, 4, -1));
    // 3 of the 5 bids are ours by now, so 2 are before the order, and a sale of 4 reaches it.
    expect(
      player
        .send(5, market(1, SELL, 3))
        .send(6, limit(2, BUY, 3, 99))
        .advance(9)
        .fills(),
    ).toEqual(['1 3@99 TAKER at 5', '2 2@99 MAKER at 9']);
  });
});

describe('a stop', () => {
  it('acts on the last trade, then takes what that left: nothing better than its price', () => {
    const player = play(trade(8, 100, 1, 1), trade(9, 102, 1, 1));
    expect(
      player
        .send(5, stop(1, BUY, 5, 102))
        .advance(9)
        .lines(),
    ).toEqual(['Accepted 1', 'Triggered 1', 'Fill 1 5@103 TAKER at 9']);
  });

  it('sells as it buys: at its price or below', () => {
    const player = play(trade(8, 99, 1, -1), trade(9, 98, 1, -1));
    expect(
      player
        .send(5, stop(1, SELL, 5, 98))
        .advance(9)
        .lines(),
    ).toEqual(['Accepted 1', 'Triggered 1', 'Fill 1 5@98 TAKER at 9']);
  });

  it('with a limit rests when it is triggered beyond what is there', () => {
    const player = play(trade(9, 102, 1, 1), trade(10, 100, 9, -1));
    expect(
      player
        .send(5, stopLimit(1, BUY, 5, 102, 100))
        .advance(20)
        .lines(),
    ).toEqual(['Accepted 1', 'Triggered 1', 'Fill 1 5@100 MAKER at 10']);
  });

  it('with a limit waits where it is triggered while the book may not be used, and then joins the end of its queue', () => {
    const broken: Recorded = { ts: 6, action: BookAction.GAP };
    const player = play(broken, trade(7, 102, 1, 1), ...snapshot(9, [[99, 5]], [[101, 4]]), trade(10, 99, 5, -1), trade(11, 99, 1, -1));
    expect(
      player
        .send(5, stopLimit(1, BUY, 2, 102, 99))
        .advance(20)
        .lines(),
    ).toEqual(['Accepted 1', 'Triggered 1', 'Fill 1 1@99 MAKER at 11']);
  });

  it('acts on the other side of the book where the recording has no trades', () => {
    const player = play(level(9, ASK, 101, 0));
    expect(
      player
        .send(5, stop(1, BUY, 1, 103))
        .advance(9)
        .lines(),
    ).toEqual(['Accepted 1', 'Triggered 1', 'Fill 1 1@103 TAKER at 9']);
  });
});

describe('time', () => {
  const constant = (us: number) => ({ kind: 'constant', us }) as const;

  it('an order meets the book as it is at the venue when it gets there, before the house knows it', () => {
    // The house knows of the offer at 100 from 50 on; the venue had it at 30, by a feed of 20. The order leaves at 25 and arrives at 35.
    const player = new DepthPlayer([...BOOK, level(50, ASK, 100, 2)], {
      delay: { kind: 'stated', latency: constant(20) },
      latency: { orderEntry: constant(10), response: constant(7) },
    });
    player.send(25, market(1, BUY, 3)).advance(100);
    expect(player.lines()).toEqual(['Accepted 1', 'Fill 1 2@100 TAKER at 35', 'Fill 1 1@101 TAKER at 35']);
    expect(player.heard).toEqual([42, 42, 42]);
  });

  it('a recorded latency is corrected by how far the recording clock stood ahead', () => {
    const recorded = [...BOOK, level(50, ASK, 100, 2)];
    // The venue's stamps equal the house's here: a clock ahead by −8 puts the row at 42 at the venue.
    const player = new DepthPlayer(recorded, { delay: { kind: 'recorded', clockAheadUs: -8 } });
    expect(player.send(41, market(1, BUY, 1)).fills()).toEqual(['1 1@101 TAKER at 41']);
    expect(
      player
        .send(42, market(2, BUY, 1))
        .fills()
        .slice(1),
    ).toEqual(['2 1@100 TAKER at 42']);
  });

  it('a cancel that arrives after the fill comes too late, and says so', () => {
    const player = new DepthPlayer([...BOOK, trade(40, 98, 9, -1)], {
      latency: { orderEntry: constant(10), response: constant(0) },
    });
    player
      .send(5, limit(1, BUY, 4, 99))
      .send(35, cancel(1))
      .advance(100);
    expect(player.lines()).toEqual(['Accepted 1', 'Fill 1 4@99 MAKER at 40', 'CancelRejected 1 VENUE_ORDER_NOT_WORKING']);
  });
});

describe('an instrument in lots', () => {
  it('fills in whole lots', () => {
    const player = new DepthPlayer(BOOK, { instrument: instrumentWith({ lotSize: 3 }) });
    expect(player.send(5, limit(1, BUY, 6, 101, { timeInForce: TimeInForce.IOC })).fills()).toEqual(['1 3@101 TAKER at 5']);
  });

  it.each([
    ['less than a lot is nothing to take', 2, ['Accepted 1']],
    ['a lot is', 3, ['Rejected 1 VENUE_POST_ONLY_WOULD_TAKE']],
  ] as const)('%s', (_, there, lines) => {
    const player = new DepthPlayer(snapshot(1, [[99, 6]], [[101, there]]), { instrument: instrumentWith({ lotSize: 3 }) });
    expect(player.send(5, limit(1, BUY, 3, 101, { flags: OrderFlag.POST_ONLY })).lines()).toEqual(lines);
  });
});
