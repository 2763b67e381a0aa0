import { unreachable } from '../base/assert.ts';
import type { PortfolioAlert } from '../model/account.ts';
import { type BarBlock, BlockKind, type BookDeltaBlock, type MarketBlock } from '../model/blocks.ts';
import type { Code } from '../model/codes/catalogue.ts';
import type { Money } from '../model/currency.ts';
import type { AccountEvent, DataGap } from '../model/events.ts';
import type { Instrument, InstrumentIndex, Price, Quantity } from '../model/instrument.ts';
import { type ClientOrderId, OrderFlag } from '../model/order.ts';
import { positionSideOf } from '../model/position.ts';
import type { VenueReport } from '../model/reports.ts';
import { AccountView } from './account-view.ts';
import { Effects } from './effects.ts';
import type { EngineInput } from './engine-input.ts';
import type { EngineOptions } from './engine-options.ts';
import { type EngineParts, engineMake, type EngineState, loadEngine, saveEngine } from './engine-state.ts';
import { BarFeeds } from './host/bar-feeds.ts';
import { BookLane } from './host/book-lane.ts';
import { ANY_PRICE, Dispatch, type PriceBand } from './host/dispatch.ts';
import { OrderEntry } from './host/order-entry.ts';
import { StrategyControl } from './host/strategy-control.ts';
import { StrategyHost } from './host/strategy-host.ts';
import { tellRecords } from './host/tell-strategies.ts';
import { Timers } from './host/timers.ts';
import { MarketDataCache } from './market-data/market-data-cache.ts';
import { MarketDataManager } from './market-data/market-data-manager.ts';
import { type AdoptedOrder, adoptedRequest } from './orders/adopted-order.ts';
import { OrderManager } from './orders/order-manager.ts';
import { isMoney } from './portfolio/account-valuation.ts';
import { ClosedTradeLog } from './portfolio/closed-trade-log.ts';
import { Portfolio } from './portfolio/portfolio.ts';
import { RiskManager } from './risk/risk-manager.ts';
import { endless } from './strategy/strategy-mistake.ts';

/** Timers between two rows of market data; more is a timer that sets itself again for the same instant (one a second over a month is 2.6 million). */
export const TIMERS_BETWEEN_ROWS_MAX = 10_000_000;

/**
 * The core: events in, effects out. One thread, no clock, no randomness, no I/O.
 *
 * The way of a tick: `step` hands rows to market data (validation), to bar building and to strategies; what strategies ask goes through
 * order entry to the risk manager, and what that approves to the order manager, which writes it into `effects`. The runtime carries effects
 * out and brings back what venues report through `applyReport`, where the order manager books it, then the portfolio, in the same step.
 *
 * After each call the caller carries out `effects` before the next.
 */
export class Engine {
  readonly effects = new Effects();
  readonly instruments: readonly Instrument[];
  readonly cache: MarketDataCache;
  readonly marketData: MarketDataManager;
  readonly portfolio: Portfolio;
  readonly orders: OrderManager;
  readonly risk: RiskManager;
  /** Steers strategies while the engine runs. */
  readonly strategies: StrategyControl;
  /** One for each closing fill, oldest first. */
  readonly closedTrades: ClosedTradeLog;
  /** Time of the last input, microseconds since the epoch. */
  now: number;
  /** tsInit of the newest market data, recorded or built, that strategies have been handed. */
  dataTs = Number.NEGATIVE_INFINITY;
  /** Timers that fired since then. */
  timersSinceData = 0;
  private readonly timersBetweenRowsMax: number;
  /** While a quantity is decided in the step of a fill: the instrument, marked at the price of that fill. */
  private fillMark: { readonly instrument: InstrumentIndex; readonly price: Price } | null = null;
  /** A gap was recorded that strategies have not been told of. */
  private hasGapToTell = false;
  private readonly timers = new Timers();
  private readonly bars: BarFeeds;
  private readonly bookLane: BookLane;
  private readonly dispatch: Dispatch;
  private readonly hosts: readonly StrategyHost[];
  private readonly entry: OrderEntry;
  private readonly parts: EngineParts;

  constructor(options: EngineOptions) {
    const { instruments, accounts, conversions, startTs } = options;
    const strategyCount = options.strategies.length;
    this.instruments = instruments;
    this.now = startTs;
    this.timersBetweenRowsMax = options.timersBetweenRowsMax ?? TIMERS_BETWEEN_ROWS_MAX;
    this.cache = new MarketDataCache(instruments, options.historyRows);
    const { cache } = this;
    this.marketData = new MarketDataManager({ instruments, cache, calendars: options.calendars, limits: options.marketData ?? {} });
    const marks = { markPrice: (instrument: InstrumentIndex): Price => this.markPrice(instrument) };
    this.portfolio = new Portfolio({ accounts, instruments, strategyCount, conversions, marks, startTs });
    this.orders = new OrderManager({ instruments, strategyCount, effects: this.effects });
    this.risk = new RiskManager({
      instruments,
      strategyCount,
      orders: this.orders,
      portfolio: new AccountView(this.portfolio, instruments, marks),
      marketData: this.marketData,
      effects: this.effects,
      limits: options.limits,
      estimateFee: options.estimateFee,
      feeBound: options.feeBound,
      calendars: options.calendars,
    });
    this.closedTrades = new ClosedTradeLog(options.closedTradesMax);
    this.entry = new OrderEntry({
      instruments,
      orders: this.orders,
      risk: this.risk,
      marketData: this.marketData,
      alert: (code, message, ts) => this.alert(code, message, ts),
      estimateFee: options.estimateFee,
      weightBufferPpb: (instrument) => options.weightBufferPpb[instrument]!,
      position: (strategy, instrument) => this.portfolio.positions.quantity(strategy, instrument),
      lastPrice: (instrument) => this.cache.lastPrice(instrument),
      equityInSettlement: (instrument) => this.equityInSettlement(instrument),
    });
    this.bars = new BarFeeds(options, this.cache);
    this.dispatch = new Dispatch(this.effects, this.cache, options.afresh ?? ((closed) => closed));
    const { effects, marketData } = this;
    this.bookLane = new BookLane({
      cache,
      effects,
      marketData,
      hasDeltas: options.hasBookDeltas,
      onBroken: (block, row) => this.applyBookGap(block, row),
    });
    this.hosts = this.makeHosts(options);
    this.strategies = new StrategyControl(this.hosts, {
      comeTo: (ts) => {
        this.now = Math.max(this.now, ts);
      },
      notify: () => this.notify(),
    });
    const { bars, timers, orders, risk, portfolio, closedTrades, hosts } = this;
    const make = engineMake(options);
    this.parts = { make, clock: this, effects, cache, marketData, bars, timers, orders, risk, portfolio, closedTrades, hosts };
  }

  /** The close of the earliest bar under construction: the runtime calls `closeBars` before any row whose tsInit is at or past it. */
  get barDueTs(): number {
    return this.bars.nextCloseTs;
  }

  /** The earliest timer: the runtime calls `fireTimer` after every row whose tsInit is at or before it. */
  get timerDueTs(): number {
    return this.timers.nextTs;
  }

  start(): void {
    this.risk.losses.begin(this.now);
    for (const host of this.hosts) host.strategy.onStart();
    this.notify();
  }

  stop(): void {
    for (const host of this.hosts) host.strategy.onStop();
    for (const sentence of this.bars.leftOut()) this.alert('MARKET_DATA_LEFT_OUT', sentence);
    this.notify();
  }

  /**
   * Takes rows [from, to) of a block, none of them at or past `barDueTs` nor past `timerDueTs`.
   *
   * @param band prices at which nobody outside the core has anything to look at
   * @returns the row after the last one taken: less than `to` when the core produced effects or the last one's price lies outside the band,
   * which come first
   */
  step(block: MarketBlock, from: number, to: number, band: PriceBand = ANY_PRICE): number {
    const accepted = this.marketData.scan(block, from, to);
    if (accepted === from) {
      this.now = Math.max(this.now, block.tsInit[from]!);
      this.marketData.refuse(block, from);
      if (block.kind === BlockKind.BOOK_DELTAS && this.marketData.books.markGapped(block.instrument)) {
        this.applyBookGap(block, from);
        this.notify();
      }
      return from + 1;
    }
    if (this.marketData.scanGap(block, from, from + 1) === from) {
      // A gap comes before data in the total order: strategies hear of it before the row that shows it.
      this.now = Math.max(this.now, block.tsInit[from]!);
      this.applyGap(this.marketData.noteGap(block, from));
      this.notify();
    }
    const limit = this.bars.completionRow(block, from, this.marketData.scanGap(block, from, accepted));
    this.cache.setCursor(block, from);
    const end = this.hand(block, from, limit, band);
    this.marketData.commit(block, from, end);
    this.now = block.tsInit[end - 1]!;
    this.dataTs = this.now;
    this.timersSinceData = 0;
    this.emitBars(this.bars.accumulate(block, from, end));
    this.notify();
    return end;
  }

  /** Books what a venue reports. A door of its own, so that no input is made around each: an order brings two. */
  applyReport(report: VenueReport, tsInit: number): void {
    if (tsInit > this.now) this.now = tsInit;
    this.bookReport(report, tsInit);
    this.flattenKilled();
    this.notify();
  }

  /** Everything that is neither rows nor reports. One switch decides; leaves compute. */
  apply(input: EngineInput, tsInit: number): void {
    this.now = Math.max(this.now, tsInit);
    switch (input.kind) {
      case 'Account':
        this.applyAccountEvent(input.event);
        break;
      case 'Gap':
        this.applyGap(input.gap);
        break;
      case 'Kill':
        this.risk.kill(input.scope, { flatten: input.flatten, reason: input.reason }, this.now);
        break;
      case 'Release':
        this.risk.release(input.scope, input.reason, this.now);
        break;
      case 'TradingState':
        this.risk.setTradingState(input.scope, input.state, input.reason, this.now);
        break;
      case 'Phase':
        this.risk.setMarketPhase(input.instrument, input.phase, input.reason, this.now);
        break;
      case 'Limits':
        this.risk.changeLimits(input.limits, input.what, this.now);
        break;
      default:
        return unreachable(input);
    }
    this.flattenKilled();
    this.notify();
  }

  /** Closes the bars whose time has come, at `barDueTs`. */
  closeBars(): void {
    this.now = Math.max(this.now, this.bars.nextCloseTs);
    this.emitBars(this.bars.close());
    this.notify();
  }

  fireTimer(): void {
    this.timersSinceData += 1;
    if (this.timersSinceData > this.timersBetweenRowsMax)
      throw endless(`${this.timersBetweenRowsMax} timers fired between two rows of market data`);
    const timer = this.timers.take();
    this.now = Math.max(this.now, timer.ts);
    this.hosts[timer.strategy]!.strategy.onTimer(timer.name, timer.ts);
    this.notify();
  }

  /** Looks at losses, at `risk.losses.dueTs`: before whatever else comes at that time. */
  settleLosses(): void {
    const { losses } = this.risk;
    this.now = Math.max(this.now, losses.dueTs);
    losses.settle(losses.dueTs);
    this.notify();
  }

  /** The quantity of a SIZE_AT_FILL order in the step of its fill; 0 cancels it. */
  quantityAtFill(id: ClientOrderId, price: Price): Quantity {
    this.fillMark = { instrument: this.orders.table.instrument[id]!, price };
    try {
      return this.entry.quantityAtFill(id, price, this.now);
    } finally {
      this.fillMark = null;
    }
  }

  /** An order that the venue makes of its own accord (a liquidation): it exists without our asking, and is booked like any other. */
  adoptOrder(order: AdoptedOrder): ClientOrderId {
    return this.orders.adopt(adoptedRequest(order), this.now);
  }

  alert(code: Code, message: string, tsInit = this.now): void {
    this.effects.record({ kind: 'Alert', code, message, tsInit });
  }

  /**
   * Everything that it must remember to go on, as plain data. Between steps, with all effects carried out.
   *
   * @throws StrategyMistake that names the field of a strategy that cannot be saved
   */
  saveState(): EngineState {
    return saveEngine(this.parts);
  }

  /** Goes on where another left off. Of an engine made from the same options and not started. @throws StateRefused, and nothing is changed */
  loadState(state: EngineState): void {
    loadEngine(this.parts, state);
  }

  private makeHosts({ strategies, instruments, tradingFromTs, onStrategyError }: EngineOptions): readonly StrategyHost[] {
    const { entry, orders, risk: cancelGate, portfolio, cache, marketData, bars, bookLane, timers, effects } = this;
    const isolates = onStrategyError === 'stop';
    const own = { clock: this, entry, orders, cancelGate, portfolio, cache, marketData, bars, bookLane, timers, effects };
    return strategies.map((slot, index) => new StrategyHost(slot, index, { ...own, instruments, tradingFromTs, isolates }));
  }

  private hand(block: MarketBlock, from: number, to: number, band: PriceBand): number {
    const strategies =
      block.kind === BlockKind.BARS ? this.bars.subscribers(block.series) : this.marketData.subscribers(block.instrument, block.kind);
    const instrument = this.instruments[block.instrument]!;
    switch (block.kind) {
      case BlockKind.TRADES:
        return this.dispatch.trades.hand(block, instrument, from, to, strategies, band);
      case BlockKind.BOOK_DELTAS:
        return this.bookLane.hand(block, instrument, from, to, strategies, band);
      case BlockKind.QUOTES:
        return this.dispatch.quotes.hand(block, instrument, from, to, strategies, band);
      case BlockKind.BARS:
        return this.dispatch.bars.hand(block, instrument, from, to, strategies, band);
      case BlockKind.QUOTE_BARS:
        return this.dispatch.quoteBars.hand(block, instrument, from, to, strategies, band);
      default:
        return unreachable(block);
    }
  }

  private bookReport(report: VenueReport, tsInit: number): void {
    const event = this.orders.onReport(report, tsInit);
    if (event === null || (event.kind !== 'OrderPartiallyFilled' && event.kind !== 'OrderFilled')) return;
    const flags = this.orders.table.flags[event.clientOrderId]!;
    const { positionMode } = this.portfolio.account(this.portfolio.accountOf(event.instrument));
    const side = positionSideOf(positionMode, event.side, (flags & OrderFlag.REDUCE_ONLY) !== 0);
    const alerts = this.portfolio.applyFill(event, side, this.closedTrades);
    if (alerts.length > 0) this.raise(alerts);
    this.risk.losses.look(this.now);
  }

  private applyAccountEvent(event: AccountEvent): void {
    this.effects.record(event);
    switch (event.kind) {
      case 'DividendPaid':
        this.raise(this.portfolio.applyDividend(event));
        break;
      case 'FundingApplied':
        this.raise(this.portfolio.applyFunding(event));
        break;
      case 'SplitEffective': {
        const refusal = this.portfolio.applySplit(event, this.cache.lastPrice(event.instrument));
        if (refusal !== null) this.raise([refusal]);
        break;
      }
      default:
        unreachable(event);
    }
    this.risk.losses.look(this.now);
  }

  private applyGap(gap: DataGap): void {
    // One object for every strategy and for the record.
    Object.freeze(gap);
    this.effects.record(gap);
    this.hasGapToTell = true;
    this.marketData.markGap(gap);
    this.bars.onGap(gap);
  }

  /** Changes of a book are missing: from its last whole event on nobody knows what it is. */
  private applyBookGap(block: BookDeltaBlock, row: number): void {
    this.cache.setTop(block.instrument, 0, 0);
    this.applyGap(this.marketData.books.gapAt(block, row));
  }

  /** After a kill that flattens: sends what closes the positions, again after each report until nothing is left. */
  private flattenKilled(): void {
    const requests = this.risk.flattenRequests();
    for (let at = 0; at < requests.length; at += 1) this.entry.place(requests[at]!, requests[at]!.orderQty, this.now, null);
  }

  private emitBars(finished: readonly BarBlock[]): void {
    // Nearly every step finishes none.
    if (finished.length === 0) return;
    this.dataTs = Math.max(this.dataTs, this.now);
    for (const block of finished) {
      const instrument = this.instruments[block.instrument]!;
      this.cache.setCursor(block, 0, true);
      this.dispatch.bars.hand(block, instrument, 0, 1, this.bars.subscribers(block.series), ANY_PRICE);
      this.cache.commitBuilt(block, 0, 1);
    }
  }

  private raise(alerts: readonly PortfolioAlert[]): void {
    for (const { code, message } of alerts) this.alert(code, message);
  }

  /** Tells strategies what has happened to their orders, and what that led to, until nothing new happens. */
  private notify(): void {
    tellRecords(this.hosts, this.effects, this.hasGapToTell);
    this.hasGapToTell = false;
  }

  private markPrice(instrument: InstrumentIndex): Price {
    return this.fillMark !== null && this.fillMark.instrument === instrument ? this.fillMark.price : this.cache.lastPrice(instrument);
  }

  private equityInSettlement(instrument: Instrument): Money | null {
    const { valuation } = this.portfolio;
    const equity = valuation.equityIn(this.portfolio.accountOf(instrument.index), instrument.settlement);
    return isMoney(equity) ? equity : null;
  }
}
