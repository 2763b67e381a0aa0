import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Side } from '../../model/order.ts';
import { OrderStatus } from '../../model/order-status.ts';
import { House, limit } from './orders.fixture.ts';

/** Which status may follow which, written by hand from FIX 5.0 SP2 order state matrices A to D, not from the table of the code. */
const S = OrderStatus;
const ENDS: readonly OrderStatus[] = [S.FILLED, S.CANCELED, S.EXPIRED, S.REJECTED];
const MAY_FOLLOW: Readonly<Partial<Record<OrderStatus, readonly OrderStatus[]>>> = {
  [S.SUBMITTED]: [S.ACCEPTED, S.TRIGGERED, S.PARTIALLY_FILLED, S.PENDING_CANCEL, S.PENDING_MODIFY, S.UNKNOWN, ...ENDS],
  [S.UNKNOWN]: [S.ACCEPTED, S.TRIGGERED, S.PARTIALLY_FILLED, S.PENDING_CANCEL, ...ENDS],
  [S.ACCEPTED]: [S.TRIGGERED, S.PARTIALLY_FILLED, S.PENDING_CANCEL, S.PENDING_MODIFY, ...ENDS],
  [S.TRIGGERED]: [S.PARTIALLY_FILLED, S.PENDING_CANCEL, S.PENDING_MODIFY, ...ENDS],
  [S.PARTIALLY_FILLED]: [S.PENDING_CANCEL, S.PENDING_MODIFY, ...ENDS],
  [S.PENDING_CANCEL]: [S.SUBMITTED, S.UNKNOWN, S.ACCEPTED, S.TRIGGERED, S.PARTIALLY_FILLED, S.PENDING_MODIFY, ...ENDS],
  [S.PENDING_MODIFY]: [S.SUBMITTED, S.UNKNOWN, S.ACCEPTED, S.TRIGGERED, S.PARTIALLY_FILLED, S.PENDING_CANCEL, ...ENDS],
};

const KINDS = [
  'accept',
  'reject',
  'trigger',
  'fill',
  'fill',
  'fill',
  'repeat',
  'cancel',
  'canceled',
  'cancelRejected',
  'modify',
  'modified',
  'modifyRejected',
  'expired',
  'timeOut',
] as const;
const step = fc.record({ kind: fc.constantFrom(...KINDS), order: fc.nat(2), quantity: fc.integer({ min: 1, max: 40 }) });

/** What the test itself keeps: trades by id, and the last state seen of each order. */
class Witness {
  readonly trades = new Map<string, { readonly order: number; readonly quantity: number; readonly price: number }>();
  readonly lastStatus = new Map<number, OrderStatus>();
  readonly lastCum = new Map<number, number>();

  check(house: House, ids: readonly number[]): void {
    let buys = 0;
    let sells = 0;
    for (const id of ids) {
      const view = house.orders.view(id)!;
      const own = [...this.trades.values()].filter((trade) => trade.order === id);
      const cumQty = own.reduce((sum, trade) => sum + trade.quantity, 0);
      const isEnd = ENDS.includes(view.status);
      expect(view.cumQty, 'INV-05: cumQty is the sum of the distinct trades').toBe(cumQty);
      expect(view.filledPxQty).toBe(own.reduce((sum, trade) => sum + BigInt(trade.quantity * trade.price), 0n));
      if (isEnd) expect(view.leavesQty, 'INV-05: nothing is left of an order that has ended').toBe(0);
      else expect(cumQty + view.leavesQty, 'INV-05: cumQty + leavesQty = orderQty while open').toBe(view.orderQty);
      expect(view.cumQty, 'INV-06: cumQty never falls').toBeGreaterThanOrEqual(this.lastCum.get(id) ?? 0);
      const before = this.lastStatus.get(id)!;
      if (before !== view.status) expect(MAY_FOLLOW[before] ?? [], `INV-07: ${before} to ${view.status}`).toContain(view.status);
      this.lastStatus.set(id, view.status);
      this.lastCum.set(id, view.cumQty);
      const reserved = isEnd ? 0 : Math.max(view.orderQty, house.orders.table.pendingQty[id]!) - cumQty;
      if (view.side === Side.BUY) buys += reserved;
      else sells += reserved;
    }
    expect([house.orders.openBuyQty(0), house.orders.openSellQty(0)]).toEqual([buys, sells]);
    expect(house.orders.openOrders({}).length).toBe(ids.filter((id) => !ENDS.includes(house.orders.status(id))).length);
  }
}

function apply(house: House, witness: Witness, id: number, kind: (typeof KINDS)[number], quantity: number): void {
  const at = { clientOrderId: id, tsEvent: house.ts };
  switch (kind) {
    case 'accept':
      house.accept(id);
      return;
    case 'reject':
      house.report({ kind: 'Rejected', reason: 'no', ...at });
      return;
    case 'trigger':
      house.report({ kind: 'Triggered', ...at });
      return;
    case 'fill': {
      const tradeId = `T${witness.trades.size}`;
      witness.trades.set(tradeId, { order: id, quantity, price: 100 + quantity });
      house.fill(id, tradeId, quantity, 100 + quantity);
      return;
    }
    case 'repeat': {
      // Any earlier trade comes again, in any order: what the witness holds does not change.
      const known = [...witness.trades.entries()];
      const again = known[quantity % Math.max(known.length, 1)];
      if (again !== undefined) house.fill(again[1].order, again[0], again[1].quantity, again[1].price);
      return;
    }
    case 'cancel':
      house.orders.requestCancel(id, house.ts);
      return;
    case 'canceled':
      house.canceled(id);
      return;
    case 'cancelRejected':
      house.cancelRejected(id);
      return;
    case 'modify':
      house.modify(id, { orderQty: quantity * 2, limitPrice: 95, stopPrice: 0 });
      return;
    case 'modified':
      house.modified(id, house.orders.table.pendingQty[id]! || quantity * 2, 95);
      return;
    case 'modifyRejected':
      house.modifyRejected(id);
      return;
    case 'expired':
      house.report({ kind: 'Expired', ...at });
      return;
    case 'timeOut':
      house.orders.timeOut(id, house.ts);
  }
}

describe('invariants of orders', () => {
  it('INV-05, INV-06, INV-07 hold after every report of any sequence: early, repeated, reordered, too late, too many', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const house = new House();
        const witness = new Witness();
        const ids = [
          house.place(limit(50, 90)),
          house.place(limit(30, 110, { side: Side.SELL })),
          house.place(limit(80, 95, { strategy: 1 })),
        ];
        for (const id of ids) witness.lastStatus.set(id, S.SUBMITTED);
        witness.check(house, ids);
        for (const { kind, order, quantity } of steps) {
          apply(house, witness, ids[order]!, kind, quantity);
          witness.check(house, ids);
        }
        const booked = [...witness.trades.values()].reduce((sum, trade) => sum + house.orders.view(trade.order)!.side * trade.quantity, 0);
        expect(house.portfolio.netQty(0)).toBe(booked);
      }),
      { numRuns: 150 },
    );
  });

  it('rows beyond the first thousand keep what they were given', () => {
    const house = new House();
    const ids = Array.from({ length: 2500 }, (_, index) => house.place(limit(index + 1, 90)));
    for (const id of [ids[0]!, ids[1023]!, ids[1024]!, ids[2499]!]) expect(house.orders.view(id)!.orderQty).toBe(id);
    expect(house.orders.openBuyQty(0)).toBe((2500 * 2501) / 2);
    expect(house.orders.openOrderCount(0)).toBe(2500);
  });
});
