import { type BookDeltaBlock, BlockKind, type TradeBlock } from '../../model/blocks.ts';
import { BookAction } from '../../model/book-delta.ts';
import type { Side } from '../../model/order.ts';
import type { DepthDesk } from './depth-desk.ts';
import { type FeedBlock, NEVER } from './venue-feed.ts';

/**
 * First row of [from, to) at which an order of ours could trade or trigger, else `to`; −1 where none works. A row that is told may come to
 * nothing; one that is passed over surely does. Hot: looked at for every row while an order works
 * (bench row path/cpp).
 *
 * Orders that rest in a usable book which has not come to their prices wait for two things only: a trade at their price or beyond, and a level
 * of the other side that comes there. Everything else (orders that have not been judged, stops, a book that is being made anew) is looked at row by
 * row.
 */
export function firstRowToSee(depth: DepthDesk, block: FeedBlock, from: number, to: number): number {
  const { desk, book } = depth;
  if (desk.orders.length === 0) return NEVER;
  if (hasWaiting(depth) || hasStops(depth) || !book.isUsable || reachesOrders(depth)) return from;
  const { restingBuyMax, restingSellMin } = desk;
  if (block.kind === BlockKind.TRADES) return firstTrade(block, from, to, restingBuyMax, restingSellMin);
  return firstDelta(block, from, to, restingBuyMax, restingSellMin);
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
 * of one.
 */

/** The best price of the other side reaches a resting order of ours. What of it is there for us is not asked. */
export function reachesOrders({ desk, book }: DepthDesk): boolean {
  const { bestBid, bestAsk } = book;
  return (bestAsk !== 0 && bestAsk <= desk.restingBuyMax) || (bestBid !== 0 && bestBid >= desk.restingSellMin);
}

/** A trade that a taker made at `price` reaches a resting order of ours on `side`. */
export function tradeReaches({ desk }: DepthDesk, side: Side, price: number): boolean {
  return side > 0 ? price <= desk.restingBuyMax : price >= desk.restingSellMin;
}

/** An order has not been judged: it came while the book could not be used. */
export function hasWaiting({ desk }: DepthDesk): boolean {
  return desk.actsOnNextRow;
}

/** A stop or stop-limit waits. */
export function hasStops({ desk }: DepthDesk): boolean {
  return desk.buyStopMin !== Number.POSITIVE_INFINITY || desk.sellStopMax !== -1;
}
