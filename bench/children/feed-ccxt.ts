import { pro } from 'ccxt';
import { answerRounds } from './rounds-protocol.ts';
import { NumberHash, PRICE_DECIMALS, QUANTITY_DECIMALS, readFeedMessages } from '../feed-messages.ts';

/*
 * feed-ccxt.ts FILE: the messages of a recording through the handlers of ccxt.pro, with a client that has no connection. They are parsed as its client does it.
 */
const [file] = process.argv.slice(2) as [string];
const { snapshot, texts } = readFeedMessages(file);
const SYMBOL = 'BTC/USDT';

/** What is used of an exchange of ccxt.pro, whose own types hide it. */
interface Exchange {
  orderbooks: Record<string, Book>;
  setMarkets(markets: readonly object[]): void;
  orderBook(snapshot: object): Book;
  parseOrderBook(snapshot: object, symbol: string): { nonce?: number };
  handleMessage(client: object, message: unknown): void;
}

interface Book {
  readonly bids: readonly (readonly [number, number])[];
  readonly asks: readonly (readonly [number, number])[];
  reset(snapshot: object): void;
}

const exchange = new pro.binance({ newUpdates: false }) as unknown as Exchange;
const market = {
  id: 'BTCUSDT',
  symbol: SYMBOL,
  base: 'BTC',
  quote: 'USDT',
  baseId: 'BTC',
  quoteId: 'USDT',
  type: 'spot',
  spot: true,
  active: true,
};
exchange.setMarkets([
  { ...market, swap: false, future: false, option: false, contract: false, precision: { price: 0.01, amount: 1e-8 }, limits: {} },
]);
const client = { url: 'wss://stream.binance.com:9443/stream', subscriptions: {}, futures: {}, resolve: () => {}, reject: () => {} };

function freshBook(): Book {
  const parsed = JSON.parse(snapshot) as { readonly lastUpdateId: number };
  const book = exchange.orderBook({});
  const levels = exchange.parseOrderBook(parsed, SYMBOL);
  levels.nonce = parsed.lastUpdateId;
  book.reset(levels);
  exchange.orderbooks[SYMBOL] = book;
  return book;
}

await answerRounds(() => {
  const book = freshBook();
  const since = process.hrtime.bigint();
  for (let at = 0; at < texts.length; at += 1) exchange.handleMessage(client, JSON.parse(texts[at]!));
  const ns = Number(process.hrtime.bigint() - since);
  const hash = new NumberHash();
  for (const side of [book.bids, book.asks])
    for (const [price, quantity] of side) {
      hash.add(Math.round(price * 10 ** PRICE_DECIMALS));
      hash.add(Math.round(quantity * 10 ** QUANTITY_DECIMALS));
    }
  return { ns, messages: texts.length, checksum: hash.text };
});
