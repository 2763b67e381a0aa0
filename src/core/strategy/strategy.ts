import type { DataGap, OrderEvent } from '../../model/events.ts';
import type { Instrument, InstrumentIndex } from '../../model/instrument.ts';
import type { ClientOrderId } from '../../model/order.ts';
import type { ParameterDescriptors, ParametersOf } from '../../model/parameters.ts';
import type { BarHistory, QuoteBarHistory } from '../market-data/bar-history.ts';
import type { QuoteHistory, TradeHistory } from '../market-data/tick-history.ts';
import type { Book } from './book-view.ts';
import type { OrderView } from '../orders/order-view.ts';
import {
  type BarSource,
  type Decimal,
  NO_OPTIONS,
  type OrderChange,
  type OrderOptions,
  type RoundingWay,
  type SeriesIndex,
  type SideName,
  type StrategyContext,
  type TargetOptions,
} from './strategy-context.ts';
import type { StrategyFill } from './strategy-fill.ts';
import type { Bar, QuoteBar, QuoteTick, TradeTick } from './views.ts';

export type {
  BarSource,
  Decimal,
  OrderChange,
  OrderDraft,
  OrderOptions,
  RoundingWay,
  SeriesIndex,
  SideName,
  StrategyContext,
  TargetDraft,
  TargetOptions,
  TimeInForceName,
} from './strategy-context.ts';
export type { BarHistory, QuoteBarHistory } from '../market-data/bar-history.ts';
export type { QuoteHistory, TradeHistory } from '../market-data/tick-history.ts';
export type { Book, BookLevel, BookSideName } from './book-view.ts';
export type { OrderView } from '../orders/order-view.ts';
export type { StrategyFill } from './strategy-fill.ts';
export type { Bar, QuoteBar, QuoteTick, TradeTick } from './views.ts';

/** Handed to a strategy's constructor by the engine. */
export interface StrategySetup {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly instruments: readonly InstrumentIndex[];
  readonly context: StrategyContext;
}

/** The class of a strategy, as a run file names it. */
export interface StrategyClass {
  readonly parameters?: ParameterDescriptors;
  readonly name: string;
  new (setup: StrategySetup): Strategy;
}

/**
 * What trades. Extend it, declare parameters as a static table, subscribe in `onStart`, decide in the handlers.
 *
 * The class knows nothing of what runs it, so that paper and live trading, which come next, can take it as it is. Handlers are synchronous,
 * get the time from the event, and draw nothing from the outside: no clock, no randomness, no files. A view that a handler receives is valid
 * only until the handler returns.
 *
 * State is every field that holds plain data (numbers, texts, booleans, null, arrays, plain objects) or a shipped indicator; it is saved and
 * loaded without your doing anything. A field of another kind needs `saveState` and `loadState`.
 *
 * Source: docs/guide/strategies.md
 */
export abstract class Strategy<D extends ParameterDescriptors = ParameterDescriptors> {
  static readonly parameters: ParameterDescriptors = {};

  /** The values of the run file, checked against the class's descriptors. */
  readonly parameters: ParametersOf<D>;
  /** The instruments that the run file gave this strategy. */
  readonly instruments: readonly InstrumentIndex[];
  readonly #context: StrategyContext;

  constructor(setup: StrategySetup) {
    this.parameters = setup.parameters as ParametersOf<D>;
    this.instruments = setup.instruments;
    this.#context = setup.context;
  }

  // What happens to a strategy. Override what you need.

  onStart(): void {}
  onTrade(_trade: TradeTick): void {}
  onQuote(_quote: QuoteTick): void {}
  /** The book of an instrument has changed, is whole, and may be used. */
  onBook(_book: Book): void {}
  onBar(_bar: Bar): void {}
  onQuoteBar(_bar: QuoteBar): void {}
  /** Every event of this strategy's orders, fills included. */
  onOrderEvent(_event: OrderEvent): void {}
  /** After `onOrderEvent`, for executions only. */
  onFill(_fill: StrategyFill): void {}
  onTimer(_name: string, _ts: number): void {}
  /** Market data is missing in this span. */
  onGap(_gap: DataGap): void {}
  onStop(): void {}

  /** Only where fields are not plain data: returns what `loadState` needs, as plain data. */
  saveState?(): unknown;
  loadState?(state: unknown): void;

  // Time and the world as the strategy may know it.

  /** Microseconds since the epoch, from the event in hand. */
  get now(): number {
    return this.#context.now;
  }

  /** True while history is replayed before the start of trading: orders are denied (WARMING_UP), targets do nothing and return 0. */
  get isWarmingUp(): boolean {
    return this.#context.isWarmingUp;
  }

  /** Increments, scales, currencies of an instrument. */
  instrument(index: InstrumentIndex): Instrument {
    return this.#context.instrument(index);
  }

  /** @throws StrategyMistake when the run has no such instrument */
  instrumentById(id: string): InstrumentIndex {
    return this.#context.instrumentById(id);
  }

  subscribeTrades(instrument: InstrumentIndex): void {
    this.#context.subscribeTrades(instrument);
  }

  unsubscribeTrades(instrument: InstrumentIndex): void {
    this.#context.unsubscribeTrades(instrument);
  }

  subscribeQuotes(instrument: InstrumentIndex): void {
    this.#context.subscribeQuotes(instrument);
  }

  unsubscribeQuotes(instrument: InstrumentIndex): void {
    this.#context.unsubscribeQuotes(instrument);
  }

  /** Calls `onBook` after each event of the book. From then on no order of the instrument that opens or adds passes while its book is unfit (C-21). */
  subscribeBook(instrument: InstrumentIndex): void {
    this.#context.subscribeBook(instrument);
  }

  unsubscribeBook(instrument: InstrumentIndex): void {
    this.#context.unsubscribeBook(instrument);
  }

  /** The order book as of now; decisions hang on it as with {@link subscribeBook}. */
  book(instrument: InstrumentIndex): Book {
    return this.#context.book(instrument);
  }

  subscribeQuoteBars(instrument: InstrumentIndex): void {
    this.#context.subscribeQuoteBars(instrument);
  }

  unsubscribeQuoteBars(instrument: InstrumentIndex): void {
    this.#context.unsubscribeQuoteBars(instrument);
  }

  /**
   * Bars of the run's data where it has this series, else built from what `from` says.
   *
   * @param every `1m` `4h` `1d` time, `100t` trades, `1000v` volume, `50000n` traded value
   * @param from what to build from: `auto` takes the run's bars, else trades, else finer bars, else quotes (mid)
   * @returns the series, as `bar.series` will say
   */
  subscribeBars(instrument: InstrumentIndex, every: string, from: BarSource = 'auto'): SeriesIndex {
    return this.#context.subscribeBars(instrument, every, from);
  }

  unsubscribeBars(series: SeriesIndex): void {
    this.#context.unsubscribeBars(series);
  }

  /** Finished bars of a subscribed series; 0 bars ago is the newest. Bounded: docs/concepts/market-data.md. */
  bars(series: SeriesIndex): BarHistory {
    return this.#context.bars(series);
  }

  /** Finished bars of bid and ask, as {@link bars}; takes what `onQuoteBar`'s `bar.series` says. */
  quoteBars(series: SeriesIndex): QuoteBarHistory {
    return this.#context.quoteBars(series);
  }

  /** The newest executions; 0 ago is the newest. Kept from the first call on: call it in `onStart` where history is wanted later. */
  trades(instrument: InstrumentIndex): TradeHistory {
    return this.#context.trades(instrument);
  }

  /** The newest quotes, as {@link trades}. */
  quotes(instrument: InstrumentIndex): QuoteHistory {
    return this.#context.quotes(instrument);
  }

  /** Last known price: trade, bar close, or middle of the quote or book, whichever is newest; NaN before the first. */
  lastPrice(instrument: InstrumentIndex): number {
    return this.#context.lastPrice(instrument);
  }

  /** The nearest multiple of the price increment; `down` and `up` round that way. */
  roundPrice(instrument: InstrumentIndex, price: number, way: RoundingWay = 'nearest'): number {
    const { priceIncrement, priceScale } = this.instrument(instrument);
    return roundTo(price, priceIncrement, priceScale, way);
  }

  /** The largest multiple of the lot size that is not above the quantity; `nearest` and `up` round that way. */
  roundQuantity(instrument: InstrumentIndex, quantity: number, way: RoundingWay = 'down'): number {
    const { lotSize, quantityScale } = this.instrument(instrument);
    return roundTo(quantity, lotSize, quantityScale, way);
  }

  bestBid(instrument: InstrumentIndex): number {
    return this.#context.bestBid(instrument);
  }

  bestAsk(instrument: InstrumentIndex): number {
    return this.#context.bestAsk(instrument);
  }

  /** True from a data gap until the next complete bar or tick after it. */
  isGapped(instrument: InstrumentIndex): boolean {
    return this.#context.isGapped(instrument);
  }

  /** True when the newest market data of an instrument is older than this. */
  isStale(instrument: InstrumentIndex, ageMaxUs: number): boolean {
    return this.#context.isStale(instrument, ageMaxUs);
  }

  // Orders. Each returns the order's id at once; what becomes of it comes to onOrderEvent. A refusal is an OrderDenied event. Only a call that
  // names what does not exist (an instrument or an order that the run does not know, another strategy's order) throws, and ends the run.

  marketOrder(instrument: InstrumentIndex, side: SideName, quantity: Decimal, options: OrderOptions = NO_OPTIONS): ClientOrderId {
    return this.#context.submit({ instrument, side, orderType: 'MARKET', quantity, options });
  }

  limitOrder(
    instrument: InstrumentIndex,
    side: SideName,
    quantity: Decimal,
    limitPrice: Decimal,
    options: OrderOptions = NO_OPTIONS,
  ): ClientOrderId {
    return this.#context.submit({ instrument, side, orderType: 'LIMIT', quantity, limitPrice, options });
  }

  stopOrder(
    instrument: InstrumentIndex,
    side: SideName,
    quantity: Decimal,
    stopPrice: Decimal,
    options: OrderOptions = NO_OPTIONS,
  ): ClientOrderId {
    return this.#context.submit({ instrument, side, orderType: 'STOP', quantity, stopPrice, options });
  }

  stopLimitOrder(
    instrument: InstrumentIndex,
    side: SideName,
    quantity: Decimal,
    prices: { readonly stopPrice: Decimal; readonly limitPrice: Decimal },
    options: OrderOptions = NO_OPTIONS,
  ): ClientOrderId {
    return this.#context.submit({ instrument, side, orderType: 'STOP_LIMIT', quantity, ...prices, options });
  }

  cancelOrder(id: ClientOrderId): void {
    this.#context.cancel(id);
  }

  /** Cancels this strategy's open orders, of one instrument or all. */
  cancelAllOrders(instrument: InstrumentIndex | null = null): void {
    this.#context.cancelAll(instrument);
  }

  /** Asks for new values of the whole order (FIX cancel/replace); what is not named stays. */
  modifyOrder(id: ClientOrderId, change: OrderChange): void {
    this.#context.modify(id, change);
  }

  /**
   * One market order from what will be held once open market orders are done to `quantity` (signed).
   *
   * @returns the order, or 0 where nothing is to be done, or trading has not begun
   */
  targetPosition(instrument: InstrumentIndex, quantity: Decimal, options: TargetOptions = NO_OPTIONS): ClientOrderId {
    return this.#context.target({ instrument, goal: { kind: 'position', quantity }, options });
  }

  /**
   * As {@link targetPosition}, for a share of the account's equity: +1 all of it long, −0.5 half of it short.
   * The quantity is the largest whose value and fee fit the share.
   */
  targetWeight(instrument: InstrumentIndex, weight: number, options: TargetOptions = NO_OPTIONS): ClientOrderId {
    return this.#context.target({ instrument, goal: { kind: 'weight', weight }, options });
  }

  /**
   * Closes whatever this strategy holds at the moment of the fill, by a market order that can only reduce. Other open orders do not block it.
   *
   * @returns the order, or 0 where nothing is held
   */
  flatten(instrument: InstrumentIndex, options: TargetOptions = NO_OPTIONS): ClientOrderId {
    return this.#context.target({ instrument, goal: { kind: 'flat' }, options });
  }

  /** This strategy's signed position, in units of the instrument. */
  position(instrument: InstrumentIndex): number {
    return this.#context.position(instrument);
  }

  /** Average entry price of the position; NaN when flat. */
  averagePrice(instrument: InstrumentIndex): number {
    return this.#context.averagePrice(instrument);
  }

  /** Profit of the open position at the last price, in its settlement currency, as a double. */
  unrealizedPnl(instrument: InstrumentIndex): number {
    return this.#context.unrealizedPnl(instrument);
  }

  /** This strategy's open orders, oldest first. */
  openOrders(instrument: InstrumentIndex | null = null): readonly OrderView[] {
    return this.#context.openOrders(instrument);
  }

  order(id: ClientOrderId): OrderView {
    return this.#context.order(id);
  }

  /** Equity of the account at a venue (or of the only account) in its base currency, as a double. */
  equity(venue: string | null = null): number {
    return this.#context.equity(venue);
  }

  /** Exact cash balance as a decimal text. */
  cash(currency: string, venue: string | null = null): string {
    return this.#context.cash(currency, venue);
  }

  /** Calls `onTimer(name)` once, at `at` (microseconds since the epoch); a timer of the same name is replaced. */
  setTimer(name: string, at: number): void {
    this.#context.setTimer(name, at);
  }

  /** Calls `onTimer(name)` every `everyUs`, at multiples of it since the epoch. */
  setInterval(name: string, everyUs: number): void {
    this.#context.setInterval(name, everyUs);
  }

  cancelTimer(name: string): void {
    this.#context.cancelTimer(name);
  }

  log(message: string): void {
    this.#context.log('info', message);
  }

  warn(message: string): void {
    this.#context.log('warn', message);
  }
}

/** A value this close below a step, in steps, counts as on it: 0.3 / 0.1 is 2.9999999999999996. */
const ROUNDING_TOLERANCE = 1e-9;

function roundTo(value: number, step: number, scale: number, way: RoundingWay): number {
  const steps = (value * scale) / step;
  const tolerance = ROUNDING_TOLERANCE * Math.max(1, Math.abs(steps));
  const count = way === 'nearest' ? Math.round(steps) : way === 'down' ? Math.floor(steps + tolerance) : Math.ceil(steps - tolerance);
  return (count * step) / scale;
}
