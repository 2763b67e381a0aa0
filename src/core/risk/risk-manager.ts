import { assert, unreachable } from '../../base/assert.ts';
import type { Instrument, InstrumentIndex, Price, Quantity } from '../../model/instrument.ts';
import { clientOrderIdText, OrderFlag, OrderType, Side, TimeInForce, type ClientOrderId, type OrderRequest } from '../../model/order.ts';
import { isOpenStatus, OrderStatus } from '../../model/order-status.ts';
import type { TradingCalendar } from '../../model/calendar.ts';
import { MARKET_PHASE_NAMES, type MarketPhase } from '../../model/market-phase.ts';
import type { Effects } from '../effects.ts';
import type { CancelGate, CancelListener, OrderFilter, OrderManager } from '../orders/order-manager.ts';
import type { FillFault, FillFaultListener } from '../orders/report-reader.ts';
import { approveModify, approveOrder, type ApprovedModify, type ApprovedOrder } from './approval.ts';
import { Assessment, type AssessmentWorld } from './assessment.ts';
import { deny, type Denial } from './control.ts';
import { ControlPanel } from './controls/control-panel.ts';
import { cancelRateDenial } from './controls/message-rate.ts';
import { LimitTable, ON_LOSS_DEFAULT, type RiskLimits } from './limits.ts';
import type { LossBreach, LossMeter } from './loss-meter.ts';
import { type LossKind, type LossListener, LossWatch, type LossWatchState } from './loss-watch.ts';
import { MarketHours, type MarketHoursState } from './market-hours.ts';
import { MessageRates, type MessageRatesState } from './message-rates.ts';
import type { FeeBounder, FeeEstimator, MarketDataView, PortfolioView } from './portfolio-view.ts';
import { scopeText, TradingStates, type TradingStatesState } from './trading-state.ts';
import { TRADING_STATE_NAMES, TradingState, type TradingScope, type TradingSwitch } from '../../model/trading-state.ts';

interface RiskManagerOptions {
  readonly instruments: readonly Instrument[];
  readonly strategyCount: number;
  readonly orders: OrderManager;
  readonly portfolio: PortfolioView;
  readonly marketData: MarketDataView;
  readonly estimateFee: FeeEstimator;
  readonly feeBound?: FeeBounder | undefined;
  readonly effects: Effects;
  readonly limits: RiskLimits;
  /** By instrument; null, or left out, for a market that never closes. */
  readonly calendars?: readonly (TradingCalendar | null)[];
}

type RiskAlertCode =
  | 'TRADING_STATE_CHANGED'
  | 'KILL_SWITCH_ON'
  | 'KILL_SWITCH_OFF'
  | 'MARKET_PHASE_CHANGED'
  | 'RISK_LIMIT_CHANGED'
  | 'DAILY_LOSS_LIMIT'
  | 'DRAWDOWN_LIMIT';

const NO_REQUESTS: readonly OrderRequest[] = Object.freeze([]);

export interface RiskManagerState {
  /** As set last. */
  readonly limits: RiskLimits;
  readonly states: TradingStatesState;
  readonly rates: MessageRatesState;
  readonly hours: MarketHoursState;
  readonly losses: LossWatchState;
}

/** New values for an open order; they stand for the whole order, filled part included. */
export interface OrderChange {
  readonly orderQty: Quantity;
  readonly limitPrice: Price;
  readonly stopPrice: Price;
}

/**
 * The gate between a wish and a venue: what it does not approve does not leave.
 *
 * It keeps no sums of its own. Every decision reads positions and open orders as they are in that step, so a fill counts at once.
 */
export class RiskManager implements FillFaultListener, LossListener, CancelGate, CancelListener {
  /** What was lost, and when it wants to be looked at. */
  readonly losses: LossWatch;
  readonly #instruments: readonly Instrument[];
  readonly #strategyCount: number;
  readonly #orders: OrderManager;
  readonly #portfolio: PortfolioView;
  readonly #effects: Effects;
  readonly #states = new TradingStates();
  readonly #rates: MessageRates;
  readonly #hours: MarketHours;
  readonly #assessment: Assessment;
  /** What {@link Assessment.limits} was made of. */
  #limits: RiskLimits;
  /** Asks those that have something to judge under the limits as they are. */
  #controls: ControlPanel;

  constructor(options: RiskManagerOptions) {
    this.#instruments = options.instruments;
    this.#strategyCount = options.strategyCount;
    this.#orders = options.orders;
    this.#portfolio = options.portfolio;
    this.#effects = options.effects;
    assert(options.instruments.length > 0, 'a run has an instrument');
    const { instruments, strategyCount, portfolio, marketData, estimateFee, feeBound = unbounded } = options;
    const { table } = options.orders;
    const calendars = options.calendars ?? instruments.map(() => null);
    const limits = new LimitTable(options.limits, instruments, strategyCount);
    this.#hours = new MarketHours(instruments, calendars);
    this.#rates = new MessageRates(limits, instruments, (id) => isOpenStatus(options.orders.status(id)));
    this.losses = new LossWatch({ instruments, calendars, strategyCount, portfolio, listener: this }, limits, options.limits.day);
    const world: AssessmentWorld = {
      instruments,
      strategyCount,
      table,
      portfolio,
      marketData,
      estimateFee,
      feeBound,
      states: this.#states,
      rates: this.#rates,
      hours: this.#hours,
      losses: this.losses,
    };
    this.#limits = options.limits;
    this.#assessment = new Assessment(world, limits);
    this.#controls = new ControlPanel(limits);
    options.orders.setFaultListener(this);
    options.orders.setCancelListener(this.#rates.isCounting ? this : null);
  }

  /** As set last. */
  get limits(): RiskLimits {
    return this.#limits;
  }

  /** Takes new limits; they count from the next decision on. What is open stays, and what was counted goes on counting. */
  setLimits(limits: RiskLimits): void {
    const table = new LimitTable(limits, this.#instruments, this.#strategyCount);
    this.#limits = limits;
    this.#assessment.limits = table;
    this.#controls = new ControlPanel(table);
    this.#rates.setLimits(table);
    this.losses.setLimits(table, limits.day);
    this.#orders.setCancelListener(this.#rates.isCounting ? this : null);
  }

  /** A person changes limits while the run goes on. @param what which, from what to what, for the record */
  changeLimits(limits: RiskLimits, what: string, ts: number): void {
    this.setLimits(limits);
    this.losses.begin(ts);
    this.#alert('RISK_LIMIT_CHANGED', what, ts);
    this.losses.look(ts);
  }

  /**
   * Judges an order that was created and not sent yet.
   *
   * @param decisionQty SIZE_AT_FILL: quantity sized at the decision price, which the balance must bear; the order's own where left out
   */
  assess(id: ClientOrderId, ts: number, decisionQty?: Quantity): ApprovedOrder | Denial {
    const { table } = this.#orders;
    if (!table.has(id)) assert(false, `order ${id} does not exist`);
    const orderQty = table.orderQty[id]!;
    this.#assessment.loadNew(id, decisionQty ?? orderQty, ts);
    const verdict = approveOrder(this.#controls, this.#assessment);
    if (this.#rates.isCounting && !('kind' in verdict)) this.#rates.note('NEW', this.#assessment.strategy, this.#assessment.instrument, ts);
    return verdict;
  }

  /** Judges new values for an open order: the larger of old and new counts until the venue has answered (S-30). */
  assessModify(id: ClientOrderId, change: OrderChange, ts: number): ApprovedModify | Denial {
    const { table } = this.#orders;
    assert(table.has(id), `order ${id} does not exist`);
    const status = table.status[id] as OrderStatus;
    const isBusy = status === OrderStatus.PENDING_CANCEL || status === OrderStatus.UNKNOWN || table.pendingQty[id]! > 0;
    if (isBusy) return deny('C-10', 'ORDER_NOT_MODIFIABLE', `${clientOrderIdText(id)} waits for an answer of the venue.`);
    if ((table.flags[id]! & OrderFlag.SIZE_AT_FILL) !== 0) {
      return deny('C-10', 'ORDER_NOT_MODIFIABLE', `${clientOrderIdText(id)} decides its quantity at the fill.`);
    }
    this.#assessment.loadModify(id, change.orderQty, change.limitPrice, change.stopPrice, ts);
    const verdict = approveModify(this.#controls, this.#assessment);
    if (this.#rates.isCounting && !('kind' in verdict))
      this.#rates.note('MODIFY', this.#assessment.strategy, this.#assessment.instrument, ts);
    return verdict;
  }

  /** Whether a strategy may ask the venue to cancel (C-07); null where it may. The first cancel of an order always goes. */
  refuseCancel(id: ClientOrderId, ts: number): Denial | null {
    if (!this.#rates.isCounting || this.#rates.wasAsked(id) === false) return null;
    const { table } = this.#orders;
    return cancelRateDenial(this.#rates, table.strategy[id]!, this.#instruments[table.instrument[id]!]!, ts);
  }

  onCancelSent(id: ClientOrderId, ts: number): void {
    const { table } = this.#orders;
    this.#rates.noteCancel(id, table.strategy[id]!, this.#instruments[table.instrument[id]!]!, ts);
  }

  /**
   * Judges the quantity that a SIZE_AT_FILL order decides in the step of its fill, all controls again.
   *
   * @param orderQty the order's whole quantity from now on
   * @param price price of the fill, which the instrument is valued at
   * @returns null where it may fill
   */
  recheckAtFill(id: ClientOrderId, orderQty: Quantity, price: Price, ts: number): Denial | null {
    assert(this.#orders.table.has(id), `order ${id} does not exist`);
    assert(price !== 0, `${clientOrderIdText(id)}: a fill has a price`);
    this.#assessment.loadFill(id, orderQty, price, ts);
    return this.#controls.judge(this.#assessment);
  }

  /** Position with everything that may still be bought: the worst long, in counts. */
  worstLongQty(instrument: InstrumentIndex): Quantity {
    return this.#portfolio.netQty(instrument) + this.#orders.openBuyQty(instrument);
  }

  /** Everything that may still be sold less the position: the worst short, as a positive number. */
  worstShortQty(instrument: InstrumentIndex): Quantity {
    return this.#orders.openSellQty(instrument) - this.#portfolio.netQty(instrument);
  }

  tradingState(scope: TradingScope): TradingState {
    return this.#states.stateOf(scope);
  }

  /** Scopes that do not trade freely. Another list whenever something has changed. */
  get tradingSwitches(): readonly TradingSwitch[] {
    return this.#states.switches;
  }

  /** Sets a trading state (C-26). False where the kill switch holds the scope: only {@link release} ends that. */
  setTradingState(scope: TradingScope, state: TradingState, reason: string, ts: number): boolean {
    if (!this.#switch(scope, state, reason, ts)) return false;
    this.losses.noteByHand(scope, state === TradingState.ACTIVE);
    return true;
  }

  #switch(scope: TradingScope, state: TradingState, reason: string, ts: number): boolean {
    if (!this.#states.set(scope, state)) return false;
    this.#alert('TRADING_STATE_CHANGED', `${scopeText(scope, this.#instruments)} is ${TRADING_STATE_NAMES[state]}: ${reason}`, ts);
    return true;
  }

  /**
   * Throws the kill switch (C-25): no order and no modify leaves the scope any more, and every open order in it is canceled.
   * With `flatten`, orders flagged FLATTEN still pass; {@link flattenRequests} proposes them.
   *
   * @returns how many cancels were sent; orders with a cancel under way are not asked again
   */
  kill(scope: TradingScope, options: { readonly flatten: boolean; readonly reason: string }, ts: number): number {
    this.#states.kill(scope, options.flatten);
    const where = scopeText(scope, this.#instruments);
    this.#alert('KILL_SWITCH_ON', `${where}, ${options.flatten ? 'flattening' : 'positions kept'}: ${options.reason}`, ts);
    return this.#orders.cancelAll(filterOf(scope), ts);
  }

  /** Ends a kill by hand. False where there was none. */
  release(scope: TradingScope, reason: string, ts: number): boolean {
    if (!this.#states.release(scope)) return false;
    this.#alert('KILL_SWITCH_OFF', `${scopeText(scope, this.#instruments)}: ${reason}`, ts);
    return true;
  }

  isKilled(scope: TradingScope): boolean {
    return this.#states.isKilled(scope);
  }

  /**
   * Orders that would close the positions of killed scopes that are to be flattened, less what open orders on the same side may still do.
   * Ask after the kill and again after every report in the scope until none comes: what a canceled order frees is proposed then.
   */
  flattenRequests(): readonly OrderRequest[] {
    if (!this.#states.isFlattening) return NO_REQUESTS;
    const requests: OrderRequest[] = [];
    for (const instrument of this.#instruments) {
      for (let strategy = 0; strategy < this.#strategyCount; strategy += 1) {
        if (!this.#states.wantsFlattening(strategy, instrument)) continue;
        const request = this.#flattenRequest(strategy, instrument);
        if (request !== null) requests.push(request);
      }
    }
    return requests;
  }

  /** Pauses what caused a fill that should not have been: the strategy may only reduce; after an overfill so may all in the instrument. */
  onFillFault(fault: FillFault): void {
    const order = clientOrderIdText(fault.clientOrderId);
    this.#pause({ kind: 'STRATEGY', strategy: fault.strategy }, `${fault.kind} of ${order}`, fault.tsInit);
    if (fault.kind !== 'OVERFILL') return;
    this.#pause({ kind: 'INSTRUMENT', instrument: fault.instrument }, `${fault.kind} of ${order}`, fault.tsInit);
  }

  marketPhase(instrument: InstrumentIndex): MarketPhase {
    return this.#hours.phase(instrument);
  }

  /** The venue says what it does with an instrument (C-20). */
  setMarketPhase(instrument: InstrumentIndex, phase: MarketPhase, reason: string, ts: number): void {
    if (this.#hours.phase(instrument) === phase) return;
    this.#hours.setPhase(instrument, phase);
    this.#alert('MARKET_PHASE_CHANGED', `${this.#instruments[instrument]!.id} is ${MARKET_PHASE_NAMES[phase]}: ${reason}`, ts);
  }

  /** A loss is above its limit: the scope trades no more than the limits say, until its day ends (C-22) or a person lets it (C-23). */
  onBreach(kind: LossKind, meter: LossMeter, { limit, observed, unit }: LossBreach, ts: number): void {
    // A copy: what is switched is listed by itself.
    const scope = { ...meter.source.scope };
    const { state: name, openOrders } = this.#limits.onLoss ?? ON_LOSS_DEFAULT;
    const state = TradingState[name];
    const what = kind === 'DAY' ? 'daily loss' : 'drawdown';
    const where = scopeText(scope, this.#instruments);
    const figures = `Limit ${limit} ${unit}, observed ${observed} ${unit}.`;
    this.#alert(kind === 'DAY' ? 'DAILY_LOSS_LIMIT' : 'DRAWDOWN_LIMIT', `The ${what} of ${where} is above its limit. ${figures}`, ts);
    const isStricter = state > this.#states.stateOf(scope);
    const isSet = isStricter && this.#switch(scope, state, `${what} above its limit`, ts);
    if (kind === 'DRAWDOWN') meter.isStateOfDay = false;
    else if (isSet) meter.isStateOfDay = true;
    if (openOrders === 'KEEP') return;
    this.#orders.cancelAll({ ...filterOf(scope), ...(state === TradingState.REDUCING ? { keepsReducing: true } : {}) }, ts);
  }

  onDayEnd({ source: { scope } }: LossMeter, ts: number): void {
    this.#switch(scope, TradingState.ACTIVE, 'the day of the daily loss is over', ts);
  }

  saveState(): RiskManagerState {
    return {
      limits: this.#limits,
      states: this.#states.saveState(),
      rates: this.#rates.saveState(),
      hours: this.#hours.saveState(),
      losses: this.losses.saveState(),
    };
  }

  /** After orders and portfolio. */
  loadState({ limits, states, rates, hours, losses }: RiskManagerState): void {
    this.setLimits(limits);
    this.#states.loadState(states);
    this.#rates.loadState(rates);
    this.#hours.loadState(hours);
    this.losses.loadState(losses);
  }

  #pause(scope: TradingScope, reason: string, ts: number): void {
    if (this.#states.stateOf(scope) === TradingState.ACTIVE) this.setTradingState(scope, TradingState.REDUCING, reason, ts);
  }

  #flattenRequest(strategy: number, instrument: Instrument): OrderRequest | null {
    const { table } = this.#orders;
    const { index } = instrument;
    const position = this.#portfolio.strategyQty(strategy, index);
    const net = this.#portfolio.netQty(index);
    const underWay = position > 0 ? table.openSellQtyOf(strategy, index) : table.openBuyQtyOf(strategy, index);
    // What strategies hold against each other is no position of the account: an order for it would open what another has to close again.
    const closable = position > 0 ? net - this.#orders.openSellQty(index) : -net - this.#orders.openBuyQty(index);
    const orderQty = Math.min(Math.abs(position) - underWay, closable);
    if (orderQty <= 0) return null;
    return {
      strategy,
      instrument: instrument.index,
      side: position > 0 ? Side.SELL : Side.BUY,
      orderType: OrderType.MARKET,
      timeInForce: TimeInForce.GTC,
      orderQty,
      limitPrice: 0,
      stopPrice: 0,
      expireTs: 0,
      flags: OrderFlag.FLATTEN | OrderFlag.SIZE_AT_FILL,
      targetWeightPpb: 0,
      tag: 'kill switch',
    };
  }

  #alert(code: RiskAlertCode, message: string, tsInit: number): void {
    this.#effects.record({ kind: 'Alert', code, message, tsInit });
  }
}

/** The open orders that a scope covers. */
function filterOf(scope: TradingScope): OrderFilter {
  switch (scope.kind) {
    case 'FIRM':
      return {};
    case 'ACCOUNT':
      return { venue: scope.venue };
    case 'STRATEGY':
      return { strategy: scope.strategy };
    case 'INSTRUMENT':
      return { instrument: scope.instrument };
    default:
      return unreachable(scope);
  }
}

/** Says nothing. */
function unbounded(): number {
  return Number.NaN;
}
