import { assert, unreachable } from '../../base/assert.ts';
import type { Code } from '../../model/codes/catalogue.ts';
import type { CancelOrder, ModifyOrder, SubmitOrder, VenueCommand } from '../../model/commands.ts';
import type { InstrumentIndex, Price } from '../../model/instrument.ts';
import { type ClientOrderId, OrderFlag, OrderType, TimeInForce } from '../../model/order.ts';
import type { Executions } from '../executions.ts';
import type { VenueInstrument, VenueServices } from '../matching/fill-rules.ts';
import type { ReportQueue } from '../report-queue.ts';
import { SerialTexts } from '../serial-texts.ts';
import { InstrumentDesk } from './instrument-desk.ts';
import type { OrderJudge } from './order-judge.ts';
import { arePricesValid, checkOrder, isQuantityValid } from './order-check.ts';
import { actsAs, hasFlag, hasLimit, hasStop, makeWorkingOrder, NEVER_TS, type WorkingOrder } from './working-order.ts';
import { WorkingOrders } from './working-orders.ts';

/** Asks to judge an order once the fills before it are in the core's books, which decide its quantity. */
export interface JudgeOrder {
  readonly kind: 'JudgeOrder';
  readonly clientOrderId: ClientOrderId;
}

/** The venue's front: accepts, refuses, changes, cancels and expires orders. */
export class OrderEntry {
  readonly deskList: readonly InstrumentDesk[];
  readonly working = new WorkingOrders();
  /** Orders accepted so far: the counter of venue order ids. */
  sequence = 0;
  /** The account is being closed by force: no order is taken. */
  isClosing = false;
  private readonly services: VenueServices;
  private readonly queue: ReportQueue;
  private readonly executions: Executions;
  private readonly matcher: OrderJudge;
  private readonly orders = this.working.byId;
  private readonly venueOrderIds = new SerialTexts('V-');
  private readonly deskOf: (InstrumentDesk | undefined)[] = [];

  constructor(
    instruments: readonly VenueInstrument[],
    services: VenueServices,
    queue: ReportQueue,
    executions: Executions,
    matcher: OrderJudge,
  ) {
    this.services = services;
    this.queue = queue;
    this.executions = executions;
    this.matcher = matcher;
    this.deskList = instruments.map((entry) => new InstrumentDesk(entry, this.working));
    for (const desk of this.deskList) this.deskOf[desk.instrument.index] = desk;
  }

  deskAt(instrument: InstrumentIndex): InstrumentDesk | undefined {
    return this.deskOf[instrument];
  }

  desk(instrument: InstrumentIndex): InstrumentDesk {
    const desk = this.deskOf[instrument];
    if (desk === undefined) assert(false, `instrument ${instrument} is traded here`);
    return desk;
  }

  /** The desk that a command concerns; undefined where it names nothing known. */
  deskFor(command: VenueCommand): InstrumentDesk | undefined {
    const instrument = command.kind === 'SubmitOrder' ? command.instrument : this.orders.get(command.clientOrderId)?.instrument;
    return instrument === undefined ? undefined : this.deskOf[instrument];
  }

  /** @returns an order that must be judged later, or null */
  perform(command: VenueCommand | JudgeOrder, ts: number): JudgeOrder | null {
    switch (command.kind) {
      case 'SubmitOrder':
        return this.submit(command, ts);
      case 'CancelOrder':
        this.cancel(command, ts);
        return null;
      case 'ModifyOrder':
        return this.modify(command, ts);
      case 'JudgeOrder': {
        const order = this.orders.get(command.clientOrderId);
        return order === undefined ? null : this.judge(this.desk(order.instrument), order, ts);
      }
      default:
        return unreachable(command);
    }
  }

  /** Expires every order of the desk whose last microsecond lies before `ts`. */
  expire(desk: InstrumentDesk, ts: number): void {
    const { orders } = desk;
    for (let at = 0; at < orders.length; ) {
      const order = orders[at]!;
      if (order.expireTs >= ts) at += 1;
      else {
        desk.remove(order);
        this.queue.emit({ kind: 'Expired', clientOrderId: order.clientOrderId, tsEvent: order.expireTs });
      }
    }
    desk.refresh();
  }

  /** Cancels every order of the desk, asked by nobody. */
  cancelAll(desk: InstrumentDesk, reason: Code, ts: number): void {
    for (const order of [...desk.orders]) this.matcher.cancel(desk, order, reason, ts);
    desk.refresh();
  }

  refuse(clientOrderId: ClientOrderId, reason: Code, ts: number): void {
    this.queue.emit({ kind: 'Rejected', clientOrderId, reason, tsEvent: ts });
  }

  saveOrders(): readonly WorkingOrder[] {
    return this.deskList.flatMap((desk) => desk.orders.map((order) => ({ ...order })));
  }

  loadOrders(orders: readonly WorkingOrder[]): void {
    this.orders.clear();
    for (const desk of this.deskList) desk.orders.length = 0;
    for (const order of orders) this.desk(order.instrument).add({ ...order });
    for (const desk of this.deskList) desk.refresh();
  }

  private submit(command: SubmitOrder, ts: number): JudgeOrder | null {
    const { clientOrderId, instrument } = command;
    if (this.orders.size > 0 && this.orders.has(clientOrderId)) assert(false, `order ${clientOrderId} is submitted once`);
    const desk = this.deskOf[instrument];
    if (desk === undefined) {
      this.refuse(clientOrderId, 'VENUE_INSTRUMENT_UNKNOWN', ts);
      return null;
    }
    const priceNow = this.matcher.priceNow(desk, command.side);
    const code = this.refusalOf(desk, command, priceNow, ts);
    if (code !== null) {
      this.refuse(clientOrderId, code, ts);
      return null;
    }
    this.sequence += 1;
    this.queue.emit({ kind: 'Accepted', clientOrderId, venueOrderId: this.venueOrderIds.text(this.sequence), tsEvent: ts });
    if (this.matcher.canTakeWhole(desk, command, priceNow)) {
      this.matcher.takeWhole(desk, command, priceNow, ts);
      return null;
    }
    const order = makeWorkingOrder(command, this.expiryOf(command, ts), this.matcher.pathDesk === desk ? 0 : ts);
    desk.add(order);
    return this.judge(desk, order, ts);
  }

  private refusalOf(desk: InstrumentDesk, command: SubmitOrder, priceNow: Price, ts: number): Code | null {
    if (this.isClosing) return 'VENUE_LIQUIDATION';
    const code = checkOrder(desk.instrument, desk.hasNotionalMin, command, priceNow, ts);
    if (code !== null || command.flags === 0) return code;
    if (hasFlag(command, OrderFlag.REDUCE_ONLY) && this.executions.reducible(command.instrument, command.side) === 0)
      return 'VENUE_NOTHING_TO_REDUCE';
    const isPostOnly = hasFlag(command, OrderFlag.POST_ONLY) && command.orderType === OrderType.LIMIT;
    return isPostOnly && priceNow !== 0 && command.side * (priceNow - command.limitPrice) <= 0 ? 'VENUE_POST_ONLY_WOULD_TAKE' : null;
  }

  private expiryOf(command: SubmitOrder, ts: number): number {
    if (command.timeInForce === TimeInForce.GTD) return command.expireTs;
    return command.timeInForce === TimeInForce.DAY ? this.services.sessionCloseAfter(command.instrument, ts) : NEVER_TS;
  }

  private cancel(command: CancelOrder, ts: number): void {
    const order = this.orders.get(command.clientOrderId);
    if (order === undefined) {
      this.queue.emit({ kind: 'CancelRejected', clientOrderId: command.clientOrderId, reason: 'VENUE_ORDER_NOT_WORKING', tsEvent: ts });
      return;
    }
    const desk = this.desk(order.instrument);
    this.matcher.cancel(desk, order, '', ts);
    desk.refresh();
  }

  private modify(command: ModifyOrder, ts: number): JudgeOrder | null {
    const { clientOrderId } = command;
    const order = this.orders.get(clientOrderId);
    const code = order === undefined ? 'VENUE_ORDER_NOT_WORKING' : this.changeRefusal(order, command);
    if (order === undefined || code !== null) {
      this.queue.emit({ kind: 'ModifyRejected', clientOrderId, reason: code ?? '', tsEvent: ts });
      return null;
    }
    const desk = this.desk(order.instrument);
    const limitPrice = hasLimit(order.orderType) ? command.limitPrice : 0;
    const stopPrice = hasStop(order.orderType) && !order.isTriggered ? command.stopPrice : order.stopPrice;
    const losesPriority = limitPrice !== order.limitPrice || stopPrice !== order.stopPrice || command.orderQty > order.orderQty;
    order.orderQty = Math.max(command.orderQty, order.cumQty);
    order.limitPrice = limitPrice;
    order.stopPrice = stopPrice;
    this.queue.emit({ kind: 'Modified', clientOrderId, orderQty: order.orderQty, limitPrice, stopPrice, tsEvent: ts });
    if (order.orderQty === order.cumQty) desk.remove(order);
    else if (losesPriority) {
      desk.remove(order);
      desk.add(order);
      order.arrivalTs = this.matcher.pathDesk === desk ? 0 : ts;
      order.isFresh = actsAs(order) === OrderType.MARKET || actsAs(order) === OrderType.LIMIT;
      return this.judge(desk, order, ts);
    }
    desk.refresh();
    return null;
  }

  private changeRefusal(order: WorkingOrder, command: ModifyOrder): Code | null {
    const desk = this.desk(order.instrument);
    if (!arePricesValid(desk.instrument, order.orderType, command)) return 'VENUE_PRICE_INVALID';
    const isExempt = hasFlag(order, OrderFlag.REDUCE_ONLY) || !order.isSized || command.orderQty <= order.cumQty;
    if (!isQuantityValid(desk.instrument, command.orderQty, isExempt)) return 'VENUE_QUANTITY_INVALID';
    const isPostOnly = hasFlag(order, OrderFlag.POST_ONLY) && actsAs(order) === OrderType.LIMIT;
    const priceNow = this.matcher.priceNow(desk, order.side);
    return isPostOnly && priceNow !== 0 && order.side * (priceNow - command.limitPrice) <= 0 ? 'VENUE_POST_ONLY_WOULD_TAKE' : null;
  }

  private judge(desk: InstrumentDesk, order: WorkingOrder, ts: number): JudgeOrder | null {
    if (!order.isSized && this.queue.hasUndeliveredFill) {
      desk.refresh();
      return { kind: 'JudgeOrder', clientOrderId: order.clientOrderId };
    }
    this.matcher.judge(desk, order, ts);
    return null;
  }
}
