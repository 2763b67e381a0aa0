import { describe, expect, it } from 'vitest';
import { OrderFlag, OrderType, Side } from '../../model/order.ts';
import { OrderStatus } from '../../model/order-status.ts';
import { TradingState } from '../../model/trading-state.ts';
import { House, limit, request } from './orders.fixture.ts';

/** Status, cumQty and leavesQty of an order, in the order in which people ask for them. */
function stand(house: House, id: number): [OrderStatus, number, number] {
  const view = house.orders.view(id)!;
  return [view.status, view.cumQty, view.leavesQty];
}

describe('scenarios of orders', () => {
  it('S-01: a fill before the acknowledgement is booked, the order is partially filled, the late acknowledgement changes nothing', () => {
    const house = new House();
    const id = house.place(limit(100, 90));
    expect(house.fill(id, 'T1', 40)?.kind).toBe('OrderPartiallyFilled');
    expect(stand(house, id)).toEqual([OrderStatus.PARTIALLY_FILLED, 40, 60]);
    const recorded = house.effects.records.length;
    expect(house.accept(id)).toBeNull();
    expect(house.effects.records.length).toBe(recorded);
    expect(stand(house, id)).toEqual([OrderStatus.PARTIALLY_FILLED, 40, 60]);
    expect(house.orders.view(id)!.venueOrderId).toBe(`V-${id}`);
  });

  it('S-02: a full fill before the acknowledgement fills the order, the late acknowledgement is ignored', () => {
    const house = new House();
    const id = house.place(limit(100, 90));
    expect(house.fill(id, 'T1', 100)?.kind).toBe('OrderFilled');
    expect(house.accept(id)).toBeNull();
    expect(stand(house, id)).toEqual([OrderStatus.FILLED, 100, 0]);
    expect(house.alerts()).toEqual([]);
  });

  it('S-03, INV-01: an identical execution report is booked once and counted', () => {
    const house = new House();
    const id = house.place(limit(100, 90));
    house.accept(id);
    house.fill(id, 'T1', 40);
    expect(house.fill(id, 'T1', 40)).toBeNull();
    expect(stand(house, id)).toEqual([OrderStatus.PARTIALLY_FILLED, 40, 60]);
    expect(house.orders.counters.duplicateFills).toBe(1);
    expect(house.portfolio.netQty(0)).toBe(40);
    expect(house.alerts()).toEqual([]);
  });

  it('S-04: the same trade id with another price or quantity keeps the first and alerts', () => {
    const house = new House();
    const id = house.place(limit(100, 90));
    house.accept(id);
    house.fill(id, 'T1', 40, 90);
    expect(house.fill(id, 'T1', 40, 89)).toBeNull();
    expect(house.fill(id, 'T1', 41, 90)).toBeNull();
    expect(stand(house, id)).toEqual([OrderStatus.PARTIALLY_FILLED, 40, 60]);
    expect(house.orders.view(id)!.filledPxQty).toBe(3600n);
    expect(house.orders.counters.conflictingFills).toBe(2);
    expect(house.alerts()).toEqual(['DUPLICATE_FILL_CONFLICT', 'DUPLICATE_FILL_CONFLICT']);
  });

  it('S-06: fills that arrive in the wrong order are both booked and cumQty never falls', () => {
    const house = new House();
    const id = house.place(limit(100, 90));
    house.accept(id);
    house.fill(id, 'second', 40);
    house.fill(id, 'first', 30);
    expect(stand(house, id)).toEqual([OrderStatus.PARTIALLY_FILLED, 70, 30]);
    house.fill(id, 'second', 40);
    expect(stand(house, id)).toEqual([OrderStatus.PARTIALLY_FILLED, 70, 30]);
  });

  it('S-08: a fill after a confirmed cancel is booked, the order stays canceled, an alert is raised and the strategy may only reduce', () => {
    const house = new House();
    const id = house.place(limit(100, 90));
    house.accept(id);
    house.orders.requestCancel(id, house.ts);
    house.canceled(id);
    expect(house.risk.worstLongQty(0)).toBe(0);
    const late = house.fill(id, 'T1', 30);
    expect(late).toMatchObject({ kind: 'OrderPartiallyFilled', cumQty: 30, leavesQty: 0 });
    expect(stand(house, id)).toEqual([OrderStatus.CANCELED, 30, 0]);
    expect(house.risk.worstLongQty(0)).toBe(30);
    expect(house.alerts()).toEqual(['LATE_FILL', 'TRADING_STATE_CHANGED']);
    expect(house.risk.tradingState({ kind: 'STRATEGY', strategy: 0 })).toBe(TradingState.REDUCING);
    expect(house.codeOf(request(1))).toBe('TRADING_STATE_REDUCING');
    expect(house.codeOf(request(30, { side: Side.SELL }))).toBeNull();
  });

  it('S-09: a cancel refused as too late and then the fill end in FILLED, with one cancel sent', () => {
    const house = new House();
    const id = house.place(limit(100, 90));
    house.accept(id);
    expect(house.orders.requestCancel(id, house.ts)).toBe('SENT');
    expect(house.orders.requestCancel(id, house.ts)).toBe('ALREADY_PENDING');
    expect(house.cancelRejected(id)?.kind).toBe('CancelRejected');
    expect(stand(house, id)).toEqual([OrderStatus.ACCEPTED, 0, 100]);
    house.fill(id, 'T1', 100);
    expect(stand(house, id)).toEqual([OrderStatus.FILLED, 100, 0]);
    expect(house.sent(id)).toEqual(['SubmitOrder', 'CancelOrder']);
  });

  it('a cancel of an order that is not acknowledged is sent by its client id, and a refused one leads back to where the order is by then', () => {
    const house = new House();
    const id = house.place(limit(100, 90));
    expect(house.orders.requestCancel(id, house.ts)).toBe('SENT');
    expect(house.accept(id)?.kind).toBe('OrderAccepted');
    expect(house.orders.status(id)).toBe(OrderStatus.PENDING_CANCEL);
    house.fill(id, 'T1', 10);
    expect(stand(house, id)).toEqual([OrderStatus.PENDING_CANCEL, 10, 90]);
    house.cancelRejected(id);
    expect(stand(house, id)).toEqual([OrderStatus.PARTIALLY_FILLED, 10, 90]);
  });

  it('S-26: a fill in flight while a replace is accepted counts, and the new leaves are the new quantity less cumQty', () => {
    const house = new House();
    const id = house.place(limit(100, 90));
    house.accept(id);
    expect(house.modify(id, { orderQty: 150, limitPrice: 91, stopPrice: 0 })).toBeNull();
    expect(house.risk.worstLongQty(0)).toBe(150);
    house.fill(id, 'T1', 60, 90);
    expect(stand(house, id)).toEqual([OrderStatus.PENDING_MODIFY, 60, 40]);
    expect(house.risk.worstLongQty(0)).toBe(150);
    house.modified(id, 150, 91);
    expect(stand(house, id)).toEqual([OrderStatus.PARTIALLY_FILLED, 60, 90]);
    expect(house.orders.openBuyQty(0)).toBe(90);
  });

  it('S-26: a fill of the whole old quantity keeps the order open until the replace that raises it is answered', () => {
    const accepted = new House();
    const raised = accepted.place(limit(100, 90));
    accepted.accept(raised);
    accepted.modify(raised, { orderQty: 150, limitPrice: 90, stopPrice: 0 });
    expect(accepted.fill(raised, 'T1', 100)?.kind).toBe('OrderFilled');
    expect(accepted.orders.openBuyQty(0)).toBe(50);
    accepted.modified(raised, 150, 90);
    expect(stand(accepted, raised)).toEqual([OrderStatus.PARTIALLY_FILLED, 100, 50]);

    const refused = new House();
    const kept = refused.place(limit(100, 90));
    refused.accept(kept);
    refused.modify(kept, { orderQty: 150, limitPrice: 90, stopPrice: 0 });
    refused.fill(kept, 'T1', 100);
    refused.modifyRejected(kept);
    expect(stand(refused, kept)).toEqual([OrderStatus.FILLED, 100, 0]);
    expect(refused.orders.openBuyQty(0)).toBe(0);
  });

  it('S-26: a fill beyond the old quantity that overtakes the answer to a replace is no overfill', () => {
    const house = new House();
    const id = house.place(limit(100, 90));
    house.accept(id);
    house.modify(id, { orderQty: 150, limitPrice: 90, stopPrice: 0 });
    house.fill(id, 'T1', 120);
    expect(stand(house, id)).toEqual([OrderStatus.PENDING_MODIFY, 120, 30]);
    house.modified(id, 150, 90);
    expect(stand(house, id)).toEqual([OrderStatus.PARTIALLY_FILLED, 120, 30]);
    expect(house.alerts()).toEqual([]);
  });

  it('S-27: a replace below cumQty makes the quantity cumQty and the order FILLED', () => {
    const house = new House();
    const id = house.place(limit(100, 90));
    house.accept(id);
    house.fill(id, 'T1', 60);
    house.modify(id, { orderQty: 50, limitPrice: 90, stopPrice: 0 });
    expect(house.modified(id, 50, 90)).toMatchObject({ kind: 'OrderModified', orderQty: 60 });
    expect(stand(house, id)).toEqual([OrderStatus.FILLED, 60, 0]);
    expect(house.orders.view(id)!.orderQty).toBe(60);
    expect(house.orders.openBuyQty(0)).toBe(0);
  });

  it('S-28: a replace refused after it was pending leaves the old order as it was, and the exposure back at the old', () => {
    const house = new House();
    const id = house.place(limit(100, 90));
    house.accept(id);
    house.modify(id, { orderQty: 150, limitPrice: 95, stopPrice: 0 });
    expect(house.orders.openBuyQty(0)).toBe(150);
    expect(house.modifyRejected(id)?.kind).toBe('ModifyRejected');
    expect(stand(house, id)).toEqual([OrderStatus.ACCEPTED, 0, 100]);
    expect(house.orders.view(id)).toMatchObject({ orderQty: 100, limitPrice: 90 });
    expect(house.orders.openBuyQty(0)).toBe(100);
  });

  it('a cancel that overtakes a modify leads back to the pending modify when it is refused', () => {
    const house = new House();
    const id = house.place(limit(100, 90));
    house.accept(id);
    house.modify(id, { orderQty: 80, limitPrice: 90, stopPrice: 0 });
    house.orders.requestCancel(id, house.ts);
    house.cancelRejected(id);
    expect(house.orders.status(id)).toBe(OrderStatus.PENDING_MODIFY);
    expect(house.modify(id, { orderQty: 70, limitPrice: 90, stopPrice: 0 })).toBe('ORDER_NOT_MODIFIABLE');
    house.modified(id, 80, 90);
    expect(stand(house, id)).toEqual([OrderStatus.ACCEPTED, 0, 80]);
  });

  it('an overfill is booked in full, alerted, and lets strategy and instrument only reduce', () => {
    const house = new House();
    const id = house.place(limit(100, 90));
    house.accept(id);
    house.fill(id, 'T1', 101);
    expect(stand(house, id)).toEqual([OrderStatus.FILLED, 101, 0]);
    expect(house.portfolio.netQty(0)).toBe(101);
    expect(house.alerts()).toEqual(['OVERFILL', 'TRADING_STATE_CHANGED', 'TRADING_STATE_CHANGED']);
    expect(house.codeOf(request(1, { strategy: 1 }))).toBe('TRADING_STATE_REDUCING');
    expect(house.codeOf(request(1, { strategy: 1, instrument: 1 }))).toBeNull();
  });

  it('more than the quantity that the venue has settled on is an overfill, though risk had approved it', () => {
    const house = new House();
    const id = house.place(request(100, { flags: OrderFlag.SIZE_AT_FILL }));
    house.accept(id);
    expect(house.fill(id, 'T1', 90, 100, { orderQtyFinal: 80 })?.kind).toBe('OrderFilled');
    expect(house.alerts()).toContain('OVERFILL');
  });

  it('the two legs of a self-trade carry one trade id and are both booked', () => {
    const house = new House();
    const buy = house.place(limit(10, 90));
    const sell = house.place(limit(10, 90, { side: Side.SELL, strategy: 1 }));
    house.fill(buy, 'T1', 10);
    expect(house.fill(sell, 'T1', 10)?.kind).toBe('OrderFilled');
    expect(house.portfolio.netQty(0)).toBe(0);
  });

  it('a duplicate that comes after the window of trade ids is booked again and shows as an overfill', () => {
    const house = new House({ tradeIdsMax: 2 });
    const id = house.place(limit(3, 90));
    for (const tradeId of ['T1', 'T2', 'T3']) house.fill(id, tradeId, 1);
    expect(house.fill(id, 'T3', 1)).toBeNull();
    expect(house.fill(id, 'T1', 1)?.kind).toBe('OrderFilled');
    expect(house.orders.counters.overfills).toBe(1);
  });

  it('a timeout leaves the order open as UNKNOWN with its exposure reserved, and a late acknowledgement finds it', () => {
    const house = new House();
    const id = house.place(limit(100, 90));
    house.orders.timeOut(id, house.ts);
    expect(stand(house, id)).toEqual([OrderStatus.UNKNOWN, 0, 100]);
    expect(house.orders.openBuyQty(0)).toBe(100);
    expect(house.alerts()).toEqual(['ORDER_STATE_UNKNOWN']);
    house.accept(id);
    expect(house.orders.status(id)).toBe(OrderStatus.ACCEPTED);
  });

  it('a quantity decided at the fill takes the place of the stated maximum', () => {
    const house = new House();
    const id = house.place(request(150, { flags: OrderFlag.SIZE_AT_FILL, targetWeightPpb: 1_000_000_000 }), 100);
    expect(house.orders.openBuyQty(0)).toBe(150);
    expect(house.orders.table.sizedBuyQty(0)).toBe(100);
    expect(house.fill(id, 'T1', 104, 100, { orderQtyFinal: 104 })?.kind).toBe('OrderFilled');
    expect(house.orders.view(id)).toMatchObject({ orderQty: 104, cumQty: 104, status: OrderStatus.FILLED });
    expect([house.orders.openBuyQty(0), house.orders.table.sizedBuyQty(0)]).toEqual([0, 0]);
    expect(house.alerts()).toEqual([]);
  });

  it('reports for ids that are not ours, and figures that are not counts, change nothing and are alerted', () => {
    const house = new House();
    const id = house.place(limit(10, 90));
    expect(house.accept(99)).toBeNull();
    expect(house.fill(id, 'T1', 1.5)).toBeNull();
    expect(house.fill(id, 'T2', 0)).toBeNull();
    expect(house.fill(id, 'T3', 1, Number.NaN)).toBeNull();
    expect(house.alerts()).toEqual(['ORDER_UNKNOWN', 'ORDER_REPORT_INVALID', 'ORDER_REPORT_INVALID', 'ORDER_REPORT_INVALID']);
    expect(stand(house, id)).toEqual([OrderStatus.SUBMITTED, 0, 10]);
  });

  it('cancelAll asks for what the filter lets through, once each', () => {
    const house = new House();
    const mine = house.place(limit(10, 90));
    const other = house.place(limit(10, 90, { strategy: 1 }));
    const elsewhere = house.place(limit(10, 90, { instrument: 1 }));
    expect(house.orders.cancelAll({ strategy: 0, instrument: 0 }, house.ts)).toBe(1);
    expect(house.orders.cancelAll({ venue: 'TEST' }, house.ts)).toBe(2);
    expect(house.orders.cancelAll({}, house.ts)).toBe(0);
    for (const id of [mine, other, elsewhere]) expect(house.sent(id)).toEqual(['SubmitOrder', 'CancelOrder']);
  });

  it('a stop that triggers before its acknowledgement is TRIGGERED, and the acknowledgement does not take that back', () => {
    const house = new House();
    const id = house.place(request(10, { orderType: OrderType.STOP, stopPrice: 110 }));
    expect(house.report({ kind: 'Triggered', clientOrderId: id, tsEvent: 1 })?.kind).toBe('OrderTriggered');
    expect(house.accept(id)).toBeNull();
    expect(house.orders.status(id)).toBe(OrderStatus.TRIGGERED);
  });
});
