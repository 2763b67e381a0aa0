import { describe, expect, it } from 'vitest';
import { averagePriceApprox, averagePriceText, positionSideOf, PositionSide } from '../../model/position.ts';
import type { Fill } from '../../model/events.ts';
import type { Instrument } from '../../model/instrument.ts';
import { Side } from '../../model/order.ts';
import { ClosedTradeLog } from './closed-trade-log.ts';
import { PositionManager, type PositionRules } from './position-manager.ts';
import { splitQuantities } from './split-quantity.ts';
import { BTC, closedBy, ETH, fill, instrument, money, price, USD, USDT } from './portfolio.fixture.ts';

const ABC = instrument('EQUITY', 'ABC.X', { code: 'ABC', decimals: 8, displayDecimals: 2 }, USD, {});
const AVERAGE: PositionRules = { mode: 'NETTING', costMethod: 'AVERAGE' };
const FIFO: PositionRules = { mode: 'NETTING', costMethod: 'FIFO' };
const HEDGING: PositionRules = { mode: 'HEDGING', costMethod: 'AVERAGE' };

function managerOf(rules: PositionRules, of: Instrument = ABC): PositionManager {
  return new PositionManager({ instruments: [of], strategyCount: 3, rules: [rules] });
}

function book(manager: PositionManager, fills: readonly Fill[], side: PositionSide = PositionSide.NET) {
  return closedBy((log) => {
    for (const one of fills) manager.applyFill(one, side, log);
  });
}

describe('PositionManager', () => {
  it('with average cost takes a close out of the average of everything held: one closed trade per closing fill', () => {
    const manager = managerOf(AVERAGE);
    const closed = book(manager, [fill(ABC, 'BUY', '10', '100'), fill(ABC, 'BUY', '10', '110'), fill(ABC, 'SELL', '15', '120')]);
    expect(closed).toHaveLength(1);
    expect(closed[0]!.pnl).toBe(money('225', USD)); // 15 × (120 − 105)
    expect(averagePriceText(closed[0]!.entryPx, ABC)).toBe('105.00');
    const position = manager.position(0, 0)!;
    expect(position.quantity).toBe(5);
    expect(position.cost).toBe(money('525', USD));
  });

  it('states in each closed trade the average of what was held then, whatever the sizes', () => {
    const closed = book(managerOf(AVERAGE), [
      fill(ABC, 'BUY', '10', '100'),
      fill(ABC, 'SELL', '30', '90'), // closes 10, opens 20
      fill(ABC, 'BUY', '5', '91'),
      fill(ABC, 'BUY', '25', '92'), // closes 15, opens 10
      fill(ABC, 'SELL', '10', '95'),
    ]);
    expect(closed.map((trade) => averagePriceText(trade.entryPx, ABC))).toEqual(['100.00', '90.00', '90.00', '92.00']);
    expect(closed.map((trade) => trade.quantity)).toEqual([10, 5, 15, 10]);
  });

  it('with FIFO cost closes the oldest lots first: one closed trade per lot', () => {
    const manager = managerOf(FIFO);
    const buys = [fill(ABC, 'BUY', '10', '100', '1', { tag: 'first' }), fill(ABC, 'BUY', '10', '110', '2', { tag: 'second' })];
    const closed = book(manager, [...buys, fill(ABC, 'SELL', '15', '120', '3', { tag: 'out' })]);
    expect(
      closed.map((trade) => [trade.quantity, trade.grossPnl, trade.entryCommission, trade.exitCommission, trade.entryTag, trade.exitTag]),
    ).toEqual([
      [10, money('200', USD), money('1', USD), money('2', USD), 'first', 'out'],
      [5, money('50', USD), money('1', USD), money('1', USD), 'second', 'out'],
    ]);
    expect(closed.map((trade) => [trade.entryTs, trade.exitTs])).toEqual([
      [buys[0]!.tsEvent, buys[1]!.tsEvent + 1000],
      [buys[1]!.tsEvent, buys[1]!.tsEvent + 1000],
    ]);
    expect(averagePriceText(manager.position(0, 0)!.avgPx!, ABC)).toBe('110.00');
    expect(manager.position(0, 0)!.openTs).toBe(buys[1]!.tsEvent);
  });

  it('shares the commission of a close out over the lots so that the shares sum to it, whatever does not divide', () => {
    const manager = managerOf(FIFO);
    const buys = Array.from({ length: 7 }, () => fill(ABC, 'BUY', '1', '100'));
    const closed = book(manager, [...buys, fill(ABC, 'SELL', '7', '100', '0.00000010')]);
    // A tenth of a millionth over seven: no lot can pay a seventh of ten.
    expect(closed).toHaveLength(7);
    expect(closed.reduce((sum, trade) => sum + trade.exitCommission, 0n)).toBe(10n);
    expect(new Set(closed.map((trade) => trade.exitCommission))).toEqual(new Set([1n, 2n]));
  });

  it('rounds what a partial close takes half to even and leaves the rest with the position, so that the whole life is exact', () => {
    // At 8 decimals one price step on one unit is one step of money: 1 at 1 and 2 at 2 cost 5. Closes take 5/3 = 1.67 → 2, then 3/2 = 1.5 → 2, then 1.
    const fine = instrument('SPOT', 'ETH-USDT.X', ETH, USDT, { priceDecimals: 8 });
    const manager = managerOf(AVERAGE, fine);
    const closed = book(manager, [
      fill(fine, 'BUY', '1', '0.00000001'),
      fill(fine, 'BUY', '2', '0.00000002'),
      fill(fine, 'SELL', '1', '0.00000010'),
      fill(fine, 'SELL', '1', '0.00000010'),
      fill(fine, 'SELL', '1', '0.00000010'),
    ]);
    expect(closed.map((trade) => trade.entryValue)).toEqual([2n, 2n, 1n]);
    expect(closed.map((trade) => trade.pnl)).toEqual([8n, 8n, 9n]); // 30 − 5 in all
    expect(manager.position(0, 0)).toMatchObject({ quantity: 0, cost: 0n, avgPx: null, openTs: 0, realizedPnl: 25n });
  });

  it('splits a fill through zero into a close and an opening, its commission in proportion', () => {
    const manager = managerOf(AVERAGE);
    const closed = book(manager, [fill(ABC, 'BUY', '10', '100', '0.50'), fill(ABC, 'SELL', '25', '110', '2.50')]);
    expect(closed).toHaveLength(1);
    expect(closed[0]).toMatchObject({
      side: Side.BUY,
      quantity: 10,
      grossPnl: money('100', USD),
      exitCommission: money('1', USD),
      pnl: money('98.50', USD),
    });
    const back = book(manager, [fill(ABC, 'BUY', '15', '104', '0')]);
    expect(back[0]).toMatchObject({ side: Side.SELL, quantity: 15, entryCommission: money('1.50', USD), grossPnl: money('90', USD) });
    expect(back[0]!.entryValue).toBe(money('1650', USD));
    expect(back[0]!.exitValue).toBe(money('1560', USD));
    expect(manager.position(0, 0)).toMatchObject({ quantity: 0, realizedPnl: money('190', USD), commission: money('3', USD) });
  });

  it('takes entry commission out in proportion, close by close', () => {
    const manager = managerOf(AVERAGE);
    const closed = book(manager, [
      fill(ABC, 'BUY', '10', '100', '1'),
      fill(ABC, 'SELL', '4', '100'),
      fill(ABC, 'BUY', '4', '100', '3'),
      fill(ABC, 'SELL', '10', '100'),
    ]);
    expect(closed.map((trade) => trade.entryCommission)).toEqual([money('0.4', USD), money('3.6', USD)]);
  });

  it('R1.3: the first published trade (−59 at 169.02, out at 179.13, 0.2 % each side) loses 637.57170', () => {
    const manager = managerOf(AVERAGE);
    // 59 × 169.02 × 0.002 = 19.94436; 59 × 179.13 × 0.002 = 21.13734
    const closed = book(manager, [fill(ABC, 'SELL', '59', '169.02', '19.94436'), fill(ABC, 'BUY', '59', '179.13', '21.13734')]);
    expect(closed[0]!.pnl).toBe(money('-637.57170', USD));
    expect(closed[0]!.side).toBe(Side.SELL);
  });

  it('values an inverse contract in coins: long 200,000 USD at 50,000 and 25,000 averages 33,333.33 and half of it brings 1 BTC at 50,000', () => {
    const inverse = instrument('INVERSE_PERPETUAL', 'BTC-USD.X', BTC, USD, { priceDecimals: 1 });
    const manager = managerOf(AVERAGE, inverse);
    book(manager, [fill(inverse, 'BUY', '100000', '50000.0'), fill(inverse, 'BUY', '100000', '25000.0')]);
    const position = manager.position(0, 0)!;
    expect(position.cost).toBe(money('6', BTC)); // 2 + 4
    expect(averagePriceText(position.avgPx!, inverse)).toBe('33333.3333333');
    expect(averagePriceApprox(position.avgPx!, inverse)).toBeCloseTo(100_000 / 3, 6);
    expect(manager.unrealizedPnl(0, 0, price('40000.0', inverse))).toBe(money('1', BTC)); // 6 − 200,000 / 40,000
    const closed = book(manager, [fill(inverse, 'SELL', '100000', '50000.0')]);
    expect(closed[0]!.pnl).toBe(money('1', BTC)); // 3 − 2
    const short = book(manager, [fill(inverse, 'SELL', '200000', '25000.0'), fill(inverse, 'BUY', '100000', '20000.0')]);
    expect(short.map((trade) => trade.pnl)).toEqual([money('-1', BTC), money('1', BTC)]); // 3 − 4, then 5 − 4
  });

  it('hedging keeps long and short apart and closes the one that is named', () => {
    const manager = managerOf(HEDGING);
    book(manager, [fill(ABC, 'BUY', '10', '100')], PositionSide.LONG);
    book(manager, [fill(ABC, 'SELL', '4', '110')], PositionSide.SHORT);
    expect(manager.quantity(0, 0)).toBe(6);
    expect(manager.venueQuantity(0)).toBe(6);
    expect(manager.position(0, 0, PositionSide.LONG)!.quantity).toBe(10);
    expect(manager.position(0, 0, PositionSide.SHORT)!.quantity).toBe(-4);
    expect(manager.unrealizedPnl(0, 0, price('105', ABC))).toBe(money('70', USD)); // 10 × 5 + 4 × 5
    const closed = book(manager, [fill(ABC, 'BUY', '4', '105')], PositionSide.SHORT);
    expect(closed.map((trade) => [trade.positionSide, trade.pnl])).toEqual([[PositionSide.SHORT, money('20', USD)]]);
    expect(manager.position(0, 0, PositionSide.LONG)!.quantity).toBe(10);
  });

  it('hedging opens what a fill closed too much on the other side, and says so', () => {
    const manager = managerOf(HEDGING);
    book(manager, [fill(ABC, 'BUY', '10', '100')], PositionSide.LONG);
    const log = new ClosedTradeLog();
    const alerts = manager.applyFill(fill(ABC, 'SELL', '12', '110', '1.20'), PositionSide.LONG, log);
    expect(alerts.map((alert) => alert.code)).toEqual(['POSITION_OVERCLOSED']);
    expect([...log].map((trade) => [trade.quantity, trade.exitCommission])).toEqual([[10, money('1', USD)]]);
    // Of both sides together: bought for 1,000 and sold for 1,100; then −2 that cost −220.
    expect([manager.booking.realizedPnl, manager.booking.costChange]).toEqual([money('100', USD), money('-1220', USD)]);
    expect(manager.position(0, 0, PositionSide.LONG)!.quantity).toBe(0);
    expect(manager.position(0, 0, PositionSide.SHORT)!.quantity).toBe(-2);
  });

  it('lists open instruments in the order in which they were opened; one that turns stays in its place', () => {
    const three = [0, 1, 2].map((index) =>
      instrument('EQUITY', `S${index}.X`, { code: `S${index}`, decimals: 8, displayDecimals: 2 }, USD, {}, index),
    );
    const manager = new PositionManager({ instruments: three, strategyCount: 3, rules: [HEDGING, HEDGING, HEDGING] });
    for (const of of three) book(manager, [fill(of, 'BUY', '10', '100')], PositionSide.LONG);
    book(manager, [fill(three[0]!, 'SELL', '12', '110')], PositionSide.LONG); // closes 10 and opens 2 on the other side
    expect([...manager.openInstruments()]).toEqual([0, 1, 2]);
    book(manager, [fill(three[1]!, 'SELL', '10', '110')], PositionSide.LONG);
    expect([...manager.openInstruments()]).toEqual([0, 2]);
    book(manager, [fill(three[1]!, 'SELL', '10', '110')], PositionSide.SHORT);
    expect([...manager.openInstruments()]).toEqual([0, 2, 1]);
  });

  it('stops on a fill without a side where the account hedges, and with one where it nets', () => {
    expect(() => managerOf(HEDGING).applyFill(fill(ABC, 'BUY', '1', '100'), PositionSide.NET, null)).toThrow('position side NET');
    expect(() => managerOf(AVERAGE).applyFill(fill(ABC, 'BUY', '1', '100'), PositionSide.LONG, null)).toThrow('position side LONG');
  });

  it('reads the position side from order side and reduce-only', () => {
    expect(positionSideOf('NETTING', Side.BUY, true)).toBe(PositionSide.NET);
    expect(positionSideOf('HEDGING', Side.BUY, false)).toBe(PositionSide.LONG);
    expect(positionSideOf('HEDGING', Side.SELL, true)).toBe(PositionSide.LONG);
    expect(positionSideOf('HEDGING', Side.SELL, false)).toBe(PositionSide.SHORT);
    expect(positionSideOf('HEDGING', Side.BUY, true)).toBe(PositionSide.SHORT);
  });

  it('a split hands the entry commission of a lot that it swallows to the lot before', () => {
    const manager = managerOf(FIFO);
    book(manager, [fill(ABC, 'BUY', '2', '100', '1'), fill(ABC, 'BUY', '1', '100', '2')]);
    manager.applySplit(0, 1, 2, price('100', ABC)); // 1 + 0.5 → 1, and half a new share sold
    const closed = book(manager, [fill(ABC, 'SELL', '1', '200')]);
    expect(closed.map((trade) => [trade.quantity, trade.entryCommission])).toEqual([[1, money('3', USD)]]);
  });

  it('the account of two strategies rounds an inverse value once for each fill, not once for each strategy', () => {
    // 2 contracts of 10 USD at 3.0 are 6.66666667 BTC (rounded); 1 and 1 would be 3.33333333 twice.
    const inverse = instrument('INVERSE_PERPETUAL', 'BTC-USD.X', BTC, USD, { priceDecimals: 1, multiplier: 10 });
    const manager = managerOf(AVERAGE, inverse);
    book(manager, [fill(inverse, 'BUY', '1', '1.0'), fill(inverse, 'BUY', '9', '1.0', '0', { strategy: 1 })]);
    book(manager, [fill(inverse, 'SELL', '2', '3.0')]); // strategy 0 closes 1 and opens −1
    expect(manager.booking.realizedPnl).toBe(money('13.33333333', BTC)); // 20 − 6.66666667
  });

  it('S-47: nets two strategies for the account and attributes to each its own', () => {
    const manager = managerOf(AVERAGE);
    book(manager, [fill(ABC, 'BUY', '10', '100')]);
    const closed = book(manager, [fill(ABC, 'SELL', '10', '110', '0', { strategy: 1 })]);
    expect(closed).toEqual([]); // strategy 1 has opened a short
    expect(manager.booking.realizedPnl).toBe(money('100', USD)); // the account is flat
    expect([manager.quantity(0, 0), manager.quantity(1, 0), manager.venueQuantity(0)]).toEqual([10, -10, 0]);
    expect([...manager.openInstruments()]).toEqual([0]);
    book(manager, [fill(ABC, 'SELL', '10', '120'), fill(ABC, 'BUY', '10', '120', '0', { strategy: 1 })]);
    expect([manager.position(0, 0)!.realizedPnl, manager.position(1, 0)!.realizedPnl]).toEqual([money('200', USD), money('-100', USD)]);
    expect(manager.venuePosition(0)!.realizedPnl).toBe(money('100', USD));
    expect([...manager.openInstruments()]).toEqual([]);
  });

  it('a seven-for-one split multiplies the quantity and leaves the cost', () => {
    const manager = managerOf(AVERAGE);
    book(manager, [fill(ABC, 'BUY', '10', '700')]);
    expect(manager.applySplit(0, 7, 1, 0)).toEqual({ cash: 0n, costChange: 0n, quantityChange: 60 });
    expect(manager.position(0, 0)).toMatchObject({ quantity: 70, cost: money('7000', USD) });
    expect(averagePriceText(manager.position(0, 0)!.avgPx!, ABC)).toBe('100.00');
  });

  it('a one-for-two split of 7 shares sells half a new share at twice the old price', () => {
    const manager = managerOf(AVERAGE);
    book(manager, [fill(ABC, 'BUY', '7', '100')]);
    // 3.5 new shares cost 700; 0.5 of them cost 100 and bring 0.5 × 240.
    expect(manager.applySplit(0, 1, 2, price('120', ABC))).toEqual({
      cash: money('120', USD),
      costChange: money('-100', USD),
      quantityChange: -4,
    });
    expect(manager.position(0, 0)).toMatchObject({ quantity: 3, cost: money('600', USD), realizedPnl: money('20', USD) });
    const short = managerOf(AVERAGE);
    book(short, [fill(ABC, 'SELL', '7', '100')]);
    expect(short.applySplit(0, 1, 2, price('120', ABC))).toEqual({
      cash: money('-120', USD),
      costChange: money('100', USD),
      quantityChange: 4,
    });
  });

  it('a reverse split that leaves nothing pays everything in cash', () => {
    const manager = managerOf(FIFO);
    book(manager, [fill(ABC, 'BUY', '2', '10'), fill(ABC, 'BUY', '3', '12')]);
    // 5 shares at 11 old are 55; they cost 20 + 36.
    expect(manager.applySplit(0, 1, 10, price('11', ABC))).toEqual({
      cash: money('55', USD),
      costChange: money('-56', USD),
      quantityChange: -5,
    });
    expect(manager.position(0, 0)).toMatchObject({ quantity: 0, cost: 0n, realizedPnl: money('-1', USD) });
    expect([...manager.openInstruments()]).toEqual([]);
  });

  it('a split moves a FIFO lot boundary that falls inside a share down to the share, with its cost', () => {
    const manager = managerOf(FIFO);
    book(manager, [fill(ABC, 'BUY', '1', '90', '1'), fill(ABC, 'BUY', '1', '150', '2')]);
    manager.applySplit(0, 3, 2, 0); // 1.5 + 1.5 → 1 that cost 60, and 2 that cost 30 + 150
    const closed = book(manager, [fill(ABC, 'SELL', '3', '100')]);
    expect(closed.map((trade) => [trade.quantity, trade.entryValue, trade.entryCommission])).toEqual([
      [1, money('60', USD), money('1', USD)],
      [2, money('180', USD), money('2', USD)],
    ]);
  });

  it('after a split the strategies still sum to the account; the lot lost by cutting goes to the largest fraction, paid at the price', () => {
    const manager = managerOf(AVERAGE);
    book(manager, [fill(ABC, 'BUY', '1', '100'), fill(ABC, 'BUY', '1', '100', '0', { strategy: 1 })]);
    const total = manager.applySplit(0, 3, 2, price('90', ABC));
    expect(total).toEqual({ cash: 0n, costChange: 0n, quantityChange: 1 });
    // Half a new share is worth 30: strategy 0 buys it from strategy 1, which keeps 1 of 1.5 at cost 66.67.
    expect(manager.position(0, 0)).toMatchObject({ quantity: 2, cost: money('130', USD), realizedPnl: 0n });
    expect(manager.position(1, 0)).toMatchObject({ quantity: 1, cost: money('66.66666667', USD), realizedPnl: money('-3.33333333', USD) });
    expect([manager.quantity(0, 0), manager.quantity(1, 0), manager.venueQuantity(0)]).toEqual([2, 1, 3]);
  });

  it('splits quantities of both signs so that they sum to the total', () => {
    expect(splitQuantities([3, -1], 1, { numerator: 1, denominator: 2, lotSize: 1 })).toEqual([1, 0]);
    expect(splitQuantities([-1, -1, -1], -1, { numerator: 1, denominator: 2, lotSize: 1 })).toEqual([-1, 0, 0]);
    expect(splitQuantities([5, -5, 1], 0, { numerator: 1, denominator: 2, lotSize: 1 })).toEqual([2, -2, 0]);
    expect(splitQuantities([100, 200], 400, { numerator: 3, denominator: 2, lotSize: 100 })).toEqual([100, 300]);
  });

  it('shares an account amount among the strategies that hold the position, the rest to the last', () => {
    const manager = managerOf(AVERAGE);
    book(manager, [fill(ABC, 'BUY', '1', '100'), fill(ABC, 'BUY', '2', '100', '0', { strategy: 2 })]);
    manager.attribute(0, PositionSide.NET, 'dividend', 100n);
    expect([manager.position(0, 0)!.dividend, manager.position(2, 0)!.dividend, manager.venuePosition(0)!.dividend]).toEqual([
      33n,
      67n,
      100n,
    ]);
  });
});
