import type { Instrument } from '../../model/instrument.ts';
import type { Effects } from '../effects.ts';
import type { MarketDataCache } from '../market-data/market-data-cache.ts';
import type { MarketDataManager } from '../market-data/market-data-manager.ts';
import type { CancelGate, OrderManager } from '../orders/order-manager.ts';
import type { Portfolio } from '../portfolio/portfolio.ts';
import type { BarFeeds } from './bar-feeds.ts';
import type { BookLane } from './book-lane.ts';
import type { OrderEntry } from './order-entry.ts';
import type { Timers } from './timers.ts';

/** The parts of the core that a strategy's wishes go to. */
export interface HostParts {
  readonly instruments: readonly Instrument[];
  /** Time of the core's last input. */
  readonly clock: { readonly now: number };
  readonly entry: OrderEntry;
  readonly orders: OrderManager;
  /** Who may refuse a cancel of a strategy. */
  readonly cancelGate: CancelGate;
  readonly portfolio: Portfolio;
  readonly cache: MarketDataCache;
  readonly marketData: MarketDataManager;
  readonly bars: BarFeeds;
  readonly bookLane: BookLane;
  readonly timers: Timers;
  readonly effects: Effects;
  readonly tradingFromTs: number;
  /** A strategy that throws is stopped, and the others go on. */
  readonly isolates: boolean;
}
