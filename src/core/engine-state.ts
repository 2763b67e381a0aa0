import { assert } from '../base/assert.ts';
import type { Instrument } from '../model/instrument.ts';
import { refuseOtherVersion, StateRefused } from '../model/state-refused.ts';
import type { Effects } from './effects.ts';
import type { EngineOptions } from './engine-options.ts';
import type { BarFeeds, BarFeedsState } from './host/bar-feeds.ts';
import type { StrategyHost, StrategyHostState } from './host/strategy-host.ts';
import type { Timers, TimersState } from './host/timers.ts';
import type { MarketDataCache, MarketDataCacheState } from './market-data/market-data-cache.ts';
import type { MarketDataManager, MarketDataState } from './market-data/market-data-manager.ts';
import type { OrderManager, OrderManagerState } from './orders/order-manager.ts';
import type { ClosedTradeLog, ClosedTradeLogState } from './portfolio/closed-trade-log.ts';
import type { Portfolio, PortfolioState } from './portfolio/portfolio.ts';
import type { RiskManager, RiskManagerState } from './risk/risk-manager.ts';

/** What {@link EngineState} looks like. It rises with every change that an older or newer program would read wrongly. */
export const ENGINE_STATE_VERSION = 2;
/** Versions that this program can load. */
const LOADABLE_VERSIONS: readonly number[] = [ENGINE_STATE_VERSION];

/** What an engine was made of, as far as a state depends on it: the places of instruments, accounts, strategies and series count. */
interface EngineMake {
  readonly instruments: readonly string[];
  readonly venues: readonly string[];
  readonly strategies: readonly string[];
  readonly series: readonly string[];
}

/** Times and counters that are the engine's own. */
interface EngineClock {
  now: number;
  dataTs: number;
  timersSinceData: number;
}

/**
 * A whole running engine as plain data: numbers, texts, booleans, bigints, arrays, typed arrays and plain objects.
 * Each part is its component's own. Source: docs/concepts/state.md
 */
export interface EngineState {
  readonly version: number;
  readonly make: EngineMake;
  readonly clock: Readonly<EngineClock>;
  readonly cache: MarketDataCacheState;
  readonly marketData: MarketDataState;
  readonly bars: BarFeedsState;
  readonly timers: TimersState;
  readonly orders: OrderManagerState;
  readonly risk: RiskManagerState;
  readonly portfolio: PortfolioState;
  readonly closedTrades: ClosedTradeLogState;
  readonly hosts: readonly StrategyHostState[];
}

/** The parts of an engine that remember something. */
export interface EngineParts {
  readonly make: EngineMake;
  readonly clock: EngineClock;
  readonly effects: Effects;
  readonly cache: MarketDataCache;
  readonly marketData: MarketDataManager;
  readonly bars: BarFeeds;
  readonly timers: Timers;
  readonly orders: OrderManager;
  readonly risk: RiskManager;
  readonly portfolio: Portfolio;
  readonly closedTrades: ClosedTradeLog;
  readonly hosts: readonly StrategyHost[];
}

/** @throws StrategyMistake that names the field of a strategy that cannot be saved */
export function saveEngine(parts: EngineParts): EngineState {
  assert(parts.effects.areCarriedOut, 'state is saved between steps, with all effects carried out');
  const strategies = parts.hosts.map((host) => host.strategy);
  const { now, dataTs, timersSinceData } = parts.clock;
  return {
    version: ENGINE_STATE_VERSION,
    make: parts.make,
    clock: { now, dataTs, timersSinceData },
    cache: parts.cache.saveState(),
    marketData: parts.marketData.saveState(strategies),
    bars: parts.bars.saveState(strategies),
    timers: parts.timers.saveState(),
    orders: parts.orders.saveState(),
    risk: parts.risk.saveState(),
    portfolio: parts.portfolio.saveState(),
    closedTrades: parts.closedTrades.saveState(),
    hosts: parts.hosts.map((host) => host.saveState()),
  };
}

/**
 * Strategies first, since subscriptions name them; bars before histories, which they announce.
 *
 * @throws StateRefused for a state of another version, or of an engine that was made otherwise
 */
export function loadEngine(parts: EngineParts, state: EngineState): void {
  refuseOtherVersion('engine', state.version, LOADABLE_VERSIONS);
  refuseOtherMake(parts.make, state.make);
  state.hosts.forEach((host, index) => parts.hosts[index]!.loadState(host));
  const strategies = parts.hosts.map((host) => host.strategy);
  parts.bars.loadState(state.bars, strategies);
  parts.cache.loadState(state.cache);
  parts.marketData.loadState(state.marketData, strategies);
  parts.timers.loadState(state.timers);
  parts.orders.loadState(state.orders);
  parts.portfolio.loadState(state.portfolio);
  parts.risk.loadState(state.risk);
  parts.closedTrades.loadState(state.closedTrades);
  parts.clock.now = state.clock.now;
  parts.clock.dataTs = state.clock.dataTs;
  parts.clock.timersSinceData = state.clock.timersSinceData;
  // What constructors of strategies said was said when they were made first.
  parts.effects.reset();
}

/** What an engine is made of, from its options. */
export function engineMake({ instruments, accounts, strategies, series }: EngineOptions): EngineMake {
  const idOf = (index: number): string => (instruments[index] as Instrument).id;
  return {
    instruments: instruments.map(({ id }) => id),
    venues: accounts.map(({ venue }) => venue),
    strategies: strategies.map(({ name }) => name),
    series: series.map(({ instrument, specification }) => `${idOf(instrument)} ${specification.text}`),
  };
}

function refuseOtherMake(own: EngineMake, saved: EngineMake): void {
  for (const part of ['instruments', 'venues', 'strategies', 'series'] as const) {
    const found: unknown = saved?.[part];
    const [here, there] = [own[part].join(', '), Array.isArray(found) ? found.join(', ') : 'nothing'];
    if (here !== there) throw new StateRefused('STATE_OF_ANOTHER_MAKE', `the saved engine has the ${part} ${there}; this one has ${here}`);
  }
}
