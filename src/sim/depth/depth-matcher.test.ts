import { describe, expect, it } from 'vitest';
import { BookAction } from '../../model/book-delta.ts';
import { instrumentWith } from '../../model/instrument.fixture.ts';
import { OrderFlag, TimeInForce } from '../../model/order.ts';
import { BUY, cancel, limit, market, modify, SELL, stop, stopLimit } from '../simulated-venue.fixture.ts';
import { ASK, BID, DepthPlayer, level, type Recorded, snapshot, trade } from './depth-player.fixture.ts';

/** Bids 99 × 5 and 98 × 7, asks 101 × 4 and 103 × 9, known from time 1 on. */
const BOOK = snapshot(
  1,
  [
    [99, 5],
    [98, 7],
  ],
  [
    [101, 4],
    [103, 9],
  ],
);

function play(...recorded: readonly Recorded[]): DepthPlayer {
  return new DepthPlayer([...BOOK, ...recorded]);
}

describe('an order that takes', () => {
  it('takes level after level, each at its own price, and a market order ends where nothing is left', () => {
    expect(
      play()
        .send(5, market(1, BUY, 6))
        .lines(),
    ).toEqual(['Accepted 1', 'Fill 1 4@101 TAKER at 5', 'Fill 1 2@103 TAKER at 5']);
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
    // 4 at 1.01 and 1 at 1.03 come to 5.07; a sixth would come to 6.10.
    const player = new DepthPlayer(BOOK, { cash: 600_000_000n });
    expect(player.send(5, market(1, BUY, 6)).lines()).toEqual(['Accepted 1', 'Fill 1 4@101 TAKER at 5', 'Fill 1 2@103 TAKER at 5']);
    const poor = new DepthPlayer(BOOK, { cash: 300_000_000n });
    expect(poor.send(5, market(1, BUY, 6)).lines()).toEqual(['Accepted 1', 'Fill 1 2@101 TAKER at 5', 'Canceled 1 VENUE_CASH_SHORT']);
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

describe('an order that rests in a book of levels', () => {
  it('fills when trades have taken what was before it, in part and then whole', () => {
    const player = play(trade(9, 99, 3, -1), trade(10, 99, 4, -1), trade(11, 99, 9, -1));
    expect(
      player
        .send(5, limit(1, BUY, 4, 99))
        .advance(20)
        .fills(),
    ).toEqual(['1 2@99 MAKER at 10', '1 2@99 MAKER at 11']);
  });

  it('fills before everybody at a worse price, by all of the trade', () => {
    expect(
      play(trade(9, 98, 2, -1))
        .send(5, limit(1, BUY, 4, 99))
        .advance(9)
        .fills(),
    ).toEqual(['1 2@99 MAKER at 9']);
  });

  it('is not reached by trades of the other side, nor by those at better prices', () => {
    const player = play(trade(9, 99, 9, 1), trade(10, 100, 9, -1));
    expect(
      player
        .send(5, limit(1, BUY, 4, 99))
        .advance(20)
        .fills(),
    ).toEqual([]);
  });

  it('two of ours at one price fill in the order in which they came, one before the other', () => {
    const player = play(level(6, BID, 99, 8), trade(9, 99, 10, -1));
    // Before the first are 5, before the second 8: of 10 the first gets 4 of the 5 that reach it, which leaves 6 of the 8.
    player
      .send(5, limit(1, BUY, 4, 99))
      .send(7, limit(2, BUY, 4, 99))
      .advance(9);
    expect(player.fills()).toEqual(['1 4@99 MAKER at 9']);
    const more = play(level(6, BID, 99, 8), trade(9, 99, 14, -1));
    more
      .send(5, limit(1, BUY, 4, 99))
      .send(7, limit(2, BUY, 4, 99))
      .advance(9);
    expect(more.fills()).toEqual(['1 4@99 MAKER at 9', '2 2@99 MAKER at 9']);
  });

  it('meets what the book brings to its price, and takes that out of the book', () => {
    // Our bid at 100 is the best; then an offer of 3 comes at 100, which would have met it.
    const player = play(level(9, ASK, 100, 3));
    player.send(5, limit(1, BUY, 4, 100)).advance(9);
    expect(player.fills()).toEqual(['1 3@100 MAKER at 9']);
    expect(player.send(10, limit(2, BUY, 1, 100, { timeInForce: TimeInForce.IOC })).fills().length).toBe(1);
  });

  it('keeps its place when only its quantity falls, and goes to the end when its price changes or its quantity grows', () => {
    const grown = level(6, BID, 99, 9);
    const player = play(grown, trade(9, 99, 6, -1));
    expect(
      player
        .send(5, limit(1, BUY, 4, 99))
        .send(7, modify(1, 2, 99))
        .advance(9)
        .fills(),
    ).toEqual(['1 1@99 MAKER at 9']);
    const larger = play(grown, trade(9, 99, 6, -1));
    expect(
      larger
        .send(5, limit(1, BUY, 4, 99))
        .send(7, modify(1, 5, 99))
        .advance(9)
        .fills(),
    ).toEqual([]);
  });

  it('ends when it is canceled', () => {
    const player = play(trade(9, 98, 9, -1));
    expect(
      player
        .send(5, limit(1, BUY, 4, 99))
        .send(6, cancel(1))
        .advance(9)
        .lines(),
    ).toEqual(['Accepted 1', 'Canceled 1']);
  });

  it('a fall that trades explain is no cancel', () => {
    // 3 of 5 trade; the level then shows 2. A model that took that for cancels would put us at the front.
    const rules = { queue: { kind: 'probability', ratio: 'sides', weight: { kind: 'power', exponent: 1 } } } as const;
    const player = new DepthPlayer([...BOOK, trade(9, 99, 3, -1), level(10, BID, 99, 2), trade(11, 99, 2, -1)], { rules });
    expect(
      player
        .send(5, limit(1, BUY, 4, 99))
        .advance(20)
        .fills(),
    ).toEqual([]);
  });

  it('a trade explains one fall of its level and not the next', () => {
    // Before us 5 and behind 15; a sale of 2 leaves 3, and the level falls by those 2. Then 6 are canceled, (15 ÷ 18) of them behind: 2 stay before us,
    // and a sale of 4 reaches 2 of ours.
    const rules = { queue: { kind: 'probability', ratio: 'sides', weight: { kind: 'power', exponent: 1 } } } as const;
    const levels = [level(6, BID, 99, 20), trade(9, 99, 2, -1), level(10, BID, 99, 18), level(11, BID, 99, 12), trade(12, 99, 4, -1)];
    const player = new DepthPlayer([...BOOK, ...levels], { rules });
    expect(
      player
        .send(5, limit(1, BUY, 4, 99))
        .advance(20)
        .fills(),
    ).toEqual(['1 2@99 MAKER at 12']);
  });

  it('risk-averse: cancels are of those behind us, as long as there are any', () => {
    // 5 before us, 5 behind; 6 are canceled: the 5 behind and 1 before. Then a sale of 5 reaches 1 of ours.
    const player = play(level(6, BID, 99, 10), level(8, BID, 99, 4), trade(9, 99, 5, -1));
    expect(
      player
        .send(5, limit(1, BUY, 4, 99))
        .advance(9)
        .fills(),
    ).toEqual(['1 1@99 MAKER at 9']);
  });

  it('by probability: cancels are shared out between those before and behind us', () => {
    // 5 before and 15 behind: behind is (15 ÷ 20) of the 8 canceled, before us 2 of them. Then a sale of 5 reaches 2 of ours.
    const rules = { queue: { kind: 'probability', ratio: 'sides', weight: { kind: 'power', exponent: 1 } } } as const;
    const recorded = [...BOOK, level(6, BID, 99, 20), level(8, BID, 99, 12), trade(9, 99, 5, -1)];
    expect(
      new DepthPlayer(recorded, { rules })
        .send(5, limit(1, BUY, 4, 99))
        .advance(9)
        .fills(),
    ).toEqual(['1 2@99 MAKER at 9']);
    expect(
      new DepthPlayer(recorded)
        .send(5, limit(1, BUY, 4, 99))
        .advance(9)
        .fills(),
    ).toEqual([]);
  });

  it.each([
    ['comes to a price behind the book that is told', 97, [level(8, BID, 97, 7)]],
    ['is at a price that leaves the book and comes again', 98, [level(7, BID, 98, 0), level(8, BID, 98, 7)]],
    ['is at a price that one snapshot lacks', 98, [...snapshot(7, [[99, 5]], [[101, 4]]), level(8, BID, 98, 7)]],
  ] as const)('stands behind all that is told where it %s', (_, at, then) => {
    // The book before shows 98 × 7 and nothing behind it.
    const player = play(...then, trade(9, at, 7, -1), trade(10, at, 1, -1));
    expect(
      player
        .send(5, limit(1, BUY, 4, at))
        .advance(10)
        .fills(),
    ).toEqual([`1 1@${at} MAKER at 10`]);
  });

  it('stands as far back as it can after a snapshot', () => {
    const again = snapshot(8, [[99, 2]], [[101, 4]]);
    const player = play({ ts: 7, action: BookAction.GAP }, ...again, trade(9, 99, 3, -1));
    expect(
      player
        .send(5, limit(1, BUY, 4, 99))
        .advance(9)
        .fills(),
    ).toEqual(['1 1@99 MAKER at 9']);
  });
});

describe('an order that rests in a book of orders', () => {
  const order = (ts: number, action: BookAction, orderId: number, quantity: number, price = 99): Recorded => ({
    ...{ ts, action, side: BID, price, quantity, orderId },
  });
  const { ADD, REDUCE, MODIFY, CLEAR } = BookAction;
  const two = [{ ts: 1, action: CLEAR }, order(2, ADD, 11, 3), order(3, ADD, 12, 2)];

  it('knows exactly what is before it: cancels before it count, those behind it do not', () => {
    const recorded = [...two, order(6, ADD, 13, 7), order(7, REDUCE, 11, 3), order(8, REDUCE, 13, 7), trade(9, 99, 3, -1)];
    // Before us was 12 with 2 alone.
    expect(
      new DepthPlayer(recorded)
        .send(5, limit(1, BUY, 4, 99))
        .advance(9)
        .fills(),
    ).toEqual(['1 1@99 MAKER at 9']);
  });

  it('an order that grows goes behind us, one that shrinks stays before us', () => {
    const recorded = [...two, order(6, MODIFY, 11, 4), order(7, MODIFY, 12, 1), trade(9, 99, 3, -1)];
    expect(
      new DepthPlayer(recorded)
        .send(5, limit(1, BUY, 4, 99))
        .advance(9)
        .fills(),
    ).toEqual(['1 2@99 MAKER at 9']);
  });

  it('a trade and the orders that it filled are told one after the other and counted once', () => {
    const recorded = [...two, trade(9, 99, 2, -1), order(9, REDUCE, 11, 2), trade(10, 99, 4, -1), order(10, REDUCE, 11, 1)];
    // Of 5 before us 2 are gone; of the next 4, 3 take what is left before us and 1 is ours.
    expect(
      new DepthPlayer(recorded)
        .send(5, limit(1, BUY, 4, 99))
        .advance(20)
        .fills(),
    ).toEqual(['1 1@99 MAKER at 10']);
  });

  it.each([
    ['leaves', [order(6, REDUCE, 11, 3), order(7, REDUCE, 12, 2), order(8, ADD, 13, 4)], 4],
    ['shrinks and another joins', [order(6, REDUCE, 11, 2), order(7, ADD, 13, 4)], 4],
    ['moves away', [order(6, MODIFY, 11, 3, 98), order(7, MODIFY, 12, 2, 98), order(8, ADD, 13, 2)], 2],
    ['stays', [order(8, ADD, 13, 2)], 2],
  ] as const)('what we took is missing of no more than the level shows: the order that was taken %s', (_, then, there) => {
    // All 5 of 99 are ours by 5; what is there again at 9 is what has joined since.
    const player = new DepthPlayer([...two, ...then]);
    player.send(5, market(1, SELL, 5)).send(9, limit(2, SELL, 9, 99, { timeInForce: TimeInForce.IOC }));
    expect(player.fills()).toEqual(['1 5@99 TAKER at 5', `2 ${there}@99 TAKER at 9`]);
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

  it('with a limit rests when it is triggered beyond what is there', () => {
    const player = play(trade(9, 102, 1, 1), trade(10, 100, 9, -1));
    expect(
      player
        .send(5, stopLimit(1, BUY, 5, 102, 100))
        .advance(20)
        .lines(),
    ).toEqual(['Accepted 1', 'Triggered 1', 'Fill 1 5@100 MAKER at 10']);
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

  it('the instrument in lots fills in whole lots', () => {
    const player = new DepthPlayer(BOOK, { instrument: instrumentWith({ lotSize: 3 }) });
    expect(player.send(5, limit(1, BUY, 6, 101, { timeInForce: TimeInForce.IOC })).fills()).toEqual(['1 3@101 TAKER at 5']);
  });
});
