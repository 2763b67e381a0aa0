import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClosedTradeLog } from './closed-trade-log.ts';
import type { ClosedTrade } from '../../model/position.ts';

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

  it('has no trade before its first nor after its last', () => {
    expect(() => new ClosedTradeLog().at(0)).toThrow('closed trade 0 of 0');
    expect(() => new ClosedTradeLog().at(-1)).toThrow('closed trade -1 of 0');
  });
});
