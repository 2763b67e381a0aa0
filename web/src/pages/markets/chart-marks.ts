import type { InstrumentInfo } from '../../../../src/contract/api/market.ts';
import type { FillInfo, Order } from '../../../../src/contract/api/orders.ts';
import type { FillMark, OrderLine } from '../../charts/candle-chart.ts';
import { addDecimals, decimalText } from '../../numbers/decimal-text.ts';
import { INTERVAL_SECONDS, type IntervalName } from './candle-store.ts';

/** Lines of orders in a chart; beyond them the newest are drawn. */
const ORDER_LINES_MAX = 40;

export function orderLines(orders: readonly Order[]): readonly OrderLine[] {
  return orders.slice(-ORDER_LINES_MAX).flatMap((order) => {
    const price = order.limitPrice ?? order.stopPrice;
    if (price === null) return [];
    return [{ id: order.clientOrderId, side: order.side, price: Number(price), text: `${order.side} ${decimalText(order.leavesQty)}` }];
  });
}

/** One arrow per bar and side, at the start of the bar, in order of time; its size says how much. */
export function fillMarks(fills: readonly FillInfo[], interval: IntervalName): readonly FillMark[] {
  const seconds = INTERVAL_SECONDS[interval];
  const groups = new Map<string, { readonly time: number; readonly side: 'BUY' | 'SELL'; quantity: string; count: number }>();
  for (const fill of fills) {
    const time = Math.floor(fill.tsEvent / 1e6 / seconds) * seconds;
    const key = `${time} ${fill.side}`;
    const group = groups.get(key) ?? { time, side: fill.side, quantity: '0', count: 0 };
    group.quantity = addDecimals(group.quantity, fill.lastQty);
    group.count += 1;
    groups.set(key, group);
  }
  const largest = Math.max(...[...groups.values()].map(({ quantity }) => Number(quantity)));
  return [...groups.values()]
    .sort((a, b) => a.time - b.time)
    .map(({ time, side, quantity, count }) => ({
      time,
      side,
      size: Number(quantity) / largest,
      text: `${side} ${decimalText(quantity)}${count > 1 ? ` in ${count} fills` : ''}`,
    }));
}

/** The price that an order may have, nearest to where a line was let go. */
export function snappedPrice(price: number, { priceIncrement, priceDecimals }: InstrumentInfo): string {
  const step = Number(priceIncrement);
  return (Math.round(price / step) * step).toFixed(priceDecimals);
}
