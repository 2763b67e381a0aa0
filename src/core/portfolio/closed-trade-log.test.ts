import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClosedTradeLog } from './closed-trade-log.ts';
import { Side } from '../../model/order.ts';
import { type ClosedTrade, PositionSide } from '../../model/position.ts';
import { BTC, fill, instrument, USDT } from './portfolio.fixture.ts';
import {
  CLOSED_QUANTITY,
  ENTRY_COMMISSION,
  ENTRY_DENOMINATOR,
  ENTRY_NUMERATOR,
  ENTRY_TS,
  ENTRY_VALUE,
  EXIT_COMMISSION,
  EXIT_VALUE,
  PositionBooking,
  REALIZED_PNL,
} from './position-booking.ts';

const PERP = instrument('PERPETUAL', 'BTC-USDT.X', BTC, USDT, { priceDecimals: 1 });

const count = fc.maxSafeNat();
const money = fc.oneof(fc.bigInt(-(10n ** 15n), 10n ** 15n), fc.bigInt());
const tag = fc.oneof(fc.constantFrom('', 'entry', 'stop'), fc.string());
const trade: fc.Arbitrary<ClosedTrade> = fc.record({
  strategy: fc.integer({ min: -1, max: 100 }),
  instrument: fc.integer({ min: 0, max: 5000 }),
  positionSide: fc.constantFrom(-1 as const, 0 as const, 1 as const),
  side: fc.constantFrom(1 as const, -1 as const),
  quantity: count,
  entryTs: fc.maxSafeInteger(),
  exitTs: fc.maxSafeInteger(),
  entryPx: fc.record({ numerator: money, denominator: money }),
  exitPx: fc.maxSafeInteger(),
  entryValue: money,
  exitValue: money,
  entryCommission: money,
  exitCommission: money,
  grossPnl: money,
  pnl: money,
  entryTag: tag,
  exitTag: tag,
});

describe('a log of closed trades', () => {
  it('gives back every trade as it was, by place, by walk and by map', () => {
    fc.assert(
      fc.property(fc.array(trade, { maxLength: 20 }), (trades) => {
        const log = new ClosedTradeLog();
        for (const each of trades) log.push(each);
        expect(log.length).toBe(trades.length);
        expect(trades.map((_, row) => log.at(row))).toEqual(trades);
        expect([...log]).toEqual(trades);
        expect(log.map((each, row) => [each.exitTag, row])).toEqual(trades.map((each, row) => [each.exitTag, row]));
      }),
      { numRuns: 500 },
    );
  });

  it('gives back what was written as doubles beside what was written as bigints', () => {
    const log = new ClosedTradeLog();
    const money = new PositionBooking().money.doubles;
    const write = (quantity: number, figures: readonly [number, number, number, number, number, number, number]): void => {
      money[CLOSED_QUANTITY] = quantity;
      money[ENTRY_TS] = 1_700_000_000_000_000;
      [ENTRY_NUMERATOR, ENTRY_DENOMINATOR, ENTRY_VALUE, EXIT_VALUE, ENTRY_COMMISSION, EXIT_COMMISSION, REALIZED_PNL].forEach(
        (place, at) => {
          money[place] = figures[at]!;
        },
      );
      log.pushBooked(fill(PERP, 'SELL', '1', '5.0', '0', { strategy: 3, tsEvent: 9, tag: 'out' }), PositionSide.NET, 'in', money);
    };
    const long: ClosedTrade = {
      strategy: 3,
      instrument: 0,
      positionSide: PositionSide.NET,
      side: Side.BUY,
      quantity: 2,
      entryTs: 1_700_000_000_000_000,
      exitTs: 9,
      entryPx: { numerator: 90n, denominator: 30n },
      exitPx: 50,
      entryValue: 60n,
      exitValue: 75n,
      entryCommission: 4n,
      exitCommission: -1n,
      grossPnl: 15n,
      pnl: 12n,
      entryTag: 'in',
      exitTag: 'out',
    };
    write(2, [90, 30, 60, 75, 4, -1, 15]);
    log.push({ ...long, pnl: 2n ** 70n });
    write(-2, [-90, 30, -60, -75, 4, -1, -15]);
    expect([...log]).toEqual([long, { ...long, pnl: 2n ** 70n }, { ...long, side: Side.SELL, grossPnl: -15n, pnl: -18n }]);
  });

  it('has no trade before its first nor after its last', () => {
    expect(() => new ClosedTradeLog().at(0)).toThrow('closed trade 0 of 0');
    expect(() => new ClosedTradeLog().at(-1)).toThrow('closed trade -1 of 0');
  });
});
