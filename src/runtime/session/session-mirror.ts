import { AccountShelf, type AccountShelfState } from './mirror/account-shelf.ts';
import type { ClosedTradesState } from './mirror/closed-trades.ts';
import { limitViews } from './mirror/limit-views.ts';
import { MarketShelf, type MarketShelfState } from './mirror/market-shelf.ts';
import { type KeptOrderState, OrderShelf } from './mirror/order-shelf.ts';
import { riskScenarios, STRESS_SHOCKS_PPM } from './mirror/risk-scenarios.ts';
import { RecentList } from './mirror/recent-list.ts';
import type { SessionListener, SessionPhase } from './session.ts';
import { currenciesOf } from './session-currencies.ts';
import type { SessionFollower } from './session-snapshots.ts';
import { OPERATOR_NAME, type SessionPlan } from './session-plan.ts';
import { assert, unreachable } from '../../base/assert.ts';
import type { RiskLimits } from '../../core/risk/limits.ts';
import { BlockKind, type MarketBlock } from '../../model/blocks.ts';
import type { Currency } from '../../model/currency.ts';
import type { Alert, DataGap, Fill, LogLine, OrderDenied, Recorded } from '../../model/events.ts';
import { instantText } from '../../model/instant.ts';
import { type Instrument, type InstrumentIndex, makeInstrument, type Price } from '../../model/instrument.ts';
import type { ParameterDescriptors } from '../../model/parameters.ts';
import type { PositionSnapshot } from '../../model/position.ts';
import type { SessionMode, SessionOutput, StrategyState } from '../../model/session-output.ts';
import type { TradingSwitch } from '../../model/trading-state.ts';
import { notionalValue } from '../../model/valuation.ts';
import type * as View from '../../ports/session-view.ts';

/** Fills that are kept to be shown. */
export const MIRROR_FILLS_MAX = 10_000;
/** Denials, alerts, gaps and log lines that are kept to be shown, each. */
export const MIRROR_NOTES_MAX = 10_000;

/** What a saved mirror looks like. */
export const MIRROR_STATE_VERSION = 1;

interface MirrorState {
  readonly sequence: number;
  readonly ts: number;
  readonly orders: readonly KeptOrderState[];
  readonly ended: readonly number[];
  /** Of fills, denials, alerts, gaps and log lines: how many there have been. */
  readonly counts: Readonly<Record<NoteList, number>>;
  readonly fills: readonly Fill[];
  readonly denials: readonly OrderDenied[];
  readonly alerts: readonly Alert[];
  readonly gaps: readonly DataGap[];
  readonly log: readonly LogLine[];
  readonly positions: readonly (readonly [key: string, position: PositionSnapshot])[];
  readonly markets: readonly MarketShelfState[];
  readonly accounts: readonly AccountShelfState[];
  /** By account: closed trades, and what is open of them. */
  readonly trades: readonly { readonly account: number; readonly trade: ClosedTradesState['trades'][number] }[];
  readonly openTrades: readonly ClosedTradesState['open'][];
  readonly strategies: readonly StrategyState[];
  readonly switches: readonly TradingSwitch[];
  readonly limits: RiskLimits;
}

type NoteList = 'fills' | 'denials' | 'alerts' | 'gaps' | 'log';

export interface MirrorOptions {
  readonly plan: SessionPlan;
  readonly mode: SessionMode;
  /** The session's time. */
  readonly now: () => number;
  /** By strategy of the plan. */
  readonly descriptorsOf: (strategy: number) => ParameterDescriptors;
}

/**
 * What the outside sees of a session: follows its outputs and the rows on their way to the core, and decides nothing. A session that is replayed from
 * its journal gives the same outputs again, and so the same mirror.
 */
export class SessionMirror implements View.SessionView, SessionListener, SessionFollower {
  readonly stateVersion = MIRROR_STATE_VERSION;
  readonly name: string;
  readonly mode: SessionMode;
  readonly instruments: readonly Instrument[];
  readonly currencies: ReadonlyMap<string, Currency>;
  phase: SessionPhase = 'RECOVERING';
  sequence = 0;
  ts: number;
  private readonly options: MirrorOptions;
  private readonly byId: ReadonlyMap<string, Instrument>;
  private readonly listeners = new Set<View.ViewListener>();
  private readonly orderShelf = new OrderShelf();
  private readonly markets: readonly MarketShelf[];
  private readonly accountShelves: readonly AccountShelf[];
  private readonly accountOf: readonly number[];
  private readonly fillList = new RecentList<Fill>(MIRROR_FILLS_MAX);
  private readonly denialList = new RecentList<OrderDenied>(MIRROR_NOTES_MAX);
  private readonly alertList = new RecentList<Alert>(MIRROR_NOTES_MAX);
  private readonly gapList = new RecentList<DataGap>(MIRROR_NOTES_MAX);
  private readonly logList = new RecentList<LogLine>(MIRROR_NOTES_MAX);
  /** By strategy, instrument and side: as many as there can be of each. */
  private readonly positionsHeld = new Map<string, PositionSnapshot>();
  private readonly strategyStates: StrategyState[];
  private switches: readonly TradingSwitch[] = [];
  private limitsInForce: RiskLimits;
  /** What was stored of an earlier process. */
  private switchesStored: readonly TradingSwitch[] | null = null;

  constructor(options: MirrorOptions) {
    const { plan, mode } = options;
    this.options = options;
    this.name = plan.name;
    this.mode = mode;
    this.ts = plan.startTs;
    this.limitsInForce = plan.limits;
    this.instruments = plan.instruments.map((instrument, index) => makeInstrument(instrument, index));
    this.byId = new Map(this.instruments.map((instrument) => [instrument.id, instrument]));
    this.currencies = currenciesOf(plan.accounts, this.instruments);
    this.markets = plan.kinds.map((kinds) => new MarketShelf(kinds.includes(BlockKind.TRADES)));
    this.accountShelves = plan.accounts.map((account, index) => new AccountShelf(index, account, plan.tradingFromTs));
    this.accountOf = this.instruments.map(({ venue }) => plan.accounts.findIndex((account) => account.venue === venue));
    this.strategyStates = plan.strategies.map(({ parameters }, strategy) => ({ strategy, status: 'STOPPED', parameters, reason: '' }));
  }

  onPhase(phase: SessionPhase): void {
    this.phase = phase;
    for (const listener of this.listeners) listener.onPhase(phase);
  }

  onRows(block: MarketBlock): void {
    this.markets[block.instrument]!.take(block);
    for (const listener of this.listeners) listener.onMarket(block.instrument);
  }

  onOutputs(outputs: readonly SessionOutput[]): void {
    for (const output of outputs) {
      this.take(output);
      for (const listener of this.listeners) listener.onOutput(output);
    }
  }

  saveState(): Readonly<Record<string, unknown>> {
    const { sequence, ts, orderShelf, accountShelves, markets } = this;
    const lists = Object.entries(this.noteLists()).map(([name, list]) => [name, list.saveState()] as const);
    const state = {
      sequence,
      ts,
      ...orderShelf.saveState(),
      counts: Object.fromEntries(lists.map(([name, { count }]) => [name, count])) as MirrorState['counts'],
      ...(Object.fromEntries(lists.map(([name, { items }]) => [name, items])) as Pick<MirrorState, NoteList>),
      positions: [...this.positionsHeld],
      markets: markets.map((market) => market.saveState()),
      accounts: accountShelves.map((shelf) => shelf.saveState()),
      trades: accountShelves.flatMap(({ trades }, account) => trades.trades.map((trade) => ({ account, trade }))),
      openTrades: accountShelves.map(({ trades }) => trades.saveState().open),
      strategies: [...this.strategyStates],
      switches: this.switches,
      limits: this.limitsInForce,
    } satisfies MirrorState;
    return state;
  }

  checkState(saved: Readonly<Record<string, unknown>>): void {
    new SessionMirror(this.options).loadState(saved);
  }

  /** Of a mirror of the same plan that has followed nothing. */
  loadState(saved: Readonly<Record<string, unknown>>): void {
    const state = saved as unknown as MirrorState;
    this.sequence = state.sequence;
    this.ts = state.ts;
    this.orderShelf.loadState(state);
    for (const [name, list] of Object.entries(this.noteLists()))
      (list as RecentList<unknown>).loadState({ count: state.counts[name as NoteList], items: state[name as NoteList] });
    for (const [key, position] of state.positions) this.positionsHeld.set(key, position);
    state.markets.forEach((market, instrument) => this.markets[instrument]!.loadState(market));
    state.accounts.forEach((shelf, account) => {
      this.accountShelves[account]!.loadState(shelf);
      const trades = state.trades.filter((each) => each.account === account).map(({ trade }) => trade);
      this.accountShelves[account]!.trades.loadState({ trades, open: state.openTrades[account]! });
    });
    state.strategies.forEach((strategy, index) => (this.strategyStates[index] = strategy));
    this.switches = state.switches;
    this.limitsInForce = state.limits;
  }

  listen(listener: View.ViewListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  now(): number {
    return this.options.now();
  }

  instrumentOf(id: string): Instrument | undefined {
    return this.byId.get(id);
  }

  order(id: number): View.OrderView | null {
    return this.orderShelf.get(id);
  }

  orders(filter: View.OrderFilter, page: View.PageRequest): ReturnType<View.SessionView['orders']> {
    return this.orderShelf.page(filter, page);
  }

  openOrders(): ReturnType<View.SessionView['openOrders']> {
    return this.orderShelf.openOrders();
  }

  fills(
    { instrument, strategy }: Pick<View.OrderFilter, 'instrument' | 'strategy'>,
    page: View.PageRequest,
  ): View.PageOf<View.Numbered<Fill>> {
    const matches = (fill: Fill): boolean =>
      (instrument === null || fill.instrument === instrument) && (strategy === null || fill.strategy === strategy);
    return this.fillList.page(page, matches);
  }

  positions(): readonly View.PositionView[] {
    return [...this.positionsHeld.values()].map((snapshot) => this.valued(snapshot));
  }

  accounts(): readonly View.AccountView[] {
    return this.accountShelves.map(({ view }) => view);
  }

  equityCurve(account: number): View.CurveView {
    return this.accountShelves[account]!.equityCurve;
  }

  metrics(account: number): View.MetricsView {
    return this.accountShelves[account]!.metrics();
  }

  strategies(): readonly View.StrategyView[] {
    const { plan, descriptorsOf } = this.options;
    const planned = plan.strategies.map(
      ({ name, source, instruments }, index): View.StrategyView => ({
        index,
        name,
        source: source.kind === 'shipped' ? source.name : source.entry,
        state: this.strategyStates[index]!,
        descriptors: descriptorsOf(index),
        instruments,
        isManual: false,
      }),
    );
    const index = planned.length;
    const state: StrategyState = { strategy: index, status: 'RUNNING', parameters: {}, reason: '' };
    const instruments = this.instruments.map((instrument) => instrument.index);
    return [...planned, { index, name: OPERATOR_NAME, source: OPERATOR_NAME, state, descriptors: {}, instruments, isManual: true }];
  }

  strategyNameOf(strategy: number): string | null {
    const { strategies } = this.options.plan;
    return strategies[strategy]?.name ?? (strategy === strategies.length ? OPERATOR_NAME : null);
  }

  /** While the journal is read again it is at an earlier time: what was stored is newer until it has come to its end. */
  tradingSwitches(): readonly TradingSwitch[] {
    return this.phase === 'RECOVERING' && this.switchesStored !== null ? this.switchesStored : this.switches;
  }

  /** What a database knows of an earlier process of this session: a kill switch must not look released while its journal is read again. */
  takeStoredSwitches(switches: readonly TradingSwitch[]): void {
    this.switchesStored = switches;
  }

  limits(): readonly View.LimitView[] {
    return limitViews(this.limitsInForce, this.options.plan, this);
  }

  scenarios(): ReturnType<View.SessionView['scenarios']> {
    return { shocksPpm: STRESS_SHOCKS_PPM, currencies: riskScenarios(this) };
  }

  denials(page: View.PageRequest): View.PageOf<View.Numbered<OrderDenied>> {
    return this.denialList.page(page);
  }

  alerts(page: View.PageRequest): View.PageOf<View.Numbered<Alert>> {
    return this.alertList.page(page);
  }

  gaps(page: View.PageRequest): View.PageOf<View.Numbered<DataGap>> {
    return this.gapList.page(page);
  }

  log(page: View.PageRequest): View.PageOf<View.Numbered<LogLine>> {
    return this.logList.page(page);
  }

  marketTs(instrument: InstrumentIndex): number | null {
    return this.markets[instrument]!.ts;
  }

  markPx(instrument: InstrumentIndex): Price | null {
    const { lastPx } = this.markets[instrument]!;
    return lastPx === 0 ? null : lastPx;
  }

  quote(instrument: InstrumentIndex): View.QuoteView | null {
    return this.markets[instrument]!.quote;
  }

  trades(instrument: InstrumentIndex, limit: number): readonly View.TradeView[] {
    return this.markets[instrument]!.trades(limit);
  }

  candles(instrument: InstrumentIndex, interval: View.CandleInterval, tsBefore: number, limit: number): readonly View.Candle[] {
    return this.markets[instrument]!.candlesBefore(interval, tsBefore, limit);
  }

  book(instrument: InstrumentIndex, levels: number): View.BookView | null {
    return this.markets[instrument]!.book(levels);
  }

  private noteLists(): Readonly<Record<NoteList, RecentList<unknown>>> {
    return { fills: this.fillList, denials: this.denialList, alerts: this.alertList, gaps: this.gapList, log: this.logList };
  }

  private take(output: SessionOutput): void {
    assert(output.sequence > this.sequence, `output ${output.sequence} comes after output ${this.sequence}`);
    this.sequence = output.sequence;
    this.ts = output.ts;
    for (const record of output.records) this.note(record);
    for (const order of output.orders) this.orderShelf.set(order);
    for (const position of output.positions)
      this.positionsHeld.set(`${position.strategy} ${position.instrument} ${position.positionSide}`, position);
    for (const balance of output.balances) this.accountShelves[balance.account]!.setBalance(balance);
    for (const sample of output.equity) this.accountShelves[sample.account]!.addEquity(sample);
    for (const state of output.strategies) this.strategyStates[state.strategy] = state;
    if (output.tradingSwitches !== undefined) this.switches = output.tradingSwitches;
    if (output.limits !== undefined) this.limitsInForce = output.limits;
  }

  private note(record: Recorded): void {
    switch (record.kind) {
      case 'Alert':
        return this.alertList.push(record);
      case 'LogLine':
        return this.logList.push(record);
      case 'DataGap':
        this.gapList.push(record);
        return this.logList.push(this.gapLine(record));
      case 'DividendPaid':
      case 'SplitEffective':
      case 'FundingApplied':
        return;
      case 'OrderFilled':
      case 'OrderPartiallyFilled':
        return this.noteFill(record);
      case 'OrderDenied':
        this.denialList.push(record);
        return this.orderShelf.note(record);
      case 'OrderInitialized':
      case 'OrderSubmitted':
      case 'OrderAccepted':
      case 'OrderRejected':
      case 'OrderTriggered':
      case 'OrderPendingCancel':
      case 'OrderPendingModify':
      case 'OrderModified':
      case 'ModifyRejected':
      case 'CancelRejected':
      case 'OrderCanceled':
      case 'OrderExpired':
        return this.orderShelf.note(record);
      default:
        return unreachable(record);
    }
  }

  /** What was missing is read among what strategies wrote: of the engine, which is no strategy. */
  private gapLine({ instrument, tsFrom, tsTo, tsInit }: DataGap): LogLine {
    const message = `${this.instruments[instrument]!.id}: no market data from ${instantText(tsFrom)} to ${instantText(tsTo)}`;
    return { kind: 'LogLine', strategy: -1, level: 'warn', message, tsInit };
  }

  private noteFill(fill: Fill): void {
    this.fillList.push(fill);
    this.orderShelf.note(fill);
    const account = this.accountShelves[this.accountOf[fill.instrument]!]!;
    const instrument = this.instruments[fill.instrument]!;
    // Profit in another currency is no profit of this account's statistics until somebody converts it.
    if (instrument.settlement.code === account.view.baseCurrency.code) account.trades.take(fill, instrument);
  }

  /** Exact, as the portfolio values it. */
  private valued(snapshot: PositionSnapshot): View.PositionView {
    const markPx = this.markPx(snapshot.instrument);
    if (markPx === null) return { snapshot, markPx, value: null, unrealizedPnl: null };
    const instrument = this.instruments[snapshot.instrument]!;
    const value = notionalValue(instrument, markPx, snapshot.quantity);
    const unrealizedPnl = instrument.isInverse ? snapshot.cost - value : value - snapshot.cost;
    return { snapshot, markPx, value, unrealizedPnl };
  }
}
