import { formatDecimalShort } from '../../base/decimal.ts';
import type { AccountIndex } from '../../model/account.ts';
import { BlockKind } from '../../model/blocks.ts';
import { moneyApprox } from '../../model/currency.ts';
import type { DataGap, OrderEvent } from '../../model/events.ts';
import type { Instrument, InstrumentIndex, Price } from '../../model/instrument.ts';
import type { ClientOrderId } from '../../model/order.ts';
import { averagePriceApprox } from '../../model/position.ts';
import type { BarHistory, QuoteBarHistory } from '../market-data/bar-history.ts';
import type { QuoteHistory, TradeHistory } from '../market-data/tick-history.ts';
import type { DenialText } from '../orders/denial-text.ts';
import type { OrderView } from '../orders/order-view.ts';
import { isMoney } from '../portfolio/account-valuation.ts';
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
import { guardedClass } from './guarded-strategy.ts';
import type { HostParts } from './host-parts.ts';
import { StrategySubscriptions } from './strategy-subscriptions.ts';
import { StrategyTimers } from './strategy-timers.ts';

/** The handlers as the base class has them; what a strategy has instead is called. Read once: a strategy may change its own only. */
const UNHEARD = { onOrderEvent: Strategy.prototype.onOrderEvent, onFill: Strategy.prototype.onFill } as const;

/** A strategy of the run: its class, checked parameters, and the instruments it was given. */
export interface StrategySlot {
  readonly name: string;
  readonly strategyClass: StrategyClass;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly instruments: readonly InstrumentIndex[];
}

export interface StrategyHostState {
  /** As {@link saveStrategy} gives it. */
  readonly strategy: unknown;
  /** Those that it was started with last. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly watched: readonly InstrumentIndex[];
  readonly wasTimed: boolean;
  readonly isRunning: boolean;
  readonly failure: string | null;
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
  readonly #subscriptions: StrategySubscriptions;
  readonly #timers: StrategyTimers;
  /** False between {@link stop} and {@link start}: then it is told nothing. */
  #isRunning = true;
  /** What it threw, since it was started last; null for nothing. */
  #failure: string | null = null;

  constructor(slot: StrategySlot, index: number, parts: HostParts) {
    this.#slot = slot;
    this.#index = index;
    this.#parts = parts;
    this.#subscriptions = new StrategySubscriptions(parts);
    this.#timers = new StrategyTimers(index, parts);
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
    this.#subscriptions.add(this.instrument(instrument), BlockKind.TRADES, this.strategy);
  }

  unsubscribeTrades(instrument: InstrumentIndex): void {
    this.#subscriptions.remove(instrument, BlockKind.TRADES, this.strategy);
  }

  subscribeQuotes(instrument: InstrumentIndex): void {
    this.#subscriptions.add(this.instrument(instrument), BlockKind.QUOTES, this.strategy);
  }

  unsubscribeQuotes(instrument: InstrumentIndex): void {
    this.#subscriptions.remove(instrument, BlockKind.QUOTES, this.strategy);
  }

  subscribeBook(instrument: InstrumentIndex): void {
    this.#parts.bookLane.refuseWithout(this.instrument(instrument));
    this.#parts.marketData.books.watch(instrument);
    this.#subscriptions.add(this.instrument(instrument), BlockKind.BOOK_DELTAS, this.strategy);
  }

  unsubscribeBook(instrument: InstrumentIndex): void {
    this.#subscriptions.remove(instrument, BlockKind.BOOK_DELTAS, this.strategy);
  }

  book(instrument: InstrumentIndex): Book {
    const view = this.#parts.bookLane.viewOf(this.instrument(instrument));
    this.#parts.marketData.books.watch(instrument);
    return view;
  }

  subscribeBars(instrument: InstrumentIndex, every: string, from: BarSource): SeriesIndex {
    return this.#subscriptions.addBars(this.instrument(instrument), every, from, this.strategy);
  }

  unsubscribeBars(series: SeriesIndex): void {
    this.#subscriptions.removeBars(series, this.strategy);
  }

  subscribeQuoteBars(instrument: InstrumentIndex): void {
    this.#subscriptions.add(this.instrument(instrument), BlockKind.QUOTE_BARS, this.strategy);
  }

  unsubscribeQuoteBars(instrument: InstrumentIndex): void {
    this.#subscriptions.remove(instrument, BlockKind.QUOTE_BARS, this.strategy);
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
    this.#parts.orders.requestCancel(id, this.now, this.#parts.cancelGate);
  }

  cancelAll(instrument: InstrumentIndex | null): void {
    const { orders, cancelGate } = this.#parts;
    orders.cancelAll(instrument === null ? { strategy: this.#index } : { strategy: this.#index, instrument }, this.now, cancelGate);
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
    this.#timers.once(name, at, this.now);
  }

  setInterval(name: string, everyUs: number): void {
    this.#timers.every(name, everyUs, this.now);
  }

  cancelTimer(name: string): void {
    this.#timers.cancel(name);
  }

  log(level: 'info' | 'warn', message: string): void {
    this.#parts.effects.record({ kind: 'LogLine', strategy: this.#index, level, message: String(message), tsInit: this.now });
  }

  /** It never asked for market data nor for a timer. */
  get isIdle(): boolean {
    return !this.#subscriptions.hasAny && !this.#timers.wereSet;
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
    if (this.#subscriptions.watches(gap.instrument)) this.strategy.onGap(gap);
  }

  /** @throws StrategyMistake that names the field of a strategy that cannot be saved */
  saveState(): StrategyHostState {
    return {
      strategy: this.saved(),
      parameters: this.#slot.parameters,
      watched: this.#subscriptions.saveState(),
      wasTimed: this.#timers.wereSet,
      isRunning: this.#isRunning,
      failure: this.#failure,
    };
  }

  /** Puts a fresh instance with a saved state in the strategy's place; who holds the former is told by the caller. */
  loadState({ strategy, parameters, watched, wasTimed, isRunning, failure }: StrategyHostState): void {
    this.#slot = { ...this.#slot, parameters };
    this.strategy = this.create();
    loadStrategy(this.strategy, strategy);
    this.#subscriptions.loadState(watched);
    this.#timers.wereSet = wasTimed;
    this.#isRunning = isRunning;
    this.#failure = failure;
  }

  /** Saves the strategy and puts a fresh instance with that state in its place. */
  restart(): void {
    const former = this.strategy;
    this.loadState(JSON.parse(JSON.stringify(this.saveState())) as StrategyHostState);
    this.#parts.marketData.replaceSubscriber(former, this.strategy);
    this.#parts.bars.subscriptions.replace(former, this.strategy);
  }

  private detach(): void {
    this.#isRunning = false;
    this.#timers.cancelAll();
    this.#subscriptions.end(this.strategy);
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

  private decimalPrice(instrument: InstrumentIndex, price: Price): number {
    return price === 0 ? Number.NaN : price / this.instrument(instrument).priceScale;
  }
}
