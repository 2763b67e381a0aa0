import { unreachable } from '../../base/assert.ts';
import { BlockKind, type PricedBlock } from '../../model/blocks.ts';
import type { Instrument, Price, Quantity } from '../../model/instrument.ts';
import { OrderType, type Side } from '../../model/order.ts';
import { fillsAtOnce, type VenueInstrument } from '../matching/fill-rules.ts';
import { VolumeShare } from '../matching/volume-share.ts';
import { actsAs, NEVER_TS, type WorkingOrder } from './working-order.ts';
import type { WorkingOrders } from './working-orders.ts';

/** Quantity that stands for "as much as you like". */
const UNBOUNDED = Number.MAX_SAFE_INTEGER;

/** What of a desk is saved besides its orders. */
export interface MarketState {
  bid: Price;
  ask: Price;
  last: Price;
  tsQuote: number;
  tsLast: number;
  lastBarClose: number;
  rowKind: number;
  /** Quantities that our orders may still take from the present row. On bars and trades both are one pool. */
  poolForBuys: Quantity;
  poolForSells: Quantity;
  /** Quantity of the present row before we took from it, by the side that takes. */
  marketForBuys: Quantity;
  marketForSells: Quantity;
}

/**
 * One instrument at the venue: its working orders in order of arrival, the prices at which the next of them reacts, and what the market last
 * showed. 0 stands for a price that is not known.
 */
export class InstrumentDesk {
  readonly instrument: Instrument;
  readonly config: VenueInstrument;
  readonly isAtOnce: boolean;
  readonly hasNotionalMin: boolean;
  readonly orders: WorkingOrder[] = [];
  market: MarketState = {
    bid: 0,
    ask: 0,
    last: 0,
    tsQuote: -1,
    tsLast: -1,
    lastBarClose: 0,
    rowKind: 0,
    poolForBuys: UNBOUNDED,
    poolForSells: UNBOUNDED,
    marketForBuys: 0,
    marketForSells: 0,
  };

  /** Thresholds of the scan; valid after {@link refresh}. A price at or beyond one of them moves an order. */
  buyLimitMax = -1;
  sellLimitMin = Number.POSITIVE_INFINITY;
  buyStopMin = Number.POSITIVE_INFINITY;
  sellStopMax = -1;
  /** Outermost limits that rest, before the `through` rule moves them: a bar that opens beyond one fills it. */
  restingBuyMax = -1;
  restingSellMin = Number.POSITIVE_INFINITY;
  /** An order waits for the next row, whatever its price. */
  actsOnNextRow = false;
  /** Earliest last microsecond of a working order. */
  expireTsMin = NEVER_TS;

  /** Counts by which the price must go beyond a resting limit. */
  readonly throughOffset: Price;
  private readonly share: VolumeShare | null;
  /** Whether how much was traded plays a part in how our orders fill. */
  private readonly readsQuantities: boolean;
  /** Bit k: rows of block kind k may move orders. */
  private readonly matchBits: number;
  private readonly working: WorkingOrders;

  constructor(config: VenueInstrument, working: WorkingOrders) {
    const { instrument, rules } = config;
    this.config = config;
    this.working = working;
    this.instrument = instrument;
    this.isAtOnce = fillsAtOnce(rules.market);
    this.hasNotionalMin = instrument.notionalMin !== 0n;
    this.throughOffset = rules.limitFill === 'through' ? rules.throughTicks * instrument.priceIncrement : 0;
    this.matchBits = config.matchOn.reduce((bits, kind) => bits | (1 << kind), 0);
    this.readsQuantities = rules.volumeShare !== null || rules.slippage.kind === 'volumeImpact';
    this.share = rules.volumeShare === null ? null : new VolumeShare(rules.volumeShare, instrument.lotSize);
  }

  /** The price at which an order acting as limit order fills: its limit, for a resting one moved by the `through` rule. */
  limitLevel(order: WorkingOrder): Price {
    return order.isFresh ? order.limitPrice : order.limitPrice - order.side * this.throughOffset;
  }

  isWorking(order: WorkingOrder): boolean {
    return this.working.byId.has(order.clientOrderId);
  }

  add(order: WorkingOrder): void {
    this.orders.push(order);
    this.working.version += 1;
    this.working.byId.set(order.clientOrderId, order);
  }

  remove(order: WorkingOrder): void {
    const { orders } = this;
    this.working.version += 1;
    if (orders[orders.length - 1] === order) orders.pop();
    else {
      const at = orders.indexOf(order);
      if (at >= 0) orders.splice(at, 1);
    }
    this.working.byId.delete(order.clientOrderId);
  }

  /** Recomputes the thresholds; called after every change of an order. */
  refresh(): void {
    this.buyLimitMax = -1;
    this.sellLimitMin = Number.POSITIVE_INFINITY;
    this.buyStopMin = Number.POSITIVE_INFINITY;
    this.sellStopMax = -1;
    this.restingBuyMax = -1;
    this.restingSellMin = Number.POSITIVE_INFINITY;
    this.actsOnNextRow = false;
    if (this.expireTsMin < NEVER_TS) this.working.expiringDesks -= 1;
    this.expireTsMin = NEVER_TS;
    for (const order of this.orders) {
      const acts = actsAs(order);
      this.expireTsMin = Math.min(this.expireTsMin, order.expireTs);
      if (acts === OrderType.MARKET || order.isFresh) this.actsOnNextRow = true;
      else if (acts === OrderType.LIMIT) this.refreshLimit(order);
      else if (order.side > 0) this.buyStopMin = Math.min(this.buyStopMin, order.stopPrice);
      else this.sellStopMax = Math.max(this.sellStopMax, order.stopPrice);
    }
    if (this.expireTsMin < NEVER_TS) this.working.expiringDesks += 1;
  }

  private refreshLimit(order: WorkingOrder): void {
    if (order.side > 0) {
      this.buyLimitMax = Math.max(this.buyLimitMax, this.limitLevel(order));
      this.restingBuyMax = Math.max(this.restingBuyMax, order.limitPrice);
    } else {
      this.sellLimitMin = Math.min(this.sellLimitMin, this.limitLevel(order));
      this.restingSellMin = Math.min(this.restingSellMin, order.limitPrice);
    }
  }

  /** True where rows of this block move working orders. */
  matches(block: PricedBlock): boolean {
    const { matchSeries } = this.config;
    if ((this.matchBits & (1 << block.kind)) === 0) return false;
    return matchSeries < 0 || !(block.kind === BlockKind.BARS || block.kind === BlockKind.QUOTE_BARS) || block.series === matchSeries;
  }

  /** The price at which an order could trade at once; 0 where none is known. */
  priceNow(side: Side): Price {
    const { bid, ask, last, tsQuote, tsLast } = this.market;
    const touch = side > 0 ? ask : bid;
    const { market } = this.config.rules;
    if (market === 'last' || market === 'thisClose') return last !== 0 ? last : touch;
    return touch !== 0 && (tsQuote >= tsLast || last === 0) ? touch : last;
  }

  /** Takes over the prices of a row that has gone by. */
  observe(block: PricedBlock, row: number): void {
    const market = this.market;
    const ts = block.tsInit[row]!;
    switch (block.kind) {
      case BlockKind.TRADES:
        market.last = block.price[row]!;
        market.tsLast = ts;
        return;
      case BlockKind.BARS:
        market.last = block.close[row]!;
        market.tsLast = ts;
        // Only a series that moves orders says where the next of its bars begins.
        if (this.matches(block)) market.lastBarClose = block.tsEvent[row]!;
        return;
      case BlockKind.QUOTES:
        market.bid = block.bidPrice[row]!;
        market.ask = block.askPrice[row]!;
        market.tsQuote = ts;
        return;
      case BlockKind.QUOTE_BARS:
        market.bid = block.bidClose[row]!;
        market.ask = block.askClose[row]!;
        market.tsQuote = ts;
        // Only a series that moves orders says where the next of its bars begins.
        if (this.matches(block)) market.lastBarClose = block.tsEvent[row]!;
        return;
      default:
        unreachable(block);
    }
  }

  /** What our orders may take from a row. */
  openPools(block: PricedBlock, row: number): void {
    const market = this.market;
    market.rowKind = block.kind;
    // A column that nothing else looks at costs a walk to memory for every row that ends a step.
    if (!this.readsQuantities) return;
    if (block.kind === BlockKind.TRADES || block.kind === BlockKind.BARS) {
      market.marketForBuys = block.kind === BlockKind.TRADES ? block.quantity[row]! : block.volume[row]!;
      market.marketForSells = market.marketForBuys;
    } else {
      market.marketForBuys = block.askSize[row]!;
      market.marketForSells = block.bidSize[row]!;
    }
    market.poolForBuys = this.share === null ? UNBOUNDED : this.share.of(market.marketForBuys);
    market.poolForSells = this.share === null ? UNBOUNDED : this.share.of(market.marketForSells);
  }

  /** How much of `leaves` the present row can give. */
  available(side: Side, leaves: Quantity): Quantity {
    const pool = side > 0 ? this.market.poolForBuys : this.market.poolForSells;
    if (pool >= leaves) return leaves;
    return pool - (pool % this.instrument.lotSize);
  }

  take(side: Side, quantity: Quantity): void {
    if (this.share === null) return;
    const market = this.market;
    const isOnePool = market.rowKind === BlockKind.TRADES || market.rowKind === BlockKind.BARS;
    if (side > 0 || isOnePool) market.poolForBuys -= quantity;
    if (side < 0 || isOnePool) market.poolForSells -= quantity;
  }

  /** Quantity that slippage by volume compares with. */
  marketQuantity(side: Side): Quantity {
    return side > 0 ? this.market.marketForBuys : this.market.marketForSells;
  }
}
