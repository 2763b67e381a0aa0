import { formatDecimalShort } from '../../base/decimal.ts';
import type { AccountIndex } from '../../model/account.ts';
import { BlockKind } from '../../model/blocks.ts';
import { moneyApprox } from '../../model/currency.ts';
import type { DataGap, OrderEvent } from '../../model/events.ts';
import type { Instrument, InstrumentIndex, Price } from '../../model/instrument.ts';
import type { ClientOrderId } from '../../model/order.ts';
import { averagePriceApprox } from '../../model/position.ts';
import type { Effects } from '../effects.ts';
import type { BarHistory, QuoteBarHistory } from '../market-data/bar-history.ts';
import type { MarketDataCache } from '../market-data/market-data-cache.ts';
import type { MarketDataManager } from '../market-data/market-data-manager.ts';
import type { QuoteHistory, TradeHistory } from '../market-data/tick-history.ts';
import type { DenialText } from '../orders/denial-text.ts';
import type { OrderManager } from '../orders/order-manager.ts';
import type { OrderView } from '../orders/order-view.ts';
import { isMoney } from '../portfolio/account-valuation.ts';
import type { Portfolio } from '../portfolio/portfolio.ts';
import {
  type BarSource,
  type Book,
  type OrderChange,
  type OrderDraft,
  type SeriesIndex,
  Strategy,
  type StrategyClass,
} from '../strategy/strategy.ts';
import type { StrategyContext, TargetDraft } from '../strategy/strategy-context.ts';
import { closedContext } from '../strategy/strategy-door.ts';
import { strategyFill } from '../strategy/strategy-fill.ts';
import { mistakeUnless, StrategyMistake } from '../strategy/strategy-mistake.ts';
import { isRefusal, loadStrategy, saveStrategy } from '../strategy/strategy-state.ts';
import type { BarFeeds } from './bar-feeds.ts';
import type { BookLane } from './book-lane.ts';
import { guardedClass } from './guarded-strategy.ts';
import type { OrderEntry } from './order-entry.ts';
import { TIMERS_PER_STRATEGY_MAX, type Timers } from './timers.ts';

/** The handlers as the base class has them; what a strategy has instead is called. Read once: a strategy may change its own only. */
const UNHEARD = { onOrderEvent: Strategy.prototype.onOrderEvent, onFill: Strategy.prototype.onFill } as const;

/** A strategy of the run: its class, checked parameters, and the instruments it was given. */
export interface StrategySlot {
  readonly name: string;
  readonly strategyClass: StrategyClass;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly instruments: readonly InstrumentIndex[];
}

/** The parts of the core that a strategy's wishes go to. */
interface HostParts {
  readonly instruments: readonly Instrument[];
  /** Time of the core's last input. */
  readonly clock: { readonly now: number };
  readonly entry: OrderEntry;
  readonly orders: OrderManager;
  readonly portfolio: Portfolio;
  readonly cache: MarketDataCache;
  readonly marketData: MarketDataManager;
  readonly bars: BarFeeds;
  readonly bookLane: BookLane;
  readonly timers: Timers;
  readonly effects: Effects;
  readonly tradingFromTs: number;
  /** A strategy that throws is stopped, and the others go on. */
  readonly isolates: boolean;
}

/**
 * One strategy in the engine: its instance, and what it sees and asks. The strategy holds only its closed context (strategy-door.ts); the
 * parts of the core are `#private` all the same.
 */
export class StrategyHost implements StrategyContext {
  strategy: Strategy;
  #slot: StrategySlot;
  readonly #index: number;
  readonly #parts: HostParts;
  /** Instruments whose data it subscribed to: whom a gap concerns. */
  readonly #watched = new Set<InstrumentIndex>();
  #wasTimed = false;
  /** False between {@link stop} and {@link start}: then it is told nothing. */
  #isRunning = true;
  /** What it threw, since it was started last; null for nothing. */
  #failure: string | null = null;

  constructor(slot: StrategySlot, index: number, parts: HostParts) {
    this.#slot = slot;
    this.#index = index;
    this.#parts = parts;
    this.strategy = this.create();
  }

  get now(): number {
    // Behind the cursor a block may have been refilled with later rows: only a row that is being handled tells the time.
    const { cursorBlock, cursorFrom, cursorRow } = this.#parts.cache;
    const rowTs = cursorBlock === null || cursorRow < cursorFrom ? 0 : cursorBlock.tsInit[cursorRow]!;
    return Math.max(this.#parts.clock.now, rowTs);
  }

  get isWarmingUp(): boolean {
    return this.now < this.#parts.tradingFromTs;
  }

  instrument(index: InstrumentIndex): Instrument {
    const instrument = this.#parts.instruments[index];
    if (instrument === undefined) throw new StrategyMistake('STRATEGY_MISTAKE', `there is no instrument ${index} in this run`);
    return instrument;
  }

  instrumentById(id: string): InstrumentIndex {
    const found = this.#parts.instruments.find((instrument) => instrument.id === id);
    if (found !== undefined) return found.index;
    const known = this.#parts.instruments.map((instrument) => instrument.id).join(', ');
    throw new StrategyMistake('STRATEGY_MISTAKE', `there is no instrument ${id} in this run; it has ${known}`);
  }

  subscribeTrades(instrument: InstrumentIndex): void {
    this.#watched.add(this.instrument(instrument).index);
    this.#parts.marketData.subscribe(instrument, BlockKind.TRADES, this.strategy);
    this.#parts.effects.endStep();
  }

  unsubscribeTrades(instrument: InstrumentIndex): void {
    this.#parts.marketData.unsubscribe(instrument, BlockKind.TRADES, this.strategy);
    this.#parts.effects.endStep();
  }

  subscribeQuotes(instrument: InstrumentIndex): void {
    this.#watched.add(this.instrument(instrument).index);
    this.#parts.marketData.subscribe(instrument, BlockKind.QUOTES, this.strategy);
    this.#parts.effects.endStep();
  }

  unsubscribeQuotes(instrument: InstrumentIndex): void {
    this.#parts.marketData.unsubscribe(instrument, BlockKind.QUOTES, this.strategy);
    this.#parts.effects.endStep();
  }

  subscribeBook(instrument: InstrumentIndex): void {
    this.#parts.bookLane.refuseWithout(this.instrument(instrument));
    this.#watched.add(instrument);
    this.#parts.marketData.books.watch(instrument);
    this.#parts.marketData.subscribe(instrument, BlockKind.BOOK_DELTAS, this.strategy);
    this.#parts.effects.endStep();
  }

  unsubscribeBook(instrument: InstrumentIndex): void {
    this.#parts.marketData.unsubscribe(instrument, BlockKind.BOOK_DELTAS, this.strategy);
    this.#parts.effects.endStep();
  }

  book(instrument: InstrumentIndex): Book {
    const view = this.#parts.bookLane.viewOf(this.instrument(instrument));
    this.#parts.marketData.books.watch(instrument);
    return view;
  }

  subscribeBars(instrument: InstrumentIndex, every: string, from: BarSource): SeriesIndex {
    this.#watched.add(this.instrument(instrument).index);
    this.#parts.effects.endStep();
    return this.#parts.bars.subscribe(instrument, every, from, this.strategy);
  }

  unsubscribeBars(series: SeriesIndex): void {
    this.#parts.bars.unsubscribe(series, this.strategy);
    this.#parts.effects.endStep();
  }

  subscribeQuoteBars(instrument: InstrumentIndex): void {
    this.#watched.add(this.instrument(instrument).index);
    this.#parts.marketData.subscribe(instrument, BlockKind.QUOTE_BARS, this.strategy);
    this.#parts.effects.endStep();
  }

  unsubscribeQuoteBars(instrument: InstrumentIndex): void {
    this.#parts.marketData.unsubscribe(instrument, BlockKind.QUOTE_BARS, this.strategy);
    this.#parts.effects.endStep();
  }

  bars(series: SeriesIndex): BarHistory {
    return this.#parts.cache.bars(series);
  }

  quoteBars(series: SeriesIndex): QuoteBarHistory {
    return this.#parts.cache.quoteBars(series);
  }

  trades(instrument: InstrumentIndex): TradeHistory {
    return this.#parts.cache.trades(instrument);
  }

  quotes(instrument: InstrumentIndex): QuoteHistory {
    return this.#parts.cache.quotes(instrument);
  }

  lastPrice(instrument: InstrumentIndex): number {
    return this.decimalPrice(instrument, this.#parts.cache.lastPrice(instrument));
  }

  bestBid(instrument: InstrumentIndex): number {
    return this.decimalPrice(instrument, this.#parts.cache.bestBid(instrument));
  }

  bestAsk(instrument: InstrumentIndex): number {
    return this.decimalPrice(instrument, this.#parts.cache.bestAsk(instrument));
  }

  isGapped(instrument: InstrumentIndex): boolean {
    return this.#parts.marketData.isGapped(instrument);
  }

  isStale(instrument: InstrumentIndex, ageMaxUs: number): boolean {
    return this.#parts.marketData.isStale(instrument, this.now, ageMaxUs);
  }

  submit(draft: OrderDraft): ClientOrderId {
    return this.#parts.entry.submit(this.#index, draft, this.now, this.warmingUp());
  }

  target(draft: TargetDraft): ClientOrderId {
    // While history is replayed a target is what would be denied at every bar: nothing to record.
    const { now } = this;
    return now < this.#parts.tradingFromTs ? 0 : this.#parts.entry.target(this.#index, draft, now, null);
  }

  cancel(id: ClientOrderId): void {
    this.requireOwn(id);
    this.#parts.orders.requestCancel(id, this.now);
  }

  cancelAll(instrument: InstrumentIndex | null): void {
    this.#parts.orders.cancelAll(instrument === null ? { strategy: this.#index } : { strategy: this.#index, instrument }, this.now);
  }

  modify(id: ClientOrderId, change: OrderChange): void {
    this.requireOwn(id);
    this.#parts.entry.modify(id, change, this.now);
  }

  position(instrument: InstrumentIndex): number {
    return this.#parts.portfolio.positions.quantity(this.#index, instrument) / this.instrument(instrument).quantityScale;
  }

  averagePrice(instrument: InstrumentIndex): number {
    const average = this.#parts.portfolio.positions.position(this.#index, instrument)?.avgPx ?? null;
    return average === null ? Number.NaN : averagePriceApprox(average, this.instrument(instrument));
  }

  unrealizedPnl(instrument: InstrumentIndex): number {
    const { settlement } = this.instrument(instrument);
    const profit = this.#parts.portfolio.positions.unrealizedPnl(this.#index, instrument, this.#parts.cache.lastPrice(instrument));
    return moneyApprox(profit, settlement);
  }

  openOrders(instrument: InstrumentIndex | null): readonly OrderView[] {
    return this.#parts.orders.openOrders(instrument === null ? { strategy: this.#index } : { strategy: this.#index, instrument });
  }

  order(id: ClientOrderId): OrderView {
    const view = this.#parts.orders.view(id);
    mistakeUnless(view !== null, `there is no order ${id}`);
    return view;
  }

  equity(venue: string | null): number {
    const account = this.account(venue);
    const equity = this.#parts.portfolio.valuation.equity(account);
    return isMoney(equity) ? moneyApprox(equity, this.#parts.portfolio.account(account).baseCurrency) : Number.NaN;
  }

  cash(currency: string, venue: string | null): string {
    const row = this.#parts.portfolio.ledger.cashRows(this.account(venue)).find((candidate) => candidate.currency.code === currency);
    return row === undefined ? '0' : formatDecimalShort(row.balance, row.currency.decimals);
  }

  setTimer(name: string, at: number): void {
    this.requireTimerFree(name);
    mistakeUnless(Number.isSafeInteger(at), `timer "${name}": a time is a whole number of microseconds since the epoch`);
    this.#wasTimed = true;
    this.#parts.timers.set(this.#index, name, Math.max(at, this.now), 0);
    this.#parts.effects.endStep();
  }

  setInterval(name: string, everyUs: number): void {
    this.requireTimerFree(name);
    mistakeUnless(Number.isSafeInteger(everyUs) && everyUs > 0, `timer "${name}": an interval is a whole number of microseconds above 0`);
    this.#wasTimed = true;
    this.#parts.timers.set(this.#index, name, (Math.floor(this.now / everyUs) + 1) * everyUs, everyUs);
    this.#parts.effects.endStep();
  }

  cancelTimer(name: string): void {
    this.#parts.timers.cancel(this.#index, name);
  }

  log(level: 'info' | 'warn', message: string): void {
    this.#parts.effects.record({ kind: 'LogLine', strategy: this.#index, level, message: String(message), tsInit: this.now });
  }

  /** It never asked for market data nor for a timer. */
  get isIdle(): boolean {
    return this.#watched.size === 0 && !this.#wasTimed;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  get parameters(): Readonly<Record<string, unknown>> {
    return this.#slot.parameters;
  }

  get failure(): string | null {
    return this.#failure;
  }

  /** It threw: it hears no more, and what it has in the market is taken back. What it holds stays. */
  fail(error: unknown): void {
    const { now } = this;
    this.#failure = error instanceof Error ? error.message : String(error);
    this.detach();
    this.#parts.orders.cancelAll({ strategy: this.#index }, now);
    const message = `${this.#slot.name} threw and was stopped, its open orders are canceled: ${this.#failure}`;
    this.#parts.effects.record({ kind: 'Alert', code: 'STRATEGY_FAILED', message, tsInit: now });
  }

  /** The strategy says goodbye and hears no more. Its orders and positions stay as they are: what becomes of them is for who stops it to say. */
  stop(): void {
    this.strategy.onStop();
    this.detach();
  }

  /** A fresh instance begins, with these parameters; what it holds and has in the market is what the one before left. */
  start(parameters: Readonly<Record<string, unknown>>): void {
    this.#slot = { ...this.#slot, parameters };
    this.strategy = this.create();
    this.#isRunning = true;
    this.#failure = null;
    this.strategy.onStart();
  }

  /** True where the strategy has a handler for what happens to its orders. */
  get hearsOrders(): boolean {
    const { strategy } = this;
    if (!this.#isRunning) return false;
    return strategy.onOrderEvent !== UNHEARD.onOrderEvent || strategy.onFill !== UNHEARD.onFill;
  }

  /**
   * Tells what has happened to an order of this strategy. Hot: a handler that was not overridden would do nothing, so that nothing is made
   * for it either.
   */
  tellOrder(event: OrderEvent): void {
    const { strategy } = this;
    if (!this.#isRunning) return;
    if (strategy.onOrderEvent !== UNHEARD.onOrderEvent) {
      // A fact: the recorder reads it after the strategy did.
      Object.freeze(event);
      if (event.kind === 'OrderInitialized') Object.freeze(event.request);
      strategy.onOrderEvent(event);
    }
    const isFill = event.kind === 'OrderFilled' || event.kind === 'OrderPartiallyFilled';
    if (isFill && strategy.onFill !== UNHEARD.onFill) strategy.onFill(strategyFill(event, this.#parts.instruments[event.instrument]!));
  }

  /** Market data of an instrument is missing: told to whoever watches it. */
  tellGap(gap: DataGap): void {
    if (this.#watched.has(gap.instrument)) this.strategy.onGap(gap);
  }

  /** Saves the strategy and puts a fresh instance with that state in its place. */
  restart(): void {
    const state: unknown = JSON.parse(JSON.stringify(this.saved()));
    const former = this.strategy;
    this.strategy = this.create();
    loadStrategy(this.strategy, state);
    this.#parts.marketData.replaceSubscriber(former, this.strategy);
    this.#parts.bars.subscriptions.replace(former, this.strategy);
  }

  private detach(): void {
    this.#isRunning = false;
    this.#parts.marketData.unsubscribeAll(this.strategy);
    this.#parts.bars.subscriptions.removeAll(this.strategy);
    this.#parts.timers.cancelAll(this.#index);
    this.#watched.clear();
    this.#parts.effects.endStep();
  }

  private saved(): unknown {
    const state = saveStrategy(this.strategy, this.#slot.strategyClass);
    if (!isRefusal(state)) return state;
    throw new StrategyMistake(
      state.code,
      `${this.#slot.name}: the field "${state.path}" is neither plain data nor an indicator; declare saveState and loadState`,
    );
  }

  private create(): Strategy {
    const { strategyClass, parameters, instruments } = this.#slot;
    // The slot's own stay as they are, whatever a strategy writes: a restart begins from them.
    const made = this.#parts.isolates ? guardedClass(strategyClass, this) : strategyClass;
    return new made({
      parameters: Object.freeze({ ...parameters }),
      instruments: Object.freeze([...instruments]),
      context: closedContext(this),
    });
  }

  private account(venue: string | null): AccountIndex {
    if (venue !== null) {
      const account = this.#parts.portfolio.accountAt(venue);
      mistakeUnless(account >= 0, `there is no account at ${venue}`);
      return account;
    }
    const first = this.#slot.instruments[0];
    return first === undefined ? 0 : this.#parts.portfolio.accountOf(first);
  }

  private warmingUp(): DenialText | null {
    return this.isWarmingUp ? { code: 'WARMING_UP', reason: 'history is being replayed; trading has not begun' } : null;
  }

  private requireOwn(id: ClientOrderId): void {
    mistakeUnless(this.#parts.orders.table.has(id), `there is no order ${id}`);
    mistakeUnless(this.#parts.orders.table.strategy[id] === this.#index, `order ${id} belongs to another strategy`);
  }

  private requireTimerFree(name: string): void {
    const { timers } = this.#parts;
    mistakeUnless(
      timers.has(this.#index, name) || timers.count(this.#index) < TIMERS_PER_STRATEGY_MAX,
      `a strategy has at most ${TIMERS_PER_STRATEGY_MAX} timers`,
    );
  }

  private decimalPrice(instrument: InstrumentIndex, price: Price): number {
    return price === 0 ? Number.NaN : price / this.instrument(instrument).priceScale;
  }
}
