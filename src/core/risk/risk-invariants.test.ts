import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OrderFlag, Side } from '../../model/order.ts';
import { House, limit, request, testInstrument, usd, USD } from '../orders/orders.fixture.ts';
import { ApprovedModify, ApprovedOrder } from './approval.ts';
import { TradingState } from '../../model/trading-state.ts';

/** What a modify leaves as it is. */
const TERMS = ['strategy', 'instrument', 'side', 'orderType', 'timeInForce', 'flags', 'expireTs', 'targetWeightPpb'] as const;
const COLUMNS = [...TERMS, 'orderQty', 'limitPrice', 'stopPrice'] as const;

const MAX_LONG = 100;
const MAX_SHORT = 80;
const MAX_EXPOSURE = 150;
const LIMITS = {
  everyInstrument: { maxLongQty: MAX_LONG, maxShortQty: MAX_SHORT },
  firm: { maxExposure: { amount: usd(MAX_EXPOSURE), currency: USD }, maxOpenOrders: 6 },
};

const KINDS = [
  'place',
  'place',
  'place',
  'accept',
  'fill',
  'fill',
  'modify',
  'modified',
  'modifyRejected',
  'cancel',
  'canceled',
  'cancelRejected',
  'timeOut',
] as const;
const step = fc.record({
  kind: fc.constantFrom(...KINDS),
  pick: fc.nat(1000),
  quantity: fc.integer({ min: 1, max: 70 }),
  isBuy: fc.boolean(),
  instrument: fc.nat(1),
  strategy: fc.nat(1),
  isReduceOnly: fc.boolean(),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** The venue's side: what it could still fill of every order, kept by the test from commands and answers alone. */
interface Working {
  readonly instrument: number;
  readonly side: number;
  orderQty: number;
  askedQty: number;
  filled: number;
}

/** Fills never go beyond what the venue could hold: the larger of what it has and what it was asked for. */
function leaves(order: Working): number {
  return Math.max(order.orderQty, order.askedQty) - order.filled;
}

function play(house: House, book: Map<number, Working>, positions: number[], step: Step, tradeNumber: number): void {
  const { kind, quantity, instrument, strategy } = step;
  if (kind === 'place') {
    const side = step.isBuy ? Side.BUY : Side.SELL;
    const id = house.place(limit(quantity, 100, { side, instrument, strategy, flags: step.isReduceOnly ? OrderFlag.REDUCE_ONLY : 0 }));
    if (house.sent(id).length > 0) book.set(id, { instrument, side, orderQty: quantity, askedQty: 0, filled: 0 });
    return;
  }
  const ids = [...book.keys()];
  const id = ids[step.pick % Math.max(ids.length, 1)];
  if (id === undefined) return;
  const order = book.get(id)!;
  switch (kind) {
    case 'accept':
      house.accept(id);
      return;
    case 'fill': {
      const lastQty = Math.min(quantity, order.orderQty - order.filled);
      if (lastQty <= 0) return;
      order.filled += lastQty;
      positions[order.instrument]! += order.side * lastQty;
      house.fill(id, `T${tradeNumber}`, lastQty);
      if (leaves(order) <= 0) book.delete(id);
      return;
    }
    case 'modify':
      if (house.modify(id, { orderQty: quantity, limitPrice: 100, stopPrice: 0 }) === null) order.askedQty = quantity;
      return;
    case 'modified':
      if (order.askedQty === 0) return;
      order.orderQty = Math.max(order.askedQty, order.filled);
      order.askedQty = 0;
      house.modified(id, order.orderQty, 100);
      if (leaves(order) <= 0) book.delete(id);
      return;
    case 'modifyRejected':
      if (order.askedQty === 0) return;
      order.askedQty = 0;
      house.modifyRejected(id);
      if (leaves(order) <= 0) book.delete(id);
      return;
    case 'cancel':
      house.orders.requestCancel(id, house.ts);
      return;
    case 'canceled':
      book.delete(id);
      house.canceled(id);
      return;
    case 'cancelRejected':
      house.cancelRejected(id);
      return;
    case 'timeOut':
      house.orders.timeOut(id, house.ts);
  }
}

describe('invariants of risk', () => {
  it('INV-08: whatever fills next, position and everything in flight stay within the limits, in any schedule (C-03, C-04, C-05, C-12, C-13, C-14, C-17, C-28)', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const house = new House({ limits: LIMITS });
        const book = new Map<number, Working>();
        const positions = [0, 0];
        steps.forEach((one, index) => {
          play(house, book, positions, one, index);
          let exposure = 0;
          for (const [instrument, position] of positions.entries()) {
            const own = [...book.values()].filter((order) => order.instrument === instrument);
            const buys = own.filter((order) => order.side > 0).reduce((sum, order) => sum + leaves(order), 0);
            const sells = own.filter((order) => order.side < 0).reduce((sum, order) => sum + leaves(order), 0);
            expect(position + buys).toBeLessThanOrEqual(MAX_LONG);
            expect(sells - position).toBeLessThanOrEqual(MAX_SHORT);
            expect([house.risk.worstLongQty(instrument), house.risk.worstShortQty(instrument)]).toEqual([
              position + buys,
              sells - position,
            ]);
            exposure += Math.max(Math.abs(position + buys), Math.abs(position - sells));
          }
          expect(exposure).toBeLessThanOrEqual(MAX_EXPOSURE);
          expect(book.size).toBeLessThanOrEqual(6);
        });
      }),
      { numRuns: 200 },
    );
  });

  it('INV-08: cash never falls below zero, whichever open orders of a cash account fill, and nothing is sold that is not there', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const house = new House();
        house.portfolio.kind = 'CASH';
        house.portfolio.cash = usd(120);
        const book = new Map<number, Working>();
        const positions = [0, 0];
        steps.forEach((one, index) => {
          play(house, book, positions, one, index);
          const buys = [...book.values()].filter((order) => order.side > 0).reduce((sum, order) => sum + leaves(order), 0);
          expect(house.portfolio.cash).toBeGreaterThanOrEqual(usd(buys));
          for (const [instrument, position] of positions.entries()) {
            const own = [...book.values()].filter((order) => order.instrument === instrument && order.side < 0);
            expect(own.reduce((sum, order) => sum + leaves(order), 0)).toBeLessThanOrEqual(position);
          }
        });
      }),
      { numRuns: 200 },
    );
  });

  it('INV-13: after the kill switch nothing new leaves, nothing is modified, and every open order had a cancel sent (C-25)', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.array(step, { maxLength: 40 }), fc.boolean(), (before, after, flatten) => {
        const house = new House();
        const book = new Map<number, Working>();
        const positions = [0, 0];
        before.forEach((one, index) => play(house, book, positions, one, index));
        house.risk.kill({ kind: 'FIRM' }, { flatten, reason: 'test' }, house.ts);
        for (const view of house.orders.openOrders({})) expect(house.sent(view.clientOrderId)).toContain('CancelOrder');
        const sent = house.effects.commands.length;
        after.forEach((one, index) => play(house, book, positions, one, 1000 + index));
        expect(house.effects.commands.slice(sent).filter((command) => command.kind !== 'CancelOrder')).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

describe('kill switch and trading states', () => {
  it('INV-13: a flattening kill proposes what open orders do not close already, and those orders pass while others do not', () => {
    const house = new House();
    house.portfolio.book(0, 0, 50, 100);
    house.portfolio.book(1, 1, -7, 100);
    const open = house.place(limit(20, 110, { side: Side.SELL }));
    expect(house.risk.kill({ kind: 'FIRM' }, { flatten: true, reason: 'test' }, house.ts)).toBe(1);
    const proposed = house.risk.flattenRequests();
    expect(proposed.map((wish) => [wish.strategy, wish.instrument, wish.side, wish.orderQty])).toEqual([
      [0, 0, -1, 30],
      [1, 1, 1, 7],
    ]);
    expect(proposed.map((wish) => house.codeOf(wish))).toEqual([null, null]);
    expect(house.codeOf(request(1, { side: Side.SELL }))).toBe('TRADING_HALTED');
    expect(house.risk.flattenRequests()).toEqual([]);
    house.canceled(open);
    expect(house.risk.flattenRequests().map((wish) => wish.orderQty)).toEqual([20]);
    // What flattens is sized at its fill, so a stated maximum beyond the position does no harm.
    expect(house.codeOf({ ...proposed[0]!, orderQty: 21 })).toBeNull();
  });

  it('C-25: a kill covers its scope only, holds against a change of state, and ends by a release', () => {
    const house = new House();
    const scope = { kind: 'STRATEGY', strategy: 0 } as const;
    house.risk.kill(scope, { flatten: false, reason: 'test' }, house.ts);
    expect(house.codeOf(request(1))).toBe('TRADING_HALTED');
    expect(house.codeOf(request(1, { strategy: 1 }))).toBeNull();
    expect(house.risk.setTradingState(scope, TradingState.ACTIVE, 'try', house.ts)).toBe(false);
    expect(house.risk.release({ kind: 'FIRM' }, 'wrong scope', house.ts)).toBe(false);
    expect(house.risk.isKilled(scope)).toBe(true);
    expect(house.risk.release(scope, 'checked', house.ts)).toBe(true);
    expect(house.codeOf(request(1))).toBeNull();
    expect(house.alerts()).toEqual(['KILL_SWITCH_ON', 'KILL_SWITCH_OFF']);
  });

  it('C-25: account and instrument are scopes too', () => {
    const elsewhere = { ...testInstrument(1), venue: 'OTHER' };
    const house = new House({ instruments: [testInstrument(0), elsewhere] });
    house.risk.setTradingState({ kind: 'ACCOUNT', venue: 'OTHER' }, TradingState.HALTED, 'test', 1);
    expect([house.codeOf(request(1)), house.codeOf(request(1, { instrument: 1 }))]).toEqual([null, 'TRADING_HALTED']);
    house.risk.setTradingState({ kind: 'ACCOUNT', venue: 'OTHER' }, TradingState.ACTIVE, 'test', 1);
    house.risk.setTradingState({ kind: 'INSTRUMENT', instrument: 0 }, TradingState.HALTED, 'test', 1);
    expect([house.codeOf(request(1)), house.codeOf(request(1, { instrument: 1 }))]).toEqual(['TRADING_HALTED', null]);
  });
});

describe('INV-04 approvals', () => {
  it('cannot be made by anyone else, nor looked like', () => {
    const house = new House();
    const id = house.orders.create(request(1), 1);
    const forge = ApprovedOrder as unknown as new (...given: unknown[]) => ApprovedOrder;
    expect(() => new forge(Symbol('approval'), id, 0, 0, 1)).toThrow('only the risk manager approves orders');
    const real = house.risk.assess(id, 1);
    expect(() => house.orders.submit({ ...real } as ApprovedOrder, 1)).toThrow('only an approval of the risk manager');
    const heir = Object.create(real) as ApprovedOrder;
    expect(() => house.orders.submit(heir, 1)).toThrow('only an approval of the risk manager');
  });

  it('cannot be looked like for new values of an order either', () => {
    const house = new House();
    const id = house.place(limit(60, 90));
    house.accept(id);
    const real = house.risk.assessModify(id, { orderQty: 50, limitPrice: 90, stopPrice: 0 }, 1) as ApprovedModify;
    const forge = ApprovedModify as unknown as new (...given: unknown[]) => ApprovedModify;
    expect(() => new forge(Symbol('approval'), {})).toThrow('only the risk manager approves modifies');
    expect(() => house.orders.requestModify({ ...real } as ApprovedModify, 1)).toThrow('only an approval of the risk manager');
    expect(() => Object.assign(real, { orderQty: 70 })).toThrow(TypeError);
    expect(() => Object.defineProperty(real, 'orderQty', { value: 70 })).toThrow(TypeError);
  });

  it('cannot be written, and one that was painted over is refused', () => {
    const house = new House();
    const approval = house.risk.assess(house.orders.create(request(1), 1), 1) as ApprovedOrder;
    expect(() => Object.assign(approval, { decisionQty: 5 })).toThrow(TypeError);
    Object.defineProperty(approval, 'decisionQty', { value: 5 });
    expect(() => house.orders.submit(approval, 1)).toThrow('only an approval of the risk manager');
    const other = house.risk.assess(house.orders.create(request(1), 1), 1) as ApprovedOrder;
    Object.defineProperty(other, 'clientOrderId', { value: approval.clientOrderId });
    expect(() => house.orders.submit(other, 1)).toThrow('only an approval of the risk manager');
  });

  it.each(COLUMNS)('are of the order as it was judged, in its %s too', (column) => {
    const house = new House();
    const approval = house.risk.assess(house.orders.create(limit(10, 90), 1), 1) as ApprovedOrder;
    house.orders.table[column][approval.clientOrderId]! += 1;
    expect(() => house.orders.submit(approval, 1)).toThrow('is not what was approved');
    expect(house.effects.commands.length).toBe(0);
  });

  it.each(TERMS)('to modify are of the order as it was judged, in its %s too', (column) => {
    const house = new House();
    const id = house.place(limit(60, 90));
    house.accept(id);
    const approval = house.risk.assessModify(id, { orderQty: 50, limitPrice: 90, stopPrice: 0 }, 1) as ApprovedModify;
    house.orders.table[column][id]! += 1;
    expect(() => house.orders.requestModify(approval, 1)).toThrow('is not what was approved');
    expect(house.sent(id)).toEqual(['SubmitOrder']);
  });

  it('are of no use in another house, whose order has the same id and terms', () => {
    const [house, other] = [new House(), new House()];
    const approval = house.risk.assess(house.orders.create(request(1), 1), 1) as ApprovedOrder;
    other.orders.create(request(1), 1);
    expect(() => other.orders.submit(approval, 1)).toThrow('is not what was approved');
  });

  it('are good for one order as it was judged, once, before anything else moves', () => {
    const house = new House();
    const approve = (id: number): ApprovedOrder => house.risk.assess(id, 1) as ApprovedOrder;
    const changed = house.orders.create(request(1), 1);
    const approval = approve(changed);
    house.orders.table.orderQty[changed] = 2;
    expect(() => house.orders.submit(approval, 1)).toThrow('is not what was approved');
    const first = approve(house.orders.create(request(1), 1));
    const second = approve(house.orders.create(request(1), 1));
    expect(() => house.orders.submit(first, 1)).toThrow('in the step that gave it');
    house.orders.submit(second, 1);
    expect(() => house.orders.submit(second, 1)).toThrow('in the step that gave it');
    const working = house.place(request(1));
    const third = approve(house.orders.create(request(1), 1));
    house.fill(working, 'T-1', 1);
    expect(() => house.orders.submit(third, 1)).toThrow('in the step that gave it');
    expect(house.effects.commands.length).toBe(2);
  });

  it('C-26: a replace to less still counts with the old quantity, because that may fill before the answer', () => {
    const house = new House();
    house.portfolio.book(0, 0, 30, 100);
    const id = house.place(limit(40, 110, { side: Side.SELL }));
    house.risk.setTradingState({ kind: 'FIRM' }, TradingState.REDUCING, 'test', 1);
    expect(house.modify(id, { orderQty: 30, limitPrice: 110, stopPrice: 0 })).toBe('TRADING_STATE_REDUCING');
  });

  it('S-30: a replace at the limit is judged by the larger of old and new, and reserved until it is answered', () => {
    const house = new House({ limits: { everyInstrument: { maxLongQty: 100 } } });
    const id = house.place(limit(60, 90));
    house.accept(id);
    expect(house.modify(id, { orderQty: 101, limitPrice: 90, stopPrice: 0 })).toBe('POSITION_LIMIT');
    expect(house.modify(id, { orderQty: 100, limitPrice: 90, stopPrice: 0 })).toBeNull();
    expect(house.codeOf(request(1))).toBe('POSITION_LIMIT');
    house.modifyRejected(id);
    expect(house.codeOf(request(40))).toBeNull();
  });
});
