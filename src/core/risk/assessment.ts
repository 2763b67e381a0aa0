import { bigOf } from '../../base/exact-integer.ts';
import type { Currency, Money } from '../../model/currency.ts';
import type { Instrument, InstrumentIndex, Price, Quantity } from '../../model/instrument.ts';
import { OrderFlag, OrderType, Side, type ClientOrderId, type TimeInForce } from '../../model/order.ts';
import { notionalValue } from '../../model/valuation.ts';
import type { OrderTable } from '../orders/order-table.ts';
import type { MarginQuestion } from '../portfolio/margin-gauge.ts';
import type { LimitTable } from './limits.ts';
import type { LossWatch } from './loss-watch.ts';
import type { MarketHours } from './market-hours.ts';
import type { MessageRates } from './message-rates.ts';
import type { FeeBounder, FeeEstimator, MarketDataView, PortfolioView } from './portfolio-view.ts';
import type { TradingStates } from './trading-state.ts';

/** What is judged: a new order, new values for an open one, or the quantity that an order decides at its fill. */
type AssessmentMode = 'NEW' | 'MODIFY' | 'FILL';

/** Why a value could not be computed. */
type MissingInput = { readonly code: 'REFERENCE_PRICE_MISSING' | 'CURRENCY_RATE_MISSING'; readonly reason: string };

/** Everything outside the order that controls read. */
export interface AssessmentWorld {
  readonly instruments: readonly Instrument[];
  readonly strategyCount: number;
  readonly table: OrderTable;
  readonly portfolio: PortfolioView;
  readonly marketData: MarketDataView;
  readonly estimateFee: FeeEstimator;
  readonly feeBound: FeeBounder;
  readonly states: TradingStates;
  readonly rates: MessageRates;
  readonly hours: MarketHours;
  readonly losses: LossWatch;
}

/**
 * One order before the controls: its values and the worst case that it would lead to. The risk manager reuses one object.
 *
 * The worst case of an instrument is long `net + everything that open orders may still buy` and short `everything that they may still
 * sell − net`, where an order under way counts with the larger of its old and its pending quantity.
 */
export class Assessment {
  readonly world: AssessmentWorld;
  limits: LimitTable;
  /** Which of all that was ever judged this is: it rises with every order that is loaded. */
  serial = 0;
  mode: AssessmentMode = 'NEW';
  id: ClientOrderId = 0;
  ts = 0;
  strategy = 0;
  instrument: Instrument;
  /** The instruments of the same account, this one among them. */
  peers: readonly Instrument[];
  side: Side = Side.BUY;
  orderType: OrderType = OrderType.MARKET;
  timeInForce: TimeInForce = 1;
  flags = 0;
  orderQty: Quantity = 0;
  limitPrice: Price = 0;
  stopPrice: Price = 0;
  expireTs = 0;
  targetWeightPpb = 0;
  /** What the order may add to open quantities in all: its quantity less what is filled; for a modify the larger of old and new. */
  leavesQty: Quantity = 0;
  /** As `leavesQty`, with the quantity sized at the decision for orders sized at the fill: what the balance must bear. */
  sizedQty: Quantity = 0;
  /** Part of the open sums that is this order's own already. */
  ownQty: Quantity = 0;
  ownSizedQty: Quantity = 0;
  /** FILL: the price of the fill, which the instrument is valued at; else 0. */
  fillPrice: Price = 0;
  /** Set by a value that could not be computed. */
  missing: MissingInput | null = null;
  /** What C-14 asks of the view first. One object, written over for every order. */
  readonly marginQuestion: MarginQuestion = { instrument: 0, price: 0, worstQty: 0, fees: 0, bufferPpm: 0, isAtFill: false };

  /** By instrument. */
  readonly #peers: readonly (readonly Instrument[])[];

  constructor(world: AssessmentWorld, limits: LimitTable) {
    const { instruments } = world;
    this.world = world;
    this.limits = limits;
    const atVenue = new Map<string, Instrument[]>();
    for (const { venue } of instruments) atVenue.set(venue, []);
    for (const instrument of instruments) atVenue.get(instrument.venue)!.push(instrument);
    this.#peers = instruments.map(({ venue }) => atVenue.get(venue)!);
    this.instrument = instruments[0]!;
    this.peers = this.#peers[0]!;
  }

  /** Reads the order's row. `decisionQty`: quantity sized at the decision price. */
  loadNew(id: ClientOrderId, decisionQty: Quantity, ts: number): void {
    const table = this.world.table;
    this.#loadRow(id, ts);
    this.mode = 'NEW';
    this.orderQty = table.orderQty[id]!;
    this.leavesQty = this.orderQty;
    this.sizedQty = decisionQty;
  }

  /** Reads the row of an open order with new values for it. */
  loadModify(id: ClientOrderId, orderQty: Quantity, limitPrice: Price, stopPrice: Price, ts: number): void {
    const table = this.world.table;
    this.#loadRow(id, ts);
    this.mode = 'MODIFY';
    this.orderQty = orderQty;
    this.limitPrice = limitPrice;
    this.stopPrice = stopPrice;
    this.leavesQty = Math.max(0, Math.max(orderQty, table.orderQty[id]!) - table.cumQty[id]!);
    this.sizedQty = this.leavesQty;
  }

  /** Reads the row of an order that is about to fill with `orderQty` in all, at `fillPrice`. */
  loadFill(id: ClientOrderId, orderQty: Quantity, fillPrice: Price, ts: number): void {
    this.#loadRow(id, ts);
    this.mode = 'FILL';
    this.orderQty = orderQty;
    this.fillPrice = fillPrice;
    this.leavesQty = Math.max(0, orderQty - this.world.table.cumQty[id]!);
    this.sizedQty = this.leavesQty;
  }

  get isBuy(): boolean {
    return this.side === Side.BUY;
  }

  get isReduceOnly(): boolean {
    return (this.flags & OrderFlag.REDUCE_ONLY) !== 0;
  }

  /** What the order adds to the open quantities of its side. */
  get addedQty(): Quantity {
    return this.leavesQty - this.ownQty;
  }

  /** True where the order's row, sent with this quantity and at these prices, is what is judged here, value by value. */
  holds(table: OrderTable, orderQty: Quantity, limitPrice: Price, stopPrice: Price): boolean {
    const { id } = this;
    return (
      table === this.world.table &&
      orderQty === this.orderQty &&
      limitPrice === this.limitPrice &&
      stopPrice === this.stopPrice &&
      table.strategy[id] === this.strategy &&
      table.instrument[id] === this.instrument.index &&
      table.side[id] === this.side &&
      table.orderType[id] === this.orderType &&
      table.timeInForce[id] === this.timeInForce &&
      table.flags[id] === this.flags &&
      table.expireTs[id] === this.expireTs &&
      table.targetWeightPpb[id] === this.targetWeightPpb
    );
  }

  /** Worst long of the account, without (a modify: with its old values) or with this order. */
  worstLong(instrument: InstrumentIndex, isAfter: boolean): Quantity {
    const added = this.isBuy && instrument === this.instrument.index ? this.#change(isAfter) : 0;
    return this.world.portfolio.netQty(instrument) + this.world.table.openBuyQty(instrument) + added;
  }

  worstShort(instrument: InstrumentIndex, isAfter: boolean): Quantity {
    const added = !this.isBuy && instrument === this.instrument.index ? this.#change(isAfter) : 0;
    return this.world.table.openSellQty(instrument) + added - this.world.portfolio.netQty(instrument);
  }

  /** The larger of worst long and worst short of the account, 0 or more. */
  worstQty(instrument: InstrumentIndex, isAfter: boolean): Quantity {
    return Math.max(0, this.worstLong(instrument, isAfter), this.worstShort(instrument, isAfter));
  }

  worstLongOf(strategy: number, instrument: InstrumentIndex, isAfter: boolean): Quantity {
    const added = this.isBuy && instrument === this.instrument.index && strategy === this.strategy ? this.#change(isAfter) : 0;
    return this.world.portfolio.strategyQty(strategy, instrument) + this.world.table.openBuyQtyOf(strategy, instrument) + added;
  }

  worstShortOf(strategy: number, instrument: InstrumentIndex, isAfter: boolean): Quantity {
    const added = !this.isBuy && instrument === this.instrument.index && strategy === this.strategy ? this.#change(isAfter) : 0;
    return this.world.table.openSellQtyOf(strategy, instrument) + added - this.world.portfolio.strategyQty(strategy, instrument);
  }

  worstQtyOf(strategy: number, instrument: InstrumentIndex, isAfter: boolean): Quantity {
    return Math.max(0, this.worstLongOf(strategy, instrument, isAfter), this.worstShortOf(strategy, instrument, isAfter));
  }

  /** Price that the instrument is valued at: of the fill, else its mark, else this order's own; null (and `missing`) for none. */
  valuationPrice(instrument: InstrumentIndex): Price | null {
    const isOwn = instrument === this.instrument.index;
    if (isOwn && this.fillPrice !== 0) return this.fillPrice;
    const mark = this.world.portfolio.markPrice(instrument);
    if (mark !== 0) return mark;
    const own = this.limitPrice !== 0 ? this.limitPrice : this.stopPrice;
    if (isOwn && own !== 0) return own;
    return this.#noPrice(instrument);
  }

  /**
   * Price at which the order counts: of the fill; a buy's limit; else the higher of its own price and the mark, because a sale may
   * come out better than its limit and a stop worse than its trigger.
   */
  orderPrice(): Price | null {
    if (this.fillPrice !== 0) return this.fillPrice;
    const old = this.mode === 'MODIFY' ? this.workingPrice(this.id) : null;
    const price = this.#priceOf(this.instrument.index, this.isBuy, this.limitPrice, this.stopPrice);
    if (old === null || price === null) return price;
    return Math.max(price, old);
  }

  /** As {@link orderPrice}, for an order that is open. */
  workingPrice(id: ClientOrderId): Price | null {
    const table = this.world.table;
    const limit = Math.max(table.limitPrice[id]!, table.pendingLimitPrice[id]!);
    const stop = Math.max(table.stopPrice[id]!, table.pendingStopPrice[id]!);
    return this.#priceOf(table.instrument[id]!, table.side[id] === Side.BUY, limit, stop);
  }

  /** Value in quote money, 0 or more. Linear: price × quantity × multiplier. Inverse: contracts × face value, whatever the price. */
  valueOf(instrument: Instrument, price: Price, quantity: Quantity): Money {
    if (instrument.isInverse) return bigOf(Math.abs(quantity)) * instrument.notionalFactor;
    return notionalValue(instrument, Math.abs(price), Math.abs(quantity));
  }

  /** An amount in another currency; null (and `missing`) where there is no rate. */
  convert(amount: Money, from: Currency, to: Currency): Money | null {
    if (from.code === to.code) return amount;
    const converted = this.world.portfolio.convert(amount, from, to);
    if (converted === null) this.missing = { code: 'CURRENCY_RATE_MISSING', reason: `There is no rate from ${from.code} to ${to.code}.` };
    return converted;
  }

  #change(isAfter: boolean): Quantity {
    if (isAfter) return this.addedQty;
    return this.mode === 'FILL' ? -this.ownQty : 0;
  }

  #loadRow(id: ClientOrderId, ts: number): void {
    const table = this.world.table;
    this.serial += 1;
    this.id = id;
    this.ts = ts;
    this.strategy = table.strategy[id]!;
    const index = table.instrument[id]!;
    this.instrument = this.world.instruments[index]!;
    this.peers = this.#peers[index]!;
    this.side = table.side[id] as Side;
    this.orderType = table.orderType[id] as OrderType;
    this.timeInForce = table.timeInForce[id] as TimeInForce;
    this.flags = table.flags[id]!;
    this.limitPrice = table.limitPrice[id]!;
    this.stopPrice = table.stopPrice[id]!;
    this.expireTs = table.expireTs[id]!;
    this.targetWeightPpb = table.targetWeightPpb[id]!;
    this.ownQty = table.reservedQty(id);
    this.ownSizedQty = table.reservedSizedQty(id);
    this.fillPrice = 0;
    this.missing = null;
  }

  #priceOf(instrument: InstrumentIndex, isBuy: boolean, limit: Price, stop: Price): Price | null {
    if (isBuy && limit !== 0) return limit;
    const mark = this.world.portfolio.markPrice(instrument);
    const own = limit !== 0 ? limit : stop;
    if (own === 0) return mark !== 0 ? mark : this.#noPrice(instrument);
    return mark !== 0 ? Math.max(own, mark) : own;
  }

  #noPrice(instrument: InstrumentIndex): null {
    this.missing = { code: 'REFERENCE_PRICE_MISSING', reason: `${this.world.instruments[instrument]!.id} has no price yet.` };
    return null;
  }
}
