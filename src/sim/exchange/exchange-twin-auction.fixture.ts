import type { TwinOrder, TwinState } from './exchange-twin-order.fixture.ts';

/** Who takes part in an auction on a side, in order: market orders, then limit orders. */
export function auctionQueue(twin: TwinState, side: number): TwinOrder[] {
  const market = twin.orders.filter((order) => order.where === 'auction' && order.side === side).sort((a, b) => a.turn - b.turn);
  return [...market, ...twin.book(side)];
}

/** Tries every price that somebody names, and takes the best by the rules of docs/concepts/matching.md; null where nothing would trade. */
export function auctionPrice(twin: TwinState): number | null {
  const { last, low, high } = twin;
  const buys = auctionQueue(twin, 1);
  const sells = auctionQueue(twin, -1);
  const prices = [...buys, ...sells].filter(({ where }) => where === 'book').map(({ limitPrice }) => limitPrice);
  if (!Number.isNaN(last)) prices.push(last);
  const sum = (orders: readonly TwinOrder[]): number => orders.reduce((total, order) => total + order.leaves, 0);
  let best: { price: number; volume: number; surplus: number }[] = [];
  for (const price of new Set(prices)) {
    if (price < low || price > high) continue;
    const bought = sum(buys.filter((order) => order.where === 'auction' || order.limitPrice >= price));
    const sold = sum(sells.filter((order) => order.where === 'auction' || order.limitPrice <= price));
    best.push({ price, volume: Math.min(bought, sold), surplus: bought - sold });
  }
  const most = Math.max(0, ...best.map(({ volume }) => volume));
  if (most === 0) return null;
  best = best.filter(({ volume }) => volume === most);
  const least = Math.min(...best.map(({ surplus }) => Math.abs(surplus)));
  best = best.filter(({ surplus }) => Math.abs(surplus) === least).sort((a, b) => a.price - b.price);
  if (best.every(({ surplus }) => surplus > 0)) return best.at(-1)!.price;
  if (best.every(({ surplus }) => surplus < 0)) return best[0]!.price;
  if (Number.isNaN(last)) return best.at(-1)!.price;
  return best.sort((a, b) => Math.abs(a.price - last) - Math.abs(b.price - last) || b.price - a.price)[0]!.price;
}
