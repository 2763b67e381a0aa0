import { OrderBook, Side } from 'nodejs-order-book';
import { FLOW_HASH_START, FlowKind, type FlowOutcome, hashText, mixTrade, type OrderFlow } from './order-flow.ts';

/**
 * The flow on the order book of the npm package nodejs-order-book, each operation as its interface takes it: an object, ids as texts. What it answers is
 * read as far as it tells the trades: an order that is done has traded what it had left, one that is partly done what the answer says.
 */
export function playOnLibrary(flow: OrderFlow, operations: number): FlowOutcome {
  const { kind, side, price, quantity, orderId } = flow;
  const book = new OrderBook();
  let [trades, hash, id] = [0, FLOW_HASH_START, 0];
  for (let at = 0; at < operations; at += 1) {
    if (kind[at] === FlowKind.CANCEL) {
      book.cancel(String(orderId[at]!));
      continue;
    }
    id += 1;
    const own = String(id);
    const taken = side[at]! > 0 ? Side.BUY : Side.SELL;
    const answer =
      kind[at] === FlowKind.MARKET
        ? book.market({ side: taken, size: quantity[at]! })
        : book.limit({ side: taken, id: own, size: quantity[at]!, price: price[at]! });
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
