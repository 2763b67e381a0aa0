import { type BookDeltaBlock, BlockKind, type TradeBlock } from '../../model/blocks.ts';
import { BookAction } from '../../model/book-delta.ts';
import { OrderType, type Side } from '../../model/order.ts';
import { actsAs } from '../orders/working-order.ts';
import type { DepthDesk } from './depth-desk.ts';
import { type FeedBlock, NEVER } from './venue-feed.ts';

/**
 * First row of [from, to) at which an order of ours could trade or trigger, else `to`; −1 where none works. A row that is told may come to
 * nothing; one that is passed over surely does. Hot: looked at for every row while an order works.
 *
 * Orders that rest in a usable book which has not come to their prices wait for two things only: a trade at their price or beyond, and a level
 * of the other side that comes there. Everything else (orders that have not been judged, stops, a book that is being made anew) is looked at row by
 * row.
 */
export function firstRowToSee(depth: DepthDesk, block: FeedBlock, from: number, to: number): number {
  const { orders } = depth.desk;
  if (orders.length === 0) return NEVER;
  let buyMax = 0;
  let sellMin = Number.POSITIVE_INFINITY;
  for (let at = 0; at < orders.length; at += 1) {
    const order = orders[at]!;
    if (order.isFresh || actsAs(order) !== OrderType.LIMIT) return from;
    if (order.side > 0) buyMax = Math.max(buyMax, order.limitPrice);
    else sellMin = Math.min(sellMin, order.limitPrice);
  }
  const { isUsable, bestBid, bestAsk } = depth.book;
  if (!isUsable || bestBid >= sellMin || (bestAsk !== 0 && bestAsk <= buyMax)) return from;
  return block.kind === BlockKind.TRADES ? firstTrade(block, from, to, buyMax, sellMin) : firstDelta(block, from, to, buyMax, sellMin);
}

function firstTrade(block: TradeBlock, from: number, to: number, buyMax: number, sellMin: number): number {
  const { price } = block;
  for (let row = from; row < to; row += 1) if (price[row]! <= buyMax || price[row]! >= sellMin) return row;
  return to;
}

function firstDelta(block: BookDeltaBlock, from: number, to: number, buyMax: number, sellMin: number): number {
  const { action, side, price } = block;
  for (let row = from; row < to; row += 1) {
    const acts = action[row]!;
    if (acts === BookAction.CLEAR || acts === BookAction.GAP) return row;
    if (acts !== BookAction.REDUCE && (side[row]! > 0 ? price[row]! >= sellMin : price[row]! <= buyMax)) return row;
  }
  return to;
}

/*
 * What follows is asked after every event of the recording. The desk knows it without a look at its orders: it notes the outermost prices at every change
 * of one. `openBuyMax` and `openSellMin` lie one increment before the outermost limits of those that rest.
 */

/** The best price of the other side reaches a resting order of ours. What of it is there for us is not asked. */
export function reachesOrders({ desk, book }: DepthDesk): boolean {
  const { bestBid, bestAsk } = book;
  return (bestAsk !== 0 && bestAsk <= desk.openBuyMax + 1) || (bestBid !== 0 && bestBid >= desk.openSellMin - 1);
}

/** A trade that a taker made at `price` reaches a resting order of ours on `side`. */
export function tradeReaches({ desk }: DepthDesk, side: Side, price: number): boolean {
  return side > 0 ? price <= desk.openBuyMax + 1 : price >= desk.openSellMin - 1;
}

/** An order came while the book could not be used, and has not been judged. */
export function hasWaiting({ desk }: DepthDesk): boolean {
  return desk.actsOnNextRow;
}

/** A stop or stop-limit waits. */
export function hasStops({ desk }: DepthDesk): boolean {
  return desk.buyStopMin !== Number.POSITIVE_INFINITY || desk.sellStopMax !== -1;
}
