import type { MarketSink, ServedMarket, ServedSymbol } from '../../adapters/binance/loopback/served-market.ts';
import { formatDecimal } from '../../base/decimal.ts';
import { BookState, OrderBook } from '../../book/order-book.ts';
import { makeBookDeltaBlock, setBookDelta } from '../../model/blocks.ts';
import { BookAction, BookFlag, BookSide } from '../../model/book-delta.ts';
import type { Clock, ClockCall } from '../../ports/clock.ts';
import { LiveMarketDriver, type LiveMarketDriverOptions } from '../../runtime/live-market-driver.ts';
import type { DeltaRows } from '../../sim/agents/delta-rows.ts';
import type { LiveMarketListener } from '../../sim/agents/live-market.ts';

/** Between two messages of changes of the book, as `@depth@100ms`. */
const DEPTH_US = 100_000;
/** Decimals that the venue writes. */
const DECIMALS = 8;
/** Ids that are skipped where the market tells nothing: whoever listens sees that something is missing. */
const GAP_IDS = 1000;

export interface AgentsMarketOptions extends Omit<LiveMarketDriverOptions, 'listener'> {
  readonly symbol: string;
  readonly baseAsset: string;
  readonly quoteAsset: string;
  readonly priceDecimals: number;
  readonly quantityDecimals: number;
}

/** Plays a market of agents in real time as Binance tells one: levels, not orders. */
export class AgentsMarket implements ServedMarket, LiveMarketListener {
  readonly symbols: readonly ServedSymbol[];
  private readonly options: AgentsMarketOptions;
  private readonly clock: Clock;
  private readonly book = new OrderBook();
  private readonly block = makeBookDeltaBlock(0, 1);
  /** Prices that have changed since the last message, by side. */
  private readonly changed = { [BookSide.BID]: new Set<number>(), [BookSide.ASK]: new Set<number>() };
  private updateId = 1;
  private toldId = 1;
  private tradeId = 0;
  private top = '';
  private sink: MarketSink | null = null;
  private driver: LiveMarketDriver | null = null;
  private call: ClockCall | null = null;

  constructor(options: AgentsMarketOptions) {
    this.options = options;
    this.clock = options.clock;
    const { symbol, baseAsset, quoteAsset, priceDecimals, quantityDecimals } = options;
    const step = (decimals: number): string => formatDecimal(10 ** (DECIMALS - decimals), DECIMALS);
    this.symbols = [
      { symbol, baseAsset, quoteAsset, tickSize: step(priceDecimals), stepSize: step(quantityDecimals), minNotional: '1.00000000' },
    ];
  }

  start(sink: MarketSink): void {
    this.sink = sink;
    this.driver = new LiveMarketDriver({ ...this.options, listener: this });
    this.tellDepth();
    void this.driver.run().then((end) => {
      if (end === 'ended') sink.ended();
    });
  }

  stop(): void {
    this.driver?.stop();
    this.call?.cancel();
  }

  onReport(): void {
    // Nobody but agents trades here.
  }

  onTrade(_: number, price: number, quantity: number, aggressorSide: number): void {
    const nowMs = this.nowMs();
    this.tradeId += 1;
    const { p, q } = { p: this.price(price), q: this.quantity(quantity) };
    const data = { e: 'trade', E: nowMs, s: this.options.symbol, t: this.tradeId, p, q, T: nowMs, m: aggressorSide < 0, M: true };
    this.sink?.message(this.options.symbol, 'trade', JSON.stringify(data));
  }

  onBook(ts: number, rows: DeltaRows): void {
    for (let row = 0; row < rows.length; row += 1) {
      const action = rows.action[row]! as BookAction;
      const side = rows.side[row]! as BookSide;
      if (action === BookAction.CLEAR) this.noteAll();
      if (side !== BookSide.NONE)
        for (const price of [rows.price[row]!, rows.priceBefore[row]!]) if (price > 0) this.changed[side].add(price);
      setBookDelta(this.block, 0, {
        ts,
        action,
        side,
        price: rows.price[row]!,
        quantity: rows.quantity[row]!,
        orderId: rows.orderId[row]!,
        flags: rows.flags | (row + 1 === rows.length ? BookFlag.LAST : 0),
      });
      this.book.apply(this.block, 0);
    }
    if (this.book.state === BookState.GAPPED) {
      this.updateId += GAP_IDS;
      this.toldId = this.updateId;
      return;
    }
    this.updateId += 1;
    this.tellTop();
  }

  /** All that the book has is going: its prices have changed. */
  private noteAll(): void {
    for (const side of [BookSide.BID, BookSide.ASK] as const)
      for (let price = this.book.best(side); price !== 0; price = this.book.priceAfter(side, price)) this.changed[side].add(price);
  }

  private tellTop(): void {
    const { book, options } = this;
    if (!book.isUsable || book.bestBid === 0 || book.bestAsk === 0) return;
    const top = `"b":"${this.price(book.bestBid)}","B":"${this.quantity(book.bidSize)}","a":"${this.price(book.bestAsk)}","A":"${this.quantity(book.askSize)}"`;
    if (top === this.top) return;
    this.top = top;
    this.sink?.message(options.symbol, 'bookTicker', `{"u":${this.updateId},"s":"${options.symbol}",${top}}`);
  }

  private tellDepth(): void {
    const { symbol } = this.options;
    if (this.book.state === BookState.VALID && this.updateId > this.toldId) {
      const side = (of: typeof BookSide.BID | typeof BookSide.ASK): readonly (readonly [string, string])[] => {
        const prices = [...this.changed[of]].sort((a, b) => of * (b - a));
        this.changed[of].clear();
        return prices.map((price) => [this.price(price), this.quantity(this.book.quantityAt(of, price))]);
      };
      const [b, a] = [side(BookSide.BID), side(BookSide.ASK)];
      if (this.toldId === 1) this.sink?.book(symbol, { lastUpdateId: this.updateId, bids: b, asks: a });
      const ids = { U: this.toldId + 1, u: this.updateId };
      this.sink?.message(symbol, 'depth@100ms', JSON.stringify({ e: 'depthUpdate', E: this.nowMs(), s: symbol, ...ids, b, a }));
      this.toldId = this.updateId;
    }
    this.call = this.clock.callAt(this.clock.now() + DEPTH_US, () => this.tellDepth());
  }

  private price(count: number): string {
    return this.text(count, this.options.priceDecimals);
  }

  private quantity(count: number): string {
    return this.text(count, this.options.quantityDecimals);
  }

  private text(count: number, decimals: number): string {
    return formatDecimal(BigInt(count) * 10n ** BigInt(DECIMALS - decimals), DECIMALS);
  }

  private nowMs(): number {
    return Math.floor(this.clock.now() / 1000);
  }
}
