import { unreachable } from '../base/assert.ts';
import { BlockKind, type MarketBlock } from '../model/blocks.ts';
import type { Instrument, Price, Quantity } from '../model/instrument.ts';
import { type ClientOrderId, OrderType, type Side } from '../model/order.ts';
import { fillsAtOnce, type VenueInstrument } from './fill-rules.ts';
import { actsAs, NEVER_TS, type WorkingOrder } from './working-order.ts';

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
  /** Limits themselves, before the `through` rule moves them: a bar that opens beyond one fills it. */
  openBuyMax = -1;
  openSellMin = Number.POSITIVE_INFINITY;
  /** An order waits for the next row, whatever its price. */
  actsOnNextRow = false;
  /** Earliest last microsecond of a working order. */
  expireTsMin = NEVER_TS;

  private readonly ordersById: Map<ClientOrderId, WorkingOrder>;

  /** @param ordersById the venue's index of working orders, kept up to date by every desk */
  constructor(config: VenueInstrument, ordersById: Map<ClientOrderId, WorkingOrder>) {
    this.config = config;
    this.ordersById = ordersById;
    this.instrument = config.instrument;
    this.isAtOnce = fillsAtOnce(config.rules.market);
  }

  /** Counts by which the price must go beyond a resting limit. */
  get throughOffset(): Price {
    const { limitFill, throughTicks } = this.config.rules;
    return limitFill === 'through' ? throughTicks * this.instrument.priceIncrement : 0;
  }

  /** The price at which an order acting as limit order fills: its limit, for a resting one moved by the `through` rule. */
  limitLevel(order: WorkingOrder): Price {
    return order.isFresh ? order.limitPrice : order.limitPrice - order.side * this.throughOffset;
  }

  isWorking(order: WorkingOrder): boolean {
    return this.ordersById.has(order.clientOrderId);
  }

  add(order: WorkingOrder): void {
    this.orders.push(order);
    this.ordersById.set(order.clientOrderId, order);
  }

  remove(order: WorkingOrder): void {
    const at = this.orders.indexOf(order);
    if (at >= 0) this.orders.splice(at, 1);
    this.ordersById.delete(order.clientOrderId);
  }

  /** Recomputes the thresholds; called after every change of an order. */
  refresh(): void {
    this.buyLimitMax = -1;
    this.sellLimitMin = Number.POSITIVE_INFINITY;
    this.buyStopMin = Number.POSITIVE_INFINITY;
    this.sellStopMax = -1;
    this.openBuyMax = -1;
    this.openSellMin = Number.POSITIVE_INFINITY;
    this.actsOnNextRow = false;
    this.expireTsMin = NEVER_TS;
    for (const order of this.orders) {
      const acts = actsAs(order);
      this.expireTsMin = Math.min(this.expireTsMin, order.expireTs);
      if (acts === OrderType.MARKET || order.isFresh) this.actsOnNextRow = true;
      else if (acts === OrderType.LIMIT) this.refreshLimit(order);
      else if (order.side > 0) this.buyStopMin = Math.min(this.buyStopMin, order.stopPrice);
      else this.sellStopMax = Math.max(this.sellStopMax, order.stopPrice);
    }
  }

  private refreshLimit(order: WorkingOrder): void {
    if (order.side > 0) {
      this.buyLimitMax = Math.max(this.buyLimitMax, this.limitLevel(order));
      this.openBuyMax = Math.max(this.openBuyMax, order.limitPrice - 1);
    } else {
      this.sellLimitMin = Math.min(this.sellLimitMin, this.limitLevel(order));
      this.openSellMin = Math.min(this.openSellMin, order.limitPrice + 1);
    }
  }

  /** True where rows of this block move working orders. */
  matches(block: MarketBlock): boolean {
    const { matchOn, matchSeries } = this.config;
    if (!matchOn.includes(block.kind)) return false;
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
  observe(block: MarketBlock, row: number): void {
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
  openPools(block: MarketBlock, row: number): void {
    const market = this.market;
    market.rowKind = block.kind;
    if (block.kind === BlockKind.TRADES || block.kind === BlockKind.BARS) {
      market.marketForBuys = block.kind === BlockKind.TRADES ? block.quantity[row]! : block.volume[row]!;
      market.marketForSells = market.marketForBuys;
    } else {
      market.marketForBuys = block.askSize[row]!;
      market.marketForSells = block.bidSize[row]!;
    }
    market.poolForBuys = this.shareOf(market.marketForBuys);
    market.poolForSells = this.shareOf(market.marketForSells);
  }

  private shareOf(quantity: Quantity): Quantity {
    const share = this.config.rules.volumeShare;
    if (share === null) return UNBOUNDED;
    const lot = BigInt(this.instrument.lotSize);
    const lots = (BigInt(quantity) * BigInt(share.numerator)) / (BigInt(share.denominator) * lot);
    return Number(lots * lot);
  }

  /** How much of `leaves` the present row can give. */
  available(side: Side, leaves: Quantity): Quantity {
    const pool = side > 0 ? this.market.poolForBuys : this.market.poolForSells;
    if (pool >= leaves) return leaves;
    return pool - (pool % this.instrument.lotSize);
  }

  take(side: Side, quantity: Quantity): void {
    if (this.config.rules.volumeShare === null) return;
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
