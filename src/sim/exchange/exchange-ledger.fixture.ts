import { expect } from 'vitest';
import {
  ExchangeOrderType as Type,
  ExchangeTimeInForce as Tif,
  type NewExchangeOrder,
  SelfTradePrevention as Stp,
  TradingPhase as Phase,
} from './exchange-order.ts';
import { type KnownOrder, type Operation, OWNERS, type Surroundings } from './exchange-operations.fixture.ts';
import { ReportKind as Kind } from './exchange-reports.ts';
import type { TwinReport } from './exchange-twin-order.fixture.ts';

/** What became of an order, by what was asked and what was reported. */
export interface Line {
  readonly order: NewExchangeOrder;
  limitPrice: number;
  stopPrice: number;
  asked: number;
  traded: number;
  takenOff: number;
  left: number;
  state: 'asked' | 'waiting' | 'live' | 'over';
}

/**
 * Books kept beside an exchange by somebody who knows no rule of matching, only what was asked of it and what it said. What it says must be possible: nobody
 * trades what he has not asked for, above his limit, after his end, or with himself where he does not want to; who may only reduce does; and every
 * trade has two sides of one price and quantity.
 */
export class ExchangeLedger implements Surroundings {
  readonly lines = new Map<number, Line>();
  /** By owner, nobody (0) included: lots held, and increments times lots received less paid. */
  readonly position = Array.from({ length: OWNERS + 1 }, () => 0);
  readonly cash = Array.from({ length: OWNERS + 1 }, () => 0n);
  /** How often each kind of report came; in the place of 0, trades of auctions. */
  readonly counts = Array.from({ length: Object.keys(Kind).length + 1 }, () => 0);
  phase: Phase;
  now = 0;
  lastId = 0;
  private low = -Infinity;
  private high = Infinity;

  constructor(phase: Phase) {
    this.phase = phase;
  }

  find(id: number): KnownOrder | undefined {
    const line = this.lines.get(id);
    if (line === undefined || line.left === 0) return undefined;
    const { limitPrice, left, traded, state, stopPrice, order } = line;
    const isChangeable = state === 'waiting' && order.orderType !== Type.TRAILING_STOP;
    return { leaves: left, filled: traded, limitPrice, changeableStop: isChangeable ? stopPrice : 0 };
  }

  /** What was asked, and what the exchange said to it. */
  book(operation: Operation, answer: number | boolean, reports: readonly TwinReport[]): void {
    if (operation.kind === 'submit') this.ask(answer as number, operation.order);
    // Time, and bands, hold for what follows; a new phase for what comes after its auction.
    if (operation.kind === 'time') this.now = operation.ts;
    if (operation.kind === 'band') [this.low, this.high] = [operation.low, operation.high];
    const mayTrade = this.mayTrade(operation);
    for (const report of reports) {
      const [kind, id, other, price, lots, side] = report;
      this.counts[kind]! += 1;
      if (kind !== Kind.TRADE) this.note(operation, kind, id, lots);
      else {
        expect(mayTrade, 'a trade where nothing trades').toBe(true);
        this.trade(id, other, price, lots, side);
      }
    }
    if (operation.kind === 'phase') this.phase = operation.phase;
  }

  /** New orders and new values trade while trading is continuous; going on from where orders were collected holds an auction, and what that wakes trades. */
  private mayTrade(operation: Operation): boolean {
    const { phase } = this;
    if (operation.kind === 'submit' || operation.kind === 'modify') return phase === Phase.CONTINUOUS;
    if (operation.kind !== 'phase') return false;
    return operation.phase === Phase.CONTINUOUS ? phase !== Phase.CLOSED : operation.phase === Phase.CLOSED && phase === Phase.CLOSING;
  }

  private ask(id: number, order: NewExchangeOrder): void {
    expect(id).toBe(this.lastId + 1);
    this.lastId = id;
    const { limitPrice, stopPrice } = order;
    this.lines.set(id, { order, limitPrice, stopPrice, asked: order.orderQty, traded: 0, takenOff: 0, left: 0, state: 'asked' });
  }

  private note(operation: Operation, kind: number, id: number, lots: number): void {
    if (kind === Kind.CANCEL_REJECTED || kind === Kind.MODIFY_REJECTED) {
      expect(operation.kind, 'a refusal').toBe(kind === Kind.CANCEL_REJECTED ? 'cancel' : 'modify');
      return;
    }
    const line = this.lines.get(id)!;
    expect(line.state === 'asked', `a report of kind ${kind} in its turn`).toBe(kind === Kind.ACCEPTED || kind === Kind.REJECTED);
    expect(line.state).not.toBe('over');
    switch (kind) {
      case Kind.REJECTED:
        line.state = 'over';
        return;
      case Kind.ACCEPTED: {
        const isAtOnce = line.order.orderType === Type.MARKET || line.order.orderType === Type.LIMIT;
        line.state = isAtOnce ? 'live' : 'waiting';
        this.give(line, line.asked, lots);
        return;
      }
      case Kind.MODIFIED:
        expect(operation).toMatchObject({ kind: 'modify', id });
        if (operation.kind !== 'modify') return;
        line.limitPrice = operation.limitPrice;
        if (line.state === 'waiting') line.stopPrice = operation.stopPrice;
        this.give(line, operation.orderQty, lots);
        return;
      case Kind.TRIGGERED:
        expect([line.state, lots]).toEqual(['waiting', line.left]);
        line.state = 'live';
        return;
      case Kind.REDUCED:
        expect(lots > 0 && lots < line.left, 'some are left').toBe(true);
        break;
      default:
        expect(lots, 'all that is left').toBe(line.left);
        line.state = 'over';
        if (kind === Kind.EXPIRED && line.order.timeInForce === Tif.GTD) expect(this.now).toBeGreaterThanOrEqual(line.order.expireTs);
    }
    line.takenOff += lots;
    line.left -= lots;
  }

  /** An order is now for so many lots in all, of which so many are left: what it asks for, unless it may only reduce. */
  private give(line: Line, asked: number, left: number): void {
    const wanted = asked - line.traded;
    const { isReduceOnly, owner, side } = line.order;
    expect(left).toBe(isReduceOnly ? Math.min(wanted, this.reducible(owner, side)) : wanted);
    line.asked = asked;
    line.left = left;
    line.takenOff = wanted - left;
  }

  private trade(id: number, otherId: number, price: number, lots: number, side: number): void {
    const [first, second] = [this.lines.get(id)!, this.lines.get(otherId)!];
    if (side === 0) {
      this.counts[0]! += 1;
      expect([first.order.side, second.order.side], 'a buyer and a seller').toEqual([1, -1]);
    } else {
      expect([first.order.side, second.order.side], 'the side of who came, and the other').toEqual([-side, side]);
      expect(price, 'the price of who rested').toBe(first.limitPrice);
      const { owner, selfTrade } = second.order;
      if (owner !== 0 && selfTrade !== Stp.NONE) expect(first.order.owner, 'not with itself').not.toBe(owner);
    }
    expect(price >= this.low && price <= this.high, 'a price within the band').toBe(true);
    for (const line of [first, second]) this.fill(line, price, lots);
  }

  private fill(line: Line, price: number, lots: number): void {
    const { owner, side, orderType, isReduceOnly, timeInForce, expireTs } = line.order;
    expect([line.state, lots > 0 && lots <= line.left], 'no more than is left').toEqual(['live', true]);
    if (orderType === Type.LIMIT || orderType === Type.STOP_LIMIT || orderType === Type.LIMIT_IF_TOUCHED)
      expect(side * (line.limitPrice - price), 'no worse than the limit').toBeGreaterThanOrEqual(0);
    if (timeInForce === Tif.GTD) expect(this.now, 'before its end').toBeLessThan(expireTs);
    if (isReduceOnly) expect(lots, 'what reduces').toBeLessThanOrEqual(this.reducible(owner, side));
    line.traded += lots;
    line.left -= lots;
    if (line.left === 0) line.state = 'over';
    this.position[owner]! += side * lots;
    this.cash[owner]! -= BigInt(side) * BigInt(price) * BigInt(lots);
  }

  private reducible(owner: number, side: number): number {
    return owner === 0 ? 0 : Math.max(0, -side * this.position[owner]!);
  }
}
