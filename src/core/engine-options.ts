import type { AccountDefinition } from '../model/account.ts';
import type { InstrumentIndex } from '../model/instrument.ts';
import type { BarFeedsOptions } from './host/bar-feeds.ts';
import type { Afresh } from './host/dispatch.ts';
import type { StrategySlot } from './host/strategy-host.ts';
import type { MarketDataLimits } from './market-data/market-data-manager.ts';
import type { RiskLimits } from './risk/limits.ts';
import type { FeeBounder, FeeEstimator } from './risk/portfolio-view.ts';

export interface EngineOptions extends BarFeedsOptions {
  /** Whether the data holds the order book of an instrument. */
  readonly hasBookDeltas: (instrument: InstrumentIndex) => boolean;
  readonly accounts: readonly AccountDefinition[];
  /** SPOT or FX instruments whose prices convert between currencies. */
  readonly conversions: readonly InstrumentIndex[];
  readonly strategies: readonly StrategySlot[];
  readonly limits: RiskLimits;
  readonly estimateFee: FeeEstimator;
  /** For speed only; left out, every question is answered by `estimateFee`. */
  readonly feeBound?: FeeBounder;
  /** By instrument: share of equity that target weights leave aside, parts per billion. */
  readonly weightBufferPpb: readonly number[];
  /** When the run starts, microseconds since the epoch; before `tradingFromTs` orders are denied (WARMING_UP). */
  readonly startTs: number;
  readonly tradingFromTs: number;
  /** What is asked of the data of every instrument; what is left out is switched off. */
  readonly marketData?: Partial<MarketDataLimits>;
  readonly historyRows: number;
  /**
   * What a strategy that throws comes to: `end`, it is thrown on and ends the run (the default, for backtests); `stop`, that strategy is stopped, its open
   * orders are canceled, an alert says so, and the others go on.
   */
  readonly onStrategyError?: 'end' | 'stop';
  /** How the loops over rows are compiled; as they are where left out. For speed only: what is decided does not depend on it. */
  readonly afresh?: Afresh;
  /** Closed trades kept, the newest; all where left out. */
  readonly closedTradesMax?: number;
  /** Default TIMERS_BETWEEN_ROWS_MAX. */
  readonly timersBetweenRowsMax?: number;
}
