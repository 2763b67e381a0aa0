import { assert, InvariantError } from '../../base/assert.ts';
import { TextNumbers } from '../../base/text-numbers.ts';
import type { InstrumentIndex, Price, Quantity } from '../../model/instrument.ts';
import { OrderFlag, type ClientOrderId, type OrderRequest, type OrderType, type Side, type TimeInForce } from '../../model/order.ts';
import { isOpenStatus, isTerminalStatus, OrderStatus } from '../../model/order-status.ts';
import { StrategyMistake } from '../strategy/strategy-mistake.ts';
import { grown } from './grown-column.ts';
import { OpenLists } from './open-lists.ts';
import { TextColumn, type TextColumnState } from './packed-text.ts';

/** Rows of one run, the empty row 0 included. At the bound the run ends (STRATEGY_ENDLESS): a strategy that sends more is out of control. */
export const ORDERS_MAX = 16_777_216;
const ROWS_FIRST = 1024;

/** The columns that are open to all, each of which is saved as it is. */
const COLUMNS = [
  'strategy',
  'instrument',
  'side',
  'orderType',
  'timeInForce',
  'status',
  'formerStatus',
  'flags',
  'orderQty',
  'cumQty',
  'sizedQty',
  'limitPrice',
  'stopPrice',
  'expireTs',
  'tsInit',
  'tsLast',
  'targetWeightPpb',
  'pendingQty',
  'pendingLimitPrice',
  'pendingStopPrice',
] as const;

export interface OrderTableState {
  readonly exposureVersion: number;
  /** Of the rows in use: the columns of {@link COLUMNS}, in that order. */
  readonly columns: readonly (Int32Array | Int8Array | Uint8Array | Float64Array)[];
  readonly tag: readonly string[];
  readonly venueOrderId: TextColumnState;
  /** The sums of fills that are safe integers. */
  readonly filled: Float64Array;
  /** The sums of fills that are no safe integers. */
  readonly filledPast: readonly (readonly [id: ClientOrderId, filled: bigint])[];
  /** Open orders of each instrument, oldest first. */
  readonly open: readonly Int32Array[];
}

/**
 * All orders of a run as columns; the row is the client order id, row 0 stands for "none".
 *
 * Only the order manager writes. Besides the rows the table keeps what risk reads at every decision without looking at single orders:
 * open orders as linked lists per instrument (oldest first), their counts per instrument and strategy, and sums of what they may still buy
 * and sell.
 */
export class OrderTable {
  /** Rows in use, row 0 included: the next id. */
  length = 1;
  /** Grows with everything that changes what may still fill. An approval is good for one value of it. */
  exposureVersion = 0;

  strategy = new Int32Array(ROWS_FIRST);
  instrument = new Int32Array(ROWS_FIRST);
  side = new Int8Array(ROWS_FIRST);
  orderType = new Uint8Array(ROWS_FIRST);
  timeInForce = new Uint8Array(ROWS_FIRST);
  status = new Uint8Array(ROWS_FIRST);
  /** Status without the pending request; equal to `status` where nothing is pending. */
  formerStatus = new Uint8Array(ROWS_FIRST);
  flags = new Uint8Array(ROWS_FIRST);
  orderQty = new Float64Array(ROWS_FIRST);
  cumQty = new Float64Array(ROWS_FIRST);
  /** SIZE_AT_FILL: quantity sized at the decision price, which the balance is reserved for; else equal to `orderQty`. */
  sizedQty = new Float64Array(ROWS_FIRST);
  limitPrice = new Float64Array(ROWS_FIRST);
  stopPrice = new Float64Array(ROWS_FIRST);
  expireTs = new Float64Array(ROWS_FIRST);
  tsInit = new Float64Array(ROWS_FIRST);
  /** When the core last learned something about the order. */
  tsLast = new Float64Array(ROWS_FIRST);
  targetWeightPpb = new Float64Array(ROWS_FIRST);
  /** Values asked for by a modify that is not answered; quantity 0 for none. */
  pendingQty = new Float64Array(ROWS_FIRST);
  pendingLimitPrice = new Float64Array(ROWS_FIRST);
  pendingStopPrice = new Float64Array(ROWS_FIRST);
  /** By order: the number of its tag among {@link #tags}, so that it takes four bytes outside the heap and not a place in it. */
  #tag = new Int32Array(ROWS_FIRST);
  readonly #tags = new TextNumbers();
  /** Empty until the venue has told it. */
  readonly venueOrderId = new TextColumn(ROWS_FIRST);

  /** Per strategy and instrument, [strategy × instrumentCount + instrument]: what open orders may still buy and sell. */
  readonly #openBuyOf: Float64Array;
  readonly #openSellOf: Float64Array;
  readonly #openBuy: Float64Array;
  readonly #openSell: Float64Array;
  readonly #sizedBuy: Float64Array;
  readonly #sizedSell: Float64Array;
  readonly #instrumentCount: number;
  readonly #ordersMax: number;
  readonly #openOfInstrument: OpenLists;
  /** Parts of the sums that are each order's own, as of its last {@link settle}. */
  #reserved = new Float64Array(ROWS_FIRST);
  #reservedSized = new Float64Array(ROWS_FIRST);
  readonly #openCountOfStrategy: Int32Array;
  /** Sum of lastPx × lastQty over the fills while it is a safe integer, so exact; NaN once it stands in `#filledPast`. */
  #filled = new Float64Array(ROWS_FIRST);
  readonly #filledPast = new Map<ClientOrderId, bigint>();

  constructor(instrumentCount: number, strategyCount: number, ordersMax: number = ORDERS_MAX) {
    this.#ordersMax = ordersMax;
    this.#instrumentCount = instrumentCount;
    this.#openBuyOf = new Float64Array(instrumentCount * strategyCount);
    this.#openSellOf = new Float64Array(instrumentCount * strategyCount);
    this.#openBuy = new Float64Array(instrumentCount);
    this.#openSell = new Float64Array(instrumentCount);
    this.#sizedBuy = new Float64Array(instrumentCount);
    this.#sizedSell = new Float64Array(instrumentCount);
    this.#openOfInstrument = new OpenLists(instrumentCount, ROWS_FIRST);
    this.#openCountOfStrategy = new Int32Array(strategyCount);
  }

  /** Writes the row of a new order and returns its id. */
  append(request: OrderRequest, ts: number): ClientOrderId {
    const id = this.length;
    if (id >= this.#ordersMax)
      throw new StrategyMistake('STRATEGY_ENDLESS', `a run holds at most ${this.#ordersMax - 1} orders (ORDERS_MAX)`);
    const { strategy, instrument } = request;
    if (!(instrument >= 0 && instrument < this.#instrumentCount)) throw new InvariantError(`instrument ${instrument} is not in this run`);
    if (!(strategy >= 0 && strategy < this.#openCountOfStrategy.length))
      throw new InvariantError(`strategy ${strategy} is not in this run`);
    if (id >= this.status.length) this.#grow();
    this.length = id + 1;
    this.strategy[id] = strategy;
    this.instrument[id] = instrument;
    this.side[id] = request.side;
    this.orderType[id] = request.orderType;
    this.timeInForce[id] = request.timeInForce;
    this.status[id] = OrderStatus.INITIALIZED;
    this.formerStatus[id] = OrderStatus.INITIALIZED;
    this.flags[id] = request.flags;
    this.orderQty[id] = request.orderQty;
    this.sizedQty[id] = request.orderQty;
    this.limitPrice[id] = request.limitPrice;
    this.stopPrice[id] = request.stopPrice;
    this.expireTs[id] = request.expireTs;
    this.tsInit[id] = ts;
    this.tsLast[id] = ts;
    this.targetWeightPpb[id] = request.targetWeightPpb;
    this.#tag[id] = this.#tags.numberFor(request.tag);
    return id;
  }

  has(id: ClientOrderId): boolean {
    return id >>> 0 === id && id > 0 && id < this.length;
  }

  tagOf(id: ClientOrderId): string {
    return this.#tags.text(this.#tag[id]!);
  }

  /** What is left of the order; 0 once it has ended. */
  leavesQty(id: ClientOrderId): Quantity {
    if (isTerminalStatus(this.status[id] as OrderStatus)) return 0;
    return Math.max(0, this.orderQty[id]! - this.cumQty[id]!);
  }

  /** What the order may still fill at worst: the larger of the old and the pending quantity, less what is filled; 0 unless it is open. */
  reservedQty(id: ClientOrderId): Quantity {
    return this.#reserved[id]!;
  }

  /** As {@link reservedQty}, with the quantity sized at the decision for orders that are sized at the fill. */
  reservedSizedQty(id: ClientOrderId): Quantity {
    return this.#reservedSized[id]!;
  }

  /** Worst case that open orders of the instrument may still buy. */
  openBuyQty(instrument: InstrumentIndex): Quantity {
    return this.#openBuy[instrument]!;
  }

  openSellQty(instrument: InstrumentIndex): Quantity {
    return this.#openSell[instrument]!;
  }

  /** As {@link openBuyQty}, of one strategy's orders. */
  openBuyQtyOf(strategy: number, instrument: InstrumentIndex): Quantity {
    return this.#openBuyOf[strategy * this.#instrumentCount + instrument]!;
  }

  openSellQtyOf(strategy: number, instrument: InstrumentIndex): Quantity {
    return this.#openSellOf[strategy * this.#instrumentCount + instrument]!;
  }

  /** As {@link openBuyQty}, counting orders that are sized at the fill with the quantity sized at the decision. */
  sizedBuyQty(instrument: InstrumentIndex): Quantity {
    return this.#sizedBuy[instrument]!;
  }

  sizedSellQty(instrument: InstrumentIndex): Quantity {
    return this.#sizedSell[instrument]!;
  }

  openCount(instrument: InstrumentIndex): number {
    return this.#openOfInstrument.count(instrument);
  }

  openCountOfStrategy(strategy: number): number {
    return this.#openCountOfStrategy[strategy]!;
  }

  /** Oldest open order of the instrument, 0 for none. Walk with {@link nextOpen}; nothing is allocated. */
  firstOpen(instrument: InstrumentIndex): ClientOrderId {
    return this.#openOfInstrument.first(instrument);
  }

  nextOpen(id: ClientOrderId): ClientOrderId {
    return this.#openOfInstrument.next(id);
  }

  /** Adds a fill to the sum of lastPx × lastQty. */
  addFilled(id: ClientOrderId, lastPx: Price, lastQty: Quantity): void {
    const product = lastPx * lastQty;
    const sum = this.#filled[id]! + product;
    // Both are exact where they are safe integers; a sum that has left them stays outside, NaN here.
    if (Number.isSafeInteger(product) && Number.isSafeInteger(sum)) {
      this.#filled[id] = sum;
      return;
    }
    this.#filledPast.set(id, this.filledPxQty(id) + BigInt(lastPx) * BigInt(lastQty));
    this.#filled[id] = Number.NaN;
  }

  /** Sum of lastPx × lastQty over the fills, exact. */
  filledPxQty(id: ClientOrderId): bigint {
    return this.#filledPast.get(id) ?? BigInt(this.#filled[id]!);
  }

  /** The order has left the house: it joins the lists. Call {@link settle} after. */
  open(id: ClientOrderId): void {
    this.#openOfInstrument.append(this.instrument[id]!, id);
    this.#openCountOfStrategy[this.strategy[id]!]! += 1;
  }

  /** The order has ended: it leaves the lists. Call {@link settle} after. */
  close(id: ClientOrderId): void {
    this.#openOfInstrument.remove(this.instrument[id]!, id);
    this.#openCountOfStrategy[this.strategy[id]!]! -= 1;
  }

  /** Brings what the order reserves, and the sums, level with its row. Hot: after every change of an order. */
  settle(id: ClientOrderId): void {
    this.exposureVersion += 1;
    let reserved = 0;
    let sized = 0;
    if (isOpenStatus(this.status[id] as OrderStatus)) {
      const cumQty = this.cumQty[id]!;
      reserved = Math.max(0, Math.max(this.orderQty[id]!, this.pendingQty[id]!) - cumQty);
      const isSizedLater = (this.flags[id]! & OrderFlag.SIZE_AT_FILL) !== 0;
      sized = isSizedLater ? Math.min(reserved, Math.max(0, this.sizedQty[id]! - cumQty)) : reserved;
    }
    const change = reserved - this.#reserved[id]!;
    const sizedChange = sized - this.#reservedSized[id]!;
    if (change === 0 && sizedChange === 0) return;
    this.#reserved[id] = reserved;
    this.#reservedSized[id] = sized;
    const instrument = this.instrument[id]!;
    const cell = this.strategy[id]! * this.#instrumentCount + instrument;
    const isBuy = this.side[id]! > 0;
    const total = isBuy ? this.#openBuy : this.#openSell;
    const ofStrategy = isBuy ? this.#openBuyOf : this.#openSellOf;
    const sizedTotal = isBuy ? this.#sizedBuy : this.#sizedSell;
    total[instrument]! += change;
    ofStrategy[cell]! += change;
    sizedTotal[instrument]! += sizedChange;
    assert(Number.isSafeInteger(total[instrument]!) && ofStrategy[cell]! >= 0, 'the sum of open quantities is a safe integer, 0 or more');
  }

  /** The request as it was made (quantity and prices as they are now). */
  request(id: ClientOrderId): OrderRequest {
    return {
      strategy: this.strategy[id]!,
      instrument: this.instrument[id]!,
      side: this.side[id] as Side,
      orderType: this.orderType[id] as OrderType,
      timeInForce: this.timeInForce[id] as TimeInForce,
      orderQty: this.orderQty[id]!,
      limitPrice: this.limitPrice[id]!,
      stopPrice: this.stopPrice[id]!,
      expireTs: this.expireTs[id]!,
      flags: this.flags[id]!,
      targetWeightPpb: this.targetWeightPpb[id]!,
      tag: this.tagOf(id),
    };
  }

  saveState(): OrderTableState {
    const { length } = this;
    return {
      exposureVersion: this.exposureVersion,
      columns: COLUMNS.map((name) => this[name].slice(0, length)),
      tag: Array.from({ length }, (_, id) => (id === 0 ? '' : this.tagOf(id))),
      venueOrderId: this.venueOrderId.saveState(length),
      filled: this.#filled.slice(0, length),
      filledPast: [...this.#filledPast],
      open: this.#openOfInstrument.saveState(),
    };
  }

  /** Of a table without orders. What open orders reserve follows from their rows. */
  loadState(state: OrderTableState): void {
    assert(this.length === 1, 'orders are loaded before any are made');
    this.length = state.tag.length;
    while (this.status.length < this.length) this.#grow();
    COLUMNS.forEach((name, at) => this[name].set(state.columns[at]!));
    for (let id = 1; id < this.length; id += 1) this.#tag[id] = this.#tags.numberFor(state.tag[id]!);
    this.venueOrderId.loadState(state.venueOrderId);
    this.#filled.set(state.filled);
    for (const [id, filled] of state.filledPast) this.#filledPast.set(id, filled);
    for (const ids of state.open) {
      for (const id of ids) {
        this.open(id);
        this.settle(id);
      }
    }
    this.exposureVersion = state.exposureVersion;
  }

  #grow(): void {
    const rows = this.status.length * 2;
    this.strategy = grown(this.strategy, new Int32Array(rows));
    this.instrument = grown(this.instrument, new Int32Array(rows));
    this.side = grown(this.side, new Int8Array(rows));
    this.orderType = grown(this.orderType, new Uint8Array(rows));
    this.timeInForce = grown(this.timeInForce, new Uint8Array(rows));
    this.status = grown(this.status, new Uint8Array(rows));
    this.formerStatus = grown(this.formerStatus, new Uint8Array(rows));
    this.flags = grown(this.flags, new Uint8Array(rows));
    this.orderQty = grown(this.orderQty, new Float64Array(rows));
    this.cumQty = grown(this.cumQty, new Float64Array(rows));
    this.sizedQty = grown(this.sizedQty, new Float64Array(rows));
    this.limitPrice = grown(this.limitPrice, new Float64Array(rows));
    this.stopPrice = grown(this.stopPrice, new Float64Array(rows));
    this.expireTs = grown(this.expireTs, new Float64Array(rows));
    this.tsInit = grown(this.tsInit, new Float64Array(rows));
    this.tsLast = grown(this.tsLast, new Float64Array(rows));
    this.targetWeightPpb = grown(this.targetWeightPpb, new Float64Array(rows));
    this.pendingQty = grown(this.pendingQty, new Float64Array(rows));
    this.pendingLimitPrice = grown(this.pendingLimitPrice, new Float64Array(rows));
    this.pendingStopPrice = grown(this.pendingStopPrice, new Float64Array(rows));
    this.#tag = grown(this.#tag, new Int32Array(rows));
    this.venueOrderId.grow(rows);
    this.#openOfInstrument.grow(rows);
    this.#filled = grown(this.#filled, new Float64Array(rows));
    this.#reserved = grown(this.#reserved, new Float64Array(rows));
    this.#reservedSized = grown(this.#reservedSized, new Float64Array(rows));
  }
}
