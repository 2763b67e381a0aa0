import { PriceLadder } from '../../book/price-ladder.ts';
import { ExchangeOrderType, TrailingOffsetType } from './exchange-order.ts';
import { QUANTITY, ROW_BITS } from '../../book/order-pool.ts';
import { type ExchangeOrders, OrderPlace, sideOf, STOP_PRICE, typeOf } from './exchange-orders.ts';

const BASIS_POINTS = 10_000;

/**
 * Orders that wait for a price: stops, trailing stops and if-touched orders. A trade's price wakes them; they then act one after the other, when the
 * order in hand is done.
 *
 * Those that wait for a rise wake from the lowest price up, then those that wait for a fall from the highest down, each price in order of time.
 */
export class TriggerBook {
  /** Orders that wait. */
  count = 0;
  private readonly orders: ExchangeOrders;
  private readonly above: PriceLadder;
  private readonly below: PriceLadder;
  /** Trailing orders in the order in which they came, those included that have no price yet. */
  private readonly trailing: number[] = [];
  /** Orders that have woken and wait for their turn. */
  wokenCount = 0;
  private readonly woken: number[] = [];
  private wokenFrom = 0;

  constructor(orders: ExchangeOrders) {
    this.orders = orders;
    this.above = new PriceLadder(orders.pool);
    this.below = new PriceLadder(orders.pool);
  }

  /** True where an order with this stop would wake at once. @param lastPrice NaN before the first trade */
  isReached(slot: number, lastPrice: number): boolean {
    const stop = this.orders.stopPrice(slot);
    return waitsAbove(this.orders, slot) ? lastPrice >= stop : lastPrice <= stop;
  }

  /** Takes an order in whose stop the market has not reached. A trailing one gets its stop here, or with the first trade. */
  arm(slot: number, lastPrice: number): void {
    const { orders } = this;
    this.count += 1;
    orders.setPlace(slot, waitsAbove(orders, slot) ? OrderPlace.ABOVE : OrderPlace.BELOW);
    if (typeOf(orders.codes(slot)) === ExchangeOrderType.TRAILING_STOP) {
      this.trailing.push(slot);
      this.setStop(slot, trailingStop(orders, slot, lastPrice));
      if (Number.isNaN(lastPrice)) return;
    }
    this.append(slot);
  }

  /** Takes an order out that waits or has woken. */
  remove(slot: number): void {
    const { orders } = this;
    if (orders.place(slot) === OrderPlace.WOKEN) {
      this.woken.splice(this.woken.indexOf(slot, this.wokenFrom), 1);
      this.wokenCount -= 1;
      return;
    }
    this.leave(slot);
    if (!Number.isNaN(orders.stopPrice(slot))) this.ladderOf(slot).remove(slot);
  }

  /** Lots were taken off (below 0) or put on an order that waits. */
  change(slot: number, lots: number): void {
    const { orders } = this;
    if (orders.place(slot) === OrderPlace.WOKEN || Number.isNaN(orders.stopPrice(slot))) {
      orders.pool.numbers[(slot << ROW_BITS) | QUANTITY]! += lots;
    } else this.ladderOf(slot).change(slot, lots);
  }

  /** A trade at this price: trailing stops follow, and who is reached wakes. */
  print(price: number): void {
    for (const slot of this.trailing) this.follow(slot, price);
    this.wake(this.above, price);
    this.wake(this.below, -price);
  }

  /** The next that has woken, 0 for none. */
  nextWoken(): number {
    if (this.wokenFrom < this.woken.length) {
      this.wokenFrom += 1;
      this.wokenCount -= 1;
      return this.woken[this.wokenFrom - 1]!;
    }
    this.woken.length = 0;
    this.wokenFrom = 0;
    return 0;
  }

  private wake(ladder: PriceLadder, key: number): void {
    while (ladder.reaches(key)) {
      const slot = ladder.bestOrder;
      ladder.remove(slot);
      this.leave(slot);
      this.orders.setPlace(slot, OrderPlace.WOKEN);
      this.woken.push(slot);
      this.wokenCount += 1;
    }
  }

  private leave(slot: number): void {
    this.count -= 1;
    if (typeOf(this.orders.codes(slot)) === ExchangeOrderType.TRAILING_STOP) this.trailing.splice(this.trailing.indexOf(slot), 1);
  }

  private follow(slot: number, price: number): void {
    const { orders } = this;
    const stop = orders.stopPrice(slot);
    const wanted = trailingStop(orders, slot, price);
    if (!Number.isNaN(stop)) {
      // A sale's stop rises only, a purchase's falls only.
      if ((wanted - stop) * orders.side(slot) >= 0) return;
      this.ladderOf(slot).remove(slot);
    }
    this.setStop(slot, wanted);
    this.append(slot);
  }

  private append(slot: number): void {
    const stop = this.orders.stopPrice(slot);
    if (this.orders.place(slot) === OrderPlace.ABOVE) this.above.append(slot, stop);
    else this.below.append(slot, -stop);
  }

  private ladderOf(slot: number): PriceLadder {
    return this.orders.place(slot) === OrderPlace.ABOVE ? this.above : this.below;
  }

  private setStop(slot: number, stop: number): void {
    this.orders.pool.numbers[(slot << ROW_BITS) | STOP_PRICE] = stop;
  }
}

/** Stops buy when the price has risen and sell when it has fallen; if-touched orders the other way round. */
function waitsAbove(orders: ExchangeOrders, slot: number): boolean {
  const codes = orders.codes(slot);
  const type = typeOf(codes);
  const isTouched = type === ExchangeOrderType.MARKET_IF_TOUCHED || type === ExchangeOrderType.LIMIT_IF_TOUCHED;
  return isTouched !== sideOf(codes) > 0;
}

/** Where the stop belongs at this price: below it for a sale, above it for a purchase. */
function trailingStop(orders: ExchangeOrders, slot: number, price: number): number {
  const { type, offset } = orders.trailing.get(slot)!;
  const distance = type === TrailingOffsetType.TICKS ? offset : Math.max(1, Math.ceil((Math.abs(price) * offset) / BASIS_POINTS));
  return price + orders.side(slot) * distance;
}
