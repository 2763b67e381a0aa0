import { BILLION } from '../../base/decimal.ts';
import type { Code } from '../../model/codes/catalogue.ts';
import type { Money } from '../../model/currency.ts';
import type { Instrument, InstrumentIndex, Price, Quantity } from '../../model/instrument.ts';
import { type ClientOrderId, OrderFlag, type OrderRequest, OrderType, Side, TimeInForce } from '../../model/order.ts';
import type { MarketDataManager } from '../market-data/market-data-manager.ts';
import type { DenialText } from '../orders/denial-text.ts';
import type { OrderManager } from '../orders/order-manager.ts';
import {
  isFactor,
  problemWithChange,
  problemWithOrderOptions,
  problemWithTargetOptions,
  readableOptions,
  TIMES_IN_FORCE,
} from '../orders/order-options.ts';
import { targetQuantityForWeight } from '../orders/sizing.ts';
import { ApprovedOrder } from '../risk/approval.ts';
import type { RiskManager } from '../risk/risk-manager.ts';
import type { OrderChange, OrderDraft, OrderOptions, TargetDraft, TargetOptions } from '../strategy/strategy.ts';
import { StrategyMistake } from '../strategy/strategy-mistake.ts';
import { exactCount } from './exact-input.ts';

const ORDER_TYPES = { MARKET: OrderType.MARKET, LIMIT: OrderType.LIMIT, STOP: OrderType.STOP, STOP_LIMIT: OrderType.STOP_LIMIT } as const;
const NO_PRICES: OrderPrices = Object.freeze({ limitPrice: 0, stopPrice: 0 });
/** Largest |weight|: a thousand times the equity, far beyond what any margin rule lets through, so that the arithmetic stays exact. */
export const WEIGHT_MAX = 1000;
const QUANTITY_MAX_FACTOR_DEFAULT = 1.5;

/** 0 where an order type has none. */
interface OrderPrices {
  readonly limitPrice: Price;
  readonly stopPrice: Price;
}

/** What order entry needs to know of the rest of the core. */
interface OrderEntrySources {
  readonly instruments: readonly Instrument[];
  readonly orders: OrderManager;
  readonly risk: RiskManager;
  readonly marketData: MarketDataManager;
  alert(code: Code, message: string, ts: number): void;
  /** Signed, of this strategy. */
  position(strategy: number, instrument: InstrumentIndex): Quantity;
  /** 0 where none is known yet. */
  lastPrice(instrument: InstrumentIndex): Price;
  /** Equity of the instrument's account in the instrument's settlement money; null where a rate is missing. */
  equityInSettlement(instrument: Instrument): Money | null;
  estimateFee(instrument: Instrument, side: Side, quantity: Quantity, price: Price): Money;
  /** Share of equity that weights leave aside, in parts per billion (run file: accounts.weightBuffer). */
  weightBufferPpb(instrument: InstrumentIndex): number;
}

/**
 * The door through which strategies ask for orders: reads decimals exactly, works out target quantities, and takes every order to the
 * risk manager. What cannot be read or is refused is born and denied, so that each asking leaves a record.
 */
export class OrderEntry {
  private readonly sources: OrderEntrySources;

  constructor(sources: OrderEntrySources) {
    this.sources = sources;
  }

  submit(strategy: number, draft: OrderDraft, now: number, denyWith: DenialText | null): ClientOrderId {
    const instrument = this.instrument(draft.instrument);
    const quantity = exactCount(draft.quantity, instrument.quantityDecimals);
    const limitPrice = draft.limitPrice === undefined ? 0 : exactCount(draft.limitPrice, instrument.priceDecimals);
    const stopPrice = draft.stopPrice === undefined ? 0 : exactCount(draft.stopPrice, instrument.priceDecimals);
    const problem =
      denyWith ?? unreadable(instrument, draft, quantity, limitPrice, stopPrice) ?? problemWithOrderOptions(draft.options, draft.orderType);
    const orderQty = orZero(quantity);
    // A side that is none is denied below; the record needs one all the same.
    const side = Object.hasOwn(Side, draft.side) ? Side[draft.side] : Side.BUY;
    const prices = { limitPrice: orZero(limitPrice), stopPrice: orZero(stopPrice) };
    const request = orderRequest(
      strategy,
      instrument,
      side,
      ORDER_TYPES[draft.orderType],
      orderQty,
      prices,
      0,
      0,
      readableOptions(draft.options),
    );
    return this.place(request, orderQty, now, problem);
  }

  /** @returns the order, or 0 where nothing is to be done */
  target(strategy: number, draft: TargetDraft, now: number, denyWith: DenialText | null): ClientOrderId {
    const instrument = this.instrument(draft.instrument);
    const held = this.sources.position(strategy, draft.instrument);
    const expected = held + this.openMarketQty(strategy, draft.instrument);
    const { goal } = draft;
    const options = readableOptions(draft.options);
    if (goal.kind === 'flat') return this.flatten(strategy, instrument, expected, draft.options, now, denyWith);
    const wanted =
      goal.kind === 'weight'
        ? this.quantityOfWeight(instrument, goal.weight, expected)
        : exactCount(goal.quantity, instrument.quantityDecimals);
    const readable = orZero(wanted);
    const unknown = Number.isNaN(wanted) ? this.targetProblem(instrument, goal) : null;
    const problem = denyWith ?? unknown ?? problemWithTargetOptions(draft.options);
    const change = readable - expected;
    if (change === 0 && problem === null) return 0;
    const side = change >= 0 ? Side.BUY : Side.SELL;
    const decisionQty = Math.abs(change);
    if (goal.kind !== 'weight' || options.sizeAt !== 'fill') {
      const request = orderRequest(strategy, instrument, side, OrderType.MARKET, decisionQty, NO_PRICES, 0, 0, options);
      return this.place(request, decisionQty, now, problem);
    }
    const maximum = statedMaximum(
      instrument,
      decisionQty,
      isFactor(options.quantityMaxFactor) ? options.quantityMaxFactor : QUANTITY_MAX_FACTOR_DEFAULT,
    );
    const weightPpb = weightParts(goal.weight);
    const flags = OrderFlag.SIZE_AT_FILL;
    const request = orderRequest(strategy, instrument, side, OrderType.MARKET, maximum, NO_PRICES, weightPpb, flags, options);
    // What is sized at the fill is sized to fit the balance of that moment and judged then; now only its stated maximum is.
    return this.place(request, 0, now, problem);
  }

  /**
   * The quantity of a SIZE_AT_FILL order in the step of its fill: what the weight asks for at this price and equity (nothing for one that
   * flattens), less what is held, no more than the stated maximum; 0 where the order has nothing to do any more, or risk refuses now.
   */
  quantityAtFill(id: ClientOrderId, price: Price, now: number): Quantity {
    const { orders, risk } = this.sources;
    const order = orders.table.request(id);
    const instrument = this.instrument(order.instrument);
    const held = this.sources.position(order.strategy, order.instrument);
    const isFlatten = (order.flags & OrderFlag.FLATTEN) !== 0;
    const wanted = isFlatten ? 0 : this.quantityOfWeightParts(instrument, order.targetWeightPpb, held, price);
    if (Number.isNaN(wanted)) return 0;
    const quantity = Math.min((wanted - held) * order.side, order.orderQty);
    if (quantity <= 0) return 0;
    return risk.recheckAtFill(id, quantity, price, now) === null ? quantity : 0;
  }

  modify(id: ClientOrderId, change: OrderChange, now: number): void {
    const { orders, risk } = this.sources;
    const problem = problemWithChange(change);
    if (problem !== null) {
      orders.denyModify(id, problem.code, problem.reason, now);
      return;
    }
    const order = orders.table.request(id);
    const instrument = this.instrument(order.instrument);
    const quantity = change.quantity === undefined ? order.orderQty : exactCount(change.quantity, instrument.quantityDecimals);
    const limitPrice = change.limitPrice === undefined ? order.limitPrice : exactCount(change.limitPrice, instrument.priceDecimals);
    const stopPrice = change.stopPrice === undefined ? order.stopPrice : exactCount(change.stopPrice, instrument.priceDecimals);
    if (Number.isNaN(quantity) || Number.isNaN(limitPrice) || Number.isNaN(stopPrice)) {
      const code = Number.isNaN(quantity) ? 'QUANTITY_PRECISION' : 'PRICE_PRECISION';
      orders.denyModify(id, code, `${JSON.stringify(change)} has no exact value in ${instrument.id}`, now);
      return;
    }
    const verdict = risk.assessModify(id, { orderQty: quantity, limitPrice, stopPrice }, now);
    if ('code' in verdict) orders.denyModify(id, verdict.code, verdict.reason, now);
    else orders.requestModify(verdict, now);
  }

  private flatten(
    strategy: number,
    instrument: Instrument,
    expected: Quantity,
    options: TargetOptions,
    now: number,
    denyWith: DenialText | null,
  ): ClientOrderId {
    if (expected === 0) return 0;
    const side = expected > 0 ? Side.SELL : Side.BUY;
    // Sized in the step of the fill to what the strategy holds then: never more, whatever else is open, and whatever others hold.
    const flags = OrderFlag.FLATTEN | OrderFlag.SIZE_AT_FILL;
    const quantity = Math.abs(expected);
    const request = orderRequest(strategy, instrument, side, OrderType.MARKET, quantity, NO_PRICES, 0, flags, readableOptions(options));
    return this.place(request, 0, now, denyWith ?? problemWithTargetOptions(options));
  }

  /** Takes a request to risk, and on to the order manager, or denies it. */
  place(request: OrderRequest, decisionQty: Quantity, now: number, problem: DenialText | null): ClientOrderId {
    const { orders, risk } = this.sources;
    const id = orders.create(request, now);
    this.noteAge(request.instrument, now);
    const verdict = problem ?? this.expired(request.instrument, now) ?? risk.assess(id, now, decisionQty);
    if (verdict instanceof ApprovedOrder) orders.submit(verdict, now);
    else orders.deny(id, verdict.code, verdict.reason, now);
    return id;
  }

  private expired(index: InstrumentIndex, now: number): DenialText | null {
    const { id, expiryTs } = this.instrument(index);
    return expiryTs === null || now < expiryTs ? null : { code: 'INSTRUMENT_EXPIRED', reason: `${id} has expired` };
  }

  /** An order that was decided on old data is counted, and alerted the first time in each instrument. */
  private noteAge(index: InstrumentIndex, now: number): void {
    const { marketData, alert } = this.sources;
    if (!marketData.noteDecision(index, now) || marketData.staleDecisions(index) > 1) return;
    alert('MARKET_DATA_STALE', `${this.instrument(index).id}: an order was decided on market data older than marketData.ageMax`, now);
  }

  /** What open market orders will still change the strategy's position by, signed. */
  private openMarketQty(strategy: number, instrument: InstrumentIndex): Quantity {
    const { table } = this.sources.orders;
    let sum = 0;
    for (let id = table.firstOpen(instrument); id !== 0; id = table.nextOpen(id)) {
      if (table.strategy[id] === strategy && table.orderType[id] === OrderType.MARKET) sum += table.side[id]! * table.reservedSizedQty(id);
    }
    return sum;
  }

  private quantityOfWeight(instrument: Instrument, weight: number, positionQty: Quantity): Quantity {
    if (!isWeight(weight)) return Number.NaN;
    return this.quantityOfWeightParts(instrument, weightParts(weight), positionQty, this.sources.lastPrice(instrument.index));
  }

  /** The signed quantity whose value and fee fit `weightPpb` of equity at `price`; NaN where price or a rate is unknown. */
  private quantityOfWeightParts(instrument: Instrument, weightPpb: number, positionQty: Quantity, price: Price): Quantity {
    if (weightPpb === 0) return 0;
    const equity = this.sources.equityInSettlement(instrument);
    if (price <= 0 || equity === null) return Number.NaN;
    return targetQuantityForWeight({
      instrument,
      price,
      equity,
      weightPpb,
      positionQty,
      bufferPpb: this.sources.weightBufferPpb(instrument.index),
      feeOfOrder: (quantity, side) => this.sources.estimateFee(instrument, side, quantity, price),
    });
  }

  /** Why a target could not be worked out to a quantity. */
  private targetProblem(instrument: Instrument, goal: TargetDraft['goal']): DenialText {
    const { id } = instrument;
    if (goal.kind !== 'weight' || !isWeight(goal.weight)) {
      const value = goal.kind === 'weight' ? goal.weight : goal.kind === 'position' ? goal.quantity : 0;
      return { code: 'QUANTITY_PRECISION', reason: `target ${String(value)} of ${id} has no exact value` };
    }
    const target = `target weight ${goal.weight} of ${id} cannot be worked out`;
    if (this.sources.lastPrice(instrument.index) <= 0) return { code: 'REFERENCE_PRICE_MISSING', reason: `${target}: no price yet` };
    const reason = `${target}: the equity of its account cannot be stated in ${instrument.settlement.code}, a rate or a price is missing`;
    return { code: 'CURRENCY_RATE_MISSING', reason };
  }

  private instrument(index: InstrumentIndex): Instrument {
    const instrument = this.sources.instruments[index];
    if (instrument === undefined) throw new StrategyMistake('STRATEGY_MISTAKE', `no instrument ${index} in this run`);
    return instrument;
  }
}

/** Hot: one literal with every field, in the order of {@link OrderRequest}, so that all requests have one layout. */
function orderRequest(
  strategy: number,
  instrument: Instrument,
  side: Side,
  orderType: OrderType,
  orderQty: Quantity,
  prices: OrderPrices,
  targetWeightPpb: number,
  flags: number,
  options: OrderOptions,
): OrderRequest {
  const { timeInForce, expireAt, postOnly, reduceOnly, tag } = options;
  return {
    strategy,
    instrument: instrument.index,
    side,
    orderType,
    timeInForce: timeInForce === undefined || !Object.hasOwn(TIMES_IN_FORCE, timeInForce) ? TimeInForce.GTC : TIMES_IN_FORCE[timeInForce],
    orderQty,
    limitPrice: prices.limitPrice,
    stopPrice: prices.stopPrice,
    expireTs: expireAt === undefined ? 0 : orZero(expireAt ?? 0),
    flags: flags | (postOnly === true ? OrderFlag.POST_ONLY : 0) | (reduceOnly === true ? OrderFlag.REDUCE_ONLY : 0),
    targetWeightPpb,
    tag: typeof tag === 'string' ? tag : '',
  };
}

function unreadable(instrument: Instrument, draft: OrderDraft, quantity: number, limitPrice: number, stopPrice: number): DenialText | null {
  // Strategies are bundled without a type check, so a wrong word gets here.
  if (!Object.hasOwn(Side, draft.side)) return { code: 'ORDER_INVALID', reason: `side is BUY or SELL, not ${String(draft.side)}` };
  if (Number.isNaN(quantity)) {
    return {
      code: 'QUANTITY_PRECISION',
      reason: `quantity ${draft.quantity} has no exact value in ${instrument.id} (${instrument.quantityDecimals} decimals); use roundQuantity`,
    };
  }
  const price = Number.isNaN(limitPrice) ? draft.limitPrice : Number.isNaN(stopPrice) ? draft.stopPrice : null;
  if (price !== null) {
    return {
      code: 'PRICE_PRECISION',
      reason: `price ${String(price)} has no exact value in ${instrument.id} (${instrument.priceDecimals} decimals); use roundPrice`,
    };
  }
  return null;
}

function isWeight(weight: number): boolean {
  return Number.isFinite(weight) && Math.abs(weight) <= WEIGHT_MAX;
}

function weightParts(weight: number): number {
  return Math.round(weight * BILLION);
}

function statedMaximum(instrument: Instrument, decisionQty: Quantity, factor: number): Quantity {
  // 100 × 1.1 is 110.00000000000001 as a double, and that is 110 lots.
  const lots = Math.ceil(((decisionQty * factor) / instrument.lotSize) * (1 - Number.EPSILON * 4));
  return Math.max(lots, 1) * instrument.lotSize;
}

function orZero(count: number): number {
  return Number.isNaN(count) ? 0 : count;
}
