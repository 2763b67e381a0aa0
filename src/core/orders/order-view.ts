import type { OrderState } from '../../model/session-output.ts';
import type { ClientOrderId, OrderType, Side, TimeInForce } from '../../model/order.ts';
import type { OrderStatus } from '../../model/order-status.ts';
import type { OrderTable } from './order-table.ts';

/** An order as strategies and reports see it: a copy, made when asked for. */
export interface OrderView extends OrderState {
  /** Average price of the fills as a double, for display; 0 before the first fill. */
  readonly avgPxDisplay: number;
}

/** Copies a row. */
export function viewOrder(table: OrderTable, id: ClientOrderId): OrderView {
  const cumQty = table.cumQty[id]!;
  const filledPxQty = table.filledPxQty(id);
  return {
    clientOrderId: id,
    venueOrderId: table.venueOrderId.get(id),
    strategy: table.strategy[id]!,
    instrument: table.instrument[id]!,
    side: table.side[id] as Side,
    orderType: table.orderType[id] as OrderType,
    timeInForce: table.timeInForce[id] as TimeInForce,
    status: table.status[id] as OrderStatus,
    flags: table.flags[id]!,
    orderQty: table.orderQty[id]!,
    cumQty,
    leavesQty: table.leavesQty(id),
    limitPrice: table.limitPrice[id]!,
    stopPrice: table.stopPrice[id]!,
    expireTs: table.expireTs[id]!,
    filledPxQty,
    avgPxDisplay: cumQty === 0 ? 0 : Number(filledPxQty) / cumQty,
    tsInit: table.tsInit[id]!,
    tsLast: table.tsLast[id]!,
    tag: table.tagOf(id),
  };
}
