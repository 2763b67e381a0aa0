import type { Price, Quantity } from '../../model/instrument.ts';
import type { ClientOrderId } from '../../model/order.ts';
import type { OrderTable } from '../orders/order-table.ts';
import type { Assessment } from './assessment.ts';

/**
 * What was judged of an order, value by value: whose, what, which side, how, how much, at which prices, until when.
 *
 * An approval keeps it to itself, so nothing outside can write it. Compared value by value, two orders that differ anywhere are told apart;
 * a fingerprint could at best make that likely. Hot: one for every order.
 */
export class JudgedTerms {
  private readonly table: OrderTable;
  readonly id: ClientOrderId;
  private readonly strategy: number;
  private readonly instrument: number;
  private readonly side: number;
  private readonly orderType: number;
  private readonly timeInForce: number;
  private readonly flags: number;
  private readonly orderQty: Quantity;
  private readonly limitPrice: Price;
  private readonly stopPrice: Price;
  private readonly expireTs: number;
  private readonly targetWeightPpb: number;

  /** Taken from the assessment, which the controls have read, not from the table, which may say something else by now. */
  constructor(a: Assessment) {
    this.table = a.world.table;
    this.id = a.id;
    this.strategy = a.strategy;
    this.instrument = a.instrument.index;
    this.side = a.side;
    this.orderType = a.orderType;
    this.timeInForce = a.timeInForce;
    this.flags = a.flags;
    this.orderQty = a.orderQty;
    this.limitPrice = a.limitPrice;
    this.stopPrice = a.stopPrice;
    this.expireTs = a.expireTs;
    this.targetWeightPpb = a.targetWeightPpb;
  }

  /** True where the order's row, sent with this quantity and at these prices, is what was judged. */
  hold(table: OrderTable, orderQty: Quantity, limitPrice: Price, stopPrice: Price): boolean {
    const { id } = this;
    return (
      table === this.table &&
      orderQty === this.orderQty &&
      limitPrice === this.limitPrice &&
      stopPrice === this.stopPrice &&
      table.strategy[id] === this.strategy &&
      table.instrument[id] === this.instrument &&
      table.side[id] === this.side &&
      table.orderType[id] === this.orderType &&
      table.timeInForce[id] === this.timeInForce &&
      table.flags[id] === this.flags &&
      table.expireTs[id] === this.expireTs &&
      table.targetWeightPpb[id] === this.targetWeightPpb
    );
  }
}
