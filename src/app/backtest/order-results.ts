import type { ResolvedRun } from './resolve-run.ts';
import { formatDecimal, formatDecimalShort } from '../../base/decimal.ts';
import type { OrderCounts, OrderResult } from '../../contract/run-result.ts';
import { type OrderView, viewOrder } from '../../core/orders/order-view.ts';
import { instantText } from '../../model/instant.ts';
import type { Instrument, Price } from '../../model/instrument.ts';
import { clientOrderIdText, ORDER_TYPE_NAMES, SIDE_NAMES, TIME_IN_FORCE_NAMES } from '../../model/order.ts';
import { ORDER_STATUS_NAMES, OrderStatus } from '../../model/order-status.ts';
import { averagePriceText } from '../../model/position.ts';
import type { Backtest } from '../../runtime/backtest.ts';

/** Orders that a result lists. As many as a run may send would be gigabytes of text, beyond the longest that there can be. */
export const ORDERS_SHOWN_MAX = 200_000;

/** The first orders of a run, as they stand at its end. */
export function orderResults(backtest: Backtest, resolved: ResolvedRun, max: number = ORDERS_SHOWN_MAX): readonly OrderResult[] {
  const { table } = backtest.engine.orders;
  const results: OrderResult[] = [];
  for (let id = 1; id < table.length && id <= max; id += 1) {
    const order = viewOrder(table, id);
    results.push(orderResult(order, resolved.known.instruments[order.instrument]!, resolved.strategyNames[order.strategy] ?? ''));
  }
  return results;
}

function orderResult(order: OrderView, instrument: Instrument, strategy: string): OrderResult {
  const { clientOrderId, cumQty, filledPxQty } = order;
  const { quantityDecimals } = instrument;
  return {
    id: clientOrderIdText(clientOrderId),
    strategy,
    instrument: instrument.id,
    side: SIDE_NAMES[order.side],
    type: ORDER_TYPE_NAMES[order.orderType],
    timeInForce: TIME_IN_FORCE_NAMES[order.timeInForce],
    quantity: formatDecimalShort(order.orderQty, quantityDecimals),
    limitPrice: priceText(order.limitPrice, instrument),
    stopPrice: priceText(order.stopPrice, instrument),
    filled: formatDecimalShort(cumQty, quantityDecimals),
    averagePrice: cumQty === 0 ? null : averagePriceText({ numerator: filledPxQty, denominator: BigInt(cumQty) }, instrument),
    status: ORDER_STATUS_NAMES[order.status],
    time: instantText(order.tsInit),
    lastTime: instantText(order.tsLast),
    expireTime: order.expireTs === 0 ? null : instantText(order.expireTs),
    tag: order.tag,
  };
}

/** 0 stands for a price that orders of the type do not have. */
function priceText(price: Price, instrument: Instrument): string | null {
  return price === 0 ? null : formatDecimal(price, instrument.priceDecimals);
}

/** Of all orders, by what became of them. */
export function orderCounts(backtest: Backtest): OrderCounts {
  const { table } = backtest.engine.orders;
  const counts = { total: table.length - 1, filled: 0, canceled: 0, expired: 0, rejected: 0, denied: 0, open: 0 };
  for (let id = 1; id < table.length; id += 1) {
    switch (table.status[id] as OrderStatus) {
      case OrderStatus.FILLED:
        counts.filled += 1;
        break;
      case OrderStatus.CANCELED:
        counts.canceled += 1;
        break;
      case OrderStatus.EXPIRED:
        counts.expired += 1;
        break;
      case OrderStatus.REJECTED:
        counts.rejected += 1;
        break;
      case OrderStatus.DENIED:
        counts.denied += 1;
        break;
      default:
        counts.open += 1;
    }
  }
  return counts;
}
