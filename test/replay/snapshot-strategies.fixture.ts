import type { StrategySlot } from '../../src/core/host/strategy-host.ts';
import {
  type Bar,
  type Book,
  type QuoteBar,
  type QuoteTick,
  Strategy,
  type StrategyClass,
  type StrategyFill,
  type TradeTick,
} from '../../src/core/strategy/strategy.ts';
import { Atr } from '../../src/indicators/atr.ts';
import { Ema } from '../../src/indicators/ema.ts';
import { SlidingMaximum } from '../../src/indicators/sliding-maximum.ts';
import type { DataGap, OrderEvent } from '../../src/model/events.ts';
import type { InstrumentIndex } from '../../src/model/instrument.ts';
import { FUTURE, FX, INSTRUMENTS, INVERSE, MINUTE, PERPETUAL, SECOND, SHARE, SPOT } from './snapshot-market.fixture.ts';

const seedParameters = { seed: { type: 'integer', default: 1, min: 0, max: 1_000_000, description: 'What it draws from.' } } as const;
const ORDERS_MAX = 400;
const BARS: readonly (readonly [InstrumentIndex, string, 'auto' | 'trades' | 'quotes' | 'bars'])[] = [
  [SHARE, '1m', 'auto'],
  [SHARE, '3m', 'bars'],
  [SHARE, '45s', 'trades'],
  [FUTURE, '1m', 'quotes'],
  [FUTURE, '7t', 'trades'],
  [PERPETUAL, '200v', 'trades'],
  [PERPETUAL, '9000000n', 'trades'],
  [FUTURE, '11t', 'quotes'],
  // Counted in bigints: its value is no safe integer.
  [SPOT, '20000n', 'trades'],
];

/**
 * Trades at random, from a number that everything it can see is stirred into: whatever it is shown differently makes it decide differently. Asks
 * for data and lets it go again, sets timers and cancels them.
 */
export class Seer extends Strategy<typeof seedParameters> {
  static override readonly parameters = seedParameters;

  private stirred = this.parameters.seed;
  private sent = 0;
  private series: number[] = [];
  private quoteSeries: number | undefined = undefined;
  private mood = { last: Number.NaN, seen: [0, -0], big: 12_345_678_901_234_567_890n };
  private readonly fast = new Ema(5);
  private readonly ranges = [new Atr(4), new SlidingMaximum(6)] as const;

  override onStart(): void {
    for (const { index } of INSTRUMENTS) this.subscribe(index);
    this.series = BARS.map(([instrument, every, from]) => this.subscribeBars(instrument, every, from));
    this.subscribeQuoteBars(FX);
    this.trades(SHARE);
    this.quotes(FUTURE);
    this.setInterval('beat', 37 * SECOND);
    this.setTimer('once', this.now + 3 * MINUTE);
  }

  override onTrade(trade: TradeTick): void {
    this.stir(trade.price);
    this.act(trade.instrument);
  }

  override onQuote(quote: QuoteTick): void {
    this.stir(quote.bidPrice);
    this.act(quote.instrument);
  }

  override onBook(book: Book): void {
    for (const { price, size } of [...book.levels('bid', 4), ...book.levels('ask', 4)]) this.stir(price * 7 + size);
    this.stir(book.imbalance(3));
    this.act(book.instrument);
  }

  override onBar(bar: Bar): void {
    this.mood.last = bar.close;
    this.fast.update(bar.close);
    this.ranges[0].update(bar.high, bar.low, bar.close);
    this.stir(this.ranges[1].update(bar.high));
    this.stir(bar.isGapped ? 1 : 2);
    this.log(`${bar.series} ${bar.tsOpen} ${bar.tsEvent} ${bar.open} ${bar.high} ${bar.low} ${bar.close} ${bar.volume} ${bar.isGapped}`);
    this.act(bar.instrument);
  }

  override onQuoteBar(bar: QuoteBar): void {
    this.quoteSeries = bar.series;
    this.stir(bar.askHigh);
    this.act(bar.instrument);
  }

  override onTimer(name: string, ts: number): void {
    this.stir(ts);
    const instrument = this.draw(INSTRUMENTS.length);
    const [barOf, every, from] = BARS[this.draw(BARS.length)]!;
    switch (this.draw(9)) {
      case 0:
        this.unsubscribeTrades(instrument);
        this.unsubscribeQuotes(instrument);
        break;
      case 1:
        this.unsubscribeBars(this.series[this.draw(this.series.length)]!);
        break;
      case 2:
        this.subscribeBars(barOf, every, from);
        break;
      case 3:
        this.cancelTimer(`t${this.draw(3)}`);
        break;
      case 4:
        this.unsubscribeBook(PERPETUAL);
        break;
      case 5:
        this.quotes(INVERSE);
        this.trades(PERPETUAL);
        break;
      default:
        this.subscribe(instrument);
        this.setTimer(`t${this.draw(3)}`, ts + 1 + this.draw(90) * SECOND);
    }
    if (name === 'once') this.setInterval('slow', 2 * MINUTE);
    this.act(instrument);
  }

  override onGap(gap: DataGap): void {
    this.stir(gap.tsTo);
  }

  override onOrderEvent(event: OrderEvent): void {
    this.stir(event.kind.length);
  }

  override onFill(fill: StrategyFill): void {
    this.stir(fill.price);
    if (this.draw(4) === 0) this.ask(fill.instrument);
  }

  private subscribe(instrument: InstrumentIndex): void {
    this.subscribeTrades(instrument);
    this.subscribeQuotes(instrument);
    if (instrument === PERPETUAL || instrument === SPOT) this.subscribeBook(instrument);
  }

  /** Stirs in everything that can be asked for, then perhaps does something. */
  private act(instrument: InstrumentIndex): void {
    this.look(instrument);
    if (this.draw(5) === 0) this.ask(instrument);
    const open = this.openOrders();
    for (const order of open) this.stir(order.clientOrderId * 3 + order.cumQty + order.status);
    const chosen = open[this.draw(Math.max(1, open.length))];
    if (chosen === undefined) return;
    const { priceScale, quantityScale, lotSize } = this.instrument(chosen.instrument);
    const near = chosen.limitPrice + this.draw(7) - 3;
    const whim = this.draw(60);
    if (whim < 10) this.cancelOrder(chosen.clientOrderId);
    else if (whim < 20 && chosen.limitPrice !== 0)
      this.modifyOrder(chosen.clientOrderId, { quantity: ((1 + this.draw(30)) * lotSize) / quantityScale, limitPrice: near / priceScale });
    else if (whim === 20) this.cancelAllOrders(chosen.instrument);
  }

  private look(instrument: InstrumentIndex): void {
    const { venue } = this.instrument(instrument);
    for (const value of [
      this.lastPrice(instrument),
      this.bestBid(instrument),
      this.bestAsk(instrument),
      this.position(instrument),
      this.averagePrice(instrument),
      this.unrealizedPnl(instrument),
      this.equity(venue),
      Number(this.cash('USD', venue)),
      this.isGapped(instrument) ? 1 : 2,
      this.isStale(instrument, 9 * SECOND) ? 1 : 2,
      this.fast.value,
      this.ranges[0].value,
      this.mood.last,
    ])
      this.stir(value);
    if (this.quoteSeries !== undefined) this.stir(this.quoteBars(this.quoteSeries).askClose(0));
    for (const series of this.series) {
      const history = this.bars(series);
      this.stir(history.length);
      if (history.length > 0) this.stir(history.close(this.draw(history.length)));
    }
    for (const history of [this.trades(SHARE), this.trades(PERPETUAL)]) {
      this.stir(history.length);
      if (history.length > 0) this.stir(history.priceExact(history.length - 1) + history.aggressorSide(0));
    }
    const quotes = this.quotes(FUTURE);
    if (quotes.length > 0) this.stir(quotes.askSizeExact(quotes.length - 1));
    if (this.book(SPOT).isUsable) this.stir(this.book(SPOT).depth('ask', 5));
  }

  private ask(instrument: InstrumentIndex): void {
    const price = this.lastPrice(instrument);
    if (Number.isNaN(price) || this.sent > ORDERS_MAX) return;
    this.sent += 1;
    const { priceScale, quantityScale, lotSize } = this.instrument(instrument);
    const side = this.draw(2) === 0 ? 'BUY' : 'SELL';
    const quantity = ((1 + this.draw(25)) * lotSize) / quantityScale;
    const spread = Math.max(4, Math.round((price * priceScale) / 2_000));
    const near = (): number => (Math.round(price * priceScale) + this.draw(2 * spread) - spread) / priceScale;
    const tag = `tag ${this.draw(4)}`;
    const reduceOnly = this.draw(6) === 0;
    switch (this.draw(8)) {
      case 0:
      case 1:
        this.marketOrder(instrument, side, quantity, { reduceOnly, tag });
        return;
      case 2:
        this.stopOrder(instrument, side, quantity, near(), { timeInForce: 'DAY', reduceOnly });
        return;
      case 3:
        this.stopLimitOrder(instrument, side, quantity, { stopPrice: near(), limitPrice: near() }, { tag });
        return;
      case 4:
        this.targetWeight(instrument, (this.draw(21) - 10) / 20, { sizeAt: this.draw(2) === 0 ? 'fill' : 'decision' });
        return;
      case 5:
        this.flatten(instrument);
        return;
      case 6:
        this.limitOrder(instrument, side, quantity, near(), { timeInForce: 'GTD', expireAt: this.now + (1 + this.draw(200)) * SECOND });
        return;
      default: {
        // Mostly where others stand in the queue.
        const best = side === 'BUY' ? this.bestBid(instrument) : this.bestAsk(instrument);
        const limit = Number.isNaN(best) || this.draw(4) === 0 ? near() : best;
        this.limitOrder(instrument, side, quantity, limit, { tag, reduceOnly, postOnly: this.draw(3) === 0 });
      }
    }
  }

  private stir(value: number): void {
    const count = Number.isNaN(value) ? 7 : Math.round(value * 1000) % 2147483647;
    this.stirred = (Math.imul(this.stirred ^ count, 0x01000193) ^ (this.stirred >>> 15)) >>> 0;
  }

  private draw(n: number): number {
    this.stir(0.017);
    return Math.floor((this.stirred / 4294967296) * n);
  }
}

/** Keeps its state where nobody else can read it, and saves it by itself. */
export class Keeper extends Strategy {
  #beats = 0;
  readonly #seen = new Map<string, number>();

  override onStart(): void {
    this.subscribeQuotes(INVERSE);
    this.setInterval('beat', 11 * SECOND);
  }

  override onQuote(quote: QuoteTick): void {
    this.#seen.set(`quote ${quote.tsInit % 7}`, quote.askPrice);
  }

  override onTimer(): void {
    this.#beats += 1;
    const sum = [...this.#seen.values()].reduce((all, price) => all + (Number.isNaN(price) ? 1 : price), 0);
    if (this.#beats % 5 === 0) this.warn(`beat ${this.#beats}`);
    this.log(`beat ${this.#beats}: ${sum}`);
    if (this.#beats % 3 === 0) this.marketOrder(INVERSE, Math.round(sum) % 2 === 0 ? 'BUY' : 'SELL', 1 + (this.#beats % 5));
  }

  override saveState(): unknown {
    return { beats: this.#beats, seen: [...this.#seen] };
  }

  override loadState(state: unknown): void {
    const { beats, seen } = state as { readonly beats: number; readonly seen: readonly (readonly [string, number])[] };
    this.#beats = beats;
    for (const [name, price] of seen) this.#seen.set(name, price);
  }
}

/** Throws now and then, and is started again by hand. */
export class Thrower extends Strategy {
  beats = 0;

  override onStart(): void {
    this.subscribeTrades(SHARE);
    this.setInterval('beat', 13 * SECOND);
  }

  override onTrade(): void {
    if (this.openOrders().length === 0) this.limitOrder(SHARE, 'BUY', 1, 1);
  }

  override onTimer(): void {
    this.beats += 1;
    if (this.beats % 3 === 0) throw new Error(`beat ${this.beats}`);
  }
}

/** Never asks for anything. */
export class Idler extends Strategy {}

const everything = INSTRUMENTS.map(({ index }) => index);
const slot = (name: string, strategyClass: unknown, parameters: Readonly<Record<string, unknown>> = {}): StrategySlot => ({
  name,
  strategyClass: strategyClass as StrategyClass,
  parameters,
  instruments: everything,
});

export function slotsOf(seed: number): readonly StrategySlot[] {
  return [
    slot('seer', Seer, { seed }),
    slot('other seer', Seer, { seed: seed + 500 }),
    slot('keeper', Keeper),
    slot('idler', Idler),
    slot('thrower', Thrower),
  ];
}
