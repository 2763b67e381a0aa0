import type { PricedBlock } from '../../model/blocks.ts';
import type { Code } from '../../model/codes/catalogue.ts';
import type { SubmitOrder } from '../../model/commands.ts';
import type { Money } from '../../model/currency.ts';
import type { Price, Quantity } from '../../model/instrument.ts';
import { LiquiditySide, OrderFlag, OrderType, type Side, TimeInForce } from '../../model/order.ts';
import { notionalValue } from '../../model/valuation.ts';
import type { Execution, Executions } from '../executions.ts';
import type { InstrumentDesk } from '../orders/instrument-desk.ts';
import type { OrderJudge } from '../orders/order-judge.ts';
import { actsAs, hasFlag, isImmediate, type WorkingOrder } from '../orders/working-order.ts';
import type { ReportQueue } from '../report-queue.ts';
import type { VenueServices } from './fill-rules.ts';
import { payableQuantity } from './payable.ts';
import { PricePath } from './price-path.ts';
import { nextReaction, type Reaction, takesPart } from './reaction.ts';
import { slippedPrice } from './slippage.ts';

/**
 * Carries out what happens to orders: judges one that arrives against the market it finds, and moves a row's path along from one
 * reaction to the next. Every change ends with the desk's thresholds up to date.
 */
export class Matcher implements OrderJudge {
  readonly path = new PricePath();
  /** The desk whose row's path is being walked; null between rows. */
  pathDesk: InstrumentDesk | null = null;
  /** Counts the rows whose path was walked: marks orders that sit out the rest of a row. */
  rowSerial = 0;
  private readonly services: VenueServices;
  private readonly queue: ReportQueue;
  private readonly executions: Executions;

  constructor(services: VenueServices, queue: ReportQueue, executions: Executions) {
    this.services = services;
    this.queue = queue;
    this.executions = executions;
  }

  /** The price at which an order of this side could trade now; 0 where none is known. */
  priceNow(desk: InstrumentDesk, side: Side): Price {
    return this.pathDesk === desk ? this.path.priceNow(side) : desk.priceNow(side);
  }

  /** First judgement of an order that has arrived, or was changed: it may trade or trigger at once, wait, or begin to rest. */
  judge(desk: InstrumentDesk, order: WorkingOrder, ts: number): void {
    const price = this.priceNow(desk, order.side);
    const isInPath = this.pathDesk === desk;
    const mayActNow = price !== 0 && (desk.isAtOnce || isInPath);
    const acts = actsAs(order);
    if (acts === OrderType.STOP || acts === OrderType.STOP_LIMIT) {
      if (mayActNow && order.side * (price - order.stopPrice) >= 0) this.trigger(desk, order, price, ts);
    } else if (acts === OrderType.MARKET) {
      if (mayActNow && desk.isAtOnce) this.takeNow(desk, order, price, ts);
      else if (isInPath) order.dormantRow = this.rowSerial;
    } else {
      const isMarketable = price !== 0 && order.side * (price - order.limitPrice) <= 0;
      if (mayActNow && isMarketable) this.takeNow(desk, order, price, ts);
      else if (mayActNow && isImmediate(order)) this.cancelImmediate(desk, order, ts);
      else if (price !== 0 && !isMarketable && !isImmediate(order)) order.isFresh = false;
    }
    desk.refresh();
  }

  /** Sets out on a row's path. */
  beginPath(desk: InstrumentDesk, block: PricedBlock, row: number): void {
    this.rowSerial += 1;
    this.pathDesk = desk;
    this.path.begin(desk, block, row, this.executions.position(block.instrument));
  }

  /** Lets the next order react; false when none does before the present move ends. */
  stepReaction(desk: InstrumentDesk): boolean {
    const reaction = nextReaction(desk, this.path, this.rowSerial);
    if (reaction === null) return false;
    this.path.moveTo(reaction.order.side, reaction.level, reaction.fraction);
    this.react(desk, reaction, this.path.eventTs);
    desk.refresh();
    return true;
  }

  /**
   * Ends the present move, and after the last one the path. Orders that had their first chance in it begin to rest, or are canceled if
   * they may not. One whose price is there but which lacked quantity goes on taking.
   */
  endMove(desk: InstrumentDesk): void {
    const { orders } = desk;
    for (let at = 0; at < orders.length; ) {
      const order = orders[at]!;
      const hadFirstChance = this.hadFirstChance(order);
      if (hadFirstChance && isImmediate(order)) this.cancelImmediate(desk, order, this.path.eventTs);
      else {
        if (hadFirstChance)
          order.isFresh = actsAs(order) === OrderType.LIMIT && order.side * (this.path.to(order.side) - order.limitPrice) <= 0;
        at += 1;
      }
    }
    desk.refresh();
    if (!this.path.arrive()) this.endPath();
  }

  endPath(): void {
    this.pathDesk = null;
  }

  cancel(desk: InstrumentDesk, order: WorkingOrder, reason: Code | '', ts: number): void {
    desk.remove(order);
    this.queue.emit({ kind: 'Canceled', clientOrderId: order.clientOrderId, reason, tsEvent: ts });
  }

  /** Cancels reduce-only orders that no position is left for. */
  cancelIrreducible(desk: InstrumentDesk, ts: number): void {
    const { orders } = desk;
    for (let at = 0; at < orders.length; ) {
      const order = orders[at]!;
      if (!hasFlag(order, OrderFlag.REDUCE_ONLY) || this.executions.reducible(order.instrument, order.side) > 0) at += 1;
      else this.cancel(desk, order, 'VENUE_NOTHING_TO_REDUCE', ts);
    }
  }

  /**
   * True where an order that has just been accepted is a plain market order which fills whole at once: it needs no place among the working
   * orders. {@link takeWhole} then does what {@link judge} would have done.
   */
  canTakeWhole(desk: InstrumentDesk, command: SubmitOrder, priceNow: Price): boolean {
    return (
      command.orderType === OrderType.MARKET &&
      command.flags === 0 &&
      desk.isAtOnce &&
      desk.available(command.side, command.orderQty) === command.orderQty &&
      priceNow !== 0 &&
      (command.side < 0 || this.services.cashFor(command.instrument) === null)
    );
  }

  /** Hot: the way of most orders of a strategy that trades often. */
  takeWhole(desk: InstrumentDesk, command: SubmitOrder, priceNow: Price, ts: number): void {
    const { side, orderQty } = command;
    const price = this.slippedPrice(desk, side, priceNow, orderQty);
    this.queue.emit(
      this.executions.book({
        clientOrderId: command.clientOrderId,
        instrument: desk.instrument,
        fees: desk.config.fees,
        side,
        price,
        quantity: orderQty,
        liquiditySide: LiquiditySide.TAKER,
        orderQtyBefore: 0,
        orderValueBefore: 0n,
        ts,
        orderQtyFinal: null,
      }),
    );
    desk.take(side, orderQty);
    if (desk.orders.length === 0) return;
    this.cancelIrreducible(desk, ts);
    desk.refresh();
  }

  /** True where the present move was the first in which a fresh order could have traded. */
  private hadFirstChance(order: WorkingOrder): boolean {
    if (!order.isFresh || !takesPart(order, this.path, this.rowSerial) || this.path.to(order.side) === 0) return false;
    return actsAs(order) !== OrderType.MARKET || this.path.isJump;
  }

  private react(desk: InstrumentDesk, { order, price, isTrigger, isTaker }: Reaction, ts: number): void {
    if (isTrigger) this.trigger(desk, order, price, ts);
    else this.execute(desk, order, price, isTaker, ts);
  }

  private trigger(desk: InstrumentDesk, order: WorkingOrder, price: Price, ts: number): void {
    order.isTriggered = true;
    this.queue.emit({ kind: 'Triggered', clientOrderId: order.clientOrderId, tsEvent: ts });
    if (order.orderType === OrderType.STOP) {
      this.takeNow(desk, order, price, ts);
      return;
    }
    const isMarketable = order.side * (price - order.limitPrice) <= 0;
    if (desk.config.rules.triggeredLimit === 'nextBar' && this.pathDesk === desk && this.path.isBar) {
      order.dormantRow = this.rowSerial;
      order.isFresh = isMarketable || isImmediate(order);
    } else if (isMarketable) this.takeNow(desk, order, price, ts);
    else if (isImmediate(order)) this.cancelImmediate(desk, order, ts);
  }

  /** Takes what there is at `price`; what is left for want of quantity goes on taking from the next row, or is canceled if it may not. */
  private takeNow(desk: InstrumentDesk, order: WorkingOrder, price: Price, ts: number): void {
    this.execute(desk, order, price, true, ts);
    order.isFresh = true;
    if (isImmediate(order) && order.cumQty < order.orderQty && desk.isWorking(order)) this.cancelImmediate(desk, order, ts);
  }

  cancelImmediate(desk: InstrumentDesk, order: WorkingOrder, ts: number): void {
    this.cancel(desk, order, order.timeInForce === TimeInForce.FOK ? 'VENUE_FOK_NOT_FILLABLE' : 'VENUE_IOC_REMAINDER', ts);
  }

  /** Fills as much as price rules, position and volume allow, or cancels the order with the reason why it may not fill. */
  private execute(desk: InstrumentDesk, order: WorkingOrder, seenPrice: Price, isTaker: boolean, ts: number): void {
    if (isTaker && hasFlag(order, OrderFlag.POST_ONLY)) return this.cancel(desk, order, 'VENUE_POST_ONLY_WOULD_TAKE', ts);
    const available = desk.available(order.side, order.orderQty - order.cumQty);
    if (available === 0) return;
    const orderQtyFinal = order.isSized ? null : this.sizeOf(order, this.fillPrice(desk, order, seenPrice, available, isTaker));
    if (orderQtyFinal !== null) {
      if (orderQtyFinal <= 0) return this.cancel(desk, order, 'VENUE_SIZE_ZERO', ts);
      order.orderQty = orderQtyFinal;
      order.isSized = true;
    }
    const leaves = order.orderQty - order.cumQty;
    const isReduceOnly = hasFlag(order, OrderFlag.REDUCE_ONLY);
    const wanted = isReduceOnly ? Math.min(leaves, this.executions.reducible(order.instrument, order.side)) : leaves;
    if (wanted === 0) return this.cancel(desk, order, 'VENUE_NOTHING_TO_REDUCE', ts);
    const quantity = desk.available(order.side, wanted);
    if (order.timeInForce === TimeInForce.FOK && quantity < leaves) return this.cancelImmediate(desk, order, ts);
    if (quantity === 0) return;
    const price = this.fillPrice(desk, order, seenPrice, quantity, isTaker);
    const payable = order.side > 0 ? this.payable(desk, order, price, quantity, isTaker, ts) : quantity;
    const isCut = payable < quantity;
    if (isCut && (payable === 0 || order.timeInForce === TimeInForce.FOK)) return this.cancel(desk, order, 'VENUE_CASH_SHORT', ts);
    this.fill(desk, order, price, payable, isTaker, orderQtyFinal, ts);
    if (isCut && desk.isWorking(order)) this.cancel(desk, order, 'VENUE_CASH_SHORT', ts);
  }

  /** How much of a purchase the account can pay: all of it where it may owe. Source: docs/decisions/0018-cash-at-the-fill.md */
  payable(desk: InstrumentDesk, order: WorkingOrder, price: Price, quantity: Quantity, isTaker: boolean, ts: number): Quantity {
    const cash = this.services.cashFor(order.instrument);
    if (cash === null) return quantity;
    const { instrument } = desk;
    const costOf = (bought: Quantity): Money =>
      notionalValue(instrument, price, bought) + this.executions.commission(executionOf(desk, order, price, bought, isTaker, null, ts));
    return payableQuantity({ cash, quantity, lotSize: instrument.lotSize, costOf });
  }

  /** Books and reports a fill; an order that has no more to fill has ended. @param orderQtyFinal the order's quantity, where this fill decided it */
  bookFill(
    desk: InstrumentDesk,
    order: WorkingOrder,
    price: Price,
    quantity: Quantity,
    isTaker: boolean,
    orderQtyFinal: Quantity | null,
    ts: number,
  ): void {
    this.queue.emit(this.executions.book(executionOf(desk, order, price, quantity, isTaker, orderQtyFinal, ts)));
    order.cumQty += quantity;
    if (order.cumQty === order.orderQty) desk.remove(order);
    else order.valueFilled += notionalValue(desk.instrument, price, quantity);
  }

  private fill(
    desk: InstrumentDesk,
    order: WorkingOrder,
    price: Price,
    quantity: Quantity,
    isTaker: boolean,
    orderQtyFinal: Quantity | null,
    ts: number,
  ): void {
    desk.take(order.side, quantity);
    this.bookFill(desk, order, price, quantity, isTaker, orderQtyFinal, ts);
    if (order.timeInForce === TimeInForce.IOC && order.cumQty < order.orderQty) this.cancelImmediate(desk, order, ts);
    this.cancelIrreducible(desk, ts);
  }

  private sizeOf(order: WorkingOrder, price: Price): Quantity {
    return this.services.sizeAtFill(order.clientOrderId, price);
  }

  /** Slippage is for those who take, and never carries a price beyond the order's limit. */
  private fillPrice(desk: InstrumentDesk, order: WorkingOrder, seenPrice: Price, quantity: Quantity, isTaker: boolean): Price {
    if (!isTaker) return seenPrice;
    const slipped = this.slippedPrice(desk, order.side, seenPrice, quantity);
    if (order.limitPrice === 0) return slipped;
    return order.side > 0 ? Math.min(slipped, order.limitPrice) : Math.max(slipped, order.limitPrice);
  }

  private slippedPrice(desk: InstrumentDesk, side: Side, price: Price, quantity: Quantity): Price {
    const { slippage } = desk.config.rules;
    return slippage.kind === 'none'
      ? price
      : slippedPrice(slippage, side, price, desk.instrument.priceIncrement, quantity, desk.marketQuantity(side));
  }
}

function executionOf(
  { instrument, config }: InstrumentDesk,
  order: WorkingOrder,
  price: Price,
  quantity: Quantity,
  isTaker: boolean,
  orderQtyFinal: Quantity | null,
  ts: number,
): Execution {
  return {
    clientOrderId: order.clientOrderId,
    instrument,
    fees: config.fees,
    side: order.side,
    price,
    quantity,
    liquiditySide: isTaker ? LiquiditySide.TAKER : LiquiditySide.MAKER,
    orderQtyBefore: order.cumQty,
    orderValueBefore: order.valueFilled,
    ts,
    orderQtyFinal,
  };
}
