import { OrderBook, Side } from 'nodejs-order-book';
import {
  FLOW_HASH_START,
  FLOW_ORDER_ID,
  FLOW_PRICE,
  FLOW_QUANTITY,
  FLOW_SIDE,
  FLOW_WORDS,
  FlowKind,
  type FlowOutcome,
  hashText,
  mixTrade,
  type OrderFlow,
} from './order-flow.ts';

/**
 * The flow on the order book of the npm package nodejs-order-book, each operation as its interface takes it: an object, ids as texts. What it answers is
 * read as far as it tells the trades: an order that is done has traded what it had left, one that is partly done what the answer says.
 */
export function playOnLibrary(flow: OrderFlow, operations: number): FlowOutcome {
  const book = new OrderBook();
  let [trades, hash, id] = [0, FLOW_HASH_START, 0];
  for (let at = 0; at < operations * FLOW_WORDS; at += FLOW_WORDS) {
    if (flow[at] === FlowKind.CANCEL) {
      book.cancel(String(flow[at + FLOW_ORDER_ID]!));
      continue;
    }
    id += 1;
    const own = String(id);
    const size = flow[at + FLOW_QUANTITY]!;
    const taken = flow[at + FLOW_SIDE]! > 0 ? Side.BUY : Side.SELL;
    const answer =
      flow[at] === FlowKind.MARKET
        ? book.market({ side: taken, size })
        : book.limit({ side: taken, id: own, size, price: flow[at + FLOW_PRICE]! });
    for (const maker of answer.done) {
      if (maker.id === own) continue;
      trades += 1;
      hash = mixTrade(hash, Number(maker.id), id, 'price' in maker ? maker.price : 0, maker.size);
    }
    const { partial } = answer;
    if (partial === null || partial.id === own) continue;
    trades += 1;
    hash = mixTrade(hash, Number(partial.id), id, partial.price, answer.partialQuantityProcessed);
  }
  const { asks, bids } = book.snapshot();
  const resting = [...asks, ...bids].reduce((sum, level) => sum + level.orders.length, 0);
  return { trades, resting, checksum: hashText(hash) };
}
