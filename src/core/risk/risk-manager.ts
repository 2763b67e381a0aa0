import { assert, unreachable } from '../../base/assert.ts';
import type { Instrument, InstrumentIndex, Price, Quantity } from '../../model/instrument.ts';
import { clientOrderIdText, OrderFlag, OrderType, Side, TimeInForce, type ClientOrderId, type OrderRequest } from '../../model/order.ts';
import { OrderStatus } from '../../model/order-status.ts';
import type { Effects } from '../effects.ts';
import type { OrderFilter, OrderManager } from '../orders/order-manager.ts';
import type { FillFault, FillFaultListener } from '../orders/report-reader.ts';
import { approveModify, approveOrder, type ApprovedModify, type ApprovedOrder } from './approval.ts';
import { Assessment, type AssessmentWorld } from './assessment.ts';
import { deny, type Denial } from './control.ts';
import { ControlPanel } from './controls/control-panel.ts';
import { LimitTable, type RiskLimits } from './limits.ts';
import type { FeeBounder, FeeEstimator, MarketDataView, PortfolioView } from './portfolio-view.ts';
import { scopeText, TradingStates } from './trading-state.ts';
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
}

const NO_REQUESTS: readonly OrderRequest[] = Object.freeze([]);

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
export class RiskManager implements FillFaultListener {
  readonly #instruments: readonly Instrument[];
  readonly #strategyCount: number;
  readonly #orders: OrderManager;
  readonly #portfolio: PortfolioView;
  readonly #effects: Effects;
  readonly #states = new TradingStates();
  readonly #assessment: Assessment;
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
    const world: AssessmentWorld = {
      instruments,
      strategyCount,
      table,
      portfolio,
      marketData,
      estimateFee,
      feeBound,
      states: this.#states,
    };
    this.#assessment = new Assessment(world, new LimitTable(options.limits, instruments, strategyCount));
    this.#controls = new ControlPanel(this.#assessment.limits);
    options.orders.setFaultListener(this);
  }

  /** Takes new limits; they count from the next decision on. What is open stays. */
  setLimits(limits: RiskLimits): void {
    this.#assessment.limits = new LimitTable(limits, this.#instruments, this.#strategyCount);
    this.#controls = new ControlPanel(this.#assessment.limits);
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
    return approveOrder(this.#controls, this.#assessment);
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
    return approveModify(this.#controls, this.#assessment);
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

  #alert(code: 'TRADING_STATE_CHANGED' | 'KILL_SWITCH_ON' | 'KILL_SWITCH_OFF', message: string, tsInit: number): void {
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
