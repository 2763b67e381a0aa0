import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OrderType, Side, TimeInForce } from '../../model/order.ts';
import { StrategyMistake } from '../strategy/strategy-mistake.ts';
import { ORDERS_MAX, OrderTable } from './order-table.ts';

const REQUEST = {
  strategy: 0,
  instrument: 0,
  side: Side.BUY,
  orderType: OrderType.MARKET,
  timeInForce: TimeInForce.GTC,
  orderQty: 1,
  limitPrice: 0,
  stopPrice: 0,
  expireTs: 0,
  flags: 0,
  targetWeightPpb: 0,
  tag: '',
};

describe('the order table', () => {
  it('ends the run in words, with a code, when it is full', () => {
    const table = new OrderTable(1, 1, 3);
    expect([table.append(REQUEST, 0), table.append(REQUEST, 0)]).toEqual([1, 2]);
    expect(() => table.append(REQUEST, 0)).toThrow(new StrategyMistake('STRATEGY_ENDLESS', 'a run holds at most 2 orders (ORDERS_MAX)'));
    expect(ORDERS_MAX).toBe(2 ** 24);
  });

  it('knows the tag of every order, saved and loaded, also past its first rows', () => {
    const table = new OrderTable(1, 1);
    const tags = Array.from({ length: 2000 }, (_, at) => ['', 'in', `out ${at % 7}`][at % 3]!);
    for (const tag of tags) table.append({ ...REQUEST, tag }, 0);
    const loaded = new OrderTable(1, 1);
    loaded.loadState(table.saveState());
    for (const each of [table, loaded]) expect(tags.map((_, at) => each.tagOf(at + 1))).toEqual(tags);
  });

  it('adds up price times quantity of the fills exactly, far past what a double can count', () => {
    const price = fc.oneof(fc.integer({ min: -1e6, max: 1e6 }), fc.maxSafeInteger());
    const quantity = fc.oneof(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }));
    fc.assert(
      fc.property(fc.array(fc.tuple(price, quantity), { maxLength: 6 }), (fills) => {
        const table = new OrderTable(1, 1);
        const id = table.append(REQUEST, 0);
        for (const [lastPx, lastQty] of fills) table.addFilled(id, lastPx, lastQty);
        expect(table.filledPxQty(id)).toBe(fills.reduce((sum, [lastPx, lastQty]) => sum + BigInt(lastPx) * BigInt(lastQty), 0n));
      }),
      // A product that no double counts, and a sum that one does.
      {
        examples: [
          [
            [
              [-5_000_000_000_000_001, 1],
              [3_333_333_333_333_333, 3],
            ],
          ],
        ],
      },
    );
  });
});
