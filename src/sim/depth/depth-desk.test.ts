import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BookState, OrderBook } from '../../book/order-book.ts';
import { BookAction } from '../../model/book-delta.ts';
import { instrumentWith } from '../../model/instrument.fixture.ts';
import { DEFAULT_FILL_RULES } from '../matching/fill-rules.ts';
import { InstrumentDesk } from '../orders/instrument-desk.ts';
import { makeWorkingOrder } from '../orders/working-order.ts';
import { WorkingOrders } from '../orders/working-orders.ts';
import { BUY, limit } from '../simulated-venue.fixture.ts';
import { DepthDesk } from './depth-desk.ts';
import { ASK, BID, deltasOf, level, type Recorded, snapshot } from './depth-player.fixture.ts';
import { DEFAULT_DEPTH_RULES } from './depth-rules.ts';

function deskWith(levelsMax?: number): DepthDesk {
  const config = {
    instrument: instrumentWith(),
    rules: DEFAULT_FILL_RULES,
    fees: { kind: 'none' },
    matchOn: [3],
    matchSeries: -1,
  } as const;
  return new DepthDesk(new InstrumentDesk(config, new WorkingOrders()), DEFAULT_DEPTH_RULES, new OrderBook(levelsMax));
}

/** Applies rows as the matcher does, those of levels. */
function tell(depth: DepthDesk, recorded: readonly Recorded[]): void {
  const block = deltasOf(recorded);
  for (let row = 0; row < block.length; row += 1) {
    const side = block.side[row]! as 1 | -1;
    const price = block.price[row]!;
    const isLevel = block.action[row] === BookAction.SET && depth.book.state === BookState.VALID;
    const before = isLevel ? depth.book.quantityAt(side, price) : 0;
    depth.book.apply(block, row);
    if (isLevel) depth.levelChanged(side, price, before, depth.book.quantityAt(side, price), row);
    if (block.action[row] === BookAction.CLEAR) depth.noteMadeAnew();
    if ((block.flags[row]! & 1) !== 0) depth.endEvent(row);
  }
}

const BOOK = snapshot(
  0,
  [
    [99, 5],
    [98, 6],
  ],
  [
    [101, 4],
    [103, 9],
  ],
);

describe('what is remembered of a recorded book', () => {
  it('is no more than its levels: trades at prices that it does not show leave nothing behind', () => {
    const depth = deskWith();
    depth.noteTraded(BID, 99, 1);
    tell(depth, BOOK);
    expect(depth.rememberedLevels).toBe(0);
    for (let price = 104; price < 10_000; price += 1) depth.noteTraded(ASK, price, 1);
    // The asks at 101 and 103 lay before all of these.
    expect(depth.rememberedLevels).toBe(2);
    expect([depth.availableAt(ASK, 101, 1), depth.availableAt(ASK, 103, 1)]).toEqual([0, 0]);
    tell(depth, [level(1, ASK, 101, 0), level(2, ASK, 103, 0)]);
    expect(depth.rememberedLevels).toBe(0);
    tell(depth, [{ ts: 3, action: BookAction.GAP }]);
    depth.noteTraded(BID, 99, 1);
    expect(depth.rememberedLevels).toBe(0);
  });

  it('is, whatever the recording tells and we take, of levels that the book shows', () => {
    const side = fc.constantFrom<1 | -1>(1, -1);
    const price = fc.integer({ min: 90, max: 110 });
    const quantity = fc.integer({ min: 1, max: 9 });
    const step = fc.oneof(
      fc.record({ kind: fc.constant('level' as const), side, price, quantity: fc.integer({ min: 0, max: 9 }) }),
      fc.record({ kind: fc.constant('trade' as const), side, price, quantity }),
      fc.record({ kind: fc.constant('take' as const), side, price, quantity }),
      fc.record({ kind: fc.constant('anew' as const), side, price, quantity }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const depth = deskWith();
        tell(depth, BOOK);
        for (const { kind, side: of, price: at, quantity: lots } of steps) {
          if (kind === 'level') tell(depth, [level(1, of, at, lots)]);
          else if (kind === 'trade') depth.noteTraded(of, at, lots);
          else if (kind === 'anew') tell(depth, snapshot(1, [[at, lots]], [[at + 1, lots]]));
          else if (depth.availableAt(of, at, 1) > 0) depth.taken.take(of, at, Math.min(lots, depth.availableAt(of, at, 1)), 1);
          expect(depth.rememberedLevels).toBeLessThanOrEqual(2 * (depth.book.levelCount(1) + depth.book.levelCount(-1)));
        }
        const last = [1, -1].flatMap((of) => Array.from({ length: 25 }, (_, at) => level(2, of, 88 + at, 0)));
        tell(depth, last);
        expect(depth.rememberedLevels).toBe(0);
      }),
    );
  });

  it('is, of those whom the recording let go for us, of prices at which an order of ours rests', () => {
    const depth = deskWith();
    tell(depth, BOOK);
    const [at99, at98] = [99, 98].map((price, at) => ({ ...makeWorkingOrder(limit(at + 1, BUY, 4, price), 0, 0), isFresh: false }));
    depth.desk.orders.push(at99!, at98!);
    for (const price of [99, 98, 97]) depth.noteDisplaced(BID, price, 1);
    expect(depth.displacedPrices).toBe(2);
    depth.desk.orders.shift();
    depth.noteDisplaced(BID, 97, 1);
    expect(depth.displacedPrices).toBe(1);
  });

  it('trades on nothing from the level on that is one too many for the book, until a snapshot that it can hold', () => {
    const depth = deskWith(5);
    tell(depth, BOOK);
    expect(depth.bestAvailable(ASK, 1)).toBe(101);
    tell(depth, [level(1, BID, 97, 1)]);
    depth.noteTraded(ASK, 101, 1);
    expect([depth.bestAvailable(ASK, 1), depth.rememberedLevels]).toEqual([101, 1]);
    tell(depth, [level(2, BID, 96, 1)]);
    expect([depth.bestAvailable(ASK, 2), depth.bestAvailable(BID, 2)]).toEqual([0, 0]);
    depth.noteTraded(ASK, 103, 1);
    expect(depth.rememberedLevels).toBe(1);
    tell(depth, BOOK);
    expect([depth.bestAvailable(ASK, 3), depth.rememberedLevels]).toEqual([101, 0]);
  });
});
