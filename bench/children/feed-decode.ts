import { answerRounds } from './rounds-protocol.ts';
import { feedSubscriptions, NumberHash, readFeedMessages } from '../feed-messages.ts';
import { SpotDecoder } from '../../src/adapters/binance/spot-decoder.ts';
import { OrderBook } from '../../src/book/order-book.ts';
import { BlockKind } from '../../src/model/blocks.ts';
import type { FeedBlock } from '../../src/ports/market-feed.ts';

/*
 * feed-decode.ts FILE rows|book: the messages of a recording through the decoder of the live feed. `rows`: into rows, whose values are hashed in a pass that
 * does not count. `book`: into rows and a sorted book, whose levels at the end are hashed.
 */
const [file, way] = process.argv.slice(2) as [string, 'rows' | 'book'];
const { snapshot, texts } = readFeedMessages(file);
const messages = texts.map((text) => Buffer.from(text));
const subscriptions = feedSubscriptions();
const NOW = 1_723_161_254_206_652;

/** What a pass came to. */
interface Round {
  readonly ns: number;
  readonly rows: number;
  readonly messages: number;
  readonly checksum: string;
}

/** One pass over all messages, handed to `onRows`; the nanoseconds of it. */
function pass(onRows: (stream: number, block: FeedBlock) => void): number {
  const listener = { onRows, onGap: () => {}, wantSnapshot: () => {}, bookChanged: () => {} };
  const decoder = new SpotDecoder(subscriptions, listener);
  decoder.bookOf(0)!.snapshot(snapshot, NOW);
  const since = process.hrtime.bigint();
  for (let at = 0; at < messages.length; at += 1) decoder.take(messages[at]!, NOW + at);
  const ns = Number(process.hrtime.bigint() - since);
  if (decoder.counters.refused.size > 0 || decoder.counters.gaps > 0) throw new Error('messages were refused, or are missing');
  return ns;
}

function hashRows(): string {
  const hash = new NumberHash();
  pass((_, block) => {
    for (let row = 0; row < block.length; row += 1) {
      if (block.kind === BlockKind.QUOTES)
        for (const column of [block.bidPrice, block.bidSize, block.askPrice, block.askSize]) hash.add(column[row]!);
      else if (block.kind === BlockKind.TRADES)
        for (const column of [block.tsEvent, block.price, block.quantity, block.aggressorSide]) hash.add(column[row]!);
      else if (block.kind === BlockKind.BOOK_DELTAS && block.tsEvent[row] !== NOW)
        for (const column of [block.tsEvent, block.side, block.price, block.quantity]) hash.add(column[row]!);
    }
  });
  return hash.text;
}

/** The rows are counted, so that nothing of the work can be left out. */
function rowsRound(): Round {
  let rows = 0;
  const ns = pass((_, block) => {
    rows += block.length;
  });
  return { ns, rows, messages: messages.length, checksum: '' };
}

function bookRound(): Round {
  const book = new OrderBook();
  let rows = 0;
  const ns = pass((_, block) => {
    rows += block.length;
    if (block.kind !== BlockKind.BOOK_DELTAS) return;
    const { length } = block;
    for (let row = 0; row < length; row += 1) book.apply(block, row);
  });
  const hash = new NumberHash();
  for (const side of [1, -1] as const)
    for (let price = book.best(side); price !== 0; price = book.priceAfter(side, price)) {
      hash.add(price);
      hash.add(book.quantityAt(side, price));
    }
  return { ns, rows, messages: messages.length, checksum: hash.text };
}

await answerRounds((_, passes) => {
  const rounds = Array.from({ length: passes }, () => (way === 'rows' ? rowsRound() : bookRound()));
  return {
    ...rounds[0],
    ns: rounds.reduce((sum, { ns }) => sum + ns, 0) / passes,
    checksum: way === 'rows' ? hashRows() : rounds[0]!.checksum,
  };
});
