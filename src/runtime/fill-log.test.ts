import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FillLog } from './fill-log.ts';
import type { Fill } from '../model/events.ts';

const count = fc.maxSafeNat();
const fill: fc.Arbitrary<Fill> = fc.record({
  kind: fc.constantFrom('OrderFilled' as const, 'OrderPartiallyFilled' as const),
  tradeId: fc.oneof(
    fc.integer({ min: 0, max: 2_000_000 }).map((number) => `T-${number}`),
    fc.constantFrom('', 'T-', 'T-01', 'T-1x', 'T-0', 'X-5', 'T-1234567890123456789', 'T-999999999999999', 'T--1', 'T-1.5', 't-1'),
    fc.string(),
  ),
  side: fc.constantFrom(1 as const, -1 as const),
  lastQty: count,
  lastPx: fc.integer({ min: -1e12, max: Number.MAX_SAFE_INTEGER }),
  cumQty: count,
  leavesQty: count,
  commission: fc.oneof(fc.bigInt(-(10n ** 12n), 10n ** 12n), fc.bigInt()),
  liquiditySide: fc.constantFrom(1 as const, 2 as const),
  tag: fc.constantFrom('', 'entry', 'stop', 'T-1'),
  clientOrderId: count,
  strategy: fc.integer({ min: -1, max: 100 }),
  instrument: fc.integer({ min: 0, max: 5000 }),
  tsEvent: fc.maxSafeInteger(),
  tsInit: fc.maxSafeInteger(),
});

describe('a fill log', () => {
  it('gives back every fill as it was, by place, by walk and by map', () => {
    fc.assert(
      fc.property(fc.array(fill, { maxLength: 20 }), (fills) => {
        const log = new FillLog();
        for (const each of fills) log.push(each);
        expect(log.length).toBe(fills.length);
        expect(fills.map((_, row) => log.at(row))).toEqual(fills);
        expect([...log]).toEqual(fills);
        expect(log.map((each, row) => [each.tradeId, row])).toEqual(fills.map((each, row) => [each.tradeId, row]));
      }),
      { numRuns: 500 },
    );
  });

  it('has no fill before its first nor after its last', () => {
    expect(() => new FillLog().at(0)).toThrow('fill 0 of 0');
    expect(() => new FillLog().at(-1)).toThrow('fill -1 of 0');
  });
});
