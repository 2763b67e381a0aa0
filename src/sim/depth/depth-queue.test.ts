import { describe, expect, it } from 'vitest';
import { BookAction, BookFlag } from '../../model/book-delta.ts';
import { TimeInForce } from '../../model/order.ts';
import { BUY, cancel, limit, market, modify, SELL } from '../simulated-venue.fixture.ts';
import { ASK, BID, BOOK, DepthPlayer, level, play, type Recorded, snapshot, trade } from './depth-player.fixture.ts';

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

  it.each([
    ['at the best bid took the bids', BUY, 99, 99, ['1 1@99 MAKER at 9']],
    ['at the best ask took the asks', SELL, 101, 101, ['1 2@101 MAKER at 9']],
    ['between the two reaches nobody', BUY, 100, 100, []],
  ] as const)('a trade that does not say who took and was %s', (_, side, limitPrice, price, fills) => {
    // 5 bids and 4 asks stand before ours; 6 trade.
    const player = play(trade(9, price, 6, 0));
    player.send(5, limit(1, side, 4, limitPrice)).advance(9);
    expect(player.fills()).toEqual(fills);
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

  it('stands behind all orders of a snapshot that tells the book anew', () => {
    const inSnapshot = { flags: BookFlag.SNAPSHOT };
    const again: readonly Recorded[] = [
      { ts: 8, action: CLEAR, ...inSnapshot },
      { ...order(8, ADD, 11, 3), ...inSnapshot },
      { ...order(8, ADD, 12, 2), flags: BookFlag.SNAPSHOT | BookFlag.LAST },
    ];
    const player = new DepthPlayer([...two, ...again, order(9, ADD, 13, 4), trade(10, 99, 6, -1)]);
    // 5 were before us and 5 are again, though 11 and 12 have joined anew; 13 came after the snapshot, so behind us.
    expect(
      player
        .send(5, limit(1, BUY, 4, 99))
        .advance(10)
        .fills(),
    ).toEqual(['1 1@99 MAKER at 10']);
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
