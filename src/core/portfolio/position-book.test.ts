import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CostMethod } from '../../model/position.ts';
import { PositionSide } from '../../model/position.ts';
import { ClosedTradeLog } from './closed-trade-log.ts';
import { divideFill } from './fill-parts.ts';
import { LotBook } from './lot-book.ts';
import { BTC, fill, instrument, USDT } from './portfolio.fixture.ts';
import { PositionBook } from './position-book.ts';
import { PositionBooking } from './position-booking.ts';

/** One count of price times one of quantity is 10^4 counts of money. */
const PERP = instrument('PERPETUAL', 'BTC-USDT.X', BTC, USDT, { priceDecimals: 1, quantityDecimals: 3 });

const trade = fc.record({
  size: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 3_000_000 })),
  sign: fc.constantFrom(1, -1),
  lastPx: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 900_000 })),
  commission: fc.oneof(fc.bigInt(-9n, 99n), fc.bigInt(-(2n ** 54n), 2n ** 54n)),
  tag: fc.constantFrom('', 'in', 'out'),
});
const world = { method: fc.constantFrom<CostMethod[]>('AVERAGE', 'FIFO'), trades: fc.array(trade, { maxLength: 12 }) };

function lotBook(costMethod: CostMethod): LotBook {
  const position = { instrument: PERP, costMethod, positionSide: PositionSide.NET };
  return new LotBook(position, { realizedPnl: 0n, commission: 0n, lots: [] });
}

function isInDoubles({ realizedPnl, commission }: PositionBook): boolean {
  return Number.isSafeInteger(Number(realizedPnl)) && Number.isSafeInteger(Number(commission));
}

describe('a position book', () => {
  it('is as the list of lots in bigints after every fill, on both sides of 2^53, with its closed trades', () => {
    let rowsInDoubles = 0;
    fc.assert(
      fc.property(world.method, world.trades, (method, trades) => {
        const book = new PositionBook(PERP, method, PositionSide.NET);
        const twin = lotBook(method);
        const booking = new PositionBooking();
        const [log, twinLog] = [new ClosedTradeLog(), new ClosedTradeLog()];
        for (const { size, sign, ...more } of trades) {
          const one = fill(PERP, sign > 0 ? 'BUY' : 'SELL', '1', '1', '0', more);
          const quantity = sign * size;
          const before = { cost: twin.cost, realizedPnl: twin.realizedPnl };
          twin.apply(one, divideFill(twin, one.lastPx, quantity, one.commission), twinLog);
          booking.begin(one.commission);
          book.apply(one, quantity, booking, log);
          expect([book.quantity, book.cost, book.realizedPnl, book.commission, book.openTs]).toEqual([
            twin.quantity,
            twin.cost,
            twin.realizedPnl,
            twin.commission,
            twin.lots[0]?.openTs ?? 0,
          ]);
          expect(book.costDouble).toBe(Number(twin.cost));
          expect([booking.costChange, booking.realizedPnl]).toEqual([twin.cost - before.cost, twin.realizedPnl - before.realizedPnl]);
          expect(book.saveState().lots).toEqual(
            twin.lots.map((lot) => ({ ...lot, cost: lot.cost.toString(), commission: lot.commission.toString() })),
          );
          if (Number.isSafeInteger(booking.money.doubles[1])) rowsInDoubles += 1;
        }
        expect([...log]).toEqual([...twinLog]);
      }),
      { numRuns: 1500 },
    );
    expect(rowsInDoubles).toBeGreaterThan(100);
  });

  it('follows another that stood as it did to where its own booking would have led, also where only its own totals pass 2^53', () => {
    let followed = 0;
    let beyond = 0;
    const totals = fc.record({ realizedPnl: fc.bigInt(-(2n ** 53n), 2n ** 53n), commission: fc.bigInt(-(2n ** 53n), 2n ** 53n) });
    fc.assert(
      fc.property(world.method, world.trades, totals, (method, trades, { realizedPnl, commission }) => {
        const [leader, follower, alone] = [0, 1, 2].map(() => new PositionBook(PERP, method, PositionSide.NET)) as [
          PositionBook,
          PositionBook,
          PositionBook,
        ];
        const before = { dividend: '1', funding: '2', realizedPnl: realizedPnl.toString(), commission: commission.toString(), lots: [] };
        follower.loadState(before);
        alone.loadState(before);
        const [booking, own] = [new PositionBooking(), new PositionBooking()];
        for (const { size, sign, ...more } of trades) {
          const one = fill(PERP, sign > 0 ? 'BUY' : 'SELL', '1', '1', '0', more);
          booking.begin(one.commission);
          own.begin(one.commission);
          const isAlike = follower.standsAs(leader);
          leader.apply(one, sign * size, booking, null);
          if (isAlike) follower.follow(leader, one, sign * size, booking);
          else follower.apply(one, sign * size, booking, null);
          if (isAlike && isInDoubles(leader) && isInDoubles(follower)) followed += 1;
          else if (isAlike && isInDoubles(leader)) beyond += 1;
          alone.apply(one, sign * size, own, null);
          expect(follower.saveState()).toEqual(alone.saveState());
          expect([booking.realizedPnl, booking.costChange]).toEqual([own.realizedPnl, own.costChange]);
        }
      }),
      { numRuns: 1000 },
    );
    expect(Math.min(followed, beyond)).toBeGreaterThan(50);
  });

  it('does not stand as another that has paid another commission to come to the same', () => {
    const open = { quantity: 2, cost: '200', commission: '3', openTs: 5, tag: '' };
    const state = { dividend: '0', funding: '0', realizedPnl: '0', commission: '0' };
    const books = [open, open, { ...open, commission: '4' }, { ...open, cost: '201' }, { ...open, quantity: 1 }].map((lot) => {
      const book = new PositionBook(PERP, 'AVERAGE', PositionSide.NET);
      book.loadState({ ...state, lots: [lot] });
      return book;
    });
    expect(books.slice(1).map((book) => book.standsAs(books[0]!))).toEqual([true, false, false, false]);
  });

  it('that follows keeps its own time of opening until the position turns', () => {
    const open = { quantity: 2, cost: '200', commission: '3', openTs: 5, tag: 'a' };
    const state = { dividend: '0', funding: '0', realizedPnl: '0', commission: '0', lots: [open] };
    const [leader, follower] = [new PositionBook(PERP, 'AVERAGE', 0), new PositionBook(PERP, 'AVERAGE', 0)];
    leader.loadState({ ...state, lots: [{ ...open, openTs: 4, tag: 'b' }] });
    follower.loadState(state);
    const booking = new PositionBooking();
    for (const [quantity, openTs] of [
      [-1, 5],
      [-3, 9],
      [2, 0],
    ] as const) {
      const one = fill(PERP, 'SELL', '1', '1', '0', { tsEvent: 9 });
      booking.begin(0n);
      expect(follower.standsAs(leader)).toBe(true);
      leader.apply(one, quantity, booking, null);
      follower.follow(leader, one, quantity, booking);
      expect(follower.openTs).toBe(openTs);
    }
  });
});
