import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BookAction } from '../../model/book-delta.ts';
import { BUY, cancel, limit } from '../simulated-venue.fixture.ts';
import { ASK, BID, DepthPlayer, level, type Recorded, snapshot, trade } from './depth-player.fixture.ts';

const { ADD, REDUCE, CLEAR } = BookAction;
const order = (ts: number, action: BookAction, orderId: number, quantity: number, side: 1 | -1 = BID, price = 99): Recorded => ({
  ...{ ts, action, side, price, quantity, orderId },
});

/** By levels and order by order: 5 before our first, 3 between it and our second, and what trades takes from the front. */
const BY_LEVELS = [
  ...snapshot(0, [[99, 5]], [[101, 4]]),
  ...[level(6, BID, 99, 8), trade(9, 99, 7, -1), level(9, BID, 99, 1), trade(11, 99, 1, -1), level(11, BID, 99, 0)],
  ...[level(12, BID, 99, 4), trade(13, 99, 3, -1), level(13, BID, 99, 1), level(16, BID, 99, 6), trade(17, 99, 6, -1)],
  ...[level(17, BID, 99, 0), level(19, BID, 99, 3), trade(20, 99, 3, -1), level(20, BID, 99, 0)],
];
const BY_ORDERS = [
  ...[{ ts: 0, action: CLEAR }, order(1, ADD, 11, 3), order(1, ADD, 12, 2), order(1, ADD, 1, 4, ASK, 101)],
  ...[order(6, ADD, 13, 3), trade(9, 99, 7, -1), order(9, REDUCE, 11, 3), order(9, REDUCE, 12, 2), order(9, REDUCE, 13, 2)],
  ...[trade(11, 99, 1, -1), order(11, REDUCE, 13, 1), order(12, ADD, 14, 4), trade(13, 99, 3, -1), order(13, REDUCE, 14, 3)],
  ...[order(16, ADD, 15, 5), trade(17, 99, 6, -1), order(17, REDUCE, 14, 1), order(17, REDUCE, 15, 5)],
  ...[order(19, ADD, 16, 3), trade(20, 99, 3, -1), order(20, REDUCE, 16, 3)],
];

describe.each([
  ['by levels', BY_LEVELS],
  ['order by order', BY_ORDERS],
])('a second order of ours in a queue %s', (_, recorded) => {
  it('stands behind those whom the recording lets go for lots that our first got', () => {
    // Of 7 the first gets 2, so of the 3 before the second none has gone, though 2 have in the recording. 1 goes; of the next 3 they are 2.
    const player = new DepthPlayer(recorded)
      .send(5, limit(1, BUY, 2, 99))
      .send(7, limit(2, BUY, 4, 99))
      .advance(15);
    expect(player.fills()).toEqual(['1 2@99 MAKER at 9', '2 1@99 MAKER at 13']);
  });

  it('and so does one that joins later', () => {
    // The second has 3 left at 15. Behind it are the 4 of 12, of whom the recording has 1: those are before the third. Of 6 the second gets 3,
    // they 3; of the next 3 they get the last and the third 2.
    const player = new DepthPlayer(recorded)
      .send(5, limit(1, BUY, 2, 99))
      .send(7, limit(2, BUY, 4, 99))
      .send(15, limit(3, BUY, 4, 99))
      .advance(21);
    expect(player.fills().slice(2)).toEqual(['2 3@99 MAKER at 17', '3 2@99 MAKER at 20']);
  });
});

it('a second order of ours keeps them before it through a snapshot', () => {
  const again = snapshot(10, [[99, 1]], [[101, 4]]);
  const recorded = BY_LEVELS.flatMap((each) => (each.ts === 11 && 'trade' in each ? [...again, each] : [each]));
  const player = new DepthPlayer(recorded)
    .send(5, limit(1, BUY, 2, 99))
    .send(7, limit(2, BUY, 4, 99))
    .advance(15);
  expect(player.fills()).toEqual(['1 2@99 MAKER at 9', '2 1@99 MAKER at 13']);
});

const ALONE_BY_LEVELS = [
  ...[...snapshot(0, [[99, 5]], [[101, 4]]), level(6, BID, 99, 7), trade(9, 99, 7, -1), level(9, BID, 99, 0)],
  ...[level(11, BID, 99, 4), trade(13, 99, 5, -1)],
];
const ALONE_BY_ORDERS = [
  ...[{ ts: 0, action: CLEAR }, order(1, ADD, 11, 5), order(1, ADD, 1, 4, ASK, 101), order(6, ADD, 12, 2), trade(9, 99, 7, -1)],
  ...[order(9, REDUCE, 11, 5), order(9, REDUCE, 12, 2), order(11, ADD, 13, 4), trade(13, 99, 5, -1)],
];

it.each([
  ['by levels', ALONE_BY_LEVELS],
  ['order by order', ALONE_BY_ORDERS],
])('an order that joins when none of ours is left finds the queue of the recording, %s', (_, recorded) => {
  // The first gets 2 of 7 and is canceled; before the second are the 4 that the recording has, and not the 2 that it lacks.
  const player = new DepthPlayer(recorded)
    .send(5, limit(1, BUY, 4, 99))
    .send(10, cancel(1))
    .send(12, limit(2, BUY, 4, 99))
    .advance(14);
  expect(player.fills()).toEqual(['1 2@99 MAKER at 9', '2 1@99 MAKER at 13']);
});

type Step = { readonly kind: 'join' | 'ours' | 'sale'; readonly quantity: number };

interface Played {
  readonly levels: readonly Recorded[];
  readonly orders: readonly Recorded[];
  readonly sent: readonly { readonly ts: number; readonly id: number; readonly quantity: number }[];
  readonly fills: readonly string[];
}

/**
 * One queue with everybody in it, others and ours, from whose front sales take; beside it what the recording has, where ours never were. Nobody cancels,
 * so nothing about the queue is guessed.
 */
function queueOf(steps: readonly Step[]): Played {
  const levels: Recorded[] = [...snapshot(0, [[98, 1]], [[105, 1]])];
  const orders: Recorded[] = [{ ts: 0, action: CLEAR }, order(0, ADD, 1, 1, BID, 98), order(0, ADD, 2, 1, ASK, 105)];
  const sent: { ts: number; id: number; quantity: number }[] = [];
  const fills: string[] = [];
  const queue: { id: number; left: number }[] = [];
  const recorded: { id: number; left: number }[] = [];
  const totalOf = (of: readonly { left: number }[]): number => of.reduce((sum, { left }) => sum + left, 0);
  steps.forEach(({ kind, quantity }, at) => {
    const ts = at + 1;
    const others = totalOf(queue.filter(({ id }) => id === 0));
    if (kind === 'join') {
      queue.push({ id: 0, left: quantity });
      recorded.push({ id: 100 + at, left: quantity });
      orders.push(order(ts, ADD, 100 + at, quantity));
      levels.push(level(ts, BID, 99, totalOf(recorded)));
    } else if (kind === 'ours') {
      // Once none of ours is left, nobody knows of those that the recording lacks.
      if (others !== totalOf(recorded) && queue.every(({ id }) => id === 0)) return;
      sent.push({ ts, id: sent.length + 1, quantity });
      queue.push({ id: sent.length, left: quantity });
    } else if (recorded.length > 0) {
      const sold = Math.min(quantity, totalOf(recorded));
      levels.push(trade(ts, 99, sold, -1));
      orders.push(trade(ts, 99, sold, -1));
      for (let left = sold; left > 0; ) {
        const first = queue[0]!;
        const lots = Math.min(left, first.left);
        if (first.id !== 0) fills.push(`${first.id} ${lots}@99 MAKER at ${ts}`);
        first.left -= lots;
        left -= lots;
        if (first.left === 0) queue.shift();
      }
      for (let left = sold; left > 0; ) {
        const first = recorded[0]!;
        const lots = Math.min(left, first.left);
        orders.push(order(ts, REDUCE, first.id, lots));
        first.left -= lots;
        left -= lots;
        if (first.left === 0) recorded.shift();
      }
      levels.push(level(ts, BID, 99, totalOf(recorded)));
    }
  });
  return { levels, orders, sent, fills };
}

it('orders of ours fill as in a queue that has everybody in it, where nobody cancels', () => {
  const step = fc.record({
    kind: fc.constantFrom<Step['kind']>('join', 'join', 'ours', 'sale', 'sale'),
    quantity: fc.integer({ min: 1, max: 9 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 50, size: 'max' }), (steps) => {
      const { levels, orders, sent, fills } = queueOf(steps);
      for (const recorded of [levels, orders]) {
        const player = new DepthPlayer(recorded);
        for (const { ts, id, quantity } of sent) player.send(ts, limit(id, BUY, quantity, 99));
        expect(player.advance(steps.length + 1).fills()).toEqual(fills);
      }
    }),
    { numRuns: 1000 },
  );
});
