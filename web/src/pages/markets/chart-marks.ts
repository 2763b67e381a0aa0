import type { InstrumentInfo } from '../../../../src/contract/api/market.ts';
import type { FillInfo, Order } from '../../../../src/contract/api/orders.ts';
import type { FillMark, OrderLine } from '../../charts/candle-chart.ts';
import { decimalText } from '../../numbers/decimal-text.ts';
import { INTERVAL_SECONDS, type IntervalName } from './candle-store.ts';

/** Fills drawn with their quantity; more than that in one bar are counted. */
const FILLS_NAMED_MAX = 1;

export function orderLines(orders: readonly Order[]): readonly OrderLine[] {
  return orders.flatMap((order) => {
    const price = order.limitPrice ?? order.stopPrice;
    if (price === null) return [];
    return [{ id: order.clientOrderId, side: order.side, price: Number(price), text: `${order.side} ${decimalText(order.leavesQty)}` }];
  });
}

/** One arrow per bar and side, at the start of the bar, in order of time. */
export function fillMarks(fills: readonly FillInfo[], interval: IntervalName): readonly FillMark[] {
  const seconds = INTERVAL_SECONDS[interval];
  const groups = new Map<string, { readonly time: number; readonly side: 'BUY' | 'SELL'; readonly quantities: string[] }>();
  for (const fill of fills) {
    const time = Math.floor(fill.tsEvent / 1e6 / seconds) * seconds;
    const key = `${time} ${fill.side}`;
    const group = groups.get(key) ?? { time, side: fill.side, quantities: [] };
    group.quantities.push(fill.lastQty);
    groups.set(key, group);
  }
  return [...groups.values()]
    .sort((a, b) => a.time - b.time)
    .map(({ time, side, quantities }) => ({ time, side, text: quantities.length <= FILLS_NAMED_MAX ? decimalText(quantities[0]!) : `${quantities.length} fills` }));
}

/** The price that an order may have, nearest to where a line was let go. */
export function snappedPrice(price: number, { priceIncrement, priceDecimals }: InstrumentInfo): string {
  const step = Number(priceIncrement);
  return (Math.round(price / step) * step).toFixed(priceDecimals);
}
