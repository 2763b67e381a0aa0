import { INSTRUMENTS } from './world.fixture.ts';
import type { OrderEvent } from '../../src/model/events.ts';

interface OwnOrder {
  readonly id: number;
  readonly instrument: number;
  readonly side: number;
  quantity: number;
  pendingQuantity: number;
  filled: number;
  isOpen: boolean;
  hasEnded: boolean;
  isCancelPending: boolean;
}

interface OwnPosition {
  quantity: number;
  cost: bigint;
}

const MONEY_PER_CENT = 1_000_000n;

/** Orders, positions and money again, from the recorded events and nothing else. Throws where an event contradicts those before it. */
export class EventLedger {
  readonly name: string;
  readonly orders = new Map<number, OwnOrder>();
  commission = 0n;
  realized = 0n;
  /** What fills brought in and took out of cash, commission left aside. */
  moneyMoved = 0n;
  fillCount = 0;
  /** Orders of which a fill moved the strategy's own position away from zero, or through it. */
  readonly increasing = new Set<number>();
  private readonly held = new Map<string, number>();
  private readonly positions = INSTRUMENTS.map((): OwnPosition => ({ quantity: 0, cost: 0n }));

  constructor(name: string) {
    this.name = name;
  }

  position(instrument: number): number {
    return this.positions[instrument]!.quantity;
  }

  /** Position and everything that open orders of a side may still do, as a positive number of that side. */
  worst(instrument: number, side: 1 | -1): number {
    let worst = side * this.position(instrument);
    for (const order of this.orders.values()) {
      if (order.isOpen && order.instrument === instrument && order.side === side)
        worst += Math.max(order.quantity, order.pendingQuantity) - order.filled;
    }
    return worst;
  }

  take(event: OrderEvent): void {
    if (event.kind === 'OrderInitialized') {
      this.demand(!this.orders.has(event.clientOrderId), event, 'is born once');
      const { instrument, side, orderQty } = event.request;
      this.orders.set(event.clientOrderId, {
        id: event.clientOrderId,
        instrument,
        side,
        quantity: orderQty,
        pendingQuantity: 0,
        filled: 0,
        isOpen: false,
        hasEnded: false,
        isCancelPending: false,
      });
      return;
    }
    const order = this.orders.get(event.clientOrderId);
    if (order === undefined) throw new Error(`${this.name}: ${event.kind} of an order that was never born`);
    switch (event.kind) {
      case 'OrderSubmitted':
        this.demand(!order.hasEnded && !order.isOpen, event, 'leaves once');
        order.isOpen = true;
        return;
      case 'OrderDenied':
      case 'OrderRejected':
      case 'OrderCanceled':
      case 'OrderExpired':
        this.demand(!order.hasEnded, event, 'ends once');
        this.demand(event.kind !== 'OrderDenied' || !order.isOpen, event, 'is denied before it leaves');
        this.end(order);
        return;
      case 'OrderAccepted':
      case 'OrderTriggered':
      case 'OrderPendingCancel':
        this.demand(order.isOpen, event, 'is open');
        if (event.kind === 'OrderPendingCancel') order.isCancelPending = true;
        return;
      case 'OrderPendingModify':
        this.demand(order.isOpen, event, 'is open');
        order.pendingQuantity = event.orderQty;
        return;
      case 'OrderModified':
        this.demand(order.isOpen && event.orderQty >= order.filled, event, 'keeps what is filled');
        order.quantity = event.orderQty;
        order.pendingQuantity = 0;
        if (order.quantity === order.filled) this.end(order);
        return;
      case 'ModifyRejected':
        // What our own risk refused carries a sentence behind its code, and nothing was pending because of it.
        if (order.isOpen && !event.reason.includes(':')) order.pendingQuantity = 0;
        if (order.isOpen && order.pendingQuantity === 0 && order.filled >= order.quantity) this.end(order);
        return;
      case 'CancelRejected':
        order.isCancelPending = false;
        return;
      default:
        this.fill(order, event);
    }
  }

  private fill(order: OwnOrder, event: Extract<OrderEvent, { readonly kind: 'OrderFilled' | 'OrderPartiallyFilled' }>): void {
    this.demand(order.isOpen, event, 'fills while it is open');
    this.demand(event.lastQty > 0 && event.cumQty === order.filled + event.lastQty, event, 'rises by what was filled');
    order.filled += event.lastQty;
    // Orders that are sized at the fill learn their quantity from it; it is never more than was stated.
    this.demand(
      order.filled + event.leavesQty <= Math.max(order.quantity, order.pendingQuantity),
      event,
      'stays within what was asked for',
    );
    order.quantity = order.filled + event.leavesQty;
    if (order.filled >= Math.max(order.quantity, order.pendingQuantity)) this.end(order);
    const key = `${event.strategy}/${event.instrument}`;
    const before = this.held.get(key) ?? 0;
    const after = before + event.side * event.lastQty;
    this.held.set(key, after);
    if (Math.abs(after) > Math.abs(before) || after * before < 0) this.increasing.add(order.id);
    this.fillCount += 1;
    this.commission += event.commission;
    this.book(event.instrument, event.side, event.lastQty, event.lastPx);
  }

  private end(order: OwnOrder): void {
    order.isOpen = false;
    order.hasEnded = true;
    order.pendingQuantity = 0;
  }

  /** Average cost: a close takes its share of the cost, a half goes to the even neighbor. */
  private book(instrument: number, side: number, quantity: number, price: number): void {
    const position = this.positions[instrument]!;
    const value = (count: number): bigint => BigInt(price) * BigInt(count) * MONEY_PER_CENT;
    const closing = position.quantity * side < 0 ? Math.min(quantity, Math.abs(position.quantity)) : 0;
    let realized = 0n;
    if (closing > 0) {
      const part = roundedHalfEven(position.cost * BigInt(closing), BigInt(Math.abs(position.quantity)));
      realized = BigInt(-side) * value(closing) - part;
      position.cost -= part;
    }
    position.cost += BigInt(side) * value(quantity - closing);
    position.quantity += side * quantity;
    this.realized += realized;
    this.moneyMoved += INSTRUMENTS[instrument]!.kind === 'FUTURE' ? realized : BigInt(-side) * value(quantity);
  }

  private demand(isTrue: boolean, event: OrderEvent, what: string): void {
    if (!isTrue) throw new Error(`${this.name}: ${event.kind} of ${event.clientOrderId}: an order ${what}`);
  }
}

function roundedHalfEven(over: bigint, under: bigint): bigint {
  const isNegative = over < 0n;
  const size = isNegative ? -over : over;
  const whole = size / under;
  const twice = (size % under) * 2n;
  const rounded = twice > under || (twice === under && whole % 2n === 1n) ? whole + 1n : whole;
  return isNegative ? -rounded : rounded;
}
