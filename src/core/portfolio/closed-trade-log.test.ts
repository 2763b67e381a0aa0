import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as row from './closed-trade-log.ts';
import { ClosedTradeLog } from './closed-trade-log.ts';
import { Side } from '../../model/order.ts';
import { type ClosedTrade, PositionSide } from '../../model/position.ts';
import { BTC, fill, instrument, USDT } from './portfolio.fixture.ts';

const FIELDS = [
  row.QUANTITY,
  row.ENTRY_TS,
  row.ENTRY_NUMERATOR,
  row.ENTRY_DENOMINATOR,
  row.ENTRY_VALUE,
  row.EXIT_VALUE,
  row.ENTRY_COMMISSION,
  row.EXIT_COMMISSION,
  row.GROSS_PNL,
  row.PNL,
];
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
    const write = (side: Side, figures: readonly number[]): void => {
      const start = log.begin(fill(PERP, 'SELL', '1', '5.0', '0', { strategy: 3, tsEvent: 9, tag: 'out' }), PositionSide.NET, side, 'in');
      FIELDS.forEach((field, at) => {
        log.doubles[start + field] = figures[at]!;
      });
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
    write(Side.BUY, [2, 1_700_000_000_000_000, 90, 30, 60, 75, 4, -1, 15, 12]);
    log.push({ ...long, pnl: 2n ** 70n });
    write(Side.SELL, [2, 1_700_000_000_000_000, 90, 30, 60, 75, 4, -1, -15, -18]);
    expect([...log]).toEqual([long, { ...long, pnl: 2n ** 70n }, { ...long, side: Side.SELL, grossPnl: -15n, pnl: -18n }]);
  });

  it('has no trade before its first nor after its last', () => {
    expect(() => new ClosedTradeLog().at(0)).toThrow('closed trade 0 of 0');
    expect(() => new ClosedTradeLog().at(-1)).toThrow('closed trade -1 of 0');
  });
});
